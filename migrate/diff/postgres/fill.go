package postgres

import (
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
)

// answer asks for the value of rows that have none, "" where nobody knows.
func (d *differ) answer(o *column, text string) string {
	suggested := d.suggestedFor(o)
	if d.o.Backfill != nil {
		if a := d.o.Backfill(o.t.Schema, o.t.Name, o.c.Name, suggested); a != "" {
			return a
		}
	}
	d.plan.Questions = append(d.plan.Questions, plan.Question{
		Object: plan.Object(o.id()), Text: text, Suggested: suggested, Directive: "-- covet:backfill " + or(suggested, "EXPRESSION"),
	})
	return ""
}

// answerNew asks for the value of a new column in the rows that are there.
func (d *differ) answerNew(o *column) string {
	why := "is NOT NULL"
	if !o.c.Postgres.NotNull {
		why = "takes no NULL, by its domain or a CHECK,"
	}
	return d.answer(o, "what is "+d.name(o.t.Schema, o.t.Name)+"."+d.quote(o.c.Name)+" for the rows that are there? It "+why+" and has no default")
}

// answerOld asks for the value where a column has none that is to have one.
func (d *differ) answerOld(o *column) string {
	return d.answer(o, "what is "+d.name(o.t.Schema, o.t.Name)+"."+d.quote(o.c.Name)+" where it is NULL now? It is to be NOT NULL")
}

// perBatch is how many rows a batch changes: their locks are held for less than a second.
const perBatch = 10000

// fill gives rows without a value one: in one statement, or online in batches, each of which commits.
func (o *column) fill(d *differ, expr string) []plan.Step {
	const why = "rows that are there need a value"
	if tables := o.batched(d); tables != nil {
		var out []plan.Step
		for _, t := range tables {
			s := step(o.id(), o.batch(d, t, expr))
			s.Batch, s.Why = true, why+"; it runs again until none is without"
			out = append(out, s)
		}
		return out
	}
	table, name := d.name(o.t.Schema, o.t.Name), d.quote(o.c.Name)
	sql := "UPDATE " + table + " SET " + name + " = " + expr + " WHERE " + name + " IS NULL"
	if number := d.rowNumber(o.t); strings.Contains(expr, number) { // once for all rows, not once for each
		row, same := "ctid", "covet_numbers.ctid = "+table+".ctid"
		if strings.Contains(number, "tableoid") {
			row, same = "tableoid, ctid", "covet_numbers.tableoid = "+table+".tableoid AND "+same
		}
		sql = "WITH covet_numbers AS MATERIALIZED (SELECT " + row + ", row_number() OVER () AS n FROM " + table + " WHERE " + name + " IS NULL) UPDATE " + table + " SET " + name + " = " +
			strings.ReplaceAll(expr, number, "covet_numbers.n") + " FROM covet_numbers WHERE " + same + " AND " + table + "." + name + " IS NULL"
	}
	s := step(o.id(), sql)
	s.Why = why
	s.Alone = d.online(o.t) // else the locks that the transaction holds are held for as long as it takes
	return []plan.Step{s}
}

// batch gives some of a table's rows without a value one. It counts the rows that have one afterwards, so that it comes to an end where a trigger
// puts NULL back: what then refuses the NULLs tells of it.
func (o *column) batch(d *differ, t *catalog.Table, expr string) string {
	table, name, limit := d.name(t.Schema, t.Name), d.quote(o.c.Name), strconv.Itoa(perBatch)
	rows := "WITH covet_rows AS MATERIALIZED (SELECT ctid FROM ONLY " + table + " WHERE " + name + " IS NULL LIMIT " + limit + " FOR NO KEY UPDATE), "
	update := "UPDATE ONLY " + table + " SET " + name + " = " + expr + " WHERE ctid = ANY (ARRAY(SELECT ctid FROM covet_rows)) AND " + name + " IS NULL"
	if number := d.rowNumber(o.t); strings.Contains(expr, number) {
		rows += "covet_numbers AS MATERIALIZED (SELECT ctid, row_number() OVER () AS n FROM covet_rows), "
		update = "UPDATE ONLY " + table + " SET " + name + " = " + strings.ReplaceAll(expr, number, "covet_numbers.n") + " FROM covet_numbers WHERE covet_numbers.ctid = " + table + ".ctid AND " + table + "." + name + " IS NULL"
	}
	return rows + "covet_filled AS (" + update + " RETURNING " + table + "." + name + ") SELECT FROM covet_filled WHERE " + name + " IS NOT NULL"
}

// batched are the tables whose rows are given values in batches: the column's, or its partitions. It is nil where all rows are changed at once: what
// runs after an UPDATE could take values away again that a batch counted, without end, and a value of the key may be one of another partition.
func (o *column) batched(d *differ) []*catalog.Table {
	t := o.t
	if !d.online(t) || t.HasChildren {
		return nil
	}
	keyed := func(of *catalog.Table) bool {
		return slices.ContainsFunc(words.FindAllString(of.Partition, -1), func(w string) bool { return strings.Trim(w, `"`) == o.c.Name })
	}
	tables := []*catalog.Table{t}
	if t.Partition != "" {
		if tables = nil; keyed(t) {
			return nil
		}
		for _, x := range partitionsOf(d.from, tableID(t)) {
			part := d.to.Table(x.Schema, x.Name)
			if part == nil || keyed(part) || len(part.Postgres.Parents) == 0 || d.dropped(x) || !d.kept(part, part.Postgres.Parents[0]) {
				return nil // when its rows come and go is not known here
			}
			if part.Partition == "" {
				tables = append(tables, part)
			}
		}
	}
	for _, of := range tables {
		was := d.from.Table(of.Schema, of.Name)
		if was == nil || was.HasChildren || of.Postgres.Server != "" || d.followsUpdate(of) {
			return nil
		}
	}
	return tables
}

// followsUpdate tells whether something of the user's runs after an UPDATE of a table's rows, or instead of it.
func (d *differ) followsUpdate(t *catalog.Table) bool {
	for _, s := range []*catalog.Snapshot{d.from, d.to} {
		for _, sc := range s.Schemas {
			if slices.ContainsFunc(sc.Triggers, func(g *catalog.Trigger) bool {
				return g.Schema == t.Schema && g.Table == t.Name && g.Timing == "AFTER" && slices.Contains(g.Events, "UPDATE")
			}) {
				return true
			}
		}
		if slices.ContainsFunc(s.Others, func(o *catalog.Object) bool { return o.Kind == "rule" && o.Schema == t.Schema && o.Table == t.Name }) {
			return true
		}
	}
	return false
}
