package gowrite

import (
	"strconv"

	"github.com/covetsql/covetsql/compiler/codegen/surface"
)

// writeRows writes the loop over rows. fail are the lines that leave it at an error, err; take writes what is done with a
// row, which it is given as an expression.
//
// sqlc declares a row's variable inside the loop: it and the list of its addresses are made anew for each row. Ours are
// made once, and the variable is cleared: a Scanner may keep what it finds in its target.
func (g *generator) writeRows(f *goFile, m *method, indent string, fail []string, take func(f *goFile, indent, row string)) {
	in := indent + "\t"
	scan := "rows.Scan(into...)"
	if g.own {
		f.p(indent, "var ", m.ret.name, " ", g.variableType(f, m))
		g.writeMaybes(f, m, indent, true)
		f.p(indent, "into := []interface{}{", list("", g.targets(f, m), indent), "}")
		f.p(indent, "for rows.Next() {")
		g.writeCleared(f, m, in)
	} else {
		f.p(indent, "for rows.Next() {")
		f.p(in, "var ", m.ret.name, " ", g.variableType(f, m))
		g.writeMaybes(f, m, in, false)
		scan = "rows.Scan(" + list("", g.targets(f, m), in) + ")"
	}
	f.p(in, "if err := ", scan, "; err != nil {")
	for _, l := range fail {
		f.p(in, "\t", l)
	}
	f.p(in, "}")
	g.writeFound(f, m, in)
	row := m.returned()
	if g.own && row != m.ret.name { // a pointer: each row has a place of its own
		f.p(in, "row := ", m.ret.name)
		row = "&row"
	}
	take(f, in, row)
	f.p(indent, "}")
}

// loops tells whether a command's method goes over rows: writeRows has names there.
func loops(command string) bool {
	return command == "many" || command == "iter" || command == "batchmany"
}

// whole are types whose values a scan sets wholly.
var whole = words("string []byte bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 time.Time")

// writeCleared clears the variables of writeRows.
func (g *generator) writeCleared(f *goFile, m *method, indent string) {
	if m.ret.fields == nil {
		if typ := f.typ(m.ret.typ); !whole[typ] {
			f.p(indent, m.ret.name, " = *new(", typ, ")")
		}
		return
	}
	f.p(indent, m.ret.name, " = ", m.ret.fields.name, "{}")
	for i := range m.ret.fields.fields {
		if fl := &m.ret.fields.fields[i]; fl.missing {
			f.p(indent, fl.maybe(), " = ", fl.none())
		}
	}
}

// items declares the slice that rows are gathered in.
func (g *generator) items(f *goFile, m *method) string {
	t := "[]" + f.typ(m.ret.goType())
	room := g.roomFor(m)
	switch {
	case !g.opts.EmitEmptySlices:
		return "var items " + t
	case room != "":
		return "items := make(" + t + ", 0, " + room + ")"
	}
	return "items := " + t + "{}"
}

// gather appends rows to items.
func (g *generator) gather(f *goFile, m *method) func(f *goFile, indent, row string) {
	return func(f *goFile, indent, row string) {
		if room := g.roomFor(m); room != "" && !g.opts.EmitEmptySlices { // no rows are nil
			f.p(indent, "if items == nil {")
			f.p(indent, "\titems = make([]", f.typ(m.ret.goType()), ", 0, ", room, ")")
			f.p(indent, "}")
		}
		f.p(indent, "items = append(items, ", row, ")")
	}
}

// roomFor is how many rows there is made room for at the first, as an expression; "" leaves that to append.
func (g *generator) roomFor(m *method) string {
	q := m.query
	switch {
	case !g.own:
	case q.Most > 1:
		return strconv.Itoa(q.Most)
	case q.Most == 0 && q.Limit > 0 && q.Command == "many":
		i := q.Limit - 1
		if t := g.typeOf(m, i).Text; t == "int32" || t == "int64" {
			return "min(max(" + g.argumentOf(m, i) + ", 0), " + strconv.Itoa(surface.Few) + ")"
		}
	}
	return ""
}
