package gocode

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/codegen"
	"github.com/covetsql/covetsql/compiler/config"
)

func load(t *testing.T, dir string, patterns ...string) *Program {
	t.Helper()
	cfg, diags := config.Load(filepath.Join(dir, "covetsql.yaml"))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	c := compiler.Compile(cfg, compiler.Options{KeepRel: true})
	if c.Diagnostics.HasErrors() {
		t.Fatal(c.Diagnostics)
	}
	p, err := Load(context.Background(), c, Options{Dir: dir, Patterns: patterns})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// wanted are the comments "// want CODE Query" of Go files, as path:line CODE Query.
func wanted(t *testing.T, root string, codes ...string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") {
			return err
		}
		b, err := os.ReadFile(path)
		n := 0
		for line := range strings.Lines(string(b)) {
			n++
			_, rest, ok := strings.Cut(line, "// want ")
			if !ok {
				continue
			}
			rel, _ := filepath.Rel(root, path)
			f := strings.Fields(rest)
			for i := 0; i+1 < len(f); i += 2 {
				for _, c := range codes {
					if c == f[i] {
						out = append(out, fmt.Sprintf("%s:%d %s %s", rel, n, f[i], f[i+1]))
					}
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(out)
	return out
}

// Planted loops are found, and nothing beside them.
func TestPlantedLoops(t *testing.T) {
	for _, dir := range []string{"testdata/shop", "testdata/club"} {
		p := load(t, dir, "./...")
		var found []string
		for _, r := range p.Repeats() {
			code := map[Why]string{ReadPerKey: "CV4304", WritePerRow: "CV4306"}[r.Why]
			if code == "" {
				continue
			}
			at := p.At(r.Site)
			if at.IsZero() {
				t.Errorf("%s has no place", r.Query.Name)
				continue
			}
			found = append(found, fmt.Sprintf("%s:%d %s %s", at.File.Path, at.Position().Line, code, r.Query.Name))
		}
		compare(t, found, wanted(t, dir, "CV4304", "CV4306"))
	}
}

// What is offered instead of a query in a loop compiles, and Go is generated of it.
func TestOfferedQueriesCompile(t *testing.T) {
	p := load(t, "testdata/shop", "./...")
	texts := map[*compiler.Package]map[string]string{}
	for _, r := range p.Repeats() {
		if b := p.BatchOf(r); b != nil && b.Query == nil {
			pkg := r.Query.Package.Compiled
			if texts[pkg] == nil {
				texts[pkg] = map[string]string{}
			}
			texts[pkg][b.Name] = b.SQL
		}
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/shop")); err != nil {
		t.Fatal(err)
	}
	n := 0
	for pkg, queries := range texts {
		path := filepath.Join(dir, pkg.Config.Queries[0])
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range queries {
			b = append(b, "\n"+q+"\n"...)
			n++
		}
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if n < 15 {
		t.Errorf("only %d queries are offered", n)
	}
	cfg, _ := config.Load(filepath.Join(dir, "covetsql.yaml"))
	c := compiler.Compile(cfg, compiler.Options{})
	if len(c.Diagnostics) > 0 {
		t.Error(c.Diagnostics)
	}
	if _, diags := codegen.GenerateAll(c, nil); diags.HasErrors() {
		t.Error(diags)
	}
}

func compare(t *testing.T, found, want []string) {
	t.Helper()
	left := map[string]int{}
	for _, w := range want {
		left[w]++
	}
	for _, f := range found {
		if left[f] == 0 {
			t.Errorf("too much: %s", f)
		}
		left[f]--
	}
	for _, w := range want {
		if left[w] > 0 {
			t.Errorf("missed: %s", w)
			left[w]--
		}
	}
	t.Logf("%d found of %d", len(found), len(want))
}
