// Package defaultrefused is the rule CV4711.
package defaultrefused

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds defaults that can not be stored.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	for _, t := range p.Tables() {
		for _, c := range t.Columns {
			v := literal(c.DefaultExpr)
			if v == nil || c.Generated != "" || c.Identity != "" {
				continue
			}
			if v.Kind == ir.Null {
				if c.NotNull && p.Engine != catalog.MySQL {
					p.Add(refused(p, c, v, "the column is NOT NULL"))
				}
				continue
			}
			if n := c.Type.Length; p.Engine == catalog.PostgreSQL && v.Kind == ir.String && n > 0 && c.Type.Is("varchar", "bpchar") && utf8.RuneCountInString(strings.TrimRight(v.Text, " ")) > int(n) {
				p.Add(refused(p, c, v, fmt.Sprintf("it is longer than %d characters", n)))
				continue
			}
			for _, k := range t.Constraints {
				if k.Kind == ir.Check && !k.NotValid && breaks(p, t, c, v, k.X) {
					p.Add(refused(p, c, v, "a CHECK refuses it").WithLabel(k.Span, "the constraint"))
					break
				}
			}
		}
	}
}

func refused(p *rule.Package, c *catalog.Column, v *ir.Literal, why string) diag.Diagnostic {
	return p.At(c.Span, "the default of %s can not be stored, %s: each INSERT that leaves the column out fails", c.Name, why).
		WithLabel(v.Span(), "the default").WithHelp("correct the default or the constraint")
}

// breaks tells that a condition, or a part of it that has to hold, is false where the column has the value.
func breaks(p *rule.Package, t *catalog.Table, c *catalog.Column, v *ir.Literal, x ir.Expr) bool {
	is := func(x ir.Expr) bool {
		ref, ok := strip(x).(*ir.ColumnRef)
		return ok && len(ref.Parts) > 0 && p.Column(t, ref.Parts[len(ref.Parts)-1].Name) == c
	}
	for _, x := range rule.Conjuncts(x) {
		switch x := x.(type) {
		case *ir.In:
			if is(x.X) && !x.Not && x.Query == nil && outside(v, x.List) {
				return true
			}
		case *ir.Quantified:
			if array, ok := strip(x.Array).(*ir.Array); ok && is(x.X) && !x.All && x.Op == "=" && outside(v, array.Items) {
				return true
			}
		case *ir.Binary:
			if w := literal(x.R); is(x.L) && w != nil && v.Kind == ir.Integer && w.Kind == ir.Integer {
				a, err := strconv.ParseInt(v.Text, 10, 64)
				b, err2 := strconv.ParseInt(w.Text, 10, 64)
				if err == nil && err2 == nil && (x.Op == ">" && a <= b || x.Op == ">=" && a < b || x.Op == "<" && a >= b || x.Op == "<=" && a > b || x.Op == "<>" && a == b || x.Op == "=" && a != b) {
					return true
				}
			}
		}
	}
	return false
}

// outside tells that a value is none of a list of constants of its kind.
func outside(v *ir.Literal, list []ir.Expr) bool {
	for _, x := range list {
		w := literal(x)
		if w == nil || w.Kind != v.Kind || strings.EqualFold(w.Text, v.Text) {
			return false
		}
	}
	return v.Kind == ir.String || v.Kind == ir.Integer
}

func strip(x ir.Expr) ir.Expr {
	for {
		c, ok := x.(*ir.Cast)
		if !ok {
			return x
		}
		x = c.X
	}
}

// literal is a constant, cast or not.
func literal(x ir.Expr) *ir.Literal {
	if x == nil {
		return nil
	}
	l, _ := strip(x).(*ir.Literal)
	return l
}
