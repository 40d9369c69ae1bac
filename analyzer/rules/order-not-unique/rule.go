// Package ordernotunique is the rule CV4202.
package ordernotunique

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/source"
)

//go:embed page.md
var page string

// Rule finds cuts through rows that tie.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, c := range q.Cuts() {
		order := c.Tail.OrderBy
		if len(order) == 0 || c.Into != nil || c.Sort == nil || len(c.Sort.Cols) != len(order) || arbitrary(q, order) || c.Decides(q.SortedBy(c.Ending)) ||
			!paged(q, c) || tells(c, q.SortedBy(c.Ending)) || id(order[len(order)-1].X) {
			continue
		}
		last := order[len(order)-1]
		what := "rows that tie in " + keys(q, order) + " come in any order, and LIMIT cuts between them"
		if c.Tail.Limit == nil {
			what = "rows that tie in " + keys(q, order) + " come in any order, and OFFSET cuts between them"
		}
		what += ": pages may show a row twice and another never"
		d := q.At(&last, "%s", what)
		if by := q.TieBreaker(c.Block, c.Ending, q.SortedBy(c.Ending)); by != nil {
			more := strings.Join(by, ", ")
			d = d.WithHelp("end with a key: ORDER BY …, %s", more)
			end := last.Span()
			d = d.WithFix(diag.Fix{Title: "add " + more, Edits: []diag.Edit{{Span: source.Span{File: end.File, Start: end.End, End: end.End}, New: ", " + more}}})
		} else {
			d = d.WithHelp("end ORDER BY with columns that tell the rows apart")
		}
		q.Add(d)
	}
}

// plain tells of an expression that it is an argument as it is given: a cursor, not a time that is reckoned from the clock.
func plain(x ir.Expr) bool {
	for {
		switch at := x.(type) {
		case *ir.Cast:
			x = at.X
		case *ir.Param:
			return true
		default:
			return false
		}
	}
}

// paged tells whether the rows are taken page by page: OFFSET by an argument, or from a row on that arguments name.
func paged(q *rule.Query, c rule.Cut) bool {
	if c.Tail.Offset != nil {
		return argument(c.Tail.Offset)
	}
	sel, ok := c.Block.Query.(*ir.Select)
	if !ok || sel.Where == nil || c.Tail.Limit == nil {
		return false
	}
	if n, fixed := rule.Constant(c.Tail.Limit); fixed && n == 1 {
		return false
	}
	by, found := q.SortedBy(c.Ending), false
	ir.Walk(sel.Where, func(n ir.Node) bool {
		if _, sub := n.(ir.Query); sub {
			return false
		}
		if b, ok := n.(*ir.Binary); ok && (b.Op == "<" || b.Op == ">") {
			found = found || plain(b.R) && by.Has(q.Value(b.L).Column) || plain(b.L) && by.Has(q.Value(b.R).Column)
		}
		return !found
	})
	return found && !moment(q, c)
}

// moment tells whether the rows are sorted by a time that two rows rarely share.
func moment(q *rule.Query, c rule.Cut) bool {
	for _, id := range c.Sort.Cols {
		if q.FineMoment(id) {
			return true
		}
	}
	return false
}

// argument tells whether an expression is computed of an argument.
func argument(x ir.Expr) bool {
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		_, is := n.(*ir.Param)
		found = found || is
		return !found
	})
	return found
}

// id tells whether an expression is a column of the name id: through views and subqueries its key may get lost, but not what it is.
func id(x ir.Expr) bool {
	c, ok := x.(*ir.ColumnRef)
	return ok && strings.EqualFold(c.Parts[len(c.Parts)-1].Name, "id")
}

// tells tells whether the order tells the rows of one of the tables apart: rows that tie are then one row of it with several partners.
func tells(c rule.Cut, by rel.ColSet) bool {
	p := c.Rows.Props()
	held, known := p.FDs.Closure(rel.ColSet{}), rule.Determined(c.Rows, by)
	for _, l := range rel.LeavesOf(c.Rows).List {
		if _, scan := l.Node.(*rel.Scan); scan && known.Has(l.Row) && !held.Has(l.Row) {
			return true
		}
	}
	return false
}

// arbitrary tells whether the order is meant to be no order: random, or a constant.
func arbitrary(q *rule.Query, order []ir.OrderItem) bool {
	for i := range order {
		if v := q.Value(order[i].X); v.Volatile {
			return true
		}
	}
	return false
}

func keys(q *rule.Query, order []ir.OrderItem) string {
	var out []string
	for i := range order {
		out = append(out, q.Text(order[i].X))
	}
	if len(out) > 3 {
		out = append(out[:3], "…")
	}
	return strings.Join(out, ", ")
}
