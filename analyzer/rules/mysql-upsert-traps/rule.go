// Package mysqlupserttraps is the rule CV4407.
package mysqlupserttraps

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds upserts that do more than they seem to.
var Rule = rule.NewPackage(page, check)

// check tells of IGNORE once: whoever writes it hides errors by habit.
func check(p *rule.Package) {
	var ignores []diag.Diagnostic
	p.Each(func(q *rule.Query) {
		judge(q, func(d diag.Diagnostic) {
			if len(ignores) == 0 || !slices.ContainsFunc(ignores, func(o diag.Diagnostic) bool { return o.Query == d.Query }) {
				ignores = append(ignores, d)
			}
		})
	})
	if len(ignores) == 0 {
		return
	}
	first, more := ignores[0], ignores[1:]
	var names []string
	for _, d := range more[:min(len(more), 3)] {
		names = append(names, d.Query)
	}
	switch {
	case len(more) > 3:
		first = first.WithHelp("so do %s and %d more queries", strings.Join(names, ", "), len(more)-3)
	case len(more) > 1:
		first = first.WithHelp("so do %s", rule.List(names))
	case len(more) == 1:
		first = first.WithHelp("so does %s", names[0])
	}
	p.Add(first)
}

// judge reports what is wrong with one statement alone; IGNORE is told to ignore.
func judge(q *rule.Query, ignore func(diag.Diagnostic)) {
	for _, in := range rule.Exprs[*ir.Insert](q) {
		at := in.Table
		switch {
		case in.Or == "REPLACE":
			d := q.At(at, "REPLACE deletes the rows of %s that stand in the way and inserts new ones: what is not given is lost, and what refers to them may be deleted too", at.Name.Last())
			q.Add(d.WithHelp("write INSERT … ON DUPLICATE KEY UPDATE with the columns that change"))
		case in.Or == "IGNORE":
			d := q.At(at, "IGNORE hides all errors, not that of a duplicate key alone: values that do not fit are cut, rows without their parent left out")
			ignore(d.WithHelp("write ON DUPLICATE KEY UPDATE with a column set to itself, to pass over duplicates alone"))
		case len(in.OnDuplicate) > 0:
			r := q.Relation(at)
			if r == nil || r.Table == nil {
				continue
			}
			if keys := given(r.Table, in.Columns); len(keys) > 1 {
				q.Add(q.At(at, "ON DUPLICATE KEY does not say which key is meant, and the row may collide in %s: it updates any one row that it collides with", strings.Join(keys, " and ")).
					WithLabel(r.Table.Span, "%s is declared here", r.Table.Name).
					WithHelp("look for the row by the key that is meant, and update it by that"))
			}
		}
	}
}

// given are the unique keys of a table to which an INSERT gives values. A primary key of one column, or one called id, is passed
// over beside another key: it mostly is a number or UUID made for the row.
func given(t *catalog.Table, columns []ir.Target) []string {
	var out []string
	for _, c := range t.Constraints {
		if c.Kind != ir.PrimaryKey && c.Kind != ir.Unique || len(c.Columns) == 0 {
			continue
		}
		if len(c.Columns) == 1 && (c.Kind == ir.PrimaryKey || strings.EqualFold(c.Columns[0], "id")) {
			continue
		}
		all := true
		for _, name := range c.Columns {
			all = all && (len(columns) == 0 || slices.ContainsFunc(columns, func(t ir.Target) bool { return strings.EqualFold(t.Name.Name, name) }))
		}
		wider := slices.ContainsFunc(t.Constraints, func(o *catalog.Constraint) bool {
			return o != c && (o.Kind == ir.PrimaryKey || o.Kind == ir.Unique) && len(o.Columns) < len(c.Columns) && within(o.Columns, c.Columns)
		})
		if all && !wider {
			out = append(out, "("+strings.Join(c.Columns, ", ")+")")
		}
	}
	return out
}

func within(some, all []string) bool {
	for _, s := range some {
		if !slices.ContainsFunc(all, func(a string) bool { return strings.EqualFold(a, s) }) {
			return false
		}
	}
	return true
}
