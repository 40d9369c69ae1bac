package sqlite_test

import (
	"testing"

	"github.com/covetsql/covetsql/migrate/diff/sqlite"
	"github.com/covetsql/covetsql/migrate/proof/fingerprint"
)

// SQLite writes new names into all that mentions them, in quotes of its own: that is no difference.
func TestWhatWasRenamedIsWhatIsMadeByThatName(t *testing.T) {
	const old = `create table p(id integer primary key, name text check (p.name <> 'name'), check (length(name) < 9));
		create table c(id integer primary key, pid int references p(id) on delete cascade, foreign key (pid) references p (id));
		create unique index pn on p(lower(name), id desc) where name is not null;
		create view v as select p.name as "Total", c.* from p join c on c.pid = p.id;
		create trigger g after update of name on p when old.name <> new.name begin update c set pid = new.id where exists (select 1 from p where p.name = new.name); end`
	const wanted = `CREATE TABLE people (id INTEGER PRIMARY KEY, full_name TEXT CHECK (full_name <> 'name'), CHECK (length(full_name) < 9));
		CREATE TABLE c (id INTEGER PRIMARY KEY, pid INT REFERENCES people (id) ON DELETE CASCADE, FOREIGN KEY (pid) REFERENCES people(id));
		CREATE UNIQUE INDEX pn ON people (lower(full_name), id DESC) WHERE full_name IS NOT NULL;
		CREATE VIEW v AS SELECT people.full_name AS "Total", c.* FROM people JOIN c ON c.pid = people.id;
		CREATE TRIGGER g AFTER UPDATE OF full_name ON people WHEN old.full_name <> new.full_name BEGIN UPDATE c SET pid = new.id WHERE EXISTS (SELECT 1 FROM people WHERE people.full_name = new.full_name); END`
	for _, rename := range []string{
		`alter table p rename to people; alter table people rename column name to full_name`,
		`alter table p rename column name to "full_name"; alter table p rename to "people"`,
		"alter table p rename to [people]; alter table `people` rename `name` to `full_name`",
	} {
		dir := t.TempDir()
		a, b := open(t, dir, old), open(t, dir, wanted)
		defer a.close()
		defer b.close()
		a.must(t, rename)
		p, err := sqlite.Diff(a.schema(t), b.schema(t), options)
		if err != nil || len(p.Steps) > 0 {
			t.Errorf("%s: %v\n%s", rename, err, text(p))
		}
		if diffs := fingerprint.Compare(a.print(t), b.print(t)); len(diffs) > 0 {
			t.Errorf("%s: %+v", rename, diffs)
		}
	}
}
