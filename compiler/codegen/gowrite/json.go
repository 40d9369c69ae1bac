package gowrite

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/covetsql/covetsql/compiler/codegen/gotype"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

const (
	pathJSON = "encoding/json"
	rawJSON  = "json.RawMessage"
)

// jsonStruct is the struct of an object in JSON that a query builds. Queries share it by its name.
type jsonStruct struct {
	name    string
	of      []string // the queries
	query   *surface.Query
	fields  []jsonField
	readers bool // some field has one
}

type jsonField struct {
	name, key string
	typ       gotype.Type
	// plain is the field's type where it is not NULL, reader what reads it from JSON; "" for encoding/json itself.
	plain, reader string
	pointer       bool
}

// planJSON names the structs of all JSON that queries ask for.
func (g *generator) planJSON() {
	g.jsonNames = map[*surface.JSON]string{}
	for _, q := range g.pkg.Queries {
		for i := range q.Columns {
			j := q.Columns[i].JSON
			if j == nil {
				continue
			}
			name := j.Name
			if name == "auto" {
				column := q.Columns[i].Name
				if column == "" {
					column = "column_" + strconv.Itoa(i+1)
				}
				name = q.Name + g.fieldName(column)
			}
			g.planObject(q, j, name)
			g.jsonUsed = true
		}
	}
	slices.SortFunc(g.jsonStructs, func(a, b *jsonStruct) int { return strings.Compare(a.name, b.name) })
}

// planObject names the object in j, if there is one, and those in its fields after it.
func (g *generator) planObject(q *surface.Query, j *surface.JSON, name string) bool {
	for j.Kind == surface.JSONList || j.Kind == surface.JSONMap {
		if len(j.Parts) == 0 {
			return false
		}
		j = j.Parts[0]
	}
	if j.Kind != surface.JSONObject {
		return false
	}
	g.jsonNames[j] = name
	s := &jsonStruct{name: name, query: q, of: []string{q.Name}}
	used := map[string]bool{"UnmarshalJSON": true} // a method
	inside := map[string]bool{}
	for _, p := range j.Parts {
		key := p.Value.Name
		f := jsonField{name: g.jsonFieldName(key, used), key: key}
		inner := f.name
		if p.Kind != surface.JSONObject {
			inner = g.names.Model("", key)
		}
		if inside[inner] { // "book" and "books"
			inner = f.name
		}
		if g.planObject(q, p, name+inner) {
			inside[inner] = true
		}
		if !tagged(key) {
			g.jsonWrong(q, "the key %q can not stand in a Go struct's tag", key).
				add("give it another name in the query: letters, digits and most signs are well, commas, quotes and backslashes are not")
		}
		g.jsonField(&f, p)
		s.readers = s.readers || f.reader != ""
		s.fields = append(s.fields, f)
	}
	for _, old := range g.jsonStructs {
		if old.name != name {
			continue
		}
		if wrong := old.differs(s); wrong != "" {
			g.jsonWrong(q, "the JSON of query %s is no %s as that of %s: %s", q.Name, name, old.query.Name, wrong).
				label(old.query, "the first "+name+" is here").
				add("give one of them another name: -- column: … json=Other")
		} else if !slices.Contains(old.of, q.Name) {
			old.of = append(old.of, q.Name)
		}
		return true
	}
	g.jsonStructs = append(g.jsonStructs, s)
	return true
}

// jsonFieldName is the name of a key's field, which encoding/json sees only where it is exported.
func (g *generator) jsonFieldName(key string, used map[string]bool) string {
	name := g.fieldName(key)
	if first, _ := utf8.DecodeRuneInString(name); !unicode.IsUpper(first) {
		name = "X" + name
	}
	free := name
	for i := 2; used[free]; i++ {
		free = name + "_" + strconv.Itoa(i)
	}
	used[free] = true
	return free
}

func (s *jsonStruct) differs(o *jsonStruct) string {
	for _, f := range s.fields {
		i := slices.IndexFunc(o.fields, func(e jsonField) bool { return e.key == f.key })
		if i < 0 {
			return f.key + " is missing"
		}
		if e := o.fields[i]; e.typ.Text != f.typ.Text || e.reader != f.reader {
			return f.key + " is " + e.typ.Text + " here and " + f.typ.Text + " there"
		}
	}
	for _, e := range o.fields {
		if !slices.ContainsFunc(s.fields, func(f jsonField) bool { return e.key == f.key }) {
			return e.key + " is new"
		}
	}
	return ""
}

func (g *generator) jsonWrong(q *surface.Query, format string, args ...any) sharing {
	at := q.Span
	if at.IsZero() {
		at = g.at
	}
	d := diag.New(diag.JSONStruct, at, format, args...)
	d.Query = q.Name
	return sharing{g, d}
}

func (s sharing) label(q *surface.Query, text string) sharing {
	if !q.Span.IsZero() {
		s.d = s.d.WithLabel(q.Span, "%s", text)
	}
	return s
}

// tagged tells whether encoding/json takes a key from a tag.
func tagged(key string) bool {
	if key == "" {
		return false
	}
	for _, r := range key {
		if strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", r) || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			continue
		}
		return false
	}
	return true
}

// jsonColumn is the Go type of a column of which the query asks for one.
func (g *generator) jsonColumn(c *surface.Column) gotype.Type {
	j := *c.JSON
	j.Value.NotNull = c.NotNull
	if name, ok := g.jsonNames[c.JSON]; ok {
		g.jsonNames[&j] = name
		defer delete(g.jsonNames, &j)
	}
	return g.jsonType(&j)
}

// jsonType is the Go type of JSON where nothing but encoding/json reads it.
func (g *generator) jsonType(j *surface.JSON) gotype.Type {
	var f jsonField
	g.jsonField(&f, j)
	if f.reader != "" {
		return g.rawMessage()
	}
	return f.typ
}

func (g *generator) rawMessage() gotype.Type {
	return gotype.Type{Text: rawJSON, Imports: gotype.ImportsOf(rawJSON, g.target)}
}

// jsonField gives a field the type of j.
func (g *generator) jsonField(f *jsonField, j *surface.JSON) {
	in := func(prefix string) {
		f.typ = g.rawMessage()
		if len(j.Parts) > 0 {
			f.typ = g.jsonType(j.Parts[0])
		}
		f.typ.Text = prefix + f.typ.Text
	}
	nullable := !j.Value.NotNull
	switch j.Kind {
	case surface.JSONList:
		in("[]")
	case surface.JSONMap:
		in("map[string]")
	case surface.JSONObject:
		f.typ.Text = g.jsonNames[j]
	case surface.JSONValue:
		if c := &j.Value; c.Dims > 0 {
			elem := *c
			elem.Dims, elem.NotNull = 0, !c.ElemNull
			f.typ = g.jsonType(&surface.JSON{Kind: surface.JSONValue, Value: elem})
			f.typ.Text = strings.Repeat("[]", c.Dims) + f.typ.Text
			break
		}
		f.typ, f.reader = g.jsonValue(&j.Value)
	default:
		f.typ = g.rawMessage()
	}
	f.plain = f.typ.Text
	if nullable && !takesNull(f.typ.Text) {
		f.pointer = true
		f.typ.Text = "*" + f.typ.Text
	}
}

// takesNull tells whether JSON's null is a value of its own in a Go type.
func takesNull(text string) bool {
	return strings.HasPrefix(text, "[]") || strings.HasPrefix(text, "map[") || strings.HasPrefix(text, "*") ||
		strings.HasPrefix(text, "pgtype.") || text == rawJSON || text == gotype.Any
}

// jsonValue is the Go type of a SQL value in JSON that is not NULL: an override's, an enum, or the table's.
func (g *generator) jsonValue(c *surface.Column) (gotype.Type, string) {
	if t, ok := g.jsonOverride(c); ok {
		if t.Text == "time.Time" || t.Text == "*time.Time" {
			return t, "jsonTime"
		}
		return t, ""
	}
	var t gotype.JSONType
	ok := false
	switch g.engine {
	case "postgresql":
		t, ok = gotype.JSONPostgres(c.Type, g.target)
	case "mysql":
		t, ok = gotype.JSONMySQL(c.Type, c.Length, c.Unsigned)
	case "sqlite":
		t, ok = gotype.JSONSQLite(c.Type)
	}
	if !ok {
		if e, is := g.enumByType[strings.TrimPrefix(c.Type, g.pkg.DefaultSchema+".")]; is {
			return gotype.Type{Text: e}, ""
		}
		return g.rawMessage(), ""
	}
	return gotype.Type{Text: t.Text, Imports: gotype.ImportsOf(t.Text, g.target)}, t.Reader
}

// jsonOverride is the type of the first rule that is about a value. The wrappers of database/sql are not read from JSON.
func (g *generator) jsonOverride(c *surface.Column) (gotype.Type, bool) {
	name := c.Name
	if c.Original != "" {
		name = c.Original
	}
	for i := range g.overrides {
		o := &g.overrides[i]
		if o.Type.Text == "" || strings.HasPrefix(o.Type.Text, "sql.") {
			continue
		}
		if c.Table != nil && o.MatchesColumn(c.Table.Schema, g.pkg.DefaultSchema, c.Table.Name, name) ||
			g.matchesDomain(o, c) || g.matchesType(o, c.Type, c.NotNull, c.Unsigned) {
			return o.Type, true
		}
	}
	return gotype.Type{}, false
}

// writeJSON writes the structs and what reads them.
func (g *generator) writeJSON(f *goFile) {
	if !g.jsonUsed && !g.jsonTypes() {
		return
	}
	readers := map[string]bool{}
	for _, s := range g.jsonStructs {
		f.p()
		f.p("// ", s.name, " is an object in the JSON of ", series(s.of), ".")
		f.p("type ", s.name, " struct {")
		f.block(s.rows(f, false))
		f.p("}")
		if s.readers {
			g.writeUnmarshal(f, s)
		}
		for _, fl := range s.fields {
			if fl.reader != "" {
				readers[fl.reader] = true
			}
		}
	}
	for _, name := range sortedKeys(readers) {
		f.p()
		jsonReaders[name](f)
	}
	if g.target != gotype.PGX5 || g.jsonTypes() {
		g.writeFromJSON(f)
	}
	if g.jsonTypes() && g.target != gotype.PGX5 {
		g.writeToJSON(f)
	}
}

// rows are the fields as lines of a struct; in is the struct that JSON is read into first.
func (s *jsonStruct) rows(f *goFile, in bool) []row {
	rows := make([]row, len(s.fields))
	for i := range s.fields {
		fl := &s.fields[i]
		typ := f.typ(fl.typ)
		if in && fl.reader != "" {
			if typ = fl.reader; fl.pointer || strings.HasPrefix(fl.typ.Text, "*") {
				typ = "*" + typ
			}
		}
		tag := fl.key
		if tag == "-" {
			tag = "-,"
		}
		rows[i].cells = []string{fl.name, typ, "`json:\"" + tag + "\"`"}
	}
	return rows
}

// writeUnmarshal writes how a struct is read that has fields which encoding/json would not read as the server writes them.
func (g *generator) writeUnmarshal(f *goFile, s *jsonStruct) {
	f.p()
	f.p("// UnmarshalJSON reads an object as the database writes it.")
	f.p("func (v *", s.name, ") UnmarshalJSON(data []byte) error {")
	f.p("\tvar in struct {")
	f.indented("\t", func() { f.block(s.rows(f, true)) })
	f.p("\t}")
	f.p("\tif err := ", f.id(pathJSON, "Unmarshal"), "(data, &in); err != nil {")
	f.p("\t\treturn err")
	f.p("\t}")
	f.p("\t*v = ", s.name, "{")
	pairs := make([][2]string, len(s.fields))
	for i := range s.fields {
		fl := &s.fields[i]
		x := "in." + fl.name
		switch {
		case fl.reader == "":
		case strings.HasPrefix(fl.typ.Text, "*"):
			x = "(" + fl.typ.Text + ")(" + x + ")"
		default:
			x = fl.typ.Text + "(" + x + ")"
		}
		pairs[i] = [2]string{fl.name, x}
	}
	f.keyValues("\t\t", pairs)
	f.p("\t}")
	f.p("\treturn nil")
	f.p("}")
}

// scanJSON is the expression that a column's JSON is scanned into: pgx/v5 reads JSON by itself.
func (g *generator) scanJSON(f *goFile, expr string, t gotype.Type) string {
	if g.target == gotype.PGX5 {
		return expr
	}
	return "fromJSON[" + f.typ(t) + "]{" + expr + "}"
}

// jsonTypes tells whether an override has a Go type read and written as JSON.
func (g *generator) jsonTypes() bool {
	return slices.ContainsFunc(g.overrides, func(o gotype.Override) bool { return o.Type.JSON })
}

// asJSON is the expression of a value of such a type, or of a pointer to it that is scanned into. pgx/v5 reads and writes JSON by
// itself, save that NULL has no place in most types.
func (g *generator) asJSON(f *goFile, expr string, t gotype.Type, c *surface.Column) string {
	scans := strings.HasPrefix(expr, "&")
	if g.target == gotype.PGX5 && (!scans || c != nil && c.NotNull || takesNull(t.Text)) {
		return expr
	}
	if scans {
		return "fromJSON[" + f.typ(t) + "]{" + expr + "}"
	}
	return "toJSON[" + f.typ(t) + "]{" + expr + "}"
}

func (g *generator) writeToJSON(f *goFile) {
	f.p()
	f.p("// toJSON passes v as JSON; nil is NULL.")
	f.p("type toJSON[T any] struct{ v T }")
	f.p()
	f.p("func (j toJSON[T]) Value() (", f.id("database/sql/driver", "Value"), ", error) {")
	f.p("\tb, err := ", f.id(pathJSON, "Marshal"), "(j.v)")
	f.p("\tif err != nil || string(b) == \"null\" {")
	f.p("\t\treturn nil, err")
	f.p("\t}")
	f.p("\treturn string(b), nil")
	f.p("}")
}

func (g *generator) writeFromJSON(f *goFile) {
	f.p()
	f.p("// fromJSON scans JSON into what v points to; NULL is its zero value.")
	f.p("type fromJSON[T any] struct{ v *T }")
	f.p()
	f.p("func (j fromJSON[T]) Scan(src any) error {")
	f.p("\tvar v T")
	f.p("\tvar err error")
	f.p("\tswitch src := src.(type) {")
	f.p("\tcase nil:")
	f.p("\tcase []byte:")
	f.p("\t\terr = ", f.id(pathJSON, "Unmarshal"), "(src, &v)")
	f.p("\tcase string:")
	f.p("\t\terr = ", f.id(pathJSON, "Unmarshal"), "([]byte(src), &v)")
	f.p("\tdefault:")
	f.p("\t\terr = ", f.id(pathFmt, "Errorf"), `("%T is no JSON", src)`)
	f.p("\t}")
	f.p("\t*j.v = v")
	f.p("\treturn err")
	f.p("}")
}

// declareJSON declares the names that JSON needs.
func (g *generator) declareJSON(declare func(name, what, subject string, at source.Span)) {
	if !g.jsonUsed && !g.jsonTypes() {
		return
	}
	readers := map[string]bool{}
	for _, s := range g.jsonStructs {
		declare(s.name, "the JSON of query ", s.query.Name, s.query.Span)
		for _, fl := range s.fields {
			readers[fl.reader] = true
		}
	}
	if g.target != gotype.PGX5 || g.jsonTypes() {
		readers["fromJSON"] = true
	}
	if g.jsonTypes() && g.target != gotype.PGX5 {
		readers["toJSON"] = true
	}
	delete(readers, "")
	for _, name := range sortedKeys(readers) {
		declare(name, "what reads JSON", "", source.Span{})
	}
}
