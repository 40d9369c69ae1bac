// Package checkthenact is the rule CV4311.
package checkthenact

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/gocode"
)

//go:embed page.md
var page string

// Rule finds rows that are looked for and then inserted.
var Rule = gocode.NewRule(page, check)

func check(j *gocode.Judged) {
	for _, p := range j.ChecksThenInserts() {
		d := j.Finding(j.At(p.Write.Site), p.Write.Query, "between %s and this insert another request may insert the same %s", p.Read.Query.Name, p.Column)
		if p.Unique {
			d = d.WithHelp("then this one fails; write INSERT … ON CONFLICT (%s) DO NOTHING (MySQL: ON DUPLICATE KEY UPDATE), which needs no look before it", p.Column)
		} else {
			d = d.WithHelp("then there are two: add a unique key on %s and insert with ON CONFLICT (MySQL: ON DUPLICATE KEY UPDATE), which needs no look before it", p.Column)
		}
		j.Add(d.WithLabel(j.At(p.Read.Site), "here there was none"))
	}
}
