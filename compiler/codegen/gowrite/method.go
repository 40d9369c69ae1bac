package gowrite

import (
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/covetsql/covetsql/compiler/codegen/gotype"
	"github.com/covetsql/covetsql/compiler/codegen/naming"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
)

// method is a query on its way to becoming a method of Queries.
type method struct {
	query    *surface.Query
	name     string // of the method
	constant string
	stmt     string // the field that holds the prepared statement
	file     string
	arg, ret value
	slices   bool  // has a sqlc.slice or variants, so that the text is found at run time
	bulk     *bulk // of :bulkinsert; nil where it can not be one, which notBulk tells
	notBulk  string
	local    map[string]bool // variables that the result needs beside its own
	nesting  *nesting        // of a query that puts rows together
	// fresh and stale are how long rows are kept; see plan.Cache.
	fresh, stale time.Duration
}

// value is the arguments or the result of a method.
type value struct {
	name   string // of the variable
	typ    gotype.Type
	column *surface.Column
	// fields is set for several columns: emit tells whether the struct is written beside the
	// method, flat that the fields become arguments of their own.
	fields  *structType
	emit    bool
	flat    bool
	pointer bool
}

func (v *value) empty() bool { return v.fields == nil && v.typ.Text == "" }

// goType is the type of the value as it is passed.
func (v *value) goType() gotype.Type {
	if v.fields == nil {
		return v.typ
	}
	if v.pointer {
		return gotype.Type{Text: "*" + v.fields.name}
	}
	return gotype.Type{Text: v.fields.name}
}

// returnsRows tells whether a command gives columns back.
func returnsRows(command string) bool {
	switch command {
	case "one", "maybe", "many", "iter", "batchone", "batchmany":
		return true
	}
	return false
}

func isBatch(command string) bool { return strings.HasPrefix(command, "batch") }

// takesMany tells whether a method takes the arguments of many runs.
func takesMany(command string) bool {
	return isBatch(command) || command == "copyfrom" || command == "bulkinsert"
}

// planMethods plans all queries, ordered by name.
func (g *generator) planMethods() {
	limit := 1
	if g.opts.QueryParameterLimit != nil {
		limit = *g.opts.QueryParameterLimit
	}
	for _, q := range g.pkg.Queries {
		m := &method{query: q, name: q.Name, file: q.File}
		m.stmt = naming.Lower(q.Name) + "Stmt"
		m.slices = q.Variants != nil
		for i := range q.Params {
			m.slices = m.slices || q.Params[i].Slice
		}
		if q.Command == "bulkinsert" {
			m.bulk, m.notBulk = planBulk(q, g.engine)
		}
		g.planArguments(m, limit)
		if returnsRows(q.Command) && len(q.Columns) > 0 {
			g.planResult(m)
			g.planLocals(m)
		}
		g.nameConstant(m)
		g.methods = append(g.methods, m)
	}
	sort.SliceStable(g.methods, func(i, j int) bool { return g.methods[i].name < g.methods[j].name })
}

func (g *generator) planArguments(m *method, limit int) {
	q := m.query
	switch n := len(q.Params); {
	case n == 0:
	case n == 1 && limit != 0:
		p := &q.Params[0]
		name := "dollar_" + strconv.Itoa(p.Number)
		if p.Name != "" {
			name = naming.Argument(p.Name)
		}
		m.arg = value{name: g.argument(m, name), typ: g.goType(&p.Column), column: &p.Column}
	default:
		columns := make([]*surface.Column, n)
		for i := range q.Params {
			columns[i] = &q.Params[i].Column
		}
		m.arg = value{name: "arg", emit: true, pointer: g.opts.EmitParamsStructPointers,
			fields: g.structOf(m.name+"Params", columns)}
		if n <= limit && !takesMany(q.Command) {
			m.arg.emit, m.arg.flat = false, true
		}
	}
}

// argument keeps an argument's name apart from the names that the method's body uses.
func (g *generator) argument(m *method, name string) string {
	name = naming.Variable(wordOnly(name))
	taken := bodyNames[m.query.Command]
	if g.reservedByRuntime(name) || name == "ctx" || name == "db" && g.opts.EmitMethodsWithDBArgument || taken[name] || m.local[name] || g.nestVariables(m.query)[name] ||
		g.own && (builtins[name] || loops(m.query.Command) && (name == "i" || name == "into")) ||
		m.slices && (name == "query" || name == "queryParams" || m.query.Variants != nil && name == "variant") ||
		m.query.Page != nil && (name == "page" || name == "n") {
		name += "_"
	}
	return name
}

// builtins are predeclared functions that our own bodies call, beyond those that sqlc's do.
var builtins = words("append len make max min new")

// wordOnly replaces what can not stand in a Go name.
func wordOnly(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x80 && !(r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			return '_'
		}
		return r
	}, s)
	if s == "" || s[0] >= '0' && s[0] <= '9' {
		return "_" + s
	}
	return s
}

// bodyNames are the variables of a method's body that an argument would clash with.
var bodyNames = map[string]map[string]bool{
	"one":        words("row err i"),
	"maybe":      words("row err i"),
	"iter":       words("yield rows err zero i iter"),
	"many":       words("rows err items"),
	"exec":       words("err"),
	"execrows":   words("result err n"),
	"execresult": words("result err"),
	"execlastid": words("result err n"),
	"batchexec":  words("batch br"),
	"batchone":   words("batch br"),
	"batchmany":  words("batch br"),
	"bulkinsert": words("total args stmt n text a result err changed row head tail more1 more7 more63 more511"),
	"copyfrom":   words("pr pw rh result err e n"),
}

func words(s string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		out[w] = true
	}
	return out
}

func (g *generator) planResult(m *method) {
	q := m.query
	if q.Nested != nil {
		g.planNested(m)
		return
	}
	if q.Returns != "" {
		g.planShared(m)
		return
	}
	if len(q.Columns) == 1 && q.Columns[0].Embed == nil {
		c := &q.Columns[0]
		if g.own && loops(q.Command) {
			m.ret = value{name: "i", typ: g.goType(c), column: c}
			return
		}
		name := c.Name
		if name == "" {
			name = "column_1"
		}
		name = naming.Variable(wordOnly(strings.ReplaceAll(name, "$", "_")))
		switch {
		case (q.Command == "one" || q.Command == "maybe" || q.Command == "iter" || q.Command == "batchone") && m.arg.fields == nil && name == m.arg.name:
			name += "_2"
		case (q.Command == "one" || q.Command == "maybe") && (name == "row" || name == "err" || name == "ctx"),
			q.Command == "iter" && words("rows err yield zero ctx")[name],
			q.Command == "many" && (name == "rows" || name == "items" || name == "ctx"),
			isBatch(q.Command) && words("t f b row rows err items")[name]:
			name += "_2"
		}
		if g.reservedByRuntime(name) {
			name += "_2"
		}
		m.ret = value{name: name, typ: g.goType(c), column: c}
		return
	}
	m.ret = value{name: "i", pointer: g.opts.EmitResultStructPointers}
	if t := q.Columns[0].Table; t != nil {
		if s := g.modelByTable[g.relation(t)]; s != nil && len(s.fields) == len(q.Columns) {
			if g.sameAs(s, q.Columns) {
				m.ret.fields = s
				return
			}
			if p := g.permuted(s, q.Columns); p != nil {
				m.ret.fields = p
				return
			}
		}
	}
	columns := make([]*surface.Column, len(q.Columns))
	for i := range q.Columns {
		columns[i] = &q.Columns[i]
	}
	m.ret.emit = true
	m.ret.fields = g.structOf(m.name+"Row", columns)
	g.planMissing(m.ret.fields)
}

// predeclared are names that a constant of the package must not hide: predeclared identifiers that
// generated code uses, and the packages it imports.
var predeclared = words(`append len make nil true false string error int8 int16 int32 int64 uint8 uint16 uint32 uint64
	float32 float64 bool byte int init _
	context sql fmt strings errors time json pq uuid pgx pgconn pgtype pqtype net netip driver io atomic mysql mysqltsv pgvector iter`)

// nameConstant names the constant of the SQL text so that nothing in its method hides it.
func (g *generator) nameConstant(m *method) {
	if g.opts.EmitExportedQueries {
		m.constant = naming.Upper(m.name)
		return
	}
	m.constant = naming.Lower(m.name)
	for g.hides(m, m.constant) {
		m.constant += "_"
	}
}

// hides tells whether a constant called c would hide, or be hidden by, what m's body names.
func (g *generator) hides(m *method, c string) bool {
	if g.reservedByRuntime(c) || naming.IsKeyword(c) || predeclared[c] || g.own && (builtins[c] || g.imports(c)) || g.strict && c == "clear" || c == "ctx" || c == "q" ||
		c == "db" && g.opts.EmitMethodsWithDBArgument || g.prepares && (c == "db" || c == "err") ||
		c == m.arg.name && !m.arg.flat {
		return true
	}
	if m.arg.flat {
		for _, f := range m.arg.fields.fields {
			if c == g.flatName(m, f.name) {
				return true
			}
		}
	}
	return isBatch(m.query.Command) && (c == "batch" || c == "a" || c == "vals")
}

// imports tells whether an override's type comes from a package of that name.
func (g *generator) imports(name string) bool {
	return slices.ContainsFunc(g.overrides, func(o gotype.Override) bool {
		return strings.HasPrefix(strings.TrimLeft(o.Type.Text, "*[]"), name+".")
	})
}

// flatName is the argument's name of a field where the fields are arguments of their own.
func (g *generator) flatName(m *method, fieldName string) string {
	return g.argument(m, naming.Lower(fieldName))
}

// signature is the argument list behind ctx (and db), with its leading comma.
func (g *generator) signature(f *goFile, m *method) string {
	v := &m.arg
	list := takesMany(m.query.Command)
	switch {
	case v.empty():
		return ""
	case v.flat:
		var b strings.Builder
		for _, fl := range v.fields.unique() {
			b.WriteString(", " + g.flatName(m, fl.name) + " " + f.typ(fl.typ))
		}
		return b.String()
	case list:
		return ", " + v.name + " []" + f.typ(v.goType())
	}
	return ", " + v.name + " " + f.typ(v.goType())
}

// needsPQ tells whether lib/pq has to wrap a value: an array under database/sql.
func (g *generator) needsPQ(t gotype.Type, c *surface.Column) bool {
	return !g.target.IsPGX() && strings.HasPrefix(t.Text, "[]") && t.Text != "[]byte" && (c == nil || !c.Slice)
}

func (g *generator) wrap(f *goFile, expr string, t gotype.Type, c *surface.Column) string {
	if c != nil && c.JSON != nil {
		return g.scanJSON(f, expr, t)
	}
	if t.JSON {
		return g.asJSON(f, expr, t, c)
	}
	if g.needsPQ(t, c) {
		return f.id("github.com/lib/pq", "Array") + "(" + expr + ")"
	}
	return expr
}

// arguments are the expressions passed to the driver, in order.
func (g *generator) arguments(f *goFile, m *method) []string {
	v := &m.arg
	switch {
	case v.empty():
		return nil
	}
	one := func(i int) string {
		if v.fields == nil {
			return g.pass(f, v.name, v.typ, v.column)
		}
		fl := &v.fields.fields[i]
		return g.pass(f, g.argumentOf(m, i), fl.typ, fl.column)
	}
	out := make([]string, 0, len(m.query.Params))
	if len(m.query.Placeholders) > 0 { // one ? after the other, and one argument for each
		for _, i := range m.query.Placeholders {
			out = append(out, one(i))
		}
		return out
	}
	for i := range m.query.Params {
		out = append(out, one(i))
	}
	return out
}

// argumentOf is the expression of parameter i.
func (g *generator) argumentOf(m *method, i int) string {
	v := &m.arg
	switch {
	case v.fields == nil:
		return v.name
	case v.flat:
		return g.flatName(m, v.fields.fields[i].name)
	}
	return v.name + "." + v.fields.fields[i].name
}

// typeOf is the type of parameter i.
func (g *generator) typeOf(m *method, i int) gotype.Type {
	if m.arg.fields == nil {
		return m.arg.typ
	}
	return m.arg.fields.fields[i].typ
}

// targets are the expressions that a row is scanned into.
func (g *generator) targets(f *goFile, m *method) []string {
	v := &m.ret
	if v.fields == nil {
		return []string{g.wrap(f, "&"+v.name, v.typ, v.column)}
	}
	var out []string
	for i := range v.fields.fields {
		fl := &v.fields.fields[i]
		for j := range fl.embed {
			e := &fl.embed[j]
			into, typ := v.name+"."+fl.name, e.typ
			if fl.missing {
				into, typ = fl.maybe(), fl.scanned[j].typ
			}
			out = append(out, g.wrap(f, "&"+into+"."+e.name, typ, e.column))
		}
		if fl.embed == nil {
			out = append(out, g.wrap(f, "&"+v.name+"."+fl.name, fl.typ, fl.column))
		}
	}
	return out
}

// list writes expressions behind an opening parenthesis: up to three on the line, more on
// lines of their own.
func list(lead string, exprs []string, indent string) string {
	if len(exprs) == 0 {
		return ""
	}
	if len(exprs) <= 3 {
		return lead + strings.Join(exprs, ", ")
	}
	var b strings.Builder
	b.WriteString(strings.TrimRight(lead, " "))
	for _, e := range exprs {
		b.WriteString("\n" + indent + "\t" + e + ",")
	}
	b.WriteString("\n" + indent)
	return b.String()
}
