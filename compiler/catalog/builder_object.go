package catalog

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/types"
)

func (b *Builder) createSchema(n *ir.CreateSchema) {
	if b.s.Schema(n.Name.Name) == nil {
		b.s.addSchema(n.Name.Name)
	} else if !n.IfNotExists && n.Name.Name != b.s.DefaultSchema {
		b.duplicate(n.Name.Span(), "schema", n.Name.Name, source.Span{})
	}
	if len(n.Elements) == 0 {
		return
	}
	path := b.s.SearchPath
	b.s.SearchPath = append([]string{n.Name.Name}, path...)
	for _, e := range n.Elements {
		b.Apply(e)
	}
	b.s.SearchPath = path
}

func (b *Builder) setSearchPath(n *ir.SetSearchPath) {
	b.s.SearchPath = nil
	for _, id := range n.Schemas {
		if id.Name == "" || id.Name == "$user" {
			continue
		}
		b.s.SearchPath = append(b.s.SearchPath, id.Name)
		if b.rules.ImplicitSchemas && b.s.Schema(id.Name) == nil {
			b.s.addSchema(id.Name)
		}
	}
}

func (b *Builder) createSequence(n *ir.CreateSequence) {
	sc := b.target(n.Name)
	if sc == nil {
		return
	}
	q := sc.sequence(n.Name.Last())
	switch {
	case q == nil && n.Alter:
		b.noted["ALTER SEQUENCE"]++ // an identity's sequence under a name of the server's choice
		return
	case q == nil:
		q = &Sequence{Schema: sc.Name, Name: n.Name.Last(), Type: types.Type{Name: "int8"}, Span: nameSpan(n.Name)}
		sc.Sequences = append(sc.Sequences, q)
	case !n.Alter:
		if !n.IfNotExists {
			b.duplicate(nameSpan(n.Name), "sequence", n.Name.String(), q.Span)
		}
		return
	}
	b.setSequence(q, n.Options)
}

// setSequence applies options of CREATE or ALTER SEQUENCE, or of an identity.
func (b *Builder) setSequence(q *Sequence, options []ir.Option) {
	for _, o := range options {
		switch o.Key {
		case "as":
			q.Type = types.Type{Name: o.Value}
		case "sequence_name":
			q.Name = o.Value[strings.LastIndexByte(o.Value, '.')+1:]
		case "owned by":
			q.OwnedBy = o.Value
			if o.Value == "none" {
				q.OwnedBy = ""
			}
		default:
			if q.Options == nil {
				q.Options = map[string]string{}
			}
			q.Options[o.Key] = o.Value
		}
	}
}

func (b *Builder) createFunction(n *ir.CreateFunction) {
	sc := b.target(n.Name)
	if sc == nil {
		return
	}
	f := &Function{
		Schema: sc.Name, Name: n.Name.Last(), Strict: n.Strict, Volatility: n.Volatility,
		Language: n.Language, Body: n.Body, BodyQuery: n.BodyQuery, Span: nameSpan(n.Name),
	}
	switch n.Kind {
	case ir.ObjProcedure:
		f.Kind = Procedure
	case ir.ObjAggregate:
		f.Kind = Aggregate
		var parts []string
		for _, o := range n.Options {
			parts = append(parts, o.Key+" = "+o.Value)
		}
		slices.Sort(parts)
		f.Body = strings.Join(parts, ", ")
	}
	for _, o := range n.Options {
		f.Definer = f.Definer || o.Key == "security" && o.Value == "true"
		if o.Key == "set" && strings.EqualFold(o.Value, "search_path") {
			f.BodyQuery = nil // it names other relations than a query does
			f.SetsPath = true
		}
	}
	var out []*Column
	for _, p := range n.Params {
		a := FuncArg{Mode: p.Mode, Type: b.resolve(p.Type), HasDefault: p.Default != nil, Default: text(p.Default)}
		if a.Mode == "" {
			a.Mode = "IN"
		}
		if p.Name != nil {
			a.Name = p.Name.Name
		}
		f.Variadic = f.Variadic || a.Mode == "VARIADIC"
		if a.Mode == "OUT" || a.Mode == "INOUT" {
			out = append(out, &Column{Name: a.Name, Type: a.Type, Span: p.Span()})
		}
		f.Args = append(f.Args, a)
	}
	for i := range n.Table {
		def := &n.Table[i]
		c := &Column{Name: def.Name.Name, Span: def.Name.Span()}
		if def.Type != nil {
			c.Type, c.Declared = b.resolve(*def.Type), def.Type.Raw
		}
		f.Columns = append(f.Columns, c)
		f.ReturnsSet = true
	}
	switch {
	case len(n.Table) > 0:
		f.Returns = types.Type{Name: "record", Kind: types.Pseudo}
	case n.Returns != nil:
		f.Returns, f.ReturnsSet = b.resolve(*n.Returns), n.Returns.SetOf
		if len(out) > 1 {
			f.Columns = out
		}
	case len(out) == 1:
		f.Returns = out[0].Type
	case len(out) > 1:
		f.Returns, f.Columns = types.Type{Name: "record", Kind: types.Pseudo}, out
	}
	for i, old := range sc.Functions {
		if b.s.same(old.Name, f.Name) && sameInputs(old, f) {
			if !n.OrReplace && old.Extension == "" {
				b.duplicate(f.Span, "function", n.Name.String(), old.Span)
			}
			sc.Functions[i] = f
			return
		}
	}
	sc.Functions = append(sc.Functions, f)
}

// inputs are the argument types that identify an overload.
func (f *Function) inputs() []types.Type {
	var in []types.Type
	for _, a := range f.Args {
		if a.Mode != "OUT" || f.Kind == Procedure {
			in = append(in, a.Type.Plain())
		}
	}
	return in
}

func sameInputs(f, g *Function) bool {
	return slices.EqualFunc(f.inputs(), g.inputs(), types.Type.Same)
}

func (b *Builder) createTrigger(n *ir.CreateTrigger) {
	schema := n.Table.Schema()
	if t := b.s.Table(n.Table.Schema(), n.Table.Last()); t != nil {
		schema = t.Schema
	} else {
		b.diags.Add(b.unknown(nameSpan(n.Table), "table", n.Table.String(), b.tableNames()))
		return
	}
	sc := b.s.Schema(schema)
	g := &Trigger{Schema: schema, Name: n.Name.Name, Table: n.Table.Last(), Timing: n.Timing, Events: n.Events, Text: n.Text, Span: n.Name.Span()}
	i := slices.IndexFunc(sc.Triggers, func(o *Trigger) bool { return b.s.same(o.Name, g.Name) && b.s.same(o.Table, g.Table) })
	switch {
	case i < 0:
		sc.Triggers = append(sc.Triggers, g)
	case n.OrReplace:
		sc.Triggers[i] = g
	case !n.IfNotExists:
		b.duplicate(g.Span, "trigger", g.Name, sc.Triggers[i].Span)
	}
}

func (b *Builder) comment(n *ir.Comment) {
	c := textOf(n.Text)
	switch n.Kind {
	case ir.ObjTable, ir.ObjView, ir.ObjMatView:
		if t := b.table(n.Object, false); t != nil {
			t.Comment = c
		}
	case ir.ObjColumn:
		if d := b.s.Type(n.Object.Schema(), n.Object.Last()); d != nil && d.Kind == types.Composite {
			for _, col := range d.Columns {
				if n.Column != nil && col.Name == n.Column.Name {
					col.Comment = c
				}
			}
			return
		}
		if t := b.table(n.Object, false); t != nil && n.Column != nil {
			if col := t.Column(n.Column.Name, b.s.Caseless()); col != nil {
				col.Comment = c
			} else {
				b.unknownColumn(t, *n.Column)
			}
		}
	case ir.ObjType, ir.ObjDomain:
		if d := b.typeDef(n.Object, false); d != nil {
			d.Comment = c
		}
	case ir.ObjSchema:
		if sc := b.s.Schema(n.Object.Last()); sc != nil {
			sc.Comment = c
		} else {
			b.diags.Add(b.unknown(nameSpan(n.Object), "schema", n.Object.Last(), b.schemaNames()))
		}
	case ir.ObjFunction, ir.ObjProcedure, ir.ObjAggregate:
		for _, f := range b.s.Functions(n.Object.Schema(), n.Object.Last()) {
			f.Comment = c
		}
	case ir.ObjIndex:
		for _, sc := range b.s.path(n.Object.Schema()) {
			for _, t := range sc.Tables {
				for _, x := range t.Indexes {
					if b.s.same(x.Name, n.Object.Last()) {
						x.Comment = c
					}
				}
			}
		}
	case ir.ObjSequence:
		for _, sc := range b.s.path(n.Object.Schema()) {
			if q := sc.sequence(n.Object.Last()); q != nil {
				q.Comment = c
			}
		}
	case ir.ObjTrigger: // the table is the object, the trigger its part
		if t := b.table(n.Object, false); t != nil && n.Column != nil {
			for _, g := range b.s.Schema(t.Schema).Triggers {
				if g.Table == t.Name && g.Name == n.Column.Name {
					g.Comment = c
				}
			}
		}
	default:
		b.noted["COMMENT"]++
	}
}

func (b *Builder) drop(n *ir.Drop) {
	for i, name := range n.Names {
		var args []ir.TypeName
		hasArgs := i < len(n.Args)
		if hasArgs {
			args = n.Args[i]
		}
		b.dropOne(n, name, args, hasArgs)
	}
}

func (b *Builder) dropOne(n *ir.Drop, name ir.Name, args []ir.TypeName, hasArgs bool) {
	missing := func(what string, known []string) {
		if !n.IfExists {
			b.diags.Add(b.unknown(nameSpan(name), what, name.String(), known))
		}
	}
	switch n.Kind {
	case ir.ObjOther:
		b.dropPolicy(n, name.Last())
	case ir.ObjTable, ir.ObjView, ir.ObjMatView:
		t := b.s.Table(name.Schema(), name.Last())
		if t == nil {
			missing(string(n.Kind), b.tableNames())
			return
		}
		b.dropTable(t)
	case ir.ObjType, ir.ObjDomain:
		d := b.typeDef(name, n.IfExists)
		if d == nil {
			return
		}
		sc := b.s.Schema(d.Schema)
		sc.Types = slices.DeleteFunc(sc.Types, func(o *TypeDef) bool { return o == d })
		delete(sc.types, b.s.fold(d.Name))
		if n.Cascade {
			for _, t := range sc.Tables {
				t.Columns = slices.DeleteFunc(t.Columns, func(c *Column) bool { return c.Type.Elem() == d.Type() })
			}
		}
	case ir.ObjSchema, ir.ObjDatabase:
		sc := b.s.Schema(name.Last())
		if sc == nil {
			missing("schema", b.schemaNames())
			return
		}
		b.s.Schemas = slices.DeleteFunc(b.s.Schemas, func(o *Schema) bool { return o == sc })
		delete(b.s.byName, b.s.fold(sc.Name))
	case ir.ObjIndex:
		b.dropIndex(n, name)
	case ir.ObjSequence:
		for _, sc := range b.s.path(name.Schema()) {
			sc.Sequences = slices.DeleteFunc(sc.Sequences, func(q *Sequence) bool { return b.s.same(q.Name, name.Last()) })
		}
	case ir.ObjFunction, ir.ObjProcedure, ir.ObjAggregate:
		want := &Function{}
		for _, a := range args {
			want.Args = append(want.Args, FuncArg{Type: b.rules.Type(a, b.s)})
		}
		for _, sc := range b.s.path(name.Schema()) {
			sc.Functions = slices.DeleteFunc(sc.Functions, func(f *Function) bool {
				return b.s.same(f.Name, name.Last()) && (!hasArgs || sameInputs(f, want))
			})
		}
	case ir.ObjTrigger:
		for _, sc := range b.s.Schemas {
			sc.Triggers = slices.DeleteFunc(sc.Triggers, func(g *Trigger) bool {
				return b.s.same(g.Name, name.Last()) && (n.Table == nil || b.s.same(g.Table, n.Table.Last()))
			})
		}
	case ir.ObjExtension:
		b.s.Extensions = slices.DeleteFunc(b.s.Extensions, func(e string) bool { return e == name.Last() })
		for _, sc := range b.s.Schemas {
			sc.Functions = slices.DeleteFunc(sc.Functions, func(f *Function) bool { return f.Extension == name.Last() })
		}
	default:
		b.noted["DROP "+string(n.Kind)]++
	}
}

func (b *Builder) dropTable(t *Table) {
	sc := b.s.Schema(t.Schema)
	if sc == nil {
		return
	}
	sc.remove(b.s, t)
	sc.Sequences = slices.DeleteFunc(sc.Sequences, func(q *Sequence) bool {
		return len(q.OwnedBy) > len(t.Name) && q.OwnedBy[:len(t.Name)+1] == t.Name+"."
	})
	sc.Triggers = slices.DeleteFunc(sc.Triggers, func(g *Trigger) bool { return b.s.same(g.Table, t.Name) })
	if !b.rules.DropTakesKeys {
		return
	}
	for _, other := range b.s.Schemas {
		for _, o := range other.Tables {
			o.Constraints = slices.DeleteFunc(o.Constraints, func(k *Constraint) bool {
				return k.Kind == ir.ForeignKey && k.RefSchema == t.Schema && b.s.same(k.RefTable, t.Name)
			})
		}
	}
}

func (b *Builder) dropIndex(n *ir.Drop, name ir.Name) {
	if n.Table != nil {
		if t := b.table(*n.Table, n.IfExists); t != nil {
			b.dropIndexOf(t, name.Last())
		}
		return
	}
	for _, sc := range b.s.path(name.Schema()) {
		for _, t := range sc.Tables {
			if i := slices.IndexFunc(t.Indexes, func(x *Index) bool { return b.s.same(x.Name, name.Last()) }); i >= 0 {
				t.Indexes = slices.Delete(t.Indexes, i, i+1)
				b.dropParts(t, name.Last())
				return
			}
		}
	}
	if !n.IfExists {
		d := b.unknown(nameSpan(name), "index", name.String(), nil)
		d.Severity = diag.Warning // an index has no bearing on types
		b.diags.Add(d)
	}
}

// dropParts drops the indexes of partitions that are parts of a partitioned table's index, as far as the server said which are.
func (b *Builder) dropParts(t *Table, index string) {
	if t.Partition == "" {
		return
	}
	for _, sc := range b.s.Schemas {
		for _, child := range sc.Tables {
			if child.PartitionOf != t.Name || child.Postgres == nil {
				continue
			}
			for _, x := range child.Postgres.Indexes {
				if x.Parent.Name == index && x.Parent.Table == t.Name {
					child.Indexes = slices.DeleteFunc(child.Indexes, func(o *Index) bool { return o.Name == x.Name })
					b.dropParts(child, x.Name)
				}
			}
		}
	}
}

func (b *Builder) rename(n *ir.Rename) {
	defer func() {
		for i := range n.Also {
			b.rename(&n.Also[i])
		}
	}()
	switch n.Kind {
	case ir.ObjTable, ir.ObjView, ir.ObjMatView, ir.ObjColumn:
		if d := b.s.Type(n.Object.Schema(), n.Object.Last()); n.Column != nil && d != nil && d.Kind == types.Composite {
			for _, c := range d.Columns {
				if c.Name == n.Column.Name {
					c.Name = n.New.Last()
				}
			}
			return
		}
		t := b.table(n.Object, n.IfExists)
		switch {
		case t == nil:
		case n.Column != nil:
			b.renameColumn(t, *n.Column, n.New.Parts[len(n.New.Parts)-1])
		default:
			b.renameTable(t, n.New)
		}
	case ir.ObjConstraint:
		if t := b.table(n.Object, n.IfExists); t != nil && n.Column != nil {
			if c := t.constraint(n.Column.Name); c != nil {
				c.Name = n.New.Last()
			}
		}
	case ir.ObjIndex:
		for _, sc := range b.s.path(n.Object.Schema()) {
			for _, t := range sc.Tables {
				for _, x := range t.Indexes {
					if b.s.same(x.Name, n.Object.Last()) {
						x.Name = n.New.Last()
					}
				}
				for _, c := range t.Constraints {
					if (c.Kind == ir.PrimaryKey || c.Kind == ir.Unique) && b.s.same(c.Name, n.Object.Last()) {
						c.Name = n.New.Last()
					}
				}
			}
		}
	case ir.ObjType, ir.ObjDomain:
		d := b.typeDef(n.Object, n.IfExists)
		if d == nil {
			return
		}
		if n.Column != nil {
			for _, c := range d.Columns {
				if c.Name == n.Column.Name {
					c.Name = n.New.Last()
				}
			}
			return
		}
		sc := b.s.Schema(d.Schema)
		old := d.Type()
		delete(sc.types, b.s.fold(d.Name))
		d.Name, d.Span = n.New.Last(), nameSpan(n.New)
		sc.types[b.s.fold(d.Name)] = d
		b.retype(old, func(t types.Type) types.Type { t.Name = d.Name; return t })
	case ir.ObjSequence:
		for _, sc := range b.s.path(n.Object.Schema()) {
			if q := sc.sequence(n.Object.Last()); q != nil {
				q.Name = n.New.Last()
				return
			}
		}
	case ir.ObjSchema:
		sc := b.s.Schema(n.Object.Last())
		if sc == nil {
			b.diags.Add(b.unknown(nameSpan(n.Object), "schema", n.Object.Last(), b.schemaNames()))
			return
		}
		b.renameSchema(sc, n.New.Last())
	case ir.ObjFunction, ir.ObjProcedure, ir.ObjAggregate:
		for _, f := range b.s.Functions(n.Object.Schema(), n.Object.Last()) {
			f.Name = n.New.Last()
		}
	case ir.ObjTrigger:
		for _, sc := range b.s.Schemas {
			for _, g := range sc.Triggers {
				if b.s.same(g.Table, n.Object.Last()) && n.Column != nil && b.s.same(g.Name, n.Column.Name) {
					g.Name = n.New.Last()
				}
			}
		}
	default:
		b.noted["RENAME "+string(n.Kind)]++
	}
}

func (b *Builder) renameSchema(sc *Schema, name string) {
	old := sc.Name
	delete(b.s.byName, b.s.fold(old))
	sc.Name = name
	b.s.byName[b.s.fold(name)] = sc
	for _, t := range sc.Tables {
		t.Schema = name
	}
	for _, f := range sc.Functions {
		f.Schema = name
	}
	for _, d := range sc.Types {
		was := d.Type()
		d.Schema = name
		b.retype(was, func(t types.Type) types.Type { t.Schema = name; return t })
	}
	for _, other := range b.s.Schemas {
		for _, t := range other.Tables {
			for _, k := range t.Constraints {
				if k.Kind == ir.ForeignKey && k.RefSchema == old {
					k.RefSchema = name
				}
			}
		}
	}
}

func (b *Builder) setSchema(n *ir.SetSchema) {
	to := b.s.Schema(n.Schema.Name)
	if to == nil {
		b.diags.Add(b.unknown(n.Schema.Span(), "schema", n.Schema.Name, b.schemaNames()))
		return
	}
	switch n.Kind {
	case ir.ObjTable, ir.ObjView, ir.ObjMatView:
		if t := b.table(n.Object, false); t != nil {
			b.renameTable(t, ir.Name{At: n.Schema.At, Parts: []ir.Ident{n.Schema, {At: n.Object.At, Name: t.Name}}})
		}
	case ir.ObjType, ir.ObjDomain:
		if d := b.typeDef(n.Object, false); d != nil {
			from, was := b.s.Schema(d.Schema), d.Type()
			from.Types = slices.DeleteFunc(from.Types, func(o *TypeDef) bool { return o == d })
			delete(from.types, b.s.fold(d.Name))
			d.Schema = to.Name
			to.Types = append(to.Types, d)
			to.types[b.s.fold(d.Name)] = d
			b.retype(was, func(t types.Type) types.Type { t.Schema = to.Name; return t })
		}
	case ir.ObjFunction, ir.ObjProcedure, ir.ObjAggregate:
		for _, f := range b.s.Functions(n.Object.Schema(), n.Object.Last()) {
			from := b.s.Schema(f.Schema)
			from.Functions = slices.DeleteFunc(from.Functions, func(o *Function) bool { return o == f })
			f.Schema = to.Name
			to.Functions = append(to.Functions, f)
		}
	case ir.ObjSequence:
		for _, sc := range b.s.path(n.Object.Schema()) {
			if q := sc.sequence(n.Object.Last()); q != nil {
				sc.Sequences = slices.DeleteFunc(sc.Sequences, func(o *Sequence) bool { return o == q })
				q.Schema = to.Name
				to.Sequences = append(to.Sequences, q)
				return
			}
		}
	default:
		b.noted["SET SCHEMA"]++
	}
}
