// Package countforexistence is the rule CV4310.
package countforexistence

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/gocode"
)

//go:embed page.md
var page string

// Rule finds rows that are counted to know whether there is one.
var Rule = gocode.NewRule(page, check)

func check(j *gocode.Judged) {
	for _, c := range j.Existence() {
		j.Add(j.Finding(j.At(c.Site), c.Query, "%s counts all rows, and only whether there is one is asked", c.Query.Name).
			WithLabel(c.Query.Source.Header.NameSpan.Root(), "the query").
			WithHelp("SELECT EXISTS (SELECT 1 FROM …) ends at the first row"))
	}
}
