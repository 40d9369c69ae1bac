// Ruledocs writes docs/rules, a page a rule of vet and a list of them, from the pages beside the rules.
//
//	go run ./internal/gen/ruledocs
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/analyzer/rules"
	"github.com/covetsql/covetsql/compiler/diag"
)

func main() {
	folder := "docs/rules"
	if len(os.Args) > 1 {
		folder = os.Args[1]
	}
	if err := write(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// write makes a folder hold the files, and no page of a rule that is gone.
func write(folder string) error {
	want := files()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(folder, "*.md"))
	if err != nil {
		return err
	}
	for _, path := range old {
		if want[filepath.Base(path)] == nil {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	for name, text := range want {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// files are the pages by their names, with README.md, the list.
func files() map[string][]byte {
	out := map[string][]byte{}
	var list bytes.Buffer
	list.WriteString("# Rules of vet\n\nWritten by `make rules` from analyzer/rules; [vet.md](../vet.md) tells how to live with them. `covetsql explain CODE` shows a page.\n")
	if len(rules.All) == 0 {
		return out
	}
	for _, kind := range rule.Kinds {
		codes := codes(kind)
		if len(codes) == 0 {
			continue
		}
		fmt.Fprintf(&list, "\n## %s\n\n| code | rule | severity | default | finds |\n|---|---|---|---|---|\n", kind.Title)
		for _, c := range codes {
			page, ok := diag.Page(c.ID)
			if !ok {
				continue
			}
			fmt.Fprintf(&list, "| [%s](%s.md) | %s | %s | %s | %s |\n", c.ID, c.ID, c.Slug, c.Severity, rules.State(c), strings.ReplaceAll(c.Summary, "|", `\|`))
			out[c.ID+".md"] = document(c, page)
		}
	}
	out["README.md"] = list.Bytes()
	return out
}

func codes(kind rule.Kind) (out []*diag.Code) {
	for _, c := range diag.Codes() {
		if strings.HasPrefix(c.ID, kind.Prefix) {
			out = append(out, c)
		}
	}
	return out
}

// document is a page as it is read: its severity and engines below the title.
func document(c *diag.Code, page string) []byte {
	title, rest, _ := strings.Cut(diag.Readable(page), "\n")
	return []byte(title + "\n\n*" + rules.About(c) + "* · [all rules](README.md)\n" + rest)
}
