package mysql

import (
	"slices"
	"strings"
)

// The versions with which the servers learned to change the dictionary alone.
const (
	mysqlInstant    = 80012  // ADD COLUMN as the last
	mysqlAnyPlace   = 80029  // ADD COLUMN anywhere, DROP COLUMN
	mariadbInstant  = 100300 // ADD COLUMN as the last
	mariadbAnyPlace = 100400 // ADD COLUMN anywhere, DROP COLUMN, order of columns
)

// atLeast tells whether the server is of this version of its kind or a later one. Of an unknown one nothing new is taken for granted.
func (d *differ) atLeast(mysql, mariadb int) bool {
	if d.mariadb {
		return d.o.Version >= mariadb
	}
	return d.o.Version >= mysql
}

// stiff tells whether the rows of a table are kept in a form in which the dictionary alone can't be changed.
func stiff(t *shown) bool {
	return strings.EqualFold(t.option("ROW_FORMAT"), "COMPRESSED") || fulltext(t) || t.option("KEY_BLOCK_SIZE") != ""
}

func fulltext(t *shown) bool {
	return slices.ContainsFunc(t.keys, func(k *key) bool { return k.kind == "FULLTEXT KEY" })
}

// rebuilt is what writing the table anew in place costs.
func rebuilt(t *shown) cost {
	if fulltext(t) { // the server builds one full-text index at a time, and several with the table only where it copies
		return unknown
	}
	return rebuilding
}

func (d *differ) addCost(t *shown, c *column, placed bool) cost {
	switch {
	case c.auto:
		return sharing
	case c.generated != "" && c.stored, c.check != "", strings.HasPrefix(c.dflt, "("), d.mariadb && strings.Contains(c.dflt, "("), c.row:
		return copying
	case c.generated != "":
		return instant
	case uncastable(c.typ) != "" && c.notNull:
		return copying
	case d.mariadb && placed && slices.ContainsFunc(t.columns, func(o *column) bool { return o.generated != "" && !o.stored }):
		return unknown // places of computed columns change
	case stiff(t) || !d.atLeast(mysqlInstant, mariadbInstant) || placed && !d.atLeast(mysqlAnyPlace, mariadbAnyPlace):
		return rebuilt(t)
	}
	return instant
}

func addWhy(c *column) string {
	switch {
	case c.auto:
		return "numbers are given to the rows, and no rows are written meanwhile"
	case c.generated != "" && c.stored:
		return "values are computed for all rows; the table is copied"
	case strings.HasPrefix(c.dflt, "("):
		return "a default that is an expression is computed for all rows; the table is copied"
	}
	return ""
}

func (d *differ) dropCost(a *shown, c *column) cost {
	switch {
	case c.generated != "" && !c.stored:
		return instant
	case c.generated != "" || stiff(a) || !d.atLeast(mysqlAnyPlace, mariadbAnyPlace):
		return rebuilt(a)
	}
	return instant
}

func (d *differ) dropKeyCost(a, b *shown, k *key) cost {
	if k.name == "" {
		if b.key("") == nil {
			return copying // without a primary key the rows are kept otherwise
		}
		return rebuilt(a)
	}
	if functional(k) { // a hidden column goes with it
		return unknown
	}
	if implicit(a, k) { // the rows are kept by it
		return copying
	}
	return metadata
}

// functional tells whether a key has an expression among its parts.
func functional(k *key) bool {
	return slices.ContainsFunc(k.parts, func(p string) bool { return strings.HasPrefix(p, "(") })
}

// implicit tells whether a unique key is what the rows of a table without a primary key are kept by.
func implicit(t *shown, k *key) bool {
	return k.kind == "UNIQUE KEY" && t.key("") == nil && len(k.columns()) == len(k.parts) && !slices.ContainsFunc(k.columns(), func(n string) bool {
		c := t.column(n)
		return c == nil || !c.notNull
	})
}

func (d *differ) addKeyCost(a, b *shown, k *key) (cost, string) {
	const meanwhile = "no rows are written while the index is built"
	switch {
	case k.kind == "FULLTEXT KEY" || k.kind == "SPATIAL KEY":
		return sharing, meanwhile
	case k.kind == "VECTOR KEY" || strings.Contains(k.rest, "HASH"):
		return copying, "the server builds this index only when it copies the table"
	case k.name == "" || implicit(b, k):
		return rebuilt(b), ""
	}
	for _, c := range b.columns {
		if c.generated != "" && k.mentions(c.name) {
			return unknown, ""
		}
	}
	if functional(k) {
		return unknown, ""
	}
	return building, ""
}

// modifyCost is what a change of a column costs.
func (d *differ) modifyCost(a, b *shown, x, y *column, moved bool) (cost, string) {
	if x.generated != y.generated || x.stored != y.stored {
		return copying, "values are computed for all rows; the table is copied"
	}
	if x.auto != y.auto || x.check != y.check || x.row != y.row || !slices.Equal(x.extra, y.extra) {
		return copying, "the server can make this change only by copying the table"
	}
	if d.mariadb && y.check != "" {
		return copying, "MariaDB states a column with a condition anew only by copying the table"
	}
	if d.mariadb && x.onUpdate != y.onUpdate {
		return copying, "MariaDB changes ON UPDATE only by copying the table"
	}
	out := metadata
	if compared(a, x) != compared(b, y) {
		switch {
		case widened(b, x, y) && sameSet(a, b, x, y):
		case appended(x.typ, y.typ) && sameSet(a, b, x, y):
		default:
			return copying, "a type is changed only by copying the table, and no rows are written meanwhile"
		}
	}
	if x.generated != "" && (x.def != y.def || moved) {
		return unknown, ""
	}
	if strings.HasPrefix(y.dflt, "(") && x.dflt != y.dflt || strings.HasPrefix(x.dflt, "(") && x.dflt != y.dflt {
		out = unknown
	}
	if x.notNull != y.notNull || moved {
		out = rebuilt(a)
	}
	return out, ""
}

func sameSet(a, b *shown, x, y *column) bool {
	s, c := x.collated(a)
	t, e := y.collated(b)
	return s == t && c == e
}

// widened tells whether a varchar got longer while its length takes as many bytes as before.
func widened(t *shown, x, y *column) bool {
	if x.typ.name != y.typ.name || x.typ.name != "varchar" && x.typ.name != "varbinary" {
		return false
	}
	width := 1
	if x.typ.name == "varchar" {
		set, _ := y.collated(t)
		width = max(1, widest[set])
	}
	from, to := x.typ.arg(0, 0)*width, y.typ.arg(0, 0)*width
	return to >= from && (from > 255) == (to > 255)
}

// appended tells whether an ENUM or SET got members at its end that it stores in as many bytes as before.
func appended(x, y typ) bool {
	if x.name != y.name || x.name != "enum" && x.name != "set" || len(x.args) > len(y.args) || !slices.Equal(x.args, y.args[:len(x.args)]) {
		return false
	}
	if x.name == "enum" {
		return (len(x.args) > 255) == (len(y.args) > 255)
	}
	bytes := func(n int) int {
		b := (n + 7) / 8
		if b > 4 {
			b = 8
		}
		return b
	}
	return bytes(len(x.args)) == bytes(len(y.args))
}
