package postgres

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// Each testdata/lower/*.sql is a list of statements; the .golden beside it shows each with
// its tree. Spans are held by badSpans and by the tests of span_test.go.
func TestStatementsLowerToTheirGoldens(t *testing.T) {
	files, _ := filepath.Glob("testdata/lower/*.sql")
	if len(files) == 0 {
		t.Fatal("no cases")
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".sql"), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			list, diags := token.Split(source.NewFile(filepath.Base(path), string(text)), token.PostgreSQL, token.Schema)
			for _, d := range diags {
				t.Error(d)
			}
			var b strings.Builder
			for _, s := range list {
				b.WriteString(s.Text + "\n")
				placeholders(s)
				stmt, diags := New().Parse(s)
				for _, d := range diags {
					b.WriteString(d.Error() + "\n")
				}
				if stmt != nil {
					b.WriteString(ir.Dump(stmt))
					for _, bad := range badSpans(s, stmt) {
						t.Errorf("%s\n%s", s.Text, bad)
					}
				}
				b.WriteString("\n")
			}
			golden := strings.TrimSuffix(path, ".sql") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(b.String()), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got := b.String(); got != string(want) {
				t.Errorf("the tree differs from %s; run with -update and read the difference\n%s", golden, firstDifference(got, string(want)))
			}
		})
	}
}

// placeholders gives a statement of a schema file the parameters that a query would have.
func placeholders(s *token.Statement) {
	if strings.HasPrefix(s.Text, "CREATE") {
		return
	}
	for i, t := range s.Tokens {
		if t.Kind == token.Placeholder {
			n, _ := strconv.Atoi(s.TokenText(i)[1:])
			s.Params = append(s.Params, token.ParamRef{Number: n, Start: t.Start, End: t.End, Span: s.At(int(t.Start), int(t.End))})
		}
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			end := min(i+3, len(g))
			old := ""
			if i < len(w) {
				old = w[i]
			}
			return "got  " + strings.Join(g[i:end], "\n     ") + "\nwant " + old
		}
	}
	return "the golden has more lines"
}
