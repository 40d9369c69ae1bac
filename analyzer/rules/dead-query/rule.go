// Package deadquery is the rule CV4320.
package deadquery

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/gocode"
)

//go:embed page.md
var page string

// Rule finds queries that nothing calls.
var Rule = gocode.NewRule(page, check)

func check(j *gocode.Judged) {
	if !j.Whole {
		return
	}
	for _, q := range j.Dead() {
		j.Add(j.Finding(q.Source.Header.NameSpan.Root(), q, "nothing in the module calls %s", q.Name).
			WithHelp("delete the query, if no other module uses the package"))
	}
}
