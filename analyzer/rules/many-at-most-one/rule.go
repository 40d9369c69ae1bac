// Package manyatmostone is the rule CV4302.
package manyatmostone

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

//go:embed page.md
var page string

// Rule finds :many queries of at most one row.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	w := q.Whole
	if w.Command != "many" && w.Command != "iter" || w.Nested != nil || w.Page != nil || w.Rel == nil || len(w.Columns) == 0 || w.Rows.Max != 1 {
		return
	}
	switch t := w.Tree.(type) {
	case *ir.Insert:
		if len(t.OnConflict) > 0 || t.Or != "" {
			return // no row is an answer too
		}
	case ir.Query:
		if tail := rule.Tail(t); tail != nil && tail.Limit != nil {
			if e, ok := rule.EndingOf(q.Block(t)); !ok || !e.Rows.Props().Card.AtMost(1) {
				return // it is LIMIT 1 that says so
			}
		}
	}
	to := "one"
	if w.Rows.Min == 0 {
		to = "one, or :maybe where there may be no row"
	}
	d := q.AtName("%s is :%s, but never finds more than one row: %s", q.Name, w.Command, why(w.Rel)).WithHelp("make it :%s", to)
	if h := w.Source.Header; !h.CommandSpan.IsZero() {
		d = d.WithFix(diag.Fix{Title: "make it :one", Edits: []diag.Edit{{Span: h.CommandSpan, New: ":one"}}})
	}
	q.Add(d)
}

// why says what keeps a relation to one row.
func why(n rel.Node) string {
	for n != nil {
		switch at := n.(type) {
		case *rel.Aggregate:
			if at.Scalar {
				return "it aggregates all rows to one"
			}
			return "its conditions fix what it groups by"
		case *rel.With:
			n = at.Input
		case *rel.Project, *rel.Sort, *rel.Limit, *rel.Lock, *rel.Distinct, *rel.Window:
			n = at.Inputs()[0]
		case *rel.Modify:
			if at.Input == nil {
				return "it writes one row"
			}
			if _, is := at.Input.(*rel.Rows); is {
				return "it writes one row"
			}
			n = at.Input
		case *rel.Single:
			return "it reads no table"
		case *rel.Filter, *rel.Join:
			return "its conditions fix a key"
		default:
			return "what it reads has one row at most"
		}
	}
	return ""
}
