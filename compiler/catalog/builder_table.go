package catalog

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

func (b *Builder) createTable(n *ir.CreateTable) {
	sc := b.target(n.Name)
	if sc == nil {
		return
	}
	if old := sc.tables[b.s.fold(n.Name.Last())]; old != nil {
		if !n.IfNotExists {
			b.duplicate(nameSpan(n.Name), "table", n.Name.String(), old.Span)
		}
		return
	}
	t := &Table{
		Schema: sc.Name, Name: n.Name.Last(), Temp: n.Temp,
		Strict: n.Strict, WithoutRowID: n.WithoutRowID,
		Partition: n.Partition, Bound: n.Bound,
		Options: options(n.Options), Span: nameSpan(n.Name),
	}
	t.Comment = t.Options["comment"]
	delete(t.Options, "comment")
	for _, parent := range n.Inherits {
		if p := b.table(parent, false); p != nil {
			t.Inherits = append(t.Inherits, p.Name)
			p.HasChildren = true
			b.copyColumns(t, p, true)
			b.copyChecks(t, p)
		}
	}
	if n.PartitionOf != nil {
		if p := b.table(*n.PartitionOf, false); p != nil {
			t.PartitionOf = p.Name
			b.copyColumns(t, p, true)
			b.copyConstraints(t, p)
		}
	}
	if n.OfType != nil {
		if d := b.s.Type(n.OfType.Schema(), n.OfType.Last()); d != nil {
			b.copyColumns(t, &Table{Columns: d.Columns}, false)
		} else {
			b.diags.Add(diag.New(diag.UnknownType, nameSpan(*n.OfType), "there is no type %q", n.OfType.String()))
		}
	}
	sc.put(b.s, t)
	// LIKE clauses and columns stand in one list; a LIKE takes its place by position.
	likes := n.Like
	for i := range n.Columns {
		for len(likes) > 0 && likes[0].Span().Before(n.Columns[i].Span()) {
			b.like(t, likes[0])
			likes = likes[1:]
		}
		b.addColumn(t, &n.Columns[i])
	}
	for _, l := range likes {
		b.like(t, l)
	}
	for i := range n.Constraints {
		b.addConstraint(t, &n.Constraints[i], "")
	}
	if n.AsQuery != nil && b.rules.Columns != nil {
		cols, ds := b.rules.Columns(n.AsQuery, n.AsColumns, b.s)
		b.diags.Add(ds...)
		for _, c := range cols {
			// Rows are copied, constraints are not: every column of the new table may be NULL later.
			t.Columns = append(t.Columns, &Column{Name: c.Name, Type: c.Type, Declared: c.Declared, EnumValues: c.EnumValues, Table: t, Span: c.Span})
		}
	}
	b.applyKeys(t)
}

func (b *Builder) createVirtualTable(n *ir.CreateVirtualTable) {
	sc := b.target(n.Name)
	if sc == nil {
		return
	}
	if old := sc.tables[b.s.fold(n.Name.Last())]; old != nil {
		if !n.IfNotExists {
			b.duplicate(nameSpan(n.Name), "table", n.Name.String(), old.Span)
		}
		return
	}
	t := &Table{Name: n.Name.Last(), Kind: VirtualTable, Module: n.Module, ModuleArgs: n.Args, Span: nameSpan(n.Name)}
	if b.rules.VirtualTable != nil {
		cols, ok := b.rules.VirtualTable(n.Module, n.Args)
		if !ok {
			b.diags.Add(diag.New(diag.NotModelled, n.Span(), "the columns of a virtual table of module %q are not known", n.Module))
		}
		for _, c := range cols {
			c := *c
			c.Table, c.Span = t, t.Span
			if c.Name == "" { // the hidden column that bears the table's name
				c.Name = t.Name
			}
			t.Columns = append(t.Columns, &c)
		}
	}
	sc.put(b.s, t)
}

// addColumn appends a column; its constraints are lifted to the table.
func (b *Builder) addColumn(t *Table, def *ir.ColumnDef) {
	if old := t.Column(def.Name.Name, b.s.Caseless()); old != nil {
		if (len(t.Inherits) > 0 || t.PartitionOf != "") && old.Table == t && old.Span.IsZero() {
			b.mergeColumn(t, old, def)
			return
		}
		b.diags.Add(diag.New(diag.DuplicateColumn, def.Name.Span(), "table %q has a column %q already", t.Name, def.Name.Name).
			WithLabel(old.Span, "the first is here"))
		return
	}
	c := b.column(t, def)
	for _, o := range t.Columns {
		c.Added = max(c.Added, o.Added+1)
	}
	at := len(t.Columns)
	switch {
	case def.First:
		at = 0
	case def.After != nil:
		if i := slices.IndexFunc(t.Columns, func(o *Column) bool { return b.s.same(o.Name, def.After.Name) }); i >= 0 {
			at = i + 1
		} else {
			b.unknownColumn(t, *def.After)
		}
	}
	t.Columns = slices.Insert(t.Columns, at, c)
	b.columnConstraints(t, c, def)
}

// mergeColumn applies a definition over an inherited column of the same name.
func (b *Builder) mergeColumn(t *Table, old *Column, def *ir.ColumnDef) {
	old.Span = def.Name.Span()
	b.columnConstraints(t, old, def)
}

// column makes the column of a definition, without its constraints.
func (b *Builder) column(t *Table, def *ir.ColumnDef) *Column {
	c := &Column{
		Name: def.Name.Name, Table: t, Span: def.Name.Span(),
		OnUpdate: text(def.OnUpdate), Invisible: def.Invisible, Comment: textOf(def.Comment),
	}
	if def.Collate != nil {
		c.Collation = def.Collate.String()
	}
	if def.Type == nil {
		if b.rules.Type != nil {
			c.Type = b.rules.Type(ir.TypeName{}, b.s)
		}
		return c
	}
	c.Declared = def.Type.Raw
	c.EnumValues = def.Type.Values
	c.Charset = def.Type.Charset
	if c.Collation == "" {
		c.Collation = def.Type.Collate
	}
	if b.rules.Serial != nil {
		if serial, ok := b.rules.Serial(def.Type.Name.Last()); ok {
			c.Type = serial
			c.refuseNull()
			b.ownSequence(t, c)
			return c
		}
	}
	c.Type = b.resolve(*def.Type)
	return c
}

// resolve finds a type or reports it; an unknown type is the zero Type, so that one
// mistake gives one error.
func (b *Builder) resolve(tn ir.TypeName) types.Type {
	if tn.PercentType && len(tn.Name.Parts) > 1 {
		table := ir.Name{At: tn.Name.At, Parts: tn.Name.Parts[:len(tn.Name.Parts)-1]}
		if t := b.table(table, false); t != nil {
			if c := t.Column(tn.Name.Last(), b.s.Caseless()); c != nil {
				return c.Type
			}
			b.unknownColumn(t, tn.Name.Parts[len(tn.Name.Parts)-1])
		}
		return types.Type{}
	}
	typ := b.rules.Type(tn, b.s)
	if !typ.Known() {
		d := diag.New(diag.UnknownType, tn.Span(), "there is no type %q", tn.Name.String())
		d.Severity = diag.Warning // extension types are often created outside the schema's files
		if near := diag.Nearest(tn.Name.Last(), b.typeNames(), 1); len(near) > 0 {
			d = d.WithHelp("did you mean %q?", near[0])
		}
		b.diags.Add(d.WithHelp("declare it with CREATE TYPE or CREATE EXTENSION before this statement"))
		typ = types.Type{Schema: tn.Name.Schema(), Name: tn.Name.Last(), Kind: types.Base, Dims: tn.Dims}
	}
	return typ
}

func (b *Builder) typeNames() []string {
	var out []string
	for _, sc := range b.s.Schemas {
		for _, d := range sc.Types {
			out = append(out, d.Name)
		}
	}
	return out
}

func (b *Builder) unknownColumn(t *Table, id ir.Ident) {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	d := diag.New(diag.UnknownColumn, id.Span(), "no column %q in table %q", id.Name, t.Name).
		WithLabel(t.Span, "%s has: %s", t.Name, strings.Join(names, ", "))
	if near := diag.Nearest(id.Name, names, 1); len(near) > 0 {
		d = d.WithHelp("did you mean %q?", near[0])
	}
	b.diags.Add(d)
}

func (b *Builder) like(t *Table, l ir.LikeClause) {
	p := b.table(l.Table, false)
	if p == nil {
		return
	}
	has := func(what string) bool {
		return (slices.Contains(l.Including, what) || slices.Contains(l.Including, "ALL")) && !slices.Contains(l.Excluding, what)
	}
	for _, c := range p.Columns {
		d := *c
		d.Table = t
		if !has("DEFAULTS") {
			d.Default, d.DefaultExpr = "", nil
		}
		if !has("GENERATED") {
			d.Generated, d.GeneratedExpr = "", nil
		}
		if !has("IDENTITY") {
			d.Identity = ""
		}
		if !has("COMMENTS") {
			d.Comment = ""
		}
		t.Columns = append(t.Columns, &d)
	}
	for _, k := range p.Constraints {
		switch k.Kind {
		case ir.Check:
			if !has("CONSTRAINTS") {
				continue
			}
		case ir.PrimaryKey, ir.Unique, ir.Exclude:
			if !has("INDEXES") {
				continue
			}
		default:
			continue
		}
		d := *k
		if d.Kind != ir.Check && b.rules.ConstraintName != nil {
			d.Name = b.rules.ConstraintName(t, &d, func(n string) bool { return t.constraint(n) != nil })
		}
		t.Constraints = append(t.Constraints, &d)
	}
	if has("INDEXES") {
		for _, x := range p.Indexes {
			d := *x
			if b.rules.ConstraintName != nil { // names are a schema's, so the copies get new ones
				d.Name = b.indexName(t, &d)
			}
			t.Indexes = append(t.Indexes, &d)
		}
	}
}

// copyColumns gives t the parent's columns. inherited ones have no span, which lets a
// definition of the same name merge with them.
func (b *Builder) copyColumns(t, parent *Table, inherited bool) {
	for _, c := range parent.Columns {
		if t.Column(c.Name, b.s.Caseless()) != nil {
			continue
		}
		d := *c
		d.Table = t
		if inherited {
			d.Span = t.Span
			d.Span.File = nil
		}
		t.Columns = append(t.Columns, &d)
	}
}

func (b *Builder) copyChecks(t, parent *Table) {
	for _, k := range parent.Constraints {
		if k.Kind == ir.Check && !k.NoInherit {
			d := *k
			t.Constraints = append(t.Constraints, &d)
		}
	}
}

// copyConstraints gives a partition its parent's constraints.
func (b *Builder) copyConstraints(t, parent *Table) {
	for _, k := range parent.Constraints {
		b.inheritConstraint(t, k)
	}
}

// inheritConstraint gives a child what its parent got: every constraint a partition, a
// check any other child.
func (b *Builder) inheritConstraint(child *Table, k *Constraint) {
	if k.NoInherit || child.PartitionOf == "" && k.Kind != ir.Check {
		return
	}
	d := *k
	kept := d.Kind == ir.Check || d.Kind == ir.ForeignKey && d.Name != "" && child.constraint(d.Name) == nil
	if !kept && b.rules.ConstraintName != nil {
		d.Name = b.rules.ConstraintName(child, &d, func(n string) bool { return child.constraint(n) != nil })
	}
	child.Constraints = append(child.Constraints, &d)
	b.applyKeys(child)
}
