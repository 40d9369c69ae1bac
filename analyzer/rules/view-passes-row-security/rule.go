// Package viewpassesrowsecurity is the rule CV4807.
package viewpassesrowsecurity

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds views around policies.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	for _, s := range p.Catalog.Schemas {
		for _, v := range s.Tables {
			if v.Kind != catalog.View || v.Query == nil || v.Span.IsZero() {
				continue
			}
			if on, set := v.Options["security_invoker"]; set && !strings.EqualFold(on, "false") && !strings.EqualFold(on, "off") {
				continue
			}
			if t := protected(p, v); t != nil {
				p.Add(p.At(v.Span, "%s shows rows of %s that its policies hide: a view reads with the rights of its owner", v.Name, t.Name).
					WithLabel(t.Span, "has row level security").WithHelp("ALTER VIEW %s SET (security_invoker = true)", v.Name))
			}
		}
	}
}

// protected is a table with row level security that a view reads.
func protected(p *rule.Package, v *catalog.Table) (found *catalog.Table) {
	ir.Walk(v.Query, func(n ir.Node) bool {
		if ref, ok := n.(*ir.TableRef); ok && found == nil {
			if t := p.Catalog.Table(ref.Name.Schema(), ref.Name.Last()); t != nil && t.RowSecurity {
				found = t
			}
		}
		return found == nil
	})
	return found
}
