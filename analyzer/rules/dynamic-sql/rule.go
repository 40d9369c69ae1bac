// Package dynamicsql is the rule CV4319.
package dynamicsql

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/gocode"
)

//go:embed page.md
var page string

// Rule finds SQL that is put together of texts at run time.
var Rule = gocode.NewRule(page, check)

func check(j *gocode.Judged) {
	for _, s := range j.DynamicSQL() {
		d := j.Finding(j.At(s.Site), nil, "the SQL has a text in it that is known at run time only: whoever chooses that text can write SQL of their own")
		if at := j.At(s.Part); at.File != nil && at != d.Span {
			d = d.WithLabel(at, "here it comes in")
		}
		j.Add(d.WithHelp("pass values as arguments; names of tables and columns are chosen from constants, or quoted (pgx.Identifier{…}.Sanitize())"))
	}
}
