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
			if list := s.OrderBy; len(list) > 1 {
				span := list[i].Span()
				if i > 0 {
					span.Start = list[i-1].Span().End
				} else {
					span.End = list[1].Span().Start
				}
				d = d.WithFix(diag.Fix{Title: "drop it", Edits: []diag.Edit{{Span: span}}, Safe: true})
			}
			q.Add(d)
			break
		}
	}
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
