package vet

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/cmd/covetsql/internal/createdb"
	"github.com/covetsql/covetsql/cmd/covetsql/internal/project"
	"github.com/covetsql/covetsql/internal/iostreams"
	"github.com/covetsql/covetsql/internal/testkit"
)

// The database of a block with managed: true is made on the configured server, for vet and for createdb.
func TestManagedDatabasesAreMadeOfTheSchema(t *testing.T) {
	for _, c := range []struct {
		engine string
		server *testkit.Server
		plan   string
	}{
		{"postgresql", testkit.PostgreSQL(t), "postgresql.explain.plan.node_type == 'ModifyTable'"},
		{"mysql", testkit.MySQL(t), "mysql.explain.query_block.select_id == 1u"},
		{"mysql", testkit.MariaDB(t), "mysql.explain.query_block.select_id == 1u"},
		{"sqlite", testkit.SQLite(t), "true"},
	} {
		t.Run(c.server.Engine, func(t *testing.T) {
			table := "t" + c.server.NewDatabase(t) // a schema that no other run has
			t.Setenv("VET_SERVER", c.server.URI(c.server.NewDatabase(t)))
			dir := t.TempDir()
			file := filepath.Join(dir, "sqlc.yaml")
			for path, text := range map[string]string{
				file: fmt.Sprintf(`version: "2"
servers:
- {engine: postgresql, uri: "${VET_SERVER}"}
- {engine: mysql, uri: "${VET_SERVER}"}
sql:
- engine: %s
  schema: migrations
  queries: query.sql
  database: {managed: true}
  gen: {go: {package: db, out: db}}
  rules: [sqlc/db-prepare, plan]
rules:
- {name: plan, message: it is so, rule: "%s"}
`, c.engine, c.plan),
				filepath.Join(dir, "migrations", "002_name.sql"):      "ALTER TABLE " + table + " ADD COLUMN name varchar(20);\n",
				filepath.Join(dir, "migrations", "001_init.sql"):      "-- +goose Up\nCREATE TABLE " + table + " (id INTEGER PRIMARY KEY);\n-- +goose Down\nDROP TABLE " + table + ";\n",
				filepath.Join(dir, "migrations", "001_init.down.sql"): "DROP TABLE " + table + ";\n",
				filepath.Join(dir, "query.sql"):                       "-- name: Rename :exec\nUPDATE " + table + " SET name = 'x' WHERE id > 3;\n",
			} {
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for range 2 { // the second one finds the database
				io, _, errs := iostreams.Test()
				err := Run(context.Background(), &Options{Options: project.Options{IO: io, File: file}, Select: "plan,sqlc/db-prepare"})
				if err == nil || !strings.HasPrefix(errs.String(), "error[plan]: Rename: it is so\n") || !strings.HasSuffix(errs.String(), "\n1 error\n") {
					t.Errorf("%v\n%s", err, errs)
				}
			}
			io, out, errs := iostreams.Test()
			if err := createdb.Run(context.Background(), &createdb.Options{Options: project.Options{IO: io, File: file}}); err != nil {
				t.Fatalf("%v\n%s", err, errs)
			}
			uri := strings.TrimSpace(out.String())
			if c.engine == "sqlite" {
				db, err := sql.Open("sqlite", uri)
				if err != nil {
					t.Fatal(err)
				}
				defer os.RemoveAll(filepath.Dir(strings.TrimPrefix(uri, "file:")))
				defer db.Close()
				if _, err := db.Exec("SELECT name FROM " + table); err != nil {
					t.Error(err)
				}
				return
			}
			name := regexp.MustCompile(`covetsql_createdb_\w+`).FindString(uri)
			c.server.Exec(t, name, "SELECT name FROM "+table)
			admin := c.server.Open(t, c.server.NewDatabase(t))
			if _, err := admin.Exec("DROP DATABASE " + name); err != nil {
				t.Error(err)
			}
		})
	}
}
