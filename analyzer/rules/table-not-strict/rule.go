// Package tablenotstrict is the rule CV4716.
package tablenotstrict

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// Rule finds tables whose types are advice.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	for _, t := range p.Tables() {
		if !t.Strict {
			p.Add(p.At(t.Span, "%s takes values of any type in any column", t.Name).WithHelp("write STRICT behind the columns"))
		}
	}
}
