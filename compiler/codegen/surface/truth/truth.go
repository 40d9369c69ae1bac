// Package truth describes a package as it is: the types and nullability that sem proved.
package truth

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/compiler/types"
)

// Describe describes a package without its queries; query describes one of them, which stands in a file of a
// base name.
func Describe(p *compiler.Package) (out *surface.Package, query func(file string, q *facts.Query) *surface.Query) {
	out = &surface.Package{DefaultSchema: p.Catalog.DefaultSchema}
	d := Describer{Catalog: p.Catalog, Missing: true, NullElements: p.NullElements()}
	for _, sc := range p.Catalog.Schemas {
		out.Schemas = append(out.Schemas, surface.Schema{Name: sc.Name, Comment: sc.Comment})
		if sc.Name == "pg_catalog" || sc.Name == "information_schema" {
			continue
		}
		for _, t := range sc.Tables {
			st := &surface.Table{Relation: surface.Relation{Schema: t.Schema, Name: t.Name}, Written: d.relation(t), Comment: t.Comment, Span: t.Span}
			for _, c := range t.Columns {
				if c.Hidden {
					continue
				}
				st.Columns = append(st.Columns, d.TableColumn(c))
				if p.Catalog.Engine == catalog.MySQL && c.Type.Kind == types.Enum && t.Kind == catalog.BaseTable {
					out.Enums = append(out.Enums, &surface.Enum{
						Relation: surface.Relation{Schema: t.Schema, Name: t.Name + "_" + c.Name}, Comment: c.Comment, Values: c.EnumValues, Span: c.Span,
					})
				}
			}
			out.Tables = append(out.Tables, st)
		}
		for _, td := range sc.Types {
			switch {
			case td.Extension != "":
			case td.Kind == types.Enum:
				out.Enums = append(out.Enums, &surface.Enum{
					Relation: surface.Relation{Schema: td.Schema, Name: td.Name}, Comment: td.Comment, Values: td.Values, Span: td.Span,
				})
			case td.Kind == types.Composite:
				c := &surface.Composite{Relation: surface.Relation{Schema: td.Schema, Name: td.Name}, Comment: td.Comment, Span: td.Span}
				c.Columns = d.attributes(td.Columns)
				out.Composites = append(out.Composites, c)
			case td.Kind == types.Domain:
				out.Domains = append(out.Domains, &surface.Domain{
					Relation: surface.Relation{Schema: td.Schema, Name: td.Name}, Comment: td.Comment, Base: d.column("", td.Base, true), Span: td.Span,
				})
			}
		}
	}
	out.Composites = append(out.Composites, d.rowTypes()...)
	return out, d.Query
}

// attributes describes the columns of a composite type.
func (d Describer) attributes(list []*catalog.Column) []surface.Column {
	var out []surface.Column
	for _, a := range list {
		if a.Hidden {
			continue
		}
		c := d.column(a.Name, a.Type, false)
		c.Domains = nil // its text is read as that of the type under them
		c.ElemNull = c.Dims > 0
		out = append(out, c)
	}
	return out
}

// rowTypes are the tables whose rows are the type of some table's column, or of an attribute.
func (d Describer) rowTypes() []*surface.Composite {
	var out []*surface.Composite
	seen := map[*catalog.Table]bool{}
	look := func(c *catalog.Column) {
		if c.Type.Kind != types.Composite || d.Catalog.Type(c.Type.Schema, c.Type.Name) != nil {
			return
		}
		t := d.Catalog.Table(c.Type.Schema, c.Type.Name)
		if t == nil || seen[t] {
			return
		}
		seen[t] = true
		out = append(out, &surface.Composite{Relation: surface.Relation{Schema: t.Schema, Name: t.Name}, Row: true, Columns: d.attributes(t.Columns), Span: t.Span})
	}
	for _, sc := range d.Catalog.Schemas {
		if sc.Name == "pg_catalog" || sc.Name == "information_schema" {
			continue
		}
		for _, t := range sc.Tables {
			for _, c := range t.Columns {
				look(c)
			}
		}
		for _, td := range sc.Types {
			for _, c := range td.Columns {
				look(c)
			}
		}
	}
	return out
}

// Describer turns what sem says into a surface's columns.
type Describer struct {
	Catalog *catalog.Snapshot
	// Relation and Fold give tables and columns other names than their own, where set.
	Relation func(t *catalog.Table) *surface.Relation
	Fold     func(column string) string
	// NullElements has arrays of tables, and arguments that are stored in them, take NULL among their elements.
	NullElements bool
	// Missing has embedded rows that an outer join may leave out marked as such.
	Missing bool
}

func (d Describer) name(schema, name string) string {
	if schema == "" || schema == d.Catalog.DefaultSchema {
		return name
	}
	return schema + "." + name
}

// relation names a table; the default schema goes without its name.
func (d Describer) relation(t *catalog.Table) *surface.Relation {
	if t == nil {
		return nil
	}
	if d.Relation != nil {
		return d.Relation(t)
	}
	r := &surface.Relation{Schema: t.Schema, Name: t.Name}
	if t.Schema == d.Catalog.DefaultSchema {
		r.Schema = ""
	}
	return r
}

// long are the types of PostgreSQL that sqlc's configuration names with their schema.
var long = map[string]bool{}

func init() {
	for _, n := range strings.Fields(`int2 int4 int8 float4 float8 numeric bool bpchar varchar time timetz timestamp
		timestamptz interval bit varbit json`) {
		long[n] = true
	}
}

// column starts the description of a value of a type.
func (d Describer) column(name string, t types.Type, notNull bool) surface.Column {
	c := surface.Column{Name: name, Typed: true, NotNull: notNull, Dims: int(t.Dims), Unsigned: t.Unsigned, Length: -1}
	if t.Kind == types.Domain {
		if td := d.Catalog.Type(t.Schema, t.Name); td != nil {
			base := td.Base
			base.Dims = max(base.Dims, t.Dims)
			c := d.column(name, base, notNull)
			c.Domains = append([]surface.Within{{Name: d.name(t.Schema, t.Name), Dims: int(t.Dims)}}, c.Domains...)
			return c
		}
	}
	switch d.Catalog.Engine {
	case catalog.PostgreSQL:
		c.Type = d.name(t.Schema, t.Name)
		if long[t.Name] && t.Schema == "" {
			c.Type = "pg_catalog." + t.Name
		}
	case catalog.MySQL:
		c.Type = strings.ToLower(t.Name)
		if c.Type == "bool" {
			c.Type, c.Length = "tinyint", 1
		} else if t.Length > 0 {
			c.Length = int(t.Length)
		}
	default:
		c.Type = strings.ToLower(t.Name)
	}
	if !t.Known() {
		c.Type = "any"
	}
	return c
}

// source adds what a table's column says of itself.
func (d Describer) source(c *surface.Column, s *catalog.Column) {
	if s == nil {
		return
	}
	c.Original = s.Name
	switch d.Catalog.Engine {
	case catalog.SQLite:
		if s.Declared != "" {
			c.Type = strings.Join(strings.Fields(s.Declared), "")
		}
	case catalog.MySQL:
		if s.Type.Kind == types.Enum && s.Table != nil {
			c.Type = d.name(s.Table.Schema, s.Table.Name+"_"+s.Name)
		}
	}
}

// TableColumn describes a column of the schema.
func (d Describer) TableColumn(s *catalog.Column) surface.Column {
	c := d.column(s.Name, s.Type, s.NotNull)
	d.source(&c, s)
	c.ElemNull = d.nullElements(s)
	c.Comment = s.Comment
	c.Table = d.relation(s.Table)
	return c
}

// nullElements tells whether NULL may be among the elements of a stored array.
func (d Describer) nullElements(s *catalog.Column) bool {
	return d.NullElements && s != nil && d.Catalog.Engine == catalog.PostgreSQL && d.column("", s.Type, true).Dims > 0 && !sem.NoNullElements(s)
}

func (d Describer) fold(name string) string {
	if d.Fold != nil {
		return d.Fold(name)
	}
	return name
}

// Column describes a result column of a query.
func (d Describer) Column(s *sem.Column) surface.Column {
	if o := s.Overruled; o != nil && !o.TypeAt.IsZero() {
		return d.said(s)
	}
	c := d.column(d.fold(s.Name), s.Type, s.Null.IsNever())
	if s.Source == nil {
		_, c.Call = s.Expr.(*ir.FuncCall)
		c.Name = nameOf(c.Name, s.Expr)
		if d.Catalog.Engine != catalog.PostgreSQL && predicate(s.Expr) {
			c.Type, c.Length, c.Unsigned = "tinyint", 1, false
			if d.Catalog.Engine == catalog.SQLite {
				c.Type = "boolean"
			}
		}
	}
	d.source(&c, s.Source)
	c.Table = d.relation(s.Table)
	c.Star = s.FromStar
	c.ElemNull = s.ElemNull
	c.Overruled = s.Overruled != nil
	if s.JSONName != "" {
		c.JSON = d.json(s.JSON, s.JSONName)
	}
	return c
}

// said describes a column that the query gives its type: it is no longer of its table.
func (d Describer) said(s *sem.Column) surface.Column {
	c := d.column(nameOf(d.fold(s.Name), s.Expr), s.Type, s.Null.IsNever())
	if d.Catalog.Engine == catalog.SQLite {
		c.Type = strings.Join(strings.Fields(s.Overruled.Declared), "")
	}
	c.Star, c.Overruled = s.FromStar, true
	c.ElemNull = s.ElemNull && s.Type.IsArray()
	return c
}

// nameOf is a computed column's name where it can be one in Go: MySQL and SQLite call an
// expression by its text. A call is named by its function, all else has no name.
func nameOf(name string, x ir.Expr) string {
	plain := name != ""
	for _, r := range name {
		plain = plain && (r == '_' || r == '$' || r == ' ' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80)
	}
	if plain && (name[0] < '0' || name[0] > '9') {
		return name
	}
	switch x := x.(type) {
	case *ir.FuncCall:
		return strings.ToLower(x.Name.Last())
	case *ir.Exists:
		return "exists"
	case *ir.Cast:
		if ref, ok := x.X.(*ir.ColumnRef); ok {
			return ref.Parts[len(ref.Parts)-1].Name
		}
	}
	return ""
}

// predicate tells whether an expression is true or false, which MySQL and SQLite give as a number.
func predicate(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Exists, *ir.IsTest, *ir.In, *ir.Between, *ir.Like, *ir.Logical:
		return true
	case *ir.Not:
		return predicate(x.X)
	case *ir.Binary:
		switch x.Op {
		case "=", "==", "<>", "<", "<=", ">", ">=", "<=>", "IS DISTINCT FROM", "IS NOT DISTINCT FROM":
			return true
		}
	}
	return false
}

// Param describes a parameter of a query.
func (d Describer) Param(s *sem.Param) surface.Column {
	c := d.column(s.Name, s.Type, !s.Nullable)
	d.source(&c, s.Source)
	c.Table = d.relation(s.Table)
	c.Given = s.Given
	c.ElemNull = c.Dims > 0 && d.nullElements(s.Source)
	if len(c.Domains) == 0 {
		c.Domains = d.compared(s, &c)
	}
	if s.Slice && s.Kind == token.Slice {
		if d.Catalog.Engine == catalog.PostgreSQL {
			if c.Dims == 0 {
				c.Dims, c.Domains = 1, around(c.Domains, 1)
			}
		} else {
			c.Slice, c.Dims = true, 0
		}
	}
	return c
}

// compared are the domains of the column that a parameter is compared with or stored in: the server takes it to be
// of the type under them.
func (d Describer) compared(s *sem.Param, c *surface.Column) []surface.Within {
	if s.Source == nil || s.Source.Type.Kind != types.Domain {
		return nil
	}
	of := d.column("", s.Source.Type, true)
	asText := unqualified(of.Type) == "varchar" && unqualified(c.Type) == "text" // varchar has no operators of its own
	if of.Type != c.Type && !asText || of.Dims > c.Dims {
		return nil
	}
	return around(of.Domains, c.Dims-of.Dims)
}

// unqualified is a type's name without the schema of PostgreSQL's own.
func unqualified(name string) string { return strings.TrimPrefix(name, "pg_catalog.") }

// around are domains with more array dimensions around them.
func around(list []surface.Within, dims int) []surface.Within {
	out := slices.Clone(list)
	for i := range out {
		out[i].Dims += dims
	}
	return out
}

// Query describes a query.
func (d Describer) Query(file string, q *facts.Query) *surface.Query {
	out := &surface.Query{
		Name: q.Name, Command: q.Command, File: file, SQL: q.SQL, Comments: q.Comments,
		InsertInto: d.relation(q.InsertInto), Columns: d.Columns(q, nil), Nested: nested(q),
		Facts: surface.Facts{Kind: string(q.Kind), Reads: q.Reads, Writes: q.Writes, MaxRows: q.Rows.Max, Locks: q.Locks, Deterministic: q.Deterministic, Idempotent: q.Idempotent, Unseen: q.Unseen, Touches: q.Touches},
	}
	if q.Rows.Max <= surface.Few {
		out.Most = int(max(q.Rows.Max, 0))
	}
	if q.Source != nil {
		out.Span = q.Source.Span
		if q.Source.Header != nil {
			out.Span = q.Source.Header.NameSpan
			out.Returns, out.Comments = returns(q.Source.Header, q.Comments)
			if out.Facts.Cache = q.Source.Header.Flags["cache"]; out.Facts.Cache != "" {
				out.Comments = without(out.Comments, "cache: "+out.Facts.Cache)
			}
			if out.Facts.Class = q.Source.Header.Flags["class"]; out.Facts.Class != "" {
				out.Comments = without(out.Comments, "class: "+out.Facts.Class)
			}
		}
	}
	among := amongArrays(q)
	param := func(i int) {
		c := d.Param(&q.Params[i])
		c.Among = among[q.Params[i].Number] && c.NotNull && c.Dims > 0
		out.Params = append(out.Params, surface.Param{Number: q.Params[i].Number, Column: c})
	}
	if q.Source != nil && q.Source.Numbered() {
		for i := range q.Params {
			param(i)
		}
		out.Limit = limit(q, out)
		d.page(q, out)
		d.variants(q, out)
		return out
	}
	// Each placeholder is an argument of its own; those of one name become one field.
	empty := d.emptyLists(q)
	for n, i := range q.Placeholders {
		param(i)
		out.Params[n].Empty = empty[n]
		out.Params[n].Foreign = n + 1
		out.Placeholders = append(out.Placeholders, n)
	}
	out.Limit = limit(q, out)
	d.page(q, out)
	d.variants(q, out)
	return out
}

// returns is the type that a line "-- returns: AuthorRow" names, and the comments without it. More
// words than one are documentation.
func returns(h *token.Header, comments []string) (string, []string) {
	name := h.Flags["returns"]
	if name == "" || strings.ContainsAny(name, " \t") {
		return "", comments
	}
	return name, without(comments, "returns: "+name)
}

// without are comments without one that is a line for us.
func without(comments []string, line string) []string {
	return slices.DeleteFunc(slices.Clone(comments), func(c string) bool { return strings.TrimSpace(c) == line })
}

// Columns lists a query's columns, those of one sqlc.embed as one. say may give a column
// another description by its index in q.Columns.
func (d Describer) Columns(q *facts.Query, say func(i int) (surface.Column, bool)) []surface.Column {
	out := make([]surface.Column, 0, len(q.Columns))
	for i := 0; i < len(q.Columns); i++ {
		s := &q.Columns[i]
		if s.Embed >= 0 && s.Table != nil {
			rel := d.relation(s.Table)
			c := surface.Column{Name: rel.Name, Embed: rel, Length: -1, EmbedMissing: d.Missing && !s.EmbedNull.IsNever()}
			for ; i < len(q.Columns) && q.Columns[i].Embed == s.Embed; i++ {
				name := q.Columns[i].Name
				if q.Columns[i].Source != nil {
					name = q.Columns[i].Source.Name
				}
				c.EmbedColumns = append(c.EmbedColumns, d.fold(name))
			}
			i--
			out = append(out, c)
			continue
		}
		if say != nil {
			if c, ok := say(i); ok {
				c.Star = s.FromStar
				out = append(out, c)
				continue
			}
		}
		out = append(out, d.Column(s))
	}
	return out
}
