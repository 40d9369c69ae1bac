package sem

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

// What is known of relations that never have a row, and of groups that always have one: a
// branch under WHERE false gives no value to its UNION, and HAVING max(a) > 1 drops the group
// over no rows.

// void tells whether a relation never has a row.
func void(n rel.Node) bool { return n.Props().Card.Max == 0 }

// emptied notes on a relation that its condition is never true.
func emptied(n rel.Node, cond *value) {
	if !cond.bad && !cond.canBe(true) {
		p := n.Props()
		p.Card = p.Card.Limit(0)
	}
}

// kept notes on a filter of input that its condition is always true.
func kept(n, input rel.Node, cond *value) {
	if !cond.bad && cond.holds() {
		p := n.Props()
		p.Card.Min = min(input.Props().Card.Min, p.Card.Max)
	}
}

// holds tells whether a condition is true whatever the row is.
func (v *value) holds() bool { return v.null.IsNever() && !v.canBe(false) }

// fails tells whether a condition is false whatever the row is.
func (v *value) fails() bool { return v.null.IsNever() && !v.canBe(true) }

// nullOfNothing tells whether an aggregate of that rule is NULL over no rows.
func nullOfNothing(rule catalog.NullRule) bool {
	return rule == catalog.NullAggregate || rule == catalog.NullAggregateFirst || rule == catalog.NullAggregateRows
}

// filled is the fact that the group, of which an expression speaks, has a row.
func (b *binder) filled(s *scope) rel.ColSet {
	if s.filled == 0 {
		s.filled = b.meta.Add(rel.Column{})
	}
	return rel.MakeColSet(s.filled)
}

// hasRow tells whether the group that is being looked at is known to have a row.
func (s *scope) hasRow() bool {
	return s.nonEmpty || s.filled != 0 && s.known.notNull.Has(s.filled)
}

// ofGroup gives v, an aggregate's value, what it proves where it is not NULL: that the group
// has a row.
func (b *binder) ofGroup(v *value, x *ir.FuncCall, rule catalog.NullRule, s *scope) {
	if x.Over != nil || s.clause != inHaving && !(b.testing > 0 && s.clause.grouped()) || s.inAggregate > 0 || !nullOfNothing(rule) || s.outerAggregate(v.uses) {
		return
	}
	v.strict = b.filled(s)
	v.ifTrue, v.ifFalse = v.strict, v.strict
}

// surely says of a test that is never NULL whether it always holds, or never does; not tells
// that it is negated.
func (v *value) surely(holds, fails, not bool) {
	v.notTrue, v.notFalse = fails, holds
	if not {
		v.notTrue, v.notFalse = holds, fails
	}
}

// fromOne takes back what a branch of UNION that never has a row gave to column i.
func (c *column) fromOne(l, r *output, i int) {
	only := l
	switch {
	case void(l.node) == void(r.node):
		return
	case void(l.node):
		only = r
	}
	from := only.cols[i]
	c.null, c.elemNever, c.elemMaybe = from.null, from.elemNever, from.elemMaybe
}

// truths are what of AND, OR can never be the case, by their operands.
func (v *value) truths(op string, args []arm) {
	if op != "AND" && op != "OR" {
		return
	}
	anyNot := func(truth bool) bool {
		for i := range args {
			if !args[i].value.canBe(truth) {
				return true
			}
		}
		return false
	}
	allNot := func(truth bool) bool {
		for i := range args {
			if args[i].value.canBe(truth) {
				return false
			}
		}
		return true
	}
	if op == "AND" {
		v.notTrue, v.notFalse = anyNot(true), allNot(false)
	} else {
		v.notTrue, v.notFalse = allNot(true), anyNot(false)
	}
}
