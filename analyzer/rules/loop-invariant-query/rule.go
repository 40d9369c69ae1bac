// Package loopinvariantquery is the rule CV4305.
package loopinvariantquery

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/gocode"
)

//go:embed page.md
var page string

// Rule finds queries in loops that ask for the same each time.
var Rule = gocode.NewRule(page, check)

func check(j *gocode.Judged) {
	for _, r := range j.Repeats() {
		if r.Why == gocode.Same {
			d := j.Finding(j.At(r.Site), r.Query, "%s asks for the same in %s", r.Query.Name, j.Over(r))
			if head := j.Head(r.Loop); head.File != nil {
				d = d.WithLabel(head, "nothing that the query is given changes in this loop")
			}
			j.Add(d.WithHelp("call it once in front of the loop and keep what it gives"))
		}
	}
}
