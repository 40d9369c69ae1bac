package rules_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/analyzer/gocode"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/analyzer/rules"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/codegen"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
)

// The wrong example of a rule over Go gives the rule's code, and the right one nothing. Both are an application of their own.
func TestEachPageShowsWhatTheRuleFindsInGo(t *testing.T) {
	for _, r := range rules.All {
		if !strings.Contains(r.Page, "```go wrong\n") {
			continue
		}
		t.Run(r.Slug, func(t *testing.T) {
			t.Parallel()
			e := diag.ExampleOf(r.Page)
			_, queries, _ := strings.Cut(r.Page, "```sql queries\n")
			queries, _, _ = strings.Cut(queries, "```")
			wrong := vetGo(t, r, e.Engine, e.Schema, queries, e.Wrong)
			if !slices.ContainsFunc(wrong, func(d diag.Diagnostic) bool { return d.Code == r.Code }) {
				t.Errorf("the wrong example gives %s", list(wrong))
			}
			if found := vetGo(t, r, e.Engine, e.Schema, queries, e.Right); len(found) > 0 {
				t.Errorf("the right example gives %s", list(found))
			}
		})
	}
}

// The rules over Go find what is planted in analyzer/gocode/testdata, and nothing beside it. What is planted is marked by
// "// want CODE query", with - for no query; but for work/ and tx/ the folders have loops alone.
func TestWhatIsPlantedInGo(t *testing.T) {
	for _, app := range []string{"shop", "club"} {
		t.Run(app, func(t *testing.T) { planted(t, "../gocode/testdata/"+app) })
	}
}

func planted(t *testing.T, dir string) {
	t.Helper()
	cfg, diags := config.Load(filepath.Join(dir, "covetsql.yaml"))
	if diags.HasErrors() {
		t.Fatal(list(diags))
	}
	p, err := gocode.Load(context.Background(), compiler.Compile(cfg, compiler.Options{KeepRel: true}), gocode.Options{Dir: dir, Patterns: []string{"./..."}})
	if err != nil {
		t.Fatal(err)
	}
	left := map[string]int{}
	for _, f := range p.Files() {
		n := 0
		for line := range strings.Lines(f.Text) {
			n++
			_, wants, _ := strings.Cut(line, "// want ")
			words := strings.Fields(wants)
			for i := 0; i+1 < len(words); i += 2 {
				left[fmt.Sprintf("%s:%d %s %s", strings.TrimPrefix(f.Path, dir+"/"), n, words[i], words[i+1])]++
			}
		}
	}
	var on []*rule.Rule
	for _, r := range rules.All {
		if !r.Off {
			on = append(on, r)
		}
	}
	for _, d := range p.Judge(on) {
		query := d.Query
		if query == "" {
			query = "-"
		}
		at := d.Span.Position()
		key := fmt.Sprintf("%s:%d %s %s", strings.TrimPrefix(at.Path, dir+"/"), at.Line, d.Code.ID, query)
		loops := d.Code.ID == "CV4304" || d.Code.ID == "CV4306"
		if left[key]--; left[key] < 0 && (loops || strings.Contains(at.Path, "/office/") || strings.Contains(at.Path, "/tx/")) {
			t.Errorf("too much: %s: %s", key, d.Message)
		}
	}
	for key, n := range left {
		if n > 0 {
			t.Errorf("missed: %s", key)
		}
	}
}

func vetGo(t *testing.T, r *rule.Rule, engine, schema, queries, text string) diag.List {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("schema.sql", schema)
	write("query.sql", queries)
	write("go.mod", "module example.com/shop\n\ngo 1.24\n")
	write("shop.go", text)
	write("covetsql.yaml", "version: \"2\"\nsql:\n- engine: "+engine+"\n  schema: schema.sql\n  queries: query.sql\n  gen: {go: {package: db, out: db}}\n")
	cfg, diags := config.Load(filepath.Join(dir, "covetsql.yaml"))
	if diags.HasErrors() {
		t.Fatal(list(diags))
	}
	files, diags := codegen.GenerateAll(compiler.Compile(cfg, compiler.Options{}), nil)
	if diags.HasErrors() {
		t.Fatal(list(diags))
	}
	for _, f := range files {
		write(f.Path, string(f.Content))
	}
	p, err := gocode.Load(context.Background(), compiler.Compile(cfg, compiler.Options{KeepRel: true}), gocode.Options{Dir: dir, Patterns: []string{"./..."}})
	if err != nil {
		t.Fatal(err)
	}
	return p.Judge([]*rule.Rule{r})
}
