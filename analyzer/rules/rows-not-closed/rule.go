// Package rowsnotclosed is the rule CV4330.
package rowsnotclosed

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/gocode"
)

//go:embed page.md
var page string

// Rule finds rows of raw queries that are not closed.
var Rule = gocode.NewRule(page, check)

func check(j *gocode.Judged) {
	for _, r := range j.RawRows() {
		if r.Unclosed {
			j.Add(j.Finding(j.At(r.Site), nil, "these rows are not closed: where they are not read to their end, the connection stays taken").
				WithHelp("write defer rows.Close() behind the check of the error"))
		}
	}
}
