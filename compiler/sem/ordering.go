package sem

import (
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// orderable reports a type that has no order, where rows are sorted by it; groupable one that has no
// equality, where rows are told apart by it. Arrays have what their elements have.
func (b *binder) orderable(t types.Type, at ir.Node, where string) {
	t = b.sem.Base(t)
	if b.traits.Unordered[t.Name] || b.traits.Unequal[t.Name] {
		b.report(diag.New(diag.TypeMismatch, at.Span(), "%s needs an order, and %s has none", where, t).
			WithInline("this is %s", t).WithHelp("sort by something in it, or by its text"))
	}
}

func (b *binder) groupable(t types.Type, at ir.Node, where string) {
	t = b.sem.Base(t)
	if b.traits.Unequal[t.Name] {
		b.report(diag.New(diag.TypeMismatch, at.Span(), "%s needs equality, and %s has none", where, t).
			WithInline("this is %s", t).WithHelp("use a type that has it: jsonb for json, or the value's text"))
	}
}
