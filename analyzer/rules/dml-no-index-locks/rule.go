// Package dmlnoindexlocks is the rule CV5025.
package dmlnoindexlocks

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds UPDATE and DELETE with conditions that no index could serve, which lock each row that they read.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, a := range access.Of(q) {
		where := condition(a)
		if !a.Target || where == nil || a.Reached() || a.Best(nil).Serves() || orphans(a, where) {
			continue
		}
		if _, wanted := a.Wanted(); wanted {
			continue // missing-index says so, with the index to make
		}
		what := "reads"
		if _, ok := a.Block.Query.(*ir.Delete); ok {
			what = "looks at"
		}
		q.Add(q.At(where, "no index finds the rows of %s, so %s locks every row that it %s: all of the table, until the transaction ends", a.Table.Name, q.Name, what).
			WithHelp("find the keys of the rows by a SELECT first, and change them by key").
			WithHelp("under READ COMMITTED the rows that do not match are let go again"))
	}
}

// orphans tells of a DELETE that it takes the rows without a partner: who looks for their keys first deletes rows that have got one since.
func orphans(a *access.Access, where ir.Expr) bool {
	if _, ok := a.Block.Query.(*ir.Delete); !ok {
		return false
	}
	for _, x := range rule.Conjuncts(where) {
		switch x := x.(type) {
		case *ir.Not:
			switch y := x.X.(type) {
			case *ir.Exists:
				return true
			case *ir.In:
				if y.Query != nil && !y.Not {
					return true
				}
			}
		case *ir.In:
			if x.Query != nil && x.Not {
				return true
			}
		case *ir.IsTest:
			// of another table, which a LEFT JOIN pads
			if c := a.Query.Value(x.X).Column; x.What == "NULL" && !x.Not && c != 0 && !a.Relation.Columns.Has(c) {
				return true
			}
		}
	}
	return false
}

func condition(a *access.Access) ir.Expr {
	switch n := a.Block.Query.(type) {
	case *ir.Update:
		return n.Where
	case *ir.Delete:
		return n.Where
	}
	return nil
}
