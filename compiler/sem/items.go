package sem

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

// selectItems binds a select list or RETURNING.
func (b *binder) selectItems(list []ir.SelectItem, s *scope, in clause, want []wanted) (cols []*column, items []rel.Scalar) {
	saved, place0 := s.clause, b.place
	s.clause = in
	defer func() { s.clause, b.place = saved, place0 }()
	room := len(list)
	for i := range list {
		if _, ok := list[i].X.(*ir.Star); ok {
			for _, f := range s.frames {
				room += len(f.cols)
			}
		}
	}
	cols = make([]*column, 0, room)
	items = b.scratch.scalars.take(room)[:0]
	var sets []int // the items that yield several rows
	setBefore := s.setReturning
	defer func() { s.setReturning = s.setReturning || setBefore || len(sets) > 0 }()
	for i := range list {
		it := &list[i]
		s.setReturning = false
		switch x := it.X.(type) {
		case *ir.Star:
			if i > 0 && len(x.Qualifier) == 0 && b.traits.StarFirst {
				b.report(diag.New(diag.SyntaxError, x.Span(), "* must be the first of the select list").WithHelp("write the table's name before it: t.*"))
			}
			for _, c := range b.star(x, s) {
				c.item = it
				cols = append(cols, c)
				items = append(items, rel.Scalar{Name: c.name, ID: c.id, Uses: rel.MakeColSet(c.id), Type: c.typ, Null: c.null})
			}
			continue
		case *ir.Field:
			if x.All {
				for _, c := range b.allFields(x, s) {
					if s.setReturning {
						sets = append(sets, len(cols))
					}
					c.item = it
					cols = append(cols, c)
					items = append(items, rel.Scalar{X: x, Name: c.name, ID: c.id, Type: c.typ, Null: c.null})
				}
				continue
			}
		}
		var w *wanted
		if i < len(want) && len(cols) == i {
			w = &want[i]
		}
		c, v := b.selectItem(it, s, w)
		if s.setReturning {
			sets = append(sets, len(cols))
		}
		cols = append(cols, c)
		items = append(items, rel.Scalar{X: it.X, Name: c.name, ID: c.id, Uses: v.uses, Type: c.typ, Null: c.null, ByColumns: c.byColumns, Strict: v.strict})
	}
	s.setColumns = sets
	s.fillUp(cols, items)
	return cols, items
}

// fillUp makes nullable what set-returning functions yield side by side, as they do where
// there are several in the select list, ORDER BY and DISTINCT ON: the shorter ones are filled
// up with NULL.
func (s *scope) fillUp(cols []*column, items []rel.Scalar) {
	if s.sets < 2 && len(s.setColumns) < 2 {
		return
	}
	for _, i := range s.setColumns {
		if cols[i].null.IsNever() {
			cols[i].null = types.Nullable(s.items[min(i, len(s.items)-1)].Span(), "set-returning functions of different lengths")
			items[i].Null = cols[i].null
		}
	}
}

// selectItem binds one item.
func (b *binder) selectItem(it *ir.SelectItem, s *scope, w *wanted) (*column, value) {
	b.place = b.scratch.places.keep(place{kind: placeItem})
	if w != nil {
		b.place = b.scratch.places.keep(place{kind: placeNamed, name: w.col.Name, col: w.col, table: w.table})
	}
	aggregates, windows, absent := s.aggregates, s.windowCalls, s.absentQueries
	v := b.whole(it.X, s)
	if s.absentQueries > absent && v.null.IsNever() { // whatever is made of such a subquery
		v.null = s.group.reason
	}
	if s.absentQueries > absent {
		v.json = nil
	}
	if s.losesWindows && s.windowCalls > windows && v.null.IsNever() && !isWindow(it.X) {
		v.null = types.Nullable(it.Span(), "computed of a window function beside an aggregate that sorts")
	}
	if v.json == nil && b.traits.JSONIsText && b.mayBeJSON(&v, it.X) {
		v.json = openJSON(it.X, "it may be JSON or a text")
	}
	if w != nil && !w.loose {
		b.assign(&v, w.col, it.X)
	}
	c := b.scratch.columns.keep(column{typ: v.typ, null: v.null, params: v.params, lit: v.lit, elemNever: v.elemNever, elemMaybe: v.elemMaybe, fields: v.fields, json: v.json, digits: v.digits, class: v.class, expr: it.X, item: it, strict: v.strict, embed: -1,
		byColumns: s.aggregates == aggregates && s.windowCalls == windows && !v.volatile})
	if len(v.row) > 0 && !c.typ.Known() {
		c.typ = types.Type{Name: "record", Kind: types.Pseudo}
	}
	if v.set {
		s.setReturning = true
	}
	if it.Alias != nil {
		c.name = it.Alias.Name
	} else {
		c.name, c.derived = b.columnName(it)
	}
	if v.col != nil {
		c.table, c.source, c.id, c.padded, c.rel = v.col.table, v.col.source, v.col.id, v.col.padded, nil
		if v.col.rel != nil {
			c.alias = v.col.rel.name
		}
		if it.Alias == nil {
			c.name = v.col.name
			if ref, ok := it.X.(*ir.ColumnRef); ok {
				c.name = b.spelling(ref, v.col)
			}
		}
	}
	if v.col != nil && !s.rowless() {
		c.wants = v.col.needs()
	}
	if c.id == 0 {
		c.id = b.meta.Add(rel.Column{Name: c.name, Type: c.typ})
	}
	if _, literal := it.X.(*ir.Literal); !literal && b.traits.ConstantsPassPadding {
		computed := v.uses.Minus(b.constants)
		c.constant = computed.Empty() || computed.SubsetOf(s.outerColumns())
	}
	return c, v
}

// spelling is the name under which the server returns a plain column: as declared where
// names have no case, else as written, which differs for a function's only column called by
// the function's alias. SQLite calls a rowid by the column that it is, however it was written.
func (b *binder) spelling(ref *ir.ColumnRef, c *column) string {
	switch {
	case c.source != nil && b.traits.CaselessNames:
		return c.name
	case b.traits.RowIDs && c.hidden && c.table != nil && c.rel != nil && c.rel.table == c.table:
		for _, declared := range c.rel.cols {
			if declared.id == c.id {
				return declared.name
			}
		}
		return "rowid"
	}
	return ref.Parts[len(ref.Parts)-1].Name
}

// star expands * or t.* and notes how the text is to be written.
func (b *binder) star(x *ir.Star, s *scope) []*column {
	var from []*column
	var only *relation
	if len(x.Qualifier) == 0 {
		if len(s.frames) == 0 {
			b.report(diag.New(diag.UnknownTable, x.Span(), "* has no FROM to take columns from"))
			return nil
		}
		for _, f := range s.frames {
			from = append(from, b.starColumns(f)...)
		}
		b.twins(x, s)
	} else {
		name := x.Qualifier[len(x.Qualifier)-1].Name
		schema := ""
		if len(x.Qualifier) > 1 {
			schema = x.Qualifier[len(x.Qualifier)-2].Name
		}
		for t := s; t != nil && only == nil; t = t.parent {
			only = t.relationNamed(schema, name, b.traits.CaselessNames)
		}
		if only == nil {
			for _, f := range s.frames {
				for _, c := range f.cols {
					if b.traits.WholeRowRefs && sameName(c.name, name, false) && len(b.sem.Fields(c.typ)) > 0 {
						return b.allFields(&ir.Field{At: x.At, X: &ir.ColumnRef{At: x.At, Parts: x.Qualifier}, All: true}, s)
					}
				}
			}
			d := diag.New(diag.UnknownTable, x.Span(), "no table or alias %q in this FROM", name)
			var names []string
			for _, f := range s.frames {
				for _, r := range f.rels {
					names = append(names, r.name)
				}
			}
			b.report(near(d, name, names))
			return nil
		}
		from = visible(only)
	}
	if !b.hasBad(s, only) {
		b.expandText(x, from)
	}
	embed := -1
	embedNull := types.NotNull
	if x.Embed {
		if i, ok := b.embedIndex(x); ok {
			embed = i
		}
		if only != nil {
			for _, p := range only.pads {
				embedNull = p.null
			}
		}
	}
	out := make([]*column, len(from))
	shown := b.scratch.columns.take(len(from))
	for i, c := range from {
		v := b.use(c, s, x.Span())
		o := &shown[i]
		*o = column{name: c.name, id: c.id, typ: c.typ, null: v.null, table: c.table, source: c.source, padded: c.padded,
			params: c.params, lit: c.lit, elemNever: c.elemNever, elemMaybe: c.elemMaybe, fields: c.fields, json: c.json, digits: c.digits, class: c.class, constant: c.constant, fromStar: true, embed: embed, embedNull: embedNull}
		if c.rel != nil {
			o.alias = c.rel.name
		}
		if o.strict = v.strict; !s.rowless() {
			o.wants = c.needs()
		}
		out[i] = o
	}
	return out
}

func (b *binder) hasBad(s *scope, only *relation) bool {
	if only != nil {
		return only.bad
	}
	for _, f := range s.frames {
		for _, r := range f.rels {
			if r.bad {
				return true
			}
		}
	}
	return false
}

// embedIndex is the index of the sqlc.embed that x came from.
func (b *binder) embedIndex(x *ir.Star) (int, bool) {
	if b.src == nil {
		return 0, false
	}
	for i, e := range b.src.Embeds {
		if e.Span == x.Span() || e.Span.File == x.Span().File && e.Span.Start <= x.Span().Start && x.Span().End <= e.Span.End {
			return i, true
		}
	}
	return 0, false
}

// allFields expands (x).*.
func (b *binder) allFields(x *ir.Field, s *scope) []*column {
	v := b.expr(x.X, s)
	fields := b.fields(&v)
	if fields == nil {
		if !v.bad {
			b.report(diag.New(diag.TypeMismatch, x.Span(), "%s is %s, which has no columns", x.X.Span().Text(), v.typ))
		}
		return nil
	}
	if v.set {
		s.setReturning = true
	}
	var out []*column
	for _, f := range fields {
		out = append(out, &column{name: f.Name, typ: f.Type, null: b.fieldNull(&v, f, x), fromStar: true, embed: -1,
			id: b.meta.Add(rel.Column{Name: f.Name, Type: f.Type})})
	}
	return out
}

// fields are the columns of a composite value.
func (b *binder) fields(v *value) []*catalog.Column {
	if v.fields != nil {
		return v.fields
	}
	return b.sem.Fields(b.sem.Base(v.typ))
}

// fieldsOf describes a relation's columns as the fields of its row.
func fieldsOf(r *relation, s *scope) []*catalog.Column {
	out := make([]*catalog.Column, 0, len(r.cols))
	for _, c := range r.cols {
		out = append(out, &catalog.Column{Name: c.name, Type: c.typ, NotNull: s.nullOf(c).IsNever()})
	}
	return out
}

// fieldNull is the nullability of a field of v: a composite's constraints do not reach its
// fields, but those of a table's own row do.
func (b *binder) fieldNull(v *value, f *catalog.Column, at ir.Node) types.Nullability {
	if v.whole != nil && f.NotNull {
		return v.null
	}
	if v.fields != nil && f.NotNull {
		return v.null
	}
	return types.Nullable(at.Span(), "field "+f.Name)
}

// fieldOf is v.name, nil where v has no such field.
func (b *binder) fieldOf(v *value, name string) *value {
	for _, f := range b.fields(v) {
		if sameName(f.Name, name, b.traits.CaselessNames) {
			out := &value{typ: f.Type, uses: v.uses, null: types.Nullability{Reason: types.Reason{Text: "field " + name}}}
			if f.NotNull && (v.whole != nil || v.fields != nil) {
				out.null = v.null
			}
			return out
		}
	}
	return nil
}
