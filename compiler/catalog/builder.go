package catalog

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/types"
)

// Builder applies DDL in order to a schema. It is for one goroutine; the snapshot that it
// hands out at the end is immutable as long as the builder is not used again.
type Builder struct {
	s     *Snapshot
	rules Rules
	diags diag.List
	// noted counts statements without bearing on types, by verb.
	noted map[string]int
	// inBlock is set while the definitions of a DO block are applied.
	inBlock bool
}

// NewBuilder starts from a base schema, which the builder takes over: it must not be used
// by anyone else.
func NewBuilder(base *Snapshot, rules Rules) *Builder {
	if base.byName == nil {
		base.byName = map[string]*Schema{}
		for _, sc := range base.Schemas {
			base.byName[base.fold(sc.Name)] = sc
		}
	}
	return &Builder{s: base, rules: rules, noted: map[string]int{}}
}

// Snapshot is the schema after all statements so far, with what was wrong with them.
func (b *Builder) Snapshot() (*Snapshot, diag.List) { return b.s, b.diags }

// Noted counts the statements that were accepted without bearing on types, by verb.
func (b *Builder) Noted() map[string]int { return b.noted }

// Apply applies one statement. Statements that are no DDL are noted and change nothing.
func (b *Builder) Apply(stmt ir.Statement) {
	switch n := stmt.(type) {
	case *ir.CreateTable:
		b.createTable(n)
	case *ir.CreateVirtualTable:
		b.createVirtualTable(n)
	case *ir.AlterTable:
		b.alterTable(n)
	case *ir.CreateIndex:
		b.createIndex(n)
	case *ir.CreateView:
		b.createView(n)
	case *ir.CreateEnum:
		b.createType(n.Name, &TypeDef{Kind: types.Enum, Values: n.Values})
	case *ir.AlterEnum:
		b.alterEnum(n)
	case *ir.CreateDomain:
		b.createDomain(n)
	case *ir.AlterDomain:
		b.alterDomain(n)
	case *ir.CreateComposite:
		b.createComposite(n)
	case *ir.CreateRange:
		b.createRange(n)
	case *ir.CreateBaseType:
		b.createBaseType(n)
	case *ir.CreateSequence:
		b.createSequence(n)
	case *ir.CreateFunction:
		b.createFunction(n)
	case *ir.CreateTrigger:
		b.createTrigger(n)
	case *ir.CreatePolicy:
		b.createPolicy(n)
	case *ir.CreateSchema:
		b.createSchema(n)
	case *ir.CreateExtension:
		b.createExtension(n)
	case *ir.Drop:
		b.drop(n)
	case *ir.Rename:
		b.rename(n)
	case *ir.SetSchema:
		b.setSchema(n)
	case *ir.SetSearchPath:
		b.setSearchPath(n)
	case *ir.Comment:
		b.comment(n)
	case *ir.Noted:
		b.noted[n.Verb]++
		b.s.Ruled = b.s.Ruled || strings.HasPrefix(n.Verb, "CREATE") && strings.Contains(n.Verb, "RULE")
		b.right(n)
		b.block(n.Definitions)
	case *ir.Utility:
		b.noted[n.Verb]++
	case *ir.Insert:
		b.noted["INSERT"]++
	case *ir.Update:
		b.noted["UPDATE"]++
	case *ir.Delete:
		b.noted["DELETE"]++
	case *ir.Select:
		b.noted["SELECT"]++
		if n.Into != nil && b.rules.Columns != nil {
			b.createTable(&ir.CreateTable{At: n.At, Name: *n.Into, AsQuery: n})
		}
	default:
		b.noted["other"]++
	}
}

// block applies the definitions of a DO block. They are there to run more than once, so what
// exists already, or is missing, is no complaint.
func (b *Builder) block(definitions []ir.Statement) {
	before := len(b.diags)
	b.inBlock = true
	for _, d := range definitions {
		b.Apply(d)
	}
	b.inBlock = false
	b.diags = b.diags[:before]
}

// target is the schema in which a new object of that name goes, and nil with a diagnostic
// where there is no such schema.
func (b *Builder) target(n ir.Name) *Schema {
	name := n.Schema()
	if name == "" {
		name = b.creationSchema()
	}
	if sc := b.s.Schema(name); sc != nil {
		return sc
	}
	if b.rules.ImplicitSchemas || name == b.s.DefaultSchema {
		return b.s.addSchema(name)
	}
	b.diags.Add(b.unknown(n.Parts[max(len(n.Parts)-2, 0)].Span(), "schema", name, b.schemaNames()))
	return nil
}

// creationSchema is the first schema of the search path that exists.
func (b *Builder) creationSchema() string {
	for _, n := range b.s.SearchPath {
		if b.s.Schema(n) != nil {
			return n
		}
	}
	return b.s.DefaultSchema
}

// table finds the table that a statement is about, and reports it where it is missing.
func (b *Builder) table(n ir.Name, ifExists bool) *Table {
	t := b.s.Table(n.Schema(), n.Last())
	if t == nil && !ifExists {
		b.diags.Add(b.unknown(nameSpan(n), "table", n.String(), b.tableNames()))
	}
	return t
}

func (b *Builder) unknown(at source.Span, what, name string, known []string) diag.Diagnostic {
	d := diag.New(diag.UnknownObject, at, "there is no %s %q here", what, name)
	if near := diag.Nearest(name, known, 1); len(near) > 0 {
		d = d.WithHelp("did you mean %q?", near[0])
	}
	return d
}

func (b *Builder) duplicate(at source.Span, what, name string, first source.Span) {
	b.diags.Add(diag.New(diag.DuplicateObject, at, "%s %q exists already", what, name).
		WithLabel(first, "first created here"))
}

func (b *Builder) tableNames() []string {
	var out []string
	for _, sc := range b.s.Schemas {
		for _, t := range sc.Tables {
			out = append(out, t.Name)
		}
	}
	return out
}

func (b *Builder) schemaNames() []string {
	var out []string
	for _, sc := range b.s.Schemas {
		out = append(out, sc.Name)
	}
	return out
}

func (sc *Schema) put(s *Snapshot, t *Table) {
	t.Schema = sc.Name
	sc.Tables = append(sc.Tables, t)
	sc.tables[s.fold(t.Name)] = t
}

func (sc *Schema) remove(s *Snapshot, t *Table) {
	sc.Tables = slices.DeleteFunc(sc.Tables, func(u *Table) bool { return u == t })
	delete(sc.tables, s.fold(t.Name))
}

func nameSpan(n ir.Name) source.Span {
	if len(n.Parts) > 0 {
		return n.Parts[len(n.Parts)-1].Span()
	}
	return n.Span()
}

func idents(list []ir.Ident) []string {
	if list == nil {
		return nil
	}
	out := make([]string, len(list))
	for i, id := range list {
		out[i] = id.Name
	}
	return out
}

func text(x ir.Expr) string {
	if x == nil {
		return ""
	}
	return x.Span().Text()
}

func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func options(list []ir.Option) map[string]string {
	if len(list) == 0 {
		return nil
	}
	out := make(map[string]string, len(list))
	for _, o := range list {
		out[o.Key] = o.Value
	}
	return out
}
