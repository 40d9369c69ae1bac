package compiler

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/covetsql/covetsql/compiler/config"
)

// acceptance is a folder of the acceptance data; the test is skipped where it is not there.
func acceptance(t testing.TB, folder string) string {
	dir := os.Getenv("COVETSQL_ACCEPTANCE")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "acceptance")
	}
	dir = filepath.Join(dir, folder)
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the acceptance data is not beside the repository; set COVETSQL_ACCEPTANCE to its folder")
	}
	return dir
}

// configs finds the configurations of a corpus project.
func configs(t testing.TB, dir string) []*config.Config {
	var out []*config.Config
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch e.Name() {
		case "sqlc.yaml", "sqlc.yml", "sqlc.json":
			cfg, diags := config.Load(path)
			if diags.HasErrors() {
				t.Error(diags)
			}
			out = append(out, cfg)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// mistakes are what the real projects do have wrong, by file and code.
var mistakes = map[string]string{
	"internal/db/sql/files.sql CV2101": "the column was dropped by a later migration; the server refuses the query",
	"olap.sql CV2201":                  "uuidrange comes from a migration that the schema files leave out",
	"payload-store.sql CV2201":         "as in olap.sql",
	"rate_limits.sql CV2201":           "get_refill_value is made by a migration that the schema files leave out",
	"tasks.sql CV0102":                 "a second statement under one header; sqlc drops it in silence",
	"db/queries/year.sql CV0102":       "statements without a header; sqlc drops them in silence",
	"river_job.sql CV2201":             "the function's migration is not among the schema files",
	"river_job.sql CV2004":             "as is that of the unique index that ON CONFLICT names; the server refuses the query",
	"queries/votes.sql CV3005":         "SQLite compares a parameter with the result of a function, which has no affinity",
}

func TestRealProjectsCompileWithoutComplaint(t *testing.T) {
	projects, _ := filepath.Glob(filepath.Join(acceptance(t, "corpus"), "*", "tree"))
	for _, dir := range projects {
		t.Run(filepath.Base(filepath.Dir(dir)), func(t *testing.T) {
			for _, cfg := range configs(t, dir) {
				p := Compile(cfg, Options{})
				for _, d := range p.Diagnostics {
					if mistakes[d.Span.File.Path+" "+d.Code.ID] == "" {
						t.Error(d)
					}
				}
				for _, pkg := range p.Packages {
					t.Logf("%s: %d queries", pkg.Config.Engine, len(pkg.Queries()))
				}
			}
		})
	}
}
