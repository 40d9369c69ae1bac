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
	takes, readers := takesOrder(q), readersOf(q)
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		var sub ir.Query
		switch n := n.(type) {
		case *ir.Derived:
			if sub = n.Query; takes[in] {
				return true
			}
		case *ir.CTE:
			sub = n.Query
			for _, k := range readers[strings.ToLower(n.Name.Name)] {
				if takes[k] {
					return true
				}
			}
		case *ir.In:
			if sub = n.Query; changes {
				return true // dml-limit-no-order's
			}
		case *ir.Quantified:
			sub = n.Query
		case *ir.Exists:
			sub = n.Query
		}
		tail := rule.Tail(sub)
		if sub == nil || tail == nil || len(tail.OrderBy) == 0 || tail.Limit != nil || tail.Offset != nil || len(tail.Locking) > 0 {
			return true
		}
		if s, ok := sub.(*ir.Select); ok && len(s.DistinctOn) > 0 {
			return true
		}
		first, last := &tail.OrderBy[0], &tail.OrderBy[len(tail.OrderBy)-1]
		what, help := "this orders a subquery, and nothing keeps the order: the query around it may read its rows in any", "move ORDER BY to the outermost query"
		if _, ok := n.(*ir.Exists); ok {
			what, help = "EXISTS asks only whether there is a row, which no order changes", "leave ORDER BY out"
		}
		d := q.At(first, "%s", what)
		d.Span = d.Span.Cover(last.Span())
		q.Add(d.WithHelp("%s", help))
		return true
	})
}

// readersOf are the blocks that read a common table expression, by its name in small letters.
func readersOf(q *rule.Query) map[string][]*sem.Block {
	out := map[string][]*sem.Block{}
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		if t, ok := n.(*ir.TableRef); ok && len(t.Name.Parts) == 1 {
			name := strings.ToLower(t.Name.Last())
			out[name] = append(out[name], in)
		}
		return true
	})
	return out
}

// takesOrder are the blocks that take the order of what they read over.
func takesOrder(q *rule.Query) map[*sem.Block]bool {
	out := map[*sem.Block]bool{}
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		switch n := n.(type) {
		case *ir.FuncCall:
			f := n
			w := ir.Window{}
			if f.Over != nil {
				w = q.Window(in, f.Over)
			}
			if f.Over != nil && len(w.OrderBy) == 0 || f.Over == nil && ordered[strings.ToLower(f.Name.Last())] && len(f.OrderBy) == 0 {
				out[in] = true
			}
			if q.Value(f).Volatile {
				out[in] = true // rows are worked on one by one: locks, sequences
			}
		case *ir.Insert:
			if s, ok := n.Source.(*ir.Select); ok && len(s.From) == 1 {
				out[q.Block(s)] = true // rows are written as they come
			}
		case *ir.Subquery:
			if k := q.Block(n.Query); n.Array && k != nil {
				out[k] = true
			}
		}
		return true
	})
	return out
}
