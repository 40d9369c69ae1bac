// Package sliceorderassumed is the rule CV4213.
package sliceorderassumed

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/gocode"
)

//go:embed page.md
var page string

// Rule finds rows taken by their place where they come in no order.
var Rule = gocode.NewRule(page, check)

func check(j *gocode.Judged) {
	for _, c := range j.FirstOfMany() {
		j.Add(j.Finding(j.At(c.At), c.Query, "which row this is, is up to the server: %s has no ORDER BY", c.Query.Name).
			WithLabel(j.At(c.Site), "the rows come from here").
			WithLabel(c.Query.Source.Header.NameSpan.Root(), "no order is asked for").
			WithHelp("add ORDER BY with a unique column at its end, and LIMIT 1 with :one where one row is all that is wanted"))
	}
}
