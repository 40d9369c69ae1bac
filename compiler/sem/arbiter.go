package sem

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
)

// arbiter checks that a unique key stands behind ON CONFLICT (columns): one that has exactly
// these columns. Keys over expressions and targets of expressions are left to the server.
func (b *binder) arbiter(oc *ir.OnConflict, r *relation) {
	if len(oc.Target) == 0 {
		if len(oc.Set) > 0 && oc.Constraint == nil && b.traits.ResolvesUnknown {
			b.report(diag.New(diag.UnknownObject, oc.Span(), "DO UPDATE needs the columns of a unique key: ON CONFLICT (…)"))
		}
		return
	}
	if r.table == nil || r.bad || r.table.Kind != catalog.BaseTable || r.table.Module != "" {
		return
	}
	var want []string
	for i := range oc.Target {
		ref, ok := oc.Target[i].X.(*ir.ColumnRef)
		if !ok || len(ref.Parts) == 0 {
			return
		}
		name := ref.Parts[len(ref.Parts)-1].Name
		known := false
		for _, c := range r.table.Columns {
			known = known || sameName(c.Name, name, b.traits.CaselessNames)
		}
		if !known {
			return // reported, or a rowid
		}
		want = append(want, name)
	}
	for _, k := range r.table.Constraints {
		if (k.Kind == ir.PrimaryKey || k.Kind == ir.Unique || k.Kind == ir.Exclude) && b.sameColumns(k.Columns, want) {
			return
		}
	}
	for _, x := range r.table.Indexes {
		if !x.Unique {
			continue
		}
		var have []string
		for _, p := range x.Parts {
			have = append(have, p.Column)
		}
		if b.sameColumns(have, want) && (x.Where == "" || oc.Where != nil) {
			return
		}
	}
	at := oc.Target[0].Span().Cover(oc.Target[len(oc.Target)-1].Span())
	b.report(diag.New(diag.UnknownObject, at, "no unique key of %q has exactly these columns", r.table.Name).
		WithHelp("ON CONFLICT names the columns of a primary key, a UNIQUE constraint or a unique index"))
}

// sameColumns compares two sets of names.
func (b *binder) sameColumns(have, want []string) bool {
	in := func(list []string, name string) bool {
		for _, n := range list {
			if n != "" && sameName(n, name, b.traits.CaselessNames) {
				return true
			}
		}
		return false
	}
	for _, n := range want {
		if !in(have, n) {
			return false
		}
	}
	for _, n := range have {
		if n == "" || !in(want, n) {
			return false
		}
	}
	return true
}
