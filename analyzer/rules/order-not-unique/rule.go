// Package ordernotunique is the rule CV4202.
package ordernotunique

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
)

//go:embed page.md
var page string

// Rule finds cuts through rows that tie.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, c := range q.Cuts() {
		order := c.Tail.OrderBy
		if len(order) == 0 || c.Into != nil || c.Sort == nil || len(c.Sort.Cols) != len(order) || arbitrary(q, order) || c.Decides(q.SortedBy(c.Ending)) {
			continue
		}
		n, fixed := rule.Constant(c.Tail.Limit)
		one := fixed && n == 1 && c.Tail.Offset == nil
		if one && moment(q, c) {
			continue
		}
		last := order[len(order)-1]
		what := "rows that tie in " + keys(q, order) + " come in any order, and LIMIT cuts between them"
		if c.Tail.Limit == nil {
			what = "rows that tie in " + keys(q, order) + " come in any order, and OFFSET cuts between them"
		}
		switch {
		case c.Tail.Offset != nil:
			what += ": pages may show a row twice and another never"
		case one:
			what = "of several rows that tie in " + keys(q, order) + " any one is taken"
		}
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

// moment tells whether the rows are sorted by a time that two rows rarely share.
func moment(q *rule.Query, c rule.Cut) bool {
	for _, id := range c.Sort.Cols {
		if q.FineMoment(id) {
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
