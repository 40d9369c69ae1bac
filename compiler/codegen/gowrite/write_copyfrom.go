package gowrite

import (
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/dialect/mysql"
)

func (g *generator) writeCopyFrom(methods []*method) *goFile {
	f := newGoFile()
	for _, m := range methods {
		if g.target.IsPGX() {
			g.writePGCopy(f, m)
		} else {
			g.writeMySQLLoad(f, m)
		}
	}
	return f
}

// copyColumns are the columns that a copy fills, by their names in the table.
func (m *method) copyColumns() []string {
	var out []string
	for i := range m.query.Params {
		c := &m.query.Params[i].Column
		name := c.Original
		if name == "" {
			name = c.Name
		}
		out = append(out, name)
	}
	return out
}

func quoted(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = strconv.Quote(n)
	}
	return "[]string{" + strings.Join(out, ", ") + "}"
}

// rowType is the type of one row to copy.
func (g *generator) rowType(f *goFile, m *method) string { return f.typ(m.arg.goType()) }

func (g *generator) writePGCopy(f *goFile, m *method) {
	iter := "iteratorFor" + m.name
	if g.own {
		g.writeSource(f, m, iter)
	} else {
		g.writeIterator(f, m, iter)
	}
	f.p()
	f.doc(g.docOf(m))
	f.p("func (q *Queries) ", m.name, g.methodType(f, m), " {")
	db := "q.db"
	if g.opts.EmitMethodsWithDBArgument {
		db = "db"
	}
	var table []string
	if r := m.query.InsertInto; r != nil {
		if r.Schema != "" {
			table = append(table, r.Schema)
		}
		table = append(table, r.Name)
	}
	g.writeDirectCopy(f, m, table)
	g.returnNumber(f, m, db+".CopyFrom(ctx, "+quoted(table)+", "+quoted(m.copyColumns())+", &"+iter+"{rows: "+m.arg.name+"})")
	f.p("}")
}

// writeSource writes where a copy takes its rows from. The list of a row's values is used again for the next one: pgx
// is through with it by then.
func (g *generator) writeSource(f *goFile, m *method, iter string) {
	values := []string{"row"}
	if m.arg.fields != nil {
		values = nil
		for _, fl := range m.arg.fields.fields {
			values = append(values, "row."+fl.name)
		}
	}
	f.p()
	f.p("// ", iter, " implements pgx.CopyFromSource. What Values gives holds until Next is called.")
	f.p("type ", iter, " struct {")
	f.block([]row{
		{cells: []string{"rows", "[]" + g.rowType(f, m)}},
		{cells: []string{"values", "[" + strconv.Itoa(len(values)) + "]interface{}"}},
	})
	f.p("}")
	f.p()
	f.p("func (r *", iter, ") Next() bool {")
	f.p("\tif len(r.rows) == 0 {")
	f.p("\t\treturn false")
	f.p("\t}")
	row := "&r.rows[0]"
	if m.arg.fields == nil || m.arg.pointer {
		row = "r.rows[0]"
	}
	f.p("\trow := ", row)
	for i, v := range values {
		f.p("\tr.values[", strconv.Itoa(i), "] = ", v)
	}
	f.p("\tr.rows = r.rows[1:]")
	f.p("\treturn true")
	f.p("}")
	f.p()
	f.p("func (r *", iter, ") Values() ([]interface{}, error) {")
	f.p("\treturn r.values[:], nil")
	f.p("}")
	f.p()
	f.p("func (r *", iter, ") Err() error {")
	f.p("\treturn nil")
	f.p("}")
}

// writeIterator writes it as sqlc does.
func (g *generator) writeIterator(f *goFile, m *method, iter string) {
	f.p()
	f.p("// ", iter, " implements pgx.CopyFromSource.")
	f.p("type ", iter, " struct {")
	f.block([]row{
		{cells: []string{"rows", "[]" + g.rowType(f, m)}},
		{cells: []string{"skippedFirstNextCall", "bool"}},
	})
	f.p("}")
	f.p()
	f.p("func (r *", iter, ") Next() bool {")
	f.p("\tif len(r.rows) == 0 {")
	f.p("\t\treturn false")
	f.p("\t}")
	f.p("\tif !r.skippedFirstNextCall {")
	f.p("\t\tr.skippedFirstNextCall = true")
	f.p("\t\treturn true")
	f.p("\t}")
	f.p("\tr.rows = r.rows[1:]")
	f.p("\treturn len(r.rows) > 0")
	f.p("}")
	f.p()
	f.p("func (r ", iter, ") Values() ([]interface{}, error) {")
	f.p("\treturn []interface{}{")
	if m.arg.fields == nil {
		f.p("\t\tr.rows[0],")
	} else {
		for _, fl := range m.arg.fields.fields {
			f.p("\t\tr.rows[0].", fl.name, ",")
		}
	}
	f.p("\t}, nil")
	f.p("}")
	f.p()
	f.p("func (r ", iter, ") Err() error {")
	f.p("\treturn nil")
	f.p("}")
}

// tsvAppend is the encoder's method for a value of a Go type.
func tsvAppend(typ string) string {
	switch typ {
	case "string":
		return "AppendString"
	case "[]byte":
		return "AppendBytes"
	}
	return "AppendValue"
}

// loadName quotes a name for LOAD DATA, whose text is a format of fmt.
func loadName(name string) string {
	return "`" + strings.NewReplacer("`", "``", "%", "%%").Replace(name) + "`"
}

// mysqlQuote quotes a name where it needs it.
var mysqlQuote = mysql.New().Quote

func (g *generator) writeMySQLLoad(f *goFile, m *method) {
	const driver, tsv = "github.com/go-sql-driver/mysql", "github.com/hexon/mysqltsv"
	n, arg := m.name, m.arg.name
	f.p()
	f.p("var readerHandlerSequenceFor", n, " uint32 = 1")
	f.p()
	f.p("func convertRowsFor", n, "(w *", f.id("io", "PipeWriter"), ", ", arg, " []", g.rowType(f, m), ") {")
	f.p("\te := ", f.id(tsv, "NewEncoder"), "(w, ", strconv.Itoa(len(m.query.Params)), ", nil)")
	f.p("\tfor _, row := range ", arg, " {")
	if m.arg.fields == nil {
		f.p("\t\te.", tsvAppend(m.arg.typ.Text), "(row)")
	} else {
		for _, fl := range m.arg.fields.fields {
			f.p("\t\te.", tsvAppend(fl.typ.Text), "(row.", fl.name, ")")
		}
	}
	f.p("\t}")
	f.p("\tw.CloseWithError(e.Close())")
	f.p("}")
	f.p()
	doc := slices.Clone(g.docOf(m))
	if len(doc) > 0 {
		doc = append(doc, "//")
	}
	f.doc(append(doc,
		"// "+n+" uses MySQL's LOAD DATA LOCAL INFILE and is not atomic.",
		"//",
		"// Errors and duplicate keys are treated as warnings and insertion will",
		"// continue, even without an error for some cases.  Use this in a transaction",
		"// and use SHOW WARNINGS to check for any problems and roll back if you want to.",
		"//",
		"// Check the documentation for more information:",
		"// https://dev.mysql.com/doc/refman/8.0/en/load-data.html#load-data-error-handling"))
	f.p("func (q *Queries) ", n, g.methodType(f, m), " {")
	f.p("\tpr, pw := ", f.id("io", "Pipe"), "()")
	f.p("\tdefer pr.Close()")
	f.p("\trh := ", f.id(pathFmt, "Sprintf"), `("`, n, `_%d", `, f.id("sync/atomic", "AddUint32"), "(&readerHandlerSequenceFor", n, ", 1))")
	f.p("\t", f.id(driver, "RegisterReaderHandler"), "(rh, func() ", f.id("io", "Reader"), " { return pr })")
	f.p("\tdefer ", f.id(driver, "DeregisterReaderHandler"), "(rh)")
	f.p("\tgo convertRowsFor", n, "(pw, ", arg, ")")
	f.p("\t// The string interpolation is necessary because LOAD DATA INFILE requires")
	f.p("\t// the file name to be given as a literal string.")
	db := "q.db"
	if g.opts.EmitMethodsWithDBArgument {
		db = "db"
	}
	var table, columns []string
	if r := m.query.InsertInto; r != nil {
		if r.Schema != "" {
			table = append(table, loadName(r.Schema))
		}
		table = append(table, loadName(r.Name))
	}
	for _, c := range m.copyColumns() {
		columns = append(columns, strings.ReplaceAll(mysqlQuote(c), "%", "%%"))
	}
	text := "LOAD DATA LOCAL INFILE '%s' INTO TABLE " + strings.Join(table, ".") + " %s (" + strings.Join(columns, ", ") + ")"
	f.p("\tresult, err := ", db, ".ExecContext(ctx, ", f.id(pathFmt, "Sprintf"), "(", strconv.Quote(text), `, "Reader::"+rh, `, f.id(tsv, "Escaping"), "))")
	f.p("\tif err != nil {")
	if g.wrapsAll() {
		f.p("\t\treturn 0, ", g.wrapped(f, m))
	} else {
		f.p("\t\treturn 0, err")
	}
	f.p("\t}")
	g.returnNumber(f, m, "result.RowsAffected()")
	f.p("}")
}
