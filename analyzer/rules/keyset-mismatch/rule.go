// Package keysetmismatch is the rule CV4204.
package keysetmismatch

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

//go:embed page.md
var page string

// Rule finds pages that begin elsewhere than where the last one ended.
var Rule = rule.New(page, check)

// up tells of an operator whether it takes what comes later in an ascending order.
var up = map[string]bool{">": true, ">=": true, "<": false, "<=": false}

func check(q *rule.Query) {
	if q.Whole.Page != nil {
		return
	}
	for _, c := range q.Cuts() {
		s, ok := c.Block.Query.(*ir.Select)
		if !ok || s.Where == nil || len(s.OrderBy) == 0 || s.Limit == nil || s.Offset != nil || c.Sort == nil || len(c.Sort.Cols) != len(s.OrderBy) || c.Sort.Cols[0] == 0 {
			continue
		}
		if n, fixed := rule.Constant(s.Limit); fixed && n == 1 {
			continue // the neighbour of a row
		}
		bounds := map[rel.ColID]int{}
		conjuncts := rule.Conjuncts(s.Where)
		for _, x := range conjuncts {
			if _, cols, _ := bound(q, x); len(cols) == 1 {
				bounds[cols[0]]++
			}
		}
		for _, x := range conjuncts {
			op, cols, row := bound(q, x)
			if len(cols) == 0 || !row && (bounds[cols[0]] > 1 || !unique(q, c, cols[0])) {
				continue
			}
			judge(q, c, s, x, op, cols)
		}
	}
}

func judge(q *rule.Query, c rule.Cut, s *ir.Select, x ir.Expr, op string, cols []rel.ColID) {
	for i, id := range cols {
		if i >= len(c.Sort.Cols) || c.Sort.Cols[i] != id {
			if c.Sort.Cols[min(i, len(c.Sort.Cols)-1)] == 0 || reads(q, s, id) {
				return
			}
			d := q.At(x, "the page begins behind %s, but the rows are sorted by %s: rows that come later in that order are never shown", q.ByID(id).Name, q.Text(s.OrderBy[min(i, len(s.OrderBy)-1)].X))
			q.Add(d.WithLabel(s.OrderBy[0].Span(), "the order").WithHelp("compare the columns of ORDER BY, in its order"))
			return
		}
		if s.OrderBy[i].Desc == up[op] && (len(cols) > 1 || len(s.OrderBy) == 1) {
			way, other := "ascending", "<"
			if s.OrderBy[i].Desc {
				way, other = "descending", ">"
			}
			d := q.At(x, "the rows are sorted %s, but %s takes those that were shown before", way, other)
			q.Add(d.WithLabel(s.OrderBy[i].Span(), "the order").WithHelp("turn the comparison or the order round"))
			return
		}
	}
}

// reads tells whether an item of ORDER BY is computed of a column.
func reads(q *rule.Query, s *ir.Select, id rel.ColID) bool {
	for i := range s.OrderBy {
		if v := q.Value(s.OrderBy[i].X); v.Column != id && v.Uses.Has(id) {
			return true
		}
	}
	return false
}

// bound reads column > argument, or a row of columns > a row of arguments.
func bound(q *rule.Query, x ir.Expr) (op string, cols []rel.ColID, row bool) {
	b, ok := x.(*ir.Binary)
	if _, compares := up[b0(b)]; !ok || !compares {
		return "", nil, false
	}
	op = b.Op
	l, r := []ir.Expr{b.L}, []ir.Expr{b.R}
	if lr, ok := b.L.(*ir.Row); ok {
		rr, ok := b.R.(*ir.Row)
		if !ok || len(lr.Items) != len(rr.Items) {
			return "", nil, false
		}
		l, r, row = lr.Items, rr.Items, true
	} else if argument(b.L) {
		l, r = r, l
		op = map[string]string{">": "<", ">=": "<=", "<": ">", "<=": ">="}[op]
	}
	for i := range l {
		c := q.Value(l[i]).Column
		if c == 0 || !argument(r[i]) || q.ByID(c).Source == nil {
			return "", nil, false
		}
		cols = append(cols, c)
	}
	return op, cols, row
}

func b0(b *ir.Binary) string {
	if b == nil {
		return ""
	}
	return b.Op
}

func argument(x ir.Expr) bool {
	if c, ok := x.(*ir.Cast); ok {
		x = c.X
	}
	_, ok := x.(*ir.Param)
	return ok
}

// unique tells whether a column alone tells the rows apart.
func unique(q *rule.Query, c rule.Cut, id rel.ColID) bool {
	return c.Rows.Props().Rows.SubsetOf(c.Rows.Props().FDs.Closure(rel.MakeColSet(id)))
}
