package postgres

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// Real schemas and queries lower whole: no syntax error, nothing that is not modelled,
// every span exact enough to stand inside its parent's.
func TestRealProjectsLowerWhole(t *testing.T) {
	statements, nodes, problems := 0, 0, 0
	for _, path := range realFiles(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		mode := token.Schema
		if strings.Contains(string(text), "-- name:") {
			mode = token.Queries
		}
		list, diags := token.Split(source.NewFile(filepath.Base(path), string(text)), token.PostgreSQL, mode)
		for _, d := range diags {
			if d.Severity == diag.Error {
				t.Errorf("%s: %v", path, d)
			}
		}
		for _, s := range list {
			statements++
			stmt, diags := New().Parse(s)
			for _, d := range diags {
				problems++
				if problems < 40 {
					t.Errorf("%s: %v\n%.300s", path, d, s.Text)
				}
			}
			if stmt == nil {
				continue
			}
			ir.Walk(stmt, func(ir.Node) bool { nodes++; return true })
			for _, bad := range badSpans(s, stmt) {
				problems++
				if problems < 40 {
					t.Errorf("%s: %s\n%.600s", path, bad, s.Text)
				}
			}
		}
	}
	t.Logf("%d statements, %d nodes, %d problems", statements, nodes, problems)
}
