package vet

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/analyzer/rules"
	"github.com/covetsql/covetsql/cmd/covetsql/internal/project"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/internal/iostreams"
)

// What vet says does not depend on how many processors there are, nor on the order in which files are named: the same bytes each time. The
// project is the wrong examples of all pages, twice.
func TestTheSameIsSaidInEveryOrder(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var blocks []string
	for _, r := range rules.All {
		e := diag.ExampleOf(r.Page)
		if e.Wrong == "" || e.Language != "sql" {
			continue
		}
		put(r.Slug+".schema.sql", e.Schema)
		put(r.Slug+".1.sql", e.Wrong)
		put(r.Slug+".2.sql", strings.ReplaceAll(e.Wrong, "-- name: ", "-- name: Again"))
		blocks = append(blocks, fmt.Sprintf("- {engine: %s, schema: %s.schema.sql, queries: [%[2]s.1.sql, %[2]s.2.sql], gen: {go: {package: db, out: %[2]s}}}\n", e.Engine, r.Slug))
	}
	head := "version: \"2\"\nvet: {severity: {all: \"on\"}}\nsql:\n"
	want := map[string]string{}
	for run := range 6 {
		runtime.GOMAXPROCS(1 + run%max(4, runtime.NumCPU()))
		rand.Shuffle(len(blocks), func(i, j int) { blocks[i], blocks[j] = blocks[j], blocks[i] })
		text := head + strings.Join(blocks, "")
		if run%2 == 1 {
			text = strings.NewReplacer(".1.sql", ".2.sql", ".2.sql", ".1.sql").Replace(text)
		}
		put("covetsql.yaml", text)
		for _, format := range []string{"sarif", "jsonl"} {
			io, _, errs := iostreams.Test()
			_ = Run(context.Background(), &Options{Options: project.Options{IO: io, File: filepath.Join(dir, "covetsql.yaml"), Format: format}})
			if want[format] == "" {
				want[format] = errs.String()
			}
			if got := errs.String(); got != want[format] {
				t.Fatalf("run %d says another thing:\n%s", run, difference(want[format], got))
			}
		}
	}
	runtime.GOMAXPROCS(runtime.NumCPU())
	if n := strings.Count(want["jsonl"], "\n"); n < len(blocks) {
		t.Errorf("%d findings of %d examples", n, len(blocks))
	}
}

// difference is the first line that differs.
func difference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d:\n%s\n%s", i+1, x[i], y[i])
		}
	}
	return fmt.Sprintf("%d and %d lines", len(x), len(y))
}
