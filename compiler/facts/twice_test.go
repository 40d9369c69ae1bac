package facts_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/facts"
)

func in(t *testing.T, e catalog.Engine, schema, query string) *facts.Query {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"schema.sql": schema, "query.sql": "-- name: Q :exec\n" + query + ";\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p := compiler.Compile(&config.Config{Dir: dir, Packages: []config.Package{{
		Engine: e, Schema: []string{"schema.sql"}, Queries: []string{"query.sql"},
	}}}, compiler.Options{})
	if p.Diagnostics.HasErrors() {
		t.Fatal(query, p.Diagnostics)
	}
	return p.Packages[0].Queries()[0]
}

const tables = `
CREATE TABLE k (id bigint PRIMARY KEY, n int, m int, at timestamptz);
CREATE TABLE g (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int);
CREATE TABLE d (id bigint PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, n int);
CREATE FUNCTION bump() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.ver := OLD.ver + 1; RETURN NEW; END';
CREATE TABLE q (id bigint, ver int) PARTITION BY LIST (id);
CREATE TABLE q1 PARTITION OF q FOR VALUES IN (1);
CREATE TRIGGER bump BEFORE UPDATE ON q1 FOR EACH ROW EXECUTE FUNCTION bump();
CREATE TABLE base (id int, ver int);
CREATE TABLE heir () INHERITS (base);
CREATE TRIGGER bump BEFORE UPDATE ON heir FOR EACH ROW EXECUTE FUNCTION bump();
`

func TestWhatDiffersTheSecondTimeMayNotBeRunTwice(t *testing.T) {
	const mysql = `
CREATE TABLE k (id BIGINT PRIMARY KEY AUTO_INCREMENT, n INT, u INT UNIQUE);
CREATE TABLE b (id BIGINT PRIMARY KEY, n INT, m INT, u INT UNIQUE);`
	const sqlite = `
CREATE TABLE k (id INTEGER PRIMARY KEY, n INT, m INT);
CREATE TABLE w (id TEXT NOT NULL PRIMARY KEY, n INT);`
	for _, c := range []struct {
		engine catalog.Engine
		schema string
		query  string
		want   bool
	}{
		// The row that the first run inserts is another one than the second run sets.
		{catalog.PostgreSQL, tables, "INSERT INTO k (id, n) VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET n = 2", false},
		{catalog.PostgreSQL, tables, "INSERT INTO k (id, n, m) VALUES ($1, 1, 2) ON CONFLICT (id) DO UPDATE SET n = excluded.m", false},
		{catalog.PostgreSQL, tables, "INSERT INTO k (id, n) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET m = $2", false},
		{catalog.PostgreSQL, tables, "INSERT INTO k (id, n) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET id = $3", false},
		{catalog.PostgreSQL, tables, "INSERT INTO k (id, n) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET n = excluded.n", true},
		{catalog.MySQL, mysql, "INSERT INTO b (id, n) VALUES (?, 1) ON DUPLICATE KEY UPDATE n = 2", false},
		{catalog.MySQL, mysql, "INSERT INTO b (id, n, m) VALUES (?, ?, ?) AS new ON DUPLICATE KEY UPDATE n = new.m", false},
		{catalog.MySQL, mysql, "INSERT INTO b (id, n) VALUES (?, ?) AS new ON DUPLICATE KEY UPDATE n = new.n", true},
		{catalog.SQLite, sqlite, "INSERT INTO w (id, n) VALUES (?, 1) ON CONFLICT (id) DO UPDATE SET n = 2", false},
		// The key is not the one that is given.
		{catalog.PostgreSQL, tables, "INSERT INTO g (id, n) OVERRIDING USER VALUE VALUES ($1, $2) ON CONFLICT DO NOTHING", false},
		{catalog.PostgreSQL, tables, "INSERT INTO g (id, n) OVERRIDING SYSTEM VALUE VALUES ($1, $2) ON CONFLICT DO NOTHING", true},
		{catalog.MySQL, mysql, "INSERT IGNORE INTO k (id, n) VALUES (?, ?)", false}, // 0 is given a number
		{catalog.MySQL, mysql, "INSERT IGNORE INTO b (id, n) VALUES (?, ?)", true},
		{catalog.SQLite, sqlite, "INSERT OR IGNORE INTO k (id, n) VALUES (NULL, ?)", false},
		{catalog.SQLite, sqlite, "INSERT INTO k (id, n) VALUES (sqlc.narg(id), ?) ON CONFLICT DO NOTHING", false},
		{catalog.SQLite, sqlite, "INSERT INTO k (id, n) VALUES (?, ?) ON CONFLICT DO NOTHING", true},
		// A deferred key is no arbiter: the second run fails.
		{catalog.PostgreSQL, tables, "INSERT INTO d (id, n) VALUES ($1, $2) ON CONFLICT DO NOTHING", false},
		// The time, the session, the place of a row.
		{catalog.PostgreSQL, tables, "UPDATE k SET at = 'now' WHERE id = $1", false},
		{catalog.PostgreSQL, tables, "UPDATE k SET at = ' Tomorrow noon'::timestamptz WHERE id = $1", false},
		{catalog.PostgreSQL, tables, "UPDATE k SET n = $1 WHERE at < 'now'", false},
		{catalog.PostgreSQL, tables, "UPDATE k SET n = 1 WHERE ctid = $1", false},
		{catalog.MySQL, mysql, "UPDATE b SET n = @x WHERE id = ?", false},
		{catalog.MySQL, mysql, "UPDATE b SET n = (@x := @x + 1) WHERE id = ?", false},
		{catalog.MySQL, mysql, "UPDATE b SET n = @@session.timestamp WHERE id = ?", false},
		{catalog.MySQL, mysql, "DELETE FROM b WHERE n < @x", false},
		// Triggers of partitions and children, and rules.
		{catalog.PostgreSQL, tables, "UPDATE q SET id = 1", false},
		{catalog.PostgreSQL, tables, "UPDATE base SET id = 1", false},
		{catalog.PostgreSQL, tables + "CREATE RULE r AS ON UPDATE TO k DO ALSO DELETE FROM g;", "UPDATE k SET n = 1", false},
		{catalog.PostgreSQL, tables, "UPDATE k SET n = 1", true},
	} {
		if q := in(t, c.engine, c.schema, c.query); q.Idempotent != c.want {
			t.Errorf("%s: %s: %t", c.engine, c.query, q.Idempotent)
		}
	}
}

func TestStatementsThatRunOthersTouchAnything(t *testing.T) {
	const rule = tables + "CREATE RULE r AS ON UPDATE TO k DO ALSO DELETE FROM g;"
	for query, want := range map[string]string{
		"DO $$ BEGIN DELETE FROM k; END $$": "[*]",
		"EXECUTE prepared":                  "[*]",
		"EXPLAIN ANALYZE DELETE FROM k":     "[*]",
		"UPDATE k SET n = 1":                "[*]",
		"NOTIFY x":                          "[]",
		"LOCK TABLE k":                      "[]",
	} {
		if got := fmt.Sprint(in(t, catalog.PostgreSQL, rule, query).Touches); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

func TestTablesUnderAViewAreReadWhateverItsNamesAre(t *testing.T) {
	const schema = `CREATE TABLE k (id bigint PRIMARY KEY, n int);
CREATE VIEW v AS WITH k AS (SELECT * FROM k WHERE n > 0) SELECT * FROM k;`
	if got := fmt.Sprint(in(t, catalog.PostgreSQL, schema, "SELECT * FROM v").Reads); got != "[k v]" {
		t.Error(got)
	}
}

func TestFunctionsAndPoliciesReadWhatIsNotSeen(t *testing.T) {
	const schema = `CREATE TABLE k (id bigint PRIMARY KEY, n int);
CREATE TABLE r (id bigint PRIMARY KEY);
ALTER TABLE r ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION total() RETURNS bigint STABLE LANGUAGE sql AS 'SELECT sum(n) FROM k';
CREATE FUNCTION add(a int, b int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT a + b';
CREATE VIEW v AS SELECT total() AS t;`
	for query, want := range map[string]bool{
		"SELECT total()": true, "SELECT t FROM v": true, "SELECT id FROM r": true,
		"SELECT add(1, 2)": false, "SELECT n, now() FROM k": false,
	} {
		if got := in(t, catalog.PostgreSQL, schema, query).Unseen; got != want {
			t.Errorf("%s: %t", query, got)
		}
	}
}
