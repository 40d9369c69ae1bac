package sem

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

// Three-valued logic, and what predicates prove: a column that would make the predicate
// NULL is not NULL where the predicate is true. AND adds what its operands prove, OR keeps
// what all of them prove, NOT exchanges what holds if true and if false.

func (b *binder) logical(x *ir.Logical, s *scope) value {
	out := value{typ: b.traits.BoolType, null: types.NotNull}
	and := x.Op == "AND"
	or := x.Op == "OR"
	var sofar rel.ColSet
	arms := make([]arm, len(x.Args))
	decided := false // an operand is the constant that decides
	for i, a := range x.Args {
		var v value
		b.given(s, sofar, func() { v = b.expr(a, s) })
		b.condition(&v, a, x.Op)
		out.bad = out.bad || v.bad
		out.uses = out.uses.Union(v.uses)
		out.volatile = out.volatile || v.volatile
		if i == 0 {
			out.null = v.null
		} else {
			out.null = eitherNull(out.null, v.null)
		}
		truth, constant := constantTruth(v.lit)
		decided = decided || constant && (and && !truth || or && truth)
		arms[i] = arm{value: &v}
		if s.clause == inWhere || s.clause == inFrom { // of rows; of groups not all that follows is a key
			if and {
				arms[i].proved = b.closed(v.ifFalse.Union(v.strict))
			} else {
				arms[i].proved = b.closed(v.ifTrue.Union(v.strict))
			}
		}
		if i == 0 {
			out.ifTrue, out.ifFalse, out.strict = v.ifTrue, v.ifFalse, v.strict
			out.equal, out.stated = v.equal, v.stated
		} else {
			switch {
			case and:
				out.strict = out.strict.Intersect(v.strict)
				out.ifTrue = out.ifTrue.Union(v.ifTrue)
				out.equal = append(out.equal[:len(out.equal):len(out.equal)], v.equal...)
				out.stated = append(out.stated[:len(out.stated):len(out.stated)], v.stated...)
			case or:
				out.strict = out.strict.Intersect(v.strict)
				out.ifFalse = out.ifFalse.Union(v.ifFalse)
				out.equal, out.stated = nil, nil
			default: // XOR is NULL where either is
				out.strict = out.strict.Union(v.strict)
				out.ifTrue, out.ifFalse, out.equal, out.stated = out.strict, out.strict, nil, nil
			}
		}
		// The next operand matters where this one did not decide: it was true, or NULL, of which
		// nothing is known.
		switch {
		case !out.null.IsNever():
			sofar = rel.ColSet{}
		case and:
			sofar = sofar.Union(v.ifTrue)
		case or:
			sofar = sofar.Union(v.ifFalse)
		}
	}
	// AND is false where one of its operands is, OR true.
	var one value
	one.chosen(arms)
	switch {
	case and:
		out.ifFalse = one.ifFalse
	case or:
		out.ifTrue = one.ifTrue
	}
	if decided {
		out.null = types.NotNull
	}
	if out.truths(x.Op, arms); out.notTrue && and || out.notFalse && or {
		for _, a := range arms { // one that decides keeps the whole from being NULL
			if and && a.value.fails() || or && a.value.holds() {
				out.null = types.NotNull
			}
		}
	}
	return out
}

func (b *binder) not(x *ir.Not, s *scope) value {
	v := b.expr(x.X, s)
	b.condition(&v, x.X, "NOT")
	v.ifTrue, v.ifFalse = v.ifFalse, v.ifTrue
	v.notTrue, v.notFalse = !v.canBe(false), !v.canBe(true)
	v.equal, v.stated, v.col, v.lit, v.params = nil, nil, nil, nil, nil
	v.typ = b.traits.BoolType
	return v
}

func (b *binder) isTest(x *ir.IsTest, s *scope) value {
	v := b.tracked(x.X, b.testedOf(x.X, s), s)
	out := value{typ: b.traits.BoolType, null: types.NotNull, uses: v.uses, volatile: v.volatile, bad: v.bad}
	var holds, fails rel.ColSet // not NULL where x IS what, where it is not
	switch x.What {
	case "NULL":
		b.takesNull(&v)
		b.leftOpen(&v, x.X)
		always := v.null.Null == types.Always && v.whole == nil && len(v.row) == 0
		out.surely(always, v.null.IsNever() && !b.nullByAnotherName(&v), x.Not)
		fails = v.strict
		if v.col != nil {
			if !v.col.passesPadding() {
				fails = fails.With(v.col.id)
			}
			holds = b.isNull(v.col, s)
		}
		if v.whole != nil || len(v.row) > 0 {
			// A row is NOT NULL only where all of its fields are; the negation of IS NULL says
			// nothing of any one of them.
			holds, fails = rel.ColSet{}, rel.ColSet{}
			if x.Not {
				var all rel.ColSet
				if v.whole != nil {
					all = v.strict
					for _, c := range v.whole.cols {
						all = all.With(c.id)
					}
				}
				for i := range v.row {
					all = all.Union(v.row[i].strict)
				}
				out.ifTrue = all
				return out
			}
			if v.whole != nil {
				// t.* IS NULL is how a missing partner is asked for.
				return out
			}
		}
	case "TRUE":
		b.condition(&v, x.X, "IS "+x.What)
		holds = v.ifTrue.Union(v.strict)
		out.surely(v.holds(), !v.canBe(true), x.Not)
	case "FALSE":
		b.condition(&v, x.X, "IS "+x.What)
		holds = v.ifFalse.Union(v.strict)
		out.surely(v.fails(), !v.canBe(false), x.Not)
	case "UNKNOWN":
		b.condition(&v, x.X, "IS "+x.What)
		fails = v.strict
		out.surely(v.null.Null == types.Always, v.null.IsNever(), x.Not)
	default: // IS JSON, IS DOCUMENT, IS NORMALIZED: NULL for NULL
		out.null = v.null
		out.strict = v.strict
		b.settle(&v, b.sem.Result(types.Type{Name: "unknown", Kind: types.Unknown}), x.X)
		holds, fails = v.strict, v.strict
	}
	out.ifTrue, out.ifFalse = holds, fails
	if x.Not {
		out.ifTrue, out.ifFalse = fails, holds
	}
	return out
}

// nullByAnotherName tells whether IS NULL may hold for a value that is not NULL: a row of NULLs,
// a zero date. Of a parameter it is not known yet.
func (b *binder) nullByAnotherName(v *value) bool {
	if v.whole != nil || len(v.row) > 0 || len(v.params) > 0 || len(b.fields(v)) > 0 || v.typ.Name == "record" {
		return true
	}
	return b.traits.ZeroDateIsNull && v.col != nil && strings.HasPrefix(strings.ToLower(v.typ.Name), "date")
}

// misplaced reports an aggregate or window function where there are no groups.
func (b *binder) misplaced(x ir.Node, what, name, where string) {
	b.report(diag.New(diag.MisplacedAggregate, x.Span(), "%s %s can not stand in %s", what, name, where))
}
