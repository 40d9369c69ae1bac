// Package orderinsubquery is the rule CV4205.
package orderinsubquery

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds orders that nothing keeps.
var Rule = rule.New(page, check)

// ordered are the aggregates that take the order of the rows over.
var ordered = map[string]bool{"array_agg": true, "string_agg": true, "json_agg": true, "jsonb_agg": true, "xmlagg": true, "group_concat": true,
	"json_group_array": true, "json_group_object": true, "json_arrayagg": true, "json_object_agg": true, "jsonb_object_agg": true, "first": true, "last": true}

func check(q *rule.Query) {
	changes := false
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		switch n.(type) {
		case *ir.Update, *ir.Delete:
			changes = true
		}
		return true
	})
	takes := takesOrder(q)
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		var sub ir.Query
		switch n := n.(type) {
		case *ir.Derived:
			sub = n.Query
			if takes[in] {
				return true
			}
		case *ir.CTE:
			sub = n.Query
			if len(takes) > 0 {
				return true // who reads it may be any of them
			}
		case *ir.In:
			if sub = n.Query; changes {
				return true // dml-limit-no-order's
			}
		}
		tail := rule.Tail(sub)
		if sub == nil || tail == nil || len(tail.OrderBy) == 0 || tail.Limit != nil || tail.Offset != nil || len(tail.Locking) > 0 {
			return true
		}
		if s, ok := sub.(*ir.Select); ok && len(s.DistinctOn) > 0 {
			return true
		}
		first, last := &tail.OrderBy[0], &tail.OrderBy[len(tail.OrderBy)-1]
		d := q.At(first, "this orders a subquery, and nothing keeps the order: the query around it may read its rows in any")
		d.Span = d.Span.Cover(last.Span())
		q.Add(d.WithHelp("move ORDER BY to the outermost query"))
		return true
	})
}

// takesOrder are the blocks that take the order of what they read over.
func takesOrder(q *rule.Query) map[*sem.Block]bool {
	out := map[*sem.Block]bool{}
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		switch f := n.(type) {
		case *ir.FuncCall:
			w := ir.Window{}
			if f.Over != nil {
				w = q.Window(in, f.Over)
			}
			if f.Over != nil && len(w.OrderBy) == 0 || f.Over == nil && ordered[strings.ToLower(f.Name.Last())] && len(f.OrderBy) == 0 {
				out[in] = true
			}
		case *ir.Subquery:
			if k := q.Block(f.Query); f.Array && k != nil {
				out[k] = true
			}
		}
		return true
	})
	return out
}
