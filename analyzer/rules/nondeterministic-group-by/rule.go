// Package nondeterministicgroupby is the rule CV4119.
package nondeterministicgroupby

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

// Rule finds columns of grouped queries that have several values in a group. PostgreSQL and MySQL refuse them, and so does the
// compiler: it is for SQLite.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, k := range q.Bound.Blocks() {
		s, ok := k.Query.(*ir.Select)
		if !ok || k.Node == nil {
			continue
		}
		if agg, ok := rule.Below[*rel.Aggregate](k.Node); ok && extremes(q, s, k) != 1 {
			judge(q, s, k, agg)
		}
	}
}

// extremes counts calls of min() and max(): beside a single one all columns are of the row that has it (SQLite's manual, SELECT,
// 2.5: bare columns in an aggregate query).
func extremes(q *rule.Query, s *ir.Select, k *sem.Block) int {
	n := 0
	q.WalkFrom(s, k, func(x ir.Node, in *sem.Block) bool {
		if call, ok := x.(*ir.FuncCall); ok && in == k && q.Value(call).Aggregate {
			if name := strings.ToLower(call.Name.Last()); name == "min" || name == "max" {
				n++
			}
		}
		return true
	})
	return n
}

// dependencies are those of a node, and what queries in FROM know of their own columns. Of rows that an outer join pads the latter
// may say too much; then less is reported.
func dependencies(q *rule.Query, n rel.Node) rel.FDs {
	out := n.Props().FDs
	var down func(n rel.Node)
	under := func(n, query rel.Node) {
		if query == nil || len(n.Props().Cols) != len(query.Props().Cols) {
			return
		}
		out = out.Union(query.Props().FDs)
		for i, id := range n.Props().Cols {
			out = out.AddEqual(id, query.Props().Cols[i])
		}
		down(query)
	}
	down = func(n rel.Node) {
		switch n := n.(type) {
		case *rel.Alias:
			under(n, n.Input)
		case *rel.CTEScan:
			under(n, n.Definition)
		default:
			switch n := n.(type) {
			case *rel.Join:
				out = out.Union(partner(q, n))
			case *rel.Project:
				for _, it := range n.Items {
					if it.ByColumns {
						out = out.Add(it.Uses, rel.MakeColSet(it.ID))
					}
				}
			}
			for _, in := range n.Inputs() {
				down(in)
			}
		}
	}
	down(n)
	return out
}

// partner says of an outer join that what its condition reads determines the partner, where it compares a key of it.
func partner(q *rule.Query, j *rel.Join) (out rel.FDs) {
	pad := j.R
	switch {
	case j.Volatile || j.Lateral || j.On == nil:
		return out
	case j.Effective == rel.Right:
		pad = j.L
	case j.Effective != rel.Left:
		return out
	}
	own, p := rel.ColSet{}, pad.Props()
	cols := rel.MakeColSet(p.Cols...)
	for _, c := range rule.Conjuncts(j.On) {
		if b, ok := c.(*ir.Binary); ok && b.Op == "=" {
			for _, side := range []ir.Expr{b.L, b.R} {
				own = own.With(q.Value(side).Column)
			}
		}
	}
	if p.Rows.SubsetOf(p.FDs.Closure(own.Intersect(cols))) {
		out = out.Add(j.Reads.Minus(cols), cols)
	}
	return out
}

func judge(q *rule.Query, s *ir.Select, k *sem.Block, agg *rel.Aggregate) {
	if agg.Sets > 0 || agg.Input.Props().Card.AtMost(1) {
		return
	}
	var keys rel.ColSet
	for _, key := range agg.Keys {
		keys = keys.With(key.ID)
	}
	fixed := dependencies(q, agg.Input).Closure(keys)
	said := map[rel.ColID]bool{}
	report := func(at ir.Node, id rel.ColID) {
		if fixed.Has(id) || said[id] || !q.Own(id, k) {
			return
		}
		said[id] = true
		name := q.ByID(id).Name
		d := q.At(at, "%s is neither in GROUP BY nor inside an aggregate: it is taken from any row of the group", name).
			WithHelp("add %s to GROUP BY, or say which one is meant: min(%s), max(%s), group_concat(%s)", name, name, name, name)
		if s.GroupBy == nil {
			d = q.At(at, "%s stands beside an aggregate over all rows: it is taken from any of them", name).
				WithHelp("leave it out, group by it, or say which one is meant: min(%s), max(%s)", name, name)
		}
		q.Add(d)
	}
	var walk func(x ir.Node)
	walk = func(x ir.Node) {
		if e, ok := x.(ir.Expr); ok {
			for _, key := range agg.Keys {
				if key.X != nil && q.Same(e, key.X) {
					return
				}
			}
		}
		switch x := x.(type) {
		case ir.Query:
			return
		case *ir.FuncCall:
			if q.Value(x).Aggregate {
				return
			}
		case *ir.ColumnRef:
			if id := q.Value(x).Column; id != 0 {
				report(x, id)
			}
			return
		case *ir.Star:
			for _, c := range k.Columns {
				report(x, c.ID)
			}
			return
		}
		for _, c := range ir.Children(x) {
			walk(c)
		}
	}
	for i := range s.Items {
		x := s.Items[i].X
		_, star := x.(*ir.Star)
		_, plain := x.(*ir.ColumnRef)
		if !star && (plain || !derived(q, x, agg)) {
			walk(x)
		}
	}
	if s.Having != nil {
		walk(s.Having)
	}
	for i := range s.Items {
		if star, ok := s.Items[i].X.(*ir.Star); ok && len(said) == 0 {
			walk(star)
		}
	}
}

// derived tells whether an expression reads nothing but columns of one that is grouped by: a day's name beside the day. It may
// be the same for all of the group.
func derived(q *rule.Query, x ir.Expr, agg *rel.Aggregate) bool {
	for _, key := range agg.Keys {
		if _, plain := key.X.(*ir.ColumnRef); !plain && key.X != nil && !q.Value(x).Uses.Empty() && q.Value(x).Uses.SubsetOf(key.Uses) {
			return true
		}
	}
	return false
}
