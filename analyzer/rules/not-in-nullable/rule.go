// Package notinnullable is the rule CV4101.
package notinnullable

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/types"
)

//go:embed page.md
var page string

// Rule finds NOT IN over values of which one may be NULL.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		switch x := n.(type) {
		case *ir.In:
			if x.Not {
				in(q, x, x, "NOT IN")
			}
		case *ir.Not:
			switch of := x.X.(type) {
			case *ir.In:
				if !of.Not {
					in(q, x, of, "NOT IN")
				}
			case *ir.Quantified:
				if !of.All && of.Op == "=" && of.Query != nil {
					query(q, x, of.X, of.Query, "NOT … = ANY")
				}
			}
		case *ir.Quantified:
			if x.All && x.Op == "<>" && x.Query != nil {
				query(q, x, x.X, x.Query, "<> ALL")
			}
		}
		return true
	})
}

// in judges x, or NOT around it, which stands at n.
func in(q *rule.Query, n ir.Expr, x *ir.In, word string) {
	if x.Query != nil {
		query(q, n, x.X, x.Query, word)
		return
	}
	for _, item := range x.List {
		c := q.Column(item)
		if c == nil || !q.MayBeNull(item) {
			continue // the constant NULL is eq-null's
		}
		reason := q.Value(item).Null.Reason
		q.Add(q.At(n, "%s is never true of a row in which %s is NULL", word, q.Text(item)).WithLabel(reason.At, "%s", reason.Text).
			WithHelp("compare with it by itself: … AND (%s IS NULL OR %s <> %s)", q.Text(item), q.Text(x.X), q.Text(item)))
		return
	}
}

// query judges a comparison with all rows of a subquery.
func query(q *rule.Query, n, left ir.Expr, sub ir.Query, word string) {
	k := q.Block(sub)
	if k == nil {
		return
	}
	for i, c := range k.Columns {
		if c.Null.IsNever() || !known(q, sub, i) {
			continue
		}
		name := c.Name
		if name == "" || strings.HasPrefix(name, "?") {
			name = "its value"
		}
		d := q.At(n, "%s is never true as soon as the subquery gives a NULL, and %s may be NULL", word, name)
		if row, ok := left.(*ir.Row); ok && len(row.Items) > 1 {
			d = q.At(n, "%s is not true where the subquery gives a row with NULL in %s and the same in the others", word, name)
		} else if c.Null.Null == types.Always {
			d = q.At(n, "%s is never true, because the subquery gives NULL", word)
		}
		q.Add(d.WithLabel(c.Null.Reason.At, "%s", c.Null.Reason.Text).
			WithHelp("write NOT EXISTS with the comparison in its WHERE, or leave NULL out: WHERE %s IS NOT NULL", name))
		return
	}
}

// known tells whether it is known that a column of a subquery may be NULL. What functions give, and what arrays and
// documents hold, may be so only because nothing says that it is not.
func known(q *rule.Query, sub ir.Query, i int) bool {
	s, ok := sub.(*ir.Select)
	if !ok {
		return true
	}
	if i >= len(s.Items) {
		return true
	}
	x := s.Items[i].X
	if _, star := x.(*ir.Star); star {
		return true
	}
	if f, ok := x.(*ir.FuncCall); ok {
		name := strings.ToLower(f.Name.Last())
		return name == "nullif" || name == "lag" || name == "lead" || rule.AggregateName(f) != ""
	}
	if b, ok := x.(*ir.Binary); ok && strings.HasPrefix(b.Op, "->") {
		return false
	}
	if id := q.Value(x).Column; id != 0 {
		for _, item := range s.From {
			for _, r := range q.Relations(item) {
				if _, function := r.Node.(*rel.Func); function && r.Columns.Has(id) {
					return false
				}
			}
		}
	}
	return true
}
