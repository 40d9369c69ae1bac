// Package policyalwaystrue is the rule CV4806.
package policyalwaystrue

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// Rule finds policies that refuse no write.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	for _, t := range p.Tables() {
		for _, y := range t.Policies {
			if !t.RowSecurity || y.Restrictive || y.Command == "select" || y.To != "" {
				continue
			}
			open := ""
			switch {
			case always(y.Using) && (y.Check == "" || always(y.Check)):
				open = "USING (true)"
			case y.Using == "" && always(y.Check):
				open = "WITH CHECK (true)"
			default:
				continue
			}
			what := map[string]string{"all": "read and write", "insert": "insert", "update": "update", "delete": "delete"}[y.Command]
			p.Add(p.At(y.Span, "%s lets every role %s any row of %s, whatever its other policies say", open, what, t.Name).
				WithHelp("say whose rows they are, or name the role that the policy is for: TO …"))
		}
	}
}

func always(condition string) bool {
	return strings.EqualFold(strings.Trim(condition, "() \t\n"), "true")
}
