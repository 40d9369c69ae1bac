package sqlite

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

var update = flag.Bool("update", false, "write the goldens anew")

// one makes the one statement of a text, with the lexer's parameters.
func one(t testing.TB, text string) *token.Statement {
	t.Helper()
	list, ds := token.Split(source.NewFile("q.sql", "-- name: Q :many\n"+text), token.SQLite, token.Queries)
	if len(list) != 1 {
		t.Fatalf("%d statements in %s: %v", len(list), text, ds)
	}
	return list[0]
}

// Every form of statement lowers to the tree that the golden beside it shows.
func TestLowering(t *testing.T) {
	files, err := filepath.Glob("testdata/lower/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
				s, lexed := statementOf(line)
				fmt.Fprintf(&out, "> %s\n", line)
				for _, d := range lexed {
					fmt.Fprintln(&out, shown(d))
				}
				if s == nil {
					continue
				}
				tree, ds := New().Parse(s)
				for _, d := range ds {
					if d.Span.IsZero() || d.Span.Len() == 0 {
						t.Errorf("%s: a diagnostic without a place: %s", line, d.Message)
					}
					fmt.Fprintln(&out, shown(d))
				}
				switch {
				case tree != nil:
					checkSpans(t, s, tree)
					out.WriteString(ir.Dump(tree))
				case !ds.HasErrors():
					t.Errorf("%s: no tree and no error", line)
				}
				out.WriteString("\n")
			}
			golden(t, strings.TrimSuffix(f, ".sql")+".golden", out.String())
		})
	}
}

func shown(d diag.Diagnostic) string {
	p := d.Span.Position()
	return fmt.Sprintf("%s %d:%d %q: %s", d.Code.ID, p.Line-1, p.Column, d.Span.Text(), d.Message)
}

// statementOf is the statement of a line. Schema statements are cut as such.
func statementOf(line string) (*token.Statement, diag.List) {
	list, ds := token.Split(source.NewFile("q.sql", "-- name: Q :many\n"+line), token.SQLite, token.Queries)
	if len(list) == 0 {
		return nil, ds
	}
	return list[0], ds
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run with -update and read the difference", path)
		gl, wl := strings.Split(got, "\n"), strings.Split(string(want), "\n")
		for i := range gl {
			if i >= len(wl) || gl[i] != wl[i] {
				t.Errorf("line %d: %s", i+1, gl[i])
				break
			}
		}
	}
}

// sqlc.embed, sqlc.arg and sqlc.slice are back at the user's own text in every span.
func TestMacrosKeepTheirPlaces(t *testing.T) {
	s := one(t, "SELECT sqlc.embed(a), b.x FROM a JOIN b ON b.i = sqlc.arg(id) WHERE b.y IN (sqlc.slice('ys')) AND b.z = sqlc.narg('z');")
	tree := lowersWhole(t, s)
	var stars, params []string
	ir.Walk(tree, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Star:
			if n.Embed {
				stars = append(stars, n.Span().Text())
			}
		case *ir.Param:
			params = append(params, n.Span().Text())
		}
		return true
	})
	if got := strings.Join(stars, ";"); got != "sqlc.embed(a)" {
		t.Errorf("embeds: %s", got)
	}
	if got := strings.Join(params, ";"); got != "sqlc.arg(id);sqlc.slice('ys');sqlc.narg('z')" {
		t.Errorf("parameters: %s", got)
	}
}

// Nesting past all measure is an error, not a crash.
func TestDeepNestingIsAnError(t *testing.T) {
	for _, text := range []string{
		"SELECT 1" + strings.Repeat(" + 1", 200000),
		"SELECT " + strings.Repeat("NOT ", 20000) + "1",
		"SELECT " + strings.Repeat("-", 0) + strings.Repeat("~ ", 8000) + "1",
	} {
		tree, ds := New().Parse(one(t, text))
		if tree != nil || !ds.HasErrors() || ds[0].Code != diag.TooDeep {
			t.Errorf("%.20s…: tree %v, %v", text, tree != nil, ds)
		}
	}
}

// FuzzParse: no text makes Parse panic, lose its place or be silent about a failure.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/lower/*.sql")
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, line := range strings.Split(string(b), "\n") {
			f.Add(line)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, mode := range []token.Mode{token.Queries, token.Schema} {
			list, _ := token.Split(source.NewFile("q.sql", "-- name: Q :many\n"+text), token.SQLite, mode)
			for _, s := range list {
				tree, ds := New().Parse(s)
				if tree == nil && !ds.HasErrors() {
					t.Fatal("no tree and no error")
				}
				for _, d := range ds {
					if d.Code == diag.InternalError {
						t.Fatal(d)
					}
					if d.Span.IsZero() || d.Span.Len() == 0 {
						t.Fatalf("a diagnostic without a place: %v", d)
					}
				}
				if tree != nil {
					checkSpans(t, s, tree)
				}
			}
		}
	})
}
