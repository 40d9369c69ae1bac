package sem_test

import (
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

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
				words := strings.Fields(body)
				other := strings.Fields(bodies[r.Intn(len(bodies))])
				for range 25 {
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
						mutant[i] = []string{"NULL", "*", "$1", "x", "(SELECT 1, 2)", "count(*)", "(1, 2)", "a.*", "''"}[r.Intn(9)]
					}
					if analysed(t, pkg, strings.Join(mutant, " ")) {
						parsed++
					}
				}
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
