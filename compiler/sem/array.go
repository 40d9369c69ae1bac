package sem

import (
	"strconv"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

func (b *binder) array(x *ir.Array, s *scope) value {
	vs := make([]value, len(x.Items))
	for i, it := range x.Items {
		vs[i] = b.expr(it, s)
	}
	v := value{null: types.NotNull, elemNever: true}
	v.uses, _, v.volatile = gather(vs...)
	for i := range vs {
		v.elemNever = v.elemNever && vs[i].null.IsNever()
		v.elemMaybe = !v.elemNever
	}
	if anyBad(vs...) {
		v.bad = true
		return v
	}
	if len(vs) == 0 {
		return v
	}
	t, ok := b.settleAll(vs, x.Items)
	if !ok && !untypedAll(vs) {
		b.report(diag.New(diag.TypeMismatch, x.Span(), "the elements of the array have types that do not go together"))
		v.bad = true
		return v
	}
	if t.Known() {
		v.typ = t.Plain().Array()
	}
	if b.scalar(t) { // of arrays it is one of more dimensions
		v.elements = len(vs)
	}
	return v
}

// scalar tells whether t is known, and no array.
func (b *binder) scalar(t types.Type) bool { return t.Known() && !b.sem.Base(t).IsArray() }

// within tells whether a literal subscript is one from 1 to n.
func within(l *ir.Literal, n int) bool {
	i, err := strconv.Atoi(l.Text)
	return l.Kind == ir.Integer && err == nil && 1 <= i && i <= n
}

func (b *binder) index(x *ir.Index, s *scope) value {
	v := b.expr(x.X, s)
	uses := v.uses
	integer := b.sem.Literal(&ir.Literal{Kind: ir.Integer, Text: "1"})
	base := b.sem.Base(v.typ)
	null := v.null
	for _, i := range [...]ir.Expr{x.Lo, x.Hi} {
		if i == nil {
			continue
		}
		iv := b.expr(i, s)
		null = null.Strict(iv.null)
		if base.IsArray() {
			b.settle(&iv, integer, i)
			if !iv.bad && !iv.untyped() && !b.sem.Assignable(b.sem.Base(iv.typ), integer) {
				b.report(diag.New(diag.TypeMismatch, i.Span(), "a subscript is %s, not %s", integer, iv.typ).WithInline("this is %s", iv.typ))
			}
		}
		uses = uses.Union(iv.uses)
	}
	if !v.bad && v.untyped() && (v.lit != nil || len(v.params) > 0) {
		b.report(diag.New(diag.TypeMismatch, x.X.Span(), "what has no type takes no subscript").WithHelp("cast it to an array"))
		v.bad = true
	}
	_, deeper := x.X.(*ir.Index) // an array's type does not tell its dimensions
	if !v.bad && !deeper && v.typ.Known() && v.typ.Kind != types.Unknown && !b.sem.Subscriptable(v.typ) && !b.stranger(v.typ) {
		b.report(diag.New(diag.TypeMismatch, x.X.Span(), "%s takes no subscript", v.typ).WithInline("this is %s", v.typ))
		v.bad = true
	}
	out := value{uses: uses, strict: v.strict, bad: v.bad}
	out.ifTrue, out.ifFalse = v.strict, v.strict
	switch {
	case v.untyped():
	case x.Slice:
		out.typ = base
		out.elemNever, out.elemMaybe = v.elemNever, v.elemMaybe
	case base.IsArray():
		out.typ = base.Elem()
	default:
		out.typ = v.typ // jsonb
	}
	if x.Slice {
		out.null = null
	} else if n, ok := x.Lo.(*ir.Literal); ok && x.Hi == nil && base.IsArray() && v.elemNever && within(n, v.elements) {
		out.null = v.null
	} else {
		out.null = types.Nullable(x.Span(), "subscript may be out of bounds")
	}
	return out
}
