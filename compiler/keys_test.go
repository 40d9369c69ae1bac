package compiler

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/facts"
)

// queriesOf compiles a schema and queries in memory and gives the queries by name.
func queriesOf(t *testing.T, engine, schema, queries string) map[string]*facts.Query {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"schema.sql": schema, "query.sql": queries,
		"covetsql.yaml": "version: \"2\"\nsql:\n  - {engine: " + engine + ", schema: schema.sql, queries: query.sql, gen: {go: {package: db, out: db}}}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cfg, diags := config.Load(filepath.Join(dir, "covetsql.yaml"))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	p := Compile(cfg, Options{})
	for _, d := range p.Diagnostics {
		t.Error(d)
	}
	out := map[string]*facts.Query{}
	for _, q := range p.Packages[0].Queries() {
		out[q.Name] = q
	}
	return out
}

// What a schema declares is no proof where the engine does not hold it for every row.
func TestKeysThatDoNotBindEveryRowProveNothing(t *testing.T) {
	pg := queriesOf(t, "postgresql", `
CREATE TABLE parent (id int PRIMARY KEY, n int NOT NULL);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE secret (id int PRIMARY KEY, n int NOT NULL);
ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
CREATE TABLE refers (id int PRIMARY KEY, secret_id int NOT NULL REFERENCES secret);
CREATE TABLE later (id int NOT NULL UNIQUE DEFERRABLE INITIALLY DEFERRED, n int NOT NULL);`, `
-- name: Inherited :many
SELECT n FROM parent WHERE id = $1;
-- name: Hidden :many
SELECT s.n FROM refers r LEFT JOIN secret s ON s.id = r.secret_id;
-- name: Deferred :many
SELECT n FROM later WHERE id = $1;
-- name: Plain :many
SELECT n FROM secret WHERE id = $1;
`)
	for name, most := range map[string]int64{"Inherited": -1, "Deferred": -1, "Plain": 1} {
		if got := pg[name].Rows.Max; got != most {
			t.Errorf("%s: at most %d rows, want %d", name, got, most)
		}
	}
	if pg["Hidden"].Columns[0].Null.IsNever() {
		t.Error("a policy may hide the row that a foreign key refers to")
	}
	my := queriesOf(t, "mysql", `
CREATE TABLE t (code varchar(20) PRIMARY KEY, n int NOT NULL);
CREATE TABLE loose (code varchar(20) NOT NULL, FOREIGN KEY (code) REFERENCES t (code)) ENGINE=MyISAM;
CREATE TABLE tight (code varchar(20) NOT NULL, FOREIGN KEY (code) REFERENCES t (code)) ENGINE=InnoDB;`, `
-- name: Number :many
SELECT n FROM t WHERE code = 5;
-- name: Loose :many
SELECT t.n FROM loose l LEFT JOIN t ON t.code = l.code;
-- name: Tight :many
SELECT t.n FROM tight l LEFT JOIN t ON t.code = l.code;
`)
	if my["Number"].Rows.Max != -1 {
		t.Error("'5', '05' and '5.0' all equal the number 5")
	}
	if my["Loose"].Columns[0].Null.IsNever() {
		t.Error("MyISAM has no foreign keys")
	}
	if !my["Tight"].Columns[0].Null.IsNever() {
		t.Error("InnoDB's foreign key finds its row")
	}
}
