package compiler

import (
	"path/filepath"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
)

// TestWhatMayBeNullSaysWhy holds over the hard cases and the queries of real projects: a column
// that is not proved never to be NULL has a reason in words, with a place in the files that
// were read. Relations of the engine's own catalog have no file.
func TestWhatMayBeNullSaysWhy(t *testing.T) {
	var all []*config.Config
	for _, e := range []catalog.Engine{catalog.PostgreSQL, catalog.MySQL, catalog.SQLite} {
		all = append(all, &config.Config{Dir: filepath.Join("..", "internal", "truth", "testdata", string(e)), Strict: true, Packages: []config.Package{{
			Engine: e, Schema: []string{"schema.sql"}, Queries: []string{"queries.sql"},
		}}})
	}
	projects, _ := filepath.Glob(filepath.Join(acceptance(t, "corpus"), "*", "tree"))
	for _, dir := range projects {
		all = append(all, configs(t, dir)...)
	}
	columns := 0
	for _, cfg := range all {
		for _, p := range Compile(cfg, Options{}).Packages {
			for _, q := range p.Queries() {
				for _, c := range q.Columns {
					if c.Null.IsNever() {
						continue
					}
					columns++
					at := c.Null.Reason.At
					switch {
					case c.Null.Reason.Text == "":
						t.Errorf("%s: %s.%s has no reason", cfg.Dir, q.Name, c.Name)
					case at.IsZero() && c.Source != nil && c.Source.Span.IsZero():
					case at.IsZero():
						t.Errorf("%s: %s.%s: %q has no place", cfg.Dir, q.Name, c.Name, c.Null.Reason.Text)
					case at.End <= at.Start || at.Text() == "":
						t.Errorf("%s: %s.%s: %q points to nothing", cfg.Dir, q.Name, c.Name, c.Null.Reason.Text)
					}
				}
			}
		}
	}
	t.Logf("%d columns", columns)
}
