package diag

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
)

func TestEachCodeHasAPageWithAllSections(t *testing.T) {
	sections := []string{"## What", "## Why", "## Wrong", "## Right", "## Fix", "## When to ignore"}
	for _, c := range Codes() {
		page, ok := Page(c.ID)
		if !ok {
			t.Errorf("%s %s has no page: write pages/%s.md", c.ID, c.Slug, c.ID)
			continue
		}
		lines := strings.Split(page, "\n")
		if want := "# " + c.ID + " " + c.Slug; lines[0] != want {
			t.Errorf("%s: the title is %q, want %q", c.ID, lines[0], want)
		}
		var found []string
		for i, l := range lines {
			if !strings.HasPrefix(l, "## ") {
				continue
			}
			found = append(found, l)
			if i+2 >= len(lines) || strings.TrimSpace(lines[i+2]) == "" {
				t.Errorf("%s: nothing stands under %s", c.ID, l)
			}
		}
		if !slices.Equal(found, sections) {
			t.Errorf("%s: sections %q, want %q", c.ID, found, sections)
		}
		e, _ := PageExample(c.ID)
		if e.Wrong == "" || e.Right == "" || e.Wrong == e.Right {
			t.Errorf("%s: the example is not whole: %+v", c.ID, e)
		}
		if !slices.Contains([]string{"postgresql", "mysql", "sqlite"}, e.Engine) {
			t.Errorf("%s: engine %q", c.ID, e.Engine)
		}
		if !slices.Contains([]string{"sql", "sql schema", "yaml", "text", "sql vet", "yaml vet", "sql migration"}, e.Language) {
			t.Errorf("%s: language %q", c.ID, e.Language)
		}
	}
}

func TestEachPageHasACode(t *testing.T) {
	files, err := fs.Glob(pages, "pages/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		id := strings.TrimSuffix(strings.TrimPrefix(f, "pages/"), ".md")
		if c, ok := Lookup(id); !ok || c.ID != id {
			t.Errorf("%s explains a code that is not declared", f)
		}
	}
	if _, ok := Page("CV0000"); ok {
		t.Error("a code that is not declared has a page")
	}
}
