package config

import (
	"fmt"
	"testing"

	"github.com/covetsql/covetsql/compiler/source"
)

// FuzzParse: no text makes the loader panic or hang, a text that is refused says why, and
// every problem has a place inside the file.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", fmt.Sprintf(good, "emit_json_tags: true"), "version: 1\npackages: [{path: a, queries: b}]",
		`{"version": "2", "sql": [{"engine": "mysql"}]}`, "version: 2\nsql: &a [*a]", "a: &a {<<: *a}\nversion: 2",
		"version: 2\noptions: {p: &x [*x]}", "\"\\x", "? {a: b}\n: c", "version: !!binary \"2\"", "!<x> [&a b, *a]",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := source.FromBytes("covetsql.yaml", []byte(text))
		if err != nil {
			return
		}
		c, list := Parse(file, "covetsql.yaml")
		if c == nil && !list.HasErrors() {
			t.Error("no configuration and no reason")
		}
		for _, d := range list {
			if d.Span.IsZero() || d.Span.File != file {
				t.Errorf("%s has no place", d.Message)
			}
		}
	})
}
