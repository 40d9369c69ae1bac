// Package oracrosstables is the rule CV5007.
package oracrosstables

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds OR over indexed columns of different tables.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, c := range q.Conditions() {
		if c.Clause != rule.Where || c.Block.Query == nil {
			continue
		}
		for _, x := range rule.Conjuncts(c.X) {
			if or, ok := x.(*ir.Logical); ok && or.Op == "OR" {
				judge(q, or, c.Block)
			}
		}
	}
}

func judge(q *rule.Query, or *ir.Logical, in *sem.Block) {
	var of []*access.Access
	for _, a := range access.Of(q) {
		if a.Block == in {
			of = append(of, a)
		}
	}
	served := map[*access.Access]*rel.Column{}
	for _, arm := range rule.Disjuncts(or) {
		a, c := serves(q, arm, of)
		if a == nil {
			return
		}
		served[a] = c
	}
	if len(served) < 2 {
		return
	}
	for _, a := range of {
		for _, c := range a.Conds {
			if c.Needs.Empty() && (c.Op == access.Equal || c.Op == access.In || c.Op == access.Range) && c.Within == nil && a.Finds(c) {
				return // that narrows the rows already
			}
		}
	}
	var names []string
	for _, a := range of {
		if c := served[a]; c != nil {
			names = append(names, a.Relation.Name+"."+c.Name)
		}
	}
	q.Add(q.At(or, "no index serves this OR: %s are of different tables, so all rows are joined before it is asked", rule.List(names)).
		WithHelp("write a query for each side and put them together by UNION: then each side uses its index"))
}

// serves finds the table of which an index serves one side of an OR, and the column.
func serves(q *rule.Query, arm ir.Expr, of []*access.Access) (*access.Access, *rel.Column) {
	for _, x := range rule.Conjuncts(arm) {
		var key ir.Expr
		var values []ir.Expr
		switch x := x.(type) {
		case *ir.Binary:
			if x.Op != "=" {
				continue
			}
			key, values = x.L, []ir.Expr{x.R}
			if q.Column(key) == nil {
				key, values = x.R, []ir.Expr{x.L}
			}
		case *ir.In:
			if x.Not || x.Query != nil {
				continue
			}
			key, values = x.X, x.List
		default:
			continue
		}
		id := q.Value(key).Column
		constant := true
		for _, v := range values {
			constant = constant && q.Value(v).Uses.Empty()
		}
		if id == 0 || !constant {
			continue
		}
		for _, a := range of {
			if !a.Relation.Columns.Has(id) {
				continue
			}
			for _, p := range a.Paths {
				if p.Ordered() && p.Where == nil && len(p.Parts) > 0 && p.Has(q.ByID(id).Source) == 0 {
					return a, q.ByID(id)
				}
			}
		}
	}
	return nil, nil
}
