package migrate

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/internal/testkit"
)

func TestWhatStatementsDestroyIsReadFromTheirWords(t *testing.T) {
	for _, c := range []struct {
		d    token.Dialect
		sql  string
		want string
	}{
		{token.PostgreSQL, `DROP TABLE IF EXISTS Users, app."People" CASCADE`, "[table users: the rows of the table table app.People: the rows of the table]"},
		{token.PostgreSQL, `/* x */ ALTER TABLE IF EXISTS ONLY app.users ADD b numeric(1, 2), DROP COLUMN IF EXISTS a CASCADE, drop "B b", DROP CONSTRAINT k`, "[column app.users.a: the values of the column column app.users.B b: the values of the column]"},
		{token.PostgreSQL, `ALTER TABLE users ALTER COLUMN a DROP NOT NULL, ALTER b DROP DEFAULT, ALTER c DROP IDENTITY IF EXISTS`, "[]"},
		{token.PostgreSQL, `ALTER TABLE t DROP index`, "[column t.index: the values of the column]"},
		{token.PostgreSQL, `ALTER TYPE pair DROP ATTRIBUTE IF EXISTS a CASCADE, ADD ATTRIBUTE b int`, "[attribute pair.a: the values of the attribute]"},
		{token.PostgreSQL, `ALTER TYPE mood RENAME VALUE 'drop' TO 'b'`, "[]"},
		{token.PostgreSQL, `DROP INDEX CONCURRENTLY i`, "[]"},
		{token.PostgreSQL, `DROP VIEW v CASCADE`, "[]"},
		{token.PostgreSQL, `DROP SCHEMA app`, "[]"},
		{token.PostgreSQL, `DROP SCHEMA IF EXISTS app CASCADE`, "[schema app: all that is in it]"},
		{token.PostgreSQL, `DROP TYPE mood CASCADE`, "[type mood: the columns that rest on it]"},
		{token.PostgreSQL, `DROP TYPE mood`, "[]"},
		{token.PostgreSQL, `TRUNCATE TABLE ONLY a, b RESTART IDENTITY`, "[table a: the rows of the table table b: the rows of the table]"},
		{token.PostgreSQL, `DELETE FROM ONLY a WHERE id = 1`, "[table a: the rows that are deleted]"},
		{token.PostgreSQL, `WITH gone AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM gone`, "[the rows that are deleted]"},
		{token.PostgreSQL, `UPDATE a SET b = 'delete from a'`, "[]"},
		{token.PostgreSQL, `DO $$ BEGIN DELETE  FROM a; END $$`, "[what the block does with its DELETE FROM]"},
		{token.PostgreSQL, `CALL tidy(1)`, "[what the procedure tidy does is not known]"},
		{token.MySQL, "ALTER TABLE `t` DROP INDEX i, DROP PRIMARY KEY, DROP FOREIGN KEY f, DROP CHECK k, DROP `c`, ALGORITHM=INPLACE", "[column t.c: the values of the column]"},
		{token.MySQL, "ALTER TABLE t DROP PARTITION p1", "[table t: the rows of the partitions]"},
		{token.MySQL, "ALTER TABLE t TRUNCATE PARTITION p1", "[table t: the rows of the partitions]"},
		{token.MySQL, "ALTER TABLE t DROP SYSTEM VERSIONING", "[table t: the old versions of the rows]"},
		{token.MySQL, "DELETE LOW_PRIORITY QUICK FROM t", "[table t: the rows that are deleted]"},
		{token.MySQL, "DROP TEMPORARY TABLE t", "[]"},
		{token.MySQL, "DROP DATABASE d", "[database d: all that is in it]"},
		{token.MySQL, "CREATE OR REPLACE TABLE t (a int)", "[table t: the rows of the table]"},
		{token.SQLite, "ALTER TABLE [t] DROP [a b]", "[column t.a b: the values of the column]"},
	} {
		var got []string
		for _, x := range destroyed(c.sql, c.d) {
			got = append(got, x.what)
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s\ngot  %v\nwant %s", c.sql, got, c.want)
		}
	}
}

// `migrate down` took back a migration with its rows and asked nobody.
func TestDownAsksBeforeRowsAreLost(t *testing.T) {
	everywhere(t, func(t *testing.T, s server, db *sql.DB) {
		ctx := context.Background()
		r := &Runner{DB: db, Engine: s.engine, Options: Options{Approve: Refuse}, FS: own(
			"1_a", "CREATE TABLE a (id int PRIMARY KEY);", "!1_a", "-- lost: table public.a: the rows of the table\nDROP TABLE a;",
			"2_b", "ALTER TABLE a ADD COLUMN b int;", "!2_b", "-- the way back\nALTER TABLE a DROP COLUMN b;",
			"3_c", "CREATE INDEX i ON a (id);", "!3_c", map[Engine]string{MySQL: "DROP INDEX i ON a;"}[s.engine]+map[bool]string{true: "DROP INDEX i;"}[s.engine != MySQL])}
		apply(t, r)
		if rep, err := r.Down(ctx, 1, false); err != nil || steps_(rep) != "3" {
			t.Fatalf("%+v %v", rep, err)
		}
		_, err := r.Down(ctx, 2, false)
		wantError(t, err, ErrLoses, "2_b.down.sql:2: column a.b: the values of the column", "1_a.down.sql:2: table public.a: the rows of the table", "--allow-drop")
		if got := states(t, r); got != "1 applied, 2 applied, 3 pending" {
			t.Error(got)
		}
		dry, err := r.Down(ctx, 1, true)
		if err != nil || len(dry.Steps) != 1 || fmt.Sprint(dry.Steps[0].Statements[0].Loses) != "[column a.b: the values of the column]" {
			t.Errorf("%+v %v", dry, err)
		}
		r.Approve = func(lost []Loss) error {
			if len(lost) != 2 || lost[0].Version != "2" {
				t.Error(lost)
			}
			return nil
		}
		if rep, err := r.Down(ctx, 2, false); err != nil || steps_(rep) != "2 1" {
			t.Fatalf("%+v %v", rep, err)
		}
	})
}

func TestATableThatIsMadeAnewLosesWhatWasNotCopied(t *testing.T) {
	s := testkit.SQLite(t)
	db := s.Open(t, s.NewDatabase(t))
	for _, c := range []struct{ down, want string }{
		{"CREATE TABLE t (id INTEGER, b); INSERT INTO t (id, b) SELECT id, \"b\" FROM a; DROP TABLE a; ALTER TABLE t RENAME TO a;", ""},
		{"CREATE TABLE t AS SELECT * FROM a; DROP TABLE a; ALTER TABLE t RENAME TO a;", ""},
		{"CREATE TABLE t (id INTEGER); INSERT INTO t SELECT id FROM a; DROP TABLE a; ALTER TABLE t RENAME TO a;", "d.sql:1: column a.b: the values of the column"},
		{"CREATE TABLE t (id INTEGER, b); INSERT INTO t SELECT id, b FROM a WHERE id > 0; DROP TABLE a;", "d.sql:1: table a: the rows of the table"},
		{"CREATE TABLE t (id INTEGER, b); INSERT INTO t SELECT id, b FROM c; DROP TABLE a;", "d.sql:1: table a: the rows of the table"},
		{"-- lost: column a.b: digits\nCREATE TABLE t AS SELECT * FROM a; DROP TABLE a;", "d.sql:2: column a.b: digits"},
	} {
		run(t, db, "DROP TABLE IF EXISTS covetsql_migrations")
		run(t, db, "DROP TABLE IF EXISTS a")
		var got string
		r := &Runner{DB: db, Engine: SQLite, FS: own("1_d", "CREATE TABLE a (id INTEGER, b);", "!1_d", c.down), Options: Options{Approve: func(lost []Loss) error {
			for _, l := range lost {
				got += l.String()[len("1_d.down.sql"):]
			}
			return Refuse(lost)
		}}}
		apply(t, r)
		_, err := r.Down(context.Background(), 1, false)
		if (err == nil) != (c.want == "") || got != c.want[min(len("d.sql"), len(c.want)):] {
			t.Errorf("%s\n%s %v", c.down, got, err)
		}
		run(t, db, "DROP TABLE IF EXISTS t")
	}
}
