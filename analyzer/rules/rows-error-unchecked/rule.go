// Package rowserrorunchecked is the rule CV4331.
package rowserrorunchecked

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/gocode"
)

//go:embed page.md
var page string

// Rule finds rows of raw queries whose error nobody asks for.
var Rule = gocode.NewRule(page, check)

func check(j *gocode.Judged) {
	for _, r := range j.RawRows() {
		if r.Unchecked {
			j.Add(j.Finding(j.At(r.Site), nil, "nobody asks whether all rows came: rows.Next is false at the end and when reading fails").
				WithHelp("check rows.Err() behind the loop"))
		}
	}
}
