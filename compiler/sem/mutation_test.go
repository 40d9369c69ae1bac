package sem_test

import (
	"database/sql"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/internal/testkit"
)

// mutants makes broken and odd variants of a query by exchanging its words.
func mutants(r *rand.Rand, body string, bodies []string, n int, visit func(text string)) {
	words := strings.Fields(body)
	odd := []string{"NULL", "*", "x", "(SELECT 1, 2)", "count(*)", "(1, 2)", "a.*", "''", "1", "sum(1)"}
	for range n {
		other := strings.Fields(bodies[r.Intn(len(bodies))])
		mutant := append([]string(nil), words...)
		i := r.Intn(len(mutant))
		switch r.Intn(4) {
		case 0:
			mutant = append(mutant[:i], mutant[i+1:]...)
		case 1:
			mutant[i] = other[r.Intn(len(other))]
		case 2:
			j := r.Intn(len(mutant))
			mutant[i], mutant[j] = mutant[j], mutant[i]
		default:
			mutant[i] = odd[r.Intn(len(odd))]
		}
		visit(strings.Join(mutant, " "))
	}
}

// TestNothingIsRefusedThatAServerTakes mutates the queries of the goldens: what a real
// server prepares is no error here.
func TestNothingIsRefusedThatAServerTakes(t *testing.T) {
	if testing.Short() {
		t.Skip("needs servers")
	}
	files, _ := filepath.Glob("testdata/*.txt")
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			var server *testkit.Server
			switch engineOf(file) {
			case catalog.PostgreSQL:
				server = testkit.PostgreSQL(t)
			case catalog.MySQL:
				server = testkit.MySQL(t)
			default:
				server = testkit.SQLite(t)
			}
			var pkg *compiler.Package
			var db *sql.DB
			var bodies []string
			for _, s := range readSections(t, file) {
				switch s.word {
				case "schema":
					pkg = schemaOf(t, engineOf(file), s.body)
					name := server.NewDatabase(t)
					server.Exec(t, name, s.body)
					db = server.Open(t, name)
				case "query":
					if !strings.Contains(s.body, "sqlc.") && !strings.Contains(s.body, "@") && !strings.Contains(s.body, "-- column:") {
						bodies = append(bodies, s.body)
					}
				}
			}
			r := rand.New(rand.NewSource(seed))
			both := 0
			for _, body := range bodies {
				mutants(r, body, bodies, perQuery, func(text string) {
					ok, refused, d := accepted(pkg, text)
					if !ok && !refused {
						return // the parser's own refusal
					}
					stmt, err := db.Prepare(text)
					if err != nil {
						return
					}
					stmt.Close()
					if refused && !leftToTheServer(text, d) {
						t.Errorf("%s\n%s", d, text)
					}
					both++
				})
			}
			if both == 0 {
				t.Error("the server took no mutant")
			}
		})
	}
}

// leftToTheServer are refusals of what a server takes only to fail when it runs, or takes
// by an oddity that is not followed.
func leftToTheServer(text string, d diag.Diagnostic) bool {
	switch {
	case d.Code == diag.WrongOverruling: // the server knows nothing of what a mark says
		return true
	case strings.Contains(text, "highlight("): // SQLite counts its arguments when it runs
		return d.Code == diag.NoFunctionMatch
	case strings.Contains(text, "ANY_VALUE"), strings.Contains(text, "count(*)"), strings.Contains(text, "sum(1)"):
		return d.Code == diag.MisplacedAggregate // MySQL moves some aggregates outwards
	case strings.Contains(text, ".name"): // PostgreSQL: a.name is name(a) where a has no such column
		return d.Code == diag.UnknownColumn
	}
	return false
}

const seed, perQuery = 1, 20

// accepted analyses one text; refused tells that the analysis, not the parser, found an error.
func accepted(pkg *compiler.Package, text string) (ok, refused bool, why diag.Diagnostic) {
	f := source.NewFile("query.sql", fmt.Sprintf("-- name: Q :exec\n%s;\n", text))
	stmts, _ := token.Split(f, pkg.Dialect.Lex(), token.Queries)
	if len(stmts) != 1 {
		return false, false, why
	}
	tree, diags := pkg.Dialect.Parse(stmts[0])
	if tree == nil || diags.HasErrors() {
		return false, false, why
	}
	_, diags = sem.Analyze(stmts[0], tree, pkg.Catalog, pkg.Dialect, sem.Options{})
	for _, d := range diags {
		if d.Severity == diag.Error {
			return false, true, d
		}
	}
	return true, false, why
}

// TestBrokenQueriesGiveDiagnostics mutates the queries of the goldens: whatever still parses
// is analysed without a panic, and every diagnostic has a place.
func TestBrokenQueriesGiveDiagnostics(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.txt")
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			var pkg *compiler.Package
			var bodies []string
			for _, s := range readSections(t, file) {
				switch s.word {
				case "schema":
					pkg = schemaOf(t, engineOf(file), s.body)
				case "query":
					bodies = append(bodies, s.body)
				}
			}
			r := rand.New(rand.NewSource(1))
			parsed := 0
			for _, body := range bodies {
				mutants(r, body, bodies, 25, func(text string) {
					if analysed(t, pkg, text) {
						parsed++
					}
				})
			}
			if parsed == 0 {
				t.Error("no mutant was analysed")
			}
			t.Logf("%d mutants analysed", parsed)
		})
	}
}

func schemaOf(t *testing.T, engine catalog.Engine, schema string) *compiler.Package {
	dir := t.TempDir()
	for name, text := range map[string]string{"schema.sql": schema, "query.sql": "-- name: One :one\nSELECT 1;\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p := compiler.Compile(&config.Config{Dir: dir, Packages: []config.Package{{
		Engine: engine, Schema: []string{"schema.sql"}, Queries: []string{"query.sql"},
	}}}, compiler.Options{})
	return p.Packages[0]
}

// analysed compiles one text and tells whether it got as far as the analysis.
func analysed(t *testing.T, pkg *compiler.Package, text string) (reached bool) {
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("panic: %v\n%s", p, text)
		}
	}()
	f := source.NewFile("query.sql", fmt.Sprintf("-- name: Q :many\n%s;\n", text))
	stmts, _ := token.Split(f, pkg.Dialect.Lex(), token.Queries)
	if len(stmts) == 0 {
		return false
	}
	tree, diags := pkg.Dialect.Parse(stmts[0])
	if tree == nil || diags.HasErrors() {
		return false
	}
	r, diags := sem.Analyze(stmts[0], tree, pkg.Catalog, pkg.Dialect, sem.Options{})
	if r != nil {
		facts.Of(r)
	} else if !diags.HasErrors() {
		t.Errorf("no result and no error\n%s", text)
	}
	for _, d := range diags {
		if d.Span.IsZero() || d.Span.Len() == 0 {
			t.Errorf("%s has no place\n%s", d.Message, text)
		}
	}
	return true
}
