package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/covetsql/covetsql/migrate"
	"github.com/covetsql/covetsql/migrate/plan"
)

// file is a plan as the text of a migration.
func file(p plan.Plan) string {
	var b strings.Builder
	if p.ForeignKeysOff {
		b.WriteString("-- covet:foreign_keys off\n")
	}
	for _, s := range p.Steps {
		if s.Check != "" {
			b.WriteString("-- " + s.Check + "\n-- covet:check\n")
		}
		b.WriteString(s.SQL + ";\n")
	}
	return b.String()
}

// TestThePlanIsAMigrationOfTheRunner: what a plan says beside its SQL is what the runner knows.
func TestThePlanIsAMigrationOfTheRunner(t *testing.T) {
	const first = `create table p(id integer primary key autoincrement, a text);
		create table c(id integer primary key, p int references p(id) on delete cascade);
		create view v as select a from p; -- a view; of p
		create trigger g after insert on c begin update p set a = 'g' where id = new.p; end;`
	second := strings.NewReplacer("a text", "a text not null default 'x'", "p int", "p int not null").Replace(first)
	dir := t.TempDir()
	from, to := open(t, dir, first), open(t, dir, second)
	defer from.close()
	defer to.close()
	up := from.planned(t, dir, second, plan.Options{})
	down := to.planned(t, dir, first, plan.Options{})
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "live.db")+"?_pragma=foreign_keys(1)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	files := fstest.MapFS{
		"covet.sum":    {},
		"1_a.up.sql":   {Data: []byte(first + "\ninsert into p(id, a) values (1, 'x'), (41, 'y'); insert into c values (1, 1); delete from p where id = 41;")},
		"1_a.down.sql": {Data: []byte("select 1;")},
		"2_b.up.sql":   {Data: []byte(file(up))}, "2_b.down.sql": {Data: []byte(file(down))},
	}
	r := migrate.Runner{DB: db, Engine: migrate.SQLite, FS: files}
	if _, err := r.Apply(ctx, migrate.ApplyOptions{}); err != nil {
		t.Fatalf("%v\n%s", err, file(up))
	}
	state := func() string {
		t.Helper()
		var out string
		if err := db.QueryRowContext(ctx, `select (select count(*) from c) || (select seq from sqlite_sequence) || (select count(*) from sqlite_schema where type in ('view', 'trigger')) || (select foreign_keys from pragma_foreign_keys) || (select legacy_alter_table from pragma_legacy_alter_table) || (select "notnull" from pragma_table_xinfo('c') where name = 'p')`).Scan(&out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	if got := state(); got != "1412101" {
		t.Errorf("after the way up: %s", got)
	}
	if _, err := r.Down(ctx, 1, false); err != nil {
		t.Fatalf("%v\n%s", err, file(down))
	}
	if got := state(); got != "1412100" {
		t.Errorf("after the way down: %s", got)
	}
}
