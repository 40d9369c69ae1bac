// Package countoverouterjoin is the rule CV4116.
package countoverouterjoin

import (
	_ "embed"
	"math/big"
	"regexp"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds count(*) that counts a row without a partner as one.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, g := range q.Groupings() {
		pads := paddings(g.Joined)
		if len(pads) == 0 {
			continue
		}
		for _, f := range g.Calls {
			if rule.AggregateName(f) != "count" || f.Distinct || f.Filter != nil || !matters(q, &g, f) {
				continue
			}
			for _, p := range pads {
				if several(q, &g, p) && rowsOf(q, &g, f, p) {
					report(q, &g, f, p)
					break
				}
			}
		}
	}
}

// padding is the side of an outer join that may be missing, and the side that stays.
type padding struct {
	join       *rel.Join
	keep, side *rel.Props
	columns    rel.ColSet
}

// paddings are those of the outer joins of a block that no condition makes inner ones.
func paddings(n rel.Node) []padding {
	switch n := n.(type) {
	case *rel.Filter:
		return paddings(n.Input)
	case *rel.Join:
		out := append(paddings(n.L), paddings(n.R)...)
		p := padding{join: n}
		switch n.Effective {
		case rel.Left:
			p.keep, p.side = n.L.Props(), n.R.Props()
		case rel.Right:
			p.keep, p.side = n.R.Props(), n.L.Props()
		default:
			return out
		}
		p.columns = rel.MakeColSet(p.side.Cols...)
		return append(out, p)
	}
	return nil
}

// several tells whether a group is of rows that stay, and has several partners of each.
func several(q *rule.Query, g *rule.Grouping, p padding) bool {
	kept := rel.MakeColSet(p.keep.Cols...)
	one := p.keep.Rows.SubsetOf(g.Joined.Props().FDs.Closure(g.Keys))
	if !one && (g.Keys.Empty() || !g.Keys.SubsetOf(kept) || p.keep.Rows.Len() > 1) {
		return false
	}
	for _, c := range rule.Conjuncts(g.Select.Where) {
		if q.Value(c).Uses.Intersects(p.columns) {
			return false // rows without a partner are asked for
		}
	}
	return !p.side.Rows.SubsetOf(rel.Matched(p.join).Closure(p.keep.Rows.Union(kept)))
}

// rowsOf tells whether f counts rows, or a value that all rows of the group share.
func rowsOf(q *rule.Query, g *rule.Grouping, f *ir.FuncCall, p padding) bool {
	if f.Star || len(f.Args) == 0 {
		return true
	}
	v := q.Value(f.Args[0].X)
	if v.Constant != nil {
		return v.Constant.Kind != ir.Null
	}
	in := g.Joined.Props()
	return v.Column != 0 && in.NotNull.Has(v.Column) && in.FDs.Closure(g.Keys).Has(v.Column) && rel.MakeColSet(p.keep.Cols...).Has(v.Column)
}

// matters tells whether one instead of zero is seen: HAVING may leave such groups out.
func matters(q *rule.Query, g *rule.Grouping, f *ir.FuncCall) bool {
	if g.Select.Having == nil {
		return true
	}
	zero := false
	ir.Walk(g.Select.Having, func(n ir.Node) bool {
		b, ok := n.(*ir.Binary)
		if !ok || b.L != ir.Expr(f) {
			return true
		}
		if l := q.Literal(b.R); l != nil && l.Kind == ir.Integer {
			n, _ := new(big.Int).SetString(l.Text, 10)
			zero = n != nil && (n.Sign() == 0 && (b.Op == "=" || b.Op == "<=") || n.Cmp(big.NewInt(1)) == 0 && b.Op == "<")
		}
		return true
	})
	return zero
}

func report(q *rule.Query, g *rule.Grouping, f *ir.FuncCall, p padding) {
	r, column := partner(q, g, p)
	name := "a partner"
	if r != nil {
		name = r.Name
	}
	d := q.At(f, "%s is 1 where there is no %s: the outer join gives one row then, and it is counted", q.Text(f), name)
	if column == "" {
		d = d.WithHelp("count a column of %s that is NOT NULL: of a missing row it is NULL, and not counted", name)
	} else {
		d = d.WithHelp("write count(%s.%s): of a missing row it is NULL, and not counted", name, column)
		if f.Star || len(f.Args) == 1 {
			d = d.WithFix(diag.Fix{Title: "count " + name + "." + column, Edits: []diag.Edit{{Span: f.Span(), New: "count(" + name + "." + column + ")"}}})
		}
	}
	q.Add(d)
}

// plain are names that need no quotes.
var plain = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)

// partner is the relation that may be missing, and a column of it that is never NULL where it is there.
func partner(q *rule.Query, g *rule.Grouping, p padding) (*sem.Relation, string) {
	for _, item := range g.Select.From {
		for _, r := range q.Relations(item) {
			if !p.side.Rows.Has(r.Row) {
				continue
			}
			column := ""
			r.Node.Props().NotNull.Intersect(r.Columns).Each(func(id rel.ColID) {
				if name := q.ByID(id).Name; column == "" && plain.MatchString(name) {
					column = name
				}
			})
			return r, column
		}
	}
	return nil, ""
}
