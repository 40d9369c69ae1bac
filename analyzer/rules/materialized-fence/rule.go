// Package materializedfence is the rule CV4504.
package materializedfence

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds common table expressions that are computed as a whole though each reader wants some of their rows.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, w := range rule.Exprs[*ir.With](q) {
		for i := range w.CTEs {
			cte := &w.CTEs[i]
			body, ok := cte.Query.(*ir.Select)
			if !ok || cte.Materialized == "NOT MATERIALIZED" || !open(q, body) {
				continue
			}
			readers, filtered := reads(q, cte)
			if filtered == nil || cte.Materialized == "" && readers < 2 {
				continue
			}
			why := "it is read more than once"
			if cte.Materialized != "" {
				why = "it is MATERIALIZED"
			}
			q.Add(q.At(cte.Name, "all rows of %s are computed, because %s; the condition on them comes too late", cte.Name.Name, why).
				WithLabel(filtered.Span(), "chooses from them").
				WithHelp("write %s AS NOT MATERIALIZED (…): then the condition reaches its tables and their indexes", cte.Name.Name))
		}
	}
}

// open tells whether a condition from outside could be asked of a query's own rows.
func open(q *rule.Query, s *ir.Select) bool {
	if s.Distinct || s.GroupBy != nil || s.Having != nil || s.Limit != nil || s.Offset != nil || len(s.Locking) > 0 || len(s.Windows) > 0 || s.With != nil || len(s.From) == 0 {
		return false
	}
	fine, table := true, false
	ir.Walk(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.FuncCall:
			fine = fine && n.Over == nil && !q.Value(n).Aggregate && !q.Value(n).Volatile
		case *ir.TableRef:
			if r := q.Relation(n); r != nil && r.Table != nil {
				table = true
			}
		}
		return fine
	})
	return fine && table
}

// reads counts the readers of an expression, and gives the first condition that compares a column of it with a value; nil unless each
// reader has one.
func reads(q *rule.Query, cte *ir.CTE) (n int, filtered ir.Expr) {
	all := true
	q.Walk(func(x ir.Node, in *sem.Block) bool {
		t, ok := x.(*ir.TableRef)
		if !ok {
			return true
		}
		r := q.Relation(t)
		if r == nil || r.Table != nil {
			return true
		}
		if scan, ok := r.Node.(*rel.CTEScan); !ok || scan.Name != cte.Name.Name {
			return true
		}
		n++
		found := condition(q, in, r)
		all = all && found != nil
		if filtered == nil {
			filtered = found
		}
		return true
	})
	if !all {
		return n, nil
	}
	return n, filtered
}

func condition(q *rule.Query, k *sem.Block, r *sem.Relation) ir.Expr {
	s, ok := k.Query.(*ir.Select)
	if !ok {
		return nil
	}
	for _, c := range rule.Conjuncts(s.Where) {
		b, ok := c.(*ir.Binary)
		if ok && b.Op == "=" && (r.Columns.Has(q.Value(b.L).Column) && q.Fixed(b.R) || r.Columns.Has(q.Value(b.R).Column) && q.Fixed(b.L)) {
			return c
		}
	}
	return nil
}
