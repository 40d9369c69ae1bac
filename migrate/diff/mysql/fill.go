package mysql

import (
	"regexp"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/migrate/plan"
)

// fill gives rows values where the new table wants some: columns that become NOT NULL, and columns that were computed and are no
// more. It returns the table as it is afterwards. What it can't know it asks.
func (d *differ) fill(a, b *shown) *shown {
	if d.empty(a.name) {
		return a
	}
	after := *a
	after.columns = slices.Clone(a.columns)
	for i, c := range b.columns {
		old := a.column(c.name)
		about := plan.Object{Kind: "column", Table: b.name, Name: c.name}
		switch {
		case c.auto || c.row || c.generated != "":
		case old == nil && (c.notNull && c.dflt == "" || !d.mariadb && unsafe.MatchString(c.dflt)):
			loose, expr, why := c.nullable(), c.dflt, "the server does not add a column whose default is another one for each row"
			if c.dflt == "" {
				if expr = d.ask(b, c, about, "rows that are there need a value in the new column"); expr == "" {
					continue
				}
				why = "rows get a value before the column becomes NOT NULL"
			} else {
				loose = loose.plain()
			}
			place := " FIRST"
			at := 0
			for j := i - 1; j >= 0; j-- { // behind the nearest one that is there
				if n := slices.IndexFunc(after.columns, func(o *column) bool { return strings.EqualFold(o.name, b.columns[j].name) }); n >= 0 {
					place, at = " AFTER "+quote(after.columns[n].name), n+1
					break
				}
			}
			cost := d.addCost(a, loose, true)
			if !plainTable(a, a) {
				cost = unknown
			}
			d.add(fill, plan.Step{SQL: alterTable(a) + quote(a.name) + " ADD COLUMN " + quote(c.name) + " " + loose.declared(d.mariadb) + place + d.told(cost), About: about, Why: why})
			d.add(fill, d.update(a.name, c.name, expr, about))
			after.columns = slices.Insert(after.columns, at, loose)
		case old != nil && !old.notNull && c.notNull && old.generated == "" && a.primaryHas(c.name):
		case old != nil && !old.notNull && c.notNull && old.generated == "":
			if expr := d.ask(b, c, about, "rows that have NULL in the column need a value"); expr != "" {
				d.add(fill, d.update(a.name, c.name, expr, about))
			}
		case old != nil && old.generated != "" && !old.stored && c.generated == "":
			// What was computed is kept: a plain column takes its place, then its values.
			loose := c.nullable()
			n := slices.IndexFunc(after.columns, func(o *column) bool { return o == old })
			place := " FIRST"
			if n > 0 {
				place = " AFTER " + quote(after.columns[n-1].name)
			}
			sql := alterTable(a) + quote(a.name) + "\n  DROP COLUMN " + quote(old.name) + ",\n  ADD COLUMN " + quote(c.name) + " " + loose.declared(d.mariadb) + place
			for _, k := range a.keys {
				if k.mentions(old.name) {
					sql += ",\n  DROP KEY " + quote(k.name) + ",\n  ADD " + k.full(d.mariadb)
				}
			}
			d.add(fill, plan.Step{SQL: sql, About: about, Why: "the server does not turn a column that is computed into one that is stored"})
			s := plan.Step{SQL: "UPDATE " + quote(a.name) + " SET " + quote(c.name) + " = " + old.generated, About: about, Why: "the values that were computed"}
			d.add(fill, s)
			after.columns[n] = loose
		}
	}
	return &after
}

// unsafe are the functions that differ from row to row or from server to server, with which a replica would end up with other rows.
var unsafe = regexp.MustCompile(`(?i)\b(uuid|uuid_short|rand|random_bytes|sysdate|user|current_user|session_user|system_user|connection_id|version|row_count|found_rows|last_insert_id)\(`)

// update gives rows without a value one.
func (d *differ) update(table, column, expr string, about plan.Object) plan.Step {
	s := plan.Step{SQL: "UPDATE " + quote(table) + " SET " + quote(column) + " = " + expr + " WHERE " + quote(column) + " IS NULL", About: about}
	if d.o.Online {
		s.SQL += " LIMIT 1000"
		s.Batch = true
	}
	return s
}

// ask gives the expression that fills a column, "" where nobody answers.
func (d *differ) ask(b *shown, c *column, about plan.Object, text string) string {
	suggested := b.suggest(c)
	if d.o.Backfill != nil {
		if expr := d.o.Backfill("", b.name, c.name, suggested); expr != "" {
			return expr
		}
	}
	directive := ""
	if suggested != "" {
		directive = "-- covet:backfill " + suggested
	}
	d.plan.Questions = append(d.plan.Questions, plan.Question{Object: about, Text: text + ": " + b.name + "." + c.name + " is NOT NULL", Suggested: suggested, Directive: directive})
	return ""
}

func (t *shown) primaryHas(column string) bool {
	k := t.key("")
	return k != nil && k.mentions(column)
}

// suggest is a value of the column's type, "" where one value for all rows would not do.
func (t *shown) suggest(c *column) string {
	for _, k := range t.keys {
		if (k.kind == "PRIMARY KEY" || k.kind == "UNIQUE KEY") && len(k.parts) == 1 && k.mentions(c.name) {
			if c.typ.text() && c.typ.arg(0, 255) >= 36 && c.typ.name != "enum" && c.typ.name != "set" {
				return "uuid()"
			}
			return ""
		}
	}
	for _, f := range t.foreign {
		if slices.ContainsFunc(f.columns, func(n string) bool { return strings.EqualFold(n, c.name) }) {
			return "" // it would have to be a row of the other table
		}
	}
	if c.dflt != "" && !strings.EqualFold(c.dflt, "NULL") {
		return c.dflt
	}
	switch c.typ.name {
	case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "bit":
		return "0"
	case "char", "varchar", "tinytext", "text", "mediumtext", "longtext", "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "set":
		if c.check != "" && strings.Contains(strings.ToLower(c.check), "json_valid") {
			return "'null'"
		}
		return "''"
	case "enum":
		if len(c.typ.args) > 0 {
			return c.typ.args[0]
		}
	case "json":
		return "'null'"
	case "date":
		return "'1970-01-01'"
	case "datetime":
		return "'1970-01-01 00:00:00'"
	case "timestamp":
		return "'1970-01-02 00:00:00'"
	case "time":
		return "'00:00:00'"
	case "year":
		return "1970"
	case "uuid":
		return "uuid()"
	case "inet4":
		return "'0.0.0.0'"
	case "inet6":
		return "'::'"
	case "point":
		return "ST_GeomFromText('POINT(0 0)'" + t.srid(c) + ")"
	case "geometry":
		return "ST_GeomFromText('POINT(0 0)'" + t.srid(c) + ")"
	}
	return ""
}

// srid is the spatial reference system that a column demands, as a further argument.
func (t *shown) srid(c *column) string {
	w := words(c.def)
	for i := range w {
		if w[i].is("SRID") && i+1 < len(w) {
			return ", " + w[i+1].text
		}
	}
	return ""
}
