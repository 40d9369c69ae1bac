package token

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
)

// acceptance is the folder of real projects, or skips the test where there is none.
func acceptance(t testing.TB) string {
	dir := os.Getenv("COVETSQL_ACCEPTANCE")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "acceptance")
	}
	if _, err := os.Stat(filepath.Join(dir, "corpus")); err != nil {
		t.Skip("no real projects to read: set COVETSQL_ACCEPTANCE")
	}
	return dir
}

type sqlFile struct {
	*source.File
	engine Dialect
	macros bool // a query file, by what is in it
}

var queryHeader = regexp.MustCompile(`(?m)^(--|#|/\*) name: \w+ :\w+`)

// corpus lists the SQL files below dir. The engine is told by the path, or by the nearest
// configuration above the file.
func corpus(t testing.TB, dir string) []sqlFile {
	var out []sqlFile
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".sql") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		f := sqlFile{File: source.NewFile(rel, string(text)), engine: engineOf(dir, path)}
		f.macros = queryHeader.MatchString(f.Text)
		out = append(out, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func engineOf(root, path string) Dialect {
	lower := strings.ToLower(path[len(root):])
	switch {
	case strings.Contains(lower, "sqlite"), strings.Contains(lower, "_lite_"):
		return SQLite
	case strings.Contains(lower, "mysql"), strings.Contains(lower, "_my_"):
		return MySQL
	case strings.Contains(lower, "postgres"), strings.Contains(lower, "pgx"), strings.Contains(lower, "_pg_"),
		strings.Contains(lower, "/pg/"):
		return PostgreSQL
	}
	for d := filepath.Dir(path); len(d) >= len(root); d = filepath.Dir(d) {
		for _, name := range []string{"sqlc.yaml", "sqlc.yml", "sqlc.json"} {
			text, err := os.ReadFile(filepath.Join(d, name))
			if err != nil {
				continue
			}
			switch {
			case regexp.MustCompile(`engine["']?: *["']?sqlite`).Match(text):
				return SQLite
			case regexp.MustCompile(`engine["']?: *["']?mysql`).Match(text):
				return MySQL
			}
			return PostgreSQL
		}
	}
	return PostgreSQL
}

func TestEveryRealFileSplitsIntoAsManyQueriesAsHeaders(t *testing.T) {
	files, queries, bytes := 0, 0, 0
	for _, f := range corpus(t, acceptance(t)) {
		files++
		bytes += len(f.Text)
		mode := Schema
		if f.macros {
			mode = Queries
		}
		statements, diags := Split(f.File, f.engine, mode)
		for _, d := range diags {
			// Some projects have statements that they forgot to name.
			if d.Code != diag.HeaderMissing {
				t.Errorf("%v", d)
			}
		}
		want := len(queryHeader.FindAllString(f.Text, -1))
		if f.macros {
			queries += want
			if len(statements) != want {
				t.Errorf("%s: %d statements, %d headers", f.Path, len(statements), want)
			}
		}
		for _, s := range statements {
			checkStatement(t, s)
		}
	}
	t.Logf("%d files, %d bytes, %d queries", files, bytes, queries)
}

// checkStatement holds what every statement must: ordered tokens, and each token that was
// not replaced maps back to the very bytes it stands for.
func checkStatement(t testing.TB, s *Statement) {
	at := int32(0)
	pieces := map[int32]bool{}
	for _, p := range s.Params {
		pieces[p.Start] = true
		if got := s.At(int(p.Start), int(p.End)); got != p.Span {
			t.Errorf("%s: placeholder %s maps to %q, was %q", s.File.Path, s.Text[p.Start:p.End], got.Text(), p.Span.Text())
		}
	}
	for _, tok := range s.Tokens {
		if tok.Start < at || tok.End <= tok.Start || int(tok.End) > len(s.Text) {
			t.Fatalf("%s: token %v behind %d in %q", s.File.Path, tok, at, s.Text)
		}
		at = tok.End
		if pieces[tok.Start] || s.EmbedAt(int(tok.Start)) {
			continue
		}
		if got := s.At(int(tok.Start), int(tok.End)).Text(); got != s.Text[tok.Start:tok.End] {
			t.Fatalf("%s: token %q maps to %q", s.File.Path, s.Text[tok.Start:tok.End], got)
		}
	}
}
