package mysql

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
)

// acceptance is the folder of real projects, or skips the test where there is none.
func acceptance(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("COVETSQL_ACCEPTANCE")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "acceptance")
	}
	if _, err := os.Stat(filepath.Join(dir, "corpus")); err != nil {
		t.Skip("no real projects to read: set COVETSQL_ACCEPTANCE")
	}
	return dir
}

var queryHeader = regexp.MustCompile(`(?m)^(--|#|/\*) name: \w+ :\w+`)

// realFiles are the MySQL files of the real projects and of the accuracy cases.
func realFiles(t testing.TB) []string {
	dir := acceptance(t)
	var out []string
	add := func(patterns ...string) {
		for _, p := range patterns {
			files, _ := filepath.Glob(filepath.Join(dir, p))
			out = append(out, files...)
		}
	}
	add("accuracy/2*/*.sql", "corpus/azalea/tree/database/*/*.sql", "corpus/ntp-monitor/tree/*.sql",
		"corpus/unkey-*/tree/pkg/mysql/schema/*.sql", "corpus/unkey-*/tree/pkg/db/queries/*.sql",
		"corpus/unkey-*/tree/internal/services/ratelimit/db/queries/*.sql", "corpus/ncps/tree/db/query.mysql.sql",
		"corpus/ncps/tree/db/migrations/mysql/*.sql", "corpus/nanocmd-*/tree/engine/storage/mysql/*.sql",
		"corpus/sqlc-*/tree/examples/*/mysql/*.sql", "corpus/sqlc-*/tree/examples/*/mysql/*/*.sql")
	return out
}

// TestRealFilesLower: every statement of every real MySQL project lowers whole.
func TestRealFilesLower(t *testing.T) {
	files := realFiles(t)
	n := 0
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		mode := token.Schema
		if queryHeader.Match(text) {
			mode = token.Queries
		}
		for _, s := range statements(t, filepath.Base(path), string(text), mode) {
			n++
			tree := lower(t, s)
			ir.Walk(tree, func(x ir.Node) bool {
				if o, ok := x.(*ir.Opaque); ok {
					t.Errorf("%s: opaque %s in\n%s", path, o.What, s.Text)
				}
				return true
			})
		}
	}
	t.Logf("%d statements of %d files", n, len(files))
	if n < 900 {
		t.Errorf("only %d statements of %d files found", n, len(files))
	}
}

// BenchmarkParse lowers the statements of the real projects, one each turn.
func BenchmarkParse(b *testing.B) {
	var list []*token.Statement
	for _, path := range realFiles(b) {
		text, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		mode := token.Schema
		if queryHeader.Match(text) {
			mode = token.Queries
		}
		list = append(list, statements(b, filepath.Base(path), string(text), mode)...)
	}
	d := New()
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		d.Parse(list[i%len(list)])
	}
}
