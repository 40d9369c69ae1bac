// Package nplusone is the rule CV4304.
package nplusone

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/gocode"
)

//go:embed page.md
var page string

// Rule finds queries that run once for each key of many.
var Rule = gocode.NewRule(page, check)

func check(j *gocode.Judged) {
	for _, r := range j.Repeats() {
		if r.Why == gocode.ReadPerKey {
			d := j.Finding(j.At(r.Site), r.Query, "%s runs once in %s, with another key each time", r.Query.Name, j.Over(r))
			j.Add(j.Repeated(r, d))
		}
	}
}
