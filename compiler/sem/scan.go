package sem

import (
	"slices"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/types"
)

func visible(r *relation) []*column {
	for _, c := range r.cols {
		if c.hidden {
			var out []*column
			for _, c := range r.cols {
				if !c.hidden {
					out = append(out, c)
				}
			}
			return out
		}
	}
	return r.cols[:len(r.cols):len(r.cols)]
}

// scan makes a relation of a table: fresh columns with what the schema says of them. only tells
// that it has none of the rows of tables that inherit from it.
func (b *binder) scan(t *catalog.Table, alias string, at source.Span, only bool) *relation {
	only = only || !t.HasChildren
	r := b.scratch.relations.keep(relation{name: alias, at: at, table: t, plain: t.Kind == catalog.BaseTable, only: only})
	cols := b.scratch.columns.take(len(t.Columns))
	ids := make([]rel.ColID, len(t.Columns))
	r.cols = make([]*column, len(t.Columns))
	var notNull rel.ColSet
	for i, tc := range t.Columns {
		c := &cols[i]
		*c = column{name: tc.Name, typ: tc.Type, table: t, source: tc, rel: r, hidden: tc.Hidden || tc.Invisible, embed: -1}
		c.id = b.meta.Add(rel.Column{Name: tc.Name, Type: tc.Type, Table: t, Source: tc})
		if c.constant = tc.Constant && b.traits.ConstantsPassPadding; c.constant {
			b.constants = b.constants.With(c.id)
		}
		c.null, c.class = b.storedNull(r, tc), b.storedClass(t, tc)
		b.storedElements(c, tc)
		if !c.null.IsNever() && c.null.Reason.At.IsZero() {
			c.null.Reason.At = at // the engine's own relations are in no file
		}
		if c.null.IsNever() {
			notNull = notNull.With(c.id)
		}
		ids[i], r.cols[i] = c.id, c
	}
	r.row = b.meta.Add(rel.Column{Name: alias})
	if r.checks = checksOf(t); len(r.checks) > 0 {
		b.guarded = append(b.guarded, r)
	}
	notNull = notNull.Union(b.provedBySchema(r))
	scan := rel.NewScan(b.meta, t, alias, ids, r.row, notNull, b.traits.CaselessNames, !only)
	if only {
		r.uniques = b.uniqueKeys(r)
		scan.Determined(b.viewKeys(r, ids), b.pinned(r))
	}
	r.node = scan
	r.typ = types.Type{Schema: t.Schema, Name: t.Name, Kind: types.Composite}
	return r
}

// provedBySchema are the columns of a table that its CHECK constraints and generation
// expressions keep from being NULL.
func (b *binder) provedBySchema(r *relation) rel.ColSet {
	var out rel.ColSet
	for _, k := range r.table.Constraints {
		// A CHECK holds where it is true or NULL; one that is never NULL is true.
		if k.Kind != ir.Check || k.X == nil || k.NotValid || k.NoInherit && r.table.HasChildren || !testsNull(k.X) {
			continue
		}
		conj := []ir.Expr{k.X}
		if l, ok := k.X.(*ir.Logical); ok && l.Op == "AND" {
			conj = l.Args
		}
		for _, x := range conj {
			if v := b.ofRow(x, r); !v.bad && v.null.IsNever() {
				out = out.Union(v.ifTrue)
			}
		}
	}
	for _, c := range r.cols {
		if out.Has(c.id) {
			c.null = types.NotNull
		}
	}
	return out.Union(b.generate(r))
}

// ofRow binds an expression over one row of a table, as its schema has it.
func (b *binder) ofRow(x ir.Expr, r *relation) value {
	s := b.scratch.scopes.keep(scope{clause: inWhere})
	s.push(&frame{rels: []*relation{r}, cols: r.cols})
	mark, effects := len(b.diags), b.effects
	v := b.expr(x, s)
	b.diags, b.effects = b.diags[:mark], effects
	return v
}

// testsNull tells whether x has an IS NOT NULL, or an equality that is never NULL.
func testsNull(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.IsTest:
		return x.What == "NULL" && x.Not
	case *ir.Binary:
		return nullSafe[x.Op]
	case *ir.Not:
		return true
	case *ir.Logical:
		for _, a := range x.Args {
			if testsNull(a) {
				return true
			}
		}
	}
	return false
}

// storedNull is the nullability of a column of r's table by the schema: where the rows of child
// tables are read too, none of them may have taken the inherited NOT NULL back.
func (b *binder) storedNull(r *relation, c *catalog.Column) types.Nullability {
	n := schemaNull(c)
	if r.only || !c.NotNull {
		return n
	}
	if child := b.nullableChild(r.table, c.Name, 0); child != nil {
		return types.Nullability{Reason: types.Reason{Text: "nullable in the child table " + child.Table.Name, At: child.Span}}
	}
	return n
}

// nullableChild is a column of that name which may be NULL in a table that inherits from t, nil
// where there is none. Names of parents are kept without their schema, so a namesake counts.
func (b *binder) nullableChild(t *catalog.Table, name string, depth int) *catalog.Column {
	if depth > 32 {
		return nil
	}
	for _, sc := range b.in.Schemas {
		for _, child := range sc.Tables {
			if !slices.Contains(child.Inherits, t.Name) {
				continue
			}
			if c := child.Column(name, b.traits.CaselessNames); c != nil && !c.NotNull {
				return c
			}
			if c := b.nullableChild(child, name, depth+1); c != nil {
				return c
			}
		}
	}
	return nil
}

// schemaNull is the nullability of a table's column by the schema alone.
func schemaNull(c *catalog.Column) types.Nullability {
	switch {
	case c.NotNull:
		return types.NotNull
	case c.NullReason.Text != "":
		return types.Nullability{Reason: c.NullReason}
	}
	return types.Nullability{Reason: types.Reason{Text: "nullable column " + c.Name, At: c.Span}}
}

// hiddenColumn finds a column that no star shows and that is not declared: a rowid or a
// system column.
func (b *binder) hiddenColumn(r *relation, name string) *column {
	if r.table == nil && !(r.function && b.traits.RowIDs) || r.table != nil && r.table.Kind != catalog.BaseTable && r.table.Kind != catalog.VirtualTable && len(b.traits.SystemColumns) == 0 {
		return nil
	}
	for _, c := range r.hidden {
		if sameName(c.name, name, b.traits.CaselessNames) {
			return c
		}
	}
	add := func(cc *catalog.Column, id rel.ColID) *column {
		if id == 0 {
			id = b.meta.Add(rel.Column{Name: cc.Name, Type: cc.Type, Table: r.table})
		}
		c := &column{name: cc.Name, id: id, typ: cc.Type, null: schemaNull(cc), rel: r, hidden: true, pads: r.pads, padded: len(r.pads) > 0, table: r.table, source: nil, embed: -1}
		r.hidden = append(r.hidden, c)
		return c
	}
	if b.traits.RowIDs && (r.table == nil || !r.table.WithoutRowID) {
		for _, n := range [...]string{"rowid", "_rowid_", "oid"} {
			if !sameName(n, name, true) {
				continue
			}
			// The rowid is the INTEGER PRIMARY KEY, where there is one.
			if r.table == nil {
				return add(&catalog.Column{Name: n, Type: b.sem.Literal(&ir.Literal{Kind: ir.Integer, Text: "1"}), NotNull: true}, 0)
			}
			for _, c := range r.cols {
				if c.source != nil && isRowID(r.table, c.source) {
					return add(&catalog.Column{Name: n, Type: c.typ, NotNull: true}, c.id)
				}
			}
			return add(&catalog.Column{Name: n, Type: b.sem.Literal(&ir.Literal{Kind: ir.Integer, Text: "1"}), NotNull: true}, 0)
		}
	}
	for i := range b.traits.SystemColumns {
		if r.table == nil {
			break
		}
		if c := &b.traits.SystemColumns[i]; sameName(c.Name, name, b.traits.CaselessNames) {
			return add(c, 0)
		}
	}
	return nil
}

// isRowID tells whether c is the INTEGER PRIMARY KEY of t, which is its rowid unless DESC stands behind it.
func isRowID(t *catalog.Table, c *catalog.Column) bool {
	pk := t.PrimaryKey()
	return !t.WithoutRowID && pk != nil && pk.Using != "desc" && len(pk.Columns) == 1 && sameName(c.Name, pk.Columns[0], true) && sameName(c.Declared, "INTEGER", true)
}

// storedClass is of what c holds: in a STRICT table, or as the rowid, what it is declared for.
func (b *binder) storedClass(t *catalog.Table, c *catalog.Column) dialect.Class {
	if t.Kind == catalog.BaseTable && c.Generated == "" && (t.Strict || b.traits.RowIDs && isRowID(t, c)) {
		return b.traits.Classes[c.Type.Name]
	}
	return dialect.AnyValue
}

// rename applies AS alias (columns) to a relation.
func (b *binder) rename(r *relation, a *ir.Alias) {
	if a == nil {
		return
	}
	r.name, r.at, r.schema = a.Name.Name, a.Name.Span(), ""
	b.renameColumns(r, a.Columns)
}

func (b *binder) renameColumns(r *relation, names []ir.Ident) {
	if len(names) == 0 || r.bad {
		return
	}
	shown := visible(r)
	if n := len(names); n < len(shown) && b.traits.AllColumnsNamed {
		b.report(diag.New(diag.WrongArity, names[0].Span().Cover(names[n-1].Span()), "%q has %d columns, but %d are named", r.name, len(shown), n))
	}
	if len(names) > len(shown) {
		b.report(diag.New(diag.WrongArity, names[len(shown)].Span(), "%q has %d columns, but %d are named", r.name, len(shown), len(names)))
		names = names[:len(shown)]
	}
	for i, n := range names {
		shown[i].name = n.Name
		b.meta.Column(shown[i].id).Name = n.Name
	}
}

// fresh makes a relation of a query's output, with columns of its own.
func (b *binder) fresh(out []*column, name string, at source.Span) *relation {
	r := &relation{name: name, at: at}
	cols := b.scratch.columns.take(len(out))
	r.cols = make([]*column, len(out))
	for i, o := range out {
		c := &cols[i]
		*c = column{name: o.name, typ: o.typ, null: o.null, table: o.table, source: o.source, rel: r,
			params: o.params, lit: o.lit, elemNever: o.elemNever, elemMaybe: o.elemMaybe, fields: o.fields, json: b.outsideJSON(o.json), digits: o.digits, class: o.class, padded: o.padded, embed: -1}
		c.id = b.meta.Add(rel.Column{Name: o.name, Type: o.typ, Table: o.table, Source: o.source})
		if c.constant = o.constant; c.constant {
			b.constants = b.constants.With(c.id)
		}
		r.cols[i] = c
	}
	r.row = b.meta.Add(rel.Column{Name: name})
	b.carry(out, r.cols)
	return r
}

func idsOf(cols []*column) []rel.ColID {
	out := make([]rel.ColID, len(cols))
	for i, c := range cols {
		out[i] = c.id
	}
	return out
}

func neverOf(cols []*column) rel.ColSet {
	var s rel.ColSet
	for _, c := range cols {
		if len(c.pads) == 0 && c.null.IsNever() {
			s = s.With(c.id)
		}
	}
	return s
}
