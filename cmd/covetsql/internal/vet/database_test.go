package vet

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/cmd/covetsql/internal/project"
	"github.com/covetsql/covetsql/internal/iostreams"
	"github.com/covetsql/covetsql/internal/testkit"
)

// vetted runs the verb in a folder of files and gives what it says.
func vetted(t *testing.T, files map[string]string, live Live) (out string, err error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	io, _, errs := iostreams.Test()
	o := &Options{Options: project.Options{IO: io, File: filepath.Join(dir, "covetsql.yaml")}, Live: live}
	o.Select = "CV51,CV40"
	err = Run(context.Background(), o)
	return errs.String(), err
}

const twoBlocks = `version: "2"
sql:
- {name: shop, engine: postgresql, schema: schema.sql, queries: query.sql, gen: {go: {package: a, out: a}}}
- {name: local, engine: sqlite, schema: schema.sql, queries: query.sql, gen: {go: {package: b, out: b}}}
`

// The flag's database takes the place of the block's, which may have none; its URI is never shown.
func TestPlansAreJudgedByTheDatabaseOfTheFlag(t *testing.T) {
	schema := "CREATE TABLE author (id integer PRIMARY KEY, name text NOT NULL);\n"
	files := map[string]string{"schema.sql": schema, "query.sql": "-- name: ByName :many\nSELECT id FROM author WHERE name = 'n17';\n", "covetsql.yaml": twoBlocks}
	pg, lite := testkit.PostgreSQL(t), testkit.SQLite(t)
	shop, local := pg.NewDatabase(t), lite.NewDatabase(t)
	pg.Exec(t, shop, schema+"INSERT INTO author SELECT i, 'n' || i FROM generate_series(1, 20000) i; ANALYZE")
	lite.Exec(t, local, schema+"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 15000) INSERT INTO author SELECT i, 'n' || i FROM n; ANALYZE")

	kept := filepath.Join(t.TempDir(), "plans.json")
	for _, c := range []struct {
		live Live
		want []string
	}{
		{Live{Databases: []string{pg.URI(shop)}}, []string{"all 20 000 rows of author are read to find about 1", "help: CREATE INDEX ON author (name)"}},
		{Live{Databases: []string{"shop=" + pg.URI(shop), "sqlite=" + lite.URI(local)}, PlanFile: kept, Update: true}, []string{"all 20 000 rows", "all 15 000 rows"}},
		{Live{Databases: []string{"local=" + lite.URI(local)}, PlanFile: kept}, []string{"all 15 000 rows"}},
		{Live{Databases: []string{"postgres://me:geheim@127.0.0.1:1/none"}}, []string{"error[CV0005]: the database can not be used: connecting to PostgreSQL at 127.0.0.1, port 1"}},
	} {
		got, _ := vetted(t, files, c.live)
		for _, w := range c.want {
			if !strings.Contains(got, w) {
				t.Errorf("does not say %q:\n%s", w, got)
			}
		}
		if strings.Contains(got, "geheim") || strings.Contains(got, pg.URI(shop)) {
			t.Errorf("shows the URI:\n%s", got)
		}
	}
	text, err := os.ReadFile(kept)
	if err != nil || !strings.Contains(string(text), `"shop ByName"`) || !strings.Contains(string(text), `"local ByName"`) {
		t.Errorf("%s %v", text, err)
	}
}

func TestADatabaseThatIsForNoBlockIsRefused(t *testing.T) {
	files := map[string]string{"schema.sql": "CREATE TABLE author (id integer PRIMARY KEY);\n", "query.sql": "-- name: A :many\nSELECT id FROM author;\n",
		"covetsql.yaml": strings.Replace(twoBlocks, "sqlite", "postgresql", 1)}
	for _, c := range []struct {
		live Live
		want string
	}{
		{Live{Databases: []string{"shopp=postgres://a:geheim@b/c"}}, `no block of the configuration is called "shopp"`},
		{Live{Databases: []string{"mysql://a:geheim@b/c"}}, "no block of the configuration is of mysql"},
		{Live{Databases: []string{"postgres://a:geheim@b/c"}}, "2 blocks are of postgresql: write NAME=URI with the name of one, or postgresql=URI for all"},
		{Live{Update: true}, "--update-plans writes the file that --plan-file names"},
	} {
		_, err := vetted(t, files, c.live)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}
