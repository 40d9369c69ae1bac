// Package neqdropsnull is the rule CV4104.
package neqdropsnull

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

//go:embed page.md
var page string

// Rule finds <> over a column that may be NULL: rows without a value are left out with those that are equal.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	all := q.Conditions()
	for _, c := range all {
		if c.Clause != rule.Where {
			continue
		}
		for _, x := range rule.Conjuncts(c.X) {
			column := unequal(q, x)
			if column == nil {
				continue
			}
			id := q.Value(column).Column
			source := q.ByID(id).Source
			if source == nil || source.NotNull || proved(q, all, x, id) {
				continue
			}
			d := q.At(x, "rows in which %s is NULL are left out too: a comparison with NULL is not true", q.Text(column)).
				WithLabel(source.Span, "the column may be NULL")
			if q.Package.Engine == catalog.PostgreSQL {
				d = d.WithHelp("if they are wanted, write IS DISTINCT FROM, or add OR %s IS NULL", q.Text(column))
			} else {
				d = d.WithHelp("if they are wanted, add OR %s IS NULL", q.Text(column))
			}
			q.Add(d.WithHelp("if they are not, say so: AND %s IS NOT NULL", q.Text(column)))
		}
	}
}

// unequal is the column that a condition asks to be unequal to something that reads no column; nil for other conditions.
func unequal(q *rule.Query, x ir.Expr) ir.Expr {
	plain := func(side ir.Expr) bool { return q.Column(side) != nil }
	switch x := x.(type) {
	case *ir.Binary:
		switch {
		case x.Op != "<>":
		case plain(x.L) && q.Fixed(x.R):
			return x.L
		case plain(x.R) && q.Fixed(x.L):
			return x.R
		}
	case *ir.In:
		if x.Not && plain(x.X) {
			return x.X
		}
	case *ir.Like:
		if x.Not && plain(x.X) {
			return x.X
		}
	}
	return nil
}

// proved tells whether another condition speaks of the column's NULL, or is not true of it.
func proved(q *rule.Query, all []rule.Condition, x ir.Expr, id rel.ColID) bool {
	for _, c := range all {
		for _, other := range rule.Conjuncts(c.X) {
			if other == x {
				continue
			}
			if q.Value(other).IfTrue.Has(id) && unequal(q, other) == nil {
				return true
			}
			spoken := false
			ir.Walk(other, func(n ir.Node) bool {
				if t, ok := n.(*ir.IsTest); ok && q.Value(t.X).Column == id {
					spoken = true
				}
				return !spoken
			})
			if spoken {
				return true
			}
		}
	}
	return false
}
