package unjoinedrelation

import (
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

// leaf is an item of FROM that is no join.
type leaf struct {
	item     ir.TableExpr
	relation *sem.Relation
}

func (l *leaf) name(q *rule.Query) string {
	if l.relation.Name != "" {
		return l.relation.Name
	}
	return q.Text(l.item)
}

// graph is which items of FROM are connected: by a condition that reads both, by conditions that hold both to the same
// value, or because the query says that all pairs are meant.
type graph struct {
	q      *rule.Query
	leaves []leaf
	// of is the leaf of a column; free are leaves that need no condition.
	of   map[rel.ColID]int
	free []bool
	// up are the trees of connected leaves; behind the leaves stands what is around the block.
	up []int
	// held are leaves by the values that they are held to.
	held map[string]int
	// on is the condition that was written to a leaf and reads it not.
	on map[ir.TableExpr]ir.Expr
}

func (g *graph) find(i int) int {
	for g.up[i] != i {
		i = g.up[i]
	}
	return i
}

func (g *graph) union(i, j int) { g.up[g.find(i)] = g.find(j) }

// connect finds what is connected; nil where there is nothing to be, or a part is not known.
func connect(q *rule.Query, f rule.From) *graph {
	g := &graph{q: q, of: map[rel.ColID]int{}, held: map[string]int{}, on: map[ir.TableExpr]ir.Expr{}}
	for _, item := range f.Items {
		for _, t := range rule.Leaves(item) {
			r := q.Relation(t)
			if r == nil {
				return nil
			}
			r.Columns.Each(func(id rel.ColID) { g.of[id] = len(g.leaves) })
			g.leaves = append(g.leaves, leaf{t, r})
		}
	}
	if len(g.leaves) < 2 || f.Block == nil {
		return nil
	}
	for i := range len(g.leaves) + 1 {
		g.up = append(g.up, i)
	}
	g.exempt(f)
	for _, item := range f.Items {
		g.join(item)
	}
	for _, c := range rule.Conjuncts(f.Where) {
		g.condition(c)
	}
	return g
}

// exempt finds the leaves that need no condition: those of at most one row, functions, VALUES, and what reads the others by itself.
func (g *graph) exempt(f rule.From) {
	var one rel.ColSet
	if joined, _ := rule.Joined(f.Block); joined != nil {
		one = joined.Props().FDs.Closure(rel.ColSet{})
	}
	for i := range g.leaves {
		l := &g.leaves[i]
		_, cte := l.relation.Node.(*rel.CTEScan)
		// A WITH query of which nothing is read is there to be run, or so that nothing happens where it has no rows.
		free := cte && !g.read(f, l) || one.Has(l.relation.Row) || l.relation.Node.Props().Card.AtMost(1) || l.relation.Table != nil && rule.OneRow(l.relation.Table)
		switch t := l.item.(type) {
		case *ir.TableFunc:
			free = true
		case *ir.Derived:
			free = free || t.Lateral
			switch query := t.Query.(type) {
			case *ir.Values:
				free = true
			case *ir.Select:
				free = free || len(query.From) == 0 // a constant, or what unnest makes
			}
		}
		g.free = append(g.free, free)
	}
}

// read tells whether the statement reads a column of l.
func (g *graph) read(f rule.From, l *leaf) bool {
	found := false
	g.q.WalkFrom(f.Node, f.Block, func(n ir.Node, in *sem.Block) bool {
		switch n := n.(type) {
		case *ir.Star:
			found = found || in == f.Block
		case *ir.ColumnRef:
			found = found || l.relation.Columns.Has(g.q.Value(n).Column)
		}
		return !found
	})
	return found
}

// join takes in what a join connects.
func (g *graph) join(t ir.TableExpr) {
	j, ok := t.(*ir.Join)
	if !ok {
		return
	}
	g.join(j.L)
	g.join(j.R)
	l, r := g.under(j.L), g.under(j.R)
	switch {
	case saysCross(j), j.On != nil && g.q.Fixed(j.On):
		g.union(l[0], r[0]) // the query says that all pairs are meant
	case j.Natural, j.Using != nil:
		g.named(j, l, r)
	}
	reads := false
	for _, c := range rule.Conjuncts(j.On) {
		g.condition(c)
		g.q.Value(c).Uses.Each(func(id rel.ColID) {
			i, local := g.of[id]
			reads = reads || !local || within(i, r)
		})
	}
	switch {
	case j.On == nil:
	case reads && len(r) == 1 && g.ownPair(j.On, r[0]) && !g.readsAny(j.On, l):
		g.on[g.leaves[r[0]].item] = j.On
	case reads && len(r) == 1 && !g.readsAny(j.On, l):
		g.union(l[0], r[0]) // a condition of its own was written for it: JOIN setting s ON s.name = 'x'
	case !reads && len(r) == 1:
		g.on[g.leaves[r[0]].item] = j.On
	}
}

// saysCross tells whether CROSS stands there: a comma, or JOIN without a condition, gives the same tree.
func saysCross(j *ir.Join) bool {
	between := j.L.Span()
	between.Start, between.End = between.End, max(between.End, j.R.Span().Start)
	return j.Cross && strings.Contains(strings.ToUpper(between.Text()), "CROSS")
}

// ownPair tells whether a condition equates two columns of leaf i with each other, where one of another relation was meant.
func (g *graph) ownPair(on ir.Expr, i int) bool {
	of := func(x ir.Expr) bool {
		c := g.q.Column(x)
		leaf, local := g.of[g.q.Value(x).Column]
		return c != nil && local && leaf == i
	}
	for _, c := range rule.Conjuncts(on) {
		if b, ok := c.(*ir.Binary); ok && b.Op == "=" && of(b.L) && of(b.R) {
			return true
		}
	}
	return false
}

func (g *graph) readsAny(x ir.Expr, of []int) bool {
	any := false
	g.q.Value(x).Uses.Each(func(id rel.ColID) {
		i, local := g.of[id]
		any = any || local && within(i, of)
	})
	return any
}

func within(i int, list []int) bool { return i >= list[0] && i <= list[len(list)-1] }

// under are the leaves under t, which are neighbours.
func (g *graph) under(t ir.TableExpr) []int {
	var out []int
	for _, item := range rule.Leaves(t) {
		for i := range g.leaves {
			if g.leaves[i].item == item {
				out = append(out, i)
			}
		}
	}
	return out
}

// named connects by columns of the same name.
func (g *graph) named(j *ir.Join, l, r []int) {
	names := map[string][]int{}
	for _, i := range l {
		g.leaves[i].relation.Columns.Each(func(id rel.ColID) {
			name := strings.ToLower(g.q.ByID(id).Name)
			names[name] = append(names[name], i)
		})
	}
	for _, i := range r {
		g.leaves[i].relation.Columns.Each(func(id rel.ColID) {
			name := strings.ToLower(g.q.ByID(id).Name)
			wanted := j.Natural
			for _, u := range j.Using {
				wanted = wanted || strings.EqualFold(u.Name, name)
			}
			if wanted {
				for _, other := range names[name] {
					g.union(i, other)
				}
			}
		})
	}
}

// condition connects the leaves that a condition reads, and those that conditions hold to one value.
func (g *graph) condition(c ir.Expr) {
	last, outer := -1, false
	g.q.Value(c).Uses.Each(func(id rel.ColID) {
		i, local := g.of[id]
		if !local {
			i, outer = len(g.leaves), true
		}
		if last >= 0 {
			g.union(last, i)
		}
		last = i
	})
	eq, ok := c.(*ir.Binary)
	if !ok || eq.Op != "=" || last < 0 || outer {
		return
	}
	for _, value := range [...]ir.Expr{eq.L, eq.R} {
		if !g.q.Fixed(value) {
			continue
		}
		key := g.q.Print(value)
		if other, held := g.held[key]; held {
			g.union(last, other)
		}
		g.held[key] = last
	}
}
