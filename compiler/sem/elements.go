package sem

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

// NoNullElements tells whether a CHECK constraint keeps NULL out of a stored array: array_position(tags, NULL) IS NULL, which finds
// it, or array_remove(tags, NULL) = tags, to which two NULL elements are the same.
func NoNullElements(c *catalog.Column) bool {
	if c.Table == nil {
		return false
	}
	for _, k := range c.Table.Constraints {
		if k.Kind != ir.Check || k.X == nil || k.NotValid || k.NoInherit && c.Table.HasChildren {
			continue
		}
		conj := []ir.Expr{k.X}
		if l, ok := k.X.(*ir.Logical); ok && l.Op == "AND" {
			conj = l.Args
		}
		for _, x := range conj {
			if keepsNullOut(x, c) {
				return true
			}
		}
	}
	return false
}

func keepsNullOut(x ir.Expr, c *catalog.Column) bool {
	switch x := x.(type) {
	case *ir.IsTest:
		return x.What == "NULL" && !x.Not && findsNull(x.X, "array_position", c)
	case *ir.Binary:
		return x.Op == "=" && (findsNull(x.L, "array_remove", c) && isColumn(x.R, c) || findsNull(x.R, "array_remove", c) && isColumn(x.L, c))
	}
	return false
}

// findsNull tells whether x is function(column, NULL).
func findsNull(x ir.Expr, function string, c *catalog.Column) bool {
	f, ok := x.(*ir.FuncCall)
	if !ok || !strings.EqualFold(f.Name.Last(), function) || f.Name.Schema() != "" && f.Name.Schema() != "pg_catalog" || len(f.Args) != 2 || !isColumn(f.Args[0].X, c) {
		return false
	}
	null := f.Args[1].X
	for {
		cast, ok := null.(*ir.Cast) // a dump writes NULL::text
		if !ok {
			break
		}
		null = cast.X
	}
	l, ok := null.(*ir.Literal)
	return ok && l.Kind == ir.Null
}

func isColumn(x ir.Expr, c *catalog.Column) bool {
	ref, ok := x.(*ir.ColumnRef)
	return ok && ref.Parts[len(ref.Parts)-1].Name == c.Name
}

// storedElements notes what is known of the elements of a stored array: NULL may be among them where nothing keeps it out, if that
// is asked for.
func (b *binder) storedElements(c *column, tc *catalog.Column) {
	if !b.sem.Base(tc.Type).IsArray() {
		return
	}
	c.elemNever = NoNullElements(tc)
	c.elemMaybe = b.opt.NullElements && !c.elemNever
}

// puts are functions that put an argument into an array.
var puts = map[string]bool{"array_append": true, "array_prepend": true, "array_replace": true, "array_fill": true}

// keepElements notes of an array that a call or an operator makes of others, that NULL may be among the elements of one.
func (v *value) keepElements(name string, args []value, asked bool) {
	if !v.typ.IsArray() || v.elemNever || !asked {
		return
	}
	for i := range args {
		v.elemMaybe = v.elemMaybe || args[i].elemMaybe || puts[name] && !args[i].typ.IsArray() && !args[i].null.IsNever()
	}
}
