package rename_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/migrate/rename"
)

// compiled gives the sites of a project of one schema and one file of queries.
func compiled(t *testing.T, engine, schema, queries string) map[string][]string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"covetsql.yaml": "version: \"2\"\nsql:\n- engine: " + engine + "\n  schema: schema.sql\n  queries: queries.sql\n  gen:\n    go: {package: db, out: db}\n",
		"schema.sql":    schema, "queries.sql": queries,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c, list := config.Load(filepath.Join(dir, "covetsql.yaml"))
	if list.HasErrors() {
		t.Fatal(list)
	}
	p := compiler.Compile(c, compiler.Options{KeepRel: true})
	if p.Diagnostics.HasErrors() {
		t.Fatal(p.Diagnostics)
	}
	return rename.Sites(p.Packages[0].Queries())
}

const useOfMail = `-- name: Get :one
SELECT id, mail FROM users u WHERE u.mail = sqlc.arg(a) OR (lower(mail) = 'x' AND EXISTS (SELECT 1 FROM posts p WHERE p.author = u.id ORDER BY p.id));
-- name: All :many
SELECT * FROM users;
-- name: Add :exec
INSERT INTO users (id, mail) VALUES (sqlc.arg(a), sqlc.arg(b));
-- name: Change :exec
UPDATE users SET mail = sqlc.arg(b) WHERE id = sqlc.arg(a);
-- name: Joined :many
SELECT count(*) FROM users JOIN posts ON posts.author = users.id GROUP BY users.mail HAVING max(users.mail) > 'x' ORDER BY users.mail;
-- name: Through :many
SELECT x.mail FROM (SELECT mail FROM users) x;
`

func TestSitesAreWhereQueriesNameAColumn(t *testing.T) {
	for _, engine := range []string{"postgresql", "mysql", "sqlite"} {
		t.Run(engine, func(t *testing.T) {
			got := compiled(t, engine, "CREATE TABLE users (id int PRIMARY KEY, mail varchar(20) NOT NULL); CREATE TABLE posts (id int PRIMARY KEY, author int);", useOfMail)
			want := []string{"Add set 1", "Change set 1", "Get select 1", "Get where 2", "Joined group 1", "Joined having 1", "Joined order 1", "Through select 2"}
			if !reflect.DeepEqual(got["users.mail"], want) {
				t.Errorf("users.mail is used at %q, not at %q", got["users.mail"], want)
			}
			if want := []string{"Get where 1", "Joined on 1"}; !reflect.DeepEqual(got["posts.author"], want) {
				t.Errorf("posts.author is used at %q", got["posts.author"])
			}
			again, err := rename.ReadSites(rename.WriteSites(got))
			if err != nil || !reflect.DeepEqual(again, got) {
				t.Errorf("%v becomes %v, %v", got, again, err)
			}
		})
	}
}

// TestQueriesProveARename: each place that used the old name uses the new one, the definitions are the same, and nothing else could be meant.
func TestQueriesProveARename(t *testing.T) {
	const old = "CREATE TABLE users (id int PRIMARY KEY, mail varchar(20) NOT NULL, note varchar(20) NOT NULL); CREATE TABLE posts (id int PRIMARY KEY, author int);"
	const use = "-- name: Get :one\nSELECT id, mail FROM users WHERE mail = sqlc.arg(a);\n-- name: Posts :many\nSELECT id, author FROM posts;\n"
	for _, c := range []struct {
		name, schema, queries string
		want                  string
		certain               bool
	}{
		{"a column", "CREATE TABLE users (id int PRIMARY KEY, contact varchar(20) NOT NULL, note varchar(20) NOT NULL); CREATE TABLE posts (id int PRIMARY KEY, author int);",
			"-- name: Get :one\nSELECT id, contact FROM users WHERE contact = sqlc.arg(a);\n-- name: Posts :many\nSELECT id, author FROM posts;\n", "column users.mail to contact", true},
		{"a column that a query uses elsewhere", "CREATE TABLE users (id int PRIMARY KEY, email varchar(20) NOT NULL, note varchar(20) NOT NULL); CREATE TABLE posts (id int PRIMARY KEY, author int);",
			"-- name: Get :one\nSELECT id, email FROM users WHERE id = sqlc.arg(a) ORDER BY email;\n-- name: Posts :many\nSELECT id, author FROM posts;\n", "column users.mail to email", false},
		{"a column of another type", "CREATE TABLE users (id int PRIMARY KEY, email varchar(99) NOT NULL, note varchar(20) NOT NULL); CREATE TABLE posts (id int PRIMARY KEY, author int);",
			"-- name: Get :one\nSELECT id, email FROM users WHERE email = sqlc.arg(a);\n-- name: Posts :many\nSELECT id, author FROM posts;\n", "column users.mail to email", false},
		{"a table", "CREATE TABLE users (id int PRIMARY KEY, mail varchar(20) NOT NULL, note varchar(20) NOT NULL); CREATE TABLE articles (id int PRIMARY KEY, author int);",
			"-- name: Get :one\nSELECT id, mail FROM users WHERE mail = sqlc.arg(a);\n-- name: Posts :many\nSELECT id, author FROM articles;\n", "table posts to articles", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := scratch(t, "sqlite")
			from, to := snapshot(t, database(t, s, old)), snapshot(t, database(t, s, c.schema))
			found, err := rename.Find(from, to, rename.Options{OldSites: compiled(t, "sqlite", old, use), NewSites: compiled(t, "sqlite", c.schema, c.queries)})
			if err != nil || len(found.Candidates) != 1 {
				t.Fatal(found, err)
			}
			got := found.Candidates[0]
			got.Schema = ""
			if got.Rename.String() != c.want || got.Certain != c.certain {
				t.Errorf("%s, certain: %t, %v", got.Rename, got.Certain, got.Evidence)
			}
		})
	}
}
