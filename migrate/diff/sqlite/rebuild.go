package sqlite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/migrate/diff/sqlite/definition"
	"github.com/covetsql/covetsql/migrate/plan"
)

// legacyAlter is the version that made RENAME look into the whole schema, and the pragma that stops it.
const legacyAlter = 3026000

// rebuildAll makes tables anew, each under a free name with the wanted definition word for word; the rows are moved, the old table is
// dropped and the new one takes its name. Nothing that mentions the table follows the renaming: legacy_alter_table is on.
func (d *differ) rebuildAll() {
	if len(d.rebuilds) == 0 {
		return
	}
	legacy := d.Version == 0 || d.Version >= legacyAlter
	object := plan.Object{Kind: "table", Name: d.rebuilds[0].old.name}
	if legacy {
		d.step(plan.Step{SQL: "PRAGMA legacy_alter_table = ON", About: object, Why: "what refers to the table keeps its name while a new table takes it"})
	}
	for _, r := range d.rebuilds {
		d.rebuild(r)
	}
	if legacy {
		d.step(plan.Step{SQL: "PRAGMA legacy_alter_table = OFF", About: object})
	}
}

// move is how the rows of one table come into the next.
type move struct {
	d          *differ
	old, new   *definition.Table
	about      plan.Object
	from, temp string // quoted
	columns    []string
	values     []string
	// key pairs the rows of both, as a condition over o and n; "" where nothing does.
	key string
}

func (d *differ) rebuild(r rebuild) {
	about := plan.Object{Kind: "table", Name: r.old.name}
	temp := d.free("covet_new_" + r.new.name)
	m := &move{d: d, old: r.old.table, new: r.new.table, about: about, from: d.Quote(r.old.name), temp: d.Quote(temp)}
	d.step(plan.Step{SQL: r.new.table.Called(m.temp), About: about, Why: "the table is made anew: " + r.why})
	losses := m.mapColumns(r.old, r.new)
	m.checkBefore(r)
	order := ""
	if rowid := rowidOf(m.old); rowid != "" {
		order = " ORDER BY " + rowid
		if alias := m.new.RowID(); alias != nil { // numbers that SQLite gives come behind those that are there
			if was := m.old.Column(definition.Fold(alias.Name)); was != nil && !alwaysHas(m.old, was) {
				order = " ORDER BY " + d.Quote(was.Name) + " IS NULL, " + rowid
			}
		}
	}
	insert := fmt.Sprintf("INSERT OR ABORT INTO %s (%s)\nSELECT %s\nFROM %s%s", m.temp, strings.Join(m.columns, ", "), strings.Join(m.values, ", "), m.from, order)
	d.step(plan.Step{SQL: insert, About: about})
	m.keepSequence(r.old.name, temp)
	m.checkAfter(r)
	d.step(plan.Step{SQL: "DROP TABLE " + m.from, About: about, Losses: losses, Why: "its rows are in " + temp})
	d.step(plan.Step{SQL: "ALTER TABLE " + m.temp + " RENAME TO " + d.Quote(r.new.name), About: about})
}

// free is a name that neither schema has, made of a wish.
func (d *differ) free(name string) string {
	taken := func(n string) bool {
		f := definition.Fold(n)
		for _, s := range []*schema{d.old, d.new} {
			if s.names[f] || s.indexes.by[f] != nil || s.triggers.by[f] != nil {
				return true
			}
		}
		return false
	}
	for i, wish := 2, name; taken(name); i++ {
		name = fmt.Sprintf("%s_%d", wish, i)
	}
	return name
}

// rowidOf is the name by which a table's rowid can be asked for, "" where it has none or columns hide it.
func rowidOf(t *definition.Table) string {
	if t.WithoutRowID {
		return ""
	}
	for _, name := range []string{"rowid", "_rowid_", "oid"} {
		if !t.Has(name) {
			return name
		}
	}
	return ""
}

// mapColumns says where the values of the new table's columns are from, and gives what is lost.
func (m *move) mapColumns(old, wanted *relation) (losses []plan.Loss) {
	d := m.d
	oldRow, newRow, alias := rowidOf(m.old), rowidOf(m.new), m.new.RowID()
	if oldRow != "" && newRow != "" && alias == nil {
		m.put(newRow, oldRow)
		m.key = "n." + newRow + " = o." + oldRow
	}
	for _, c := range m.new.Columns {
		was := m.old.Column(definition.Fold(c.Name))
		switch {
		case c.Generated != "":
			if was != nil && was.Generated == "" {
				loss := d.lostColumn(old, was)
				loss.What = "the values of the column, which is generated from now on"
				losses = append(losses, loss)
			}
		case was == nil && c == alias:
			if oldRow != "" {
				m.put(d.Quote(c.Name), oldRow)
				m.key = "n." + d.Quote(c.Name) + " = o." + oldRow
			}
		case was == nil:
			if answer := d.fill(old, wanted, c); answer != "" {
				m.put(d.Quote(c.Name), answer)
			}
		default:
			m.put(d.Quote(c.Name), m.value(old, c, was))
		}
	}
	if len(m.columns) == 0 { // nothing of the old table stays but how many rows it has
		for _, c := range m.new.Columns {
			if c.Generated == "" {
				value := c.DefaultText
				if value == "" {
					value = "NULL"
				}
				m.put(d.Quote(c.Name), value)
				break
			}
		}
	}
	for _, c := range m.old.Columns {
		if !m.new.Has(definition.Fold(c.Name)) && c.Generated == "" {
			losses = append(losses, d.lostColumn(old, c))
		}
	}
	if m.key == "" {
		m.key = m.pairs()
	}
	return losses
}

func (m *move) put(column, value string) {
	m.columns = append(m.columns, column)
	m.values = append(m.values, value)
}

// pairs is the condition that pairs rows by a primary key that both tables hold as it was.
func (m *move) pairs() string {
	for _, t := range []*definition.Table{m.new, m.old} {
		key := t.Key()
		if key == nil {
			continue
		}
		var parts []string
		for _, name := range key.Columns {
			a, b := m.old.Column(name), m.new.Column(name)
			if a == nil || b == nil || b.Generated != "" {
				break
			}
			parts = append(parts, "n."+m.d.Quote(b.Name)+" = o."+m.d.Quote(a.Name))
		}
		if len(parts) == len(key.Columns) {
			return strings.Join(parts, " AND ")
		}
	}
	return ""
}

// value is the expression by which a column's values are moved.
func (m *move) value(old *relation, c, was *definition.Column) string {
	d, value := m.d, m.d.Quote(was.Name)
	if m.new.Strict { // a STRICT column of bytes takes no text, and the other way round; the bytes are the same
		switch a, b := m.old.Affinity(was), m.new.Affinity(c); {
		case b == "blob" && c.Type == "blob" && !(m.old.Strict && a == "blob" && was.Type == "blob"):
			value = fmt.Sprintf("CASE typeof(%s) WHEN 'text' THEN CAST(%[1]s AS BLOB) ELSE %[1]s END", value)
		case b == "text" && !(m.old.Strict && a == "text"):
			value = fmt.Sprintf("CASE typeof(%s) WHEN 'blob' THEN CAST(%[1]s AS TEXT) ELSE %[1]s END", value)
		}
	}
	if m.mustHave(c) && !alwaysHas(m.old, was) && d.Backfill != nil {
		if answer := d.Backfill(old.schema, old.name, c.Name, suggest(m.new, c)); answer != "" {
			return "coalesce(" + value + ", " + answer + ")"
		}
	}
	return value
}

// mustHave tells whether the new table refuses NULL in a column, or makes something else of it.
func (m *move) mustHave(c *definition.Column) bool {
	return c.NotNull || c == m.new.RowID() || m.new.WithoutRowID && m.new.Key() != nil && slices.Contains(m.new.Key().Columns, definition.Fold(c.Name))
}

func alwaysHas(t *definition.Table, c *definition.Column) bool {
	return c.NotNull || c == t.RowID() || t.WithoutRowID && t.Key() != nil && slices.Contains(t.Key().Columns, definition.Fold(c.Name))
}

// fill is the value of a new column for the rows that are there: "" leaves it to the column's default. A column that needs a value
// and has none is asked for.
func (d *differ) fill(old, wanted *relation, c *definition.Column) string {
	needs := alwaysHas(wanted.table, c) && (c.Default == "" || c.Default == "null")
	if !needs || d.Empty != nil && d.Empty(old.schema, old.name) {
		return ""
	}
	suggested := suggest(wanted.table, c)
	if d.Backfill != nil {
		if answer := d.Backfill(old.schema, old.name, c.Name, suggested); answer != "" {
			return "(" + answer + ")"
		}
	}
	d.plan.Questions = append(d.plan.Questions, plan.Question{
		Object:    plan.Object{Kind: "column", Table: wanted.name, Name: c.Name},
		Text:      fmt.Sprintf("%s.%s is NOT NULL and has no default: which value do the rows get that are there?", wanted.name, c.Name),
		Suggested: suggested, Directive: "-- covet:backfill " + suggested,
	})
	return ""
}

// suggest is a value that a column takes; of the rowid NULL, for which SQLite takes the next number.
func suggest(t *definition.Table, c *definition.Column) string {
	if c == t.RowID() {
		return "NULL"
	}
	if c.Default != "" && c.Default != "null" {
		return c.DefaultText
	}
	switch t.Affinity(c) {
	case "text":
		return "''"
	case "blob":
		return "x''"
	}
	return "0"
}

// keepSequence hands AUTOINCREMENT's highest number on: rows that were deleted took numbers, too.
func (m *move) keepSequence(old, temp string) {
	a, b := m.old.Key(), m.new.Key()
	if a == nil || b == nil || !a.Autoincrement || !b.Autoincrement {
		return
	}
	text := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	m.d.step(plan.Step{SQL: "DELETE FROM sqlite_sequence WHERE name = " + text(temp), About: m.about, Why: "numbers that were given are not given again"})
	m.d.step(plan.Step{SQL: fmt.Sprintf("INSERT INTO sqlite_sequence (name, seq) SELECT %s, seq FROM sqlite_sequence WHERE name = %s", text(temp), text(old)), About: m.about})
}

// checkBefore looks for rows that the new table would refuse, to name them by what they are.
func (m *move) checkBefore(r rebuild) {
	for _, c := range m.new.Columns {
		was := m.old.Column(definition.Fold(c.Name))
		if was == nil || c.Generated != "" || !m.mustHave(c) || alwaysHas(m.old, was) || strings.HasPrefix(m.value(r.old, c, was), "coalesce(") {
			continue
		}
		m.d.step(plan.Step{
			SQL: fmt.Sprintf("SELECT * FROM %s WHERE %s IS NULL LIMIT 10", m.from, m.d.Quote(was.Name)), About: plan.Object{Kind: "column", Table: r.old.name, Name: was.Name},
			Check: fmt.Sprintf("rows of %s have no value in %s, which becomes NOT NULL: give them one first", r.old.name, was.Name),
		})
	}
	for _, k := range m.new.Constraints {
		if k.Kind != definition.Unique && k.Kind != definition.PrimaryKey || m.hadKey(k) {
			continue
		}
		var columns, present []string
		for _, name := range k.Columns {
			c, was := m.new.Column(name), m.old.Column(name)
			if c == nil || was == nil || c.Generated != "" || c.Collate != was.Collate || k.Collated || m.new.Affinity(c) != m.old.Affinity(was) {
				columns = nil
				break
			}
			columns = append(columns, m.d.Quote(was.Name))
			present = append(present, m.d.Quote(was.Name)+" IS NOT NULL")
		}
		if len(columns) == 0 {
			continue // SQLite tells it by itself, over the new values
		}
		m.d.step(plan.Step{
			SQL: fmt.Sprintf("SELECT %s, count(*) AS many FROM %s WHERE %s GROUP BY %[1]s HAVING count(*) > 1 LIMIT 10",
				strings.Join(columns, ", "), m.from, strings.Join(present, " AND ")),
			About: m.about, Check: fmt.Sprintf("rows of %s have the same %s, which becomes unique", r.old.name, strings.Join(k.Columns, ", ")),
		})
	}
}

// hadKey tells whether the old table kept the same columns unique.
func (m *move) hadKey(k *definition.Constraint) bool {
	return slices.ContainsFunc(m.old.Constraints, func(o *definition.Constraint) bool {
		return (o.Kind == definition.Unique || o.Kind == definition.PrimaryKey) && slices.Equal(o.Columns, k.Columns)
	})
}

// checkAfter holds the moved rows against the old ones: as many, and none whose value another type made something else of.
func (m *move) checkAfter(r rebuild) {
	m.d.step(plan.Step{
		SQL:   fmt.Sprintf("SELECT 1 WHERE (SELECT count(*) FROM %s) <> (SELECT count(*) FROM %s)", m.from, m.temp),
		About: m.about, Check: "not all rows of " + r.old.name + " were moved",
	})
	var lost, names []string
	for _, c := range m.new.Columns {
		was := m.old.Column(definition.Fold(c.Name))
		if was == nil || c.Generated != "" || converts(m.old.Affinity(was), m.new.Affinity(c)) == false {
			continue
		}
		o, n := "o."+m.d.Quote(was.Name), "n."+m.d.Quote(c.Name)
		lost = append(lost, fmt.Sprintf("(%s IS NOT NULL AND +%[1]s IS NOT +%[2]s AND (CAST(%[1]s AS TEXT) IS NOT CAST(%[2]s AS TEXT) OR typeof(%[1]s) = 'real' AND CAST(%[2]s AS REAL) <> +%[1]s))", o, n))
		names = append(names, was.Name)
	}
	if len(lost) == 0 {
		return
	}
	if m.key == "" {
		last := len(m.d.plan.Steps) - 1
		m.d.plan.Steps[last].Losses = append(m.d.plan.Steps[last].Losses, plan.Loss{
			Object: plan.Object{Kind: "column", Table: r.old.name, Name: names[0]}, What: "how values were written that the new type takes for numbers", Rows: true,
		})
		return
	}
	m.d.step(plan.Step{
		SQL:   fmt.Sprintf("SELECT o.* FROM %s AS o JOIN %s AS n ON %s WHERE %s LIMIT 10", m.from, m.temp, m.key, strings.Join(lost, " OR ")),
		About: m.about, Check: fmt.Sprintf("values of %s in %s are not the same by the new type", strings.Join(names, ", "), r.old.name),
	})
}

// converts tells whether a column of another affinity may make another value of one that it is given.
func converts(old, wanted string) bool { return old != wanted && wanted != "blob" }
