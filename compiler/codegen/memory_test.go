package codegen_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/cache"
	"github.com/covetsql/covetsql/compiler/codegen"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/diag/report"
	"github.com/covetsql/covetsql/internal/bigproject"
)

// generate generates a project, with a memory where a cache folder is given, and writes it unless there are
// errors. It gives what was said, and what is written.
func generate(t *testing.T, path, folder, program string) (said string, files []codegen.File) {
	t.Helper()
	cfg, list := config.Load(path)
	if list.HasErrors() {
		t.Fatal(list)
	}
	var o compiler.Options
	var m *codegen.Memory
	if folder != "" {
		m = codegen.NewMemory(cfg.Dir, cache.Open(folder, path, program))
		o = m.Options(o)
	}
	p := compiler.Compile(cfg, o)
	list = p.Diagnostics
	if !list.HasErrors() {
		var more diag.List
		files, more = codegen.GenerateAll(p, m)
		list = append(list, more...).Sorted()
		if m.Failed() {
			t.Error("what was kept could not be read")
		}
	}
	if !list.HasErrors() && m != nil {
		if _, more := codegen.Write(cfg.Dir, files); len(more) > 0 {
			t.Fatal(more)
		}
		m.Save()
	}
	var b bytes.Buffer
	if err := report.JSON(&b, list); err != nil {
		t.Fatal(err)
	}
	return b.String(), files
}

// hold generates with the memory and holds what is on disk, and what was said, against a run without one.
func hold(t *testing.T, what, path, folder, program string) (known int) {
	t.Helper()
	said, files := generate(t, path, folder, program)
	want, all := generate(t, path, "", "")
	if said != want {
		t.Errorf("%s: said with a memory:\n%s\nwithout:\n%s", what, said, want)
	}
	if len(files) != len(all) {
		t.Errorf("%s: %d files, %d without a memory", what, len(files), len(all))
	}
	for _, f := range files {
		if f.Known {
			known++
		}
	}
	for _, f := range all {
		got, err := os.ReadFile(filepath.Join(filepath.Dir(path), filepath.FromSlash(f.Path)))
		if err != nil {
			t.Errorf("%s: %v", what, err)
		} else if !bytes.Equal(got, f.Content) {
			t.Errorf("%s: %s differs", what, f.Path)
		}
	}
	return known
}

func TestWhatIsRememberedIsWhatWouldBeGenerated(t *testing.T) {
	const many, any = -1, -2
	for _, options := range []string{
		"", "emit_interface: true", "emit_interface: true\n        emit_sql_as_comment: true",
		"omit_unused_structs: true\n        emit_json_tags: true", "query_parameter_limit: 0\n        emit_result_struct_pointers: true",
		"strict",
	} {
		t.Run(strings.ReplaceAll(options, "\n       ", ","), func(t *testing.T) {
			dir, folder := t.TempDir(), t.TempDir()
			if err := bigproject.Write(dir, 20, 100, 10); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "sqlc.yaml")
			change := func(name string, edit func(string) string) {
				name = filepath.Join(dir, name)
				b, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				text := edit(string(b))
				if text == string(b) {
					t.Fatalf("%s is not changed", name)
				}
				if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			replace := func(name, old, new string) {
				change(name, func(s string) string { return strings.Replace(s, old, new, 1) })
			}
			kept := func(edit func([]byte) []byte) {
				found, _ := filepath.Glob(filepath.Join(folder, "*"))
				if len(found) != 1 {
					t.Fatalf("%d files are kept", len(found))
				}
				b, err := os.ReadFile(found[0])
				if err == nil {
					err = os.WriteFile(found[0], edit(b), 0o644)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if options == "strict" {
				replace("sqlc.yaml", "engine:", "strict: true\n    engine:")
				for i, name := range []string{"queries/q0003.sql", "queries/q0008.sql", "queries/q0009.sql"} {
					change(name, func(s string) string {
						return s + fmt.Sprintf("\n-- name: Shared%d :many\n-- returns: Shared\nSELECT id, name FROM t0001;\n"+
							"\n-- name: Model%[1]d :many\n-- returns: T0002\nSELECT * FROM t0002;\n"+
							"\n-- name: Nested%[1]d :many\n-- nest: b as Parts\nSELECT a.id, a.name, sqlc.embed(b) FROM t0001 a LEFT JOIN t0002 b ON b.name = a.name;\n", i)
					})
				}
			} else if options != "" {
				replace("sqlc.yaml", "out: db", "out: db\n        "+options)
			}
			shared := 2 // db.go and models.go
			if strings.Contains(options, "emit_interface") {
				shared = 3
			}
			warned := many
			if options == "strict" {
				warned = 0 // it is an error
			}
			program := "one"
			for _, step := range []struct {
				what  string
				do    func()
				known int // files that need not be written again
			}{
				{"first", func() {}, 0},
				{"again", func() {}, shared + 10},
				{"a query's text", func() { replace("queries/q0003.sql", "WHERE id = $1", "WHERE id = $1 AND quantity > 1") }, many},
				{"a query's parameter", func() { replace("queries/q0003.sql", "WHERE id = $1 AND", "WHERE id = $1 AND note = $2 AND") }, many},
				{"a query's comment", func() { replace("queries/q0004.sql", "SELECT *", "-- said of it\nSELECT *") }, many},
				{"a query more", func() {
					change("queries/q0005.sql", func(s string) string { return s + "\n-- name: More :many\nSELECT * FROM t0001;\n" })
				}, many},
				{"a shared type", func() {
					if options == "strict" {
						replace("queries/q0008.sql", "SELECT id, name FROM t0001;", "SELECT id, name FROM t0002;")
						replace("queries/q0009.sql", "SELECT id, name FROM t0001;", "SELECT name, id FROM t0001;")
					}
				}, many},
				{"a shared type's other column", func() {
					if options == "strict" {
						replace("queries/q0008.sql", "SELECT id, name FROM t0002;", "SELECT id, note AS name FROM t0002;")
					}
				}, any},
				{"of old", func() {
					if options == "strict" {
						replace("queries/q0008.sql", "SELECT id, note AS name FROM t0002;", "SELECT id, name FROM t0002;")
					}
				}, many},
				{"a batch", func() { replace("queries/q0005.sql", "-- name: More :many", "-- name: More :batchmany") }, many},
				{"a batch's text", func() { replace("queries/q0005.sql", "FROM t0001;", "FROM t0001 ORDER BY id;") }, many},
				{"no batch", func() { replace("queries/q0005.sql", "-- name: More :batchmany", "-- name: More :many") }, many},
				{"another name", func() { replace("queries/q0005.sql", "More", "Moved") }, many},
				{"two of a name", func() { replace("queries/q0006.sql", "-- name: Get60 ", "-- name: Moved ") }, 0},
				{"one again", func() { replace("queries/q0006.sql", "-- name: Moved ", "-- name: Get60 ") }, many},
				{"a warning", func() { replace("queries/q0006.sql", "WHERE id = $1;", "WHERE id = name;") }, warned},
				{"a warning again", func() {}, warned},
				{"a warning elsewhere", func() { replace("queries/q0007.sql", "WHERE id = $1;", "WHERE id = name;") }, warned},
				{"no syntax", func() { replace("queries/q0007.sql", "SELECT *", "SELECT * FROM FROM") }, 0},
				{"right again", func() { replace("queries/q0007.sql", "SELECT * FROM FROM", "SELECT *") }, warned},
				{"no warning", func() {
					replace("queries/q0006.sql", "WHERE id = name;", "WHERE id = $1;")
					replace("queries/q0007.sql", "WHERE id = name;", "WHERE id = $1;")
				}, many},
				{"a schema's comment", func() { change("schema.sql", func(s string) string { return "-- moved\n" + s }) }, 0},
				{"a column more", func() { replace("schema.sql", "note       text,", "note       text,\n  extra bigint,") }, 0},
				{"a column that is not NULL", func() { replace("schema.sql", "extra bigint,", "extra bigint NOT NULL,") }, 0},
				{"an option", func() { replace("sqlc.yaml", "out: db", "out: db\n        emit_db_tags: true") }, 0},
				{"another folder", func() { replace("sqlc.yaml", "out: db", "out: other") }, 0},
				{"the folder of old", func() { replace("sqlc.yaml", "out: other", "out: db") }, 0},
				{"another program", func() { program = "two" }, 0},
				{"the same program", func() {}, shared + 10},
				{"a bit of the cache", func() { kept(func(b []byte) []byte { b[len(b)/2] ^= 4; return b }) }, 0},
				{"half of the cache", func() { kept(func(b []byte) []byte { return b[:len(b)/2] }) }, 0},
				{"no cache in its file", func() { kept(func(b []byte) []byte { return []byte("covetsql") }) }, 0},
				{"no cache", func() { os.RemoveAll(folder) }, 0},
				{"a file is gone", func() { os.Remove(filepath.Join(dir, "db", "q0002.sql.go")) }, many},
				{"the models are gone", func() { os.Remove(filepath.Join(dir, "db", "models.go")) }, many},
				{"a file was edited", func() { replace("db/q0002.sql.go", "package db", "package bd") }, many},
				{"the models were edited", func() { replace("db/models.go", "package db", "package bd") }, many},
				{"a query file less", func() { os.Remove(filepath.Join(dir, "queries", "q0002.sql")) }, many},
				{"a query file more", func() {
					os.WriteFile(filepath.Join(dir, "queries", "new.sql"), []byte("-- name: Fresh :one\nSELECT id FROM t0000;\n"), 0o644)
				}, many},
				{"a query file without queries", func() {
					os.WriteFile(filepath.Join(dir, "queries", "none.sql"), []byte("-- nothing\n"), 0o644)
				}, many},
				{"two files of a name", func() {
					os.MkdirAll(filepath.Join(dir, "more"), 0o755)
					os.WriteFile(filepath.Join(dir, "more", "new.sql"), []byte("-- name: Fresher :one\nSELECT name FROM t0000;\n"), 0o644)
					replace("sqlc.yaml", "queries: queries", "queries: [queries, more]")
				}, 0},
				{"one of two files of a name", func() { replace("more/new.sql", "name FROM", "note FROM") }, many},
				{"at last", func() {}, many},
			} {
				step.do()
				known := hold(t, step.what, path, folder, program)
				if step.known == many && known == 0 || step.known >= 0 && known != step.known {
					t.Errorf("%s: %d files were known", step.what, known)
				}
			}
		})
	}
}

// The real projects are generated again with a memory: as they are, and with a remark in every query file, so
// that all is compiled over the schema that was kept.
func TestRealProjectsAreRemembered(t *testing.T) {
	root := os.Getenv("COVETSQL_ACCEPTANCE")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "acceptance")
	}
	projects, _ := filepath.Glob(filepath.Join(root, "corpus", "*", "tree"))
	if len(projects) == 0 {
		t.Skip("the acceptance data is not beside the repository; set COVETSQL_ACCEPTANCE to its folder")
	}
	for _, project := range projects {
		t.Run(filepath.Base(filepath.Dir(project)), func(t *testing.T) {
			dir, folder := t.TempDir(), t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(project)); err != nil {
				t.Fatal(err)
			}
			var paths []string
			err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
				switch e.Name() {
				case "sqlc.yaml", "sqlc.yml", "sqlc.json":
					paths = append(paths, path)
				}
				if !e.IsDir() {
					err = os.Chmod(path, 0o644)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, path := range paths {
				hold(t, "first", path, folder, "")
				if known, files := hold(t, "again", path, folder, ""), len(all(t, path)); known < files*9/10 {
					t.Errorf("%d of %d files were known", known, files)
				}
				remark(t, path)
				hold(t, "with remarks", path, folder, "")
			}
		})
	}
}

func all(t *testing.T, path string) []codegen.File {
	_, files := generate(t, path, "", "")
	return files
}

// remark changes every query file of a configuration without changing a query.
func remark(t *testing.T, path string) {
	cfg, _ := config.Load(path)
	for _, p := range compiler.Compile(cfg, compiler.Options{}).Packages {
		for i, f := range p.Files {
			name := filepath.Join(cfg.Dir, f.Path)
			b, err := os.ReadFile(name)
			if err == nil {
				err = os.WriteFile(name, append(b, fmt.Sprintf("\n-- remark %d\n", i)...), 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Who is told of all queries is told of those that are remembered too.
func TestGenJSONIsWhatItIsWithoutAMemory(t *testing.T) {
	for _, gen := range []string{"go: {package: db, out: db}\n      json: {out: json}", "json: {out: json}"} {
		dir, folder := t.TempDir(), t.TempDir()
		if err := bigproject.Write(dir, 5, 20, 5); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "sqlc.yaml")
		config := "version: \"2\"\nsql:\n- engine: postgresql\n  schema: schema.sql\n  queries: queries\n  gen:\n      " + gen + "\n"
		if err := os.WriteFile(path, []byte(config), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, step := range []string{"first", "again"} {
			hold(t, step, path, folder, "one")
		}
		name := filepath.Join(dir, "queries", "q0001.sql")
		if err := os.WriteFile(name, []byte("-- name: Only :many\nSELECT id AS only_one FROM t0001 WHERE id = @most;\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		hold(t, "a query file changed", path, folder, "one")
	}
}

// Go is written again where a fragment that its queries use is another one, in whichever file that stands.
func TestAFragmentOfAnotherFileIsRemembered(t *testing.T) {
	dir, folder := t.TempDir(), t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "covetsql.yaml")
	write("covetsql.yaml", "version: \"2\"\nsql:\n  - engine: sqlite\n    schema: schema.sql\n    queries: [a.sql, b.sql, c.sql, f.sql]\n"+
		"    gen:\n      go: {package: db, out: db}\n")
	write("schema.sql", "CREATE TABLE books (id integer PRIMARY KEY, title text NOT NULL, price integer);\n")
	write("a.sql", "-- name: A :many\nSELECT sqlc.fragment(card) FROM books;\n")
	write("b.sql", "-- name: B :many\nSELECT id FROM books WHERE sqlc.fragment(cheap);\n")
	write("c.sql", "-- name: C :many\nSELECT id FROM books;\n")
	for _, step := range []struct {
		what, fragments string
		known           int
	}{
		{"first", "-- fragment: card\nid, title;\n-- fragment: cheap\nprice < sqlc.fragment(most);\n-- fragment: most\n10;\n", 0},
		{"again", "-- fragment: card\nid, title;\n-- fragment: cheap\nprice < sqlc.fragment(most);\n-- fragment: most\n10;\n", 5},
		{"a fragment of a fragment", "-- fragment: card\nid, title;\n-- fragment: cheap\nprice < sqlc.fragment(most);\n-- fragment: most\n20;\n", 4},
		{"a list", "-- fragment: card\nid, price;\n-- fragment: cheap\nprice < sqlc.fragment(most);\n-- fragment: most\n20;\n", 2},
		{"moved", "\n\n-- fragment: card\nid, price;\n-- fragment: cheap\nprice < sqlc.fragment(most);\n-- fragment: most\n20;\n", 3},
		{"a mistake", "-- fragment: card\nid, prize;\n-- fragment: cheap\nprice < sqlc.fragment(most);\n-- fragment: most\n20;\n", 0},
		{"right again", "-- fragment: card\nid, price;\n-- fragment: cheap\nprice < sqlc.fragment(most);\n-- fragment: most\n20;\n", 3},
		{"unused", "-- fragment: card\nid, price;\n-- fragment: cheap\nprice < 20;\n-- fragment: most\n20;\n", 4},
		{"unused again", "-- fragment: card\nid, price;\n-- fragment: cheap\nprice < 20;\n-- fragment: most\n20;\n", 5},
		{"gone", "-- fragment: card\nid, price;\n", 0},
	} {
		write("f.sql", step.fragments)
		if known := hold(t, step.what, path, folder, "one"); known != step.known {
			t.Errorf("%s: %d files stand, want %d", step.what, known, step.known)
		}
	}
}
