// Package scalarsubquerymultirow is the rule CV4122.
package scalarsubquerymultirow

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds queries that stand for one value and are not proved to give one row at most.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, x := range rule.Exprs[*ir.Subquery](q) {
		k := q.Block(x.Query)
		if x.Array || k == nil || k.Node == nil || k.Node.Props().Card.AtMost(1) {
			continue
		}
		sel, ok := x.Query.(*ir.Select)
		if !ok || len(sel.From) == 0 || sel.Limit != nil {
			continue // rows of a set operation and those that an argument limits are counted by whoever wrote it so
		}
		relations := q.RelationsIn(k)
		if !known(q, sel, k, relations) {
			continue
		}
		d := q.At(x, "this subquery stands for one value, but nothing keeps it from giving several rows: then the query fails")
		if q.Package.Engine == catalog.SQLite {
			d = q.At(x, "this subquery stands for one value, but nothing keeps it from giving several rows: then any one of them is taken")
		}
		for _, r := range relations {
			if r.Table == nil || len(d.Labels) > 1 {
				continue
			}
			if keys := rule.Keys(r.Table); keys != "" {
				d = d.WithLabel(r.Table.Span, "%s is unique in %s, which the subquery does not fix", r.Table.Name, keys)
			} else {
				d = d.WithLabel(r.Table.Span, "%s has no key", r.Table.Name)
			}
		}
		q.Add(d.WithHelp("compare all columns of a key, declare as UNIQUE what is, or say which row is meant: an aggregate, or ORDER BY … LIMIT 1"))
	}
}

// known tells whether all is known that could bound the rows: they are of tables, and no key depends on a condition or an
// expression that the query might meet, nor is there a table of one row.
func known(q *rule.Query, sel *ir.Select, k *sem.Block, list []*sem.Relation) bool {
	fixed := map[string]bool{} // columns and expressions that are compared with one value
	for _, c := range rule.Conjuncts(sel.Where) {
		b, ok := c.(*ir.Binary)
		if !ok || b.Op != "=" && b.Op != "IS NOT DISTINCT FROM" && b.Op != "<=>" {
			continue
		}
		for _, side := range []ir.Expr{b.L, b.R} {
			for _, r := range q.Refs(side) {
				if c := q.Column(r); c != nil && c.Source != nil {
					fixed[strings.ToLower(c.Table.Name+"."+c.Source.Name)] = true
				}
			}
		}
	}
	for _, r := range list {
		if r.Table == nil {
			if !scans(r.Node) {
				return false // what an argument or a function gives is unique or not by means of its own
			}
			continue
		}
		if r.Table.Kind != catalog.BaseTable || r.Table.Span.IsZero() {
			return false // views and the server's own tables have keys that are not known
		}
		for _, ix := range r.Table.Indexes {
			special := ix.Where != "" || ix.WhereExpr != nil
			met := true
			for _, p := range ix.Parts {
				special = special || p.Column == ""
				met = met && (p.Column == "" || fixed[strings.ToLower(r.Table.Name+"."+p.Column)])
			}
			if ix.Unique && special && met {
				return false
			}
		}
		if single(r.Table, q.Package.Traits.CaselessNames) {
			return false
		}
	}
	functions := false
	q.WalkFrom(sel, k, func(n ir.Node, in *sem.Block) bool {
		if _, ok := n.(*ir.TableFunc); ok && in == k {
			functions = true
		}
		return in == k
	})
	return !functions
}

// scans tells whether tables are read for a relation.
func scans(n rel.Node) bool {
	switch n := n.(type) {
	case nil:
		return false
	case *rel.Scan:
		return true
	case *rel.CTEScan:
		return scans(n.Definition)
	}
	return slices.ContainsFunc(n.Inputs(), scans)
}

// single tells whether a check leaves a key one value: CHECK (id = 1), CHECK (only).
func single(t *catalog.Table, caseless bool) bool {
	same := func(a, b string) bool { return a == b || caseless && strings.EqualFold(a, b) }
	for _, key := range t.Constraints {
		if key.Kind != ir.PrimaryKey && key.Kind != ir.Unique || len(key.Columns) != 1 {
			continue
		}
		for _, c := range t.Constraints {
			if c.Kind != ir.Check {
				continue
			}
			x := c.X
			if b, ok := x.(*ir.Binary); ok && b.Op == "=" {
				if _, constant := b.R.(*ir.Literal); constant {
					x = b.L
				} else if _, constant := b.L.(*ir.Literal); constant {
					x = b.R
				}
			}
			if ref, ok := x.(*ir.ColumnRef); ok && same(ref.Parts[len(ref.Parts)-1].Name, key.Columns[0]) {
				return true
			}
		}
	}
	return false
}
