// Package policycalledforeachrow is the rule CV4810.
package policycalledforeachrow

import (
	_ "embed"
	"regexp"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// Rule finds policies that call what is the same for all rows.
var Rule = rule.NewPackage(page, check)

var call = regexp.MustCompile(`(?i)(\bselect\s+)?\b(auth\.[a-z_]+|current_setting)\s*\(`)

func check(p *rule.Package) {
	for _, t := range p.Tables() {
		for _, y := range t.Policies {
			if !t.RowSecurity {
				continue
			}
			for _, m := range call.FindAllStringSubmatch(y.Using, -1) {
				if m[1] != "" || nested(y.Using) {
					continue
				}
				p.Add(p.At(y.Span, "%s() is called for each row of %s that a query reads, and gives the same each time", strings.ToLower(m[2]), t.Name).
					WithHelp("put it into a subquery, which is run once: (SELECT %s(…))", strings.ToLower(m[2])))
				break
			}
		}
	}
}

// nested tells of a condition that looks into other tables: what is called there is called elsewhere.
func nested(condition string) bool {
	return strings.Contains(strings.ToUpper(condition), " FROM ")
}
