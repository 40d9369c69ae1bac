package sem

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

// tableFunc binds functions in FROM. Their arguments may name what stands before them.
func (b *binder) tableFunc(t *ir.TableFunc, s *scope) *relation {
	name, at := "", t.Span()
	if len(t.Calls) > 0 {
		name = t.Calls[0].Func.Name.Last()
	}
	if t.Alias != nil {
		name, at = t.Alias.Name.Name, t.Alias.Name.Span()
	}
	r := &relation{name: name, at: at, function: true}
	var names []string
	card := rel.AnyRows
	calls := t.Calls
	for i := range calls {
		call := &calls[i]
		names = append(names, call.Func.Name.Last())
		cols, rows, ok := b.tableCall(call, s, r, t.Alias != nil)
		if !ok {
			r.bad = true
		}
		if len(calls) == 1 {
			card = rows
		}
		r.cols = append(r.cols, cols...)
	}
	if len(calls) > 1 {
		r.typ = types.Type{}
		for _, c := range r.cols {
			c.null = types.Nullable(t.Span(), "ROWS FROM functions of different lengths")
		}
	}
	if t.Ordinality {
		r.cols = append(r.cols, &column{name: "ordinality", typ: b.traits.LimitType, null: types.NotNull, embed: -1})
	}
	for _, c := range r.cols {
		c.rel = r
		c.id = b.meta.Add(rel.Column{Name: c.name, Type: c.typ, Table: c.table, Source: c.source})
	}
	if t.Alias != nil {
		b.renameColumns(r, t.Alias.Columns)
	}
	r.row = b.meta.Add(rel.Column{Name: name})
	r.node = rel.NewFunc(b.meta, names, name, idsOf(r.cols), r.row, neverOf(r.cols), card)
	return r
}

// tableCall binds one function in FROM; card bounds its rows, ok is false where it could not
// be resolved.
func (b *binder) tableCall(call *ir.TableCall, s *scope, r *relation, aliased bool) (cols []*column, card rel.Cardinality, ok bool) {
	card = rel.AnyRows
	f := call.Func
	inner := &scope{parent: s, env: s.env, clause: inFrom}
	if vt := b.in.Table(f.Name.Schema(), f.Name.Last()); vt != nil && vt.Kind == catalog.VirtualTable {
		// An FTS table called with its query: ft('word').
		for i := range f.Args {
			v := b.expr(f.Args[i].X, inner)
			b.settle(&v, b.sem.Literal(&ir.Literal{Kind: ir.String}), f.Args[i].X)
		}
		b.reads(vt)
		for _, tc := range vt.Columns {
			cols = append(cols, &column{name: tc.Name, typ: tc.Type, null: schemaNull(tc), table: vt, source: tc, hidden: tc.Hidden, embed: -1})
		}
		return cols, card, true
	}
	c := b.call(f, inner, true)
	if len(call.Defs) > 0 {
		r.defined = true
		for i := range call.Defs {
			cols = append(cols, b.definedColumn(&call.Defs[i], f))
		}
		return cols, card, true
	}
	if c.spread != nil { // several arrays side by side
		for _, v := range c.spread {
			cols = append(cols, &column{name: f.Name.Last(), typ: v.typ,
				null: types.Nullable(f.Span(), f.Name.Last()+" of arrays of different lengths"), embed: -1})
		}
		return cols, card, true
	}
	if c.value.bad || c.unknown {
		return []*column{{name: r.name, typ: types.Type{}, null: types.Nullable(f.Span(), "unknown function "+f.Name.Last()), embed: -1}}, card, !c.value.bad
	}
	switch {
	case c.sig.Rows != nil:
		card = rel.Cardinality{Min: c.sig.Rows.Min, Max: c.sig.Rows.Max}
	case !c.sig.ReturnsSet && (len(c.sig.Columns) == 0 || c.body != nil):
		card = rel.OneRow
	case c.body != nil:
		card = c.body.card
	}
	if unnests(f, &c) { // a row an element
		card.Min = int64(c.args[0].elements)
	}
	strictSet := c.sig.Null == catalog.NullStrict || c.sig.Null == catalog.NullNever
	columnNull := func(fc *catalog.Column) types.Nullability {
		// A row of a table's type is held by none of the table's constraints.
		if fc.NotNull && fc.Table == nil && len(c.sig.Columns) > 0 || strictSet && c.sig.ReturnsSet && len(c.sig.Columns) == 1 {
			return types.NotNull
		}
		return types.Nullable(f.Span(), "column "+fc.Name+" of function "+f.Name.Last())
	}
	fields := c.sig.Columns
	if len(fields) == 0 && !c.sig.Returns.IsArray() {
		fields = b.sem.Fields(c.sig.Returns)
		if fields == nil {
			fields = c.value.fields
		}
	}
	if len(fields) > 0 {
		if c.sig.Returns.Kind == types.Composite {
			r.typ = c.sig.Returns
		}
		for i, fc := range fields {
			typ := fc.Type
			if typ.Kind == types.Pseudo && len(fields) == 1 {
				typ = c.value.typ
			}
			null := columnNull(fc)
			if c.body != nil && len(c.body.null) == len(fields) && (len(fields) > 1 || c.sig.Returns.Kind != types.Composite) {
				null = c.body.column(i, f, &c)
			}
			cols = append(cols, &column{name: fc.Name, typ: typ, null: null, hidden: fc.Hidden, embed: -1})
		}
		return cols, card, true
	}
	name := f.Name.Last()
	if aliased {
		name = r.name
	}
	col := &column{name: name, typ: c.value.typ, null: c.value.null, embed: -1}
	switch {
	case c.body != nil && len(c.body.null) == 1:
		// What the body says stands in the value.
	case c.sig.ReturnsSet && strictSet:
		// A strict function that yields rows yields none for a NULL argument.
		col.null = types.NotNull
	case c.sig.ReturnsSet && c.elements():
		col.null = types.NotNull
	case c.sig.ReturnsSet:
		col.null = types.Nullable(f.Span(), "a row of "+f.Name.Last())
	}
	return []*column{col}, card, true
}

// elements tells whether a set-returning call hands out the elements of an array that has
// no NULL in it.
func (c *called) elements() bool {
	for i, v := range c.args {
		if v.elemNever && (v.typ.IsArray() || i < len(c.sig.Args) && c.sig.Args[i].IsArray()) && v.typ.Elem().Same(c.value.typ) {
			return true
		}
	}
	return false
}

// definedColumn is a column of a definition list: AS (a int, b text), COLUMNS (…).
func (b *binder) definedColumn(d *ir.ColumnDef, f *ir.FuncCall) *column {
	maybe := types.Nullable(d.Span(), "column "+d.Name.Name+" of "+f.Name.Last())
	c := &column{name: d.Name.Name, embed: -1, null: maybe}
	switch {
	case d.Ordinality:
		c.typ, c.null = b.sem.Literal(&ir.Literal{Kind: ir.Integer, Text: "1"}), types.NotNull
	case d.Type != nil:
		c.typ = b.typeName(*d.Type)
	}
	for i := range d.Constraints {
		switch d.Constraints[i].Kind {
		case ir.NotNull:
			c.null = types.NotNull
		case ir.NullAllowed:
			c.null = maybe
		}
	}
	return c
}

// functionAsTable resolves a table name that is really a function without arguments, as
// SQLite's pragma functions may be written.
func (b *binder) functionAsTable(t *ir.TableRef, s *scope) *relation {
	sig, failure := b.sem.Function(t.Name.Schema(), t.Name.Last(), nil, false)
	if failure != dialect.OK || !sig.ReturnsSet && len(sig.Columns) == 0 {
		return nil
	}
	f := &ir.FuncCall{At: t.At, Name: t.Name}
	return b.tableFunc(&ir.TableFunc{At: t.At, Calls: []ir.TableCall{{At: t.At, Func: f}}, Alias: t.Alias}, s)
}

// typeName resolves a type as written and reports one that does not exist.
func (b *binder) typeName(t ir.TypeName) types.Type {
	typ := b.d.Type(t, b.in)
	if !typ.Known() {
		d := diag.New(diag.UnknownType, t.Span(), "there is no type %q", t.Name.String())
		if b.opt.LaxFunctions {
			d.Severity = diag.Warning
			typ = types.Type{Schema: t.Name.Schema(), Name: t.Name.Last(), Dims: t.Dims}
		}
		b.report(near(d, t.Name.Last(), b.typeNames()))
	}
	return typ
}

func (b *binder) typeNames() []string {
	var out []string
	for _, sc := range b.in.Schemas {
		for _, t := range sc.Types {
			out = append(out, t.Name)
		}
	}
	return out
}

// unnests tells whether a call makes rows of the elements of one array that is there.
func unnests(f *ir.FuncCall, c *called) bool {
	own := c.sig.Function == nil || c.sig.Function.Span.IsZero() && c.sig.Function.Extension == "" // the engine's
	return own && len(c.args) == 1 && c.args[0].null.IsNever() && strings.EqualFold(f.Name.Last(), "unnest")
}
