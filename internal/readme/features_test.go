package readme

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A page in docs/features shows pieces of the golden topics that it links to: their SQL and Go is
// generated, compiled and run on real servers by their own tests. A block of SQL may name the
// engines that it is for; a block of Go stands in every topic.
func TestFeaturePagesShowWhatTheGoldensRun(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(root, "docs/features/*.md"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	for _, page := range pages {
		t.Run(filepath.Base(page), func(t *testing.T) {
			text := read(t, filepath.Join("docs/features", filepath.Base(page)))
			topics := map[string][]string{} // engine → what its topics' files say
			for _, m := range regexp.MustCompile(`\(\.\./\.\./(testdata/golden/(\w+)/\w+)\)`).FindAllStringSubmatch(text, -1) {
				topics[m[2]] = append(topics[m[2]], flat(folder(t, m[1])))
			}
			if len(topics) == 0 {
				t.Fatal("the page links to no golden topic")
			}
			for _, b := range fenced(text) {
				words := strings.Fields(b.info)
				if len(words) == 0 || words[0] != "sql" && words[0] != "go" {
					continue
				}
				for engine, texts := range topics {
					if len(words) > 1 && !slices.Contains(words[1:], engine) {
						continue
					}
					if !slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, flat(b.body)) }) {
						t.Errorf("line %d: no topic of %s has\n%s", b.line, engine, b.body)
					}
				}
			}
		})
	}
}

// folder is the text of all files of a topic, with those of its generated package.
func folder(t *testing.T, path string) string {
	t.Helper()
	var out strings.Builder
	for _, pattern := range []string{"*.sql", "*.go", "*.yaml", "*/*.go"} {
		files, err := filepath.Glob(filepath.Join(root, path, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			out.Write(text)
		}
	}
	return out.String()
}

// flat is a text without its lines' indentation.
func flat(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSpace(l)
	}
	return strings.Join(lines, "\n")
}

// fencedBlock is a fenced block of a page: what stands behind its fence, and its text.
type fencedBlock struct {
	info, body string
	line       int
}

func fenced(text string) []fencedBlock {
	var out []fencedBlock
	open := false
	for i, line := range strings.SplitAfter(text, "\n") {
		info, fence := strings.CutPrefix(strings.TrimSpace(line), "```")
		switch {
		case fence && open:
			open = false
		case fence:
			open = true
			out = append(out, fencedBlock{info: info, line: i + 2})
		case open:
			out[len(out)-1].body += line
		}
	}
	return out
}
