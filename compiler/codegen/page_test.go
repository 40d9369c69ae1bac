package codegen_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/codegen"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
)

// The page of a generator's code shows queries that give exactly this code, and others that give nothing.
func TestPagesShowWhatGenerationReports(t *testing.T) {
	for _, id := range []string{"CV8005", "CV8006"} {
		c, _ := diag.Lookup(id)
		e, _ := diag.PageExample(id)
		run := func(queries string) diag.List {
			dir := t.TempDir()
			for name, text := range map[string]string{
				"schema.sql": e.Schema, "query.sql": queries,
				"covetsql.yaml": fmt.Sprintf("version: \"2\"\nsql:\n  - engine: %s\n    schema: schema.sql\n    queries: query.sql\n"+
					"    gen:\n      go: {package: db, out: db, sql_package: pgx/v5}\n", e.Engine),
			} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			cfg, list := config.Load(filepath.Join(dir, "covetsql.yaml"))
			if list.HasErrors() {
				t.Fatal(list)
			}
			p := compiler.Compile(cfg, compiler.Options{})
			_, more := codegen.GenerateAll(p, nil)
			return append(p.Diagnostics, more...)
		}
		if wrong := run(e.Wrong); len(wrong) != 1 || wrong[0].Code != c {
			t.Errorf("%s: the wrong example gives\n%v", id, wrong)
		}
		if right := run(e.Right); len(right) > 0 {
			t.Errorf("%s: the right example gives\n%v", id, right)
		}
	}
}

// generated is the Go that a schema and queries give under pgx/v5, or the errors that they give.
func generated(t *testing.T, options, schema, queries string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"schema.sql": schema, "query.sql": queries,
		"covetsql.yaml": "version: \"2\"\nsql:\n  - engine: postgresql\n    schema: schema.sql\n    queries: query.sql\n" +
			"    gen:\n      go: {package: db, out: db, sql_package: pgx/v5" + options + "}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cfg, list := config.Load(filepath.Join(dir, "covetsql.yaml"))
	if list.HasErrors() {
		t.Fatal(list)
	}
	p := compiler.Compile(cfg, compiler.Options{})
	files, more := codegen.GenerateAll(p, nil)
	if list = append(p.Diagnostics, more...); len(list) > 0 {
		return fmt.Sprint(list)
	}
	var out strings.Builder
	for _, f := range files {
		out.Write(f.Content)
	}
	return out.String()
}

// Keys of what a parent is told from another by: the Go that compares, or why it does not.
func TestKeysOfNestsCompareAsTheDatabaseDoes(t *testing.T) {
	for typ, want := range map[string]string{
		"bigint": "at := map[int64]int{}", "text": "at := map[string]int{}", "uuid": "at := map[pgtype.UUID]int{}",
		"bytea": "at[string(i.K)]", "boolean": "at := map[bool]int{}", "mood": "at := map[Mood]int{}",
		"timestamptz": "keyRow{i.K.Time.UTC(), i.K.InfinityModifier}", "date": "keyRow{i.K.Time.UTC(), i.K.InfinityModifier}",
		"numeric": "is pgtype.Numeric in Go", "double precision": "is float64 in Go", "interval": "is pgtype.Interval in Go",
		"bigint[]": "is []int64 in Go",
	} {
		schema := "CREATE TYPE mood AS ENUM ('ok');\nCREATE TABLE a (k " + typ + " PRIMARY KEY);\nCREATE TABLE b (id bigint PRIMARY KEY, k " + typ + ");\n"
		out := generated(t, "", schema, "-- name: Q :many\n-- nest: b as Bs\nSELECT a.k, sqlc.embed(b) FROM a LEFT JOIN b ON b.k = a.k;\n")
		if !strings.Contains(out, want) {
			t.Errorf("%s: no %q in\n%s", typ, want, out)
		}
	}
}

// Names of nests that would meet others are said.
func TestNamesOfNestsDoNotMeet(t *testing.T) {
	const schema = "CREATE TABLE authors (id bigint PRIMARY KEY, name text NOT NULL);\n" +
		"CREATE TABLE books (id bigint PRIMARY KEY, author_id bigint NOT NULL, title text NOT NULL);\n" +
		"CREATE TABLE reviews (id bigint PRIMARY KEY, book_id bigint NOT NULL);\n"
	const from = " FROM authors a LEFT JOIN books b ON b.author_id = a.id LEFT JOIN reviews r ON r.book_id = b.id;\n"
	for _, c := range []struct{ nests, items, want string }{
		{"-- nest: b as Name", "a.*, sqlc.embed(b)", "QRow would have two fields called Name"},
		{"-- nest: b as Books\n-- nest: r as Books.Title", "a.*, sqlc.embed(b), sqlc.embed(r)", "QBooksRow would have two fields called Title"},
		{"-- nest: b as Books\n-- nest: r as Books.Book", "a.*, sqlc.embed(b), sqlc.embed(r)", "QBooksRow would have two fields called Book"},
		{"-- nest: b as Books\n-- nest: r as Books.Reviews\n-- returns: AuthorBooks", "a.*, sqlc.embed(b), sqlc.embed(r)", "can not share AuthorBooks"},
	} {
		if out := generated(t, "", schema, "-- name: Q :many\n"+c.nests+"\nSELECT "+c.items+from); !strings.Contains(out, c.want) {
			t.Errorf("%s: no %q in\n%s", c.nests, c.want, out)
		}
	}
	// A parameter and the query may be called as the method's own variables.
	out := generated(t, "", schema, "-- name: Item :many\n-- nest: b as Books\nSELECT a.*, sqlc.embed(b) FROM authors a JOIN books b ON b.author_id = a.id WHERE a.id > @found;\n")
	if !strings.Contains(out, "Item(ctx context.Context, found_ int64)") {
		t.Error(out)
	}
}

// The values of a cursor have names of their own, whatever structs of the row they are from, and none is its method's.
func TestNamesOfACursorDoNotMeet(t *testing.T) {
	const schema = "CREATE TABLE tags (id bigint PRIMARY KEY, string text NOT NULL);\n" +
		"CREATE TABLE uses (id bigint PRIMARY KEY, tag bigint NOT NULL);\n"
	for _, c := range []struct{ query, want string }{
		{"-- paginate: string, id\nSELECT string, id FROM tags", "\tString_2 string\n\tID       int64\n"},
		{"-- paginate: t.id, u.id\nSELECT sqlc.embed(t), u.id FROM tags t JOIN uses u ON u.tag = t.id", "\tID   int64\n\tID_2 int64\n"},
		{"-- paginate: u.id, t.id\nSELECT sqlc.embed(t), u.id FROM tags t JOIN uses u ON u.tag = t.id", "\tID    int64\n\tTagID int64\n"},
	} {
		out := generated(t, "", schema, "-- name: Q :many\n"+c.query+";\n")
		if want := "type QCursor struct {\n" + c.want + "}\n"; !strings.Contains(out, want) {
			t.Errorf("%s: no %q in\n%s", c.query, want, out)
		}
	}
}
