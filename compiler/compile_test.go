package compiler

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
)

func TestARepeatedNameIsReportedBesideOtherMistakes(t *testing.T) {
	diags := compileText(t, "sqlite", "CREATE TABLE a (id INTEGER PRIMARY KEY);",
		"-- name: Get :one\nSELECT missing FROM a;\n-- name: Get :many\nSELECT id FROM a;\n")
	seen := map[*diag.Code]int{}
	for _, d := range diags {
		seen[d.Code]++
	}
	if seen[diag.UnknownColumn] != 1 || seen[diag.DuplicateQuery] != 1 || len(diags) != 2 {
		t.Errorf("want an unknown column and a repeated name, got %v", diags)
	}
}

// What sqlc does not look for is a warning where the configuration is sqlc's, so that a project
// comes over whole; where the truth is asked for, by the configuration or by the query, it
// stays an error.
func TestMistakesThatSQLCLetsPassAreWarningsUnderItsConfiguration(t *testing.T) {
	const schema = "CREATE TABLE a (id bigint PRIMARY KEY, name text NOT NULL, data jsonb);\nCREATE TABLE b (id bigint PRIMARY KEY, a_id bigint NOT NULL);"
	for _, c := range []struct {
		name, query, options string
		code                 *diag.Code
		lenient              diag.Severity
	}{
		{"operator", "SELECT id FROM a WHERE id = name", "", diag.NoOperator, diag.Warning},
		{"condition", "SELECT id FROM a WHERE data", "", diag.TypeMismatch, diag.Warning},
		{"grouping", "SELECT name, count(*) FROM a", "", diag.GroupingError, diag.Warning},
		{"aggregate in WHERE", "SELECT id FROM a WHERE count(*) > 1", "", diag.MisplacedAggregate, diag.Warning},
		{"two types of a parameter", "SELECT id FROM a WHERE id = $1 AND name = $1", "", diag.ParamConflict, diag.Warning},
		{"branches of two widths", "SELECT id FROM a UNION SELECT id, a_id FROM b", "", diag.WrongArity, diag.Warning},
		{"window", "SELECT row_number() OVER w FROM a", "", diag.UnknownWindow, diag.Warning},
		{"column of a condition", "SELECT a.id FROM a JOIN b ON b.nosuch = a.id", "", diag.UnknownColumn, diag.Warning},
		{"ambiguous in a condition", "SELECT a.id FROM a JOIN b ON b.a_id = a.id WHERE id = 1", "", diag.AmbiguousColumn, diag.Warning},
		{"column beside a parameter", "SELECT id FROM a WHERE nosuch = $1", "", diag.UnknownColumn, diag.Error},
		{"selected column", "SELECT nosuch FROM a", "", diag.UnknownColumn, diag.Error},
		{"ORDER BY", "SELECT id FROM a ORDER BY nosuch", "", diag.UnknownColumn, diag.Error},
		{"ORDER BY unchecked", "SELECT id FROM a ORDER BY nosuch", "    strict_order_by: false\n", diag.UnknownColumn, diag.Warning},
	} {
		t.Run(c.name, func(t *testing.T) {
			severity := func(config, header string) diag.Severity {
				t.Helper()
				for _, d := range compileWith(t, config, c.options, "postgresql", schema, "-- name: Q :many"+header+"\n"+c.query+";\n") {
					if d.Code == c.code {
						return d.Severity
					}
				}
				t.Fatalf("%s: no %s", config, c.code.ID)
				return 0
			}
			if got := severity("sqlc.yaml", ""); got != c.lenient {
				t.Errorf("under sqlc.yaml: %s, want %s", got, c.lenient)
			}
			if c.options != "" {
				return
			}
			if got := severity("covetsql.yaml", ""); got != diag.Error {
				t.Errorf("under covetsql.yaml: %s", got)
			}
			if got := severity("sqlc.yaml", "\n-- strict: true"); got != diag.Error {
				t.Errorf("for a strict query: %s", got)
			}
		})
	}
}

// sqlc counts the values of an INSERT as the server does.
func TestARowThatDoesNotFitItsInsertIsAlwaysAnError(t *testing.T) {
	for _, config := range []string{"sqlc.yaml", "covetsql.yaml"} {
		ds := compileWith(t, config, "", "postgresql", "CREATE TABLE a (id int, name text);", "-- name: Q :exec\nINSERT INTO a (id, name) VALUES ($1);\n")
		if len(ds) != 1 || ds[0].Code != diag.WrongArity || ds[0].Severity != diag.Error {
			t.Errorf("%s: %v", config, ds)
		}
	}
}

// sqlc takes no notice of a search path: what has no schema in its name is in the default one.
func TestASearchPathCountsOnlyWhereTheTruthIsAskedFor(t *testing.T) {
	const schema = "CREATE SCHEMA app;\nSET search_path TO app;\nCREATE TABLE k (id int PRIMARY KEY);\nSET search_path TO public;"
	for config, query := range map[string]string{
		"sqlc.yaml":     "SELECT id FROM k",
		"covetsql.yaml": "SELECT id FROM app.k",
	} {
		if ds := compileWith(t, config, "", "postgresql", schema, "-- name: Q :many\n"+query+";\n"); len(ds) != 0 {
			t.Errorf("%s: %v", config, ds)
		}
	}
}

// sqlc passes over a pattern that matches nothing, as long as others do: migrations that are yet to come.
func TestAPatternWithoutFilesIsAWarningUnderSqlcsConfiguration(t *testing.T) {
	for name, want := range map[string]diag.Severity{"sqlc.yaml": diag.Warning, "covetsql.yaml": diag.Error} {
		dir := t.TempDir()
		for path, text := range map[string]string{
			"schema.sql": "CREATE TABLE a (id bigint PRIMARY KEY);\n", "query.sql": "-- name: Q :many\nSELECT id FROM a;\n",
			name: "version: \"2\"\nsql:\n- engine: postgresql\n  schema: schema.sql\n  queries: [query.sql, 'more/*.sql']\n  gen: {go: {package: db, out: db}}\n",
		} {
			if err := os.WriteFile(filepath.Join(dir, path), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		cfg, list := config.Load(filepath.Join(dir, name))
		if list.HasErrors() {
			t.Fatal(list)
		}
		if got := Compile(cfg, Options{}).Diagnostics; len(got) != 1 || got[0].Code != diag.FileUnreadable || got[0].Severity != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
