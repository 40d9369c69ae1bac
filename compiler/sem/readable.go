package sem

import (
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// readable reports a string constant that takes type t and is none: the server reads it while
// it prepares the statement, so such a statement never runs.
func (b *binder) readable(v *value, t types.Type, at ir.Node) {
	if v.lit == nil || v.lit.Kind != ir.String || v.bad || !b.sem.Unreadable(t, v.lit.Text) {
		return
	}
	b.report(diag.New(diag.TypeMismatch, v.lit.Span(), "%s is no %s", v.lit.Span().Text(), t).WithInline("this is to be read as %s", t))
	v.bad = true
}

// unknownText gives a select list's parameters without a type the type that the server gives
// them when the block ends; one that WHERE took as another type is in conflict.
func (b *binder) unknownText(bare []*column) {
	text := b.sem.Result(types.Type{Name: "unknown", Kind: types.Unknown})
	for _, c := range bare {
		for _, i := range c.params {
			p := &b.params[i]
			if p.typ.Known() && !b.sem.Base(p.typ).Same(text) {
				v := value{params: c.params}
				b.conflict(&v, text, c.expr)
				break
			}
		}
		b.typeParams(c.params, text, c.expr)
	}
}

// leftOpen notes parameters that stand without a type where nothing gives them one. PostgreSQL
// then knows no type for that place, even if another place tells it later.
func (b *binder) leftOpen(v *value, at ir.Node) {
	if !b.traits.ResolvesUnknown || !v.untyped() {
		return
	}
	for _, i := range v.params {
		if p := &b.params[i]; !p.typ.Known() && p.open.IsZero() {
			p.open = at.Span()
		}
	}
}

// retyped gives a parameter the type that it has by now.
func (b *binder) retyped(v *value) {
	if len(v.params) == 1 && v.untyped() && b.params[v.params[0]].typ.Known() {
		v.typ = b.params[v.params[0]].typ
	}
}
