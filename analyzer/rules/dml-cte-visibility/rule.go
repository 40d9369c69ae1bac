// Package dmlctevisibility is the rule CV4503.
package dmlctevisibility

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds statements that read a table which one of their common table expressions writes.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	main, ok := q.Tree.(ir.Query)
	if !ok {
		return
	}
	w := with(main)
	if w == nil {
		return
	}
	for i := range w.CTEs {
		cte := &w.CTEs[i]
		verb, target := written(q, cte.Query)
		if target == nil {
			continue
		}
		read := named(q, w, cte)
		for _, k := range q.Bound.Blocks() {
			if inside(k, w, q) {
				continue
			}
			judge(q, cte, k, verb, target, read)
		}
	}
}

func with(x ir.Query) *ir.With {
	switch x := x.(type) {
	case *ir.Select:
		return x.With
	case *ir.SetOp:
		return x.With
	case *ir.Update:
		return x.With
	case *ir.Delete:
		return x.With
	}
	return nil
}

// written is what a query does to which table.
func written(q *rule.Query, x ir.Query) (verb string, t *catalog.Table) {
	table := func(e ir.TableExpr) *catalog.Table {
		if r := q.Relation(e); r != nil {
			return r.Table
		}
		return nil
	}
	switch x := x.(type) {
	case *ir.Insert:
		return "inserts into", table(x.Table)
	case *ir.Update:
		if len(x.Tables) == 1 {
			return "updates", table(x.Tables[0])
		}
	case *ir.Delete:
		if len(x.Tables) == 1 {
			return "deletes from", table(x.Tables[0])
		}
	}
	return "", nil
}

// inside tells whether a block is of one of the common table expressions.
func inside(k *sem.Block, w *ir.With, q *rule.Query) bool {
	for at := k; at != nil; at = at.Parent {
		for i := range w.CTEs {
			if q.Block(w.CTEs[i].Query) == at {
				return true
			}
		}
	}
	return false
}

// named tells whether anything reads what a common table expression returns.
func named(q *rule.Query, w *ir.With, cte *ir.CTE) bool {
	found := false
	ir.Walk(q.Tree, func(n ir.Node) bool {
		if t, ok := n.(*ir.TableRef); ok && len(t.Name.Parts) == 1 && t.Name.Last() == cte.Name.Name {
			found = true
		}
		return !found && n != ir.Node(cte)
	})
	return found
}

// beside tells whether an outer join puts the written rows beside those that were there: then both are looked at.
func beside(x ir.Query, cte *ir.CTE) bool {
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		if j, ok := n.(*ir.Join); ok && j.Kind != ir.InnerJoin {
			for _, t := range append(rule.Leaves(j.L), rule.Leaves(j.R)...) {
				if r, ok := t.(*ir.TableRef); ok && r.Name.Last() == cte.Name.Name {
					found = true
				}
			}
		}
		return !found
	})
	return found
}

// touched tells whether a block reads of a relation what is changed: any column where rows come and go, else one that is set.
func touched(q *rule.Query, cte *ir.CTE, k *sem.Block, r *sem.Relation) bool {
	u, ok := cte.Query.(*ir.Update)
	if !ok {
		return true
	}
	read := q.Reads(k.Query)
	for _, c := range k.Columns {
		read = read.With(c.ID)
	}
	found := false
	r.Columns.Intersect(read).Each(func(id rel.ColID) {
		for i := range u.Set {
			for _, t := range u.Set[i].Targets {
				found = found || t.Name.Name == q.ByID(id).Name
			}
		}
	})
	return found
}

// judge judges a block that reads the table which a common table expression writes: where nobody reads what that returns, or where
// the two are joined, the new rows are what is wanted.
func judge(q *rule.Query, cte *ir.CTE, k *sem.Block, verb string, target *catalog.Table, read bool) {
	var scan ir.TableExpr
	joined, alias := false, ""
	writes := false
	q.WalkFrom(k.Query, k, func(n ir.Node, in *sem.Block) bool {
		if _, ok := n.(*ir.With); ok || in != k {
			return false
		}
		t, ok := n.(*ir.TableRef)
		if !ok {
			return true
		}
		r := q.Relation(t)
		if r == nil {
			return true
		}
		if r.Table == target && scan == nil {
			scan, alias = t, strings.ToLower(r.Name)
		}
		joined = joined || r.Table == nil && len(t.Name.Parts) == 1 && t.Name.Last() == cte.Name.Name
		return true
	})
	switch k.Query.(type) {
	case *ir.Update, *ir.Delete:
		writes = true
	}
	if scan == nil || read && (!joined || verb == "deletes from") {
		return // the rows that were there are put beside those that were written, or those that go are shown
	}
	if joined && beside(k.Query, cte) || !writes && !touched(q, cte, k, q.Relation(scan)) {
		return
	}
	for _, word := range []string{"old", "prev", "before", "orig"} {
		if strings.Contains(alias, word) {
			return
		}
	}
	if writes && (read || verb == "inserts into") {
		return // what is done to rows found by what was returned
	}
	d := q.At(scan, "%s is read as it was before: %s, which %s it, is not seen", target.Name, cte.Name.Name, verb)
	if writes {
		d = q.At(scan, "%s %s %s too: of a row that both write only one change takes place, and which one is not defined", cte.Name.Name, verb, target.Name)
	}
	q.Add(d.WithLabel(cte.Name.Span(), "all parts of a statement see the rows as they were when it began").
		WithHelp("read what RETURNING of %s gives, or write two statements in a transaction", cte.Name.Name))
}
