// Package optionalparamor is the rule CV5006.
package optionalparamor

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds conditions that an argument turns off, where an index would serve them if they stood alone.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, a := range access.Of(q) {
		if a.Reached() {
			continue
		}
		for _, c := range append(a.Conds, switched(q, a)...) {
			if p := kept(a, c); p != nil {
				report(q, a, c, p)
				break // the others are of the same kind
			}
		}
	}
}

// kept is the index that the condition would use if it always held.
func kept(a *access.Access, c access.Cond) *access.Path {
	if c.Optional == nil || c.Wrap != access.Bare || c.Op != access.Equal && c.Op != access.In {
		return nil
	}
	for _, p := range a.Paths {
		if p.Ordered() && p.Has(c.Column) == 0 && (p.Where == nil || a.Implies(p.Where)) {
			return p
		}
	}
	return nil
}

// switched finds column = coalesce($1, column).
func switched(q *rule.Query, a *access.Access) (out []access.Cond) {
	for _, x := range conjuncts(a) {
		b, ok := x.(*ir.Binary)
		if !ok || b.Op != "=" {
			continue
		}
		for _, side := range [2][2]ir.Expr{{b.L, b.R}, {b.R, b.L}} {
			id := q.Value(side[0]).Column
			call, ok := side[1].(*ir.FuncCall)
			if id == 0 || !a.Relation.Columns.Has(id) || !ok || len(call.Args) != 2 || q.Value(call.Args[1].X).Column != id {
				continue
			}
			name := strings.ToLower(call.Name.Last())
			if name != "coalesce" && name != "ifnull" || q.Value(call.Args[0].X).Uses.Len() > 0 {
				continue
			}
			out = append(out, access.Cond{X: b, Key: side[0], Column: q.ByID(id).Source, ID: id, Op: access.Equal, Optional: call.Args[0].X})
		}
	}
	return out
}

func conjuncts(a *access.Access) []ir.Expr {
	switch n := a.Block.Query.(type) {
	case *ir.Select:
		return rule.Conjuncts(n.Where)
	case *ir.Update:
		return rule.Conjuncts(n.Where)
	case *ir.Delete:
		return rule.Conjuncts(n.Where)
	}
	return nil
}

func report(q *rule.Query, a *access.Access, c access.Cond, p *access.Path) {
	x := c.X
	if c.Within != nil {
		x = c.Within
	}
	d := q.At(x, "one plan serves %s with and without the condition on %s, so it can not find rows of %s by %s", q.Name, c.Column.Name, a.Table.Name, p)
	if p.Span.File != nil {
		d = d.WithLabel(p.Span, "would find the rows by %s", c.Column.Name)
	}
	d = d.WithHelp("make the condition an optional part, so that each form of the query has a plan of its own: AND %s   -- :if %s", q.Text(bare(q, c)), argument(q, c))
	q.Add(d)
}

// bare is the condition itself.
func bare(q *rule.Query, c access.Cond) ir.Node {
	if c.Within == nil {
		return c.X
	}
	for _, arm := range rule.Disjuncts(c.Within) {
		if !q.Value(arm).Uses.Empty() {
			return arm
		}
	}
	return c.X
}

// argument names the argument that turns the condition on.
func argument(q *rule.Query, c access.Cond) string {
	name := ""
	for _, n := range []ir.Node{bare(q, c), c.Optional} {
		ir.Walk(n, func(n ir.Node) bool {
			if x, ok := n.(*ir.Param); ok && name == "" {
				if p := q.Param(x); p != nil {
					name = p.Name
				}
			}
			return true
		})
	}
	if name == "" {
		return c.Column.Name
	}
	return name
}
