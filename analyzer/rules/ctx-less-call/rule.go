// Package ctxlesscall is the rule CV4318.
package ctxlesscall

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/gocode"
)

//go:embed page.md
var page string

// Rule finds queries that are not given the context which is there.
var Rule = gocode.NewRule(page, check)

func check(j *gocode.Judged) {
	for _, c := range j.WithoutContext() {
		j.Add(j.Finding(j.At(c.At), c.Query, "%s does not end when its caller gives up: it is given a context of its own, though the function has one", c.Query.Name).
			WithHelp("pass the context on; where the query has to run to its end, say so with context.WithoutCancel(ctx)"))
	}
}
