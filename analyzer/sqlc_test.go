package analyzer_test

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/analyzer"
	"github.com/covetsql/covetsql/analyzer/database"
	"github.com/covetsql/covetsql/analyzer/policy"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/internal/testkit"
)

var record = flag.String("sqlc", "", "the program sqlc 1.31.1: writes what it finds as the expectation")

// vet judges the queries of a configuration, by the database that uri names.
func vet(t *testing.T, file, uri string) diag.List {
	t.Helper()
	c, list := config.Load(file)
	if list.HasErrors() {
		t.Fatal(list)
	}
	p := compiler.Compile(c, compiler.Options{})
	if p.Diagnostics.HasErrors() {
		t.Fatal(p.Diagnostics)
	}
	judge, list, err := policy.New(c, policy.Choice{})
	if err != nil {
		t.Fatal(err)
	}
	found := analyzer.Vet(context.Background(), p, analyzer.Options{Policy: judge, Open: func(ctx context.Context, p *compiler.Package) (database.Database, diag.List) {
		db, err := database.Open(ctx, p.Config.Engine, uri)
		if err != nil {
			t.Error(err)
		}
		return db, nil
	}})
	return analyzer.Sift(p, append(list, found...), analyzer.Living{Policy: judge}).Found
}

// Rules of an sqlc.yaml find what they find with sqlc: want.txt is what sqlc 1.31.1 said, `go test ./analyzer -sqlc PATH` asks it anew.
func TestRulesFindWhatTheyFindWithSqlc(t *testing.T) {
	for engine, server := range map[string]func(testing.TB) *testkit.Server{
		"postgresql": testkit.PostgreSQL, "mysql": testkit.MySQL, "sqlite": testkit.SQLite,
	} {
		t.Run(engine, func(t *testing.T) {
			dir := filepath.Join("testdata", "sqlc", engine)
			s := server(t)
			db := s.NewDatabase(t)
			schema, err := os.ReadFile(filepath.Join(dir, "schema.sql"))
			if err != nil {
				t.Fatal(err)
			}
			up, _, _ := strings.Cut(string(schema), "-- +goose Down")
			s.Exec(t, db, up)
			if *record != "" {
				foreign := s.DSN(db)
				if engine == "mysql" { // of the other form sqlc knows nothing
					foreign += "&explain_json_format_version=1"
				}
				writeExpectation(t, dir, foreign)
			}
			want, err := os.ReadFile(filepath.Join(dir, "want.txt"))
			if err != nil {
				t.Fatal(err)
			}
			uri := s.URI(db)
			var got []string
			for _, d := range vet(t, filepath.Join(dir, "sqlc.yaml"), uri) {
				got = append(got, d.Query+" "+d.Code.Slug)
			}
			if got := lines(got); got != string(want) {
				t.Errorf("found:\n%s\nsqlc finds:\n%s", got, want)
			}
		})
	}
}

var sqlcLine = regexp.MustCompile(`^\S+: (\w+): ([\w/-]+)(: error explaining)?`)

func writeExpectation(t *testing.T, dir, uri string) {
	cmd := exec.Command(*record, "vet")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "VET_DATABASE="+uri)
	out, _ := cmd.CombinedOutput() // it fails where it finds something
	var found []string
	for line := range strings.Lines(string(out)) {
		m := sqlcLine.FindStringSubmatch(line)
		switch {
		case m == nil:
			t.Fatalf("sqlc: %s", out)
		case m[2] == "rule-check":
			found = append(found, m[1]+" unknown-rule")
		case m[3] != "":
			found = append(found, m[1]+" explain-failed")
		default:
			found = append(found, m[1]+" "+m[2])
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "want.txt"), []byte(lines(found)), 0o644); err != nil {
		t.Fatal(err)
	}
}

func lines(found []string) string {
	slices.Sort(found)
	return strings.Join(slices.Compact(found), "\n") + "\n"
}
