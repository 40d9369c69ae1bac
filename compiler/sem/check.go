package sem

import (
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
)

// rowCommands need a statement that returns rows; insertCommands an INSERT.
var (
	rowCommands    = map[string]bool{"one": true, "maybe": true, "many": true, "iter": true, "batchone": true, "batchmany": true}
	insertCommands = map[string]bool{"execlastid": true, "copyfrom": true, "bulkinsert": true}
)

// checkCommand holds the header's command against the statement.
func (b *binder) checkCommand(tree ir.Statement, out *output) {
	if b.src == nil || b.src.Header == nil {
		return
	}
	h := b.src.Header
	at := h.CommandSpan
	if at.IsZero() {
		at = h.Span
	}
	switch {
	case rowCommands[h.Command]:
		if out == nil || !out.rows && !out.bad {
			d := diag.New(diag.CommandMismatch, at, ":%s needs a statement that returns rows", h.Command)
			switch tree.(type) {
			case *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge:
				d = d.WithHelp("add RETURNING, or use :exec")
			default:
				d = d.WithHelp("use :exec")
			}
			b.report(d.WithLabel(tree.Span(), "this returns none"))
		}
	case insertCommands[h.Command]:
		if _, ok := tree.(*ir.Insert); !ok {
			b.report(diag.New(diag.CommandMismatch, at, ":%s needs an INSERT", h.Command).WithLabel(tree.Span(), "this is none"))
		}
	}
}
