package sqlite_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/covetsql/covetsql/migrate/diff/sqlite"
	"github.com/covetsql/covetsql/migrate/proof/fingerprint"
)

// drawn makes schemas: names are few, so that two schemas have most of them in common.
type drawn struct{ t *rapid.T }

func (d drawn) one(of ...string) string { return rapid.SampledFrom(of).Draw(d.t, "one") }
func (d drawn) odds(n int) bool         { return rapid.IntRange(0, n-1).Draw(d.t, "odds") == 0 }

var tableNames = []string{"a", "B b", "order", "d"}

func tableName(d drawn) string {
	switch name := d.one(tableNames...); {
	case strings.Contains(name, " ") || name == "order":
		return d.one(`"`+name+`"`, "["+name+"]", "`"+name+"`")
	case d.odds(3):
		return `"` + name + `"`
	default:
		return d.one(name, strings.ToUpper(name))
	}
}

func columnName(d drawn) string {
	return d.one("x", "y", `"z z"`, "W", `"x"`, "Y", "Ä")
}

func expression(d drawn, column string) string {
	return d.one(column+" <> 5", "length("+column+") < 9", column+` <> "five"`, "coalesce("+column+", 1) <> 'p''q'", column+" IN (1, 2, 3, '1', '2', '3') OR "+column+" IS NULL")
}

// column is a column's definition.
func column(d drawn, name string) string {
	parts := []string{name, d.one("", "integer", "INT", "text", "TEXT", "varchar (20)", "real", "blob", "numeric", "DATETIME", "double precision", "any")}
	if d.odds(9) {
		other := columnName(d)
		if other != name {
			return strings.Join(append(parts, d.one("generated always as ("+other+" || 'q')", "AS ("+other+")"), d.one("", "stored", "virtual")), " ")
		}
	}
	clauses := []string{
		d.one("", "", "not null", "NOT NULL ON CONFLICT replace", "null", "CONSTRAINT nn not null"),
		d.one("", "", "default 1", "default 'x'", `default "q"`, "DEFAULT (1+1)", "default current_timestamp", "default -3", "DEFAULT null", "default x'00'"),
		d.one("", "", "collate nocase", "COLLATE binary", "collate rtrim"),
	}
	if d.odds(5) {
		clauses = append(clauses, d.one("", "constraint ck ")+"check ("+expression(d, name)+")")
	}
	if d.odds(6) {
		clauses = append(clauses, d.one("unique", "UNIQUE ON CONFLICT ignore", "constraint u unique on conflict replace"))
	}
	if d.odds(4) {
		clauses = append(clauses, "references "+tableName(d)+d.one("", "(id)", "(x)")+d.one("", " on delete cascade", " ON UPDATE SET NULL on delete set default", " match full", " deferrable initially deferred", " on delete no action not deferrable"))
	}
	clauses = rapid.Permutation(clauses).Draw(d.t, "clauses")
	return strings.Join(append(parts, clauses...), " ")
}

// table is a CREATE TABLE, of columns some of which are an earlier table's.
func table(d drawn, name string, earlier map[string]string) (string, map[string]string) {
	columns := map[string]string{}
	var items []string
	withoutRowID := d.odds(6)
	key := d.one("id integer primary key", "id integer primary key", "id integer primary key autoincrement", "ID INTEGER PRIMARY KEY", "id int primary key", "id integer", "id text primary key", "id integer primary key desc")
	if was, ok := earlier["id"]; ok && !d.odds(4) {
		key = was
	}
	if withoutRowID {
		key = "id integer primary key"
	}
	columns["id"] = key
	items = append(items, key)
	for range rapid.IntRange(0, 4).Draw(d.t, "columns") {
		c := columnName(d)
		folded := strings.ToLower(strings.Trim(c, `"`))
		if columns[folded] != "" {
			continue
		}
		text := earlier[folded]
		if text == "" || d.odds(4) {
			text = column(d, c)
		}
		columns[folded] = text
		items = append(items, text)
	}
	items = append(items[:1:1], rapid.Permutation(items[1:]).Draw(d.t, "order")...)
	some := func() string { return columnName(d) }
	for range rapid.IntRange(0, 2).Draw(d.t, "constraints") {
		if !d.odds(3) {
			continue
		}
		items = append(items, d.one("", "constraint k1 ", `CONSTRAINT "k 2" `)+d.one("unique ("+some()+")", "UNIQUE (id, "+some()+" collate nocase) on conflict fail", "check ("+expression(d, some())+")",
			"foreign key ("+some()+") references "+tableName(d)+d.one("", "(id)", "(x)")+" on delete cascade", "check ("+name+"."+some()+" <> 77)", "primary key (id, "+some()+" desc)"))
	}
	tail := d.one("", "", "strict")
	if withoutRowID {
		tail = d.one("without rowid", "strict, WITHOUT ROWID")
	}
	return "create table " + d.one("", "if not exists ") + name + d.one(" (", "(\n  ") + strings.Join(items, d.one(", ", " -- first, 'of\n, ", "/* ; */,\n\t")) + ") " + tail, columns
}

// pair is two schemas, as statements, of which the second has much of the first.
func pair(d drawn) (a, b []string) {
	sides := make([][]string, 2)
	kept := map[string]map[string]string{}
	for side := range sides {
		for _, n := range tableNames {
			if d.odds(5) {
				continue
			}
			name := `"` + n + `"`
			if side == 1 && d.odds(2) {
				if i := slices.IndexFunc(sides[0], func(s string) bool { return strings.HasPrefix(s, "create table") && strings.Contains(s, name) }); i >= 0 {
					sides[1] = append(sides[1], sides[0][i])
					continue
				}
			}
			text, columns := table(d, name, kept[n])
			kept[n] = columns
			sides[side] = append(sides[side], text)
		}
		if side == 1 {
			for _, s := range sides[0] {
				if !strings.HasPrefix(s, "create table") && !d.odds(3) {
					sides[1] = append(sides[1], s)
				}
			}
		}
		for i := range rapid.IntRange(0, 3).Draw(d.t, "indexes") {
			sides[side] = append(sides[side], fmt.Sprintf("create %s index %s i%d on %s (%s)%s", d.one("", "unique"), d.one("", "if not exists"), i, tableName(d),
				d.one("x", "id, y desc", "Y COLLATE nocase", "lower(x), y"), d.one("", "", " where id > 1", ` where x <> "q"`)))
		}
		for i := range rapid.IntRange(0, 3).Draw(d.t, "views") {
			sides[side] = append(sides[side], fmt.Sprintf("create view %s v%d as %s", d.one("", "if not exists"), i, d.one(
				"select * from "+tableName(d), "select id, x as \"Total\" from "+tableName(d), "SELECT v.id FROM "+tableName(d)+" v join "+tableName(d)+" using (id)",
				"select id from v0", "select count(*) n from v1", "select 'a' as id")))
		}
		for i := range rapid.IntRange(0, 3).Draw(d.t, "triggers") {
			body := d.one("delete from "+tableName(d)+" where id = 99", "insert or ignore into "+tableName(d)+"(id) values (50)", "update "+tableName(d)+" set x = x where id = new.id", "select 1 from v1", "select raise(ignore) where 0")
			when := d.one("before insert on ", "after update of x on ", "AFTER INSERT ON ", "after update on ")
			on := tableName(d)
			if d.odds(3) {
				when, on = "instead of insert on ", d.one("v0", "v1")
			}
			sides[side] = append(sides[side], fmt.Sprintf("create trigger t%d %s%s %s begin %s; end", i, when, on, d.one("", "for each row", "when new.id > 3"), body))
		}
		if d.odds(5) {
			sides[side] = append(sides[side], d.one("create virtual table f using fts5(x)", "create virtual table f using fts5(x, y)", "create virtual table r using rtree(id, l, h)"))
		}
	}
	return sides[0], sides[1]
}

// build runs what of a schema SQLite takes, and leaves out views and triggers that can't be used.
func build(t tb, dir string, statements []string) *database {
	t.Helper()
	d := open(t, dir, "")
	for _, s := range statements {
		_, _ = d.ExecContext(ctx, s)
	}
	for more := true; more; {
		more = false
		for _, v := range d.rows(t, "SELECT name FROM sqlite_schema WHERE type = 'view'") {
			if _, err := d.ExecContext(ctx, "SELECT * FROM "+v+" LIMIT 0"); err != nil {
				d.must(t, "DROP VIEW "+v)
				more = true
			}
		}
	}
	for _, v := range d.rows(t, "SELECT name FROM sqlite_schema WHERE type = 'trigger'") {
		on := d.rows(t, "SELECT tbl_name FROM sqlite_schema WHERE name = '"+v+"'")[0]
		_, insert := d.ExecContext(ctx, `EXPLAIN INSERT INTO "`+on+`" DEFAULT VALUES`)
		_, update := d.ExecContext(ctx, `EXPLAIN UPDATE "`+on+`" SET x = 1`)
		if insert != nil || update != nil && !strings.Contains(update.Error(), "no such column: x") && !strings.Contains(update.Error(), "cannot modify") {
			d.must(t, "DROP TRIGGER "+v)
		}
	}
	return d
}

// fill puts rows of all kinds of values into every table that takes them.
func (d *database) fill(t tb, r drawn) {
	t.Helper()
	d.must(t, "PRAGMA foreign_keys = OFF")
	if !r.odds(3) {
		d.must(t, "PRAGMA foreign_keys = ON")
	}
	for range 2 {
		for _, table := range d.rows(t, "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'") {
			columns := d.rows(t, `SELECT '"' || name || '"' FROM pragma_table_xinfo('`+table+`') WHERE hidden = 0`)
			for i := range rapid.IntRange(0, 3).Draw(r.t, "rows") {
				values := make([]string, len(columns))
				for k, c := range columns {
					values[k] = r.one(fmt.Sprint(i+1), fmt.Sprint(i+1), fmt.Sprint(i+1), "NULL", fmt.Sprintf("'%d'", i+1), "'text'", "2.5")
					if strings.EqualFold(c, `"id"`) {
						values[k] = fmt.Sprint(i + 1)
					}
				}
				_, _ = d.ExecContext(ctx, fmt.Sprintf(`INSERT INTO "%s" (%s) VALUES (%s)`, table, strings.Join(columns, ", "), strings.Join(values, ", ")))
			}
			if r.odds(3) { // numbers that were given and are free again
				_, _ = d.ExecContext(ctx, fmt.Sprintf(`INSERT INTO "%s" (id) VALUES (40)`, table))
				_, _ = d.ExecContext(ctx, fmt.Sprintf(`DELETE FROM "%s" WHERE id = 40`, table))
			}
		}
	}
	d.must(t, "PRAGMA foreign_keys = ON")
}

// refusals are what a plan may end with over rows that the wanted schema does not take, or over a trigger that can't run as it is. All
// else is a mistake of the plan.
var refusals = []string{"constraint failed", "datatype mismatch", "cannot store", "by the new type", "refer to rows that are not there", "becomes NOT NULL", "becomes unique", "generated column loop", "type mismatch on DEFAULT", ": no such column: x"}

// TestAnySchemaBecomesAnyOtherOrNothingHappens draws schemas with rows: the plan's way ends in the wanted schema with all rows and
// values that were not told as lost, or it ends where a row can't be, and then nothing has changed.
func TestAnySchemaBecomesAnyOtherOrNothingHappens(t *testing.T) {
	dir := t.TempDir()
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		if dir, err = os.MkdirTemp("/dev/shm", "covetsql"); err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
	}
	done, refused := 0, map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		r := drawn{rt}
		first, second := pair(r)
		a, b := build(rt, dir, first), build(rt, dir, second)
		defer a.close()
		defer b.close()
		a.fill(rt, r)
		o := options
		o.Version = rapid.SampledFrom([]int{0, 3034000, 3037000, 3040000, 3053004}).Draw(rt, "version")
		if r.odds(2) {
			o.Backfill = nil
		}
		p, err := sqlite.Diff(a.schema(rt), b.schema(rt), o)
		if err != nil {
			if o.Version != 0 && o.Version < 3037000 && strings.Contains(err.Error(), "came with SQLite") {
				return
			}
			rt.Fatalf("%v", err)
		}
		before, print := a.contents(rt), a.print(rt)
		rows := fmt.Sprint(before)
		sequence, violations := a.sequence(rt), a.violations(rt, false)
		if err := a.run(rt, p); err != nil {
			if i := slices.IndexFunc(refusals, func(s string) bool { return strings.Contains(err.Error(), s) }); i < 0 && len(p.Questions) == 0 {
				rt.Fatalf("%v\n\n%s", err, text(p))
			} else if i >= 0 {
				refused[refusals[i]]++
			}
			if fmt.Sprint(a.contents(rt)) != rows || len(fingerprint.Compare(a.print(rt), print)) > 0 {
				rt.Fatalf("something stayed of a plan that was given up: %v", err)
			}
			return
		}
		done++
		if diffs := fingerprint.Compare(a.print(rt), b.print(rt)); len(diffs) > 0 {
			rt.Fatalf("%+v\n\n%s", diffs, text(p))
		}
		a.moved(rt, before, p)
		again, err := sqlite.Diff(a.schema(rt), b.schema(rt), o)
		if err != nil || len(again.Steps) > 0 {
			rt.Fatalf("the second diff is not empty: %v\n%s", err, text(again))
		}
		for name, now := range a.sequence(rt) {
			if was := sequence[name]; was != "" && len(a.rows(rt, "SELECT 1 FROM sqlite_schema WHERE sql LIKE '%autoincrement%' AND name = '"+name+"'")) > 0 && len(was) > len(now) {
				rt.Fatalf("the next number of %s was over %s and is over %s\n%s", name, was, now, text(p))
			}
		}
		for name, now := range a.violations(rt, true) {
			if was, known := violations[name]; known && now > was {
				rt.Fatalf("%d rows of %s break foreign keys, %d did\n%s", now, name, violations[name], text(p))
			}
		}
	})
	t.Logf("%d done, refused %v", done, refused)
}

// sequence are the numbers that AUTOINCREMENT gave last.
func (d *database) sequence(t tb) map[string]string {
	out := map[string]string{}
	if len(d.rows(t, "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'")) > 0 {
		for _, s := range d.rows(t, "SELECT name || '=' || seq FROM sqlite_sequence") {
			name, seq, _ := strings.Cut(s, "=")
			out[name] = seq
		}
	}
	return out
}

// violations are how many rows of each table break its foreign keys, where SQLite can tell. dangling leaves out tables that refer to
// none that is there.
func (d *database) violations(t tb, dangling bool) map[string]int {
	out := map[string]int{}
	for _, name := range d.rows(t, "SELECT name FROM sqlite_schema WHERE type = 'table'") {
		if dangling && len(d.rows(t, fmt.Sprintf(`SELECT 1 FROM pragma_foreign_key_list('%s') WHERE lower("table") NOT IN (SELECT lower(name) FROM sqlite_schema WHERE type = 'table')`, name))) > 0 {
			continue // the schema itself wants what can't be
		}
		rows, err := d.QueryContext(ctx, "SELECT 1 FROM pragma_foreign_key_check(?)", name)
		if err != nil {
			continue
		}
		out[strings.ToLower(name)] = 0
		for rows.Next() {
			out[strings.ToLower(name)]++
		}
		if rows.Err() != nil {
			delete(out, strings.ToLower(name))
		}
		rows.Close()
	}
	return out
}
