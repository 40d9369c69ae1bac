package hazard_test

import (
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/migrate/hazard"
)

// TestSQLiteRefusals holds what is announced as refused, or as failing where a table has rows, against the engine.
func TestSQLiteRefusals(t *testing.T) {
	const schema = `CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT UNIQUE, age INT CHECK (age > 0), note TEXT, born TEXT, place TEXT, twice INT AS (age * 2));
CREATE TABLE book (id INTEGER PRIMARY KEY, author INT REFERENCES author (id) ON DELETE CASCADE, title TEXT);
CREATE INDEX author_born ON author (born);
CREATE TABLE logged (id INTEGER PRIMARY KEY, a INT, b INT, c INT, d INT);
CREATE TRIGGER of_b AFTER UPDATE OF b ON logged BEGIN SELECT 1; END;
CREATE TRIGGER new_c AFTER INSERT ON logged BEGIN INSERT INTO book (title) VALUES (NEW.c); END;
CREATE VIEW places AS SELECT place FROM author;
`
	s, diags := compiler.ReadSchema(source.NewFile("schema.sql", schema), catalog.SQLite)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	server := testkit.SQLite(t)
	for _, statement := range []string{
		"ALTER TABLE author ADD COLUMN x INT", "ALTER TABLE author ADD COLUMN x INT NOT NULL", "ALTER TABLE author ADD COLUMN x INT NOT NULL DEFAULT 1",
		"ALTER TABLE author ADD COLUMN x INT UNIQUE", "ALTER TABLE author ADD COLUMN x INT PRIMARY KEY", "ALTER TABLE author ADD COLUMN x TEXT DEFAULT CURRENT_TIMESTAMP",
		"ALTER TABLE author ADD COLUMN x INT DEFAULT (1 + 1)", "ALTER TABLE author ADD COLUMN x INT DEFAULT -1", "ALTER TABLE author ADD COLUMN x INT AS (age + 1) STORED",
		"ALTER TABLE author ADD COLUMN x INT AS (age + 1) VIRTUAL", "ALTER TABLE author ADD COLUMN x INT REFERENCES author (id)",
		"ALTER TABLE author ADD COLUMN x INT DEFAULT 1 REFERENCES author (id)", "ALTER TABLE author ADD COLUMN name TEXT",
		"ALTER TABLE author DROP COLUMN id", "ALTER TABLE author DROP COLUMN name", "ALTER TABLE author DROP COLUMN age", "ALTER TABLE author DROP COLUMN note",
		"ALTER TABLE author DROP COLUMN born", "ALTER TABLE author DROP COLUMN place", "ALTER TABLE book DROP COLUMN author", "ALTER TABLE book DROP COLUMN title",
		"ALTER TABLE author DROP COLUMN nope", "ALTER TABLE author RENAME COLUMN note TO remark", "ALTER TABLE author RENAME TO writer",
		"ALTER TABLE nope ADD COLUMN x INT", "DROP TABLE nope", "ALTER TABLE logged DROP COLUMN a", "ALTER TABLE logged DROP COLUMN b", "ALTER TABLE logged DROP COLUMN c", "ALTER TABLE logged DROP COLUMN d", "DROP TABLE IF EXISTS nope", "CREATE TABLE author (id INT)",
	} {
		db := server.NewDatabase(t)
		server.Exec(t, db, schema+"INSERT INTO author (id, name, age) VALUES (1, 'a', 5); INSERT INTO book VALUES (1, 1, 't');")
		conn := server.Open(t, db)
		_, err := conn.Exec(statement)
		e := hazard.Statements(side(t, catalog.SQLite, statement+";"), s, hazard.Options{})[0]
		announced := e.Refused != "" || e.FailsOnRows != ""
		if (err != nil) != announced {
			t.Errorf("%s: the engine says %v, announced %q, %q", statement, err, e.Refused, e.FailsOnRows)
		}
		conn.Close()
	}
}

// TestSQLiteOutsideOfTransactions: what the engine refuses within a transaction is announced, and nothing else.
func TestSQLiteOutsideOfTransactions(t *testing.T) {
	s, _ := compiler.ReadSchema(source.NewFile("schema.sql", "CREATE TABLE t (a INT);"), catalog.SQLite)
	server := testkit.SQLite(t)
	for _, statement := range []string{"VACUUM", "PRAGMA synchronous = OFF", "PRAGMA user_version = 7", "CREATE INDEX i ON t (a)"} {
		e := hazard.Statements(side(t, catalog.SQLite, statement+";"), s, hazard.Options{})[0]
		db := server.Open(t, server.NewDatabase(t))
		db.SetMaxOpenConns(1)
		for _, q := range []string{"CREATE TABLE t (a INT)", "BEGIN", "INSERT INTO t VALUES (1)"} {
			if _, err := db.Exec(q); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := db.Exec(statement); (err != nil) != e.Alone {
			t.Errorf("%s: announced %v, the engine says %v", statement, e.Alone, err)
		}
	}
}

// TestSQLiteVersions: an old engine is not given what it can't read.
func TestSQLiteVersions(t *testing.T) {
	s, _ := compiler.ReadSchema(source.NewFile("schema.sql", "CREATE TABLE t (a INT, b INT);"), catalog.SQLite)
	for statement, since := range map[string]int{"ALTER TABLE t DROP COLUMN a": 3035000, "ALTER TABLE t RENAME COLUMN a TO c": 3025000, "CREATE TABLE u (a INT) STRICT": 3037000,
		"CREATE TABLE u (a INT PRIMARY KEY) WITHOUT ROWID": 3008002, "CREATE TABLE u (a INT, b INT AS (a + 1))": 3031000} {
		for version, refused := range map[int]bool{since - 1: true, since: false, 0: false} {
			if e := hazard.Statements(side(t, catalog.SQLite, statement+";"), s, hazard.Options{Version: version})[0]; (e.Refused != "") != refused {
				t.Errorf("%s, version %d: %q", statement, version, e.Refused)
			}
		}
	}
}
