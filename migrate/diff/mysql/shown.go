package mysql

import (
	"fmt"
	"slices"
	"strings"
)

// shown is a table as SHOW CREATE TABLE writes it, in its parts. Everything that stands in the statement is in one of them, so
// that two tables with equal parts are equal.
type shown struct {
	name    string
	columns []*column
	keys    []*key
	foreign []*foreign
	checks  []*check
	periods []string // PERIOD FOR …
	options []option
	// partition is PARTITION BY and what follows, "" where the table has no partitions.
	partition string
}

// option is a table option: ENGINE=InnoDB. A word without a value has value "".
type option struct{ name, value string }

// key is an index or a key; the primary key has no name.
type key struct {
	name string
	// kind is "PRIMARY KEY", "UNIQUE KEY", "KEY", "FULLTEXT KEY", "SPATIAL KEY" or "VECTOR KEY".
	kind string
	// parts are its columns and expressions as they stand, rest what follows them: USING, COMMENT, WITH PARSER.
	parts []string
	rest  string
	// hidden: the optimizer does not use it (INVISIBLE, IGNORED).
	hidden bool
}

// foreign is a foreign key.
type foreign struct {
	name               string
	columns            []string
	schema, table      string // what it refers to; schema "" in the same database
	refers             []string
	def                string // from FOREIGN KEY on
	onDelete, onUpdate string
}

// check is a CHECK of the table; def is from CHECK on.
type check struct {
	name, def string
	enforced  bool
}

// parse reads a statement of SHOW CREATE TABLE.
func parse(statement string) (*shown, error) {
	text := plainText(statement)
	all := words(text)
	t := &shown{}
	at := -1
	for i, w := range all {
		if strings.HasPrefix(w.text, "(") {
			at = i
			break
		}
	}
	if at < 1 {
		return nil, fmt.Errorf("the server's statement of a table was not understood: %s", statement)
	}
	t.name = all[at-1].name()
	for _, line := range list(all[at].text) {
		if err := t.line(line); err != nil {
			return nil, err
		}
	}
	t.tail(text[all[at].end:])
	return t, nil
}

func (t *shown) line(line string) error {
	w := words(line)
	unknown := fmt.Errorf("a line of the server's statement of table %s was not understood: %s", t.name, line)
	if len(w) < 2 {
		return unknown
	}
	switch {
	case w[0].text[0] == '`':
		t.columns = append(t.columns, newColumn(w[0].name(), strings.TrimSpace(line[w[0].end:])))
	case w[0].is("PERIOD"):
		t.periods = append(t.periods, line)
	case w[0].is("CONSTRAINT") && len(w) > 3 && w[2].is("FOREIGN"):
		t.foreign = append(t.foreign, newForeign(w[1].name(), strings.TrimSpace(line[w[1].end:])))
	case w[0].is("CONSTRAINT") && len(w) > 3 && w[2].is("CHECK"):
		t.checks = append(t.checks, newCheck(w[1].name(), strings.TrimSpace(line[w[1].end:])))
	default:
		k := &key{}
		i := 0
		for i < len(w) && !strings.HasPrefix(w[i].text, "`") && !strings.HasPrefix(w[i].text, "(") {
			i++
		}
		k.kind = strings.ToUpper(strings.TrimSpace(line[:w[min(i, len(w)-1)].start]))
		if i < len(w) && w[i].text[0] == '`' {
			k.name = w[i].name()
			i++
		}
		var method string // MySQL's PRIMARY KEY USING BTREE (…) stands before the parts, others behind
		for i < len(w) && !strings.HasPrefix(w[i].text, "(") {
			method = strings.TrimSpace(method + " " + w[i].text)
			i++
		}
		if i == len(w) || !strings.HasSuffix(k.kind, "KEY") {
			return unknown
		}
		k.parts = list(w[i].text)
		rest := w[i+1:]
		var kept []string
		for _, r := range rest {
			if r.is("INVISIBLE") || r.is("IGNORED") {
				k.hidden = true
				continue
			}
			kept = append(kept, r.text)
		}
		k.rest = strings.TrimSpace(method + " " + strings.ReplaceAll(strings.Join(kept, " "), " = ", "="))
		t.keys = append(t.keys, k)
	}
	return nil
}

// tail reads what stands behind the columns: options, then partitions.
func (t *shown) tail(text string) {
	w := words(text)
	for i := 0; i < len(w); {
		if w[i].is("PARTITION") {
			t.partition = strings.TrimSpace(text[w[i].start:])
			return
		}
		start := i
		for i < len(w) && w[i].text != "=" && !(w[i].is("PARTITION") && i > start) && i-start < 4 {
			i++
		}
		if i < len(w) && w[i].text == "=" && i+1 < len(w) {
			name := strings.TrimSpace(text[w[start].start:w[i-1].end])
			for strings.HasPrefix(strings.ToUpper(name), "WITH SYSTEM VERSIONING") { // it has no value, and another option follows
				t.options = append(t.options, option{"WITH SYSTEM VERSIONING", ""})
				name = strings.TrimSpace(name[len("WITH SYSTEM VERSIONING"):])
			}
			t.options = append(t.options, option{name, w[i+1].text})
			i += 2
			continue
		}
		i = start
		switch {
		case w[i].is("TABLESPACE") && i+1 < len(w):
			t.options = append(t.options, option{"TABLESPACE", w[i+1].text})
			i += 2
			if i+1 < len(w) && w[i].is("STORAGE") {
				t.options = append(t.options, option{"STORAGE", w[i+1].text})
				i += 2
			}
		case w[i].is("WITH") && i+2 < len(w) && w[i+1].is("SYSTEM"):
			t.options = append(t.options, option{"WITH SYSTEM VERSIONING", ""})
			i += 3
		default:
			t.options = append(t.options, option{strings.ToUpper(w[i].text), ""})
			i++
		}
	}
}

// def is the key as it is declared in CREATE TABLE, but for whether the optimizer uses it.
func (k *key) def() string {
	s := k.kind
	if k.name != "" {
		s += " " + quote(k.name)
	}
	s += " (" + strings.Join(k.parts, ",") + ")"
	if k.rest != "" {
		s += " " + k.rest
	}
	return s
}

// full is def with the word that hides the key from the optimizer.
func (k *key) full(mariadb bool) string {
	if k.hidden {
		return k.def() + map[bool]string{true: " IGNORED", false: " INVISIBLE"}[mariadb]
	}
	return k.def()
}

// same tells whether two keys differ in their names alone.
func (k *key) same(o *key) bool {
	return k.kind == o.kind && slices.Equal(k.parts, o.parts) && k.rest == o.rest && k.hidden == o.hidden
}

// columns are the names of the columns that the key begins with as they are; a part of a column or an expression ends them.
func (k *key) columns() []string {
	var out []string
	for _, p := range k.parts {
		w := words(p)
		if len(w) == 0 || w[0].text[0] != '`' || len(w) > 1 && strings.HasPrefix(w[1].text, "(") {
			break
		}
		out = append(out, w[0].name())
	}
	return out
}

// supports tells whether a foreign key over these columns can use k.
func (k *key) supports(columns []string) bool {
	if k.kind == "FULLTEXT KEY" || k.kind == "SPATIAL KEY" || k.kind == "VECTOR KEY" {
		return false
	}
	own := k.columns()
	return len(own) >= len(columns) && slices.EqualFunc(own[:len(columns)], columns, strings.EqualFold)
}

// mentions tells whether the key's parts name the column.
func (k *key) mentions(column string) bool {
	return slices.ContainsFunc(k.parts, func(p string) bool { return mentions(p, column) })
}

// mentions tells whether a server's expression names a column, which it writes in backquotes.
func mentions(expr, column string) bool {
	return strings.Contains(strings.ToLower(expr), strings.ToLower(quote(column)))
}

func newForeign(name, def string) *foreign {
	f := &foreign{name: name, def: def}
	w := words(def)
	names := func(bracket string) []string {
		var out []string
		for _, p := range list(bracket) {
			out = append(out, words(p)[0].name())
		}
		return out
	}
	for i := 0; i < len(w); i++ {
		switch {
		case strings.HasPrefix(w[i].text, "(") && f.columns == nil:
			f.columns = names(w[i].text)
		case w[i].is("REFERENCES") && i+1 < len(w):
			i++
			f.table = w[i].name()
			if i+2 < len(w) && w[i+1].text == "." {
				f.schema, f.table = f.table, w[i+2].name()
				i += 2
			}
		case strings.HasPrefix(w[i].text, "("):
			f.refers = names(w[i].text)
		case w[i].is("ON") && i+2 < len(w):
			action := strings.ToUpper(strings.Join(strings.Fields(def[w[i+2].start:]), " "))
			action, _, _ = strings.Cut(action, " ON ")
			if w[i+1].is("DELETE") {
				f.onDelete = action
			} else {
				f.onUpdate = action
			}
		}
	}
	return f
}

func newCheck(name, def string) *check {
	c := &check{name: name, def: def, enforced: true}
	w := words(def)
	if n := len(w); n > 2 && w[n-2].is("NOT") && w[n-1].is("ENFORCED") {
		c.def, c.enforced = strings.TrimSpace(def[:w[n-2].start]), false
	}
	return c
}

// full is def with whether it is enforced.
func (c *check) full() string {
	if c.enforced {
		return c.def
	}
	return c.def + " NOT ENFORCED"
}

func (t *shown) column(name string) *column {
	for _, c := range t.columns {
		if strings.EqualFold(c.name, name) {
			return c
		}
	}
	return nil
}

func (t *shown) key(name string) *key {
	for _, k := range t.keys {
		if strings.EqualFold(k.name, name) {
			return k
		}
	}
	return nil
}

func (t *shown) check(name string) *check {
	for _, c := range t.checks {
		if strings.EqualFold(c.name, name) {
			return c
		}
	}
	return nil
}

func (t *shown) foreignKey(name string) *foreign {
	for _, f := range t.foreign {
		if strings.EqualFold(f.name, name) {
			return f
		}
	}
	return nil
}

func (t *shown) option(name string) string {
	for _, o := range t.options {
		if strings.EqualFold(o.name, name) {
			return o.value
		}
	}
	return ""
}

func (t *shown) has(option string) bool {
	for _, o := range t.options {
		if strings.EqualFold(o.name, option) {
			return true
		}
	}
	return false
}

// create is the statement that makes the table with the foreign keys that f lets through.
func (t *shown) create(mariadb, inherits bool, f func(*foreign) bool) string {
	var lines []string
	for _, c := range t.columns {
		lines = append(lines, quote(c.name)+" "+c.declared(mariadb))
	}
	for _, k := range t.keys {
		lines = append(lines, k.full(mariadb))
	}
	lines = append(lines, t.periods...)
	for _, k := range t.foreign {
		if f(k) {
			lines = append(lines, "CONSTRAINT "+quote(k.name)+" "+k.def)
		}
	}
	for _, c := range t.checks {
		lines = append(lines, "CONSTRAINT "+quote(c.name)+" "+c.full())
	}
	s := "CREATE TABLE " + quote(t.name) + " (\n  " + strings.Join(lines, ",\n  ") + "\n)"
	for _, o := range t.options {
		if inherits && (strings.EqualFold(o.name, "DEFAULT CHARSET") || strings.EqualFold(o.name, "COLLATE")) {
			continue
		}
		s += " " + o.text()
	}
	if t.partition != "" {
		s += "\n" + t.partition
	}
	return s
}

func (o option) text() string {
	switch {
	case o.value == "":
		return o.name
	case o.name == "TABLESPACE" || o.name == "STORAGE":
		return o.name + " " + o.value
	}
	return o.name + "=" + o.value
}
