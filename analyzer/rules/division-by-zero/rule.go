// Package divisionbyzero is the rule CV4114.
package divisionbyzero

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds divisors that are zero sooner or later.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	aggregates := map[*ir.FuncCall]*rule.Grouping{}
	groupings := q.Groupings()
	for i := range groupings {
		for _, f := range groupings[i].Calls {
			aggregates[f] = &groupings[i]
		}
	}
	asked := decided(q)
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		if c, ok := n.(*ir.Case); ok {
			for i := range c.Whens {
				asked[nil] = append(asked[nil], c.Whens[i].Cond)
			}
			if c.Operand != nil {
				asked[nil] = append(asked[nil], c.Operand)
			}
		}
		return true
	})
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		d, ok := n.(*ir.Binary)
		if !ok || d.Op != "/" && d.Op != "%" {
			return true
		}
		divisor := d.R
		for {
			c, ok := divisor.(*ir.Cast)
			if !ok {
				break
			}
			divisor = c.X
		}
		why := zero(q, divisor, aggregates)
		if f, ok := divisor.(*ir.FuncCall); ok && rule.AggregateName(f) == "count" && q.MayBeNull(d.L) {
			return true // a sum over no rows is NULL, and so is NULL / 0
		}
		if why == "" || guarded(q, divisor, asked[in]) || guarded(q, divisor, asked[nil]) {
			return true
		}
		q.Add(q.At(divisor, "the query fails with \"division by zero\" when %s is 0: %s", q.Text(divisor), why).
			WithHelp("write NULLIF(%s, 0): the result is NULL then", q.Text(divisor)))
		return true
	})
}

// decided are the conditions that rows or groups of each block fulfil.
func decided(q *rule.Query) map[*sem.Block][]ir.Expr {
	out := map[*sem.Block][]ir.Expr{}
	for _, c := range q.Conditions() {
		switch c.Clause {
		case rule.Where, rule.On, rule.Having:
			out[c.Block] = append(out[c.Block], c.X)
		default:
			out[nil] = append(out[nil], c.X)
		}
	}
	return out
}

// guarded tells whether a condition asks for something of the divisor.
func guarded(q *rule.Query, divisor ir.Expr, conditions []ir.Expr) bool {
	found := false
	column := q.Value(divisor).Column
	for _, c := range conditions {
		ir.Walk(c, func(n ir.Node) bool {
			if x, ok := n.(ir.Expr); ok && !found {
				found = column != 0 && q.Value(x).Column == column || q.Same(x, divisor)
			}
			return !found
		})
	}
	return found
}

// zero says why a divisor is zero sooner or later; "" where that is not known.
func zero(q *rule.Query, x ir.Expr, aggregates map[*ir.FuncCall]*rule.Grouping) string {
	if f, ok := x.(*ir.FuncCall); ok {
		g := aggregates[f]
		if g == nil {
			return ""
		}
		switch rule.AggregateName(f) {
		case "count":
			return count(q, f, g)
		case "sum":
			return "nothing keeps the values from being 0, or from adding up to it"
		}
		return ""
	}
	c := q.Column(x)
	if c == nil || c.Source == nil || c.Table == nil {
		return ""
	}
	if l, ok := c.Source.DefaultExpr.(*ir.Literal); ok && l.Text == "0" && !checked(c.Table, c.Source) {
		return "it is so by default, and no CHECK forbids it"
	}
	return ""
}

func count(q *rule.Query, f *ir.FuncCall, g *rule.Grouping) string {
	grouped := g.Select.GroupBy != nil && len(g.Select.GroupBy.Elems) > 0
	switch {
	case f.Filter != nil:
		return "no row may fulfil the FILTER"
	case !grouped && g.Joined.Props().Card.Min == 0:
		return "there may be no row to count"
	case f.Star || len(f.Args) != 1 || !grouped:
		return ""
	}
	x := f.Args[0].X
	if q.Value(x).Constant != nil || q.Value(x).Column != 0 && g.Joined.Props().NotNull.Has(q.Value(x).Column) || !q.MayBeNull(x) {
		return ""
	}
	return "in a group all may be NULL"
}

// checked tells whether a CHECK speaks of a column.
func checked(t *catalog.Table, column *catalog.Column) bool {
	found := false
	for _, k := range t.Constraints {
		if k.Kind != ir.Check {
			continue
		}
		if k.X == nil {
			return true // it is not known what it says
		}
		ir.Walk(k.X, func(n ir.Node) bool {
			if ref, ok := n.(*ir.ColumnRef); ok && ref.Parts[len(ref.Parts)-1].Name == column.Name {
				found = true
			}
			return !found
		})
	}
	return found
}
