// Package onemayreturnmany is the rule CV4301.
package onemayreturnmany

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds :one queries of which no key says that they find one row.
var Rule = rule.New(page, check)

var single = map[string]bool{"one": true, "maybe": true, "batchone": true}

func check(q *rule.Query) {
	if !single[q.Command] || q.Whole.Nested != nil || q.Rel == nil || len(q.Columns) == 0 || q.Rel.Props().Card.AtMost(1) || eitherOne(q.Rel) {
		return
	}
	var d diag.Diagnostic
	open := several(q.Rel)
	switch {
	case open == nil:
		d = q.AtName("%s is :%s, but nothing keeps it to one row: the first is returned, the others are dropped", q.Name, q.Command)
	case len(keys(open)) == 0:
		d = q.AtName("%s is :%s, but may find several rows of %s, which has no key: the first is returned, the others are dropped", q.Name, q.Command, open.Name)
	default:
		d = q.AtName("%s is :%s, but may find several rows of %s: its conditions fix no key of it, %s. The first is returned, the others are dropped",
			q.Name, q.Command, open.Name, strings.Join(keys(open), " or "))
	}
	if _, reads := q.Tree.(*ir.Select); !reads || !proved(q) {
		d.Severity = diag.Warning
	}
	if open != nil {
		d = d.WithLabel(open.Span, "%s is declared here", open.Name)
	}
	if _, is := q.Tree.(*ir.Select); is {
		d = d.WithHelp("declare UNIQUE what is, or make it :many, or take one with ORDER BY … LIMIT 1")
	} else {
		d = d.WithHelp("declare UNIQUE what is, or make it :many")
	}
	q.Add(d)
}

// eitherOne tells whether a query is a union of such of one row each, as UPDATE … RETURNING and else the row that is there: that only one of them
// has its row is what it is written for.
func eitherOne(n rel.Node) bool {
	switch at := n.(type) {
	case *rel.With:
		return eitherOne(at.Input)
	case *rel.Sort:
		return eitherOne(at.Input)
	case *rel.SetOp:
		return at.Op == "UNION" && eitherOne(at.L) && eitherOne(at.R)
	}
	return n.Props().Card.AtMost(1)
}

// several is a table of which there may be several rows; nil where it is none that is read directly.
func several(n rel.Node) *catalog.Table {
	switch at := n.(type) {
	case *rel.Modify:
		if at.Input == nil {
			return nil
		}
		return several(at.Input)
	case *rel.With:
		return several(at.Input)
	}
	fixed := n.Props().FDs.Closure(rel.ColSet{})
	for _, l := range rel.LeavesOf(n).List {
		if s, ok := l.Node.(*rel.Scan); ok && !fixed.Has(l.Row) && s.Table.Kind == catalog.BaseTable {
			return s.Table
		}
	}
	return nil
}

// keys are the keys of a table, as they are written.
func keys(t *catalog.Table) []string {
	var out []string
	add := func(columns []string) {
		if key := "(" + strings.Join(columns, ", ") + ")"; len(out) < 4 && !slices.Contains(columns, "") && !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	for _, c := range t.Constraints {
		if c.Kind == ir.PrimaryKey || c.Kind == ir.Unique {
			add(c.Columns)
		}
	}
	for _, x := range t.Indexes {
		if x.Unique && x.Where == "" {
			var columns []string
			for _, p := range x.Parts {
				columns = append(columns, p.Column)
			}
			add(columns)
		}
	}
	return out
}

// proved tells whether the schema has no key that keeps the query to one row: it plainly joins tables, of which all keys are
// known to be keys of columns, and its conditions are comparisons that do not exclude each other.
func proved(q *rule.Query) bool {
	s := q.Tree.(*ir.Select)
	if s.With != nil || s.GroupBy != nil || s.Having != nil || s.Distinct || s.Limit != nil || s.Offset != nil || s.Qualify != nil || len(s.From) == 0 {
		return false
	}
	for _, l := range rel.LeavesOf(q.Rel).List {
		scan, ok := l.Node.(*rel.Scan)
		if !ok || scan.Table.Kind != catalog.BaseTable {
			return false
		}
		for _, c := range scan.Table.Constraints {
			if c.Kind == ir.Exclude || (c.Kind == ir.PrimaryKey || c.Kind == ir.Unique) && (c.Deferrable || slices.Contains(c.Columns, "")) {
				return false
			}
		}
		for _, x := range scan.Table.Indexes {
			for _, p := range x.Parts {
				if x.Unique && (p.Column == "" || x.Where != "") {
					return false
				}
			}
		}
	}
	plain := true
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		switch n := n.(type) {
		case *ir.Logical:
			plain = plain && n.Op == "AND"
		case ir.Query:
			plain = plain && n == ir.Query(s)
		case *ir.FuncCall, *ir.Case, *ir.Opaque:
			plain = false
		}
		return plain
	})
	return plain
}
