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
		"ALTER TABLE nope ADD COLUMN x INT", "DROP TABLE nope", "DROP TABLE IF EXISTS nope", "CREATE TABLE author (id INT)",
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
