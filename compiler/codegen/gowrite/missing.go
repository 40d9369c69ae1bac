package gowrite

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/codegen/gotype"
)

// A row that an outer join leaves out comes as NULLs, which most fields of its struct can not take. It is scanned
// into a variable that can, and becomes a struct only where it is there.

// scanned is what a field of such a row is scanned into.
type scanned struct {
	typ gotype.Type
	// before and behind make the field's value of it, there tells that it is not NULL.
	before, behind, there string
}

// valued are types that take NULL, by the field with their value and the type of that.
var valued = map[string][2]string{
	"sql.NullString": {"String", "string"}, "sql.NullInt64": {"Int64", "int64"}, "sql.NullInt32": {"Int32", "int32"},
	"sql.NullInt16": {"Int16", "int16"}, "sql.NullFloat64": {"Float64", "float64"}, "sql.NullBool": {"Bool", "bool"},
	"sql.NullTime": {"Time", "time.Time"}, "uuid.NullUUID": {"UUID", "uuid.UUID"},
	"pgtype.Text": {"String", "string"}, "pgtype.Int8": {"Int64", "int64"}, "pgtype.Int4": {"Int32", "int32"},
	"pgtype.Int2": {"Int16", "int16"}, "pgtype.Bool": {"Bool", "bool"}, "pgtype.Float8": {"Float64", "float64"},
	"pgtype.Float4": {"Float32", "float32"}, "pgtype.Uint32": {"Uint32", "uint32"},
}

// scannedOf says how a field is scanned where all of its row may be NULL.
func (g *generator) scannedOf(fl *field) scanned {
	t := fl.typ.Text
	switch {
	case t == "[]byte" && g.engine == "sqlite": // a driver gives an empty blob as nil
		return scanned{typ: gotype.Type{Text: "*[]byte"}, before: "*", there: " != nil"}
	case t == gotype.Any, strings.HasPrefix(t, "*"), strings.HasPrefix(t, "[]"), strings.HasPrefix(t, "map["):
		return scanned{typ: fl.typ, there: " != nil"}
	case g.takesNull(t):
		return scanned{typ: fl.typ, there: ".Valid"}
	}
	if fl.column != nil && fl.column.NotNull {
		wide := *fl.column
		wide.NotNull = false
		typ := g.goType(&wide)
		if v, ok := valued[typ.Text]; ok && v[1] == t && g.takesNull(typ.Text) {
			return scanned{typ: typ, behind: "." + v[0], there: ".Valid"}
		}
	}
	return scanned{typ: gotype.Type{Text: "*" + t, Imports: fl.typ.Imports, JSON: fl.typ.JSON}, before: "*", there: " != nil"}
}

// takesNull tells whether a type has a field Valid that is false where NULL was scanned.
func (g *generator) takesNull(t string) bool {
	switch pkg, name, _ := strings.Cut(t, "."); pkg {
	case "sql":
		return strings.HasPrefix(name, "Null")
	case "pgtype":
		_, ok := valued[t]
		return g.target == gotype.PGX5 && (ok || valid[name] || strings.HasPrefix(name, "Range["))
	case "uuid":
		return name == "NullUUID"
	}
	return false
}

// valid are further types of pgx's pgtype that have a field Valid.
var valid = words(`Numeric Date Time Timestamp Timestamptz Interval UUID Bits Uint64 TID Point Lseg Path Box Polygon Line Circle`)

// maybe is the variable that such a row is scanned into.
func (fl *field) maybe() string { return "maybe" + fl.name }

// none is what that variable is cleared by.
func (fl *field) none() string { return "no" + fl.name }

// planLocals keeps a method's arguments apart from those variables.
func (g *generator) planLocals(m *method) {
	if !g.own || m.ret.fields == nil {
		return
	}
	for i := range m.ret.fields.fields {
		if fl := &m.ret.fields.fields[i]; fl.missing {
			if m.local == nil {
				m.local = map[string]bool{}
			}
			m.local[fl.maybe()], m.local[fl.none()] = true, true
		}
	}
	if m.local[m.arg.name] {
		m.arg.name += "_"
	}
}

// planMissing decides what the columns of rows that may be missing are scanned into.
func (g *generator) planMissing(s *structType) {
	for i := range s.fields {
		if fl := &s.fields[i]; fl.missing {
			fl.scanned = g.scanAll(fl.embed)
		}
	}
}

func (g *generator) scanAll(fields []field) []scanned {
	out := make([]scanned, len(fields))
	for i := range fields {
		out[i] = g.scannedOf(&fields[i])
	}
	return out
}

// declareScanned declares variables that a row which may be missing is scanned into.
func declareScanned(f *goFile, indent, names string, fields []field, into []scanned) {
	f.p(indent, "var ", names, " struct {")
	rows := make([]row, len(fields))
	for i := range fields {
		rows[i].cells = []string{fields[i].name, f.typ(into[i].typ)}
	}
	f.indented(indent, func() { f.block(rows) })
	f.p(indent, "}")
}

// split are the fields of a row that is there: those that can be set at once, as key and value, and those that are
// pointers to set where they are not nil.
func split(from string, fields []field, into []scanned) (pairs [][2]string, later []int) {
	for i := range fields {
		s, e := &into[i], &fields[i]
		if s.before == "*" && (e.column == nil || !e.column.NotNull) {
			later = append(later, i)
			continue
		}
		pairs = append(pairs, [2]string{e.name, s.before + from + "." + e.name + s.behind})
	}
	return pairs, later
}

// writeLater sets the fields that split left.
func writeLater(f *goFile, indent, to, from string, fields []field, later []int) {
	for _, i := range later {
		name := fields[i].name
		f.p(indent, "if ", from, ".", name, " != nil {")
		f.p(indent, "\t", to, ".", name, " = *", from, ".", name)
		f.p(indent, "}")
	}
}

// writeMaybes declares the variables of a result's rows that may be missing, with what clears them where a loop uses
// them again.
func (g *generator) writeMaybes(f *goFile, m *method, indent string, again bool) {
	if m.ret.fields == nil {
		return
	}
	for i := range m.ret.fields.fields {
		if fl := &m.ret.fields.fields[i]; fl.missing {
			names := fl.maybe()
			if again {
				names += ", " + fl.none()
			}
			declareScanned(f, indent, names, fl.embed, fl.scanned)
		}
	}
}

// writeFound makes models of the rows that are there.
func (g *generator) writeFound(f *goFile, m *method, indent string) {
	if m.ret.fields == nil {
		return
	}
	for i := range m.ret.fields.fields {
		fl := &m.ret.fields.fields[i]
		if !fl.missing {
			continue
		}
		in, to := fl.maybe(), m.ret.name+"."+fl.name
		f.p(indent, "if ", fl.proof(in), " {")
		pairs, later := split(in, fl.embed, fl.scanned)
		if len(pairs) == 0 {
			f.p(indent, "\t", to, " = &", fl.typ.Text[1:], "{}")
		} else {
			f.p(indent, "\t", to, " = &", fl.typ.Text[1:], "{")
			f.keyValues(indent+"\t\t", pairs)
			f.p(indent, "\t}")
		}
		writeLater(f, indent+"\t", to, in, fl.embed, later)
		f.p(indent, "}")
	}
}

// proof is the condition that an embedded row is there: a column of it that is never NULL is not, or, where its
// table has none, any.
func (fl *field) proof(in string) string {
	var any []string
	for i := range fl.embed {
		e, s := &fl.embed[i], &fl.scanned[i]
		there := in + "." + e.name + s.there
		if e.column.NotNull {
			return there
		}
		any = append(any, there)
	}
	if any == nil {
		return "true"
	}
	return strings.Join(any, " || ")
}
