package facts_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/facts"
)

const schema = `
CREATE TABLE a (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE b (id bigint PRIMARY KEY, a_id bigint NOT NULL, n int);
CREATE SCHEMA other;
CREATE TABLE other.c (id bigint PRIMARY KEY);
CREATE VIEW v AS WITH x AS (SELECT * FROM a) SELECT x.id, b.n FROM x JOIN b ON b.a_id = x.id;
CREATE FUNCTION touch(x int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE SEQUENCE seq;
CREATE FUNCTION next() RETURNS bigint STABLE LANGUAGE sql AS 'SELECT nextval(''seq'')';
CREATE FUNCTION nested(x int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT touch(x)';
CREATE FUNCTION add(a int, b int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT a + b';
CREATE FUNCTION note(a int, b int) RETURNS int LANGUAGE plpgsql AS 'BEGIN INSERT INTO a VALUES (a, ''x''); RETURN b; END';
CREATE AGGREGATE plus(int) (SFUNC = add, STYPE = int, INITCOND = '0');
CREATE AGGREGATE noted(int) (SFUNC = note, STYPE = int, INITCOND = '0');
CREATE TABLE child (id bigint PRIMARY KEY REFERENCES a ON DELETE CASCADE);
CREATE TABLE grandchild (id bigint REFERENCES child (id) ON UPDATE SET NULL);
CREATE TABLE parts (id bigint) PARTITION BY LIST (id);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);
CREATE TABLE logged (id bigint PRIMARY KEY);
CREATE FUNCTION log() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER log BEFORE UPDATE ON logged FOR EACH ROW EXECUTE FUNCTION log();
CREATE FUNCTION peek(x int) RETURNS int STABLE LANGUAGE sql AS 'SELECT 1';
`

func of(t *testing.T, query string) *facts.Query {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"schema.sql": schema, "query.sql": "-- name: Q :exec\n" + query + ";\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p := compiler.Compile(&config.Config{Dir: dir, Packages: []config.Package{{
		Engine: catalog.PostgreSQL, Schema: []string{"schema.sql"}, Queries: []string{"query.sql"},
	}}}, compiler.Options{})
	if p.Diagnostics.HasErrors() {
		t.Fatal(p.Diagnostics)
	}
	return p.Packages[0].Queries()[0]
}

func TestFactsOfAStatement(t *testing.T) {
	for query, want := range map[string]string{
		"SELECT * FROM a":                         "read [a] [] {0 -1} true",
		"SELECT * FROM a WHERE id = $1":           "read [a] [] {0 1} true",
		"SELECT count(*) FROM a":                  "read [a] [] {1 1} true",
		"SELECT * FROM a LIMIT 3":                 "read [a] [] {0 3} true",
		"VALUES (1), (2)":                         "read [] [] {2 2} true",
		"SELECT * FROM a JOIN other.c USING (id)": "read [a other.c] [] {0 -1} true",
		"SELECT * FROM v":                         "read [a b v] [] {0 -1} true",
		"WITH x AS (SELECT a_id FROM b) SELECT * FROM a WHERE id IN (TABLE x)": "read [a b] [] {0 -1} true",
		"SELECT * FROM a FOR UPDATE":                                   "read [a] [] {0 -1} true locks",
		"SELECT now()":                                                 "read [] [] {1 1} false",
		"SELECT random()":                                              "read [] [] {1 1} false",
		"SELECT json_agg(name) FROM a":                                 "read [a] [] {1 1} true",
		"SELECT touch(1)":                                              "write [] [] {1 1} false",
		"SELECT next()":                                                "write [] [] {1 1} false",
		"SELECT nested(1)":                                             "write [] [] {1 1} true",
		"SELECT add(1, 2)":                                             "read [] [] {1 1} true",
		"SELECT plus(n) FROM b":                                        "read [b] [] {1 1} true",
		"SELECT noted(n) FROM b":                                       "write [b] [] {1 1} true",
		"SELECT pg_logical_emit_message(true, 'a', 'b')":               "write [] [] {1 1} false",
		"SELECT table_to_xml('v', true, true, '')":                     "write [] [] {1 1} true",
		"SELECT lastval(), pg_sleep(0)":                                "read [] [] {1 1} false",
		"SELECT peek(1)":                                               "read [] [] {1 1} false",
		"SELECT pg_advisory_xact_lock(1)":                              "write [] [] {1 1} false",
		"SELECT gen_random_uuid()":                                     "read [] [] {1 1} false",
		"INSERT INTO a (id, name) SELECT id, 'x' FROM b":               "write [b] [a] {0 0} true",
		"INSERT INTO a (id, name) VALUES (1, 'x') RETURNING id":        "write [] [a] {1 1} true",
		"UPDATE a SET name = 'x' FROM b WHERE b.a_id = a.id":           "write [b] [a] {0 0} true",
		"DELETE FROM a WHERE id = 1 RETURNING id":                      "write [] [a] {0 1} true",
		"WITH d AS (DELETE FROM b RETURNING *) SELECT count(*) FROM d": "write [] [b] {1 1} true",
		"TRUNCATE a":                                                   "write [] [a] {0 0} true",
		"CREATE TABLE d (id int)":                                      "ddl [] [] {0 0} true",
		"SET search_path = other":                                      "utility [] [] {0 0} true",
	} {
		q := of(t, query)
		got := fmt.Sprintf("%s %v %v %v %t", q.Kind, q.Reads, q.Writes, q.Rows, q.Deterministic)
		if q.Locks {
			got += " locks"
		}
		if got != want {
			t.Errorf("%s:\n got %s\nwant %s", query, got, want)
		}
	}
}

func TestTheLineIsThatOfTheStatement(t *testing.T) {
	if q := of(t, "SELECT 1"); q.Line != 2 || q.Name != "Q" || q.Command != "exec" || !strings.HasPrefix(q.SQL, "SELECT 1") {
		t.Errorf("line %d, name %q, command %q, SQL %q", q.Line, q.Name, q.Command, q.SQL)
	}
}

func TestWhatMayBeRunTwice(t *testing.T) {
	for query, want := range map[string]bool{
		"UPDATE a SET name = $1 WHERE id = $2":                                                         true,
		"UPDATE a SET name = upper($1) WHERE name = 'x'":                                               true,
		"UPDATE b SET n = n + 1 WHERE id = $1":                                                         false,
		"UPDATE a SET name = now()::text WHERE id = $1":                                                false,
		"UPDATE a SET name = 'x' WHERE id = (SELECT id FROM a WHERE name = 'y' LIMIT 1)":               false,
		"UPDATE a SET name = 'x' FROM b WHERE b.a_id = a.id":                                           false,
		"UPDATE logged SET id = 2 WHERE id = $1":                                                       false,
		"DELETE FROM a WHERE id = $1":                                                                  true,
		"DELETE FROM a WHERE id IN (SELECT a_id FROM b)":                                               false,
		"DELETE FROM b WHERE n < $1":                                                                   true,
		"INSERT INTO a (id, name) VALUES ($1, $2)":                                                     false,
		"INSERT INTO a (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING":                              true,
		"INSERT INTO a (name) VALUES ($1) ON CONFLICT DO NOTHING":                                      false,
		"INSERT INTO a (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name": true,
		"INSERT INTO b (id, a_id, n) VALUES ($1, $2, 1) ON CONFLICT (id) DO UPDATE SET n = b.n + 1":    false,
		"INSERT INTO b (id, a_id) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET n = excluded.n":       false,
		"INSERT INTO a (id, name) SELECT id, 'x' FROM b ON CONFLICT DO NOTHING":                        false,
		"WITH d AS (DELETE FROM b RETURNING *) DELETE FROM a WHERE id = $1":                            false,
		"SELECT touch(1)": false,
		"TRUNCATE a":      false,
	} {
		if q := of(t, query); q.Idempotent != want {
			t.Errorf("%s: %t", query, q.Idempotent)
		}
	}
}

func TestWhatAWriteTouches(t *testing.T) {
	for query, want := range map[string]string{
		"UPDATE b SET n = 1":                  "[b]",
		"DELETE FROM a":                       "[a child grandchild]",
		"INSERT INTO child (id) VALUES (1)":   "[child grandchild]",
		"DELETE FROM grandchild":              "[grandchild]",
		"DELETE FROM logged":                  "[*]",
		"SELECT touch(1)":                     "[*]",
		"UPDATE b SET n = note(1, 2)":         "[*]",
		"INSERT INTO parts (id) VALUES (1)":   "[parts parts_1]",
		"INSERT INTO parts_1 (id) VALUES (1)": "[parts parts_1]",
		"CREATE TABLE d (id int)":             "[*]",
		"SELECT * FROM a":                     "[]",
		"SET search_path = other":             "[]",
		"DELETE FROM other.c":                 "[other.c]",
	} {
		if got := fmt.Sprint(of(t, query).Touches); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}
