// Package onemayreturnmany is the rule CV4301.
package onemayreturnmany

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
)

//go:embed page.md
var page string

// Rule finds :one queries of which no key says that they find one row.
var Rule = rule.NewPackage(page, check)

var single = map[string]bool{"one": true, "maybe": true, "batchone": true}

// check tells of a table without a key once: all lookups in it may find several rows for one reason.
func check(p *rule.Package) {
	keyless := map[*catalog.Table]*diag.Diagnostic{}
	var order []*diag.Diagnostic
	more := map[*diag.Diagnostic][]string{}
	p.Each(func(q *rule.Query) {
		d, table, ok := judge(q)
		if !ok {
			return
		}
		first := keyless[table]
		if first == nil {
			order = append(order, &d)
			if table != nil && len(keys(table)) == 0 {
				keyless[table] = &d
			}
			return
		}
		if d.Severity > first.Severity {
			first.Severity = d.Severity
		}
		if first.Query != q.Name && !slices.Contains(more[first], q.Name) {
			more[first] = append(more[first], q.Name)
		}
	})
	for _, d := range order {
		if names := more[d]; len(names) > 0 {
			*d = d.WithHelp("it is the same with %s", rule.List(names))
		}
		p.Add(*d)
	}
}

// judge judges a query; table is the one of which there may be several rows, nil where none is known.
func judge(q *rule.Query) (d diag.Diagnostic, table *catalog.Table, ok bool) {
	if !single[q.Command] || q.Whole.Nested != nil || q.Rel == nil || len(q.Columns) == 0 || q.Rel.Props().Card.AtMost(1) || eitherOne(q.Rel) || meant(q) || open(q) || only(q) {
		return d, nil, false
	}
	if d, sorts := first(q); sorts {
		return d, nil, true
	}
	table = several(q.Rel)
	if table != nil && (table.Span.File != nil && table.Span.File == q.Source.Span.File || passing(q, table)) {
		return d, nil, false // a sketch of the table, whose keys are elsewhere
	}
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
	return d, table, true
}

// first judges a query that sorts its rows: the first is the one that is meant, but without LIMIT 1 the server prepares them all.
func first(q *rule.Query) (d diag.Diagnostic, ok bool) {
	s, is := q.Tree.(*ir.Select)
	if !is || len(s.OrderBy) == 0 || s.Limit != nil || s.Offset != nil {
		return d, false
	}
	last := s.OrderBy[len(s.OrderBy)-1].Span()
	d = q.AtName("%s is :%s and takes the first row, but has no LIMIT 1: the server finds, sorts and sends them all", q.Name, q.Command)
	d.Severity = diag.Warning
	return d.WithLabel(last, "they are sorted here").WithHelp("end with LIMIT 1").
		WithFix(diag.Fix{Title: "add LIMIT 1", Edits: []diag.Edit{{Span: source.Span{File: last.File, Start: last.End, End: last.End}, New: " LIMIT 1"}}}), true
}

// only tells of a query for the row of a table that holds one: it says nothing of which one, and though the program inserts the row, no
// query lists rows of the table or asks for one by what it has.
func only(q *rule.Query) bool {
	s, ok := q.Tree.(*ir.Select)
	if !ok || len(s.From) != 1 || s.Where != nil || s.GroupBy != nil || s.Having != nil || s.With != nil || len(s.OrderBy) > 0 || len(q.Params) > 0 {
		return false
	}
	r := q.Relation(s.From[0])
	if r == nil || r.Table == nil || !access.Inserted(q.Package)[r.Table] || access.Growing(q.Package)[r.Table] {
		return false
	}
	return !slices.ContainsFunc(access.All(q.Package), func(a *access.Access) bool {
		of, reads := a.Query.Tree.(*ir.Select)
		return a.Table == r.Table && reads && len(of.From) > 0 && of.From[0] == ir.TableExpr(a.Ref) && (len(a.Conds) > 0 || a.Query.Command == "many")
	})
}

// passing tells of a query that it asks for what has not run out yet, by the clock: no key can say that there is one such row, and who asks
// wants to know whether there is any.
func passing(q *rule.Query, t *catalog.Table) bool {
	s, ok := q.Tree.(*ir.Select)
	if !ok {
		return false
	}
	return slices.ContainsFunc(rule.Conjuncts(s.Where), func(x ir.Expr) bool {
		b, ok := x.(*ir.Binary)
		if !ok || b.Op != ">" && b.Op != "<" && b.Op != ">=" && b.Op != "<=" {
			return false
		}
		for _, pair := range [2][2]ir.Expr{{b.L, b.R}, {b.R, b.L}} {
			c := q.Column(pair[0])
			if c != nil && c.Source != nil && c.Source.Table == t && q.Moment(pair[0]) != rule.NoMoment && q.Moment(pair[1]) != rule.NoMoment && q.Fixed(pair[1]) && !given(pair[1]) {
				return true
			}
		}
		return false
	})
}

// open tells of a query that it may well find one row, though no key says so: it reads a view or a partitioned table, whose keys are not
// all known or can not be declared, or looks up by the rows of a subquery, by either of several columns, or by an argument among those that
// a list has, as a name in a folder and those above it.
func open(q *rule.Query) bool {
	found := listed(q)
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

// listed tells whether a query looks up by an argument, and by a list of them that are no keys themselves.
func listed(q *rule.Query) bool {
	s, ok := q.Tree.(*ir.Select)
	if !ok || s.Where == nil {
		return false
	}
	list, lookup := false, false
	for _, x := range rule.Conjuncts(s.Where) {
		switch x := x.(type) {
		case *ir.Quantified:
			list = list || x.Op == "=" && !x.All && x.Array != nil && given(x.Array) && !key(q, x.X)
		case *ir.In:
			if p, ok := sole(x.List).(*ir.Param); ok && !x.Not {
				list = list || q.Param(p) != nil && q.Param(p).Slice && !key(q, x.X)
			}
		case *ir.Binary:
			lookup = lookup || x.Op == "=" && given(x.L) != given(x.R)
		}
	}
	return list && lookup
}

// key tells whether a column is a key of its table by itself.
func key(q *rule.Query, x ir.Expr) bool {
	c := q.Column(x)
	return c != nil && c.Source != nil && c.Source.Table != nil && slices.ContainsFunc(q.Package.Keys(c.Source.Table), func(k rule.Key) bool {
		return len(k.Columns) == 1 && k.Columns[0] == c.Source
	})
}

func sole(list []ir.Expr) ir.Expr {
	if len(list) != 1 {
		return nil
	}
	return list[0]
}

// given tells whether an expression is computed of an argument.
func given(x ir.Expr) bool {
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		_, is := n.(*ir.Param)
		found = found || is
		return !found
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
