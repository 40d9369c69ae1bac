package catalog

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

func (b *Builder) createType(n ir.Name, d *TypeDef) *TypeDef {
	sc := b.target(n)
	if sc == nil {
		return nil
	}
	d.Schema, d.Name, d.Span, d.InBlock = sc.Name, n.Last(), nameSpan(n), b.inBlock
	if old := sc.types[b.s.fold(d.Name)]; old != nil {
		if old.Kind == types.Base && old.Span != d.Span && len(old.Columns) == 0 { // a shell type becomes a real one
			*old = *d
			return old
		}
		b.duplicate(d.Span, "type", n.String(), old.Span)
		return nil
	}
	sc.Types = append(sc.Types, d)
	sc.types[b.s.fold(d.Name)] = d
	return d
}

func (b *Builder) alterEnum(n *ir.AlterEnum) {
	d := b.typeDef(n.Name, false)
	if d == nil {
		return
	}
	if n.Rename != "" {
		i := slices.Index(d.Values, n.Rename)
		if i < 0 {
			b.diags.Add(b.unknown(n.Span(), "value of enum "+d.Name, n.Rename, d.Values))
			return
		}
		d.Values = slices.Clone(d.Values)
		d.Values[i] = n.Value
		return
	}
	if slices.Contains(d.Values, n.Value) {
		if !n.IfNotExists {
			b.duplicate(n.Span(), "enum value", n.Value, d.Span)
		}
		return
	}
	at := len(d.Values)
	for neighbour, offset := range map[string]int{n.Before: 0, n.After: 1} {
		if neighbour == "" {
			continue
		}
		if i := slices.Index(d.Values, neighbour); i >= 0 {
			at = i + offset
		} else {
			b.diags.Add(b.unknown(n.Span(), "value of enum "+d.Name, neighbour, d.Values))
		}
	}
	d.Values = slices.Insert(slices.Clone(d.Values), at, n.Value)
}

func (b *Builder) createDomain(n *ir.CreateDomain) {
	d := &TypeDef{Kind: types.Domain, Base: b.resolve(n.Type), NotNull: n.NotNull, Default: text(n.Default)}
	for i := range n.Constraints {
		b.domainConstraint(d, n.Name.Last(), &n.Constraints[i])
	}
	b.createType(n.Name, d)
}

func (b *Builder) domainConstraint(d *TypeDef, name string, k *ir.Constraint) {
	switch k.Kind {
	case ir.NotNull:
		d.NotNull = true
	case ir.Check:
		c := &Constraint{Kind: ir.Check, Expr: text(k.X), X: k.X, NotValid: k.NotValid, Span: k.Span()}
		if k.Name != nil {
			c.Name = k.Name.Name
		} else {
			c.Name = Unused(name+"_check", func(n string) bool {
				return slices.ContainsFunc(d.Checks, func(o *Constraint) bool { return o.Name == n })
			})
		}
		d.Checks = append(d.Checks, c)
	case ir.DefaultValue:
		d.Default = text(k.X)
	}
}

func (b *Builder) alterDomain(n *ir.AlterDomain) {
	d := b.typeDef(n.Name, false)
	if d == nil {
		return
	}
	if n.NotNull != nil {
		d.NotNull = *n.NotNull
		for _, sc := range b.s.Schemas {
			for _, t := range sc.Tables {
				for _, c := range t.Columns {
					if t.Kind == BaseTable {
						b.applyDomain(c)
					}
				}
			}
		}
	}
	if n.Default != nil {
		d.Default = text(n.Default)
	}
	if n.DropDefault {
		d.Default = ""
	}
	if n.Add != nil {
		b.domainConstraint(d, d.Name, n.Add)
	}
	if n.Drop != nil {
		d.Checks = slices.DeleteFunc(d.Checks, func(c *Constraint) bool { return c.Name == n.Drop.Name })
	}
}

func (b *Builder) createComposite(n *ir.CreateComposite) {
	d := &TypeDef{Kind: types.Composite}
	for i := range n.Columns {
		def := &n.Columns[i]
		c := &Column{Name: def.Name.Name, Span: def.Name.Span()}
		if def.Type != nil {
			c.Type, c.Declared = b.resolve(*def.Type), def.Type.Raw
		}
		d.Columns = append(d.Columns, c)
	}
	b.createType(n.Name, d)
}

func (b *Builder) createRange(n *ir.CreateRange) {
	sub := b.resolve(n.Subtype)
	d := b.createType(n.Name, &TypeDef{Kind: types.Range, Subtype: sub})
	if d == nil {
		return
	}
	multi := n.Multirange
	if multi == "" { // the server's rule: "range" in the name becomes "multirange", else a suffix
		if i := strings.Index(d.Name, "range"); i >= 0 {
			multi = d.Name[:i] + "multirange" + d.Name[i+len("range"):]
		} else {
			multi = d.Name + "_multirange"
		}
	}
	b.createType(ir.Name{At: n.Name.At, Parts: []ir.Ident{{At: n.Name.At, Name: d.Schema}, {At: n.Name.At, Name: multi}}},
		&TypeDef{Kind: types.Range, Subtype: sub, Multirange: true})
}

func (b *Builder) createBaseType(n *ir.CreateBaseType) {
	if d := b.s.Type(n.Name.Schema(), n.Name.Last()); d != nil && d.Kind == types.Base {
		return // the full definition of a shell type
	}
	b.createType(n.Name, &TypeDef{Kind: types.Base})
}

func (b *Builder) createExtension(n *ir.CreateExtension) {
	if slices.Contains(b.s.Extensions, n.Name.Name) {
		return // IF NOT EXISTS or not: dumps of several files name an extension more than once
	}
	b.s.Extensions = append(b.s.Extensions, n.Name.Name)
	schema := b.creationSchema()
	if n.Schema != nil {
		schema = n.Schema.Name
	}
	if schema != b.s.DefaultSchema {
		if b.s.ExtensionSchemas == nil {
			b.s.ExtensionSchemas = map[string]string{}
		}
		b.s.ExtensionSchemas[n.Name.Name] = schema
	}
	if b.rules.Extension == nil {
		return
	}
	typeDefs, functions, ok := b.rules.Extension(n.Name.Name)
	if !ok {
		d := diag.New(diag.NotModelled, n.Name.Span(), "extension %q is not known; its types and functions are not either", n.Name.Name)
		b.diags.Add(d.WithHelp("declare what you use of it with CREATE TYPE and CREATE FUNCTION in a schema file"))
		return
	}
	sc := b.s.Schema(schema)
	if sc == nil {
		sc = b.s.addSchema(schema)
	}
	move := func(t types.Type) types.Type {
		for _, d := range typeDefs {
			if t.Name == d.Name {
				t.Schema = schema
				break
			}
		}
		return t
	}
	for _, d := range typeDefs {
		d := *d
		d.Schema, d.Extension = schema, n.Name.Name
		if sc.types[b.s.fold(d.Name)] != nil {
			continue // declared by hand before
		}
		sc.Types = append(sc.Types, &d)
		sc.types[b.s.fold(d.Name)] = &d
	}
	for _, f := range functions {
		f := *f
		f.Schema, f.Extension = schema, n.Name.Name
		f.Args = slices.Clone(f.Args)
		for i := range f.Args {
			f.Args[i].Type = move(f.Args[i].Type)
		}
		f.Returns = move(f.Returns)
		sc.Functions = append(sc.Functions, &f)
	}
}
