// Package loopwrite is the rule CV4306.
package loopwrite

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/gocode"
)

//go:embed page.md
var page string

// Rule finds writes of one row that run in a loop.
var Rule = gocode.NewRule(page, check)

func check(j *gocode.Judged) {
	for _, r := range j.Repeats() {
		if r.Why == gocode.WritePerRow {
			d := j.Finding(j.At(r.Site), r.Query, "%s writes one row at a time, in %s", r.Query.Name, j.Over(r))
			j.Add(j.Repeated(r, d))
		}
	}
}
