package diag

import (
	"embed"
	"strings"
)

//go:embed pages/*.md
var pages embed.FS

// Page is the page that explains a code, in Markdown: sections What, Why, Wrong, Right,
// Fix and When to ignore. It is false where no code has this ID.
func Page(id string) (string, bool) {
	if page, ok := rulePages[id]; ok {
		return page, true
	}
	b, err := pages.ReadFile("pages/" + id + ".md")
	return string(b), err == nil
}

// Readable is a page without what it says to programs: the lines of its head, and what its examples are for.
func Readable(page string) string {
	var b strings.Builder
	head := true
	for line := range strings.Lines(page) {
		text := strings.TrimSuffix(line, "\n")
		key, value, ok := strings.Cut(text, ": ")
		switch {
		case strings.HasPrefix(text, "## "):
			head = false
		case head && ok && value != "" && !strings.ContainsAny(key, " #"):
			continue
		case strings.HasPrefix(text, "```"):
			language, _, _ := strings.Cut(text, " ")
			text = language
		}
		if text == "" && strings.HasSuffix(b.String(), "\n\n") {
			continue
		}
		b.WriteString(text + "\n")
	}
	return b.String()
}

// Example is what a page shows. Language is "sql" (Wrong and Right are files of queries),
// "sql schema" (they are schemas), "yaml" (they are configurations), "sql vet" and "yaml vet" (the same, for those
// who vet) or "text" (they can not be run).
type Example struct {
	Engine       string // "postgresql", "mysql" or "sqlite"
	Language     string
	Schema       string // of the queries; may be empty
	Wrong, Right string
}

// PageExample is the example of a code's page. The wrong text gives exactly this code, the
// right one nothing.
func PageExample(id string) (Example, bool) {
	page, ok := Page(id)
	return ExampleOf(page), ok
}

// ExampleOf is the example in a page's text.
func ExampleOf(page string) Example {
	var e Example
	for fence := ""; page != ""; {
		line, rest, _ := strings.Cut(page, "\n")
		page = rest
		switch {
		case fence != "" && line == "```":
			fence = ""
		case fence != "":
			switch {
			case strings.HasSuffix(fence, " wrong"):
				e.Language = strings.TrimSuffix(fence, " wrong")
				e.Wrong += line + "\n"
			case strings.HasSuffix(fence, " right"):
				e.Right += line + "\n"
			case fence == "sql schema":
				e.Schema += line + "\n"
			}
		case strings.HasPrefix(line, "```"):
			fence = line[3:]
		case strings.HasPrefix(line, "engine: "):
			e.Engine = line[len("engine: "):]
		}
	}
	return e
}
