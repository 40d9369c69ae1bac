// Package readme holds what README.md promises: its commands exist, and what it shows is what
// the tools print.
package readme

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = "../.."

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// block is the n-th fenced block of a language, counted from 0.
func block(t *testing.T, text, language string, n int) string {
	t.Helper()
	var found []string
	fence, body := "", ""
	for _, line := range strings.SplitAfter(text, "\n") {
		switch {
		case fence == "" && strings.HasPrefix(line, "```"):
			fence, body = strings.TrimSpace(line), ""
		case fence != "" && strings.TrimSpace(line) == "```":
			if fence == "```"+language {
				found = append(found, body)
			}
			fence = ""
		case fence != "":
			body += line
		}
	}
	if len(found) <= n {
		t.Fatalf("README has no block %d of %q", n, language)
	}
	return found[n]
}

// binary is the command, built once.
var binary string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "readme")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		binary = filepath.Join(dir, "covetsql")
		build := exec.Command("go", "build", "-o", binary, "./cmd/covetsql")
		build.Dir = root
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
			return 1
		}
		return m.Run()
	}())
}

// covetsql runs the command from the repository's root and gives what it prints.
func covetsql(t *testing.T, args ...string) (stdout, stderr string) {
	t.Helper()
	c := exec.Command(binary, args...)
	c.Dir = root
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil && errs.Len() == 0 {
		t.Fatal(err)
	}
	return out.String(), errs.String()
}

func TestTheFirstCommandsAreExactlyTwoTargetsOfMake(t *testing.T) {
	text := read(t, "README.md")
	start := strings.Index(text, "\n    ")
	var commands []string
	for _, line := range strings.Split(text[start+1:], "\n") {
		if !strings.HasPrefix(line, "    ") {
			break
		}
		commands = append(commands, strings.TrimSpace(line))
	}
	if strings.Join(commands, ";") != "make try;make test" {
		t.Errorf("the first commands are %q", commands)
	}
	makefile := read(t, "Makefile")
	for _, c := range commands {
		target := strings.TrimPrefix(c, "make ")
		if !regexp.MustCompile(`(?m)^` + target + `:`).MatchString(makefile) {
			t.Errorf("the Makefile has no target %s", target)
		}
		if out, err := exec.Command("make", "-C", root, "-n", target).CombinedOutput(); err != nil {
			t.Errorf("make -n %s: %v\n%s", target, err, out)
		}
	}
}

func TestTheShownQueryIsTheBookshops(t *testing.T) {
	if shown := block(t, read(t, "README.md"), "sql", 0); !strings.Contains(read(t, "examples/bookshop/sqlite/queries.sql"), shown) {
		t.Errorf("queries.sql does not hold\n%s", shown)
	}
}

func TestTheShownGoIsGenerated(t *testing.T) {
	generated := read(t, "examples/bookshop/sqlite/shop/queries.sql.go")
	for _, part := range strings.Split(strings.TrimSpace(block(t, read(t, "README.md"), "go", 0)), "\n\n") {
		if !strings.Contains(generated, part) {
			t.Errorf("queries.sql.go does not hold\n%s", part)
		}
	}
}

func TestTheShownListingIsPrinted(t *testing.T) {
	shown := block(t, read(t, "README.md"), "", 0)
	out, _ := covetsql(t, "inspect", "-f", "examples/bookshop/covetsql.yaml", "Search")
	if !strings.Contains(out, shown) {
		t.Errorf("inspect prints\n%s\nand not\n%s", out, shown)
	}
}

func TestTheShownMistakeIsReported(t *testing.T) {
	reports(t, block(t, read(t, "README.md"), "", 1), "check", "-- name: Cheap :many\nSELECT titel, price FROM books WHERE price < ?;\n")
}

func TestTheShownFindingIsFound(t *testing.T) {
	reports(t, block(t, read(t, "README.md"), "", 2), "vet", "-- name: Idle :many\nSELECT name FROM authors WHERE id NOT IN (SELECT author_id FROM books);\n")
}

// The example is what we advise: vet finds nothing in its queries, its schema and its Go.
func TestTheBookshopHasNothingForVet(t *testing.T) {
	if out, errs := covetsql(t, "vet", "-f", "examples/bookshop/covetsql.yaml", "./examples/bookshop/..."); out+errs != "" {
		t.Errorf("%s%s", out, errs)
	}
}

// reports holds what the README shows against what a verb says of queries over the bookshop's schema.
func reports(t *testing.T, shown, verb, queries string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"covetsql.yaml": "version: \"2\"\nsql:\n- {engine: sqlite, schema: schema.sql, queries: queries.sql, gen: {go: {package: db, out: db}}}\n",
		"schema.sql":    read(t, "examples/bookshop/sqlite/schema.sql"),
		"queries.sql":   queries,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, errs := covetsql(t, verb, "-f", filepath.Join(dir, "covetsql.yaml"))
	if errs = strings.ReplaceAll(errs, dir+"/", ""); !strings.Contains(errs, shown) {
		t.Errorf("%s prints\n%s\nand not\n%s", verb, errs, shown)
	}
}

func TestLinksLeadSomewhere(t *testing.T) {
	for _, page := range []string{"README.md", "CONTRIBUTING.md", "docs/cli.md", "docs/configuration.md", "docs/sqlc.md", "docs/queries.md", "docs/inspect.md", "docs/features/rows.md", "docs/features/shared-rows.md", "docs/features/bulk-insert.md", "docs/plugins.md"} {
		for _, m := range regexp.MustCompile(`\]\(([^)#\s]+)\)`).FindAllStringSubmatch(read(t, page), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", page, m[1])
			}
		}
	}
}

func TestThePluginOfTheDocsRuns(t *testing.T) {
	page := read(t, "docs/plugins.md")
	dir := t.TempDir()
	for name, text := range map[string]string{
		"covetsql.yaml": block(t, page, "yaml", 0), "list.go": block(t, page, "go", 0),
		"schema.sql": block(t, page, "sql", 0), "query.sql": block(t, page, "sql", 1),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"go", "build", "-o", "list", "list.go"}, {binary, "generate", "-f", "covetsql.yaml"}} {
		c := exec.Command(args[0], args[1:]...)
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	got, err := os.ReadFile(filepath.Join(dir, "gen", "list.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if want := block(t, page, "text", 0); string(got) != want {
		t.Errorf("it writes\n%s\nand not\n%s", got, want)
	}
}
