// Package duplicatecondition is the rule CV4129.
package duplicatecondition

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds conditions, values of IN and branches of CASE that stand twice.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, l := range rule.Exprs[*ir.Logical](q) {
		if l.Op == "AND" || l.Op == "OR" {
			twice(q, l.Args, l.Op, "the condition %s stands twice", "compare with what was meant, or leave it out")
		}
	}
	for _, in := range rule.Exprs[*ir.In](q) {
		twice(q, in.List, ",", "%s stands twice in the list", "leave it out, or write the value that was meant")
	}
	for _, c := range rule.Exprs[*ir.Case](q) {
		for i := range c.Whens {
			for j := range i {
				if same(q, c.Whens[j].Cond, c.Whens[i].Cond) {
					q.Add(q.At(c.Whens[i].Cond, "the condition %s stands twice: this branch is never taken", q.Text(c.Whens[i].Cond)).
						WithLabel(c.Whens[j].Cond.Span(), "this one is").WithHelp("write the condition that was meant, or leave the branch out"))
					break
				}
			}
		}
	}
}

func twice(q *rule.Query, list []ir.Expr, separator, message, help string) {
	for i := range list {
		for j := range i {
			if !same(q, list[j], list[i]) {
				continue
			}
			d := q.At(list[i], message, q.Text(list[i])).WithLabel(list[j].Span(), "here first").WithHelp("%s", help)
			if edit, ok := rule.Without(list, i, separator); ok {
				d = d.WithFix(diag.Fix{Title: "leave it out", Safe: true, Edits: []diag.Edit{edit}})
			}
			q.Add(d)
			break
		}
	}
}

// same tells whether two conditions are the same, with the sides of = and <> exchanged too.
func same(q *rule.Query, a, b ir.Expr) bool {
	if q.Same(a, b) {
		return true
	}
	x, ok := a.(*ir.Binary)
	y, is := b.(*ir.Binary)
	return ok && is && x.Op == y.Op && (x.Op == "=" || x.Op == "<>") && q.Same(x.L, y.R) && q.Same(x.R, y.L)
}
