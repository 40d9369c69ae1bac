package introspect

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/cmd/covetsql/internal/inspect"
	"github.com/covetsql/covetsql/cmd/covetsql/internal/project"
	"github.com/covetsql/covetsql/internal/iostreams"
	"github.com/covetsql/covetsql/internal/testkit"
)

var servers = []struct {
	name, engine string
	get          func(testing.TB) *testkit.Server
	schema       string
}{
	{"postgresql", "postgresql", testkit.PostgreSQL, `
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE authors (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, mood mood);
CREATE TABLE books (id bigint PRIMARY KEY, author_id bigint NOT NULL REFERENCES authors, title text NOT NULL, tags text[]);
CREATE VIEW titles AS SELECT title FROM books;`},
	{"mysql", "mysql", testkit.MySQL, mysqlSchema},
	{"mariadb", "mysql", testkit.MariaDB, mysqlSchema},
	{"sqlite", "sqlite", testkit.SQLite, `
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL, mood TEXT);
CREATE TABLE books (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL REFERENCES authors, title TEXT NOT NULL, tags BLOB);
CREATE VIEW titles AS SELECT title FROM books;`},
}

const mysqlSchema = `
CREATE TABLE authors (id bigint AUTO_INCREMENT PRIMARY KEY, name varchar(100) NOT NULL, mood enum('good', 'bad'));
CREATE TABLE books (id bigint PRIMARY KEY, author_id bigint NOT NULL, title varchar(100) NOT NULL, tags json, FOREIGN KEY (author_id) REFERENCES authors (id));
CREATE VIEW titles AS SELECT title FROM books;`

const queries = `-- name: Books :many
SELECT a.name, a.mood, b.* FROM authors a LEFT JOIN books b ON b.author_id = a.id;

-- name: Titles :many
SELECT * FROM titles;
`

// inspected lists the queries as JSON under a configuration.
func inspected(t *testing.T, path string) string {
	t.Helper()
	io, out, errs := iostreams.Test()
	o := &inspect.Options{Options: project.Options{IO: io, File: path}, Listing: "json"}
	if err := inspect.Run(context.Background(), o, nil); err != nil {
		t.Fatalf("%v\n%s", err, errs)
	}
	// Where a column of the schema stands differs by nature.
	return schemaPlace.ReplaceAllString(out.String(), `$1"`)
}

var schemaPlace = regexp.MustCompile(`("reason": "nullable column \w+)[^"]*"`)

func TestQueriesAreTheSameAgainstTheDatabaseAndItsWrittenSchema(t *testing.T) {
	for _, s := range servers {
		t.Run(s.name, func(t *testing.T) {
			server := s.get(t)
			db := server.NewDatabase(t)
			server.Exec(t, db, s.schema)
			t.Setenv("THE_DATABASE", server.URI(db))
			dir := t.TempDir()
			write := func(name, text string) string {
				path := filepath.Join(dir, name)
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				return path
			}
			write("q.sql", queries)
			block := fmt.Sprintf("version: \"2\"\nsql:\n- engine: %s\n  queries: q.sql\n  gen: {go: {package: db, out: db}}\n", s.engine)
			live := write("covetsql.yaml", block+"  database: {uri: \"${THE_DATABASE}\"}\n")
			offline := write("offline.yaml", "strict: true\n"+block+"  schema: schema.sql\n")

			io, out, errs := iostreams.Test()
			schema := filepath.Join(dir, "schema.sql")
			if err := Run(context.Background(), &Options{Options: project.Options{IO: io, File: live}, Out: schema}); err != nil {
				t.Fatalf("%v\n%s", err, errs)
			}
			written, err := os.ReadFile(schema)
			if err != nil {
				t.Fatal(err)
			}
			if err := Run(context.Background(), &Options{Options: project.Options{IO: io}, URI: "${THE_DATABASE}", Engine: s.engine}); err != nil {
				t.Fatal(err)
			}
			if out.String() != string(written) {
				t.Errorf("standard output and the file differ:\n%s\n%s", out, written)
			}
			if a, b := inspected(t, live), inspected(t, offline); a != b {
				t.Errorf("against the database:\n%s\nagainst the file:\n%s", a, b)
			}
		})
	}
}

func TestWhatHindersIsSaidWithoutTheURI(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "covetsql.yaml")
	text := "version: \"2\"\nsql:\n"
	for _, name := range []string{"one", "two"} {
		text += fmt.Sprintf("- {name: %s, engine: sqlite, queries: q.sql, database: {uri: %s.db}, gen: {go: {out: %s}}}\n", name, name, name)
	}
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{URI: "secret-host/shop"}, "the URI does not tell the engine"},
		{Options{URI: "postgres://u:secret@127.0.0.1:1/x"}, "connecting to PostgreSQL at 127.0.0.1, port 1"},
		{Options{URI: "postgres://u:${TESTKIT_NOT_SET}@secret/x"}, "needs TESTKIT_NOT_SET"},
		{Options{URI: "x", Engine: "oracle"}, `--engine is "oracle"`},
		{Options{Options: project.Options{File: config}}, "choose one with --package (one, two)"},
		{Options{Options: project.Options{File: config}, Package: "three"}, "names no such database"},
		{Options{Options: project.Options{File: config}, Package: "one"}, "one.db"},
	} {
		io, _, _ := iostreams.Test()
		c.o.IO = io
		err := Run(context.Background(), &c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: %v, want %q", c.o.URI, err, c.want)
		}
	}
}

func TestAFailedRunLeavesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "schema.sql")
	if err := os.WriteFile(path, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	io, _, _ := iostreams.Test()
	if err := Run(context.Background(), &Options{Options: project.Options{IO: io}, URI: "sqlite://" + path + ".absent", Out: path}); err == nil {
		t.Error("no error")
	}
	if b, err := os.ReadFile(path); err != nil || !bytes.Equal(b, []byte("before")) {
		t.Errorf("%q %v", b, err)
	}
}
