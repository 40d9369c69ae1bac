// Package policywithoutrowsecurity is the rule CV4804.
package policywithoutrowsecurity

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// Rule finds policies that nothing asks.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	for _, t := range p.Tables() {
		if !t.RowSecurity && len(t.Policies) > 0 {
			p.Add(p.At(t.Policies[0].Span, "the policies of %s are not asked: row level security is not enabled, so every row is seen", t.Name).
				WithLabel(t.Span, "the table").WithHelp("ALTER TABLE %s ENABLE ROW LEVEL SECURITY", t.Name))
		}
	}
}
