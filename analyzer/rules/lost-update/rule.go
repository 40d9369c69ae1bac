// Package lostupdate is the rule CV4323.
package lostupdate

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/gocode"
)

//go:embed page.md
var page string

// Rule finds values that are read, changed in Go and written over what others wrote.
var Rule = gocode.NewRule(page, check)

func check(j *gocode.Judged) {
	for _, p := range j.LostUpdates() {
		j.Add(j.Finding(j.At(p.Write.Site), p.Write.Query, "%s writes a value of %s that was computed from what %s had read: what others wrote in between is lost", p.Write.Query.Name, p.Column, p.Read.Query.Name).
			WithLabel(j.At(p.Read.Site), "%s is read here", p.Column).
			WithLabel(p.Write.Query.Source.Header.NameSpan.Root(), "the update").
			WithHelp("let the server compute: UPDATE … SET %s = %s + …; or lock the row while it is read, in one transaction: SELECT … FOR UPDATE", p.Column, p.Column))
	}
}
