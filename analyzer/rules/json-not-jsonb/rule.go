// Package jsonnotjsonb is the rule CV4706.
package jsonnotjsonb

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds json columns that queries look into.
var Rule = rule.NewPackage(page, check)

var into = map[string]bool{"->": true, "->>": true, "#>": true, "#>>": true}

func check(p *rule.Package) {
	seen := map[*catalog.Column]bool{}
	for _, q := range access.Queries(p) {
		q.Walk(func(n ir.Node, _ *sem.Block) bool {
			var x ir.Expr
			switch n := n.(type) {
			case *ir.Binary:
				if into[n.Op] {
					x = n.L
				}
			case *ir.FuncCall:
				if name := n.Name.Last(); len(n.Args) > 0 && (strings.HasPrefix(name, "json_extract_path") || strings.HasPrefix(name, "json_array_elements") || strings.HasPrefix(name, "json_each")) {
					x = n.Args[0].X
				}
			}
			if x == nil {
				return true
			}
			c := q.Column(x)
			if c == nil || c.Source == nil || !c.Type.Is("json") || c.Source.Span.IsZero() || c.Table == nil || c.Table.Kind != catalog.BaseTable || seen[c.Source] {
				return true
			}
			seen[c.Source] = true
			p.Add(p.At(c.Source.Span, "%s is json: queries look into it, and each time its text is parsed anew", c.Name).
				WithLabel(n.Span(), "here, in %s", q.Name).
				WithHelp("make it jsonb, which is parsed once: ALTER TABLE %s ALTER COLUMN %s TYPE jsonb", c.Table.Name, c.Name))
			return true
		})
	}
}
