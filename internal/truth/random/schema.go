package random

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// schema is random tables and views.
type schema struct {
	prelude []string
	tables  []*table
	views   []*relation
	// creates are the views' statements, in order.
	creates []string
}

// table is a random table, in the pieces that a reduction may drop.
type table struct {
	name        string
	columns     []tableColumn
	primary     []string
	keys        [][]string
	foreign     []foreignKey
	constraints []string
	indexes     []index
	tail        string
}

// index is an index beside the table's keys: its statement, the columns that a unique one
// holds apart, and the condition of a partial one.
type index struct {
	statement string
	unique    []string
	where     string
}

type tableColumn struct {
	name    string
	sort    *Sort
	notNull bool
	clause  string // identity, default, generated
}

// generated tells whether the column is computed from others: it may be NULL by itself.
func (c *tableColumn) generated() bool { return c.name == "gen_a" && c.clause != "" }

type foreignKey struct {
	columns, refs []string
	to            *table
	tail          string
}

func (t *table) column(name string) *tableColumn {
	for i := range t.columns {
		if t.columns[i].name == name {
			return &t.columns[i]
		}
	}
	return nil
}

// scoped are the table's columns as FROM shows them under an alias.
func (t *table) scoped(alias string) []column {
	out := make([]column, len(t.columns))
	for i, c := range t.columns {
		out[i] = column{ref: alias + "." + c.name, name: c.name, sort: c.sort, table: t}
	}
	return out
}

// nulls are assignments of NULL to all columns that may be.
func (t *table) nulls() string {
	var out []string
	for _, c := range t.columns {
		if !c.notNull && !c.generated() {
			out = append(out, c.name+" = NULL")
		}
	}
	return strings.Join(out, ", ")
}

// create is the table's CREATE TABLE.
func (t *table) create() string {
	var parts []string
	for _, c := range t.columns {
		text := c.name + " " + c.sort.Spelling + c.clause
		if c.notNull {
			text += " NOT NULL"
		}
		parts = append(parts, text)
	}
	if t.primary != nil {
		parts = append(parts, "PRIMARY KEY ("+strings.Join(t.primary, ", ")+")")
	}
	for i, k := range t.keys {
		if i > 0 || t.primary == nil {
			parts = append(parts, "UNIQUE ("+strings.Join(k, ", ")+")")
		}
	}
	for _, fk := range t.foreign {
		parts = append(parts, fmt.Sprintf("FOREIGN KEY (%s) REFERENCES %s (%s)%s", strings.Join(fk.columns, ", "), fk.to.name, strings.Join(fk.refs, ", "), fk.tail))
	}
	return "CREATE TABLE " + t.name + " (\n  " + strings.Join(append(parts, t.constraints...), ",\n  ") + "\n)" + t.tail
}

// statements are the schema's DDL in order.
func (s *schema) statements() []string {
	out := append([]string(nil), s.prelude...)
	for _, t := range s.tables {
		out = append(out, t.create())
		for _, x := range t.indexes {
			out = append(out, x.statement)
		}
	}
	return append(out, s.creates...)
}

// withViews is a statement and, behind it, those of the views that it reads.
func (s *schema) withViews(statement string) string {
	for i := len(s.creates) - 1; i >= 0; i-- { // a view reads those before it
		if name := viewName.FindStringSubmatch(s.creates[i]); name != nil && regexp.MustCompile(`\b`+name[1]+`\b`).MatchString(statement) {
			statement += "\n" + s.creates[i]
		}
	}
	return statement
}

var viewName = regexp.MustCompile(`^CREATE VIEW (\w+)`)

// makeSchema makes tables; views are added once the tables stand.
func (g *generator) makeSchema() {
	g.schema = &schema{prelude: g.lang.Prelude}
	for range 3 + g.of(4) {
		g.schema.tables = append(g.schema.tables, g.table())
	}
}

func (g *generator) table() *table {
	t := &table{name: fmt.Sprintf("t%d", len(g.schema.tables)+1)}
	used := map[*Sort]int{}
	add := func(s *Sort, notNull bool) *tableColumn {
		used[s]++
		t.columns = append(t.columns, tableColumn{name: s.Name + "_" + string(rune('a'+used[s]-1)), sort: s, notNull: notNull})
		return &t.columns[len(t.columns)-1]
	}
	option := tableOption{}
	keyed := len(g.lang.Keyed) > 0 && g.in(5)
	if keyed {
		option = pick(g.choice, g.lang.Keyed)
	} else if len(g.lang.Tables) > 0 && g.in(3) {
		option = pick(g.choice, g.lang.Tables)
	}
	if option.text != "" {
		t.tail = " " + option.text
	}
	var keys, all []*Sort
	for _, s := range g.lang.Sorts {
		if s.Key && option.takes(s) {
			keys = append(keys, s)
		}
		if s.Column && option.takes(s) {
			all = append(all, s)
		}
	}
	// The key's columns.
	for range 1 + g.of(2) {
		add(keys[g.of(min(3, len(keys)))], !g.has("nullablekeys") || !g.in(3))
	}
	ways := 4
	if keyed {
		ways = 3
	}
	switch g.of(ways) {
	case 0, 1:
		t.primary = []string{t.columns[0].name}
		if clauses := g.lang.Identity[t.columns[0].sort.Name]; clauses != "" && g.in(3) {
			t.columns[0].clause = clauses
		}
	case 2:
		for _, c := range t.columns {
			t.primary = append(t.primary, c.name)
		}
	case 3:
		t.keys = append(t.keys, []string{t.columns[0].name})
		t.columns[0].notNull = g.in(2)
	}
	if t.primary != nil {
		t.keys = append(t.keys, t.primary)
	}
	// References, to one column or to all of a key.
	for range g.of(3) {
		if len(g.schema.tables) == 0 {
			break
		}
		to := pick(g.choice, g.schema.tables)
		if len(to.keys) == 0 || slices.ContainsFunc(to.keys[0], func(ref string) bool { return !option.takes(to.column(ref).sort) }) {
			continue
		}
		fk := foreignKey{to: to}
		notNull := g.in(2)
		for _, ref := range to.keys[0] {
			c := add(to.column(ref).sort, notNull)
			fk.columns, fk.refs = append(fk.columns, c.name), append(fk.refs, ref)
		}
		if len(g.lang.References) > 0 && g.in(3) {
			fk.tail = " " + pick(g.choice, g.lang.References)
		}
		t.foreign = append(t.foreign, fk)
	}
	for range 2 + g.of(4) {
		c := add(pick(g.choice, all), g.in(3))
		if len(g.lang.Defaults) > 0 && g.in(6) {
			c.clause = strings.ReplaceAll(pick(g.choice, g.lang.Defaults), "#", pick(g.choice, c.sort.Literals))
		}
	}
	if g.in(3) { // another key, NULL or not
		c := t.columns[g.of(len(t.columns))]
		if c.sort.Key {
			t.keys = append(t.keys, []string{c.name})
		}
	}
	plain := &scope{}
	for _, c := range t.columns {
		plain.cols = append(plain.cols, column{ref: c.name, name: c.name, sort: c.sort})
	}
	g.noParams, g.budget = true, 8
	for range g.of(3) {
		var check string
		switch c := pick(g.choice, plain.cols); g.of(4) {
		case 0:
			check = c.ref + " IS NOT NULL"
		case 1:
			check = c.ref + " IS NOT NULL OR " + pick(g.choice, plain.cols).ref + " IS NOT NULL"
		case 2:
			check = c.ref + " IS NULL OR " + g.predicate(plain, 1)
		default:
			check = g.predicate(plain, 1)
		}
		t.constraints = append(t.constraints, "CHECK ("+check+")")
	}
	if g.in(3) && len(g.lang.Generated) > 0 {
		s := pick(g.choice, all)
		text := g.expr(s, plain, 1)
		for range 5 { // rather of a column than of constants
			if columnName.MatchString(text) {
				break
			}
			s = g.near(all, plain)
			text = g.expr(s, plain, 1)
		}
		t.columns = append(t.columns, tableColumn{name: "gen_a", sort: s, clause: strings.ReplaceAll(pick(g.choice, g.lang.Generated), "$", text)})
	}
	if len(g.lang.Indexes) > 0 && g.in(3) {
		t.indexes = append(t.indexes, g.index(t, plain))
	}
	g.noParams = false
	return t
}

// index makes an index by a line of the grammar: each $column is one of the table's,
// $expression and $predicate are over them.
func (g *generator) index(t *table, plain *scope) index {
	text := pick(g.choice, g.lang.Indexes)
	text = strings.ReplaceAll(strings.ReplaceAll(text, "$table", t.name), "$name", t.name+"_i")
	x := index{}
	for strings.Contains(text, "$column") {
		c := pick(g.choice, plain.cols).name
		x.unique = append(x.unique, c)
		text = strings.Replace(text, "$column", c, 1)
	}
	if strings.Contains(text, "$predicate") {
		x.where = g.predicate(plain, 1)
	}
	if strings.Contains(text, "$expression") {
		text = strings.Replace(text, "$expression", g.expr(g.sort(), plain, 2), 1)
	}
	if !strings.Contains(text, "UNIQUE") {
		x.unique = nil
	}
	x.statement = strings.Replace(text, "$predicate", x.where, 1)
	return x
}

// lookups are sets of columns that may hold at most one row each: keys and unique indexes,
// with the condition of those that are partial, written for an alias.
func (t *table) lookups(alias string) (columns [][]string, where []string) {
	for _, k := range t.keys {
		columns, where = append(columns, k), append(where, "")
	}
	for _, x := range t.indexes {
		if x.unique != nil {
			columns, where = append(columns, x.unique), append(where, columnName.ReplaceAllString(x.where, alias+".$0"))
		}
	}
	return columns, where
}

// columnName are the names of the columns that the generator makes.
var columnName = regexp.MustCompile(`\b[a-z0-9]+_[a-z]\b`)

// view makes a view's statement.
func (g *generator) view() (*relation, string) {
	v := &relation{name: fmt.Sprintf("v%d", len(g.schema.views)+1)}
	g.noParams, g.budget = true, 30
	text, cols := g.body(nil, &scope{free: true}, 1, anyRows)
	g.noParams = false
	names := make([]string, len(cols))
	for i := range cols {
		names[i] = fmt.Sprintf("v%d", i+1)
		v.cols = append(v.cols, column{name: names[i], sort: cols[i].sort})
	}
	for _, t := range g.schema.tables {
		if g.read[t] {
			v.reads = append(v.reads, t)
		}
	}
	return v, "CREATE VIEW " + v.name + " (" + strings.Join(names, ", ") + ") AS " + text
}
