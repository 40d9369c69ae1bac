package sqlite_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/migrate/diff/sqlite"
	"github.com/covetsql/covetsql/migrate/plan"
	"github.com/covetsql/covetsql/migrate/proof/fingerprint"
)

// planned is the plan from one database to the schema of another text.
func (d *database) planned(t tb, dir, wanted string, o plan.Options) plan.Plan {
	t.Helper()
	w := open(t, dir, wanted)
	defer w.close()
	p, err := sqlite.Diff(d.schema(t), w.schema(t), o)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return p
}

// TestARebuildKeeps holds what other tools lose when they make a table anew.
func TestARebuildKeeps(t *testing.T) {
	for _, c := range []struct{ what, old, rows, wanted, query, want string }{
		{"rows of children that are deleted with their parents, over foreign keys that are on",
			"create table p(id integer primary key, a text); create table c(id integer primary key, p int references p(id) on delete cascade)",
			"insert into p values (1, 'x'), (2, 'y'); insert into c values (1, 1), (2, 2)",
			"create table p(id integer primary key, a text default 'z'); create table c(id integer primary key, p int references p(id) on delete cascade)",
			"select count(*) from c", "2"},
		{"rows that refer to rows of their own table",
			"create table p(id integer primary key, up int references p(id) on delete cascade)", "insert into p values (1, null), (2, 1), (3, 2)",
			"create table p(id integer primary key, up int references p(id) on delete cascade, check (id < 9))", "select count(*) from p", "3"},
		{"rows of tables that refer to each other and are both made anew",
			"create table a(id integer primary key, b int references b(id) on delete cascade); create table b(id integer primary key, a int references a(id) on delete cascade)",
			"insert into a values (1, null); insert into b values (1, 1); update a set b = 1",
			"create table a(id integer primary key, b int references b(id) on delete cascade, unique (b)); create table b(id integer primary key, a int references a(id) on delete cascade, unique (a))",
			"select (select count(*) from a where b = 1) || (select count(*) from b where a = 1)", "11"},
		{"the highest number that AUTOINCREMENT gave, though its row is gone",
			"create table p(id integer primary key autoincrement, a text)", "insert into p values (1, 'x'), (41, 'y'); delete from p where id = 41",
			"create table p(id integer primary key autoincrement, a text default 'z')", "insert into p(a) values ('n') returning id", "42"},
		{"the highest number where no row is left",
			"create table p(id integer primary key autoincrement, a text)", "insert into p values (41, 'y'); delete from p",
			"create table p(id integer primary key autoincrement, a text default 'z')", "insert into p(a) values ('n') returning id", "42"},
		{"rowids of a table without a key of its own, which an index of FTS5 refers to",
			"create table p(a text); create virtual table f using fts5(a, content=p)", "insert into p values ('gone'), ('stays'); insert into f(f) values ('rebuild'); delete from p where rowid = 1",
			"create table p(a text default 'z'); create virtual table f using fts5(a, content=p)", "select p.a from f join p on p.rowid = f.rowid where f match 'stays'", "stays"},
		{"a rowid that a column hides",
			"create table p(rowid text, a text)", "insert into p values ('x', 'y'), ('z', 'w'); delete from p where _rowid_ = 1",
			"create table p(rowid text, a text default 'z')", "select _rowid_ || rowid from p", "2z"},
		{"triggers, those of other tables and those of views among them",
			"create table p(id integer primary key, a text); create table l(x); create view v as select id from p; create trigger t1 after insert on p begin insert into l values ('t1'); end; create trigger t2 after insert on l when new.x = 't1' begin update p set a = 't2'; end; create trigger t3 instead of insert on v begin insert into p(id) values (new.id); end",
			"",
			"create table p(id integer primary key, a text default 'z'); create table l(x); create view v as select id from p; create trigger t1 after insert on p begin insert into l values ('t1'); end; create trigger t2 after insert on l when new.x = 't1' begin update p set a = 't2'; end; create trigger t3 instead of insert on v begin insert into p(id) values (new.id); end; insert into v values (7)",
			"select count(*) from sqlite_schema where type in ('trigger', 'view')", "4"},
		{"user_version and application_id",
			"create table p(id integer primary key, a text); pragma user_version = 7; pragma application_id = 9", "",
			"create table p(id integer primary key, a text default 'z')", "select (select user_version from pragma_user_version) || (select application_id from pragma_application_id)", "79"},
		{"a table that has the name a new one would get",
			"create table p(id integer primary key, a text); create table covet_new_p(x)", "insert into covet_new_p values ('mine')",
			"create table p(id integer primary key, a text default 'z'); create table COVET_NEW_P(x)", "select x from covet_new_p", "mine"},
		{"comments, collations, names of constraints and what to do on conflicts",
			"create table p(id integer primary key, a text)", "",
			"create table p(id integer primary key, -- the key\n a text collate nocase constraint n not null on conflict ignore)", "select count(*) from sqlite_schema where sql like '%-- the key%' and sql like '%constraint n not null on conflict ignore%'", "1"},
		{"rows that a new ON CONFLICT would leave out",
			"create table p(id integer primary key, a text)", "insert into p values (1, 'x'), (2, 'y')",
			"create table p(id integer primary key, a text unique on conflict replace)", "select count(*) from p", "2"},
		{"rows that broke a foreign key before",
			"create table p(id integer primary key); create table c(id integer primary key, p int references p(id))", "pragma foreign_keys = off; insert into c values (1, 99); pragma foreign_keys = on",
			"create table p(id integer primary key); create table c(id integer primary key, p int default 5 references p(id))", "select p from c", "99"},
		{"numbers that become texts",
			"create table p(id integer primary key, a integer)", "insert into p values (1, 12), (2, null), (3, 2.5)",
			"create table p(id integer primary key, a text)", "select group_concat(quote(a)) from p", "'12',NULL,'2.5'"},
		{"texts that become bytes where types are strict",
			"create table p(id integer primary key, a text)", "insert into p values (1, 'x')",
			"create table p(id integer primary key, a blob) strict", "select quote(a) from p", "X'78'"},
		{"the rows of a virtual table that is made again",
			"create virtual table f using fts5(a, b)", "insert into f(rowid, a, b) values (7, 'stays', 'y')",
			"create virtual table f using fts5(c, a, tokenize = 'porter unicode61')", "select rowid || a from f where f match 'stay'", "7stays"},
		{"the boxes of an index that is made again",
			"create virtual table r using rtree(id, l, h)", "insert into r values (7, 1, 2)",
			"create virtual table r using rtree(id, l, h, +more text)", "select id || l || h from r", "71.02.0"},
		{"an index over the rows of a table, which is built again",
			"create table p(id integer primary key, a text); create virtual table f using fts5(a, content=p, content_rowid=id)", "insert into p values (7, 'stays'); insert into f(f) values ('rebuild')",
			"create table p(id integer primary key, a text not null); create virtual table f using fts5(a, content=p, content_rowid=id, tokenize=porter)", "select rowid from f where f match 'stay'", "7"},
		{"what a generated column held, where it becomes a plain one",
			"create table p(id integer primary key, a int, b int as (a * 2))", "insert into p(id, a) values (1, 4)",
			"create table p(id integer primary key, a int, b int)", "select b from p", "8"},
	} {
		t.Run(c.what, func(t *testing.T) {
			dir := t.TempDir()
			d := open(t, dir, c.old)
			defer d.close()
			d.must(t, c.rows)
			if err := d.run(t, d.planned(t, dir, c.wanted, options)); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(d.rows(t, c.query), " "); got != c.want {
				t.Errorf("%s gives %s, not %s", c.query, got, c.want)
			}
		})
	}
}

// TestRowsThatDoNotFitEndThePlan: it says which rows and why, and nothing has changed.
func TestRowsThatDoNotFitEndThePlan(t *testing.T) {
	for _, c := range []struct{ old, rows, wanted, says string }{
		{"create table p(id integer primary key, a text)", "insert into p values (1, null)", "create table p(id integer primary key, a text not null)", "rows of p have no value in a, which becomes NOT NULL: give them one first"},
		{"create table p(id integer primary key, a text)", "insert into p values (1, 'x'), (2, 'x')", "create table p(id integer primary key, a text unique)", "rows of p have the same a, which becomes unique"},
		{"create table p(id integer primary key, a text)", "insert into p values (1, 'x')", "create table p(id integer primary key, a text check (a <> 'x'))", "CHECK constraint failed: a <> 'x'"},
		{"create table p(id integer primary key, a text)", "insert into p values (1, '007')", "create table p(id integer primary key, a integer)", "values of a in p are not the same by the new type"},
		{"create table p(id integer primary key, a text)", "insert into p values (1, '0.10')", "create table p(id integer primary key, a real)", "values of a in p are not the same by the new type"},
		{"create table p(id integer primary key, a integer)", "insert into p values (1, 9007199254740993)", "create table p(id integer primary key, a real)", "values of a in p are not the same by the new type"},
		{"create table p(id integer primary key, a integer)", "insert into p values (1, 'x')", "create table p(id integer primary key, a integer) strict", "cannot store TEXT value in INTEGER column"},
		{"create table p(id integer primary key, a integer)", "insert into p values (1, 5)", "create table p(id integer primary key, a integer references p(id))", "rows refer to rows that are not there"},
		{"create table p(id text primary key, a integer)", "insert into p values ('x', 5)", "create table p(id integer primary key, a integer)", "datatype mismatch"},
		{"create table p(id text, a text)", "insert into p values ('1', '1'), ('1', '2')", "create table p(id text, a text, primary key (id)) without rowid", "rows of p have the same id, which becomes unique"},
	} {
		t.Run(c.wanted, func(t *testing.T) {
			dir := t.TempDir()
			d := open(t, dir, c.old+"; create view v as select * from p; create trigger g after insert on p begin select 1 from v; end")
			defer d.close()
			d.must(t, c.rows)
			before, print := d.contents(t), d.print(t)
			o := options
			o.Backfill = nil
			err := d.run(t, d.planned(t, dir, c.wanted, o))
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("%v, wanted: %s", err, c.says)
			}
			if len(fingerprint.Compare(d.print(t), print)) > 0 || !same(d.contents(t)["p"]["a"], before["p"]["a"]) {
				t.Error("something stayed")
			}
		})
	}
}

func TestAColumnWithoutAValueIsAskedFor(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir, "create table p(id integer primary key)")
	defer d.close()
	const wanted = "create table p(id integer primary key, a text not null)"
	o := options
	o.Backfill = nil
	if p := d.planned(t, dir, wanted, o); len(p.Questions) != 1 || p.Questions[0].Suggested != "''" {
		t.Errorf("%s", text(p))
	}
	o.Empty = func(schema, table string) bool { return schema == "main" && table == "p" }
	if p := d.planned(t, dir, wanted, o); len(p.Questions) != 0 {
		t.Errorf("%s", text(p))
	}
	o.Empty, o.Backfill = nil, func(_, table, column, _ string) string { return "'" + table + "." + column + "'" }
	d.must(t, "insert into p values (1)")
	if err := d.run(t, d.planned(t, dir, wanted, o)); err != nil {
		t.Fatal(err)
	}
	if got := d.rows(t, "select a from p"); got[0] != "p.a" {
		t.Errorf("%q", got)
	}
}

// TestSmallChangesAreAltersWhereTheVersionHasThem holds that a table is not made anew for what SQLite does in place.
func TestSmallChangesAreAltersWhereTheVersionHasThem(t *testing.T) {
	const old = "create table p(id integer primary key, a text, b int); create index i on p(b)"
	for _, c := range []struct {
		wanted  string
		version int
		want    []string
	}{
		{"create table p(id integer primary key, a text, b int, c text); create index i on p(b)", 0, []string{`ALTER TABLE "p" ADD COLUMN c text`}},
		{"create table p(id integer primary key, c text not null default 'x' collate nocase, a text, b int); create index i on p(b)", 3026000, []string{`ALTER TABLE "p" ADD COLUMN c text not null default 'x' collate nocase`}},
		{"create table p(id integer primary key, a text, b int, c int check (c > 0) references p); create index i on p(b)", 3040000, []string{`ALTER TABLE "p" ADD COLUMN c int check (c > 0) references p`}},
		{"create table p(id integer primary key, a text)", 3035005, []string{`DROP INDEX "i"`, `ALTER TABLE "p" DROP COLUMN "b"`}},
		{"CREATE TABLE IF NOT EXISTS [P] (\"B\" INT, `id` INTEGER, A Text /* c */, PRIMARY KEY (id ASC)); create index I on P (B ASC)", 0, nil},
	} {
		dir := t.TempDir()
		d := open(t, dir, old)
		o := options
		o.Version = c.version
		var got []string
		p := d.planned(t, dir, c.wanted, o)
		for _, s := range p.Steps {
			got = append(got, s.SQL)
		}
		if !slices.Equal(got, c.want) || p.ForeignKeysOff {
			t.Errorf("%s:\n%s", c.wanted, text(p))
		}
		d.close()
	}
	d := open(t, t.TempDir(), old)
	defer d.close()
	if p := d.planned(t, t.TempDir(), "create table p(id integer primary key, a text)", plan.Options{}); !p.ForeignKeysOff {
		t.Errorf("DROP COLUMN is used by an unknown version:\n%s", text(p))
	}
}
