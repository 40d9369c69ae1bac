package compat

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/types"
)

// schema is the catalog as sqlc sees it.
type schema struct {
	engine   catalog.Engine
	snapshot *catalog.Snapshot
	foreign  bool // other generators than ours are told of it

	mu        sync.Mutex
	relations map[*catalog.Table]*relation
	building  map[*catalog.Table]bool
	qualified map[*catalog.Table]*relation // as a query names them, where not as the schema does
	room      []column                     // for columns of the query being described, behind those in use
	search    search                       // of the query being described
}

// relation is a table, view, CTE or subquery with its columns. Name is what the query calls it.
type relation struct {
	Schema, Name string
	columns      []column
	ref          *surface.Relation // of a table of the schema: the name that its columns have
	embed        *surface.Relation // what its sqlc.embed names, where that is another
}

// column is a column on its way through the emulation.
type column struct {
	surface.Column
	alias    string // the relation it was taken from by name
	settled  bool   // COALESCE: an outer join changes nothing any more
	unsolved bool   // sqlc has no answer: it would have refused the query
}

func newSchema(in *catalog.Snapshot) *schema {
	return &schema{engine: in.Engine, snapshot: in, relations: map[*catalog.Table]*relation{}, building: map[*catalog.Table]bool{}, qualified: map[*catalog.Table]*relation{}}
}

// take gives room for n columns until the next query is described.
func (s *schema) take(n int) []column {
	if n > cap(s.room)-len(s.room) { // what was handed out keeps the old room
		s.room = make([]column, 0, max(n, 2*cap(s.room), 16))
	}
	at := len(s.room)
	s.room = s.room[:at+n]
	return s.room[at : at : at+n]
}

// ref names a table; the default schema goes without its name.
func (s *schema) ref(t *catalog.Table) *surface.Relation {
	r := &surface.Relation{Schema: t.Schema, Name: s.foldedAt(t.Name, t.Span)}
	if t.Schema == s.snapshot.DefaultSchema {
		r.Schema = ""
	}
	return r
}

// declared names a table as its CREATE statement does: where the default schema was written, it
// is there.
func (s *schema) declared(t *catalog.Table) *surface.Relation {
	r := s.ref(t)
	if r.Schema == "" && !t.Span.IsZero() && strings.HasSuffix(strings.TrimRight(t.Span.File.Text[:t.Span.Start], " \t\r\n"), ".") {
		r.Schema = t.Schema
	}
	return r
}

// written names a table as a query does.
func (s *schema) written(t *catalog.Table, n ir.Name) *surface.Relation {
	r := s.ref(t)
	switch {
	case n.Schema() != "":
		r.Schema = t.Schema
	case t.Schema == "pg_catalog":
		r.Schema = ""
	}
	return r
}

// named describes a table under the name that a query gives it.
func (s *schema) named(t *catalog.Table, n ir.Name) *relation {
	r := s.table(t)
	if r.ref.Schema == "" && n.Schema() == "" {
		return r
	}
	ref := s.written(t, n)
	if *ref == *r.ref {
		return r
	}
	q := s.qualified[t]
	if q == nil || *q.ref != *ref {
		q = &relation{Schema: r.Schema, Name: r.Name, ref: ref, columns: slices.Clone(r.columns)}
		for i := range q.columns {
			q.columns[i].Table = ref
		}
		s.qualified[t] = q
	}
	return q
}

// table describes a table of the schema.
func (s *schema) table(t *catalog.Table) *relation {
	if r := s.relations[t]; r != nil {
		return r
	}
	ref := s.declared(t)
	r := &relation{Schema: t.Schema, Name: t.Name, ref: ref}
	var view []column
	if (t.Kind == catalog.View || t.Kind == catalog.MaterializedView) && t.Query != nil && !s.building[t] {
		s.building[t] = true
		q := &query{schema: s, lookup: t.Schema}
		view = q.statement(t.Query)
		if len(view) != len(t.Columns) {
			view = nil
		}
	}
	r.columns = make([]column, 0, len(t.Columns))
	for i, c := range t.Columns {
		if c.Hidden && t.Kind != catalog.VirtualTable {
			continue
		}
		if c.Hidden {
			continue
		}
		col := s.column(c)
		if view != nil && !view[i].unsolved {
			v := view[i]
			col.Type, col.NotNull, col.Dims, col.Length, col.Unsigned = v.Type, v.NotNull, v.Dims, v.Length, v.Unsigned
			col.Typed = false
		}
		col.Table = ref
		r.columns = append(r.columns, col)
	}
	s.relations[t] = r
	return r
}

// standardDomains are the domains of the information schema by the types under them; sqlc
// stops at the domain.
var standardDomains = map[string]string{
	"name": "sql_identifier", "varchar": "character_data", "int4": "cardinal_number", "timestamptz": "time_stamp",
}

// column describes a column of the schema by itself.
func (s *schema) column(c *catalog.Column) column {
	out := column{Column: surface.Column{
		Name: s.foldedAt(c.Name, c.Span), Type: s.spell(c.Type, c.Declared), Dims: int(c.Type.Dims), Length: -1,
		Unsigned: c.Type.Unsigned, Comment: c.Comment, NotNull: c.NotNull, Typed: c.Declared != "",
	}}
	written := c.Declared != "" || c.WroteNotNull || c.WroteNull
	switch s.engine {
	case catalog.PostgreSQL:
		if c.Table != nil && c.Table.Kind == catalog.BaseTable && c.NotNull && written && !c.WroteNotNull {
			out.NotNull = inKeyOfTable(c)
		}
		if c.Declared == "" && c.Table != nil && (c.Table.Schema == "pg_catalog" || c.Table.Schema == "information_schema") {
			out.Type = c.Type.Name
			out.NotNull = out.NotNull && c.Table.Kind == catalog.BaseTable // of views it knows nothing
			if c.Type.Dims > 0 {
				out.Type = "_" + out.Type
			}
			if d, ok := standardDomains[out.Type]; ok && c.Table.Schema == "information_schema" {
				out.Type = d
			}
			out.Length = systemLength(out.Type)
		}
	case catalog.MySQL:
		if c.Table != nil && c.Table.Kind == catalog.BaseTable && c.NotNull && written && !c.WroteNotNull &&
			!strings.EqualFold(c.Declared, "serial") {
			out.NotNull = false
		}
		out.Length = mysqlLength(c)
		if len(c.EnumValues) > 0 && c.Table != nil && c.Type.Kind == types.Enum {
			out.Type = enumName(c)
		}
	case catalog.SQLite:
		out.Dims = 0
		if c.Declared == "" {
			out.Type = "any"
		}
		switch {
		case c.Table != nil && c.Table.Kind == catalog.VirtualTable:
			out.Type, out.NotNull = "text", true
		case c.Table != nil && c.Table.Kind == catalog.BaseTable:
			out.NotNull = c.WroteNotNull
			if c.WroteNull && c.Declared != "" && !strings.Contains(c.Declared, "(") {
				// To sqlc's parser the word NULL belongs to the type's name.
				out.Type = strings.Join(strings.Fields(c.Declared), "") + "NULL"
			}
		}
	}
	return out
}

// inKeyOfTable tells whether a column is in the primary key that stands in CREATE TABLE.
func inKeyOfTable(c *catalog.Column) bool {
	key := c.Table.PrimaryKey()
	if key == nil {
		return false
	}
	if !key.Span.IsZero() && !c.Span.IsZero() && key.Span.File == c.Span.File {
		// A key that ALTER TABLE added stands behind the next semicolon.
		lo, hi := c.Span.Start, key.Span.Start
		if lo < hi && endsStatement(c.Span.File.Text[lo:hi]) {
			return false
		}
	}
	for _, k := range key.Columns {
		if k == c.Name {
			return true
		}
	}
	return false
}

// endsStatement tells whether a semicolon stands in a text outside of comments and quotes.
func endsStatement(text string) bool {
	for i := 0; i < len(text); i++ {
		end := ""
		switch {
		case text[i] == ';':
			return true
		case text[i] == '\'', text[i] == '"':
			end = text[i : i+1]
		case strings.HasPrefix(text[i:], "--"):
			end = "\n"
		case strings.HasPrefix(text[i:], "/*"):
			end = "*/"
		default:
			continue
		}
		n := strings.Index(text[i+1:], end)
		if n < 0 {
			return false
		}
		i += n + len(end)
	}
	return false
}

// describe lists the schema's tables and types for the models.
func (s *schema) describe(out *surface.Package) {
	for _, sc := range s.snapshot.Schemas {
		out.Schemas = append(out.Schemas, surface.Schema{Name: sc.Name, Comment: sc.Comment})
		if sc.Name == "pg_catalog" || sc.Name == "information_schema" {
			continue
		}
		for _, t := range sc.Tables {
			r := s.table(t)
			st := &surface.Table{Relation: surface.Relation{Schema: t.Schema, Name: r.ref.Name}, Written: r.ref, Comment: t.Comment, Span: t.Span}
			st.Columns = make([]surface.Column, 0, len(r.columns))
			for _, c := range s.inOrder(t, r.columns) {
				st.Columns = append(st.Columns, c.Column)
			}
			out.Tables = append(out.Tables, st)
			for _, c := range t.Columns {
				if s.engine == catalog.MySQL && c.Type.Kind == types.Enum && t.Kind == catalog.BaseTable {
					out.Enums = append(out.Enums, &surface.Enum{
						// Of whatever database the table is, its enums are in the default one.
						Relation: surface.Relation{Schema: s.snapshot.DefaultSchema, Name: enumName(c)}, Values: c.EnumValues, Span: c.Span,
					})
				}
			}
		}
		for _, d := range sc.Types {
			switch {
			case d.Extension != "" || inBody(d.Span):
			case d.Kind == types.Enum:
				out.Enums = append(out.Enums, &surface.Enum{
					Relation: surface.Relation{Schema: d.Schema, Name: d.Name}, Comment: d.Comment, Values: d.Values, Span: d.Span,
				})
			case d.Kind == types.Composite:
				out.Composites = append(out.Composites, &surface.Composite{
					Relation: surface.Relation{Schema: d.Schema, Name: d.Name}, Comment: d.Comment,
				})
			}
		}
	}
}

// enumName is what sqlc calls the type of one of MySQL's inline enums and sets.
func enumName(c *catalog.Column) string {
	return strings.ToLower(c.Table.Name) + "_" + strings.ToLower(c.Name)
}

// inOrder are a table's columns in the order in which they were declared and added: sqlc
// knows neither FIRST nor AFTER.
func (s *schema) inOrder(t *catalog.Table, columns []column) []column {
	if s.engine != catalog.MySQL {
		return columns
	}
	added := map[string]int32{}
	for _, c := range t.Columns {
		added[s.foldedAt(c.Name, c.Span)] = c.Added
	}
	out := slices.Clone(columns)
	slices.SortStableFunc(out, func(a, b column) int { return cmp.Compare(added[a.Name], added[b.Name]) })
	return out
}

var dollarQuote = regexp.MustCompile(`\$[A-Za-z_0-9]*\$`)

// inBody tells whether a place is inside a dollar-quoted body: what a DO block declares,
// sqlc does not see.
func inBody(at source.Span) bool {
	if at.IsZero() {
		return false
	}
	open := ""
	for _, m := range dollarQuote.FindAllString(at.File.Text[:at.Start], -1) {
		switch {
		case open == "":
			open = m
		case open == m:
			open = ""
		}
	}
	return open != ""
}
