// Package outercolumncapture is the rule CV4124.
package outercolumncapture

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds names in a subquery that its own tables do not have, so that they mean a column of the query around.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		switch x := n.(type) {
		case *ir.In:
			judge(q, x.Query, true)
		case *ir.Quantified:
			judge(q, x.Query, true)
		case *ir.Subquery:
			judge(q, x.Query, true)
		case *ir.Exists:
			judge(q, x.Query, false) // what it selects does not matter
		}
		return true
	})
}

// judge judges the blocks of a subquery.
func judge(q *rule.Query, x ir.Query, selects bool) {
	switch x := x.(type) {
	case *ir.SetOp:
		judge(q, x.L, selects)
		judge(q, x.R, selects)
	case *ir.Select:
		k := q.Block(x)
		if k == nil || len(x.From) == 0 {
			return
		}
		if ref := selected(q, x, k); selects && ref != nil {
			q.Add(report(q, ref, k, "so the subquery gives the same value for each of its rows"))
		} else if ref := condition(q, x, k); ref != nil {
			q.Add(report(q, ref, k, "so the condition chooses none of the subquery's rows: it holds for all of them or for none"))
		}
	}
}

// captured tells of the columns of an expression whether all are of queries around, and gives the first that is written without
// its table.
func captured(q *rule.Query, x ir.Expr, k *sem.Block) (first *ir.ColumnRef, all bool) {
	refs := q.Refs(x)
	for _, r := range refs {
		id := q.Value(r).Column
		if id == 0 || q.Own(id, k) || !around(q, id, k) {
			return nil, false
		}
		if len(r.Parts) == 1 && first == nil {
			first = r
		}
	}
	return first, len(refs) > 0
}

func around(q *rule.Query, id rel.ColID, k *sem.Block) bool {
	for at := k.Parent; at != nil; at = at.Parent {
		if q.Own(id, at) {
			return true
		}
	}
	return false
}

// selected finds an item of the select list that reads none of the subquery's own columns, though it is written as if.
func selected(q *rule.Query, s *ir.Select, k *sem.Block) *ir.ColumnRef {
	if len(s.Items) != 1 {
		return nil
	}
	first, all := captured(q, s.Items[0].X, k)
	if !all || first == nil || asks(s.Items[0].X) {
		return nil
	}
	return first
}

// condition finds a condition that reads none of the subquery's own columns, where nothing else ties the subquery to the query
// around.
func condition(q *rule.Query, s *ir.Select, k *sem.Block) (found *ir.ColumnRef) {
	tied := k.Outer
	for _, c := range rule.Conjuncts(s.Where) {
		b, ok := c.(*ir.Binary)
		if !ok || asks(b) {
			continue
		}
		first, all := captured(q, b, k)
		if !all || first == nil {
			continue
		}
		if found == nil {
			found = first
		}
		for _, r := range q.Refs(b) {
			tied = tied.Minus(rel.MakeColSet(q.Value(r).Column))
		}
	}
	// A column that is read here and in another condition too ties them.
	if found != nil {
		for _, c := range rule.Conjuncts(s.Where) {
			if _, all := captured(q, c, k); !all && q.Value(c).Uses.Intersects(k.Outer) {
				return nil
			}
		}
	}
	if !tied.Empty() {
		return nil
	}
	return found
}

// asks tells whether an expression has a query in it.
func asks(x ir.Expr) bool {
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		_, is := n.(ir.Query)
		found = found || is
		return !found
	})
	return found
}

func report(q *rule.Query, ref *ir.ColumnRef, k *sem.Block, so string) (d diag.Diagnostic) {
	name := ref.Parts[0].Name
	var own []string
	for _, r := range q.RelationsIn(k) {
		own = append(own, r.Name)
	}
	outer := q.RelationOf(q.Value(ref).Column)
	of := "the query around"
	if outer != nil && outer.Name != "" {
		of = outer.Name
	}
	d = q.At(ref, "%s has no column %s: here it is %s's, of the query around, %s", strings.Join(own, ", "), name, of, so)
	if of == "the query around" {
		d = q.At(ref, "%s has no column %s: here it is that of the query around, %s", strings.Join(own, ", "), name, so)
	}
	for _, r := range q.RelationsIn(k) {
		if r.Table != nil && len(d.Labels) < 2 {
			var has []string
			for _, c := range r.Table.Columns {
				has = append(has, c.Name)
			}
			d = d.WithLabel(r.Table.Span, "%s has: %s", r.Table.Name, strings.Join(has, ", "))
		}
	}
	if outer != nil && outer.Name != "" {
		return d.WithHelp("name the column that is meant; if it is this one, write %s.%s", outer.Name, name)
	}
	return d.WithHelp("name the column that is meant, with its table in front")
}
