package gowrite

import (
	"strconv"

	"github.com/covetsql/covetsql/compiler/codegen/gotype"
	"github.com/covetsql/covetsql/compiler/codegen/naming"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
)

// A query that is read page by page has three texts beside those of its parts: the first page, one behind a cursor, one
// before. A cursor has the values by which the rows are sorted.

func cursorType(query string) string { return naming.Upper(query) + "Cursor" }

func pageType(query string) string { return naming.Upper(query) + "Page" }

func hasPages(m *method) bool { return m.query.Page != nil }

// cursorField is a value of a cursor: the field of a row that it is from is row's selector.
type cursorField struct {
	name, row string
	typ       gotype.Type
}

// cursorFields are the values of a method's cursor. Their names are those of the row's fields, which may be in several
// structs there; the cursor has a method besides.
func (g *generator) cursorFields(m *method) (out []cursorField) {
	taken := map[string]bool{"String": true}
	for _, k := range m.query.Page.Keys {
		var c cursorField
		switch {
		case m.ret.fields == nil:
			c = cursorField{g.fieldName(m.query.Columns[k.Column].Name), "", m.ret.typ}
		case k.Embed >= 0:
			f := &m.ret.fields.fields[k.Column]
			e := &f.embed[k.Embed]
			c = cursorField{e.name, "." + f.name + "." + e.name, e.typ}
			if taken[c.name] {
				c.name = f.name + c.name
			}
		default:
			f := &m.ret.fields.fields[k.Column]
			c = cursorField{f.name, "." + f.name, f.typ}
		}
		for name, n := c.name, 2; taken[c.name]; n++ {
			c.name = name + "_" + strconv.Itoa(n)
		}
		taken[c.name] = true
		out = append(out, c)
	}
	return out
}

// writePageTypes writes the types of a page and of its cursors.
func (g *generator) writePageTypes(f *goFile, m *method) {
	cursor, page := cursorType(m.name), pageType(m.name)
	fields := g.cursorFields(m)
	f.p()
	f.p("// ", cursor, " is a place between the rows of ", m.name, ". Its text is for URLs and the like.")
	f.p("type ", cursor, " struct {")
	var rows []row
	for _, c := range fields {
		rows = append(rows, row{cells: []string{c.name, f.typ(c.typ)}})
	}
	f.block(rows)
	f.p("}")
	f.p()
	f.p("func (c ", cursor, ") String() string {")
	values, into := "", ""
	for _, c := range fields {
		values += ", c." + c.name
		into += ", &c." + c.name
	}
	f.p("\treturn writeCursor(", strconv.Quote(m.name), values, ")")
	f.p("}")
	f.p()
	f.p("// Parse", cursor, " reads what String gives.")
	f.p("func Parse", cursor, "(text string) (c ", cursor, ", err error) {")
	f.p("\terr = readCursor(text, ", strconv.Quote(m.name), into, ")")
	f.p("\treturn c, err")
	f.p("}")
	f.p()
	f.p("// ", page, " is a page of ", m.name, ".")
	f.p("type ", page, " struct {")
	f.block([]row{
		{cells: []string{"Items", "[]" + f.typ(m.ret.goType())}},
		{comment: "// First and Last are the places of the first and the last item; nil where there is none."},
		{cells: []string{"First, Last", "*" + cursor}},
		{comment: "// More tells that there are further rows: before the page where it was read before a cursor, else behind it."},
		{cells: []string{"More", "bool"}},
	})
	f.p("}")
}

// writePage writes the method, up to where the rows are read: that is a method of its own.
func (g *generator) writePage(f *goFile, m *method) {
	var after, before, size string
	for i := range m.query.Params {
		switch c := &m.query.Params[i].Column; {
		case c.PageSize:
			size = g.argumentOf(m, i)
		case c.Cursor != nil && c.Name == "after":
			after = g.argumentOf(m, i)
		case c.Cursor != nil:
			before = g.argumentOf(m, i)
		}
	}
	f.p("\tvar page ", pageType(m.name))
	f.p("\tswitch {")
	f.p("\tcase ", after, " != nil && ", before, " != nil:")
	f.p("\t\treturn page, ", f.id("errors", "New"), "(", strconv.Quote("query "+m.name+": After and Before exclude each other"), ")")
	f.p("\tcase ", size, " < 1:")
	f.p("\t\treturn page, ", f.id(pathFmt, "Errorf"), "(", strconv.Quote("query "+m.name+": a page of %d rows"), ", ", size, ")")
	f.p("\t}")
	call := "ctx"
	if g.opts.EmitMethodsWithDBArgument {
		call += ", db"
	}
	f.p("\titems, err := q.", pageMethod(m), "(", call, g.passedOn(m), ")")
	f.p("\tif err != nil {")
	f.p("\t\treturn page, err")
	f.p("\t}")
	f.p("\tif len(items) > ", size, " {")
	f.p("\t\titems, page.More = items[:", size, "], true")
	f.p("\t}")
	f.p("\tif ", before, " != nil {")
	f.p("\t\t", f.id("slices", "Reverse"), "(items)")
	f.p("\t}")
	f.p("\tpage.Items = items")
	f.p("\tif n := len(items); n > 0 {")
	for _, end := range [][2]string{{"First", "0"}, {"Last", "n-1"}} {
		values := ""
		for i, c := range g.cursorFields(m) {
			if i > 0 {
				values += ", "
			}
			values += "items[" + end[1] + "]" + c.row
		}
		f.p("\t\tpage.", end[0], " = &", cursorType(m.name), "{", values, "}")
	}
	f.p("\t}")
	f.p("\treturn page, nil")
	f.p("}")
	f.p()
	args := "(ctx " + f.id(pathContext, "Context")
	if g.opts.EmitMethodsWithDBArgument {
		args += ", db DBTX"
	}
	f.p("func (q *Queries) ", pageMethod(m), args, g.signature(f, m), ") ([]", f.typ(m.ret.goType()), ", error) {")
}

func pageMethod(m *method) string { return naming.Lower(m.name) + "Items" }

// passedOn are the arguments of a method as it passes them on.
func (g *generator) passedOn(m *method) (out string) {
	if m.arg.empty() {
		return ""
	}
	if !m.arg.flat {
		return ", " + m.arg.name
	}
	for _, f := range m.arg.fields.unique() {
		out += ", " + g.flatName(m, f.name)
	}
	return out
}

// pageArgument is the expression of a parameter that a cursor or the page's size gives.
func (g *generator) pageArgument(m *method, c *surface.Column, x string) string {
	if c.PageSize {
		return "int64(" + x + ")+1" // whether there are more
	}
	return x + "." + g.cursorFields(m)[c.Cursor.Key].name
}

// writeCursors writes how cursors become texts and are read.
func (g *generator) writeCursors(f *goFile) {
	base64, json := f.id("encoding/base64", "RawURLEncoding"), func(name string) string { return f.id("encoding/json", name) }
	errorf := f.id(pathFmt, "Errorf")
	f.p()
	f.p("// writeCursor writes the values of a query's cursor.")
	f.p("func writeCursor(query string, values ...any) string {")
	f.p("\tfor i, v := range values {")
	f.p("\t\tif b, ok := v.([]byte); ok && b == nil {")
	f.p("\t\t\tvalues[i] = []byte{} // as drivers give empty ones")
	f.p("\t\t}")
	f.p("\t}")
	f.p("\ttext, err := ", json("Marshal"), "(append([]any{query}, values...))")
	f.p("\tif err != nil {")
	f.p("\t\treturn \"\" // which is no cursor")
	f.p("\t}")
	f.p("\treturn ", base64, ".EncodeToString(text)")
	f.p("}")
	f.p()
	f.p("// readCursor reads what writeCursor gives, which may come from anywhere.")
	f.p("func readCursor(text, query string, values ...any) error {")
	f.p("\tplain, err := ", base64, ".DecodeString(text)")
	f.p("\tif err != nil {")
	f.p("\t\treturn ", errorf, "(\"%q is no cursor: %w\", text, err)")
	f.p("\t}")
	f.p("\tvar list []", json("RawMessage"))
	f.p("\tif err := ", json("Unmarshal"), "(plain, &list); err != nil {")
	f.p("\t\treturn ", errorf, "(\"%q is no cursor: %w\", text, err)")
	f.p("\t}")
	f.p("\tvar of string")
	f.p("\tif len(list) != len(values)+1 || json.Unmarshal(list[0], &of) != nil || of != query {")
	f.p("\t\treturn ", errorf, "(\"%q is no cursor of %s\", text, query)")
	f.p("\t}")
	f.p("\tfor i, v := range values {")
	f.p("\t\tif string(list[i+1]) == \"null\" {")
	f.p("\t\t\treturn ", errorf, "(\"%q is no cursor of %s\", text, query)")
	f.p("\t\t}")
	f.p("\t\tif err := json.Unmarshal(list[i+1], v); err != nil {")
	f.p("\t\t\treturn ", errorf, "(\"%q is no cursor of %s: %w\", text, query, err)")
	f.p("\t\t}")
	f.p("\t}")
	f.p("\treturn nil")
	f.p("}")
}
