package analyzer_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/analyzer"
	"github.com/covetsql/covetsql/analyzer/cel"
	"github.com/covetsql/covetsql/analyzer/database"
	"github.com/covetsql/covetsql/analyzer/plan"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/internal/testkit"
)

// judged judges by the rules of a configuration, with trees as vet has them.
func judged(t *testing.T, file, uri string) diag.List {
	t.Helper()
	c, list := config.Load(file)
	if list.HasErrors() {
		t.Fatal(list)
	}
	p := compiler.Compile(c, compiler.Options{KeepRel: true})
	if p.Diagnostics.HasErrors() {
		t.Fatal(p.Diagnostics)
	}
	return analyzer.Vet(context.Background(), p, analyzer.Options{Open: func(ctx context.Context, p *compiler.Package) (database.Database, diag.List) {
		db, err := database.Open(ctx, p.Config.Engine, uri)
		if err != nil {
			t.Fatal(err)
		}
		return db, nil
	}})
}

const shopSchema = `CREATE TABLE author (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, born INTEGER);
CREATE TABLE book (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL REFERENCES author (id), title VARCHAR(20) NOT NULL, price INTEGER);
CREATE INDEX book_author ON book (author_id);
`

// What rules see of queries, on each engine: each expression is true of the query beside it.
func TestRulesSeeWhatIsKnownOfAQuery(t *testing.T) {
	for _, c := range []struct{ query, expression string }{
		{"SELECT id FROM book WHERE id = sqlc.arg(id)", `query.kind == "read" && query.rows.max == 1 && query.reads == ["book"] && query.writes == [] && query.deterministic && !query.locks`},
		{"SELECT id FROM book", `query.rows.max == -1 && !query.star && !has(query.limit)`},
		{"SELECT * FROM book ORDER BY price DESC, id LIMIT 10", `query.star && query.limit.count == 10 && query.order_by[0].column == "price" && query.order_by[0].desc && query.order_by[1].table == "book"`},
		{"SELECT id FROM book LIMIT sqlc.arg(n)", `query.limit.count == -1 && query.limit.param == 1`},
		{"SELECT b.title, a.born FROM book b LEFT JOIN author a ON a.id = b.author_id", `query.columns.map(c, c.name) == ["title", "born"] && query.columns[1].nullable && query.columns[1].table == "author" && query.columns[1].source == "born" && query.joins[0].kind == "left" && query.joins[0].table == "author" && query.joins[0].condition == "a.id = b.author_id"`},
		{"SELECT b.title FROM book b, author a WHERE a.id = b.author_id", `query.tables.map(t, t.alias) == ["b", "a"] && query.tables[0].name == "book"`},
		{"SELECT id FROM book WHERE author_id = sqlc.arg(author) AND price > 5 AND title IS NOT NULL", `query.predicates.exists(p, p.table == "book" && p.column == "author_id" && p.operator == "=" && p.with == "param" && p.param == 1 && p.always && p.clause == "where") && query.predicates.exists(p, p.operator == ">" && p.with == "constant" && p.value == "5") && query.predicates.exists(p, p.operator == "IS NOT NULL" && p.with == "null")`},
		{"SELECT id FROM book WHERE author_id = 1 OR NOT price IN (1, 2)", `query.predicates.all(p, !p.always) && query.predicates.exists(p, p.column == "price" && p.operator == "IN")`},
		{"SELECT id FROM book WHERE price BETWEEN sqlc.arg(low) AND sqlc.arg(high)", `query.predicates.exists(p, p.operator == "BETWEEN" && p.with == "param") && query.params.map(p, p.name) == ["low", "high"]`},
		{"UPDATE book SET price = sqlc.arg(price) WHERE id = 1", `query.kind == "write" && query.sets == [vet.Set{table: "book", column: "price"}] && query.params[0].table == "book" && query.params[0].column == "price" && query.params[0].nullable`},
		{"INSERT INTO book (id, author_id, title) VALUES (sqlc.arg(id), 2, 'x')", `query.sets.map(s, s.column) == ["id", "author_id", "title"] && query.writes == ["book"] && query.params[0].name == "id" && !query.params[0].nullable`},
		{"SELECT id FROM author WHERE EXISTS (SELECT 1 FROM book WHERE book.author_id = author.id)", `query.predicates.exists(p, p.column == "author_id" && p.with == "column" && p.value == "author.id")`},
		{"SELECT id FROM book", `schema.tables.exists(t, t.name == "book" && t.kind == "table" && t.primary_key == ["id"] && t.indexes[0].columns == ["author_id"] && t.foreign_keys[0].table == "author" && t.columns.exists(c, c.name == "price" && c.nullable))`},
		{"SELECT id FROM book", `query.name == "Q" && query.cmd == "many" && query.file.endsWith("query.sql") && query.sql.startsWith("SELECT")`},
	} {
		for _, engine := range []string{"postgresql", "mysql", "sqlite"} {
			command := ":many"
			if !strings.HasPrefix(c.query, "SELECT") {
				command = ":exec"
			}
			file := project(t, engine, "  rules: [r]\n", fmt.Sprintf("rules:\n- name: r\n  rule: |\n    %s\n", c.expression), shopSchema, "-- name: Q "+command+"\n"+c.query+";\n")
			if got := judged(t, file, ""); len(got) != 1 || got[0].Code.Slug != "r" {
				t.Errorf("%s %s\n%s\n%q", engine, c.query, c.expression, told(got))
			}
		}
	}
}

// Plans look alike on all engines, SQLite's too.
func TestRulesSeePlansInOneForm(t *testing.T) {
	for _, s := range []*testkit.Server{testkit.PostgreSQL(t), testkit.MySQL(t), testkit.MariaDB(t), testkit.SQLite(t)} {
		engine := map[string]string{"mariadb": "mysql"}[s.Engine]
		if engine == "" {
			engine = s.Engine
		}
		db := s.NewDatabase(t)
		s.Exec(t, db, shopSchema+"INSERT INTO author VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3);")
		rules := `rules: [{name: r, message_expression: "plan.nodes[0].table + ' is read whole'", rule: "plan.nodes.exists(n, n.kind == 'scan' && n.table == 'author' && n.depth == 0)"}]`
		file := project(t, engine, "  rules: [r]\n  database: {uri: x}\n", rules, shopSchema, "-- name: Q :many\nSELECT a.id FROM author a WHERE a.name > 'b';\n")
		if got := told(judged(t, file, s.URI(db))); !slices.Equal(got, []string{"query.sql:1:10 r Q: author is read whole"}) {
			t.Errorf("%s: %q", s.Engine, got)
		}
	}
}

func TestRulesOfATeamMayHaveMore(t *testing.T) {
	for _, c := range []struct{ name, rules, want string }{
		{"a message with values", `{name: r, rule: "query.rows.max == -1", message_expression: "'reads ' + query.reads.join(', ')"}`, "query.sql:1:10 r Q: reads book"},
		{"each table", `{name: r, each: table, rule: "!table.columns.exists(c, c.name == 'born')", message_expression: "'has only ' + table.columns.map(c, c.name).join(', ')"}`,
			"schema.sql:2:14 r book: has only id, author_id, title, price"},
		{"another engine", `{name: r, engines: [mysql], rule: "true"}`, ""},
		{"this engine", `{name: r, engines: [mysql, sqlite], rule: "true", message: no}`, "query.sql:1:10 r Q: no"},
		{"a severity that there is not", `{name: r, severity: bad, rule: "true"}`, `covetsql.yaml:8:16 invalid-rule the rule r has the severity "bad"; there are error, warning and note`},
		{"each of what there is not", `{name: r, each: row, rule: "true"}`, `covetsql.yaml:8:16 invalid-rule the rule r judges each "row"; a rule judges each query or each table`},
		{"an engine that there is not", `{name: r, engines: [oracle], rule: "true"}`, `covetsql.yaml:8:16 invalid-rule the rule r is for the engine "oracle"; there are postgresql, mysql and sqlite`},
		{"two messages", `{name: r, message: a, message_expression: "'b'", rule: "true"}`, `covetsql.yaml:8:16 invalid-rule the rule r has a message and an expression for it: one of the two is enough`},
		{"a message that is none", `{name: r, message_expression: "1", rule: "true"}`, `covetsql.yaml:8:40 invalid-rule the rule r can not be understood: it gives int, not a text`},
		{"a table has no queries", `{name: r, each: table, rule: "query.name == ''"}`, `covetsql.yaml:8:39 invalid-rule the rule r can not be understood: undeclared reference to 'query'`},
	} {
		file := project(t, "sqlite", "  rules: [r]\n", "rules: ["+c.rules+"]", shopSchema, "-- name: Q :many\nSELECT title FROM book;\n")
		got := strings.Join(told(judged(t, file, "")), "\n")
		if c.name == "each table" {
			got, _, _ = strings.Cut(got, "\n")
		}
		if got != c.want {
			t.Errorf("%s: %q\nwant %q", c.name, got, c.want)
		}
	}
	file := project(t, "sqlite", "  rules: [r]\n", `rules: [{name: r, severity: warning, rule: "true"}]`, shopSchema, "-- name: Q :many\nSELECT title FROM book;\n")
	if got := judged(t, file, ""); len(got) != 1 || got[0].Severity != diag.Warning {
		t.Errorf("%q", told(got))
	}
}

// A wrong name is told with the one that may be meant.
func TestWrongNamesAreToldWithWhatMayBeMeant(t *testing.T) {
	for expression, want := range map[string]string{
		"query.predicate.size() > 0":                               "did you mean predicates?",
		"query.columns.exists(c, c.nulable)":                       "did you mean nullable?",
		"querry.name == ''":                                        "did you mean query?",
		"schema.tables.exists(t, t.primarykey == [])":              "did you mean primary_key?",
		"plan.nodes.exists(n, n.kind == 'scan' && n.tabel == 'a')": "did you mean table?",
	} {
		file := project(t, "sqlite", "  rules: [r]\n", fmt.Sprintf("rules:\n- name: r\n  rule: |\n    %s\n", expression), shopSchema, "-- name: Q :many\nSELECT title FROM book;\n")
		got := judged(t, file, "")
		if len(got) != 1 || len(got[0].Help) != 1 || got[0].Help[0] != want {
			t.Errorf("%s: %q", expression, got)
		}
	}
}

// A rule of sqlc's finds what it finds with sqlc, whatever fields there are beside: two parameters are the same by their numbers.
func TestFieldsOfOurOwnChangeNoRuleOfSqlc(t *testing.T) {
	rules := `rules: [{name: same, rule: "query.params[0] == vet.Parameter{number: 1}"}, {name: more, rule: "query.params[0] == vet.Parameter{number: 1} && query.params[0].name != ''"}]`
	file := project(t, "postgresql", "  rules: [same, more]\n", rules, shopSchema, "-- name: Q :many\nSELECT title FROM book WHERE id = $1;\n")
	got := judged(t, file, "")
	if len(got) != 1 || got[0].Code.Slug != "same" {
		t.Errorf("%q", told(got))
	}
}

// The examples of docs/vet.md find what they say, and only that.
func TestTheManualsRulesFindWhatTheySay(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "vet.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, own, ok := strings.Cut(string(text), "\n## Rules of your own\n")
	if !ok {
		t.Fatal("docs/vet.md has no section of rules")
	}
	own, _, _ = strings.Cut(own, "\n## ")
	block := regexp.MustCompile("(?s)```(\\w+)\n(.*?)```")
	var yaml, schema string
	found, said := 0, 0
	for _, m := range block.FindAllStringSubmatch(own, -1) {
		switch {
		case m[1] == "yaml":
			yaml = m[2]
		case m[1] == "sql" && strings.HasPrefix(m[2], "CREATE"):
			schema = m[2]
		case m[1] == "sql":
			names := regexp.MustCompile(`name: ([\w-]+)`).FindAllStringSubmatch(yaml, -1)
			var list []string
			for _, n := range names {
				list = append(list, n[1])
			}
			file := project(t, "postgresql", "  rules: ["+strings.Join(list, ", ")+"]\n", yaml, schema, m[2])
			var want, got []string
			for line := range strings.Lines(m[2]) {
				if finding, ok := strings.CutPrefix(line, "-- finds "); ok {
					want = append(want, strings.TrimSpace(finding))
				}
			}
			for _, d := range judged(t, file, "") {
				got = append(got, d.Code.Slug+" "+d.Message)
			}
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(want, got) {
				t.Errorf("%s\nfinds %q\nsays %q", yaml, got, want)
			}
			found, said = found+len(got), said+1
		}
	}
	if said < 4 || found < 4 {
		t.Errorf("%d examples with %d findings", said, found)
	}
}

// The manual's table of what rules see has each field that there is, and the kinds of nodes are those of plans.
func TestTheManualListsWhatRulesSee(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "vet.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, own, _ := strings.Cut(string(text), "\n### What it sees\n")
	own, _, _ = strings.Cut(own, "\n## ")
	for _, field := range cel.Fields() {
		if !strings.Contains(own, "`"+field+"`") && !strings.Contains(own, "."+field+"`") {
			t.Errorf("docs/vet.md does not say %s", field)
		}
	}
	for _, k := range plan.Kinds {
		if !strings.Contains(own, "`"+string(k)+"`") {
			t.Errorf("docs/vet.md does not list the node %s", k)
		}
	}
}
