package compat

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/ir"
)

// query is one statement under emulation.
type query struct {
	*schema
	lookup string // the schema of a view's own names
	ctes   map[string]*relation
}

// computed is a column that no table has.
func computed(name, typ string, notNull bool) column {
	return column{Column: surface.Column{Name: name, Type: typ, NotNull: notNull, Length: -1}}
}

func unknown(name string) column { return computed(name, "any", false) }

// unsolved is a column of which sqlc would have said that it does not exist.
func unsolved(name string) column {
	c := unknown(name)
	c.unsolved = true
	return c
}

// statement lists the result columns of a statement.
func (q *query) statement(n ir.Node) []column {
	switch n := n.(type) {
	case *ir.Select:
		in := q.with(n.With)
		tables := in.sources(n.From)
		cols := in.items(n.Items, tables)
		for i := range cols {
			c := &cols[i]
			if !c.NotNull || c.Table == nil || c.settled {
				continue
			}
			for _, f := range n.From {
				if r := required(f, c, true); r != notFound {
					c.NotNull = r == needed
					break
				}
			}
		}
		return cols
	case *ir.SetOp:
		return q.with(n.With).statement(n.L)
	case *ir.Values:
		if len(n.Rows) == 0 {
			return nil
		}
		out := make([]column, len(n.Rows[0]))
		for i := range out {
			out[i] = unsolved("column" + strconv.Itoa(i+1))
		}
		return out
	case *ir.Insert:
		in := q.with(n.With)
		return in.returning(n.Returning, in.sources([]ir.TableExpr{n.Table}))
	case *ir.Update:
		in := q.with(n.With)
		return in.returning(n.Returning, append(in.sources(n.Tables), in.sources(n.From)...))
	case *ir.Delete:
		in := q.with(n.With)
		var list []ir.TableExpr
		for _, t := range n.Tables {
			list = append(list, t)
		}
		return in.returning(n.Returning, append(in.sources(list), in.sources(n.From)...))
	}
	return nil
}

// with is the query with the CTEs of a WITH clause in scope.
func (q *query) with(w *ir.With) *query {
	if w == nil {
		return q
	}
	in := &query{schema: q.schema, lookup: q.lookup, ctes: map[string]*relation{}}
	for k, v := range q.ctes {
		in.ctes[k] = v
	}
	for i := range w.CTEs {
		c := &w.CTEs[i]
		cols := in.statement(c.Query)
		ref := &surface.Relation{Name: c.Name.Name}
		r := &relation{Name: c.Name.Name, columns: q.schema.take(len(cols))}
		for j, col := range cols {
			if j < len(c.Columns) {
				col.Name = c.Columns[j].Name
			}
			if col.Embed == nil {
				col.Table = ref
			}
			col.settled = false
			r.columns = append(r.columns, col)
		}
		in.ctes[q.fold(c.Name.Name)] = r
	}
	return in
}

func (s *schema) fold(name string) string {
	if s.engine == catalog.PostgreSQL {
		return name
	}
	return strings.ToLower(name)
}

func (s *schema) same(a, b string) bool {
	return a == b || s.engine != catalog.PostgreSQL && strings.EqualFold(a, b)
}

// sources lists the relations of FROM, joins taken apart.
func (q *query) sources(from []ir.TableExpr) []*relation {
	var out []*relation
	for _, f := range from {
		switch f := f.(type) {
		case *ir.Join:
			out = append(out, q.sources([]ir.TableExpr{f.L, f.R})...)
		case *ir.TableRef:
			if f != nil {
				out = append(out, q.tableRef(f))
			}
		case *ir.Derived:
			r := &relation{columns: q.statement(f.Query)}
			named(r, f.Alias)
			out = append(out, r)
		case *ir.TableFunc:
			out = append(out, q.tableFunc(f))
		}
	}
	return out
}

// named gives a relation its alias.
func named(r *relation, a *ir.Alias) {
	if a == nil {
		return
	}
	r.Schema, r.Name = "", a.Name.Name
	if len(a.Columns) == 0 {
		return
	}
	r.columns = slices.Clone(r.columns) // they may be the table's own
	for i := range r.columns {
		if i < len(a.Columns) {
			r.columns[i].Name = a.Columns[i].Name
		}
	}
}

func (q *query) tableRef(f *ir.TableRef) *relation {
	r := &relation{Name: f.Name.Last(), Schema: f.Name.Schema()}
	var from *relation
	if r.Schema == "" {
		from = q.ctes[q.fold(r.Name)]
	}
	if from == nil {
		t := q.lookupTable(f.Name)
		if t != nil {
			from = q.named(t, f.Name)
			if q.foreign && f.Alias == nil {
				r.embed = q.declared(t)
			}
		}
	}
	if from != nil {
		r.columns = from.columns
	}
	named(r, f.Alias)
	return r
}

func (q *query) lookupTable(n ir.Name) *catalog.Table {
	if n.Schema() == "" && q.lookup != "" {
		if t := q.snapshot.Table(q.lookup, n.Last()); t != nil {
			return t
		}
	}
	if n.Schema() == "" {
		// sqlc looks into the default schema before the system's.
		if t := q.snapshot.Table(q.snapshot.DefaultSchema, n.Last()); t != nil {
			return t
		}
	}
	return q.snapshot.Table(n.Schema(), n.Last())
}

func (q *query) tableFunc(f *ir.TableFunc) *relation {
	r := &relation{}
	if len(f.Calls) == 0 {
		named(r, f.Alias)
		return r
	}
	call := f.Calls[0].Func
	fn := q.resolve(call)
	r.Name = strings.ToLower(call.Name.Last())
	switch {
	case len(f.Calls[0].Defs) > 0:
		for _, d := range f.Calls[0].Defs {
			r.columns = append(r.columns, unsolved(d.Name.Name))
		}
	case fn == nil && f.Alias != nil && len(f.Alias.Columns) > 0:
		for _, c := range f.Alias.Columns {
			r.columns = append(r.columns, unsolved(c.Name))
		}
	case fn == nil:
		r.columns = []column{unsolved(r.Name)}
		if f.Alias != nil {
			r.columns[0].Name = f.Alias.Name.Name
		}
	case fn.table != nil && fn.returns != "pg_catalog.record":
		r.columns = fn.table.columns
	case fn.table != nil:
		for _, c := range fn.table.columns {
			c.unsolved = true
			r.columns = append(r.columns, c)
		}
	case f.Alias != nil && len(f.Alias.Columns) > 0:
		for _, c := range f.Alias.Columns {
			r.columns = append(r.columns, unknown(c.Name))
		}
	default:
		name := r.Name
		if f.Alias != nil {
			name = f.Alias.Name.Name
		}
		r.columns = []column{computed(name, fn.returns, false)}
	}
	if f.Alias != nil {
		r.Name = f.Alias.Name.Name
	}
	return r
}

// presence tells whether an outer join may leave a table's row out.
type presence uint8

const (
	notFound presence = iota
	needed
	optional
)

func required(n ir.TableExpr, c *column, need bool) presence {
	state := optional
	if need {
		state = needed
	}
	switch n := n.(type) {
	case *ir.TableRef:
		if !strings.EqualFold(n.Name.Last(), c.Table.Name) {
			return notFound
		}
		if n.Alias != nil && c.alias != "" && !strings.EqualFold(n.Alias.Name.Name, c.alias) {
			return notFound
		}
		return state
	case *ir.Join:
		l, r := true, true
		switch n.Kind {
		case ir.LeftJoin:
			r = false
		case ir.RightJoin:
			l = false
		case ir.FullJoin:
			l, r = false, false
		}
		if p := required(n.L, c, l); p != notFound {
			return p
		}
		return required(n.R, c, r)
	}
	return notFound
}

// returning lists the columns of RETURNING. sqlc's parser of SQLite drops aliases there.
func (q *query) returning(items []ir.SelectItem, tables []*relation) []column {
	if q.engine == catalog.SQLite {
		bare := make([]ir.SelectItem, len(items))
		for i, it := range items {
			it.Alias = nil
			bare[i] = it
		}
		items = bare
	}
	return q.items(items, tables)
}

func (q *query) items(items []ir.SelectItem, tables []*relation) []column {
	if len(items) == 0 {
		return nil
	}
	n := len(items)
	if _, star := items[0].X.(*ir.Star); star && len(tables) > 0 {
		n += len(tables[0].columns)
	}
	out := q.schema.take(n)
	for i := range items {
		out = q.item(out, &items[i], tables)
	}
	return out
}

// item appends the columns of a select item.
func (q *query) item(out []column, it *ir.SelectItem, tables []*relation) []column {
	alias := ""
	if it.Alias != nil {
		alias = q.folded(*it.Alias)
	}
	if q.engine == catalog.SQLite && parenthesised(it) {
		return append(out, unknown(alias))
	}
	if x, ok := it.X.(*ir.Star); ok {
		return q.star(out, x, alias, tables)
	}
	return append(out, q.value(it.X, alias, tables))
}

// parenthesised tells whether the whole of an expression stands in parentheses of its own,
// which sqlc's parser of SQLite gives no type.
func parenthesised(it *ir.SelectItem) bool {
	switch it.X.(type) {
	case *ir.Subquery, *ir.Row, *ir.ColumnRef, *ir.Literal, *ir.Star:
		return false
	}
	text := it.Span().Text()
	if !strings.HasPrefix(text, "(") {
		return false
	}
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\'', '"':
			if j := strings.IndexByte(text[i+1:], text[i]); j >= 0 {
				i += j + 1
			}
		case '(':
			depth++
		case ')':
			depth--
			if depth > 0 {
				continue
			}
			rest := strings.TrimSpace(text[i+1:])
			return rest == "" || it.Alias != nil && len(strings.Fields(rest)) <= 2
		}
	}
	return false
}

func (q *query) star(out []column, x *ir.Star, alias string, tables []*relation) []column {
	scope := ""
	if n := len(x.Qualifier); n > 0 {
		scope = x.Qualifier[n-1].Name
	}
	if x.Embed {
		for _, t := range tables {
			if !q.same(t.Name, scope) || len(t.columns) == 0 || t.columns[0].Table == nil {
				continue
			}
			c := computed(t.columns[0].Table.Name, "", false)
			c.Embed = t.columns[0].Table
			if t.embed != nil {
				c.Embed = t.embed
			}
			return append(out, c)
		}
		c := unsolved(scope)
		c.Embed = &surface.Relation{Name: scope}
		return append(out, c)
	}
	for _, t := range tables {
		if scope != "" && !q.same(scope, t.Name) {
			continue
		}
		for _, c := range t.columns {
			c.Original, c.Call = c.Name, false
			if alias != "" {
				c.Name = alias
			}
			c.alias = t.Name
			c.settled = false
			out = append(out, c)
		}
	}
	return out
}

// find looks a column up by its bare name; sqlc wants exactly one.
func (q *query) find(x *ir.ColumnRef, tables []*relation) (c column, alias string, ok bool) {
	n := len(x.Parts)
	name := x.Parts[n-1].Name
	if n > 1 {
		alias = x.Parts[n-2].Name
	}
	found := 0
	for _, t := range tables {
		if alias != "" && !q.same(alias, t.Name) {
			continue
		}
		for i := range t.columns {
			if q.same(t.columns[i].Name, name) {
				found++
				if found == 1 {
					c = t.columns[i]
				}
			}
		}
	}
	return c, alias, found == 1 || found > 1 && alias != ""
}

func (q *query) columnRef(x *ir.ColumnRef, alias string, tables []*relation) column {
	c, from, ok := q.find(x, tables)
	if !ok {
		name := alias
		if name == "" {
			name = x.Parts[len(x.Parts)-1].Name
		}
		return unsolved(name)
	}
	c.Original, c.Call = c.Name, false
	if alias != "" {
		c.Name = alias
	}
	c.alias = from
	c.settled = false
	return c
}

// literals are sqlc's types of constants, by engine and form; "" is one that it does not know.
var literals = map[catalog.Engine]map[ir.LiteralKind]string{
	catalog.PostgreSQL: {ir.Integer: "int", ir.Decimal: "float", ir.Float: "float", ir.String: "text", ir.Bool: "bool"},
	catalog.MySQL:      {ir.Integer: "int", ir.Decimal: "float", ir.Float: "float", ir.String: "text", ir.Bool: "int", ir.Null: "text", ir.Blob: "text"},
	catalog.SQLite:     {ir.Integer: "int", ir.Decimal: "int", ir.Float: "int", ir.String: "text", ir.Bool: "int"},
}

func (q *query) literal(l *ir.Literal, name string) column {
	t := literals[q.engine][l.Kind]
	if q.engine == catalog.PostgreSQL && l.Kind == ir.Integer {
		if _, err := strconv.ParseInt(l.Text, 10, 32); err != nil {
			t = "float"
		}
	}
	if t == "" {
		return unknown(name)
	}
	return computed(name, t, true)
}

// operators are sqlc's types of operators; all others are "any".
var operators = map[catalog.Engine]map[string]string{
	catalog.PostgreSQL: ops("= <> < <= > >=", "+ - * / % ^ & | # << >> ~ |/ ||/ !! @ !"),
	catalog.MySQL:      ops("= <> < <= > >=", "+ - * % DIV MOD ^ << >>"),
	catalog.SQLite:     ops("= == <> < <= > >= & | << >>", "+ - * / %"),
}

func ops(comparisons, arithmetic string) map[string]string {
	m := map[string]string{}
	for op := range strings.FieldsSeq(comparisons) {
		m[op] = "bool"
	}
	for op := range strings.FieldsSeq(arithmetic) {
		m[op] = "int"
	}
	return m
}

func (q *query) operator(op, name string) column {
	if t := operators[q.engine][op]; t != "" {
		return computed(name, t, true)
	}
	return unknown(name)
}

// value is the column of an expression that is neither a column nor a star.
func (q *query) value(x ir.Expr, alias string, tables []*relation) column {
	switch x := x.(type) {
	case *ir.ColumnRef:
		return q.columnRef(x, alias, tables)
	case *ir.Literal:
		return q.literal(x, alias)
	case *ir.Unary:
		return q.unary(x, alias)
	case *ir.Binary:
		return q.binary(x, alias)
	case *ir.Logical:
		if q.engine == catalog.MySQL && x.Op == "XOR" {
			return unknown(alias)
		}
		return computed(alias, "bool", false)
	case *ir.Not:
		return q.not(x, alias)
	case *ir.IsTest:
		if q.engine == catalog.SQLite && isTest.MatchString(x.Span().Text()) || q.engine == catalog.MySQL && x.What == "NULL" {
			return computed(alias, "bool", true)
		}
	case *ir.Like:
		switch {
		case q.engine == catalog.SQLite:
			return computed(alias, "bool", true)
		case q.engine == catalog.PostgreSQL && x.Op == "SIMILAR TO" && !x.Not:
			return computed(alias, "int", true)
		}
	case *ir.In:
		if q.engine == catalog.PostgreSQL {
			if x.Query != nil {
				return q.sublink(alias)
			}
			return computed(alias, "bool", true)
		}
	case *ir.Quantified:
		if x.Query != nil {
			return q.sublink(alias)
		}
		return q.operator(x.Op, alias)
	case *ir.Exists:
		return computed(or(alias, "exists"), "bool", true)
	case *ir.Subquery:
		if x.Array {
			return q.sublink(alias)
		}
		cols := q.statement(x.Query)
		if len(cols) == 0 {
			return unsolved(alias)
		}
		c := cols[0]
		if alias != "" {
			if c.Original == "" && c.Table != nil {
				c.Original = c.Name
			}
			c.Name = alias
		}
		return c
	case *ir.Case:
		return q.caseOf(x, alias)
	case *ir.Cast:
		return q.cast(x, alias)
	case *ir.FuncCall:
		return q.call(x, alias, tables)
	}
	return unknown(alias)
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// isTest tells IS NULL from SQLite's ISNULL and NOTNULL.
var isTest = regexp.MustCompile(`(?i)\bis\s`)

// sublink is a subquery in a form that sqlc does not tell from others.
func (q *query) sublink(alias string) column { return unknown(or(alias, "exists")) }

func (q *query) unary(x *ir.Unary, alias string) column {
	if q.engine == catalog.MySQL {
		return unknown(alias)
	}
	if l, ok := x.X.(*ir.Literal); ok && x.Op == "-" {
		return q.literal(l, alias)
	}
	if q.engine == catalog.SQLite {
		return computed(alias, "int", true)
	}
	return q.operator(x.Op, alias)
}

func (q *query) binary(x *ir.Binary, alias string) column {
	switch q.engine {
	case catalog.MySQL:
		_, right := x.R.(*ir.Interval)
		_, left := x.L.(*ir.Interval)
		switch {
		case (right || left) && x.Op == "+":
			return computed(or(alias, "date_add"), "date", true)
		case right && x.Op == "-":
			return computed(or(alias, "date_sub"), "date", true)
		case x.Op == "->":
			return computed(or(alias, "json_extract"), "any", true)
		case x.Op == "->>":
			return computed(or(alias, "json_unquote"), "json", true)
		}
	case catalog.PostgreSQL, catalog.SQLite:
		if x.Op == "IS DISTINCT FROM" || x.Op == "IS NOT DISTINCT FROM" {
			return computed(alias, "bool", true)
		}
	}
	return q.operator(x.Op, alias)
}

func (q *query) not(x *ir.Not, alias string) column {
	_, exists := x.X.(*ir.Exists)
	switch {
	case exists && q.engine == catalog.MySQL:
		return computed(or(alias, "exists"), "bool", true)
	case exists:
		return computed(or(alias, "not_exists"), "bool", true)
	case q.engine == catalog.PostgreSQL:
		return computed(alias, "bool", false)
	}
	return unknown(alias)
}

func (q *query) caseOf(x *ir.Case, alias string) column {
	switch e := x.Else.(type) {
	case *ir.Cast:
		c := q.cast(e, alias)
		c.NotNull = true
		return c
	case *ir.Literal:
		return q.literal(e, alias)
	case *ir.Unary:
		if l, ok := e.X.(*ir.Literal); ok && e.Op == "-" && q.engine == catalog.PostgreSQL {
			return q.literal(l, alias)
		}
	}
	return unknown(alias)
}

func (q *query) cast(x *ir.Cast, alias string) column {
	name := alias
	if ref, ok := x.X.(*ir.ColumnRef); ok && name == "" {
		var parts []string
		for _, p := range ref.Parts {
			parts = append(parts, p.Name)
		}
		name = strings.Join(parts, "_")
	}
	c := computed(name, q.castType(x.Type), true)
	c.Typed = true
	if q.engine == catalog.MySQL && x.Type.Name.Last() == "varbinary" {
		c.Type = "char" // the operator BINARY x
	}
	if q.engine == catalog.PostgreSQL {
		c.Dims = int(x.Type.Dims)
	}
	if l, ok := x.X.(*ir.Literal); ok && l.Kind == ir.Null && q.engine != catalog.MySQL {
		c.NotNull = false
	}
	return c
}

// shapeless are the forms of PostgreSQL that sqlc gives neither name nor type.
var shapeless = map[string]bool{
	"greatest": true, "least": true, "grouping": true, "xmlelement": true, "xmlforest": true, "xmlconcat": true,
	"xmlparse": true, "xmlpi": true, "xmlroot": true, "xmlserialize": true, "json_object": false,
	"current_date": true, "current_time": true, "current_timestamp": true, "localtime": true, "localtimestamp": true,
	"current_user": true, "session_user": true, "user": true, "current_role": true, "current_catalog": true, "current_schema": true,
}

func (q *query) call(x *ir.FuncCall, alias string, tables []*relation) column {
	name := strings.ToLower(x.Name.Last())
	bare := len(x.Name.Parts) == 1
	if name == "coalesce" && bare {
		return q.coalesce(x, alias, tables)
	}
	switch q.engine {
	case catalog.PostgreSQL:
		if bare && name == "nullif" {
			return computed(alias, "bool", true)
		}
		if bare && shapeless[name] && (x.NoParens || name == "greatest" || name == "least" || name == "grouping" || strings.HasPrefix(name, "xml")) {
			return unknown(alias)
		}
	case catalog.MySQL:
		if x.Over != nil {
			return unknown(alias)
		}
		if name == "values" {
			return unknown(alias)
		}
		if name == "mod" && len(x.Args) == 2 {
			return computed(alias, "int", true)
		}
	case catalog.SQLite:
		if x.NoParens {
			return unknown(alias)
		}
	}
	c := unknown(or(alias, name))
	if f := q.resolve(x); f != nil {
		c = computed(or(alias, f.column), f.returns, !f.nullable)
	}
	c.Call = true
	return c
}

// coalesce is the first column among the arguments; a constant makes it NOT NULL.
func (q *query) coalesce(x *ir.FuncCall, alias string, tables []*relation) column {
	var first *column
	notNull := false
	for _, a := range x.Args {
		switch a := a.X.(type) {
		case *ir.Literal:
			notNull = true
		case *ir.ColumnRef:
			c := q.columnRef(a, alias, tables)
			if first == nil {
				first = &c
			}
			notNull = notNull || c.NotNull
		case *ir.Unary:
			if _, ok := a.X.(*ir.Literal); ok && q.engine == catalog.PostgreSQL {
				notNull = true
			}
		}
	}
	if first == nil {
		return unknown(or(alias, "coalesce"))
	}
	first.NotNull = notNull
	first.settled = true
	return *first
}
