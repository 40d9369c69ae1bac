// Package orderbyrandom is the rule CV4208.
package orderbyrandom

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

//go:embed page.md
var page string

// Rule finds random orders.
var Rule = rule.New(page, check)

// few is how many rows may be shuffled without a word.
const few = 1000

func check(q *rule.Query) {
	for _, k := range q.Bound.Blocks() {
		t := rule.Tail(k.Query)
		if t == nil || len(t.OrderBy) == 0 {
			continue
		}
		e, ok := rule.EndingOf(k)
		if !ok || e.Rows.Props().Card.AtMost(few) || !rule.ReadsTable(e.Rows) || sample(q, k.Query) {
			continue
		}
		if x := t.OrderBy[0].X; random(q, x) || random(q, selected(e)) {
			report(q, x)
		}
	}
	for _, u := range rule.Exprs[*ir.Update](q) {
		changed(q, u.OrderBy)
	}
	for _, d := range rule.Exprs[*ir.Delete](q) {
		changed(q, d.OrderBy)
	}
}

// sample tells of a query that it takes some of the rows that a condition leaves: a random key can not find these.
func sample(q *rule.Query, x ir.Query) bool {
	s, ok := x.(*ir.Select)
	if !ok || s.Limit == nil || s.Where != nil || len(s.From) != 1 {
		return ok && s.Limit != nil && s.Where != nil
	}
	r := q.Relation(s.From[0])
	return r != nil && r.Table == nil // what WITH or a query in FROM chose
}

func report(q *rule.Query, x ir.Expr) {
	q.Add(q.At(x, "to sort by a random number all rows that match are read and sorted, however few are taken").
		WithHelp("choose a random key and take the row at or behind it"))
}

// changed judges the order in which MySQL updates and deletes.
func changed(q *rule.Query, by []ir.OrderItem) {
	if len(by) > 0 && random(q, by[0].X) {
		report(q, by[0].X)
	}
}

// selected is the item of SELECT that the rows are sorted by, of which ORDER BY tells the name or the number.
func selected(e rule.Ending) ir.Expr {
	p, ok := e.Rows.(*rel.Project)
	if !ok || e.Sort == nil || len(e.Sort.Cols) == 0 || e.Sort.Cols[0] == 0 {
		return nil
	}
	for _, item := range p.Items {
		if item.ID == e.Sort.Cols[0] {
			return item.X
		}
	}
	return nil
}

// random tells whether an expression is another in each row without reading it.
func random(q *rule.Query, x ir.Expr) bool {
	if x == nil {
		return false
	}
	v := q.Value(x)
	if _, ok := x.(*ir.FuncCall); ok && v.Volatile && v.Uses.Empty() {
		return true
	}
	switch x := x.(type) {
	case *ir.Binary:
		return v.Uses.Empty() && (random(q, x.L) || random(q, x.R))
	case *ir.Cast:
		return random(q, x.X)
	}
	return false
}
