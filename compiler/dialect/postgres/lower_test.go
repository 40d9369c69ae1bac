package postgres

import (
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

// parseOne lowers a text that holds one statement.
func parseOne(t testing.TB, sql string) (ir.Statement, diag.List, *token.Statement) {
	t.Helper()
	list, diags := token.Split(source.NewFile("q.sql", sql), token.PostgreSQL, token.Schema)
	if len(list) != 1 {
		t.Fatalf("%q is %d statements: %v", sql, len(list), diags)
	}
	stmt, more := New().Parse(list[0])
	return stmt, more, list[0]
}

// badSpans lists the nodes whose span is empty or leaves its parent's.
func badSpans(s *token.Statement, root ir.Node) []string {
	var bad []string
	var check func(n ir.Node, in source.Span)
	check = func(n ir.Node, in source.Span) {
		p := n.Span()
		switch {
		case p.File == nil:
			bad = append(bad, fmt.Sprintf("%T has no place, inside %q", n, in.Text()))
			return
		case p.Len() == 0:
			bad = append(bad, fmt.Sprintf("%T is empty at %d, inside %q", n, p.Start, in.Text()))
		case p.Start < in.Start || p.End > in.End:
			bad = append(bad, fmt.Sprintf("%T %q leaves its parent %q", n, p.Text(), in.Text()))
		case !balanced(p.Text()):
			bad = append(bad, fmt.Sprintf("%T %q is not balanced", n, p.Text()))
		}
		for _, c := range ir.Children(n) {
			check(c, p)
		}
	}
	check(root, s.Span)
	return bad
}

// balanced tells whether the round brackets outside strings are; it gives up on texts with
// quotes of any kind.
func balanced(s string) bool {
	if strings.ContainsAny(s, `'"$-`) {
		return true
	}
	depth := 0
	for _, c := range s {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth < 0 {
			return false
		}
	}
	return depth == 0
}

// acceptance is the folder of real inputs, or the test is skipped.
func acceptance(t testing.TB) string {
	dir := os.Getenv("COVETSQL_ACCEPTANCE")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "acceptance")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the acceptance inputs are not here: %v", err)
	}
	return dir
}

// realFiles are the PostgreSQL files of the acceptance inputs.
func realFiles(t testing.TB) []string {
	var out []string
	root := acceptance(t)
	filepath.WalkDir(filepath.Join(root, "corpus"), func(path string, d os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".sql") && !strings.HasSuffix(path, ".down.sql") && isPostgres(root, path) {
			out = append(out, path)
		}
		return nil
	})
	filepath.WalkDir(filepath.Join(root, "accuracy"), func(path string, d os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".sql") && strings.Contains(path, "_pg_") {
			out = append(out, path)
		}
		return nil
	})
	return out
}

// isPostgres asks the project's configuration for its engine; folders of other engines
// beside it bear the engine's name.
func isPostgres(root, path string) bool {
	rel, _ := filepath.Rel(filepath.Join(root, "corpus"), path)
	project := strings.Split(filepath.ToSlash(rel), "/")[0]
	for _, other := range []string{"mysql", "sqlite"} {
		if strings.Contains(rel, other) {
			return false
		}
	}
	for _, name := range []string{"sqlc.yaml", "sqlc.yml", "sqlc.json"} {
		found := false
		filepath.WalkDir(filepath.Join(root, "corpus", project), func(p string, d os.DirEntry, err error) error {
			if err == nil && filepath.Base(p) == name {
				b, _ := os.ReadFile(p)
				found = found || strings.Contains(string(b), "postgresql")
			}
			return nil
		})
		if found {
			return true
		}
	}
	return false
}
