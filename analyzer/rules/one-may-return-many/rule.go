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
	if !single[q.Command] || q.Whole.Nested != nil || q.Rel == nil || len(q.Columns) == 0 || q.Rel.Props().Card.AtMost(1) || eitherOne(q.Rel) || meant(q) || open(q) {
		return
	}
	var d diag.Diagnostic
	table := several(q.Rel)
	switch {
	case table == nil:
		d = q.AtName("%s is :%s, but nothing keeps it to one row: the first is returned, the others are dropped", q.Name, q.Command)
	case len(keys(table)) == 0:
		d = q.AtName("%s is :%s, but may find several rows of %s, which has no key: the first is returned, the others are dropped", q.Name, q.Command, table.Name)
	default:
		d = q.AtName("%s is :%s, but may find several rows of %s: its conditions fix no key of it, %s. The first is returned, the others are dropped",
			q.Name, q.Command, table.Name, strings.Join(keys(table), " or "))
	}
	if _, reads := q.Tree.(*ir.Select); !reads || !proved(q) {
		d.Severity = diag.Warning
	}
	if table != nil {
		d = d.WithLabel(table.Span, "%s is declared here", table.Name)
	}
	if _, is := q.Tree.(*ir.Select); is {
		d = d.WithHelp("declare UNIQUE what is, or make it :many, or take one with ORDER BY … LIMIT 1")
	} else {
		d = d.WithHelp("declare UNIQUE what is, or make it :many")
	}
	q.Add(d)
}

// open tells of a query that it may well find one row, though no key says so: it reads a view or a partitioned table, whose keys are not
// all known or can not be declared, or looks up by the rows of a subquery, or by either of several columns.
func open(q *rule.Query) bool {
	found := false
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		switch n := n.(type) {
		case *ir.TableRef:
			if r := q.Relation(n); r != nil && r.Table != nil && (r.Table.Kind != catalog.BaseTable || r.Table.Partition != "") {
				found = true
			}
		case *ir.In:
			found = found || n.Query != nil && !n.Not && in != nil && in.Parent == nil
		case *ir.Logical:
			if n.Op == "OR" && in != nil && in.Parent == nil {
				lookups := 0
				for _, x := range n.Args {
					for _, c := range rule.Conjuncts(x) {
						if eq, ok := c.(*ir.Binary); ok && eq.Op == "=" && q.Value(eq.L).Column != 0 {
							if _, given := eq.R.(*ir.Param); given {
								lookups++
								break
							}
						}
					}
				}
				found = found || lookups == len(n.Args)
			}
		}
		return true
	})
	return found
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

// meant tells whether all that may multiply the rows is what no key can say: the rows of a view of which no key is known, or those that a
// column names which gives no value twice; and groups that HAVING or a query in FROM chooses.
func meant(q *rule.Query) bool {
	if s, ok := q.Tree.(*ir.Select); ok && s.GroupBy != nil {
		if s.Having != nil {
			return true
		}
		if len(s.From) == 1 {
			if _, ok := s.From[0].(*ir.Derived); ok {
				return true // what a query in FROM fixes may fix the groups
			}
		}
	}
	n := q.Rel
	for {
		w, ok := n.(*rel.With)
		if !ok {
			break
		}
		n = w.Input
	}
	p := n.Props()
	held, changed := p.FDs.Closure(rel.ColSet{}), true
	for changed {
		changed = false
		for _, l := range rel.LeavesOf(n).List {
			if s, ok := l.Node.(*rel.Scan); ok && !held.Has(l.Row) && named(q, s, held) {
				held, changed = p.FDs.Closure(held.With(l.Row)), true
			}
		}
	}
	return !p.Rows.Empty() && p.Rows.SubsetOf(held)
}

// named tells whether held columns name one row of a table though they are no key of it: one counts, or is a random uuid; or the table is
// partitioned, which takes no key without the columns that it is partitioned by, and the others are held.
func named(q *rule.Query, s *rel.Scan, held rel.ColSet) bool {
	has := map[string]bool{}
	for _, id := range s.Props().Cols {
		c := q.ByID(id).Source
		if c == nil || !held.Has(id) {
			continue
		}
		has[c.Name] = true
		if c.Identity != "" || strings.HasPrefix(c.Default, "nextval(") || strings.Contains(strings.ToLower(c.Default), "uuid") {
			return true
		}
	}
	if s.Table.Kind != catalog.BaseTable {
		return len(s.Props().Keys()) == 0 || through(q, s.Table, has)
	}
	if s.Table.Partition == "" {
		return false
	}
	for _, c := range s.Table.Constraints {
		if c.Kind != ir.PrimaryKey && c.Kind != ir.Unique {
			continue
		}
		missing := 0
		for _, col := range c.Columns {
			if !has[col] && !strings.Contains(s.Table.Partition, col) {
				missing++
			}
		}
		if missing == 0 {
			return true
		}
	}
	return false
}

// through tells whether columns of a view have the names of a key of a table that it reads: a key with a column that may be NULL is none
// of the view, but finds one row all the same.
func through(q *rule.Query, view *catalog.Table, has map[string]bool) bool {
	reads := map[string]bool{}
	ir.Walk(view.Query, func(n ir.Node) bool {
		if t, ok := n.(*ir.TableRef); ok {
			reads[t.Name.Last()] = true
		}
		return true
	})
	for _, schema := range q.Package.Catalog.Schemas {
		for _, t := range schema.Tables {
			if !reads[t.Name] {
				continue
			}
			for _, c := range t.Constraints {
				if (c.Kind == ir.PrimaryKey || c.Kind == ir.Unique) && len(c.Columns) > 1 && !slices.ContainsFunc(c.Columns, func(col string) bool { return !has[col] }) {
					return true
				}
			}
		}
	}
	return false
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
