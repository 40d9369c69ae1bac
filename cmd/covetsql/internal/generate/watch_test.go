package generate

import (
	"bufio"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/covetsql/covetsql/cmd/covetsql/internal/project"
	"github.com/covetsql/covetsql/internal/iostreams"
)

func TestWatchRunsAgainWhenAFileChanges(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("COVETSQL_CACHE", t.TempDir())
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const config = "version: \"2\"\nsql:\n- engine: sqlite\n  schema: schema.sql\n  queries: queries/*.sql\n  gen:\n    go: {package: db, out: db}\n"
	write("covetsql.yaml", config)
	write("schema.sql", "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL);\n")
	write("queries/a.sql", "-- name: A :one\nSELECT id FROM t;\n")

	out, end := io.Pipe()
	lines := make(chan string, 100)
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			lines <- s.Text()
		}
		close(lines)
	}()
	io, _, _ := iostreams.Test()
	io.Out = end
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- Watch(ctx, &Options{Options: project.Options{IO: io, File: filepath.Join(dir, "covetsql.yaml")}})
		end.Close()
	}()
	said := func(want string) {
		t.Helper()
		select {
		case got := <-lines:
			if !regexp.MustCompile(`^\d\d:\d\d:\d\d ` + want + ` \(\d+ ms\)$`).MatchString(got) {
				t.Fatalf("said %q, want %q", got, want)
			}
		case err := <-done:
			t.Fatalf("ended with %v, want %q", err, want)
		case <-time.After(20 * time.Second):
			t.Fatalf("said nothing, want %q", want)
		}
	}
	said("wrote db/a.sql.go, db/db.go, db/models.go")
	write("queries/a.sql", "-- name: A :one\nSELECT name FROM t;\n")
	said("wrote db/a.sql.go")
	write("queries/b.sql", "-- name: B :one\nSELECT id FROM t;\n")
	said("wrote db/b.sql.go")
	write("queries/b.sql", "-- name: B :one\nSELECT nosuch FROM t;\n")
	said("errors, nothing written")
	write("queries/b.sql", "-- name: B :one\nSELECT id FROM t;\n")
	said("nothing to write")
	write("schema.sql", "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);\n")
	said("wrote db/a.sql.go, db/models.go")
	write("covetsql.yaml", config+"  bad: [\n")
	said("errors, nothing written")
	write("covetsql.yaml", config)
	said("nothing to write")
	write("db/unrelated.go", "package db\n")
	if err := os.Rename(filepath.Join(dir, "queries", "b.sql"), filepath.Join(dir, "queries", "c.sql")); err != nil {
		t.Fatal(err)
	}
	said("wrote db/c.sql.go")
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	for line := range lines {
		t.Errorf("said %q too", line)
	}
}
