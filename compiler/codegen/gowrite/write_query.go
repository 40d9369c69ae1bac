package gowrite

import (
	"strconv"
	"strings"
)

// docOf is a method's doc comment before gofmt's hand.
func (g *generator) docOf(m *method) []string {
	var out []string
	for _, c := range m.query.Comments {
		out = append(out, strings.TrimRight("//"+c, " \t\r"))
	}
	if g.opts.EmitSQLAsComment {
		if len(out) == 0 {
			out = append(out, "//"+m.name)
		}
		out = append(out, "//")
		for l := range strings.SplitSeq(m.query.SQL, "\n") {
			out = append(out, strings.TrimRight("//  "+l, " \t\r"))
		}
	}
	return out
}

func (g *generator) writeQuerier() *goFile {
	f := newGoFile()
	f.p()
	f.p("type Querier interface {")
	for _, m := range g.methods {
		// sqlc leaves LOAD DATA out, and whoever implements the interface has no such method.
		if !g.callable(m) || m.query.Command == "copyfrom" && !g.target.IsPGX() && !g.strict {
			continue
		}
		for _, l := range g.docOf(m) {
			f.p("\t", l)
		}
		f.p("\t", m.name, g.methodType(f, m))
	}
	f.p("}")
	f.p()
	f.p("var _ Querier = (*Queries)(nil)")
	return f
}

// callable tells whether Go is written for the command under the target.
func (g *generator) callable(m *method) bool {
	switch c := m.query.Command; {
	case isBatch(c):
		return g.target.IsPGX()
	case c == "copyfrom":
		return g.target.IsPGX() || g.engine == "mysql"
	case c == "bulkinsert":
		return m.bulk != nil
	case c == "execlastid":
		return !g.target.IsPGX()
	case c == "one", c == "maybe", c == "many", c == "iter":
		return len(m.query.Columns) > 0
	}
	return true
}

// methodType is the method's arguments and results.
func (g *generator) methodType(f *goFile, m *method) string {
	args := "(ctx " + f.id(pathContext, "Context")
	if g.opts.EmitMethodsWithDBArgument {
		args += ", db DBTX"
	}
	return args + g.signature(f, m) + ") " + g.results(f, m)
}

func (g *generator) results(f *goFile, m *method) string {
	switch m.query.Command {
	case "one":
		return "(" + f.typ(m.ret.goType()) + ", error)"
	case "maybe":
		return "(*" + g.variableType(f, m) + ", error)"
	case "iter":
		return f.id("iter", "Seq2") + "[" + f.typ(m.ret.goType()) + ", error]"
	case "many":
		if m.query.Page != nil {
			return "(" + pageType(m.name) + ", error)"
		}
		return "([]" + f.typ(m.ret.goType()) + ", error)"
	case "exec":
		return "error"
	case "execrows", "execlastid", "copyfrom", "bulkinsert":
		return "(int64, error)"
	case "execresult":
		if g.target.IsPGX() {
			_, pgconn := g.pgx()
			return "(" + f.id(pgconn, "CommandTag") + ", error)"
		}
		return "(" + f.id(pathSQL, "Result") + ", error)"
	}
	return "*" + m.name + "BatchResults" // batch…
}

// writeConstant writes the query's text.
func (g *generator) writeConstant(f *goFile, m *method) {
	q := m.query
	if q.Variants != nil {
		g.writeTexts(f, m)
		return
	}
	f.p()
	f.p("const ", m.constant, " = ", quoteSQL("-- name: "+q.Name+" :"+q.Command+"\n"+q.SQL+"\n"))
}

// writeTypes writes the structs that belong to the method alone.
func (g *generator) writeTypes(f *goFile, m *method) {
	g.writeOrders(f, m)
	if m.arg.emit {
		f.p()
		g.writeStruct(f, m.arg.fields.name, m.arg.fields.unique())
	}
	if m.ret.emit {
		f.p()
		g.writeStruct(f, m.ret.fields.name, m.ret.fields.fields)
	}
	for _, s := range m.rows() {
		f.p()
		g.writeStruct(f, s.name, s.fields)
	}
	if m.query.Page != nil {
		g.writePageTypes(f, m)
	}
}

// call is the start of a call of the driver, up to the query's text: db.Exec(ctx, query.
// Its two names are those of pgx and of database/sql.
func (g *generator) call(m *method, pgx, std, own string) string {
	text := m.constant
	if m.slices {
		text = "query"
	}
	db := "q.db."
	if g.opts.EmitMethodsWithDBArgument {
		db = "db."
	}
	switch {
	case g.target.IsPGX():
		return db + pgx + "(ctx, " + text
	case g.prepares && m.slices:
		return "q." + own + "(ctx, nil, " + text
	case g.prepares:
		return "q." + own + "(ctx, q." + m.stmt + ", " + text
	}
	return db + std + "(ctx, " + text
}

// callArgs are the arguments behind the query's text, and the closing parenthesis.
func (g *generator) callArgs(f *goFile, m *method, indent string) string {
	if m.slices {
		return ", queryParams...)"
	}
	return list(", ", g.arguments(f, m), indent) + ")"
}

func (g *generator) exec(f *goFile, m *method) string {
	return g.call(m, "Exec", "ExecContext", "exec") + g.callArgs(f, m, "\t")
}

// wrapped is the error to return: with the query's name in front under wrap_errors.
func (g *generator) wrapped(f *goFile, m *method) string {
	if g.opts.WrapErrors {
		return f.id(pathFmt, "Errorf") + `("query ` + m.name + `: %w", err)`
	}
	return "err"
}

// writeSlices writes the expansion of sqlc.slice parameters: every argument is appended where its
// placeholder stands.
func (g *generator) writeSlices(f *goFile, m *method) {
	f.p("\tquery := ", m.constant)
	f.p("\tvar queryParams []interface{}")
	for _, i := range m.query.Placeholders {
		g.writeArgument(f, m, i, "\t")
	}
}

// writeArgument appends parameter i to queryParams; a list takes the place of its mark in the text.
func (g *generator) writeArgument(f *goFile, m *method, i int, indent string) {
	p := &m.query.Params[i]
	x, c, t := g.argumentOf(m, i), &p.Column, g.typeOf(m, i)
	if c.Optional {
		x, c, t.Text = "*"+x, set(c), strings.TrimPrefix(t.Text, "*")
	}
	if c.Cursor != nil || c.PageSize {
		f.p(indent, "queryParams = append(queryParams, ", g.pageArgument(m, c, x), ")")
		return
	}
	if !p.Slice {
		f.p(indent, "queryParams = append(queryParams, ", g.pass(f, x, t, c), ")")
		return
	}
	list, empty := `strings.Repeat(",?", len(`+x+`))[1:]`, "NULL"
	mark := "/*SLICE:" + p.Name + "*/?"
	if e := p.Empty; e != nil {
		empty = e.Text
		switch mark = e.Before + mark + e.After; {
		case e.Before != "":
			list = `strings.Repeat(",?", len(` + x + `))`
		case e.After != "":
			list = `strings.Repeat("?,", len(` + x + `))`
		}
	}
	replace := f.id("strings", "Replace")
	f.p(indent, "if len(", x, ") > 0 {")
	f.p(indent, "\tfor _, v := range ", x, " {")
	f.p(indent, "\t\tqueryParams = append(queryParams, v)")
	f.p(indent, "\t}")
	f.p(indent, "\tquery = ", replace, "(query, ", strconv.Quote(mark), ", ", list, ", 1)")
	f.p(indent, "} else {")
	f.p(indent, "\tquery = ", replace, "(query, ", strconv.Quote(mark), ", ", strconv.Quote(empty), ", 1)")
	f.p(indent, "}")
}

func (g *generator) writeMethod(f *goFile, m *method) {
	f.p()
	f.doc(g.docOf(m))
	f.p("func (q *Queries) ", m.name, g.methodType(f, m), " {")
	if m.query.Page != nil {
		g.writePage(f, m)
	}
	if m.fresh > 0 {
		g.writeCached(f, m)
	}
	switch {
	case m.query.Variants != nil:
		g.writeVariant(f, m)
	case m.slices:
		g.writeSlices(f, m)
	}
	if m.nesting != nil {
		g.writeNested(f, m)
		f.p("}")
		return
	}
	if m.query.Command != "iter" {
		g.writeDirect(f, m, "\t")
	}
	switch m.query.Command {
	case "one":
		g.writeOne(f, m)
	case "maybe":
		g.writeMaybe(f, m)
	case "many":
		g.writeMany(f, m)
	case "iter":
		g.writeIter(f, m)
	case "exec":
		f.p("\t_, err := ", g.exec(f, m))
		switch {
		case g.opts.WrapErrors && g.target.IsPGX():
			f.p("\tif err != nil {")
			f.p("\t\treturn ", g.wrapped(f, m))
			f.p("\t}")
			f.p("\treturn nil")
		case g.opts.WrapErrors:
			f.p("\tif err != nil {")
			f.p("\t\terr = ", g.wrapped(f, m))
			f.p("\t}")
			f.p("\treturn err")
		default:
			f.p("\treturn err")
		}
	case "execresult":
		if !g.opts.WrapErrors {
			f.p("\treturn ", g.exec(f, m))
			break
		}
		f.p("\tresult, err := ", g.exec(f, m))
		f.p("\tif err != nil {")
		f.p("\t\terr = ", g.wrapped(f, m))
		f.p("\t}")
		f.p("\treturn result, err")
	case "execrows", "execlastid":
		f.p("\tresult, err := ", g.exec(f, m))
		f.p("\tif err != nil {")
		f.p("\t\treturn 0, ", g.wrapped(f, m))
		f.p("\t}")
		if g.target.IsPGX() {
			f.p("\treturn result.RowsAffected(), nil")
			break
		}
		number := "result.RowsAffected()"
		if m.query.Command == "execlastid" {
			number = "result.LastInsertId()"
		}
		g.returnNumber(f, m, number)
	}
	f.p("}")
}

// wrapsAll tells that errors are wrapped where sqlc's option leaves them bare too: in batches, in
// copies, and those of counting rows.
func (g *generator) wrapsAll() bool { return g.opts.WrapErrors && g.own }

// returnNumber returns a call's number and error.
func (g *generator) returnNumber(f *goFile, m *method, call string) {
	g.returnNumberAt(f, m, "\t", call)
}

func (g *generator) returnNumberAt(f *goFile, m *method, indent, call string) {
	if !g.wrapsAll() {
		f.p(indent, "return ", call)
		return
	}
	f.p(indent, "n, err := ", call)
	f.p(indent, "if err != nil {")
	f.p(indent, "\terr = ", g.wrapped(f, m))
	f.p(indent, "}")
	f.p(indent, "return n, err")
}

// wrapHere writes the wrapping of err, where batches do so.
func (g *generator) wrapHere(f *goFile, m *method, indent string) {
	if g.wrapsAll() {
		f.p(indent, "if err != nil {")
		f.p(indent, "\terr = ", g.wrapped(f, m))
		f.p(indent, "}")
	}
}

// returned is the result's variable as it is given back.
func (m *method) returned() string {
	if m.ret.fields != nil && m.ret.pointer {
		return "&" + m.ret.name
	}
	return m.ret.name
}

// variableType is the type of the variable that a row is scanned into.
func (g *generator) variableType(f *goFile, m *method) string {
	if m.ret.fields != nil {
		return m.ret.fields.name
	}
	return f.typ(m.ret.typ)
}

func (g *generator) writeOne(f *goFile, m *method) {
	f.p("\trow := ", g.call(m, "QueryRow", "QueryRowContext", "queryRow"), g.callArgs(f, m, "\t"))
	f.p("\tvar ", m.ret.name, " ", g.variableType(f, m))
	g.writeMaybes(f, m, "\t", false)
	f.p("\terr := row.Scan(", list("", g.targets(f, m), "\t"), ")")
	g.writeFound(f, m, "\t")
	if g.opts.WrapErrors {
		f.p("\tif err != nil {")
		f.p("\t\terr = ", g.wrapped(f, m))
		f.p("\t}")
	}
	f.p("\treturn ", m.returned(), ", err")
}

func (g *generator) writeMany(f *goFile, m *method) {
	err := g.wrapped(f, m)
	f.p("\trows, err := ", g.call(m, "Query", "QueryContext", "query"), g.callArgs(f, m, "\t"))
	f.p("\tif err != nil {")
	f.p("\t\treturn nil, ", err)
	f.p("\t}")
	fail := []string{"return nil, " + err}
	if g.own && !g.target.IsPGX() {
		// Nothing but a panic of a Scanner would need a defer, and with database/sql Close then waits forever for
		// the lock that Scan holds.
		fail = []string{"rows.Close()", "return nil, " + err}
	} else {
		f.p("\tdefer rows.Close()")
	}
	f.p("\t", g.items(f, m))
	g.writeRows(f, m, "\t", fail, g.gather(f, m))
	if !g.target.IsPGX() {
		f.p("\tif err := rows.Close(); err != nil {")
		f.p("\t\treturn nil, ", err)
		f.p("\t}")
	}
	f.p("\tif err := rows.Err(); err != nil {")
	f.p("\t\treturn nil, ", err)
	f.p("\t}")
	f.p("\treturn items, nil")
}

// writeQueries writes the methods of one query file.
func (g *generator) writeQueries(methods []*method) *goFile {
	f := newGoFile()
	for _, m := range methods {
		switch {
		case m.query.Command == "copyfrom":
			if !g.target.IsPGX() {
				g.writeConstant(f, m)
			}
			g.writeTypes(f, m)
		case isBatch(m.query.Command):
		case m.query.Command == "bulkinsert":
			g.writeTypes(f, m)
			g.writeBulk(f, m)
		default:
			g.writeConstant(f, m)
			g.writeTypes(f, m)
			if g.callable(m) {
				g.writeMethod(f, m)
			}
		}
	}
	return f
}
