package sem

import (
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
)

// computed reports a value for a column that the engine computes: nothing but DEFAULT can be
// given for one.
func (b *binder) computed(w *wanted, value ir.Node) {
	if w == nil || w.col.Generated == "" {
		return
	}
	if _, ok := value.(*ir.Default); ok {
		return
	}
	b.report(diag.New(diag.GeneratedColumn, value.Span(), "column %q is generated: no value can be given for it", w.col.Name).
		WithLabel(w.col.Span, "computed here"))
}
