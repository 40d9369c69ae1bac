// Package checkneverfalse is the rule CV4710.
package checkneverfalse

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds constraints that let every row in.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	for _, t := range p.Tables() {
		for _, c := range t.Constraints {
			if c.Kind != ir.Check || c.X == nil || c.Span.IsZero() {
				continue
			}
			if why := passes(c.X); why != "" {
				p.Add(p.At(c.Span, "the CHECK refuses nothing: %s", why).
					WithHelp("a CHECK lets NULL pass anyway, so leave NULL out of its condition; NOT NULL refuses it"))
			}
		}
	}
}

// passes says why a condition is never false; empty where it may be.
func passes(x ir.Expr) string {
	switch x := x.(type) {
	case *ir.Literal:
		if x.Kind == ir.Null || x.Kind == ir.Bool && x.Text == "true" || x.Kind == ir.Integer && x.Text == "1" {
			return "its condition is a constant"
		}
	case *ir.Binary:
		switch x.Op {
		case "=", "<>", "<", ">", "<=", ">=":
			if null(x.L) || null(x.R) {
				return "nothing is equal or unequal to NULL"
			}
		}
	case *ir.In:
		if x.Not || x.Query != nil {
			return ""
		}
		for _, v := range x.List {
			if null(v) {
				return "with NULL in its list IN is never false"
			}
		}
	case *ir.Logical:
		all := ""
		for _, a := range x.Args {
			why := passes(a)
			if x.Op == "OR" && why != "" {
				return why
			}
			if why == "" && x.Op != "OR" {
				return ""
			}
			all = why
		}
		if x.Op == "AND" {
			return all
		}
	}
	return ""
}

func null(x ir.Expr) bool {
	if c, ok := x.(*ir.Cast); ok {
		x = c.X
	}
	l, ok := x.(*ir.Literal)
	return ok && l.Kind == ir.Null
}
