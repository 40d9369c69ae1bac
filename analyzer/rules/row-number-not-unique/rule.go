// Package rownumbernotunique is the rule CV4212.
package rownumbernotunique

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds rows that are taken by numbers which ties make arbitrary.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	if changes(q) {
		return // duplicates are deleted like this
	}
	for _, k := range q.Bound.Blocks() {
		s, ok := k.Query.(*ir.Select)
		if !ok {
			continue
		}
		for i := range s.Items {
			f, ok := s.Items[i].X.(*ir.FuncCall)
			if !ok || f.Over == nil || !strings.EqualFold(f.Name.Last(), "row_number") || s.Items[i].Alias == nil {
				continue
			}
			w := q.Window(k, f.Over)
			if q.Unties(k, w) || moment(q, w) || !taken(q, k, s.Items[i].Alias.Name) {
				continue
			}
			what := "rows that tie in this order are numbered in any"
			if len(w.OrderBy) == 0 {
				what = "rows are numbered in any order"
			}
			q.Add(q.At(f, "%s, and taken by their number: which ones are is up to the server", what).WithHelp("end the window's ORDER BY with a key"))
		}
	}
}

// changes tells whether a statement updates or deletes.
func changes(q *rule.Query) bool {
	found := false
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		switch n.(type) {
		case *ir.Update, *ir.Delete:
			found = true
		}
		return !found
	})
	return found
}

// moment tells whether a window sorts by a time that rows rarely share, or at random.
func moment(q *rule.Query, w ir.Window) bool {
	for i := range w.OrderBy {
		if v := q.Value(w.OrderBy[i].X); v.Volatile || q.FineMoment(v.Column) {
			return true
		}
	}
	return false
}

// taken tells whether a condition around block k asks for its column of that name.
func taken(q *rule.Query, k *sem.Block, name string) bool {
	var ids rel.ColSet
	for t, r := range relations(q) {
		if reads(r.Node, k.Node) && t != nil {
			r.Columns.Each(func(id rel.ColID) {
				if strings.EqualFold(q.ByID(id).Name, name) {
					ids = ids.With(id)
				}
			})
		}
	}
	for _, c := range q.Conditions() {
		if c.Clause != rule.When && q.Value(c.X).Uses.Intersects(ids) {
			return true
		}
	}
	return false
}

// relations are the queries and common table expressions that FROM reads.
func relations(q *rule.Query) map[ir.TableExpr]*sem.Relation {
	out := map[ir.TableExpr]*sem.Relation{}
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		if t, ok := n.(ir.TableExpr); ok {
			if r := q.Relation(t); r != nil && r.Table == nil {
				out[t] = r
			}
		}
		return true
	})
	return out
}

// reads tells whether a relation is the query n.
func reads(r, n rel.Node) bool {
	switch r := r.(type) {
	case *rel.Alias:
		return r.Input == n
	case *rel.CTEScan:
		return r.Definition == n
	}
	return false
}
