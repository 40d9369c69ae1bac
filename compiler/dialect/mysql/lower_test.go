package mysql

import (
	"flag"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

func updating() bool {
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}

// accepted are the statements of testdata/accepted, one a line; \n is a line end.
func accepted(t testing.TB) map[string][]string {
	files, err := filepath.Glob("testdata/accepted/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal("no statements", err)
	}
	out := map[string][]string{}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
			out[path] = append(out[path], strings.ReplaceAll(line, `\n`, "\n"))
		}
	}
	return out
}

// TestStatementsLower holds the tree of every form of statement, and that each node of it
// has its place.
func TestStatementsLower(t *testing.T) {
	for path, list := range accepted(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".sql"), func(t *testing.T) {
			var b strings.Builder
			for _, text := range list {
				b.WriteString("# " + strings.ReplaceAll(text, "\n", `\n`) + "\n")
				if tree := lower(t, one(t, text)); tree != nil {
					b.WriteString(ir.Dump(tree) + "\n")
				}
			}
			compare(t, strings.TrimSuffix(path, ".sql")+".golden", b.String())
		})
	}
}

// TestDumpsAreRead: what mysqldump writes, with code in comments and changed delimiters, is
// read as what it says.
func TestDumpsAreRead(t *testing.T) {
	text, err := os.ReadFile("testdata/dump.sql")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, s := range statements(t, "dump.sql", string(text), token.Schema) {
		first, _, _ := strings.Cut(s.Text, "\n")
		b.WriteString("# " + first + "\n" + ir.Dump(lower(t, s)) + "\n")
	}
	compare(t, "testdata/dump.golden", b.String())
}

func compare(t *testing.T, path, got string) {
	t.Helper()
	if updating() {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	g, w := strings.Split(got, "\n# "), strings.Split(string(want), "\n# ")
	for i := 0; i < max(len(g), len(w)); i++ {
		switch {
		case i >= len(g):
			t.Fatalf("%s: missing\n%s", path, w[i])
		case i >= len(w):
			t.Fatalf("%s: too much\n%s", path, g[i])
		case g[i] != w[i]:
			t.Fatalf("%s: got\n%s\nwant\n%s", path, g[i], w[i])
		}
	}
}

// TestSyntaxErrorsArePlaced: what the grammar does not accept is reported in the engine's
// words at the token that it did not take.
func TestSyntaxErrorsArePlaced(t *testing.T) {
	const words = "you have an error in your SQL syntax"
	for _, c := range []struct{ text, at, message string }{
		{"SELEC 1", "SELEC", words + " near 'SELEC 1'"},
		{"SELECT a FRM t WHERE b", "t", words + " near 't WHERE b'"},
		{"SELECT a FROM t WHERE", "WHERE", words + " at the end of the statement"},
		{"SELECT (1", "1", words + " at the end of the statement"},
		{"SELECT a FROM t WHERE a = = 1", "=", words + " near '= 1'"},
		{"SELECT a, FROM t", "FROM", words + " near 'FROM t'"},
		{"INSERT INTO t (a) VALUES (1", "1", words + " at the end of the statement"},
		{"INSERT INTO t (a) VALUES (1) RETURNING", "RETURNING", words + " at the end of the statement"},
		{"INSERT INTO t (a) VALUES (1) RETURNING a,,b", ",", words + " near ',b'"},
		{"UPDATE t SET", "SET", words + " at the end of the statement"},
		{"DELETE t WHERE a", "WHERE", words + " near 'WHERE a'"},
		{"CREATE TABLE t (a int,)", ")", words + " near ')'"},
		{"CREATE TABLE t (a)", ")", words + " near ')'"},
		{"CREATE TABLE t (a int nul)", "nul", words + " near 'nul)'"},
		{"CREATE TABLE t (a int DEFAULT (1 +))", ")", words + " near '))'"},
		{"CREATE TABLE t (a int) ENGINE", "ENGINE", words + " at the end of the statement"},
		{"CREATE TABLE t (a point, b int primry)", "primry", words + " near 'primry)'"},
		{"CREATE VIEW v AS SELECT", "SELECT", words + " at the end of the statement"},
		{"CREATE VIEW v AS SELECT 1 FROM WHERE", "WHERE", words + " near 'WHERE'"},
		{"CREATE INDEX i ON t", "t", words + " at the end of the statement"},
		{"ALTER TABLE t ADD COLUMN", "COLUMN", words + " at the end of the statement"},
		{"ALTER TABLE t FROB a", "FROB", words + " near 'FROB a'"},
		{"DROP TABL t", "TABL", words + " near 'TABL t'"},
		{"CREATE TRIGGER x DURING INSERT ON t FOR EACH ROW SET @a = 1", "DURING", words + " near 'DURING INSERT ON t FOR EACH ROW SET @a = 1'"},
		{"SET @a", "@a", words + " at the end of the statement"},
		{"SELECT * FROM JSON_TABLE(doc, '$' COLUMNS (a)) t", ")", words + " near ')) t'"},
		{"FROBNICATE t", "FROBNICATE", words + " near 'FROBNICATE t'"},
	} {
		s := one(t, c.text)
		tree, diags := New().Parse(s)
		if tree != nil || len(diags) == 0 {
			t.Errorf("%s is accepted", c.text)
			continue
		}
		d := diags[0]
		if d.Code != diag.SyntaxError || d.Message != c.message || d.Span.Text() != c.at {
			t.Errorf("%s\n  got  %s %q at %q\n  want %q at %q", c.text, d.Code.ID, d.Message, d.Span.Text(), c.message, c.at)
		}
	}
}

// TestMacrosKeepTheirPlaces: a parameter's node covers what the user wrote, and a star that
// was sqlc.embed says so.
func TestMacrosKeepTheirPlaces(t *testing.T) {
	s := one(t, "SELECT sqlc.embed(a), b.x FROM a JOIN b ON b.id = a.id WHERE a.name = sqlc.arg(author_name) AND b.id IN (sqlc.slice(ids)) LIMIT ?")
	var params []string
	embeds := 0
	ir.Walk(lower(t, s), func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Param:
			params = append(params, n.Pos.Text())
		case *ir.Star:
			if n.Embed {
				embeds++
			}
		}
		return true
	})
	sort.Strings(params)
	if got := strings.Join(params, " "); got != "? sqlc.arg(author_name) sqlc.slice(ids)" || embeds != 1 {
		t.Errorf("parameters at %s, %d embeds", got, embeds)
	}
}

// TestLongStatementsAreFast: chains of thousands of operands, rows and placeholders neither
// recurse too deep nor take long.
func TestLongStatementsAreFast(t *testing.T) {
	const n = 20000
	for name, text := range map[string]string{
		"and":    "SELECT 1 FROM t WHERE a = 1" + strings.Repeat(" AND b = 2", n),
		"plus":   "SELECT 1" + strings.Repeat(" + a", n) + " FROM t",
		"rows":   "INSERT INTO t (a, b) VALUES (?, ?)" + strings.Repeat(", (?, ?)", n),
		"in":     "SELECT 1 FROM t WHERE a IN (0" + strings.Repeat(", 1", n) + ")",
		"minus":  "SELECT " + strings.Repeat("- ", n) + "a FROM t",
		"nested": "SELECT " + strings.Repeat("(", 900) + "1" + strings.Repeat(")", 900),
	} {
		tree, diags := New().Parse(one(t, text))
		if tree == nil || len(diags) > 0 {
			t.Errorf("%s: %v", name, diags)
		}
	}
}

// TestEndlessExpressionsAreRefused: a chain that no stack would hold is an error at a place.
func TestEndlessExpressionsAreRefused(t *testing.T) {
	for _, text := range []string{"SELECT " + strings.Repeat("- ", 300000) + "1", "SELECT 1" + strings.Repeat(" + (a)", 300000), "SELECT " + strings.Repeat("NOT ", 300000) + "a"} {
		tree, diags := New().Parse(one(t, text))
		if tree != nil || len(diags) != 1 || diags[0].Code != diag.TooDeep || diags[0].Span.Len() == 0 {
			t.Errorf("%.20s…: %v", text, diags)
		}
	}
	wide := "INSERT INTO t (a, b) VALUES (-1, -2)" + strings.Repeat(", (-1, -2)", 200000)
	if tree, diags := New().Parse(one(t, wide)); tree == nil || len(diags) > 0 {
		t.Errorf("an INSERT of many rows: %v", diags)
	}
}

// FuzzParse: whatever the text is, there is a tree or an error, every node has a place in
// the text, and nothing of ours fails.
func FuzzParse(f *testing.F) {
	for _, list := range accepted(f) {
		for _, text := range list {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return // such a file is refused before it comes here
		}
		file := source.NewFile("fuzz.sql", "-- name: Q :exec\n"+text)
		for _, mode := range []token.Mode{token.Queries, token.Schema} {
			list, _ := token.Split(file, token.MySQL, mode)
			for _, s := range list {
				tree, diags := New().Parse(s)
				if tree == nil && !diags.HasErrors() {
					t.Errorf("neither a tree nor an error:\n%s", s.Text)
				}
				for _, d := range diags {
					if d.Code == diag.InternalError || d.Span.IsZero() || d.Span.Len() == 0 {
						t.Errorf("%v %v\n%s", d.Error(), d.Help, s.Text)
					}
				}
				if tree != nil {
					checkSpans(t, s, tree)
				}
			}
		}
	})
}
