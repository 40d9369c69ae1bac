package rules_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/analyzer/rules"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/internal/rulecase"
)

func TestTheRegistryListsTheFolders(t *testing.T) {
	before, err := os.ReadFile("registry.go")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files, _ := filepath.Glob("*/rule.go")
	for _, f := range files {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(f)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, f), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("go", "run", "../../internal/gen/rules", dir).CombinedOutput(); err != nil {
		t.Fatalf("%s %v", out, err)
	}
	if now, _ := os.ReadFile(filepath.Join(dir, "registry.go")); string(now) != string(before) {
		t.Error("registry.go is out of date: go run ./internal/gen/rules")
	}
	for _, r := range rules.All {
		if _, err := os.Stat(filepath.Join(r.Slug, "rule.go")); err != nil {
			t.Errorf("%s: the folder is not called by the slug of its page", r.Slug)
		}
	}
}

func TestEachPageIsWhole(t *testing.T) {
	sections := []string{"## What", "## Why", "## Wrong", "## Right", "## Fix", "## When to ignore"}
	for _, r := range rules.All {
		var found []string
		for line := range strings.Lines(r.Page) {
			if strings.HasPrefix(line, "## ") {
				found = append(found, strings.TrimSpace(line))
			}
		}
		if !slices.Equal(found, sections) {
			t.Errorf("%s: sections %q, want %q", r.Slug, found, sections)
		}
		e := diag.ExampleOf(r.Page)
		if e.Engine == "" || e.Wrong == "" || e.Right == "" {
			t.Errorf("%s: the example is not whole: %+v", r.Slug, e)
		}
	}
}

// The wrong example gives the rule's code, and the right one nothing.
func TestEachPageShowsWhatTheRuleFinds(t *testing.T) {
	for _, r := range rules.All {
		if r.Query == nil && r.Package == nil {
			continue // judged elsewhere, with a database or with Go
		}
		t.Run(r.Slug, func(t *testing.T) {
			t.Parallel()
			e := diag.ExampleOf(r.Page)
			if found := judge(t, r, e.Engine, e, e.Wrong); len(found) == 0 {
				t.Errorf("the wrong example gives nothing")
			}
			if found := judge(t, r, e.Engine, e, e.Right); len(found) > 0 {
				t.Errorf("the right example gives %s", list(found))
			}
		})
	}
}

func judge(t *testing.T, r *rule.Rule, engine string, e diag.Example, text string) diag.List {
	t.Helper()
	if e.Language == "sql schema" || e.Schema == "" && e.Language == "" {
		return vet(t, r, engine, text, "-- name: One :one\nSELECT 1 AS one;\n")
	}
	return vet(t, r, engine, e.Schema, text)
}

func vet(t *testing.T, r *rule.Rule, engine, schema, queries string) diag.List {
	t.Helper()
	p, diags := rulecase.Compile(t, engine, schema, queries)
	if diags.HasErrors() {
		t.Fatalf("does not compile: %s\n%s\n%s", list(diags), schema, queries)
	}
	return rule.Of(p).Judge([]*rule.Rule{r})
}

func list(diags diag.List) string {
	var out []string
	for _, d := range diags {
		out = append(out, d.Error())
	}
	return strings.Join(out, "\n")
}

func TestCases(t *testing.T) {
	for _, r := range rules.All {
		if r.Query == nil && r.Package == nil {
			continue
		}
		cases, err := rulecase.Read(filepath.Join(r.Slug, "cases.txt"))
		if err != nil {
			t.Errorf("%s: %v", r.Slug, err)
			continue
		}
		t.Run(r.Slug, func(t *testing.T) {
			count := map[string]int{}
			for _, c := range cases {
				count[c.Kind]++
				if c.Kind == "proof" {
					continue
				}
				t.Run(fmt.Sprintf("%s %s line %d", c.Kind, c.Engine, c.Line), func(t *testing.T) {
					t.Parallel()
					found := vet(t, r, c.Engine, c.Schema, c.Text)
					switch {
					case c.Kind == "good" && len(found) > 0:
						t.Errorf("%s: found %s", c.Name, list(found))
					case c.Kind == "bad" && (len(found) == 0 || c.Finds >= 0 && len(found) != c.Finds):
						t.Errorf("%s: found %d: %s", c.Name, len(found), list(found))
					case c.Kind == "bad" && c.At != "" && !slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return strings.HasPrefix(d.Span.Text(), c.At) }):
						t.Errorf("%s: found at %q", c.Name, found[0].Span.Text())
					}
					for _, d := range found {
						if d.Code != r.Code {
							t.Errorf("%s: %s", c.Name, d.Error())
						}
						if c.Kind == "bad" {
							fixed(t, r, c, d)
						}
					}
				})
			}
			if count["bad"] == 0 || count["good"] == 0 {
				t.Errorf("%d bad cases and %d good ones", count["bad"], count["good"])
			}
		})
	}
}

// A safe fix is taken, and what comes of it compiles and has the fault no more.
func fixed(t *testing.T, r *rule.Rule, c rulecase.Case, d diag.Diagnostic) {
	t.Helper()
	for _, f := range d.Fixes {
		if len(f.Edits) == 0 {
			t.Errorf("%s: the fix %q has no edits", c.Name, f.Title)
			continue
		}
		edits := slices.Clone(f.Edits)
		sort.Slice(edits, func(i, j int) bool { return edits[j].Span.Before(edits[i].Span) })
		file := edits[0].Span.File
		text := file.Text
		for _, e := range edits {
			if e.Span.File != file {
				t.Errorf("%s: the fix %q is in several files", c.Name, f.Title)
				return
			}
			text = text[:e.Span.Start] + e.New + text[e.Span.End:]
		}
		schema, queries := c.Schema, c.Text
		if strings.HasSuffix(file.Path, "schema.sql") {
			schema = text
		} else {
			queries = text
		}
		p, diags := rulecase.Compile(t, c.Engine, schema, queries)
		if diags.HasErrors() {
			t.Errorf("%s: the fix %q does not compile: %s\n%s", c.Name, f.Title, list(diags), text)
			continue
		}
		before := len(vet(t, r, c.Engine, c.Schema, c.Text))
		if after := rule.Of(p).Judge([]*rule.Rule{r}); f.Safe && len(after) >= before {
			t.Errorf("%s: the fix %q leaves %s\n%s", c.Name, f.Title, list(after), text)
		}
	}
}

// What a rule says comes true on the servers.
func TestProofs(t *testing.T) {
	for _, r := range rules.All {
		cases, err := rulecase.Read(filepath.Join(r.Slug, "cases.txt"))
		if err != nil {
			continue
		}
		for _, c := range cases {
			if c.Kind == "proof" {
				t.Run(fmt.Sprintf("%s %s %s", r.Slug, c.Engine, c.Name), func(t *testing.T) { rulecase.Prove(t, c) })
			}
		}
	}
}
