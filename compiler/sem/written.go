package sem

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

// written is what a statement gives columns of its target: RETURNING shows just that, unless a
// trigger comes before. A conversion to the column's type makes no NULL of a value.
type written map[rel.ColID]types.Nullability

// add notes one of the values that a column may get.
func (w written) add(c *column, n types.Nullability) {
	if have, ok := w[c.id]; ok {
		n = have.Either(n)
	}
	w[c.id] = n
}

// inserted is what the rows of an INSERT are, the columns that it does not give included.
func (b *binder) inserted(r *relation, cols []wanted, values []*column) written {
	w := written{}
	if r.table == nil || r.table.Kind != catalog.BaseTable || b.intercepted(r.table, "INSERT") {
		return w
	}
	for _, c := range r.cols {
		if c.source == nil || c.source.Generated != "" || c.null.IsNever() {
			continue
		}
		given := false
		for i := range cols {
			if cols[i].col.Name != c.name {
				continue
			}
			given = true
			if cols[i].col == c.source && i < len(values) { // not a part of it
				w.add(c, values[i].null)
			} else {
				w.add(c, schemaNull(c.source))
			}
		}
		if !given {
			w.add(c, b.defaultNull(c.source))
		}
	}
	return w
}

// defaultNull is the nullability of what a column gets that is given nothing.
func (b *binder) defaultNull(c *catalog.Column) types.Nullability {
	if c.DefaultExpr == nil || c.Table != nil && c.Table.PartitionOf != "" { // which the partition may have for itself
		return schemaNull(c)
	}
	mark, effects := len(b.diags), b.effects
	v := b.expr(c.DefaultExpr, &scope{})
	b.diags, b.effects = b.diags[:mark], effects
	if v.bad || !v.null.IsNever() {
		return schemaNull(c)
	}
	return types.NotNull
}

// store makes what was written the nullability of r's columns. Where a row that was there
// before may be returned in place of a new one, updated is what it is given.
func (w written) store(r *relation, updated written) {
	for _, c := range r.cols {
		n, ok := w[c.id]
		if !ok {
			continue
		}
		if updated != nil {
			u, set := updated[c.id]
			if !set {
				continue
			}
			n = n.Either(u)
		}
		if n.IsNever() {
			c.null = types.NotNull
		}
	}
}

// assigned is what SET gives a column.
func (b *binder) assigned(x ir.Expr, c *catalog.Column, n types.Nullability) types.Nullability {
	if _, ok := x.(*ir.Default); ok {
		return b.defaultNull(c)
	}
	return n
}
