package sem

import (
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
)

// computed reports a value for a column that the engine computes: nothing but DEFAULT can be
// given for one. overriding is INSERT's, by which an identity takes a value all the same.
func (b *binder) computed(w *wanted, value ir.Node, overriding string) {
	if w == nil {
		return
	}
	if _, ok := value.(*ir.Default); ok {
		return
	}
	if w.col.Identity == "always" && overriding == "" {
		b.report(diag.New(diag.GeneratedColumn, value.Span(), "column %q is GENERATED ALWAYS AS IDENTITY: no value can be given for it", w.col.Name).
			WithLabel(w.col.Span, "declared here").WithHelp("leave the column out, or say INSERT … OVERRIDING SYSTEM VALUE"))
	}
	if w.col.Generated == "" {
		return
	}
	b.report(diag.New(diag.GeneratedColumn, value.Span(), "column %q is generated: no value can be given for it", w.col.Name).
		WithLabel(w.col.Span, "computed here"))
}
