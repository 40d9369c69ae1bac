package truth

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// Persuasion looks for arguments with which a server runs a query that it refused so far: a
// row that a stored one refers to, keys that are not stored, values that checks name, and what
// the server's own words ask for.
type Persuasion struct {
	d     *Data
	q     *facts.Query
	r     *rand.Rand
	asked map[int][]string // by parameter: what the server said it would read
	// last are the columns' values of the attempt before, bad those that a check refused.
	last  map[*catalog.Column]*string
	bad   map[*catalog.Column][]string
	tries int
}

// Attempt is one way to run a query.
type Attempt struct {
	Args  []Arg
	State State
}

// State is what a query finds beside the rows that Fill stored; it ends with the query.
type State struct {
	// Empty is a table whose rows are gone, with what refers to them.
	Empty *catalog.Table
	// Triggers is a table whose triggers work.
	Triggers *catalog.Table
	// Before are statements that change rows first.
	Before []string
}

// Persuade begins with a query.
func (d *Data) Persuade(q *facts.Query, r *rand.Rand) *Persuasion {
	return &Persuasion{d: d, q: q, r: r, asked: map[int][]string{}, bad: map[*catalog.Column][]string{}}
}

// Next is another attempt.
func (p *Persuasion) Next() Attempt {
	n := p.tries
	p.tries++
	a := Attempt{Args: make([]Arg, len(p.q.Params))}
	m := &making{Persuasion: p, n: n, parents: map[*catalog.Constraint]map[string]*string{},
		same: map[*catalog.Column]*string{}, stored: map[*catalog.Table]int{}, taken: map[*catalog.Column]bool{}}
	p.last = m.same
	length := [...]int{1, 1, 2}[n%3]
	if n > 30 {
		length = 0
	}
	var nullable []int
	for i, param := range p.q.Params {
		t := param.Type
		if param.Slice || p.d.in.Engine == catalog.PostgreSQL && t.IsArray() {
			arg := Arg{Slice: true}
			for range length {
				arg.List = append(arg.List, m.value(i, t.Elem()))
			}
			a.Args[i] = arg
			continue
		}
		if param.Nullable {
			nullable = append(nullable, i)
		}
		a.Args[i].Value = m.value(i, t)
	}
	// Of what may be NULL nothing is, one is not, or some are.
	keep := -1
	if n%4 == 3 && len(nullable) > 0 {
		keep = nullable[p.r.IntN(len(nullable))]
	}
	for _, i := range nullable {
		if n%4 == 3 && i != keep || n%4 == 2 && p.r.IntN(2) == 0 {
			a.Args[i] = Arg{}
		}
	}
	if target := p.q.InsertInto; target != nil {
		if n%2 == 1 {
			a.State.Empty = target
		}
		if n%5 == 4 {
			a.State.Triggers = target
		}
	}
	return a
}

// making is one attempt's making: one stored row of each table for what is compared, one row
// for a foreign key, one value for all of a column's parameters that are no key's.
type making struct {
	*Persuasion
	n       int
	parents map[*catalog.Constraint]map[string]*string
	same    map[*catalog.Column]*string
	stored  map[*catalog.Table]int
	taken   map[*catalog.Column]bool
}

// byName are values for what no column says more of.
var byName = map[string][]string{
	"year": {"2024", "1999"}, "month": {"1", "2"}, "day": {"31", "29"},
}

// spoken are texts that functions read: moments, spans, documents.
var spoken = []string{"a", "", "1", "+1 day", "1 day", "2024-01-31 10:00:00", "{}", "[]"}

// value is a value for a parameter or an element of its list.
func (m *making) value(i int, t types.Type) *string {
	pick := func(from []string) *string { return &from[m.r.IntN(len(from))] }
	if asked := m.asked[i]; len(asked) > 0 {
		return pick(asked)
	}
	param := m.q.Params[i]
	table, c := param.Table, param.Source
	if c == nil && m.q.InsertInto != nil {
		table, c = m.q.InsertInto, columnLike(m.q.InsertInto, param.Name)
		if c != nil && m.d.base(c.Type).Name != m.d.base(t).Name {
			c = nil
		}
	}
	switch {
	case isDocument(t):
		return pick(m.documents())
	case c == nil && byName[param.Name] != nil:
		return pick(byName[param.Name])
	case c == nil && isText(t):
		return pick(spoken)
	case c == nil || c.Type.Dims != t.Dims:
		return pick(m.d.Values(t))
	}
	if table == nil {
		table = c.Table
	}
	if table == nil {
		return pick(m.d.Values(t))
	}
	if v := m.parent(table, c.Name, m.parents); v != nil {
		return v
	}
	if rows := m.d.rows[table]; len(rows) > 0 && (m.n%3 == 2 || table != m.q.InsertInto && m.r.IntN(4) > 0) {
		from, chosen := m.stored[table]
		if !chosen {
			from = m.r.IntN(len(rows))
			m.stored[table] = from
		}
		if m.taken[c] { // a second parameter for the column is for another row
			from = m.r.IntN(len(rows))
		}
		m.taken[c] = true
		if v := rows[from%len(rows)][c.Name]; v != nil {
			return v
		}
	}
	if isKey(table, c.Name) {
		if v := unheard(m.d.pool(table, c)[0], m.d.base(t), m.r); v != "" && len(c.EnumValues) == 0 {
			return &v
		}
		return pick(m.d.pool(table, c))
	}
	if m.same[c] == nil {
		good := slices.DeleteFunc(slices.Clone(m.d.pool(table, c)), func(v string) bool { return slices.Contains(m.bad[c], v) })
		if len(good) == 0 {
			m.bad[c], good = nil, m.d.pool(table, c)
		}
		m.same[c] = pick(good)
	}
	return m.same[c]
}

// isKey tells whether a column is part of what is unique.
func isKey(t *catalog.Table, column string) bool {
	for _, k := range t.Constraints {
		if (k.Kind == ir.PrimaryKey || k.Kind == ir.Unique) && slices.Contains(k.Columns, column) {
			return true
		}
	}
	return slices.ContainsFunc(t.Indexes, func(x *catalog.Index) bool {
		return x.Unique && slices.ContainsFunc(x.Parts, func(p catalog.IndexPart) bool { return p.Column == column })
	})
}

// unheard is a fresh value that is as long as one that a check asks for.
func unheard(like string, t types.Type, r *rand.Rand) string {
	if n := len(like); n > 1 && like == strings.Repeat(like[:1], n) && !isNumber(t) {
		out := make([]byte, n)
		for i := range out {
			out[i] = byte('a' + r.IntN(26))
		}
		return string(out)
	}
	switch name := strings.ToLower(t.Name); {
	case name == "bytea":
		return fmt.Sprintf(`\x%08x`, r.Uint32())
	case strings.Contains(name, "blob") || strings.Contains(name, "binary"):
		return fmt.Sprintf("%08x", r.Uint32())
	}
	return fresh(t, r)
}

// parent is the value of a foreign key's column in one stored row that the key refers to, the
// same row for all of the key's columns.
func (p *Persuasion) parent(t *catalog.Table, column string, parents map[*catalog.Constraint]map[string]*string) *string {
	for _, fk := range t.Constraints {
		j := slices.Index(fk.Columns, column)
		if fk.Kind != ir.ForeignKey || j < 0 || j >= len(fk.RefColumns) {
			continue
		}
		if parents[fk] == nil {
			rows := p.d.rows[p.d.in.Table(fk.RefSchema, fk.RefTable)]
			if len(rows) == 0 {
				continue
			}
			parents[fk] = rows[p.r.IntN(len(rows))]
		}
		if v := parents[fk][fk.RefColumns[j]]; v != nil {
			return v
		}
	}
	return nil
}

// columnLike is the column that a parameter's name speaks of: user_ids is for user_id.
func columnLike(t *catalog.Table, name string) *catalog.Column {
	plain := func(s string) string { return strings.TrimSuffix(strings.ToLower(strings.ReplaceAll(s, "_", "")), "s") }
	for _, c := range t.Columns {
		if name != "" && plain(c.Name) == plain(name) {
			return c
		}
	}
	return nil
}

func isDocument(t types.Type) bool {
	return t.Dims == 0 && (strings.EqualFold(t.Name, "json") || strings.EqualFold(t.Name, "jsonb"))
}

// bits tells how long a bit string must be.
var bits = regexp.MustCompile(`bit string length \d+ does not match type bit\((\d+)\)`)

// refusals are a server's words for a value that it can not read: the type it would have, the value.
var refusals = []*regexp.Regexp{
	regexp.MustCompile(`invalid input value for enum "?([\w."]+?)"?: "(?s:(.*))" \(`),
	regexp.MustCompile(`invalid input syntax for type ([\w ]+): "(?s:(.*))" \(`),
	regexp.MustCompile(`malformed (JSON)()`),
	regexp.MustCompile(`cannot (?:extract elements|call \w+ on|deconstruct|get array)()()`),
}

// spelt are the types that PostgreSQL names in words.
var spelt = map[string]string{
	"boolean": "bool", "integer": "int4", "bigint": "int8", "smallint": "int2", "double precision": "float8", "real": "float4",
	"timestamp with time zone": "timestamptz", "timestamp without time zone": "timestamp", "": "json",
}

// Learn takes a refusal of an attempt in: what it says is to be read as another type is tried
// with that type's values.
func (p *Persuasion) Learn(a Attempt, err error) {
	if m := checkRefused.FindStringSubmatch(err.Error()); m != nil {
		p.avoid(m[1])
		return
	}
	if m := bits.FindStringSubmatch(err.Error()); m != nil {
		n, _ := strconv.Atoi(m[1])
		for i, param := range p.q.Params {
			if t := param.Type; t.Name == "bit" {
				p.asked[i] = []string{strings.Repeat("1", n), strings.Repeat("0", n)}
			}
		}
		return
	}
	for _, re := range refusals {
		m := re.FindStringSubmatch(err.Error())
		if m == nil {
			continue
		}
		name := strings.ToLower(m[1])
		if spelt[name] != "" {
			name = spelt[name]
		}
		t := types.Type{Name: name}
		if e := p.typeNamed(strings.Trim(m[1], `"`)); e != nil {
			t = types.Type{Schema: e.Schema, Name: e.Name}
		}
		readable := p.d.Values(t)
		if isDocument(t) {
			readable = p.documents()
		}
		if found := p.blame(a, m[2], readable); !found {
			p.blame(a, "", append(readable, "1"))
		}
		return
	}
}

// checkRefused names a CHECK that a row did not pass, or is its text (SQLite).
var checkRefused = regexp.MustCompile(`(?i)(?:violates check constraint "|CHECK constraint failed: |Check constraint '|CONSTRAINT .)([^"'\x60]+)`)

// avoid notes the values of the columns that a CHECK speaks of.
func (p *Persuasion) avoid(check string) {
	for c, v := range p.last {
		if c.Table == nil || v == nil {
			continue
		}
		for _, k := range c.Table.Constraints {
			if k.Kind == ir.Check && (k.Name == check || strings.Contains(check, k.Expr)) && strings.Contains(strings.ToLower(k.Expr), strings.ToLower(c.Name)) {
				p.bad[c] = append(p.bad[c], *v)
			}
		}
	}
}

func (p *Persuasion) typeNamed(name string) *catalog.TypeDef {
	for _, s := range p.d.in.Schemas {
		if t := p.d.in.Type(s.Name, name); t != nil {
			return t
		}
	}
	return nil
}

// blame gives the text parameters whose argument was the value, or every one that comes from
// no column for an empty value, other values.
func (p *Persuasion) blame(a Attempt, value string, readable []string) (found bool) {
	for i, param := range p.q.Params {
		if value == "" && param.Source != nil && !isDocument(param.Type) {
			continue
		}
		t := param.Type
		if t.Dims > 0 {
			t = t.Elem()
		}
		if !isText(t) && !isDocument(t) && !strings.Contains(strings.ToLower(t.Name), "blob") && t.Name != "any" && t.Name != "unknown" {
			continue
		}
		list := a.Args[i].List
		if !a.Args[i].Slice {
			list = []*string{a.Args[i].Value}
		}
		for _, v := range list {
			if value == "" || v != nil && *v == value {
				p.asked[i], found = readable, true
				break
			}
		}
	}
	return found
}

// key finds the members that a query takes out of its documents.
var key = regexp.MustCompile(`'\$\.(\w+)'|->>?\s*'(\w+)'|\b(\w+)\s+[\w.]+(?:\[\])?\s*[,)]`)

// documents are JSON texts: one with all members that the query's text names, filled from the
// columns of those names, a list of such, and lists of plain values.
func (p *Persuasion) documents() []string {
	members := map[string]any{}
	for _, m := range key.FindAllStringSubmatch(p.q.SQL, -1) {
		name := m[1] + m[2] + m[3]
		if v, ok := p.member(name); ok {
			members[name] = v
		} else if m[3] == "" {
			members[name] = "1"
		}
	}
	one, err := json.Marshal(members)
	if err != nil {
		return jsons
	}
	return []string{string(one), "[" + string(one) + "]", "[2]", `["a"]`, "[]", "{}"}
}

func (p *Persuasion) member(name string) (any, bool) {
	tables := baseTables(p.d.in)
	if p.q.InsertInto != nil {
		tables = append([]*catalog.Table{p.q.InsertInto}, tables...)
	}
	for _, t := range tables {
		for _, c := range t.Columns {
			if !strings.EqualFold(c.Name, name) {
				continue
			}
			if v := p.parent(t, c.Name, map[*catalog.Constraint]map[string]*string{}); v != nil {
				return *v, true
			}
			pool := p.d.pool(t, c)
			v := pool[p.r.IntN(len(pool))]
			if isNumber(p.d.base(c.Type)) && json.Valid([]byte(v)) {
				return json.RawMessage(v), true
			}
			return v, true
		}
	}
	return nil, false
}
