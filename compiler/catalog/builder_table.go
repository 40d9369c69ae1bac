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
			c.NotNull = true
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

// columnConstraints lifts the constraints of a column's definition.
func (b *Builder) columnConstraints(t *Table, c *Column, def *ir.ColumnDef) {
	for i := range def.Constraints {
		k := &def.Constraints[i]
		switch k.Kind {
		case ir.NotNull:
			c.NotNull, c.WroteNotNull = true, true
		case ir.NullAllowed:
			c.NotNull, c.WroteNull = false, true
		case ir.DefaultValue:
			c.Default, c.DefaultExpr = text(k.X), k.X
		case ir.Generated:
			c.Generated, c.GeneratedExpr, c.Stored = text(k.X), k.X, k.Stored
		case ir.Identity:
			b.identity(t, c, k)
		default:
			c.WroteNotNull = c.WroteNotNull || k.Kind == ir.PrimaryKey
			b.addConstraint(t, k, c.Name)
		}
	}
	if d := b.s.Type(c.Type.Schema, c.Type.Name); d != nil && d.Kind == types.Domain && d.NotNull && !c.Type.IsArray() {
		c.NotNull = true
	}
}

func (b *Builder) identity(t *Table, c *Column, k *ir.Constraint) {
	switch {
	case !b.rules.Sequences: // AUTO_INCREMENT, AUTOINCREMENT
		c.Identity = "auto_increment"
	case k.Always:
		c.Identity = "always"
	default:
		c.Identity = "by default"
	}
	if b.rules.Sequences {
		c.NotNull = true
		b.setSequence(b.sequenceFor(t, c), k.Options)
	}
}

// ownSequence gives a serial column its default and sequence, as the server does.
func (b *Builder) ownSequence(t *Table, c *Column) {
	q := b.sequenceFor(t, c)
	name := quotedName(q.Name)
	if t.Schema != b.s.DefaultSchema {
		name = quotedName(t.Schema) + "." + name
	}
	c.Default = "nextval('" + name + "'::regclass)"
}

// quotedName is a name as it stands in SQL: in quotes where it would be folded without.
func quotedName(name string) string {
	for i := 0; i < len(name); i++ {
		if c := name[i]; c != '_' && (c < 'a' || c > 'z') && (i == 0 || c < '0' || c > '9') {
			return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
		}
	}
	return name
}

func (b *Builder) sequenceFor(t *Table, c *Column) *Sequence {
	sc := b.s.Schema(t.Schema)
	q := &Sequence{Schema: t.Schema, Type: c.Type, OwnedBy: t.Name + "." + c.Name, Span: c.Span}
	q.Name = Unused(t.Name+"_"+c.Name+"_seq", func(n string) bool { return sc.sequence(n) != nil })
	sc.Sequences = append(sc.Sequences, q)
	return q
}

// addConstraint adds a table constraint, or a column's where column is not empty.
func (b *Builder) addConstraint(t *Table, k *ir.Constraint, column string) {
	c := &Constraint{
		Kind: k.Kind, Expr: text(k.X), X: k.X,
		OnDelete: k.OnDelete, OnUpdate: k.OnUpdate, Match: k.Match,
		Deferrable: k.Deferrable, InitiallyDeferred: k.InitiallyDeferred,
		NotValid: k.NotValid, NoInherit: k.NoInherit, NullsNotDistinct: k.NullsNotDistinct,
		Include: idents(k.Include), OnConflict: k.OnConflict, Using: k.Using, Span: k.Span(),
	}
	if k.Name != nil {
		c.Name = k.Name.Name
	}
	if k.Kind == ir.Exclude {
		whole := k.Span().Text()
		c.Expr = whole[max(strings.Index(strings.ToUpper(whole), "EXCLUDE"), 0):]
	}
	switch {
	case k.Kind == ir.ForeignKey:
		c.Columns = idents(k.Columns)
	default:
		for _, p := range k.Parts {
			if p.Column != nil {
				c.Columns = append(c.Columns, p.Column.Name)
			} else {
				c.Columns = append(c.Columns, "")
			}
		}
	}
	if column != "" && k.Kind != ir.Check {
		c.Columns = []string{column}
	} else {
		b.checkColumns(t, k)
	}
	switch k.Kind {
	case ir.PlainIndex:
		b.addIndex(t, &ir.CreateIndex{At: k.At, Name: identOr(k.Name), Parts: k.Parts, Using: k.Using, Options: k.Options})
		return
	case ir.ForeignKey:
		if b.rules.IgnoresForeignKeys != nil && b.rules.IgnoresForeignKeys(t) {
			return
		}
		if k.References != nil {
			c.RefTable, c.RefColumns = k.References.Last(), idents(k.RefColumns)
			c.RefSchema = k.References.Schema()
			if ref := b.s.Table(k.References.Schema(), k.References.Last()); ref != nil {
				c.RefSchema = ref.Schema
				if c.RefColumns == nil {
					if pk := ref.PrimaryKey(); pk != nil {
						c.RefColumns = slices.Clone(pk.Columns)
					}
				}
			}
		}
	case ir.Unique, ir.PrimaryKey:
		if k.UsingIndex != nil {
			b.promoteIndex(t, c, k.UsingIndex.Name)
		}
		if k.Kind == ir.PrimaryKey && t.PrimaryKey() != nil {
			b.diags.Add(diag.New(diag.DuplicateObject, k.Span(), "table %q has a primary key already", t.Name).
				WithLabel(t.PrimaryKey().Span, "the first is here"))
			return
		}
	case ir.NotNull: // a named table-level NOT NULL (PostgreSQL 18)
		for _, id := range k.Columns {
			if col := t.Column(id.Name, b.s.Caseless()); col != nil {
				col.NotNull = true
			}
		}
		return
	}
	if c.Name == "" && b.rules.ConstraintName != nil {
		c.Name = b.rules.ConstraintName(t, c, func(n string) bool { return t.constraint(n) != nil })
	}
	t.Constraints = append(t.Constraints, c)
	if k.Kind == ir.PrimaryKey {
		b.applyKeys(t)
	}
}

// applyKeys marks the columns that the primary key makes NOT NULL.
func (b *Builder) applyKeys(t *Table) {
	pk := t.PrimaryKey()
	if pk == nil {
		return
	}
	for _, name := range pk.Columns {
		if c := t.Column(name, b.s.Caseless()); c != nil && (b.rules.KeyIsNotNull == nil || b.rules.KeyIsNotNull(t, pk, c)) {
			c.NotNull = true
		}
	}
}

func (b *Builder) checkColumns(t *Table, k *ir.Constraint) {
	check := func(id ir.Ident) {
		if t.Column(id.Name, b.s.Caseless()) == nil {
			b.unknownColumn(t, id)
		}
	}
	for _, id := range k.Columns {
		check(id)
	}
	for _, p := range k.Parts {
		if p.Column != nil {
			check(*p.Column)
		}
	}
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

// promoteIndex turns an index into the constraint that uses it.
func (b *Builder) promoteIndex(t *Table, c *Constraint, name string) {
	i := slices.IndexFunc(t.Indexes, func(x *Index) bool { return b.s.same(x.Name, name) })
	if i < 0 {
		return
	}
	for _, p := range t.Indexes[i].Parts {
		c.Columns = append(c.Columns, p.Column)
	}
	if c.Name == "" {
		c.Name = name
	}
	t.Indexes = slices.Delete(t.Indexes, i, i+1)
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
	if d.Kind != ir.Check && b.rules.ConstraintName != nil {
		d.Name = b.rules.ConstraintName(child, &d, func(n string) bool { return child.constraint(n) != nil })
	}
	child.Constraints = append(child.Constraints, &d)
	b.applyKeys(child)
}

func (b *Builder) createIndex(n *ir.CreateIndex) {
	t := b.table(n.Table, false)
	if t == nil {
		return
	}
	if n.Name.Name != "" {
		for _, x := range t.Indexes {
			if b.s.same(x.Name, n.Name.Name) {
				if !n.IfNotExists {
					b.duplicate(n.Name.Span(), "index", n.Name.Name, x.Span)
				}
				return
			}
		}
	}
	b.addIndex(t, n)
}

func (b *Builder) addIndex(t *Table, n *ir.CreateIndex) {
	x := &Index{
		Name: n.Name.Name, Unique: n.Unique, Method: n.Using,
		Include: idents(n.Include), Where: text(n.Where), WhereExpr: n.Where,
		NullsNotDistinct: n.NullsNotDistinct, Invisible: n.Invisible,
		Options: options(n.Options), Span: n.Span(),
	}
	if x.Method == "" {
		x.Method = b.rules.IndexMethod
	}
	if n.Name.Name != "" {
		x.Span = n.Name.Span()
	}
	for _, p := range n.Parts {
		part := IndexPart{Expr: text(p.X), X: p.X, Length: p.Length, Desc: p.Desc, Nulls: p.Nulls, OpClass: p.OpClass}
		if p.Column != nil {
			part.Column = p.Column.Name
			if t.Column(p.Column.Name, b.s.Caseless()) == nil && len(t.Columns) > 0 {
				b.unknownColumn(t, *p.Column)
			}
		}
		if p.Collate != nil {
			part.Collation = p.Collate.String()
		}
		x.Parts = append(x.Parts, part)
	}
	if x.Name == "" {
		x.Name = b.indexName(t, x)
	}
	if x.Unique && b.rules.UniqueIsConstraint && x.Where == "" && plain(x.Parts) {
		c := &Constraint{Kind: ir.Unique, Name: x.Name, Span: x.Span, Using: n.Using}
		for _, p := range x.Parts {
			c.Columns = append(c.Columns, p.Column)
		}
		t.Constraints = append(t.Constraints, c)
		return
	}
	t.Indexes = append(t.Indexes, x)
}

func plain(parts []IndexPart) bool {
	return !slices.ContainsFunc(parts, func(p IndexPart) bool { return p.Column == "" || p.Length != 0 })
}

// indexName is the name an engine gives an index without one.
func (b *Builder) indexName(t *Table, x *Index) string {
	taken := func(n string) bool {
		return slices.ContainsFunc(t.Indexes, func(o *Index) bool { return b.s.same(o.Name, n) }) || t.constraint(n) != nil
	}
	if b.rules.UniqueIsConstraint { // MySQL: the first column's name, then _2, _3
		return Numbered(x.Parts[0].Column, taken)
	}
	named := &Constraint{Kind: ir.PlainIndex, Include: x.Include}
	for _, p := range x.Parts {
		column := p.Column
		if call, ok := p.X.(*ir.FuncCall); ok && column == "" {
			column = call.Name.Last()
		}
		named.Columns = append(named.Columns, column)
	}
	if b.rules.ConstraintName != nil {
		if name := b.rules.ConstraintName(t, named, taken); name != "" {
			return name
		}
	}
	parts := append([]string{t.Name}, append(named.Columns, x.Include...)...)
	return Unused(strings.Join(append(parts, "idx"), "_"), taken)
}

func (b *Builder) createView(n *ir.CreateView) {
	sc := b.target(n.Name)
	if sc == nil {
		return
	}
	old := sc.tables[b.s.fold(n.Name.Last())]
	if old != nil {
		if n.IfNotExists {
			return
		}
		if !n.OrReplace || old.Kind == BaseTable {
			b.duplicate(nameSpan(n.Name), "relation", n.Name.String(), old.Span)
			return
		}
	}
	t := &Table{
		Schema: sc.Name, Name: n.Name.Last(), Kind: View, Temp: n.Temp,
		Query: n.Query, Text: n.QueryText, Options: options(n.Options), Span: nameSpan(n.Name),
	}
	if n.Materialized {
		t.Kind = MaterializedView
	}
	if n.CheckOption != "" {
		if t.Options == nil {
			t.Options = map[string]string{}
		}
		t.Options["check_option"] = strings.ToLower(n.CheckOption)
	}
	query := n.Query
	if n.Recursive {
		query = recursiveView(n)
	}
	if b.rules.Columns != nil && query != nil {
		cols, ds := b.rules.Columns(query, n.Columns, b.s)
		b.diags.Add(ds...)
		for _, c := range cols {
			c.Table = t
			c.Comment = "" // that of the table's column is not the view's
			if c.Span.IsZero() {
				c.Span = t.Span
			}
		}
		t.Columns = cols
	}
	if old != nil {
		sc.Tables[slices.Index(sc.Tables, old)] = t
		sc.tables[b.s.fold(t.Name)] = t
		return
	}
	sc.put(b.s, t)
}

// recursiveView spells CREATE RECURSIVE VIEW v (c) AS q as the standard does:
// WITH RECURSIVE v (c) AS (q) SELECT c FROM v.
func recursiveView(n *ir.CreateView) ir.Query {
	name := n.Name.Parts[len(n.Name.Parts)-1]
	s := &ir.Select{At: n.At}
	s.With = &ir.With{At: n.At, Recursive: true, CTEs: []ir.CTE{{At: n.At, Name: name, Columns: n.Columns, Query: n.Query}}}
	s.Items = []ir.SelectItem{{At: n.At, X: &ir.Star{At: n.At}}}
	s.From = []ir.TableExpr{&ir.TableRef{At: n.At, Name: ir.Name{At: name.At, Parts: []ir.Ident{name}}}}
	return s
}
