// Package antijoinwrongcolumn is the rule CV4106.
package antijoinwrongcolumn

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds joins that ask for rows without a partner by a column that is NULL in partners too.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, f := range q.Froms() {
		joined, _ := rule.Joined(f.Block)
		if joined == nil {
			continue
		}
		tests := map[rel.ColID]*ir.IsTest{}
		for _, c := range rule.Conjuncts(f.Where) {
			if t, ok := c.(*ir.IsTest); ok && t.What == "NULL" && !t.Not {
				if id := q.Value(t.X).Column; id != 0 {
					tests[id] = t
				}
			}
		}
		if len(tests) == 0 {
			continue
		}
		for _, j := range outer(joined) {
			judge(q, f, j, tests)
		}
	}
}

// outer are the outer joins of a block.
func outer(n rel.Node) []*rel.Join {
	switch n := n.(type) {
	case *rel.Filter:
		return outer(n.Input)
	case *rel.Join:
		out := append(outer(n.L), outer(n.R)...)
		if n.Kind == rel.Left || n.Kind == rel.Right {
			out = append(out, n)
		}
		return out
	}
	return nil
}

func judge(q *rule.Query, f rule.From, j *rel.Join, tests map[rel.ColID]*ir.IsTest) {
	side := j.R.Props()
	if j.Kind == rel.Right {
		side = j.L.Props()
	}
	if side.Rows.Len() != 1 {
		return
	}
	columns := rel.MakeColSet(side.Cols...)
	there := side.NotNull.Union(j.Proves)
	wrong := map[rel.ColID]*ir.IsTest{}
	for id, t := range tests {
		if !columns.Has(id) {
			continue
		}
		if there.Has(id) {
			return // another test asks for the partner itself
		}
		wrong[id] = t
	}
	// Where more is read of the partner, partners are wanted, and the test is a condition on them.
	if len(wrong) != 1 || readsOther(q, f, columns, wrong) {
		return
	}
	r := partner(q, f, side)
	if r == nil {
		return
	}
	for _, t := range wrong {
		report(q, r, t, there.Intersect(columns))
	}
}

// readsOther tells whether the statement reads the partner elsewhere than in the join's condition and the test.
func readsOther(q *rule.Query, f rule.From, columns rel.ColSet, tested map[rel.ColID]*ir.IsTest) bool {
	on := map[ir.Node]bool{}
	for _, c := range q.Conditions() {
		if c.Clause == rule.On && c.Block == f.Block {
			ir.Walk(c.X, func(n ir.Node) bool { on[n] = true; return true })
		}
	}
	found := false
	ir.Walk(f.Node, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Star:
			// a star over everything reads the partner; t.* of another does not
			found = found || len(n.Qualifier) == 0 || named(q, f, columns, n.Qualifier[len(n.Qualifier)-1].Name)
		case *ir.ColumnRef:
			if id := q.Value(n).Column; columns.Has(id) && tested[id] == nil && !on[n] {
				found = true
			}
		case *ir.FuncCall:
			return !n.Star // count(*)
		}
		return !found
	})
	return found
}

func named(q *rule.Query, f rule.From, columns rel.ColSet, name string) bool {
	for _, item := range f.Items {
		for _, r := range q.Relations(item) {
			if r.Name == name && r.Columns.Intersects(columns) {
				return true
			}
		}
	}
	return false
}

// partner is the relation whose rows the side of the join are.
func partner(q *rule.Query, f rule.From, side *rel.Props) *sem.Relation {
	for _, item := range f.Items {
		for _, r := range q.Relations(item) {
			if side.Rows.Has(r.Row) {
				return r
			}
		}
	}
	return nil
}

func report(q *rule.Query, r *sem.Relation, t *ir.IsTest, there rel.ColSet) {
	better := ""
	there.Each(func(id rel.ColID) {
		if name := q.ByID(id).Name; better == "" || r.Table != nil && key(r, name) {
			better = name
		}
	})
	d := q.At(t, "%s IS NULL is true of rows without %s, and of rows with one in which the column is NULL", q.Text(t.X), r.Name)
	if c := q.Column(t.X); c != nil && c.Source != nil {
		d = d.WithLabel(c.Source.Span, "the column may be NULL")
	}
	if better != "" {
		d = d.WithHelp("if rows without %s are meant, ask for a column that is never NULL where it is there: %s.%s IS NULL", r.Name, r.Name, better).
			WithFix(diag.Fix{Title: "ask for " + r.Name + "." + better, Edits: []diag.Edit{{Span: t.X.Span(), New: r.Name + "." + better}}})
	}
	q.Add(d.WithHelp("if the others are meant too, say so: NOT EXISTS, or the condition in ON"))
}

func key(r *sem.Relation, name string) bool {
	for _, c := range r.Table.Constraints {
		if c.Kind == ir.PrimaryKey && len(c.Columns) == 1 && c.Columns[0] == name {
			return true
		}
	}
	return false
}
