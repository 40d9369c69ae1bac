package sem

import (
	"slices"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

// intercepted tells whether a trigger may change or leave out rows before they are stored: one
// that runs before or instead of the event, on the table or on a partition of it.
func (b *binder) intercepted(t *catalog.Table, event string) bool {
	if t == nil {
		return false
	}
	for _, sc := range b.in.Schemas {
		for _, g := range sc.Triggers {
			if g.Timing == "AFTER" || !slices.Contains(g.Events, event) {
				continue
			}
			on := b.in.Table(g.Schema, g.Table)
			for depth := 0; on != nil && depth < 8; depth++ {
				if on == t {
					return true
				}
				if on.PartitionOf == "" {
					break
				}
				on = b.in.Table(on.Schema, on.PartitionOf)
			}
		}
	}
	return false
}

// stored sets what RETURNING shows of a changed row's columns: what constraints enforce, not
// what the statement's WHERE or a view's query proved. changed tells the columns that differ
// from the row that was read.
func (b *binder) stored(r *relation, changed func(*column) bool) {
	r.facts = rel.ColSet{} // of the row as it was
	var base []*column
	view := r.table != nil && r.table.Kind == catalog.View
	if view {
		base = b.viewColumns(r.table)
	}
	for i, c := range r.cols {
		switch {
		case c.source == nil || !changed(c):
		case view && (i >= len(base) || base[i].source == nil || base[i].padded || !base[i].source.NotNull):
			c.null = types.Nullable(r.at, "a view enforces nothing on "+c.name)
		default:
			c.null = b.storedNull(r, c.source)
		}
	}
	if r.plain { // the new row is held against its table, and what is generated is made anew
		b.provedBySchema(r)
	}
}

// viewColumns are the columns of a view's query. A view over a view leads on to its columns.
func (b *binder) viewColumns(t *catalog.Table) []*column {
	if t.Query == nil || b.depth > 50 {
		return nil
	}
	inner := newBinder(nil, b.in, b.d, Options{LaxFunctions: true, Tolerant: true})
	inner.depth = b.depth + 10
	cols := inner.query(t.Query, nil, nil, nil).cols
	for _, c := range cols {
		if c.source == nil || c.table == nil || c.table.Kind != catalog.View || c.table == t {
			continue
		}
		for i, under := range c.table.Columns {
			if under != c.source {
				continue
			}
			c.source = nil
			if deeper := inner.viewColumns(c.table); i < len(deeper) {
				c.source = deeper[i].source
			}
			break
		}
	}
	return cols
}

// everyColumn is the change of a row that is new.
func everyColumn(*column) bool { return true }

// mayVanish tells whether an INSERT may store fewer rows than it is given.
func (b *binder) mayVanish(t *catalog.Table) bool {
	if b.intercepted(t, "INSERT") || t != nil && t.Kind == catalog.View {
		return true
	}
	if t != nil {
		for _, k := range t.Constraints {
			if k.OnConflict == "IGNORE" {
				return true
			}
		}
	}
	return false
}
