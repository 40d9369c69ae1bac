// Package vetcases holds vet's rules against statements that other linters' own suites label bad or good: a file of
// {rule, engine, sql, bad, schema, source}. rule begins with an id of the research from which our codes come, so that "P01 …" is
// CV5001. A case without a schema is judged with one that declares the tables and columns that it uses,
// and a table that it declares gets the columns that it uses and forgot.
package vetcases

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/dialect/mysql"
	"github.com/covetsql/covetsql/compiler/dialect/postgres"
	"github.com/covetsql/covetsql/compiler/dialect/sqlite"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// Case is one labelled statement.
type Case struct {
	Rule, Engine, SQL, Source string
	Bad                       bool
	Schema                    schemaText
}

// schemaText is a text, a list of texts, or null.
type schemaText string

// UnmarshalJSON reads any of the three.
func (s *schemaText) UnmarshalJSON(b []byte) error {
	var list []string
	var one *string
	if json.Unmarshal(b, &one) == nil {
		if one != nil {
			*s = schemaText(*one)
		}
		return nil
	}
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	for _, t := range list {
		*s += schemaText(strings.TrimRight(strings.TrimSpace(t), ";") + ";\n")
	}
	return nil
}

// ID is the research's name of the rule: "P01".
func (c *Case) ID() string { id, _, _ := strings.Cut(c.Rule, " "); return id }

// Load reads cases.
func Load(path string) ([]Case, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var out []Case
	return out, json.Unmarshal(b, &out)
}

// families give the hundreds of our codes.
var families = map[byte]int{'C': 4100, 'N': 4200, 'G': 4300, 'L': 4400, 'W': 4500, 'M': 4600, 'P': 5000}

// others are ids that the cases use for another one's rule.
var others = map[string]string{"J01": "M01", "L12": "L11", "P31": "P24"}

// Codes are ours for an id: the rule's, and those with which the compiler itself reports the mistake.
func Codes(id string) []string {
	if o, ok := others[id]; ok {
		id = o
	}
	number, err := strconv.Atoi(id[1:])
	if err != nil || families[id[0]] == 0 {
		return nil
	}
	return append(append([]string{fmt.Sprintf("CV%04d", families[id[0]]+number)}, compiled[id]...), opinions[id]...)
}

// opinions are further rules, most of them off by default, for what others hold of a statement that our rule reports with a proof only.
var opinions = map[string][]string{
	"C16": {"CV4137"},           // how rows are counted
	"C08": {"CV4109", "CV5035"}, // no condition at all
	"C09": {"CV5035"},           // a SELECT without one
	"L11": {"CV4413"},           // no LIMIT at all
	"P03": {"CV5033"},           // a constant that is converted, once
	"P09": {"CV5034"},           // sorting and grouping by it
	"P14": {"CV5032"},           // UNION that says neither ALL nor DISTINCT
}

// compiled are the compiler's own codes for what a rule is about.
var compiled = map[string][]string{
	"C10": {diag.TypeMismatch.ID, diag.NoOperator.ID},
	"C19": {diag.GroupingError.ID},
	"C25": {diag.TypeMismatch.ID, diag.WrongArity.ID},
}

// Verdict is what became of a case.
type Verdict struct {
	Case *Case
	// Judged is false where no engine takes the statement; Why says what the last one said.
	Judged bool
	Why    string
	Engine catalog.Engine
	Schema string
	// Found tells that the rule found something; Messages are all findings with one of its codes.
	Found    bool
	Messages []string
}

// Right tells whether a judged case's verdict is its label.
func (v *Verdict) Right() bool { return v.Found == v.Case.Bad }

var dialects = map[catalog.Engine]dialect.Dialect{catalog.PostgreSQL: postgres.New(), catalog.MySQL: mysql.New(), catalog.SQLite: sqlite.New()}

// engines are those that a case is tried on, in order.
func engines(name string) []catalog.Engine {
	switch name {
	case "postgres", "postgresql", "redshift":
		return []catalog.Engine{catalog.PostgreSQL}
	case "mysql", "tidb", "mariadb":
		return []catalog.Engine{catalog.MySQL}
	case "sqlite":
		return []catalog.Engine{catalog.SQLite}
	}
	return []catalog.Engine{catalog.PostgreSQL, catalog.MySQL, catalog.SQLite}
}

// Judge judges a case by the rules that are given, in a folder of its own.
func Judge(c *Case, rules []*rule.Rule, dir string) Verdict {
	v := Verdict{Case: c}
	for _, e := range engines(c.Engine) {
		for _, fallback := range []string{"int", "text"} {
			if v.judge(e, fallback, rules, dir) {
				return v
			}
		}
	}
	return v
}

// statements cuts a text into statements, and tells queries from the rest.
func statements(text string, d dialect.Dialect) (schema string, queries []string, trees []ir.Statement, err error) {
	list, ds := token.Split(source.NewFile("case.sql", text), d.Lex(), token.Schema)
	if ds.HasErrors() {
		return "", nil, nil, ds[0]
	}
	for i, s := range list {
		text := strings.TrimRight(strings.TrimSpace(s.Span.Text()), ";")
		named := fmt.Sprintf("-- name: Q%d :exec\n%s;\n", i, text)
		parts, ds := token.Split(source.NewFile("query.sql", named), d.Lex(), token.Queries)
		if ds.HasErrors() || len(parts) != 1 {
			schema += text + ";\n"
			continue
		}
		tree, ds := d.Parse(parts[0])
		if ds.HasErrors() {
			return "", nil, nil, ds[0]
		}
		explained, _ := tree.(*ir.Utility)
		if _, ok := tree.(ir.Query); !ok && (explained == nil || explained.Query == nil) {
			schema += text + ";\n"
			continue
		}
		queries, trees = append(queries, named), append(trees, tree)
	}
	return schema, queries, trees, nil
}

func (v *Verdict) judge(e catalog.Engine, fallback string, rules []*rule.Rule, dir string) bool {
	d := dialects[e]
	ddl, queries, trees, err := statements(v.Case.SQL, d)
	if err != nil {
		v.Why = err.Error()
		return false
	}
	given := string(v.Case.Schema)
	if given != "" && !strings.HasSuffix(strings.TrimSpace(given), ";") {
		given += ";\n"
	}
	given += "\n" + ddl
	p := compile(e, given, "", dir)
	if p.Packages[0].Catalog == nil {
		v.Why = p.Diagnostics[0].Error()
		return false
	}
	g := newGuess(p.Packages[0].Catalog, d.Traits().CaselessNames, fallback)
	g.add(trees)
	guessed := g.DDL(e, d.Quote)
	schema := guessed + given + g.Added(e, d.Quote)
	p = compile(e, schema, strings.Join(queries, "\n"), dir)
	if len(queries) == 1 {
		if named := qualified(p.Diagnostics, queries[0], g, d); named != queries[0] {
			p = compile(e, schema, named, dir)
		}
	}
	v.Engine, v.Schema = e, schema
	codes := map[string]bool{}
	for _, id := range Codes(v.Case.ID()) {
		codes[id] = true
	}
	v.Messages, v.Found = nil, false
	bad := ""
	for _, x := range p.Diagnostics {
		if codes[x.Code.ID] {
			v.Found = true
			v.Messages = append(v.Messages, x.Error())
		} else if x.Severity == diag.Error && bad == "" {
			bad = x.Error()
		}
	}
	if bad != "" && !v.Found && len(p.Packages[0].Queries()) == 0 {
		v.Why = bad
		return false
	}
	for _, x := range rule.Of(p.Packages[0]).Judge(rules) {
		labelled := ddl == "" || filepath.Base(x.Span.File.Path) != "schema.sql" || int(x.Span.Start) >= len(guessed)+len(given)-len(ddl)
		if codes[x.Code.ID] && labelled { // where the case itself declares tables, those around it are not what is labelled
			v.Found = true
			v.Messages = append(v.Messages, x.Error())
		}
	}
	v.Judged, v.Why = true, ""
	return true
}

// qualified is a query with its ambiguous names qualified by the relation that they were taken to mean: cases are seldom run by their
// authors.
func qualified(list diag.List, query string, g *guess, d dialect.Dialect) string {
	for i := len(list) - 1; i >= 0; i-- {
		x := &list[i]
		if of := g.meant[x.Span.Start]; x.Code == diag.AmbiguousColumn && of != "" {
			query = query[:x.Span.Start] + d.Quote(of) + "." + query[x.Span.Start:]
		}
	}
	return query
}

// compile is lenient, as under an sqlc.yaml: what a case is wrong with beside its rule shall not keep it from being judged.
func compile(e catalog.Engine, schema, queries, dir string) *compiler.Program {
	for name, text := range map[string]string{"schema.sql": schema, "query.sql": queries} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			panic(err)
		}
	}
	return compiler.Compile(&config.Config{Dir: dir, Packages: []config.Package{{
		Engine: e, Schema: []string{"schema.sql"}, Queries: []string{"query.sql"},
	}}}, compiler.Options{KeepRel: true})
}
