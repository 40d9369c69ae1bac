// Package orderbyconstant is the rule CV4206.
package orderbyconstant

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

//go:embed page.md
var page string

// Rule finds orders by what is the same in all rows.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	if q.Whole.Variants != nil {
		return // the condition may be an optional one
	}
	for _, k := range q.Bound.Blocks() {
		s, ok := k.Query.(*ir.Select)
		if !ok || len(s.OrderBy) == 0 || len(s.DistinctOn) > 0 || len(s.From) == 0 {
			continue
		}
		if same(q, s.OrderBy) {
			continue
		}
		e, ok := rule.EndingOf(k)
		if !ok || e.Sort == nil || len(e.Sort.Cols) != len(s.OrderBy) {
			continue
		}
		fixed := e.Rows.Props().FDs.Closure(rel.ColSet{})
		for i, id := range e.Sort.Cols {
			if id == 0 || !fixed.Has(id) || aggregated(e.Rows) || indexed(q, e.Sort.Cols, fixed) {
				continue
			}
			what := "all rows have the same " + q.Text(s.OrderBy[i].X)
			if l, ok := s.OrderBy[i].X.(*ir.Literal); ok {
				what = "all rows have the same column " + l.Text
			}
			d := q.At(s.OrderBy[i].X, "%s: the conditions fix it, so this orders nothing", what)
			d = d.WithHelp("drop it, or name the column that was meant")
			q.Add(drop(d, s.OrderBy, i))
			break
		}
	}
}

// drop adds the fix that takes one of several items out.
func drop(d diag.Diagnostic, list []ir.OrderItem, i int) diag.Diagnostic {
	if len(list) < 2 {
		return d
	}
	span := list[i].Span()
	if i > 0 {
		span.Start = list[i-1].Span().End
	} else {
		span.End = list[1].Span().Start
	}
	return d.WithFix(diag.Fix{Title: "drop it", Edits: []diag.Edit{{Span: span}}, Safe: true})
}

// same finds an item that reads no column: a text, an argument, arithmetic of constants. ORDER BY NULL is an idiom, a number alone
// means a column.
func same(q *rule.Query, list []ir.OrderItem) bool {
	for i := range list {
		x := list[i].X
		l, literal := x.(*ir.Literal)
		if literal && l.Kind != ir.String || !made(x) {
			continue
		}
		if argument(x) {
			q.Add(q.At(x, "all rows have the same %s: an argument is a value, never the name of a column, so this orders nothing", q.Text(x)).
				WithHelp("write CASE with the columns that may be chosen, or a query for each order"))
			return true
		}
		d := q.At(x, "%s is the same in all rows, so this orders nothing", q.Text(x))
		q.Add(drop(d.WithHelp("name the column that was meant, without quotes of a text"), list, i))
		return true
	}
	return false
}

func argument(x ir.Expr) bool {
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		_, ok := n.(*ir.Param)
		found = found || ok
		return true
	})
	return found
}

// made tells whether an expression is made of constants and arguments alone.
func made(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Literal:
		return x.Kind != ir.Null
	case *ir.Param:
		return true
	case *ir.Cast:
		return made(x.X)
	case *ir.Collate:
		return made(x.X)
	case *ir.Binary:
		return made(x.L) && made(x.R)
	}
	return false
}

// aggregated tells whether the rows are one, of an aggregate.
func aggregated(n rel.Node) bool {
	p, ok := n.(*rel.Project)
	if !ok {
		return false
	}
	a, ok := p.Input.(*rel.Aggregate)
	return ok && a.Scalar
}

// indexed tells whether an index begins with the columns, of which the later order: ORDER BY is then spelled like it.
func indexed(q *rule.Query, cols []rel.ColID, fixed rel.ColSet) bool {
	orders := false
	var names []string
	var t *catalog.Table
	for _, id := range cols {
		if id == 0 || q.ByID(id).Source == nil || t != nil && q.ByID(id).Table != t {
			return false
		}
		t = q.ByID(id).Table
		names = append(names, q.ByID(id).Source.Name)
		orders = orders || !fixed.Has(id)
	}
	begins := func(have []string) bool {
		if len(have) < len(names) {
			return false
		}
		for i := range names {
			if !strings.EqualFold(have[i], names[i]) {
				return false
			}
		}
		return true
	}
	if !orders {
		return false
	}
	for _, c := range t.Constraints {
		if (c.Kind == ir.PrimaryKey || c.Kind == ir.Unique) && begins(c.Columns) {
			return true
		}
	}
	for _, x := range t.Indexes {
		var have []string
		for _, p := range x.Parts {
			have = append(have, p.Column)
		}
		if begins(have) {
			return true
		}
	}
	return false
}
