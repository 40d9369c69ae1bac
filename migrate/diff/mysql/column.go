package mysql

import (
	"strconv"
	"strings"
)

// column is a column as the server writes it.
type column struct {
	name string
	def  string // what stands behind the name
	typ  typ
	// charset and collation are what the column says of itself; "" where it leaves them to the table.
	charset, collation string
	notNull            bool
	// def, generated and onUpdate are texts; "" where absent.
	dflt, generated, onUpdate string
	stored                    bool
	auto                      bool
	// comment is the literal, with its quotes.
	comment   string
	invisible bool
	// check is MariaDB's CHECK of a column; row marks the columns of system versioning.
	check string
	row   bool
	// extra are the words that say something else: SRID, COMPRESSED, COLUMN_FORMAT.
	extra []string
	// nullAt is where NOT NULL stands in def.
	nullAt [2]int
	// dfltAt is where the default stands in def.
	dfltAt [2]int
	// collateAt is where COLLATE stands in def.
	collateAt [2]int
}

// typ is a type as the server writes it: decimal(10,2) unsigned.
type typ struct {
	name               string
	args               []string
	unsigned, zerofill bool
}

func (t typ) String() string {
	s := t.name
	if len(t.args) > 0 {
		s += "(" + strings.Join(t.args, ",") + ")"
	}
	if t.unsigned {
		s += " unsigned"
	}
	if t.zerofill {
		s += " zerofill"
	}
	return s
}

// arg is the n-th number in the type's brackets, otherwise where there is none.
func (t typ) arg(n, otherwise int) int {
	if n >= len(t.args) {
		return otherwise
	}
	v, err := strconv.Atoi(t.args[n])
	if err != nil {
		return otherwise
	}
	return v
}

// text tells whether values of the type have a character set.
func (t typ) text() bool {
	switch t.name {
	case "char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set":
		return true
	}
	return false
}

// usual are the words that stand around what is read by itself.
var usual = map[string]bool{"GENERATED": true, "ALWAYS": true, "VIRTUAL": true, "NULL": true}

func newColumn(name, def string) *column {
	c := &column{name: name, def: def}
	w := words(def)
	if len(w) == 0 {
		return c
	}
	c.typ.name = strings.ToLower(w[0].text)
	i := 1
	if i < len(w) && strings.HasPrefix(w[i].text, "(") {
		c.typ.args = list(w[i].text)
		i++
	}
	next := func(n int, s string) bool { return i+n < len(w) && w[i+n].is(s) }
	for ; i < len(w); i++ {
		switch {
		case w[i].is("unsigned"):
			c.typ.unsigned = true
		case w[i].is("zerofill"):
			c.typ.zerofill = true
		case w[i].is("CHARACTER") && i+2 < len(w):
			c.charset = w[i+2].text
			i += 2
		case w[i].is("COLLATE") && i+1 < len(w):
			c.collation, c.collateAt = w[i+1].text, [2]int{w[i].start, w[i+1].end}
			i++
		case w[i].is("GENERATED") && next(3, "ROW"), w[i].is("AS") && next(1, "ROW"):
			c.row = true
		case w[i].is("AS") && i+1 < len(w):
			c.generated = w[i+1].text
			i++
		case w[i].is("STORED") || w[i].is("PERSISTENT"):
			c.stored = true
		case w[i].is("NOT") && next(1, "NULL"):
			c.notNull, c.nullAt = true, [2]int{w[i].start, w[i+1].end}
			i++
		case w[i].is("DEFAULT") && i+1 < len(w):
			start := w[i+1].start
			end := w[i+1].end
			i++
			for i+1 < len(w) && strings.HasPrefix(w[i+1].text, "(") && w[i+1].start == end || i+1 < len(w) && w[i+1].text[0] == '\'' && w[i+1].start == end {
				i++ // current_timestamp(3), b'01', _utf8mb4'x'
				end = w[i].end
			}
			c.dflt, c.dfltAt = def[start:end], [2]int{start, end}
		case w[i].is("ON") && next(1, "UPDATE") && i+2 < len(w):
			i += 2
			c.onUpdate = w[i].text
			if i+1 < len(w) && strings.HasPrefix(w[i+1].text, "(") {
				i++
				c.onUpdate += w[i].text
			}
		case w[i].is("AUTO_INCREMENT"):
			c.auto = true
		case w[i].is("COMMENT") && i+1 < len(w):
			i++
			c.comment = w[i].text
		case w[i].is("INVISIBLE"):
			c.invisible = true
		case w[i].is("CHECK") && i+1 < len(w):
			i++
			c.check = w[i].text
		case !usual[strings.ToUpper(w[i].text)]:
			c.extra = append(c.extra, w[i].text)
		}
	}
	return c
}

// nullable is the column's definition with NULL in the place of NOT NULL.
func (c *column) nullable() *column {
	if !c.notNull {
		return c
	}
	return newColumn(c.name, c.def[:c.nullAt[0]]+"NULL"+c.def[c.nullAt[1]:])
}

// declared is the column's definition as it is written to make it so. MySQL writes the collation of the table to a column that leaves it
// to the table, where it is not the usual one of its character set; who writes it back says it of the column.
func (c *column) declared(mariadb bool) string {
	if mariadb || c.collation == "" || c.charset != "" {
		return c.def
	}
	return strings.TrimSpace(c.def[:c.collateAt[0]]) + c.def[c.collateAt[1]:]
}

// plain is the column's definition with NULL for its default.
func (c *column) plain() *column {
	if c.dflt == "" {
		return c
	}
	return newColumn(c.name, c.def[:c.dfltAt[0]]+"NULL"+c.def[c.dfltAt[1]:])
}

// noDefault: the column may be NULL and yet has no DEFAULT, which only ALTER COLUMN … DROP DEFAULT makes.
func (c *column) noDefault(mariadb bool) bool {
	if c.notNull || c.dflt != "" || c.generated != "" || c.auto || c.row {
		return false
	}
	if mariadb {
		return true
	}
	switch c.typ.name {
	case "tinytext", "text", "mediumtext", "longtext", "tinyblob", "blob", "mediumblob", "longblob", "json", "vector",
		"geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geomcollection", "geometrycollection":
		return false // the server never writes DEFAULT NULL of them
	}
	return true
}

// collated is the character set and the collation that values have; table is where the column stands.
func (c *column) collated(table *shown) (charset, collation string) {
	if !c.typ.text() {
		return "", ""
	}
	charset, collation = c.charset, c.collation
	tableSet, tableCollation := table.option("DEFAULT CHARSET"), table.option("COLLATE")
	switch {
	case charset == "" && collation == "":
		return tableSet, tableCollation
	case charset == "":
		charset, _, _ = strings.Cut(collation, "_")
		if charset == "uca1400" { // MariaDB's collations of any character set
			charset = tableSet
		}
	}
	return charset, collation
}
