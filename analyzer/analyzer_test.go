package analyzer_test

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
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/internal/testkit"
)

// project writes a project of one block to a folder and gives its configuration. extra are further keys of the block.
func project(t *testing.T, engine, extra, rules, schema, queries string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "covetsql.yaml")
	for path, text := range map[string]string{
		file:                             fmt.Sprintf("version: \"2\"\nsql:\n- engine: %s\n  schema: schema.sql\n  queries: query.sql\n%s  gen: {go: {package: db, out: db}}\n%s", engine, extra, rules),
		filepath.Join(dir, "schema.sql"): schema, filepath.Join(dir, "query.sql"): queries,
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return file
}

const author = "CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL);\n"

// told are findings as place, code and message.
func told(list diag.List) []string {
	var out []string
	for _, d := range list {
		p := d.Span.Position()
		out = append(out, fmt.Sprintf("%s:%d:%d %s %s", filepath.Base(p.Path), p.Line, p.Column, d.Code.Slug, d.Message))
	}
	return out
}

func TestWhatIsWrongWithARuleIsSaidAtItsPlace(t *testing.T) {
	for _, c := range []struct{ name, rules, want string }{
		{"a field that is not there, in a text below its bar", "rules:\n- name: r\n  rule: |\n    query.name == \"A\" &&\n      query.text == \"\"\n",
			`covetsql.yaml:12:12 invalid-rule the rule r can not be understood: undefined field 'text'`},
		{"the same on one line", `rules: [{name: r, rule: 'query.text == ""'}]`,
			`covetsql.yaml:8:31 invalid-rule the rule r can not be understood: undefined field 'text'`},
		{"with escapes its place is not known", `rules: [{name: r, rule: "query.text == \"\""}]`,
			`covetsql.yaml:8:25 invalid-rule the rule r can not be understood: undefined field 'text'`},
		{"no true or false", `rules: [{name: r, rule: query.sql}]`,
			`covetsql.yaml:8:25 invalid-rule the rule r can not be understood: it gives string, not true or false`},
		{"known only when it is run", `rules: [{name: r, rule: dyn(1)}]`,
			`covetsql.yaml:8:25 invalid-rule the rule r could not be run: it gave 1, not true or false`},
		{"an index that is not there", `rules: [{name: r, rule: "query.params[1].number == 1"}]`,
			`covetsql.yaml:8:26 invalid-rule the rule r could not be run: index out of bounds: 1`},
		{"no expression", `rules: [{name: r}]`, `covetsql.yaml:8:16 invalid-rule the rule r has no expression`},
		{"another name", `rules: [{name: rr, rule: "false"}]`, `covetsql.yaml:6:11 invalid-rule there is no rule "r"`},
		{"a plan without a database", `rules: [{name: r, rule: "postgresql.explain.plan.total_cost > 1.0"}]`,
			`covetsql.yaml:6:11 invalid-rule the rule r needs a database, which the block does not have`},
		{"no rules", "", `covetsql.yaml:6:11 invalid-rule there is no rule "r"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := project(t, "sqlite", "  rules: [r]\n", c.rules, author, "-- name: A :one\nSELECT name FROM author WHERE id = ?;\n")
			got := told(vet(t, file, ""))
			if want := []string{c.want}; !slices.Equal(got, want) {
				t.Errorf("got %q\nwant %q", got, want)
			}
		})
	}
}

func TestAWrongRuleThatNoBlockUsesIsOnlyAWarningWhereSqlcSaysNothing(t *testing.T) {
	file := project(t, "sqlite", "  rules: [good]\n", `rules: [{name: good, rule: "false"}, {name: bad, rule: query.sql}]`, author, "-- name: A :one\nSELECT name FROM author WHERE id = ?;\n")
	got := vet(t, file, "")
	if len(got) != 1 || got[0].Severity != diag.Warning {
		t.Errorf("%q", told(got))
	}
}

// Of a query with optional parts each variant is judged, and what is found of several said once.
func TestEachVariantOfAQueryIsJudged(t *testing.T) {
	s := testkit.PostgreSQL(t)
	db := s.NewDatabase(t)
	s.Exec(t, db, "CREATE TABLE author (id bigint PRIMARY KEY, name text NOT NULL, born date)")
	queries := "-- name: Find :many\nSELECT id FROM author WHERE true\n  AND name = @name -- :if name\n  AND born > @born -- :if born\nORDER BY id;\n"
	rules := `rules:
- {name: few, rule: "size(query.params) == 2"}
- {name: none, rule: "size(query.params) == 0"}
- {name: one, rule: "size(query.params) == 1 && query.sql.contains('born')"}
- {name: plan, rule: "postgresql.explain.plan.node_type != ''"}
`
	file := project(t, "postgresql", "  rules: [few, none, one, plan, sqlc/db-prepare]\n  database: {uri: x}\n", rules, "CREATE TABLE author (id bigint PRIMARY KEY, name text NOT NULL, born date);\n", queries)
	var names []string
	for _, d := range vet(t, file, s.URI(db)) {
		names = append(names, d.Code.Slug)
	}
	if want := []string{"few", "none", "one", "plan"}; !slices.Equal(names, want) {
		t.Errorf("found by %q, want %q", names, want)
	}
	s.Exec(t, db, "ALTER TABLE author DROP COLUMN born")
	if got := told(vet(t, file, s.URI(db))); !strings.Contains(strings.Join(got, "\n"), `query.sql:1:10 sqlc/db-prepare the database does not take Find: column "born" does not exist`) {
		t.Errorf("%q", got)
	}
}

// Nothing that is asked changes a row, whatever the query would do.
func TestQueriesAreNotExecuted(t *testing.T) {
	for _, s := range []*testkit.Server{testkit.PostgreSQL(t), testkit.MySQL(t), testkit.MariaDB(t), testkit.SQLite(t)} {
		t.Run(s.Engine, func(t *testing.T) {
			engine := map[string]string{"mariadb": "mysql"}[s.Engine]
			if engine == "" {
				engine = s.Engine
			}
			db := s.NewDatabase(t)
			schema := "CREATE TABLE author (id int PRIMARY KEY, name varchar(20) NOT NULL);\n"
			s.Exec(t, db, schema+"INSERT INTO author VALUES (1, 'a');")
			chosen, rules := "sqlc/db-prepare", "rules: []"
			if engine != "sqlite" {
				chosen, rules = chosen+", plan", `rules: [{name: plan, rule: "has(postgresql.explain.plan) || has(mysql.explain.query_block)"}]`
			}
			queries := "-- name: Add :exec\nINSERT INTO author (id, name) VALUES (2, 'b');\n-- name: Change :exec\nUPDATE author SET name = 'c';\n-- name: Remove :exec\nDELETE FROM author WHERE name <> 'z';\n"
			file := project(t, engine, "  rules: ["+chosen+"]\n  database: {uri: x}\n", rules, schema, queries)
			got := vet(t, file, s.URI(db))
			for _, d := range got {
				if d.Code.Slug != "plan" {
					t.Errorf("%s", d)
				}
			}
			if engine != "sqlite" && len(got) != 3 {
				t.Errorf("plans of %q", told(got))
			}
			var n int
			if err := s.Open(t, db).QueryRow("SELECT count(*) FROM author WHERE id = 1 AND name = 'a'").Scan(&n); err != nil || n != 1 {
				t.Errorf("the row is gone: %d %v", n, err)
			}
		})
	}
}

// MariaDB writes costs and percentages as numbers where MySQL writes texts: rules see texts.
func TestPlansOfMariaDBAreReadAsThoseOfMySQL(t *testing.T) {
	s := testkit.MariaDB(t)
	db := s.NewDatabase(t)
	schema := "CREATE TABLE author (id int PRIMARY KEY, name varchar(20) NOT NULL);\n"
	s.Exec(t, db, schema+"INSERT INTO author VALUES (1, 'a'), (2, 'b');")
	rules := `rules:
- {name: all, rule: "mysql.explain.query_block.select_id == 1u && (mysql.explain.query_block.table.filtered == '100' || mysql.explain.query_block.nested_loop.exists(n, n.table.filtered == '100' && n.table.access_type == 'ALL'))"}
`
	file := project(t, "mysql", "  rules: [all]\n  database: {uri: x}\n", rules, schema, "-- name: A :many\nSELECT name FROM author WHERE name > ?;\n")
	if got := vet(t, file, s.URI(db)); len(got) != 1 || got[0].Code.Slug != "all" {
		t.Errorf("%q", told(got))
	}
}

// A database that can not be opened is said once; rules that need none still judge.
func TestWithoutItsDatabaseTheOtherRulesJudge(t *testing.T) {
	file := project(t, "postgresql", "  rules: [plain, sqlc/db-prepare]\n  database: {uri: x}\n", `rules: [{name: plain, rule: "true"}]`,
		author, "-- name: A :exec\nDELETE FROM author;\n-- name: B :exec\nDELETE FROM author WHERE id = 1;\n-- name: C :exec\n-- @sqlc-vet-disable\nDELETE FROM author WHERE id = 2;\n")
	c, _ := config.Load(file)
	p := compiler.Compile(c, compiler.Options{})
	opened := 0
	list := analyzer.Vet(context.Background(), p, analyzer.Options{Open: func(context.Context, *compiler.Package) (database.Database, diag.List) {
		opened++
		return nil, diag.List{diag.New(diag.DatabaseFailed, c.Packages[0].Database.Span, "it is away")}
	}})
	var slugs []string
	for _, d := range list {
		slugs = append(slugs, d.Query+" "+d.Code.Slug)
	}
	if want := []string{" database-failed", "A plain", "B plain"}; opened != 1 || !slices.Equal(slugs, want) {
		t.Errorf("opened %d times, found %q, want %q", opened, slugs, want)
	}
}

// The database is opened for a rule that needs it alone, and its plans are handed out as they are.
func TestPlansAreHandedOut(t *testing.T) {
	s := testkit.PostgreSQL(t)
	db := s.NewDatabase(t)
	s.Exec(t, db, author)
	file := project(t, "postgresql", "  rules: [plan]\n  database: {uri: x}\n", `rules: [{name: plan, rule: "!has(postgresql.explain)"}]`, author, "-- name: A :many\nSELECT id FROM author;\n")
	c, _ := config.Load(file)
	var plans []string
	list := analyzer.Vet(context.Background(), compiler.Compile(c, compiler.Options{}), analyzer.Options{
		Open: func(ctx context.Context, p *compiler.Package) (database.Database, diag.List) {
			d, err := database.Open(ctx, p.Config.Engine, s.URI(db))
			if err != nil {
				t.Fatal(err)
			}
			return d, nil
		},
		Plan: func(q *facts.Query, plan []byte) { plans = append(plans, q.Name+string(plan)) },
	})
	if len(list) != 0 || len(plans) != 1 || !strings.HasPrefix(plans[0], "A{") || !strings.Contains(plans[0], `"Seq Scan"`) {
		t.Errorf("%q %q", told(list), plans)
	}
}

// The pages of the codes that vet gives show what it says.
func TestPagesShowWhatVetReports(t *testing.T) {
	for _, c := range diag.Codes() {
		e, _ := diag.PageExample(c.ID)
		run := func(text string) diag.List {
			if e.Language == "yaml vet" {
				file := project(t, e.Engine, "", "", e.Schema, "-- name: A :one\nSELECT 1 AS one;\n")
				if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
				return vet(t, file, "")
			}
			return vet(t, project(t, e.Engine, "  rules: [no-delete]\n", `rules: [{name: no-delete, rule: 'query.sql.contains("TRUNCATE")'}]`, e.Schema, text), "")
		}
		if !strings.HasSuffix(e.Language, " vet") {
			continue
		}
		if wrong := run(e.Wrong); len(wrong) != 1 || wrong[0].Code != c {
			t.Errorf("%s: the wrong example gives %q", c.ID, told(wrong))
		}
		if right := run(e.Right); len(right) > 0 {
			t.Errorf("%s: the right example gives %q", c.ID, told(right))
		}
	}
}
