package breaks_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/migrate/breaks"
	"github.com/covetsql/covetsql/migrate/file"
)

const schema = `CREATE TABLE author (id bigint PRIMARY KEY, name text NOT NULL, bio text, born date);`

const queries = `-- name: GetAuthor :one
SELECT id, name, bio FROM author WHERE id = $1;

-- name: Names :many
SELECT name
FROM author
ORDER BY name;

-- name: Ids :many
SELECT id FROM author;

-- name: Add :exec
INSERT INTO author (id, name) VALUES ($1, $2);

-- name: Born :one
SELECT born FROM author WHERE id = $1;
`

// version writes an application's files and reads its configuration.
func version(t *testing.T, queries string) *config.Config {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"covetsql.yaml": "version: \"2\"\nsql:\n  - engine: postgresql\n    schema: schema.sql\n    queries: queries.sql\n",
		"schema.sql":    schema, "queries.sql": queries,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cfg, diags := config.Load(filepath.Join(dir, "covetsql.yaml"))
	if cfg == nil || diags.HasErrors() {
		t.Fatalf("the configuration: %v", diags)
	}
	return cfg
}

func find(t *testing.T, migration, coming string) diag.List {
	t.Helper()
	s, diags := compiler.ReadSchema(source.NewFile("schema.sql", schema), catalog.PostgreSQL)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	f, err := file.Open(fstest.MapFS{"1_change.up.sql": {Data: []byte(migration)}}, file.Options{Dialect: token.PostgreSQL})
	if err != nil {
		t.Fatal(err)
	}
	return breaks.Find(f.Migrations[0].Up, s, breaks.Options{Deployed: version(t, queries), Coming: version(t, coming)})
}

func texts(list diag.List) string {
	var b strings.Builder
	for _, d := range list {
		p := d.Span.Position()
		fmt.Fprintf(&b, "%s:%d %s %s\n", p.Path, p.Line, d.Code.ID, d.Message)
		for _, l := range d.Labels {
			q := l.Span.Position()
			fmt.Fprintf(&b, "  %s:%d %s\n", q.Path, q.Line, l.Text)
		}
		for _, h := range d.Help {
			fmt.Fprintf(&b, "  %s\n", h)
		}
	}
	return b.String()
}

func TestQueriesThatAMigrationBreaks(t *testing.T) {
	for _, c := range []struct{ name, migration, coming, want string }{
		{"a new column breaks nothing", "ALTER TABLE author ADD COLUMN died date;", queries, ""},
		{"a dropped column", "ALTER TABLE author DROP COLUMN bio;", strings.Replace(queries, ", bio", "", 1), `queries.sql:2 CV6021 GetAuthor can not run once the migration ran: no column "bio" in table "author"
  1_change.up.sql:1 by this statement of the migration
  deploy the version to come first, then run the migration: its queries need nothing of it
`},
		{"a new column that new queries want", "ALTER TABLE author ADD COLUMN died date;", queries + "\n-- name: Died :many\nSELECT died FROM author;\n", `queries.sql:19 CV6022 Died needs the migration: no column "died" in table "author"
`},
		{"a rename", "ALTER TABLE author ADD COLUMN died date;\nALTER TABLE author RENAME COLUMN bio TO life;", strings.Replace(queries, "bio", "life", 1), `queries.sql:2 CV6021 GetAuthor can not run once the migration ran: no column "bio" in table "author"
  1_change.up.sql:2 by this statement of the migration
  neither order works as it is: split the migration
  1. expand, while the old version runs:
      ALTER TABLE author ADD COLUMN died date
      add author.life beside author.bio, fill it, and keep both the same with a trigger
  2. deploy the new version
  3. contract, once nobody runs the old version:
      drop the trigger and author.bio
queries.sql:2 CV6022 GetAuthor needs the migration: no column "life" in table "author"
`},
		{"NULL where there was none", "ALTER TABLE author ALTER COLUMN name DROP NOT NULL;", queries, `queries.sql:2 CV6023 GetAuthor gives name as NULL, too, and never did once the migration ran
  1_change.up.sql:1 by this statement of the migration
queries.sql:5 CV6023 Names gives name as NULL, too, and never did once the migration ran
  1_change.up.sql:1 by this statement of the migration
`},
		{"another type", "ALTER TABLE author ALTER COLUMN born TYPE timestamptz;", queries, `queries.sql:16 CV6023 Born gives born as timestamptz in place of date once the migration ran
  1_change.up.sql:1 by this statement of the migration
`},
		{"a column that every row has to have", "ALTER TABLE author ADD COLUMN kind text NOT NULL;", queries, `queries.sql:13 CV6021 Add can not run once the migration ran: it gives no value for author.kind, which is NOT NULL and has no default
  1_change.up.sql:1 by this statement of the migration
  deploy the version to come first, then run the migration: its queries need nothing of it
`},
		{"a dropped table", "DROP TABLE author;", "-- name: One :one\nSELECT 1 AS one;\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := texts(find(t, c.migration, c.coming))
			if c.name == "a dropped table" {
				if n := strings.Count(got, "CV6021"); n != 5 {
					t.Errorf("%d of the five queries break:\n%s", n, got)
				}
				return
			}
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}
