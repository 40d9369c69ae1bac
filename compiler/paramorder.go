package compiler

import (
	"sort"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
)

// renumber numbers the named parameters of a statement in the order in which sqlc does: not
// that of the text, but that of its clauses, so that OFFSET comes before LIMIT and WITH
// last. The order decides the arguments' order and the names of those that would be alike.
func renumber(s *token.Statement, tree ir.Statement) {
	if len(s.Params) < 2 {
		return
	}
	var o paramOrder
	if s.Renumbers() {
		o.visit(tree)
	}
	s.Renumber(o.refs)
}

type paramOrder struct{ refs []int }

// visit appends the parameters below n. Between clauses the order is sqlc's, inside of one
// it is the text's, in which a query in parentheses has the place of its first parameter.
func (o *paramOrder) visit(n ir.Node) {
	for _, clause := range clauses(n) {
		type place struct {
			ref   int
			query ir.Node // nil: the parameter itself
		}
		var places []place
		for _, part := range clause {
			ir.Walk(part, func(c ir.Node) bool {
				if p, ok := c.(*ir.Param); ok {
					places = append(places, place{p.Ref, nil})
					return false
				}
				if !hasClauses(c) {
					return true
				}
				if ref, ok := firstParam(c); ok {
					places = append(places, place{ref, c})
				}
				return false
			})
		}
		sort.Slice(places, func(i, j int) bool { return places[i].ref < places[j].ref })
		for _, p := range places {
			if p.query == nil {
				o.refs = append(o.refs, p.ref)
			} else {
				o.visit(p.query)
			}
		}
	}
}

// firstParam is the first parameter of the text below n.
func firstParam(n ir.Node) (ref int, ok bool) {
	ir.Walk(n, func(c ir.Node) bool {
		if p, is := c.(*ir.Param); is && (!ok || p.Ref < ref) {
			ref, ok = p.Ref, true
		}
		return true
	})
	return ref, ok
}

func hasClauses(n ir.Node) bool {
	switch n.(type) {
	case *ir.Select, *ir.SetOp, *ir.Values, *ir.Insert, *ir.Update, *ir.Delete:
		return true
	}
	return false
}

// clauses lists the parts of a query or statement in sqlc's order; a node of another kind
// is one clause of all its parts.
func clauses(n ir.Node) [][]ir.Node {
	switch n := n.(type) {
	case *ir.Select:
		head := [][]ir.Node{
			append(nodes(n.DistinctOn), pointers(n.Items)...), nodes(n.From), one(n.Where), one(n.GroupBy),
			one(n.Having), pointers(n.Windows), one(n.Qualify),
		}
		return append(head, tail(&n.Tail)...)
	case *ir.SetOp:
		return append(tail(&n.Tail), one(n.L), one(n.R))
	case *ir.Values:
		var rows []ir.Node
		for _, r := range n.Rows {
			rows = append(rows, nodes(r)...)
		}
		return append([][]ir.Node{rows}, tail(&n.Tail)...)
	case *ir.Insert:
		return [][]ir.Node{pointers(n.Columns), one(n.Source), append(pointers(n.OnConflict), pointers(n.OnDuplicate)...),
			pointers(n.Returning), one(n.With)}
	case *ir.Update:
		return [][]ir.Node{nodes(n.Tables), pointers(n.Set), one(n.Where), nodes(n.From), pointers(n.OrderBy), one(n.Offset),
			one(n.Limit), pointers(n.Returning), one(n.With)}
	case *ir.Delete:
		return [][]ir.Node{nodes(n.Tables), nodes(n.From), one(n.Where), pointers(n.OrderBy), one(n.Offset), one(n.Limit),
			pointers(n.Returning), one(n.With)}
	}
	return [][]ir.Node{ir.Children(n)}
}

func tail(t *ir.Tail) [][]ir.Node {
	return [][]ir.Node{pointers(t.OrderBy), one(t.Offset), one(t.Limit), pointers(t.Locking), one(t.With)}
}

// one is a part that may be absent; ir.Walk passes over nil ones.
func one(n ir.Node) []ir.Node {
	if n == nil {
		return nil
	}
	return []ir.Node{n}
}

func nodes[T ir.Node](list []T) []ir.Node {
	out := make([]ir.Node, 0, len(list))
	for _, n := range list {
		out = append(out, n)
	}
	return out
}

// pointers makes nodes of a list of nodes by value.
func pointers[T any, P interface {
	*T
	ir.Node
}](list []T) []ir.Node {
	out := make([]ir.Node, 0, len(list))
	for i := range list {
		out = append(out, P(&list[i]))
	}
	return out
}
