// Package negationonly is the rule CV5008.
package negationonly

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds WHERE that says only what rows are not.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		var where ir.Expr
		switch n := n.(type) {
		case *ir.Select:
			if len(n.From) != 1 {
				return true
			}
			if _, table := n.From[0].(*ir.TableRef); !table {
				return true
			}
			where = n.Where
		case *ir.Update:
			where = n.Where
		case *ir.Delete:
			where = n.Where
		}
		list := rule.Conjuncts(where)
		for _, x := range list {
			if !negation(q, x) {
				return true
			}
		}
		if len(list) > 0 {
			q.Add(q.At(list[0], "WHERE says only what rows are not: no index finds what is left, so all rows are read").
				WithHelp("say what they are, where the values are known: IN (…); or add a condition that an index serves"))
		}
		return true
	})
}

// negation tells whether a condition only leaves values of a column out.
func negation(q *rule.Query, x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Binary:
		return x.Op == "<>" && (q.Column(x.L) != nil || q.Column(x.R) != nil)
	case *ir.In:
		return x.Not && x.Query == nil && q.Column(x.X) != nil
	case *ir.Like:
		return x.Not && q.Column(x.X) != nil
	case *ir.Not:
		switch y := x.X.(type) {
		case *ir.Like:
			return q.Column(y.X) != nil
		case *ir.In:
			return y.Query == nil && q.Column(y.X) != nil
		case *ir.Binary:
			return y.Op == "=" && (q.Column(y.L) != nil || q.Column(y.R) != nil)
		}
	}
	return false
}
