package gowrite

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/codegen/gotype"
	"github.com/covetsql/covetsql/compiler/codegen/naming"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// nesting is how a method makes parents of rows, with what they hold.
type nesting struct {
	*surface.Nested
	levels []*level // those that hold others before these
	key    []keyPart
	// cols gives for each column of the query where it is scanned.
	cols []place
}

// level is a nest of a query.
type level struct {
	*surface.Nest
	in       *level // what holds it; nil for the parent itself
	children []*level
	name     string // of the field
	id       string // of its variables: the path of fields
	elem     string // the type of what the field holds
	row      *structType
	model    string // the model that row embeds, "" where it has its own fields
	fields   []field
	scanned  []scanned
	key      []keyPart
}

// keyPart is a value that tells rows apart by ==: an expression around a column's value.
type keyPart struct {
	cell          surface.Cell
	typ           gotype.Type
	before, after string
}

// place is a field that a column is scanned into: of the level's, of the parent's where that is nil.
type place struct {
	level *level
	field int
}

// many tells whether what holds a nest has a slice of it.
func (l *level) many() bool { return l.Form == "many" }

// several tells whether one of several has to be told from others by its key.
func (l *level) several() bool { return l.Repeats && len(l.key) > 0 }

// direct tells whether a row's columns are scanned into the struct itself: it is there in every row.
func (l *level) direct() bool { return l.Always }

// variable is what its columns are scanned into.
func (l *level) variable() string {
	if l.direct() {
		return "row" + l.id
	}
	return "maybe" + l.id
}

// inner is the path from a struct of the level to its columns.
func (l *level) inner() string {
	if l.model != "" {
		return "." + l.model
	}
	return ""
}

// nestVariables are the names that a method's body may have for the nests of a query.
func (g *generator) nestVariables(q *surface.Query) map[string]bool {
	if q.Nested == nil {
		return nil
	}
	out := words("i n at ok item found key keyRow rows err items zero into clear")
	for i := range q.Nested.Nests {
		id := strings.Join(g.nestPath(&q.Nested.Nests[i]), "")
		for _, v := range []string{"row", "maybe", "no", "new", "in", "at", "n", "k", "key"} {
			out[v+id] = true
		}
	}
	return out
}

// nestPath are the names of the fields that lead to a nest.
func (g *generator) nestPath(n *surface.Nest) []string {
	out := make([]string, len(n.Path))
	for i, p := range n.Path {
		if out[i] = p; !n.Named {
			out[i] = g.fieldName(p)
		}
	}
	return out
}

// planNested plans a method whose query nests.
func (g *generator) planNested(m *method) {
	q := m.query
	w := &nesting{Nested: q.Nested, cols: make([]place, len(q.Columns))}
	taken := make([]bool, len(q.Columns))
	for i := range q.Nested.Nests {
		n := &q.Nested.Nests[i]
		path := g.nestPath(n)
		l := &level{Nest: n, name: path[len(path)-1], id: strings.Join(path, "")}
		if n.Parent >= 0 {
			l.in = w.levels[n.Parent]
			l.id = l.in.id + l.name
			l.in.children = append(l.in.children, l)
		}
		w.levels = append(w.levels, l)
		for _, c := range n.Columns {
			taken[c] = true
		}
	}
	var root []*surface.Column
	for i := range q.Columns {
		if !taken[i] {
			w.cols[i] = place{field: len(root)}
			root = append(root, &q.Columns[i])
		}
	}
	name, shared := m.name+"Row", q.Returns != ""
	if shared {
		name = q.Returns
	}
	own := g.structOf(name, root)
	g.planMissing(own)
	for i := len(w.levels) - 1; i >= 0; i-- { // what is held has its type first
		g.planLevel(m, w, w.levels[i])
	}
	for _, l := range w.levels {
		if l.in == nil {
			own.fields = append(own.fields, g.nestField(l))
		}
		if shared && l.row != nil {
			g.notShared(m, nil, "%s has rows of a type of its own, so that query %s can not share %s", strings.Join(l.Path, "."), m.name, q.Returns).
				add("leave \"-- returns:\" out, or nest whole tables by sqlc.embed that hold nothing further")
			return
		}
	}
	m.ret = value{name: "i", pointer: g.opts.EmitResultStructPointers, fields: own, emit: !shared}
	m.nesting = w
	if shared {
		g.share(m, own)
	}
	for _, s := range append([]*structType{own}, m.rows()...) {
		g.checkFields(m, s)
	}
	w.key = g.pickKey(m, w.Keys, nil, w)
	for _, l := range w.levels {
		if l.Repeats && l.many() {
			l.key = g.pickKey(m, l.Keys, l, w)
		}
	}
}

// planLevel decides the type of a nest's rows.
func (g *generator) planLevel(m *method, w *nesting, l *level) {
	q := m.query
	if e := &q.Columns[l.Columns[0]]; e.Embed != nil {
		w.cols[l.Columns[0]] = place{level: l}
		t := g.structOf("", []*surface.Column{e})
		l.fields = t.fields[0].embed
		if l.elem = strings.TrimPrefix(t.fields[0].typ.Text, "*"); len(l.children) > 0 {
			l.model = l.elem
		}
	} else {
		columns := make([]*surface.Column, len(l.Columns))
		for i, c := range l.Columns {
			w.cols[c] = place{level: l, field: i}
			own := q.Columns[c]
			own.Name, own.NotNull = l.Names[i], l.Never[i]
			columns[i] = &own
		}
		l.fields = g.structOf("", columns).fields
	}
	if !l.direct() {
		l.scanned = g.scanAll(l.fields)
	}
	if l.elem != "" && l.model == "" {
		return
	}
	l.elem = m.name + l.id + "Row"
	l.row = &structType{name: l.elem, at: l.Span}
	if l.model != "" {
		l.row.fields = []field{{name: l.model}}
	} else {
		l.row.fields = append(l.row.fields, l.fields...)
	}
	for _, c := range l.children {
		l.row.fields = append(l.row.fields, g.nestField(c))
	}
}

// nestField is the field that holds a nest.
func (g *generator) nestField(l *level) field {
	tag := l.Path[len(l.Path)-1]
	if l.Named {
		tag = naming.Snake(tag)
	}
	c := &surface.Column{Name: tag, NotNull: true, Length: -1}
	return field{name: l.name, dbName: tag, column: c, typ: gotype.Type{Text: map[string]string{"many": "[]", "maybe": "*"}[l.Form] + l.elem}, tags: g.tags(c, tag)}
}

// rows are the structs that are written for a method's nests, as their fields name them.
func (m *method) rows() (out []*structType) {
	for _, l := range m.levels() {
		if l.row != nil {
			out = append(out, l.row)
		}
	}
	return out
}

// levels are the nests of a method's query.
func (m *method) levels() []*level {
	if m.nesting == nil {
		return nil
	}
	return m.nesting.levels
}

// checkFields reports two fields of one name.
func (g *generator) checkFields(m *method, s *structType) {
	seen := map[string]bool{}
	fields := s.fields
	if fields[0].typ.Text == "" { // the fields of an embedded model are the struct's too
		for _, l := range m.nesting.levels {
			if l.row == s {
				fields = append(append([]field{}, fields...), l.fields...)
			}
		}
	}
	for i := range fields {
		if seen[fields[i].name] {
			d := diag.New(diag.GoNameClash, g.place(m), "%s would have two fields called %s", s.name, fields[i].name).
				WithHelp("give the nest another name: -- nest: b as Books")
			d.Query = m.query.Name
			g.diags.Add(d)
		}
		seen[fields[i].name] = true
	}
}

// pickKey is the first of some keys whose values Go can compare as the database does; level is nil for the parent's.
func (g *generator) pickKey(m *method, keys [][]surface.Cell, l *level, w *nesting) []keyPart {
	var wrong *field
	for _, key := range keys {
		parts, ok := []keyPart{}, true
		for _, cell := range key {
			f := w.field(m, cell)
			p := g.comparable(f)
			for i := range p {
				p[i].cell = cell
			}
			if p == nil {
				wrong, ok = f, false
			}
			parts = append(parts, p...)
		}
		if ok {
			return parts
		}
	}
	at, what := g.place(m), "parents"
	if l != nil {
		at, what = l.Span, "rows of "+strings.Join(l.Path, ".")
	}
	d := diag.New(diag.NestKeyType, at, "the %s are told apart by %s, which is %s in Go: == does not compare it as the database does", what, wrong.dbName, wrong.typ.Text).
		WithHelp("select a key of integers, text, bytes or UUIDs")
	d.Query = m.query.Name
	g.diags.Add(d)
	return nil
}

func (g *generator) place(m *method) (at source.Span) {
	if at = m.query.Span; at.IsZero() {
		at = g.at
	}
	return at
}

// field is the field that a cell is scanned into.
func (w *nesting) field(m *method, c surface.Cell) *field {
	p := w.cols[c.Column]
	switch {
	case p.level == nil && c.In >= 0:
		return &m.ret.fields.fields[p.field].embed[c.In]
	case p.level == nil:
		return &m.ret.fields.fields[p.field]
	case c.In >= 0:
		return &p.level.fields[c.In]
	}
	return &p.level.fields[p.field]
}

// value is the expression of a cell's value in a variable that rows are scanned into; of the parent's cells it is in
// base.
func (w *nesting) value(m *method, c surface.Cell, base string) string {
	p := w.cols[c.Column]
	if p.level == nil {
		out := base + "." + m.ret.fields.fields[p.field].name
		if c.In >= 0 {
			out += "." + m.ret.fields.fields[p.field].embed[c.In].name
		}
		return out
	}
	l, i := p.level, p.field
	if c.In >= 0 {
		i = c.In
	}
	if l.direct() {
		return l.variable() + l.inner() + "." + l.fields[i].name
	}
	s := &l.scanned[i]
	return s.before + l.variable() + "." + l.fields[i].name + s.behind
}

// compares are the Go types whose == is the database's: of two rows of one key it is true, of others it is not.
var compares = words(`string bool byte int int8 int16 int32 int64 uint8 uint16 uint32 uint64 uuid.UUID netip.Prefix
	pgtype.UUID pgtype.Int2 pgtype.Int4 pgtype.Int8 pgtype.Text pgtype.Bool pgtype.Uint32 pgtype.Uint64
	sql.NullString sql.NullInt16 sql.NullInt32 sql.NullInt64 sql.NullBool uuid.NullUUID`)

// comparable are the parts by which a field's values are told apart; nil where == can not. Floats are none, because text
// on its way shortens them; nor are times where the engine has several writings of one (SQLite) or its zone has an hour
// twice (MySQL).
func (g *generator) comparable(fl *field) []keyPart {
	t := fl.typ.Text
	switch {
	case compares[t]:
		return []keyPart{{typ: fl.typ}}
	case t == "[]byte":
		return []keyPart{{typ: gotype.Type{Text: "string"}, before: "string(", after: ")"}}
	case g.isEnum(t), compares[g.underDomain(t)]:
		return []keyPart{{typ: fl.typ}}
	case g.engine != "postgresql":
		return nil
	case t == "time.Time":
		return []keyPart{{typ: fl.typ, after: ".UTC()"}}
	case g.target == gotype.PGX5 && (t == "pgtype.Date" || t == "pgtype.Timestamp" || t == "pgtype.Timestamptz"):
		when := gotype.Type{Text: "time.Time", Imports: gotype.ImportsOf("time.Time", g.target)}
		modifier := gotype.Type{Text: "pgtype.InfinityModifier", Imports: fl.typ.Imports}
		return []keyPart{{typ: when, after: ".Time.UTC()"}, {typ: modifier, after: ".InfinityModifier"}}
	}
	return nil
}

func (g *generator) isEnum(t string) bool {
	for _, e := range g.enums {
		if e.name == t {
			return true
		}
	}
	return false
}
