package gowrite

import (
	"slices"
	"strings"
)

// typedCalls are the Go types that a call of the runtime takes and gives by methods of their own, ArgInt64 and Int64; every other one goes
// by Arg and Scan.
var typedCalls = map[bool]map[string]string{
	true: {
		"bool": "Bool", "int16": "Int16", "int32": "Int32", "int64": "Int64", "float32": "Float32", "float64": "Float64", "string": "String",
		"[]byte": "Bytes", "time.Time": "Time",
		"pgtype.Text": "PgText", "pgtype.Bool": "PgBool", "pgtype.Int2": "PgInt2", "pgtype.Int4": "PgInt4", "pgtype.Int8": "PgInt8",
		"pgtype.Float4": "PgFloat4", "pgtype.Float8": "PgFloat8", "pgtype.Timestamptz": "PgTimestamptz", "pgtype.Timestamp": "PgTimestamp",
		"pgtype.Date": "PgDate", "pgtype.UUID": "PgUUID",
	},
	false: {
		"bool": "Bool", "int16": "Int16", "int32": "Int32", "int64": "Int64", "float32": "Float32", "float64": "Float64", "string": "String",
		"[]byte": "Bytes", "time.Time": "Time",
		"sql.NullString": "NullString", "sql.NullInt16": "NullInt16", "sql.NullInt32": "NullInt32", "sql.NullInt64": "NullInt64",
		"sql.NullFloat64": "NullFloat64", "sql.NullBool": "NullBool", "sql.NullTime": "NullTime",
	},
}

// passed is an argument as a call is given it: typ is the Go type, "" where the expression is of another.
type passed struct{ expr, typ string }

// direct tells whether a method has the direct way. What nests rows, and batches, go through the driver's interface, which the runtime's
// handles have too.
func (g *generator) direct(m *method) bool {
	if !g.opts.Runtime || m.nesting != nil {
		return false
	}
	switch m.query.Command {
	case "one", "maybe", "many", "iter", "exec", "execrows", "execresult", "execlastid":
		return true
	}
	return false
}

// writeDirect writes the direct way of a method, in front of the other.
func (g *generator) writeDirect(f *goFile, m *method, indent string) {
	if !g.direct(m) {
		return
	}
	f.p(indent, "if q.direct != nil {")
	in := indent + "\t"
	text := m.constant
	if m.slices {
		text = "query"
	}
	f.p(in, "call := q.direct.Call(ctx, ", g.planName(m), ", ", text, ")")
	g.writeCallArguments(f, m, in)
	switch m.query.Command {
	case "one", "maybe":
		g.writeDirectOne(f, m, in)
	case "many":
		g.writeDirectMany(f, m, in)
	case "iter":
		g.writeDirectIter(f, m, in)
	default:
		g.writeDirectExec(f, m, in)
	}
	f.p(indent, "}")
}

func (g *generator) writeCallArguments(f *goFile, m *method, indent string) {
	if m.slices {
		f.p(indent, "for _, x := range queryParams {")
		f.p(indent, "\tcall.Arg(x)")
		f.p(indent, "}")
		return
	}
	for _, a := range g.passedTo(f, m) {
		f.p(indent, "call.Arg", typedCalls[g.target.IsPGX()][a.typ], "(", a.expr, ")")
	}
}

// passedTo are the arguments of a method with their types, in the order of the placeholders.
func (g *generator) passedTo(f *goFile, m *method) []passed {
	exprs := g.arguments(f, m)
	order := m.query.Placeholders
	out := make([]passed, len(exprs))
	for n, expr := range exprs {
		i := n
		if len(order) > 0 {
			i = order[n]
		}
		out[n] = passed{expr: expr}
		if expr == g.argumentOf(m, i) { // nothing is wrapped around it
			out[n].typ = g.typeOf(m, i).Text
		}
	}
	return out
}

// reads are the statements that take the columns of a row from a call. typed tells that each sets its target whole.
func (g *generator) reads(f *goFile, m *method) (out []string, typed bool) {
	v := &m.ret
	typed = true
	read := func(to, typ, target string) {
		if name, ok := typedCalls[g.target.IsPGX()][typ]; ok && target == "&"+to {
			out = append(out, to+" = call."+name+"()")
			return
		}
		out, typed = append(out, "call.Scan("+target+")"), false
	}
	if v.fields == nil {
		read(v.name, v.typ.Text, g.wrap(f, "&"+v.name, v.typ, v.column))
		return out, typed
	}
	for i := range v.fields.fields {
		fl := &v.fields.fields[i]
		for j := range fl.embed {
			e := &fl.embed[j]
			into, typ := v.name+"."+fl.name, e.typ
			if fl.missing {
				into, typ = fl.maybe(), fl.scanned[j].typ
				typed = false
			}
			into += "." + e.name
			read(into, typ.Text, g.wrap(f, "&"+into, typ, e.column))
		}
		if fl.embed == nil {
			into := v.name + "." + fl.name
			read(into, fl.typ.Text, g.wrap(f, "&"+into, fl.typ, fl.column))
		}
	}
	return out, typed
}

func (g *generator) writeDirectOne(f *goFile, m *method, indent string) {
	f.p(indent, "var ", m.ret.name, " ", g.variableType(f, m))
	g.writeMaybes(f, m, indent, false)
	f.p(indent, "if call.One() {")
	lines, _ := g.reads(f, m)
	for _, l := range lines {
		f.p(indent, "\t", l)
	}
	f.p(indent, "}")
	f.p(indent, "err := call.End()")
	if m.query.Command == "maybe" {
		g.writeMaybeEnd(f, m, indent)
		return
	}
	g.writeFound(f, m, indent)
	if g.opts.WrapErrors {
		f.p(indent, "if err != nil {")
		f.p(indent, "\terr = ", g.wrapped(f, m))
		f.p(indent, "}")
	}
	f.p(indent, "return ", m.returned(), ", err")
}

// writeDirectRows writes the loop over a call's rows.
func (g *generator) writeDirectRows(f *goFile, m *method, indent string, take func(f *goFile, indent, row string)) {
	in := indent + "\t"
	f.p(indent, "var ", m.ret.name, " ", g.variableType(f, m))
	g.writeMaybes(f, m, indent, true)
	f.p(indent, "for call.Next() {")
	lines, typed := g.reads(f, m)
	if !typed {
		g.writeCleared(f, m, in)
	}
	for _, l := range lines {
		f.p(in, l)
	}
	f.p(in, "if call.Failed() {")
	f.p(in, "\tbreak")
	f.p(in, "}")
	g.writeFound(f, m, in)
	row := m.returned()
	if row != m.ret.name { // a pointer: each row has a place of its own
		f.p(in, "row := ", m.ret.name)
		row = "&row"
	}
	take(f, in, row)
	f.p(indent, "}")
}

func (g *generator) writeDirectMany(f *goFile, m *method, indent string) {
	f.p(indent, g.items(f, m))
	g.writeDirectRows(f, m, indent, g.gather(f, m))
	f.p(indent, "if err := call.End(); err != nil {")
	f.p(indent, "\treturn nil, ", g.wrapped(f, m))
	f.p(indent, "}")
	f.p(indent, "return items, nil")
}

func (g *generator) writeDirectIter(f *goFile, m *method, indent string) {
	// A call is its connection's, and another's after End: it is ended once.
	f.p(indent, "open := true")
	f.p(indent, "defer func() {")
	f.p(indent, "\tif open {")
	f.p(indent, "\t\t_ = call.End()")
	f.p(indent, "\t}")
	f.p(indent, "}()")
	g.writeDirectRows(f, m, indent, func(f *goFile, indent, row string) {
		f.p(indent, "if !yield(", row, ", nil) {")
		f.p(indent, "\treturn")
		f.p(indent, "}")
	})
	f.p(indent, "open = false")
	f.p(indent, "if err := call.End(); err != nil {")
	f.p(indent, "\tyield(zero, ", g.wrapped(f, m), ")")
	f.p(indent, "}")
	f.p(indent, "return")
}

// directResults are, by command, what a call tells of its result, and the zero of it.
var directResults = map[string][2]string{
	"exec": {}, "execrows": {"call.RowsAffected()", "0"}, "execlastid": {"call.LastInsertID()", "0"}, "execresult": {"call.Result()", "nil"},
}

func (g *generator) writeDirectExec(f *goFile, m *method, indent string) {
	f.p(indent, "call.Exec()")
	r := directResults[m.query.Command]
	if g.target.IsPGX() && m.query.Command == "execresult" {
		r = [2]string{"call.Tag()", ""}
	}
	if r[0] != "" {
		f.p(indent, "result := ", r[0])
	}
	f.p(indent, "err := call.End()")
	if g.opts.WrapErrors {
		f.p(indent, "if err != nil {")
		f.p(indent, "\terr = ", g.wrapped(f, m))
		f.p(indent, "}")
	}
	if r[0] == "" {
		f.p(indent, "return err")
		return
	}
	f.p(indent, "return result, err")
}

// writeDirectCopy writes the direct way of a copy into a table.
func (g *generator) writeDirectCopy(f *goFile, m *method, table []string) {
	if !g.opts.Runtime {
		return
	}
	f.p("\tif q.direct != nil {")
	f.p("\t\tcall := q.direct.Copy(ctx, ", g.planName(m), ", ", quoted(table), ", ", quoted(m.copyColumns()), ")")
	f.p("\t\tfor at := range ", m.arg.name, " {")
	row := m.arg.name + "[at]"
	if m.arg.fields == nil {
		f.p("\t\t\tcall.Arg", typedCalls[true][m.arg.typ.Text], "(", g.wrap(f, row, m.arg.typ, m.arg.column), ")")
	} else {
		for k := range m.arg.fields.fields {
			fl := &m.arg.fields.fields[k]
			f.p("\t\t\tcall.Arg", typedCalls[true][fl.typ.Text], "(", row, ".", fl.name, ")")
		}
	}
	f.p("\t\t\tcall.EndRow()")
	f.p("\t\t}")
	g.returnNumberAt(f, m, "\t\t", "call.End()")
	f.p("\t}")
}

// writeDirectBulk writes the direct way of an insert of many rows: the statements are those of the other one.
func (g *generator) writeDirectBulk(f *goFile, m *method, texts map[int]string) {
	if !g.opts.Runtime {
		return
	}
	rows := m.arg.name
	f.p("\tif q.direct != nil {")
	g.writeBulkStatement(f, m, texts, "\t\t")
	f.p("\t\t\tcall := q.direct.Call(ctx, ", g.planName(m), ", text)")
	f.p("\t\t\tfor _, a := range ", rows, "[:n] {")
	for _, i := range m.bulk.params {
		x, t, c := m.bulkValue(i)
		expr, typed := g.wrap(f, x, t, c), ""
		if expr == x {
			typed = typedCalls[false][t.Text]
		}
		f.p("\t\t\t\tcall.Arg", typed, "(", expr, ")")
	}
	f.p("\t\t\t}")
	f.p("\t\t\tcall.Exec()")
	f.p("\t\t\tchanged := call.RowsAffected()")
	f.p("\t\t\tif err := call.End(); err != nil {")
	f.p("\t\t\t\treturn total, ", g.wrapped(f, m))
	f.p("\t\t\t}")
	f.p("\t\t\ttotal += changed")
	f.p("\t\t\t", rows, " = ", rows, "[n:]")
	f.p("\t\t}")
	f.p("\t\treturn total, nil")
	f.p("\t}")
}

// reservedByRuntime are names of the direct way that an argument, a result or a constant would hide.
func (g *generator) reservedByRuntime(name string) bool {
	return g.opts.Runtime && (slices.Contains([]string{"call", "open", "at", "plan", "tx", "result", "x", "postgres", "mysql", "sqlite"}, name) || strings.HasPrefix(name, "plan"))
}
