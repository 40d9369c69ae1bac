// Package joinfanoutaggregate is the rule CV4117.
package joinfanoutaggregate

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds aggregates over rows that a second join multiplies.
var Rule = rule.New(page, check)

// repeats says of an aggregate what it does with a value that comes several times. The others give the same.
var repeats = map[string]string{
	"count": "counts it", "sum": "adds it", "total": "adds it", "array_agg": "lists it", "string_agg": "lists it", "group_concat": "lists it",
	"json_agg": "lists it", "jsonb_agg": "lists it", "json_arrayagg": "lists it", "json_group_array": "lists it", "jsonb_group_array": "lists it",
}

func check(q *rule.Query) {
	for _, g := range q.Groupings() {
		var all []*leaf
		for _, item := range g.Select.From {
			for _, t := range rule.Leaves(item) {
				if r := q.Relation(t); r != nil {
					all = append(all, &leaf{Relation: r, item: t})
				}
			}
		}
		if len(all) < 2 || len(all) > 12 {
			continue
		}
		fds := rel.Matched(g.Joined)
		for _, l := range all {
			l.with = fds.Closure(g.Keys.With(l.Row))
			l.alone = fds.Closure(rel.MakeColSet(l.Row))
		}
		for _, f := range g.Calls {
			if repeats[rule.AggregateName(f)] == "" || f.Distinct || f.Star || len(f.Args) == 0 {
				continue
			}
			if of, by, over := multiplied(q, &g, fds, all, f); of != nil {
				report(q, f, of, by, over)
			}
		}
	}
}

// leaf is a relation that a block joins.
type leaf struct {
	*sem.Relation
	item ir.TableExpr
	// alone is what a row of it determines, with what it and its group do.
	alone, with rel.ColSet
}

// multiplied finds the relation whose values f takes, and one that is as much a child of a third as that is, so that each row of
// the one comes with each of the other. over is the parent of both, nil where the group is.
func multiplied(q *rule.Query, g *rule.Grouping, fds rel.FDs, all []*leaf, f *ir.FuncCall) (of, by, over *leaf) {
	var uses rel.ColSet
	for _, a := range f.Args {
		uses = uses.Union(q.Value(a.X).Uses)
	}
	if f.Filter != nil {
		uses = uses.Union(q.Value(f.Filter).Uses)
	}
	for _, l := range all {
		if !uses.Intersects(l.Columns) {
			continue
		}
		if of != nil {
			return nil, nil, nil // of several relations: what it is meant to be once for is not said
		}
		of = l
	}
	if of == nil {
		return nil, nil, nil
	}
	for _, by := range all {
		if by == of || of.with.Has(by.Row) || by.with.Has(of.Row) || g.Keys.Intersects(by.Columns) || !plain(q, g, by) || ranged(q, g, by) {
			continue
		}
		for _, p := range all {
			if p != of && p != by && of.alone.Has(p.Row) && by.alone.Has(p.Row) {
				return of, by, p
			}
		}
		if of.alone.Intersect(by.alone).Intersects(g.Keys) {
			return of, by, nil
		}
	}
	return nil, nil, nil
}

// plain tells whether the rows of a relation are its own: those of functions and of LATERAL depend on what stands before.
func plain(q *rule.Query, g *rule.Grouping, l *leaf) bool {
	switch t := l.item.(type) {
	case *ir.TableFunc:
		return false
	case *ir.Derived:
		return !t.Lateral
	}
	return true
}

// ranged tells whether a condition other than an equation joins or restricts a relation: it may leave one row.
func ranged(q *rule.Query, g *rule.Grouping, l *leaf) bool {
	found := false
	for _, c := range q.Conditions() {
		if c.Block != g.Block || c.Clause != rule.Where && c.Clause != rule.On {
			continue
		}
		for _, x := range rule.Conjuncts(c.X) {
			if !q.Value(x).Uses.Intersects(l.Columns) {
				continue
			}
			if b, ok := x.(*ir.Binary); !ok || b.Op != "=" || q.Fixed(b.L) || q.Fixed(b.R) {
				found = true
			}
		}
	}
	return found
}

func report(q *rule.Query, f *ir.FuncCall, of, by, over *leaf) {
	does := repeats[rule.AggregateName(f)]
	d := q.At(f, "%s takes each row of %s once for every row of %s, and %s each time", q.Text(f), of.Name, by.Name, does)
	if over != nil {
		d = d.WithLabel(by.item.Span(), "%s and %s both have several rows for one of %s, and each comes with each", of.Name, by.Name, over.Name)
	} else {
		d = d.WithLabel(by.item.Span(), "%s and %s both have several rows in a group, and each comes with each", of.Name, by.Name)
	}
	if rule.AggregateName(f) == "count" {
		d = d.WithHelp("count(DISTINCT …) of a key of %s counts each row once; or compute one of the two in a subquery", of.Name)
	} else {
		d = d.WithHelp("aggregate %s in a subquery of its own, grouped by what it is joined by, and join that", by.Name)
	}
	q.Add(d)
}
