package postgres

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// FuzzParse: whatever the text, there is a tree or an error, never a panic and never an
// internal error, and every span stands inside its parent's.
func FuzzParse(f *testing.F) {
	paths, _ := filepath.Glob("testdata/lower/*.sql")
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, sql := range strings.Split(string(text), ";\n") {
			f.Add(sql)
		}
	}
	f.Fuzz(func(t *testing.T, sql string) {
		if len(sql) > 4000 || strings.ContainsRune(sql, 0) {
			return
		}
		list, _ := token.Split(source.NewFile("q.sql", sql), token.PostgreSQL, token.Schema)
		for _, s := range list {
			stmt, diags := New().Parse(s)
			if stmt == nil && !diags.HasErrors() {
				t.Fatalf("neither a tree nor an error: %q", s.Text)
			}
			for _, d := range diags {
				if d.Code == diag.InternalError {
					t.Fatalf("%v\n%q", d, s.Text)
				}
				if d.Span.Len() == 0 {
					t.Fatalf("a diagnostic without a place: %v\n%q", d, s.Text)
				}
			}
			if stmt == nil {
				continue
			}
			for _, bad := range badSpans(s, stmt) {
				t.Errorf("%s\n%q", bad, s.Text)
			}
		}
	})
}
