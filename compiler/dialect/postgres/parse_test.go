package postgres

import (
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// statementOf makes a statement without the splitter's own checks.
func statementOf(sql string) *token.Statement {
	list, _ := token.Split(source.NewFile("q.sql", sql), token.PostgreSQL, token.Schema)
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

func TestSyntaxErrorsPointAtTheToken(t *testing.T) {
	for _, c := range []struct{ sql, at, message string }{
		{"SELEC 1", "SELEC", `syntax error at or near "SELEC"`},
		{"SELECT 'äöü', 1 FROM t WHERE", "WHERE", "syntax error at end of input"},
		{"SELECT 'äöü' AS ü, * FRM t", "FRM", `syntax error at or near "FRM"`},
		{"SELECT a FROM t LIMIT 1 LIMIT 2", "LIMIT", `syntax error at or near "LIMIT"`},
		{"(SELECT a FROM t LIMIT 1) LIMIT 2", "2", "multiple LIMIT clauses not allowed"},
		{"CREATE TABLE t (a int", "int", "syntax error at end of input"},
	} {
		stmt, diags, _ := parseOne(t, c.sql)
		if stmt != nil || len(diags) != 1 {
			t.Errorf("%s: got %T and %v", c.sql, stmt, diags)
			continue
		}
		d := diags[0]
		if d.Code != diag.SyntaxError || d.Message != c.message || d.Span.Text() != c.at {
			t.Errorf("%s: %s %q at %q, want %q at %q", c.sql, d.Code.ID, d.Message, d.Span.Text(), c.message, c.at)
		}
	}
}

func TestDeepStatementsAreRefusedNotFatal(t *testing.T) {
	many := 60000
	for name, sql := range map[string]string{
		"operators": "SELECT 1" + strings.Repeat("+1", many),
		"casts":     "SELECT a" + strings.Repeat("::int", many),
		"tests":     "SELECT a" + strings.Repeat(" IS NULL", many),
		"unions":    "SELECT 1, 2" + strings.Repeat(" UNION SELECT 1, 2", many),
		"joins":     "SELECT * FROM a" + strings.Repeat(" JOIN a ON x AND y", many),
		"not":       "SELECT " + strings.Repeat("NOT ", many) + "a",
		"case":      "SELECT " + strings.Repeat("CASE WHEN a AND b THEN ", many) + "1" + strings.Repeat(" END", many),
		"collate":   "SELECT a" + strings.Repeat(" COLLATE x", many),
		"zone":      "SELECT a" + strings.Repeat(" AT TIME ZONE b", many),
		"operator":  "SELECT a" + strings.Repeat(" OPERATOR(x.+) a", many),
	} {
		s := statementOf(sql)
		stmt, diags := New().Parse(s)
		if stmt != nil || len(diags) != 1 || diags[0].Code != diag.TooDeep {
			t.Errorf("%s: got %T and %.200v", name, stmt, diags)
		}
	}
}

func TestNestedBracketsAreRefused(t *testing.T) {
	sql := "SELECT " + strings.Repeat("(", maxNesting+100) + "1" + strings.Repeat(")", maxNesting+100)
	f := source.NewFile("q.sql", sql)
	s := &token.Statement{File: f, Span: f.Span(0, len(sql)), Text: sql, Map: source.NewOffsetMap(0)}
	for i := range sql {
		if i >= 7 {
			s.Tokens = append(s.Tokens, token.Token{Kind: token.Punct, Start: int32(i), End: int32(i + 1)})
		}
	}
	if stmt, diags := New().Parse(s); stmt != nil || len(diags) != 1 || diags[0].Code != diag.TooDeep {
		t.Errorf("got %T and %v", stmt, diags)
	}
}

func TestLongFlatStatementsAreTaken(t *testing.T) {
	many := 5000
	for name, sql := range map[string]string{
		"and":    "SELECT 1 WHERE a = 1" + strings.Repeat(" AND a + 1 = 2", many),
		"values": "INSERT INTO t VALUES (1 + 1, -1)" + strings.Repeat(", (a + 1, -1)", many),
		"in":     "SELECT a IN (1" + strings.Repeat(", 1 + 1", many) + ")",
	} {
		stmt, diags, _ := parseOne(t, sql)
		if stmt == nil || len(diags) != 0 {
			t.Errorf("%s: %v", name, diags)
		}
	}
}

func TestParametersOfAQueryAreItsParamRefs(t *testing.T) {
	sql := "-- name: A :many\nSELECT * FROM t WHERE a = sqlc.arg(x) AND b = ANY(@y::int[]) AND c = @x LIMIT sqlc.narg('z');"
	list, diags := token.Split(source.NewFile("q.sql", sql), token.PostgreSQL, token.Queries)
	if len(list) != 1 || len(diags) > 0 {
		t.Fatal(diags)
	}
	stmt, diags := New().Parse(list[0])
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	var refs []int
	ir.Walk(stmt, func(n ir.Node) bool {
		if p, ok := n.(*ir.Param); ok {
			refs = append(refs, p.Ref)
			if got, want := p.Span(), list[0].Params[p.Ref].Span; got != want {
				t.Errorf("parameter %d stands at %q, want %q", p.Ref, got.Text(), want.Text())
			}
		}
		return true
	})
	if len(refs) != 4 {
		t.Errorf("got %v", refs)
	}
}

func TestEmbedsAreMarkedStars(t *testing.T) {
	sql := "-- name: A :many\nSELECT sqlc.embed(a), b.*, sqlc.embed(b) FROM a, b;"
	list, _ := token.Split(source.NewFile("q.sql", sql), token.PostgreSQL, token.Queries)
	stmt, diags := New().Parse(list[0])
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	var got []bool
	for _, it := range stmt.(*ir.Select).Items {
		got = append(got, it.X.(*ir.Star).Embed)
	}
	if want := []bool{true, false, true}; len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("got %v, want %v", got, want)
	}
	if text := stmt.(*ir.Select).Items[0].X.Span().Text(); text != "sqlc.embed(a)" {
		t.Errorf("the first star stands at %q", text)
	}
}

func TestNamesAreQuotedOnlyWhereNeeded(t *testing.T) {
	for name, want := range map[string]string{
		"a": "a", "a_1$": "a_1$", "A": `"A"`, "user": `"user"`, "name": "name", "1a": `"1a"`, `a"b`: `"a""b"`, "": `""`, "ü": `"ü"`, "left": `"left"`, "value": "value",
	} {
		if got := New().Quote(name); got != want {
			t.Errorf("Quote(%q) = %s, want %s", name, got, want)
		}
	}
}

// PostgreSQL's parser can be built to point standard error at a pipe of its own while it
// runs, which parallel calls would leave there. As it is built it does not.
func TestParallelParsingLeavesStandardErrorAlone(t *testing.T) {
	before, err := os.Stderr.Stat()
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				New().Parse(statementOf("SELECT a FROM t WHERE b = 1"))
			}
		})
	}
	wg.Wait()
	after, err := os.Stderr.Stat()
	if err != nil || !os.SameFile(before, after) {
		t.Errorf("standard error is another file now: %v", err)
	}
}
