package sem

import (
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

// handed are what CASE hands out, ELSE last.
func handed(x *ir.Case) []ir.Expr {
	var out []ir.Expr
	for i := range x.Whens {
		out = append(out, x.Whens[i].Then)
	}
	if x.Else != nil {
		out = append(out, x.Else)
	}
	return out
}

func (b *binder) caseExpr(x *ir.Case, s *scope) value {
	var operand value
	defer b.noSets(s, x, "CASE")()
	if x.Operand != nil {
		operand = b.expr(x.Operand, s)
		if b.traits.ResolvesUnknown {
			b.settle(&operand, b.sem.Result(types.Type{Name: "unknown", Kind: types.Unknown}), x.Operand)
		}
	}
	var results []value
	var at []ir.Expr
	var all []value
	var sofar rel.ColSet
	bad := false
	proved := make([]rel.ColSet, 0, len(x.Whens)+1) // where each result is handed out
	for i := range x.Whens {
		w := &x.Whens[i]
		b.given(s, sofar, func() {
			var cond value
			if x.Operand != nil {
				var c value
				b.within(place{kind: placeOp, l: x.Operand, r: w.Cond}, func() { c = b.expr(w.Cond, s) })
				cond = b.compare("=", operand, c, w, x.Operand, w.Cond, s)
			} else {
				b.testing++
				cond = b.expr(w.Cond, s)
				b.testing--
				b.condition(&cond, w.Cond, "WHEN")
			}
			all = append(all, cond)
			bad = bad || cond.bad
			b.given(s, cond.ifTrue, func() { results = append(results, b.expr(w.Then, s)) })
			at = append(at, w.Then)
			proved = append(proved, sofar.Union(cond.ifTrue))
			if cond.null.IsNever() {
				sofar = sofar.Union(cond.ifFalse)
			}
		})
	}
	if x.Else != nil {
		b.given(s, sofar, func() { results = append(results, b.expr(x.Else, s)) })
		at = append(at, x.Else)
		proved = append(proved, sofar)
	}
	// ELSE has the first word about the type (PostgreSQL 10.5, parse_expr.c), WHEN about the rest.
	n := len(results) - 1
	typed := results
	if x.Else != nil {
		typed = append([]value{results[n]}, results[:n]...)
		at = append([]ir.Expr{at[n]}, at[:n]...)
	}
	v := b.branches(typed, at, x, "CASE")
	if x.Else != nil {
		results = append(typed[1:len(typed):len(typed)], typed[0])
	}
	var picks choices
	for i := range x.Whens {
		picks.when(&all[i], results[i].null)
	}
	if x.Else != nil {
		v.null = picks.otherwise(results[len(results)-1].null)
	} else {
		v.null = picks.otherwise(types.Nullability{Null: types.Always, Reason: types.Reason{Text: "CASE without ELSE", At: x.Span()}})
	}
	arms := make([]arm, len(results))
	for i := range results {
		arms[i] = arm{&results[i], proved[i]}
	}
	v.chosen(arms)
	v.json = b.chosenJSON(v.typ, results, handed(x), x)
	uses, _, volatile := gather(append(append(all, operand), results...)...)
	v.uses, v.volatile = uses, volatile
	return v
}

// branches gives the branches of CASE, COALESCE and the like their common type.
func (b *binder) branches(vs []value, at []ir.Expr, x ir.Node, what string) value {
	var v value
	if len(vs) == 0 {
		return v
	}
	if anyBad(vs...) {
		v.bad = true
		return v
	}
	t, ok := b.settleAll(vs, at)
	if !ok {
		known := []types.Type{}
		for i := range vs {
			if !vs[i].untyped() {
				known = append(known, vs[i].typ)
			}
		}
		if len(known) > 1 {
			b.report(diag.New(diag.TypeMismatch, x.Span(), "the branches of %s have types that do not go together: %s and %s", what, known[0], differing(known)))
			v.bad = true
		}
		return v
	}
	v.typ = t
	v.elemNever, v.class = true, dialect.OnlyNull
	for i := range vs {
		v.class = min(v.class, vs[i].classified())
		v.digits = max(v.digits, b.sem.Digits(vs[i].operand()))
		v.elemNever = v.elemNever && (vs[i].elemNever || vs[i].null.Null == types.Always)
		v.elemMaybe = v.elemMaybe || vs[i].elemMaybe
		if v.untyped() {
			v.params = append(v.params, vs[i].params...)
		}
	}
	return v
}

func differing(list []types.Type) types.Type {
	for _, t := range list[1:] {
		if !t.Same(list[0]) {
			return t
		}
	}
	return list[1]
}
