package tautologycontradiction

import (
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// together judges the arms of an AND or OR against each other.
func together(q *rule.Query, x *ir.Logical) {
	for _, arm := range x.Args {
		truth, known := q.Truth(arm)
		_, parts := arm.(*ir.Logical)
		if !known || parts {
			continue
		}
		switch {
		case x.Op == "OR" && truth:
			q.Add(q.At(arm, "OR %s makes the whole condition true for every row", q.Text(arm)).WithHelp("take it out: nothing else of the condition counts"))
		case x.Op == "AND" && !truth:
			q.Add(q.At(arm, "AND %s makes the whole condition false for every row", q.Text(arm)).WithHelp("take it out: nothing else of the condition counts"))
		case x.Op == "AND" && texts(q, arm):
			q.Add(q.At(arm, "%s holds for every row", q.Text(arm)).WithHelp("compare a column: a text in quotes is a constant"))
		}
	}
	switch x.Op {
	case "AND":
		ranges(q, x)
	case "OR":
		unequal(q, x)
	}
}

// texts tells of a comparison of two texts. 1 = 1 and TRUE before AND are an idiom of those who put SQL together; this is none.
func texts(q *rule.Query, x ir.Expr) bool {
	b, ok := x.(*ir.Binary)
	if !ok {
		return false
	}
	l, r := q.Literal(b.L), q.Literal(b.R)
	return l != nil && r != nil && (l.Kind == ir.String || r.Kind == ir.String)
}

// limits are what the arms of an AND leave of a value.
type limits struct {
	eq, lo, hi       *ir.Literal
	eqAt, loAt, hiAt ir.Expr
	loOpen, hiOpen   bool
	null             ir.Expr
}

// mirror is an operator with its sides changed.
var mirror = map[string]string{"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

// compared is a comparison of a value that reads columns with a constant, as value op constant.
func compared(q *rule.Query, x ir.Expr) (value ir.Expr, op string, c *ir.Literal) {
	b, ok := x.(*ir.Binary)
	if !ok || mirror[b.Op] == "" || b.OpSchema != "" {
		return nil, "", nil
	}
	if c = q.Literal(b.R); c != nil && c.Kind != ir.Null && !q.Fixed(b.L) {
		return b.L, b.Op, c
	}
	if c = q.Literal(b.L); c != nil && c.Kind != ir.Null && !q.Fixed(b.R) {
		return b.R, mirror[b.Op], c
	}
	return nil, "", nil
}

// ranges finds comparisons that can not hold together.
func ranges(q *rule.Query, x *ir.Logical) {
	all := map[string]*limits{}
	of := func(v ir.Expr) *limits {
		key := q.Print(v)
		if all[key] == nil {
			all[key] = &limits{}
		}
		return all[key]
	}
	for _, arm := range x.Args {
		if t, ok := arm.(*ir.IsTest); ok && t.What == "NULL" && !t.Not && q.Column(t.X) != nil {
			of(t.X).null = arm
		}
	}
	for _, arm := range x.Args {
		value, op, c := compared(q, arm)
		if value == nil || q.Value(value).Volatile || q.Value(value).Type.Kind == types.Composite {
			continue
		}
		l := of(value)
		against := l.null
		if against == nil {
			against = l.add(q, op, c, arm)
		}
		if against == nil {
			continue
		}
		q.Add(q.At(arm, "%s and %s can not both be true: no row is found", q.Text(against), q.Text(arm)).
			WithLabel(against.Span(), "this holds for other rows").WithHelp("write OR if rows of either kind are wanted"))
		return
	}
	for _, arm := range x.Args {
		in, ok := arm.(*ir.In)
		if !ok || in.Not || len(in.List) == 0 || q.Fixed(in.X) || q.Value(in.X).Volatile {
			continue
		}
		l := all[q.Print(in.X)]
		if l == nil || l.eq == nil {
			continue
		}
		apart := true
		for _, item := range in.List {
			c := q.Literal(item)
			if c == nil {
				apart = false
				break
			}
			sign, known := q.Order(l.eq, c)
			apart = apart && known && sign != 0
		}
		if apart {
			q.Add(q.At(arm, "%s and %s can not both be true: no row is found", q.Text(l.eqAt), q.Text(arm)).
				WithLabel(l.eqAt.Span(), "this holds for other rows").WithHelp("write OR if rows of either kind are wanted"))
			return
		}
	}
}

// add takes a comparison in and gives the one that it can not hold with.
func (l *limits) add(q *rule.Query, op string, c *ir.Literal, at ir.Expr) ir.Expr {
	cmp := func(a, b *ir.Literal) (int, bool) {
		if a == nil || b == nil {
			return 0, false
		}
		return q.Order(a, b)
	}
	number := c.Kind == ir.Integer || c.Kind == ir.Decimal || c.Kind == ir.Float
	switch {
	case op == "=":
		if sign, ok := cmp(l.eq, c); ok && sign != 0 {
			return l.eqAt
		}
		l.eq, l.eqAt = c, at
	case !number || op == "<>":
		return nil
	case op[0] == '>':
		if sign, ok := cmp(l.lo, c); l.lo == nil || ok && sign < 0 {
			l.lo, l.loAt, l.loOpen = c, at, op == ">"
		}
	default:
		if sign, ok := cmp(l.hi, c); l.hi == nil || ok && sign > 0 {
			l.hi, l.hiAt, l.hiOpen = c, at, op == "<"
		}
	}
	other := func(a ir.Expr, b ir.Expr) ir.Expr {
		if a == at {
			return b
		}
		return a
	}
	if sign, ok := cmp(l.lo, l.hi); ok && (sign > 0 || sign == 0 && (l.loOpen || l.hiOpen)) {
		return other(l.loAt, l.hiAt)
	}
	if l.eq == nil || l.eq.Kind == ir.String {
		return nil
	}
	if sign, ok := cmp(l.lo, l.eq); ok && (sign > 0 || sign == 0 && l.loOpen) {
		return other(l.loAt, l.eqAt)
	}
	if sign, ok := cmp(l.eq, l.hi); ok && (sign > 0 || sign == 0 && l.hiOpen) {
		return other(l.hiAt, l.eqAt)
	}
	return nil
}

// unequal finds x <> 1 OR x <> 2, which holds for every x.
func unequal(q *rule.Query, x *ir.Logical) {
	seen := map[string]*ir.Literal{}
	at := map[string]ir.Expr{}
	for _, arm := range x.Args {
		value, op, c := compared(q, arm)
		if value == nil || op != "<>" || q.Value(value).Volatile {
			continue
		}
		key := q.Print(value)
		before := seen[key]
		if before == nil {
			seen[key], at[key] = c, arm
			continue
		}
		if sign, ok := q.Order(before, c); ok && sign != 0 {
			q.Add(q.At(arm, "%s OR %s holds for every row: whatever is one of the two is not the other", q.Text(at[key]), q.Text(arm)).
				WithLabel(at[key].Span(), "true of all that this leaves out").WithHelp("write AND, or NOT IN (…)"))
			return
		}
	}
}
