// Package scalarsubquerymultirow is the rule CV4122.
package scalarsubquerymultirow

import (
	_ "embed"
	"slices"

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
		if !known(q, k, relations) {
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

// known tells whether all is known that could bound the rows: they are of tables whose keys are known.
func known(q *rule.Query, k *sem.Block, list []*sem.Relation) bool {
	for _, r := range list {
		switch {
		case r.Table == nil && !scans(r.Node):
			return false // what an argument or a function gives is unique or not by means of its own
		case r.Table != nil && (r.Table.Kind != catalog.BaseTable || r.Table.Span.IsZero()):
			return false // not all keys of a view are known, nor those of the server's own tables
		}
	}
	functions := false
	q.WalkFrom(k.Query, k, func(n ir.Node, in *sem.Block) bool {
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
