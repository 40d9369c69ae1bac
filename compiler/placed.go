package compiler

import (
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// Placed gives diagnostics the places where a person wrote what they are about; one in a fragment names its uses.
func Placed(list diag.List) diag.List {
	for i := range list {
		d := &list[i]
		var uses []source.Span
		d.Span, uses = d.Span.Origin()
		labels := make([]diag.Label, len(d.Labels), len(d.Labels)+len(uses))
		for j, l := range d.Labels {
			labels[j].Text = l.Text
			labels[j].Span, _ = l.Span.Origin()
		}
		for j := len(uses) - 1; j >= 0; j-- {
			labels = append(labels, diag.Label{Span: uses[j], Text: "the fragment is used here"})
		}
		d.Labels = labels
		var fixes []diag.Fix
		for _, f := range d.Fixes {
			if f, ok := placedFix(f); ok {
				fixes = append(fixes, f)
			}
		}
		d.Fixes = fixes
	}
	return list
}

// placedFix is a fix of the files that people wrote; there is none of what is only there when they are put together.
func placedFix(f diag.Fix) (diag.Fix, bool) {
	edits := make([]diag.Edit, len(f.Edits))
	for i, e := range f.Edits {
		at, uses := e.Span.Origin()
		if at.Text() != e.Span.Text() {
			return f, false
		}
		f.Safe = f.Safe && len(uses) == 0 // other queries use the text too
		edits[i] = diag.Edit{Span: at, New: e.New}
	}
	f.Edits = edits
	return f, true
}
