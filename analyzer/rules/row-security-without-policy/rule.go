// Package rowsecuritywithoutpolicy is the rule CV4805.
package rowsecuritywithoutpolicy

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds tables that are closed to all.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	used := map[*catalog.Table]*rule.Query{}
	for _, q := range access.Queries(p) {
		for _, t := range rule.Exprs[*ir.TableRef](q) {
			if r := q.Relation(t); r != nil && r.Table != nil && used[r.Table] == nil {
				used[r.Table] = q
			}
		}
	}
	for _, t := range p.Tables() {
		if q := used[t]; q != nil && t.RowSecurity && len(t.Policies) == 0 && t.PartitionOf == "" {
			p.Add(p.At(t.Span, "row level security is enabled for %s and there is no policy: every role but its owner sees no row", t.Name).
				WithLabel(q.Source.Header.NameSpan, "%s uses it", q.Name).WithHelp("CREATE POLICY … ON %s", t.Name))
		}
	}
}
