package gowrite

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/codegen/gotype"
	"github.com/covetsql/covetsql/compiler/codegen/naming"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/source"
)

// structType is a struct of the generated package: a model, a query's row or its parameters.
type structType struct {
	name    string
	table   *surface.Relation // of a model
	comment string
	fields  []field
	at      source.Span
}

type field struct {
	name    string
	dbName  string
	typ     gotype.Type
	tags    []gotype.Tag
	comment string
	column  *surface.Column
	embed   []field   // the model's fields, of a sqlc.embed
	missing bool      // the embedded row may be missing: the field is a pointer
	scanned []scanned // parallel to embed, where it may
}

type enumType struct {
	name      string
	comment   string
	tag       string // json tag of the wrapper's field; "" without json tags
	validTag  string
	constants []string
	values    []string
	at        source.Span
}

// model names the enums and tables of the schema.
func (g *generator) model() {
	for _, e := range g.pkg.Enums {
		sql := e.Name
		if !g.isDefault(e.Schema) {
			sql = e.Schema + "_" + e.Name
		}
		t := &enumType{name: g.names.Exported(sql), comment: e.Comment, values: e.Values, at: e.Span}
		t.constants = g.names.EnumConstants(sql, t.name, e.Values)
		if g.opts.EmitJSONTags {
			t.tag, t.validTag = g.names.JSONTag(sql), g.names.JSONTag("valid")
		}
		g.enums = append(g.enums, t)
		g.enumByType[g.typeKey(e.Schema, e.Name)] = t.name
	}
	for _, c := range g.pkg.Composites {
		g.composites[g.typeKey(c.Schema, c.Name)] = true
	}
	g.planComposites()
	g.planDomains()
	sort.SliceStable(g.enums, func(i, j int) bool { return g.enums[i].name < g.enums[j].name })
	for _, t := range g.pkg.Tables {
		s := &structType{table: &t.Relation, comment: t.Comment, at: t.Span}
		schema := t.Schema
		if g.isDefault(schema) {
			schema = ""
		}
		s.name = g.names.Model(schema, t.Name)
		used := map[string]int{}
		for i := range t.Columns {
			c := &t.Columns[i]
			f := field{name: g.fieldName(c.Name), dbName: c.Name, typ: g.goType(c), comment: c.Comment, column: c}
			if n := used[f.name]; n > 0 { // a-b and a_b
				f.name += "_" + strconv.Itoa(n+1)
			}
			used[f.name]++
			f.tags = g.tags(c, c.Name)
			s.fields = append(s.fields, f)
		}
		g.models = append(g.models, s)
		g.modelByTable[g.relation(&t.Relation)] = s
	}
	sort.SliceStable(g.models, func(i, j int) bool { return g.models[i].name < g.models[j].name })
	g.planJSON()
}

// fieldName is an exported name, made up where the column's name has no letter at all.
func (g *generator) fieldName(sql string) string {
	if s := g.names.Exported(sql); s != "" {
		return s
	}
	return "Column"
}

func (g *generator) isDefault(schema string) bool {
	return schema == "" || schema == g.pkg.DefaultSchema
}

func (g *generator) typeKey(schema, name string) string {
	if g.isDefault(schema) {
		return name
	}
	return schema + "." + name
}

func (g *generator) relation(r *surface.Relation) surface.Relation {
	if g.isDefault(r.Schema) {
		return surface.Relation{Name: r.Name}
	}
	return *r
}

// columnKey is all of a column that decides its Go type.
type columnKey struct {
	name, typ      string
	table          surface.Relation
	hasTable       bool
	notNull, elem  bool
	dims, length   int
	unsigned, list bool
	domains        string
}

// goType is the Go type of a column or parameter.
func (g *generator) goType(c *surface.Column) gotype.Type {
	switch {
	case c.Optional:
		t := g.goType(set(c))
		t.Text = "*" + t.Text
		return t
	case c.Flag:
		return gotype.Type{Text: "bool"}
	case c.Order != nil:
		return gotype.Type{Text: g.orderType(c.Order)}
	case c.Cursor != nil:
		return gotype.Type{Text: "*" + cursorType(c.Cursor.Query)}
	case c.PageSize:
		return gotype.Type{Text: "int"}
	case c.JSON != nil:
		return g.jsonColumn(c)
	}
	k := columnKey{typ: c.Type, notNull: c.NotNull, elem: c.ElemNull, dims: c.Dims, length: c.Length, unsigned: c.Unsigned, list: c.Slice}
	if c.Table != nil && g.columnOverrides {
		k.table, k.hasTable = *c.Table, true
		k.name = c.Name
		if c.Original != "" {
			k.name = c.Original
		}
	}
	for _, d := range c.Domains {
		k.domains += d.Name + strings.Repeat("[]", d.Dims) + " "
	}
	if t, ok := g.typeCache[k]; ok {
		return t
	}
	t := g.resolveType(c, k)
	g.typeCache[k] = t
	return t
}

func (g *generator) resolveType(c *surface.Column, k columnKey) gotype.Type {
	if k.hasTable {
		for i := range g.overrides {
			o := &g.overrides[i]
			if o.Type.Text != "" && o.MatchesColumn(k.table.Schema, g.pkg.DefaultSchema, k.table.Name, k.name) {
				t := o.Type
				if c.Slice {
					t.Text = "[]" + t.Text
				}
				return t
			}
		}
	}
	if t, ok := g.domainType(c); ok {
		return t
	}
	t := g.elementType(c)
	switch {
	case c.Slice:
		t.Text = "[]" + t.Text
	case c.Dims > 0:
		t.Text = strings.Repeat("[]", c.Dims) + t.Text
	}
	return t
}

func (g *generator) elementType(c *surface.Column) gotype.Type {
	notNull := c.NotNull
	if c.Dims > 0 {
		notNull = !c.ElemNull
	}
	for i := range g.overrides {
		o := &g.overrides[i]
		if o.Type.Text != "" && g.matchesType(o, c.Type, notNull, c.Unsigned) {
			return o.Type
		}
	}
	var text string
	var ok bool
	switch g.engine {
	case "postgresql":
		// pgx/v4 reads a list with NULLs into pointers alone.
		pointers := g.opts.EmitPointersForNullTypes || c.ElemNull && g.target == gotype.PGX4
		text, ok = gotype.Postgres(c.Type, g.target, notNull, pointers, g.strict)
		if g.strict && c.Dims > 0 && !g.target.IsPGX() {
			text = gotype.PQElement(text)
		}
	case "mysql":
		text, ok = gotype.MySQL(c.Type, c.Length, c.Unsigned, notNull, g.strict)
	case "sqlite":
		text, ok = gotype.SQLite(c.Type, notNull, g.opts.EmitPointersForNullTypes, g.strict)
	}
	if !ok && c.Type != "" && g.engine != "sqlite" {
		text = g.userType(c.Type, notNull)
	}
	return gotype.Type{Text: text, Imports: gotype.ImportsOf(text, g.target)}
}

// matchesType compares a rule's db_type with a type: as sqlc does letter by letter, under
// strict by meaning.
func (g *generator) matchesType(o *gotype.Override, name string, notNull, unsigned bool) bool {
	if g.strict {
		return o.MatchesAnySpelling(name, notNull, unsigned)
	}
	return o.MatchesType(name, notNull, unsigned)
}

// userType is the Go type of an enum or composite type of the schema.
func (g *generator) userType(name string, notNull bool) string {
	key := strings.TrimPrefix(name, g.pkg.DefaultSchema+".")
	pointers := g.opts.EmitPointersForNullTypes && g.target.IsPGX()
	if e, ok := g.enumByType[key]; ok {
		if own := g.opts.EmitPointersForNullEnums; own != nil {
			pointers = *own && (g.target.IsPGX() || g.strict) // sqlc asks for pgx
		}
		switch {
		case notNull:
			return e
		case pointers:
			return "*" + e
		}
		return "Null" + e
	}
	if c := g.compositeOf(key); c != nil {
		if notNull {
			return c.name
		}
		return "*" + c.name
	}
	if g.composites[key] {
		switch {
		case notNull:
			return "string"
		case pointers:
			return "*string"
		}
		return "sql.NullString"
	}
	return gotype.Any
}

// tags are a field's struct tags by key.
func (g *generator) tags(c *surface.Column, name string) []gotype.Tag {
	var out []gotype.Tag
	if g.opts.EmitDBTags {
		out = append(out, gotype.Tag{Key: "db", Value: name})
	}
	if g.opts.EmitJSONTags {
		out = append(out, gotype.Tag{Key: "json", Value: g.names.JSONTag(name)})
	}
	for i := range g.overrides {
		o := &g.overrides[i]
		if len(o.Tags) == 0 {
			continue
		}
		column := c.Name
		if c.Original != "" {
			column = c.Original
		}
		if !(g.matchesType(o, c.Type, c.NotNull || c.Dims > 0, c.Unsigned) || g.matchesDomain(o, c) ||
			c.Table != nil && o.MatchesColumn(c.Table.Schema, g.pkg.DefaultSchema, c.Table.Name, column)) {
			continue
		}
	tags:
		for _, t := range o.Tags {
			for i := range out {
				if out[i].Key == t.Key {
					out[i].Value = t.Value
					continue tags
				}
			}
			out = append(out, t)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Key < out[j].Key })
	return out
}

// structOf makes the struct of a query's columns or parameters.
func (g *generator) structOf(name string, columns []*surface.Column) *structType {
	s := &structType{name: name, fields: make([]field, 0, len(columns))}
	bases := make([]string, 0, len(columns))
	for i, c := range columns {
		f := field{column: c}
		sql := c.Name
		if sql == "" {
			sql = "column_" + strconv.Itoa(i+1)
		}
		tag := sql
		if c.Embed != nil {
			if m := g.modelByTable[g.relation(c.Embed)]; m != nil {
				sql, tag = m.name, naming.Snake(m.name)
				f.typ, f.embed = gotype.Type{Text: m.name}, inOrder(m.fields, c.EmbedColumns)
				if c.EmbedMissing {
					f.typ.Text, f.missing = "*"+m.name, true
				}
			} else {
				sql, tag = c.Embed.Name, c.Embed.Name
				f.typ = gotype.Type{Text: gotype.Any}
			}
		}
		f.dbName = sql
		base := g.fieldName(sql)
		f.name = base
		if !c.Given {
			n := 1
			for _, b := range bases {
				if b == base {
					n++
				}
			}
			if n > 1 {
				suffix := "_" + strconv.Itoa(n)
				f.name += suffix
				tag += suffix
			}
		}
		f.tags = g.tags(c, tag)
		if f.typ.Text == "" {
			f.typ = g.goType(c)
		}
		bases = append(bases, base)
		s.fields = append(s.fields, f)
	}
	// One name given twice is one field: what one occurrence tells of its type holds for all.
	for i := range s.fields {
		f := &s.fields[i]
		if f.typ.Text != gotype.Any {
			continue
		}
		for j := range s.fields {
			if o := &s.fields[j]; bases[j] == f.name && o.typ.Text != gotype.Any {
				f.typ = o.typ
			}
		}
	}
	return s
}

// unique are the fields of s, each name once.
func (s *structType) unique() []field {
	repeated := false
	for i := range s.fields {
		repeated = repeated || s.fields[i].column.Given
	}
	if !repeated {
		return s.fields
	}
	var out []field
	for i := range s.fields {
		if !slices.ContainsFunc(out, func(f field) bool { return f.name == s.fields[i].name }) {
			out = append(out, s.fields[i])
		}
	}
	return out
}

// sameAs tells whether a query's columns are exactly a table's, so that its model serves as the row.
func (g *generator) sameAs(s *structType, columns []surface.Column) bool {
	for i := range s.fields {
		c := &columns[i]
		if c.Embed != nil || c.Table == nil || g.relation(c.Table) != g.relation(s.table) {
			return false
		}
		f := &s.fields[i]
		if c.Name == "" || f.name != g.fieldName(c.Name) {
			return false
		}
		if f.typ.Text == g.goType(c).Text {
			continue
		}
		// What the query proves not to be NULL the model's nullable field holds as well.
		wide := *c
		wide.NotNull = f.column.NotNull
		if !g.strict || c.Overruled || !c.NotNull || f.typ.Text != g.goType(&wide).Text {
			return false
		}
	}
	return true
}

// permuted is a model with its fields in the order of a star's columns, where these are all
// of its table's: the struct may have another order than the table. It is nil for others.
func (g *generator) permuted(s *structType, columns []surface.Column) *structType {
	out := *s
	out.fields = make([]field, 0, len(columns))
	for i := range columns {
		c := &columns[i]
		if !c.Star || c.Table == nil || g.relation(c.Table) != g.relation(s.table) {
			return nil
		}
		name, typ := g.fieldName(c.Name), g.goType(c).Text
		n := len(out.fields)
		for _, f := range s.fields {
			if f.name == name && f.typ.Text == typ {
				out.fields = append(out.fields, f)
				break
			}
		}
		if len(out.fields) == n {
			return nil
		}
	}
	return &out
}

// inOrder are the fields in the order of columns, where these are all of them.
func inOrder(fields []field, columns []string) []field {
	if len(columns) != len(fields) {
		return fields
	}
	same := true
	for i := range fields {
		same = same && strings.EqualFold(fields[i].dbName, columns[i])
	}
	if same {
		return fields
	}
	out := make([]field, 0, len(fields))
	for _, c := range columns {
		for _, f := range fields {
			if strings.EqualFold(f.dbName, c) {
				out = append(out, f)
				break
			}
		}
	}
	if len(out) != len(fields) {
		return fields
	}
	return out
}
