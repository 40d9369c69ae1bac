package rules_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/analyzer"
	"github.com/covetsql/covetsql/analyzer/database"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/analyzer/rules"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/internal/rulecase"
	"github.com/covetsql/covetsql/internal/testkit"
)

// filled are databases with the schema and rows of a file of cases.
type filled struct {
	server *testkit.Server
	name   string
}

func fill(t *testing.T, engine, schema, rows string) filled {
	t.Helper()
	s := rulecase.Server(t, engine)
	f := filled{s, s.NewDatabase(t)}
	if engine == "mysql" || engine == "mariadb" { // names of columns are the text's, and a session setting must be the one's that fills
		db := s.Open(t, f.name)
		db.SetMaxOpenConns(1)
		for _, q := range strings.Split(schema+"\n"+rows, ";\n") {
			if strings.TrimSpace(q) == "" {
				continue
			}
			if _, err := db.Exec(q); err != nil && !strings.Contains(q, "recursi") {
				t.Fatalf("%s: %v", q, err)
			}
		}
		return f
	}
	s.Exec(t, f.name, schema+"\n"+rows)
	return f
}

// plannedBy gives what a rule finds of queries over a database.
func plannedBy(t *testing.T, r *rule.Rule, f filled, engine, schema, queries string) diag.List {
	t.Helper()
	if engine == "mariadb" {
		engine = "mysql"
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"schema.sql": schema, "query.sql": rulecase.Queries(queries)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p := compiler.Compile(&config.Config{Dir: dir, Strict: true, Packages: []config.Package{{
		Engine: catalog.Engine(engine), Schema: []string{"schema.sql"}, Queries: []string{"query.sql"}, Database: &config.Database{URI: "x"},
	}}}, compiler.Options{KeepRel: true})
	if p.Diagnostics.HasErrors() {
		t.Fatalf("does not compile: %s\n%s", list(p.Diagnostics), queries)
	}
	return analyzer.Vet(context.Background(), p, analyzer.Options{Rules: []*rule.Rule{r}, Analyze: r.Measured, Asked: true,
		Open: func(ctx context.Context, p *compiler.Package) (database.Database, diag.List) {
			db, err := database.Open(ctx, p.Config.Engine, f.server.URI(f.name))
			if err != nil {
				t.Fatal(err)
			}
			return db, nil
		}})
}

// Rules on plans judge what real servers say over tables with rows: bad cases are found, good ones are not.
func TestPlanCases(t *testing.T) {
	databases, all := map[string]filled{}, t // rules that judge over the same rows share them
	for _, r := range rules.All {
		if r.Plan == nil {
			continue
		}
		if r.Off { // it is asked for here
			code := *r.Code
			code.Off = false
			on := *r
			on.Code, r = &code, &on
		}
		t.Run(r.Slug, func(t *testing.T) {
			cases, err := rulecase.Read(filepath.Join(r.Slug, "cases.txt"))
			if err != nil {
				t.Fatal(err)
			}
			count := map[string]int{}
			for _, c := range cases {
				if c.Kind == "proof" {
					continue
				}
				count[c.Kind]++
				key := c.Engine + c.Schema + c.Rows
				f, ok := databases[key]
				if !ok {
					f = fill(all, c.Engine, c.Schema, c.Rows)
					databases[key] = f
				}
				t.Run(fmt.Sprintf("%s %s line %d", c.Kind, c.Engine, c.Line), func(t *testing.T) {
					found := plannedBy(t, r, f, c.Engine, c.Schema, c.Text)
					switch {
					case c.Kind == "good" && len(found) > 0:
						t.Errorf("%s: found %s", c.Name, list(found))
					case c.Kind == "bad" && (len(found) == 0 || c.Finds >= 0 && len(found) != c.Finds):
						t.Errorf("%s: found %d: %s", c.Name, len(found), list(found))
					case c.Kind == "bad" && c.At != "" && !slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return strings.HasPrefix(d.Span.Text(), c.At) }):
						t.Errorf("%s: found at %q", c.Name, found[0].Span.Text())
					}
					for _, d := range found {
						if testing.Verbose() {
							t.Logf("%s\n  %s", d.Message, strings.Join(d.Help, "\n  "))
						}
						if d.Code != r.Code {
							t.Errorf("%s: %s", c.Name, d.Error())
						}
					}
				})
			}
			if count["bad"] == 0 || count["good"] == 0 {
				t.Errorf("%d bad cases and %d good ones", count["bad"], count["good"])
			}
		})
	}
}
