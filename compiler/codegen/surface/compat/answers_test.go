package compat

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
)

// answer is one line of an answers file.
type answer struct{ statement, says string }

func readAnswers(t *testing.T, path string) []answer {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []answer
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		i := strings.LastIndex(line, " => ")
		out = append(out, answer{strings.TrimSpace(line[:i]), strings.TrimSpace(line[i+4:])})
	}
	return out
}

var writes = regexp.MustCompile(`^(insert|update|delete|replace|call|with x as \(select 1 as z\))`)

// compile puts the statements into a project of their own.
func compile(t *testing.T, engine catalog.Engine, schema string, list []answer) *compiler.Program {
	t.Helper()
	dir := t.TempDir()
	var q strings.Builder
	for i, a := range list {
		command := "many"
		if writes.MatchString(a.statement) && !strings.Contains(a.statement, "returning") {
			command = "exec"
		}
		fmt.Fprintf(&q, "-- name: X%d :%s\n%s;\n", i, command, a.statement)
	}
	files := map[string]string{
		"schema.sql": schema, "query.sql": q.String(),
		"sqlc.yaml": "version: '2'\nsql:\n- engine: " + string(engine) + "\n  schema: schema.sql\n  queries: query.sql\n  gen: {go: {out: db}}\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cfg, ds := config.Load(filepath.Join(dir, "sqlc.yaml"))
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	return compiler.Compile(cfg, compiler.Options{})
}

// say writes a column as the answers do.
func say(c *surface.Column) string {
	s := c.Name + ":" + c.Type
	if !c.NotNull {
		s += "?"
	}
	s += strings.Repeat("[]", c.Dims)
	if c.Table != nil {
		s += "@"
		if c.Table.Schema != "" {
			s += c.Table.Schema + "."
		}
		s += c.Table.Name
	}
	if c.Original != "" && c.Original != c.Name {
		s += "(" + c.Original + ")"
	}
	if c.Unsigned {
		s += " U"
	}
	if c.Given {
		s += " N"
	}
	if c.Slice {
		s += " S"
	}
	if c.Embed != nil {
		s = "embed " + c.Embed.Name
	}
	return s
}

var (
	length     = regexp.MustCompile(` L\d+`)
	numbers    = regexp.MustCompile(`\b\d+=`)
	schemaName = regexp.MustCompile(`@(public|main)\.`)
	embed      = regexp.MustCompile(`[^ ,]*:\? E:(\w+)`)
)

// normal leaves out of a recorded answer what has no bearing on Go: lengths but tinyint(1)'s,
// the default schema's name, the columns of an embed, whether an untyped value may be NULL.
func normal(s string) string {
	s = strings.ReplaceAll(s, ":any?", ":any")
	s = length.ReplaceAllString(s, "")
	s = schemaName.ReplaceAllString(s, "@")
	return strings.Join(strings.Fields(embed.ReplaceAllString(s, "embed $1")), " ")
}

var update = flag.Bool("update", false, "write better.txt from what is answered now; read it before the commit")

// writeBetter writes the statements that differ.
func writeBetter(t *testing.T, path string, list []answer, differs func(int, answer) (string, bool)) {
	t.Helper()
	var b strings.Builder
	b.WriteString("# Where our answer is another than sqlc's, and why that is right: sqlc loses the parameter or the columns,\n# or accepts what the server refuses. STATEMENT => OURS.\n")
	for i, a := range list {
		if s, ok := differs(i, a); ok {
			b.WriteString(a.statement + " => " + s + "\n")
		}
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestAnswersAreSQLCs(t *testing.T) {
	for name, engine := range map[string]catalog.Engine{"postgres": catalog.PostgreSQL, "mysql": catalog.MySQL, "sqlite": catalog.SQLite} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join("testdata", name)
			text, err := os.ReadFile(filepath.Join(dir, "schema.sql"))
			if err != nil {
				t.Fatal(err)
			}
			list := readAnswers(t, filepath.Join(dir, "answers.txt"))
			p := compile(t, engine, string(text), list)
			refused := map[string]string{}
			for _, d := range p.Diagnostics {
				if d.Severity == diag.Error {
					refused[d.Query] = d.Message
				}
			}
			ours := map[string]string{}
			for _, q := range described(p.Packages[0]) {
				var cols, params []string
				for i := range q.Columns {
					cols = append(cols, say(&q.Columns[i]))
				}
				for i := range q.Params {
					params = append(params, fmt.Sprintf("%d=%s", q.Params[i].Number, say(&q.Params[i].Column)))
				}
				ours[q.Name] = strings.Join(strings.Fields(strings.Join(cols, ", ")+" || "+strings.Join(params, ", ")), " ")
			}
			if *update {
				writeBetter(t, filepath.Join(dir, "better.txt"), list, func(i int, a answer) (string, bool) {
					id := fmt.Sprintf("X%d", i)
					got, ok := ours[id]
					if !ok {
						return "refused: " + refused[id], true
					}
					want := normal(a.says)
					got = normal(got)
					if engine != catalog.PostgreSQL {
						return got, numbers.ReplaceAllString(got, "") != numbers.ReplaceAllString(want, "")
					}
					return got, got != want
				})
			}
			better := map[string]string{}
			for _, a := range readAnswers(t, filepath.Join(dir, "better.txt")) {
				better[a.statement] = a.says
			}
			same := 0
			for i, a := range list {
				id := fmt.Sprintf("X%d", i)
				want := normal(a.says)
				got, ok := ours[id]
				got = normal(got)
				if b, found := better[a.statement]; found {
					want = b
				}
				if !ok {
					got = "refused: " + refused[id]
				}
				if engine != catalog.PostgreSQL { // one ? after the other
					got, want = numbers.ReplaceAllString(got, ""), numbers.ReplaceAllString(want, "")
				}
				switch {
				case got == want:
					same++
				default:
					t.Errorf("%s\n  want %s\n  ours %s", a.statement, want, got)
				}
			}
			t.Logf("%d of %d", same, len(list))
		})
	}
}

// described are a package's queries as sqlc sees them.
func described(p *compiler.Package) (out []*surface.Query) {
	_, query := Describe(p)
	for file, q := range p.All() {
		out = append(out, query(file, q))
	}
	return out
}

func TestAQueryMayMoveToTheTruthByItself(t *testing.T) {
	p := compile(t, catalog.PostgreSQL, "create table t (a int not null, b text);", nil)
	dir := p.Config.Dir
	text := "-- name: Old :one\nselect sum(a) from t;\n-- name: New :one strict\nselect sum(a) from t;\n"
	if err := os.WriteFile(filepath.Join(dir, "query.sql"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	p = compiler.Compile(p.Config, compiler.Options{})
	got := map[string]string{}
	for _, q := range described(p.Packages[0]) {
		got[q.Name] = say(&q.Columns[0])
	}
	if got["Old"] != "sum:bigint" || got["New"] != "sum:pg_catalog.int8?" && got["New"] != "sum:int8?" {
		t.Errorf("%v %v", got, p.Diagnostics)
	}
}

func TestASemicolonInACommentEndsNoStatement(t *testing.T) {
	for text, want := range map[string]bool{
		"a int, -- one; two\n b int": false, "x default ';' /* ; */": false, "a); alter": true, `"a;b" int`: false, "": false,
	} {
		if got := endsStatement(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// In a list or a range, sqlc forgets that a tinyint is one digit wide, which made it a bool.
func TestListsAndRangesForgetALength(t *testing.T) {
	for statement, length := range map[string]int{
		"select a from t where bo = ?": 1, "select a from t where bo in (?, ?)": -1,
		"select a from t where bo in (sqlc.slice(xs))": -1, "select a from t where bo between ? and ?": -1,
	} {
		p := compile(t, catalog.MySQL, "create table t (a int, bo tinyint(1) not null);", []answer{{statement: statement}})
		for _, param := range described(p.Packages[0])[0].Params {
			if param.Length != length {
				t.Errorf("%s: parameter %s has length %d, want %d", statement, param.Name, param.Length, length)
			}
		}
	}
}
