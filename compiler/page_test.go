package compiler

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
)

// compileText compiles a schema and queries that are in memory.
func compileText(t *testing.T, engine, schema, queries string) diag.List {
	t.Helper()
	return compileWith(t, "covetsql.yaml", "", engine, schema, queries)
}

// compileWith compiles under a configuration of a name, with further options of its package.
func compileWith(t *testing.T, name, options, engine, schema, queries string) diag.List {
	t.Helper()
	return programWith(t, name, options, engine, schema, queries).Diagnostics
}

// compiledQuery is the one query of a text, which has no mistake.
func compiledQuery(t *testing.T, engine, schema, query string) *facts.Query {
	t.Helper()
	p := programWith(t, "covetsql.yaml", "", engine, schema, query)
	if qs := p.Packages[0].Queries(); len(qs) == 1 && len(p.Diagnostics) == 0 {
		return qs[0]
	}
	t.Fatalf("not one query: %v", p.Diagnostics)
	return nil
}

// programWith is the program of compileWith.
func programWith(t *testing.T, name, options, engine, schema, queries string) *Program {
	t.Helper()
	dir := t.TempDir()
	conf := filepath.Join(dir, name)
	for path, text := range map[string]string{
		filepath.Join(dir, "schema.sql"): schema,
		filepath.Join(dir, "query.sql"):  queries,
		conf: fmt.Sprintf("version: \"2\"\nsql:\n  - engine: %s\n    schema: schema.sql\n    queries: query.sql\n"+
			"%s    gen:\n      go:\n        package: db\n        out: db\n", engine, options),
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cfg, diags := config.Load(conf)
	if cfg == nil || diags.HasErrors() {
		t.Fatalf("the configuration: %v", diags)
	}
	return Compile(cfg, Options{})
}

// The page of a code shows a wrong text that gives exactly this code, and a right one that
// gives nothing.
func TestPagesShowWhatTheCompilerReports(t *testing.T) {
	const valid = "-- name: One :one\nSELECT 1 AS one;\n"
	for _, c := range diag.Codes() {
		e, _ := diag.PageExample(c.ID)
		if strings.HasPrefix(c.ID, "CV8") { // those of the generator
			continue
		}
		run := func(text string) diag.List {
			switch e.Language {
			case "sql":
				return compileText(t, e.Engine, e.Schema, text)
			case "sql schema":
				return compileText(t, e.Engine, text, valid)
			case "yaml":
				f := filepath.Join(t.TempDir(), "covetsql.yaml")
				if err := os.WriteFile(f, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
				_, diags := config.Load(f)
				return diags
			}
			return nil
		}
		if e.Language == "text" || e.Language == "sql migration" || strings.HasSuffix(e.Language, " vet") { // migrate/hazard and analyzer run these
			continue
		}
		t.Run(c.ID, func(t *testing.T) {
			wrong := run(e.Wrong)
			if len(wrong) != 1 || wrong[0].Code != c {
				t.Errorf("%s: the wrong example gives\n%v", c.Slug, wrong)
			}
			if right := run(e.Right); len(right) > 0 {
				t.Errorf("%s: the right example gives\n%v", c.Slug, right)
			}
		})
	}
}
