package config

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/source"
)

func parse(t *testing.T, name, text string) (*Config, []string) {
	t.Helper()
	c, list := Parse(source.NewFile(name, text), name)
	var said []string
	for _, d := range list {
		p := d.Span.Position()
		s := fmt.Sprintf("%d:%d %s %s", p.Line, p.Column, d.Severity, d.Message)
		for _, h := range d.Help {
			s += " | " + h
		}
		said = append(said, s)
	}
	return c, said
}

const good = `version: "2"
sql:
- engine: postgresql
  schema: s.sql
  queries: q.sql
  gen: {go: {out: db/store, %s}}
`

func TestEveryProblemIsReportedAtItsPlace(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"empty":           {"", []string{"1:1 error the configuration is empty | `covetsql init` writes one to start from"}},
		"only a comment":  {"# nothing\n", []string{"1:1 error the configuration is empty | `covetsql init` writes one to start from"}},
		"null":            {"null\n", []string{"1:1 error the configuration is empty | `covetsql init` writes one to start from"}},
		"a list":          {"- a\n", []string{"1:3 error the configuration must be a mapping with version and sql, not a list"}},
		"broken YAML":     {"version: \"2\"\nsql: [\n", []string{"2:1 error this is not YAML or JSON: did not find expected node content"}},
		"no version":      {"sql: []\n", []string{`1:1 error the configuration has no version | start the file with: version: "2"`}},
		"version 3":       {"version: \"3\"\n", []string{`1:10 error the version must be "1" or "2", not "3"`}},
		"version list":    {"version: [2]\n", []string{`1:10 error the version must be "1" or "2", not a list`}},
		"no sql":          {"version: 2\n", []string{"1:1 error the configuration has no sql blocks | add `sql:` with a list of engine, schema, queries and gen.go"}},
		"no packages":     {"version: 1\npackages: []\n", []string{"1:1 error the configuration has no packages: nothing would be generated"}},
		"null block":      {"version: 2\nsql: [null]\n", []string{"1:1 error the configuration has no packages: nothing would be generated"}},
		"sql a mapping":   {"version: 2\nsql: {}\n", []string{"2:6 error sql must be a list, not a mapping"}},
		"block a number":  {"version: 2\nsql: [5]\n", []string{"2:7 error an sql block must be a mapping, not 5"}},
		"missing keys":    {"version: 2\nsql:\n- schema: s.sql\n  gen: {go: {package: x}}\n", []string{"3:3 error the sql block has no engine", "3:3 error the sql block has no queries", "4:13 error gen.go has no out"}},
		"v1 missing path": {"version: 1\npackages:\n- queries: q.sql\n", []string{"3:3 error the package has no path"}},
		"unknown top key": {"version: 2\nsqll: 5\nsql: []\n", []string{`2:1 error the configuration has no key "sqll" | did you mean "sql"?`}},
		"unknown Go option": {fmt.Sprintf(good, "emit_jsontags: true"),
			[]string{`6:29 error gen.go has no key "emit_jsontags" | did you mean "emit_json_tags"?`}},
		"a key of v1 in v2": {"version: 2\nsql: []\nrename: {a: b}\n",
			[]string{`3:1 error the configuration has no key "rename" | its keys are: cloud, functions, options, overrides, plugins, rules, servers, sql, strict, version, vet`}},
		"unknown engine": {strings.Replace(fmt.Sprintf(good, "emit_json_tags: no"), "postgresql", "Postgresq", 1),
			[]string{`3:11 error "Postgresq" is not one of postgresql, mysql, sqlite | did you mean "postgresql"?`}},
		"wrong types": {fmt.Sprintf(good, `emit_json_tags: "true", emit_interface: {}, query_parameter_limit: "3", initialisms: id, rename: 5`), []string{
			"6:45 error expected true or false, found \"true\" | write it without quotes: true",
			"6:69 error expected true or false, found a mapping",
			"6:96 error expected a whole number, found \"3\"",
			"6:114 error initialisms must be a list, not \"id\"",
			"6:126 error rename must be a mapping, not 5"}},
		"out of range": {fmt.Sprintf(good, `query_parameter_limit: -1, sql_package: pgx/v6, sql_driver: foo, output_db_file_name: ../x.go, package: a-b`), []string{
			`6:13 error "a-b" can not be the name of a Go package | set package; without it the last part of out is taken`,
			"6:52 error query_parameter_limit must not be negative",
			`6:69 error "pgx/v6" is not one of database/sql, pgx/v4, pgx/v5 | did you mean "pgx/v4"?`,
			`6:89 error "foo" is not one of github.com/lib/pq, github.com/jackc/pgx/v4, github.com/jackc/pgx/v5, github.com/go-sql-driver/mysql`,
			`6:115 error a generated file's name must not name a folder: "../x.go"`}},
		"exclusive options": {fmt.Sprintf(good, "emit_prepared_queries: true, emit_methods_with_db_argument: true"),
			[]string{"6:13 error emit_methods_with_db_argument and emit_prepared_queries exclude each other"}},
		"key twice": {"version: 2\nversion: 2\nsql: []\n", []string{`2:1 error the key "version" stands twice`}},
		"overrides": {fmt.Sprintf(good, `overrides: [{go_type: string}, {column: a.b, db_type: x}, {column: b, go_type: foo}, {column: a.b, go_struct_tag: "x"}, {db_type: y, go_type: {package: p, type: T}}]`), []string{
			"6:41 error an override needs column or db_type",
			"6:61 error an override has either column or db_type, not both",
			`6:88 error "b" does not name a column | write table.column or schema.table.column`,
			`6:108 error "foo" is not a Go type that can be imported | write a basic type (string), or the import path, a dot and the type (github.com/google/uuid.UUID)`,
			`6:143 error "x" is not a Go struct tag | a tag is written key:"value", several with spaces between them`,
			"6:172 error a go_type with a package needs its import path"}},
		"deprecated": {fmt.Sprintf(good, `overrides: [{postgres_type: text, go_type: string, null: true}]`), []string{
			`6:57 warning the key "postgres_type" is deprecated | write "db_type"`,
			`6:86 warning the key "null" is deprecated | write "nullable"`}},
		"plugins": {"version: 2\nplugins: [{name: a}, {name: bulk, process: {cmd: x}}, {name: bulk, wasm: {url: x}}]\nsql:\n- engine: mysql\n  queries: q.sql\n  codegen:\n  - {plugin: bulkk, out: x}\n  - {plugin: bulk}\n", []string{
			"2:11 error a plugin has either process or wasm",
			`2:55 error two plugins are called "bulk"`,
			`7:5 error no plugin is called "bulkk" | did you mean "bulk"?`,
			"8:5 error codegen has no out"}},
		"empty folder": {"version: 2\nsql:\n- {engine: mysql, queries: q, gen: {go: {package: a, out: \"\"}}}\n", []string{"3:54 error out is empty | \".\" is the configuration's own folder"}},
		"analyzer":     {strings.Replace(fmt.Sprintf(good, ""), "  gen", "  analyzer: {database: maybe}\n  gen", 1), []string{"6:24 error expected true or false, found \"maybe\""}},
		"database":     {strings.Replace(fmt.Sprintf(good, ""), "  gen", "  database: {}\n  gen", 1), []string{"6:13 error a database needs a uri, or managed: true"}},
		"migrations": {strings.Replace(fmt.Sprintf(good, ""), "  gen", "  migrations: {form: gooze, drectory: x}\n  gen", 1), []string{
			"6:15 error migrations has no dir",
			`6:22 error "gooze" is not one of covetsql, goose, golang-migrate, dbmate, sql-migrate, tern, atlas, flyway | did you mean "goose"?`,
			`6:29 error migrations has no key "drectory" | its keys are: dir, form, scratch`}},
		"removed generator": {"version: 2\nsql:\n- {engine: mysql, queries: q, gen: {kotlin: {}}}\n", []string{`3:37 error gen has no key "kotlin" | Kotlin is generated by a plugin; use codegen`}},
		"vet": {fmt.Sprintf(good, "") + "vet:\n  severity: {a: worse, b: [], c: on, d: off, e: no}\n  baseline: x/\n  fail_on: nothing\n  failon: error\n", []string{
			`8:17 error "worse" is not one of error, warning, note, on, off`,
			"8:27 error expected one of error, warning, note, on, off, found a list",
			"9:13 error baseline must name a file",
			`10:12 error "nothing" is not one of error, warning, note, never`,
			`11:3 error vet has no key "failon" | did you mean "fail_on"?`}},
		"vet of a block": {strings.Replace(fmt.Sprintf(good, ""), "  gen", "  vet: {severity: [a], baseline: x}\n  gen", 1), []string{
			"6:19 error severity must be a mapping of rules to severities, not a list | as in: severity: {not-in-nullable: error, all: warning}",
			`6:24 error vet of a block has no key "baseline" | its keys are: severity`}},
		"merge in a circle": {"version: 2\nsql:\n- &a\n  <<: *a\n  engine: mysql\n  queries: q\n", []string{"4:3 error merge keys (<<) are nested too deep or in a circle"}},
		"second document":   {fmt.Sprintf(good, "") + "---\nversion: 1\n", []string{"8:1 warning a second YAML document is ignored | put everything before the line ---"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, said := parse(t, "covetsql.yaml", c.text)
			if !reflect.DeepEqual(said, c.want) {
				t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(said, "\n\t"), strings.Join(c.want, "\n\t"))
			}
		})
	}
}

func TestOwnKeysNeedTheOwnFileName(t *testing.T) {
	text := fmt.Sprintf(good, "runtime: true") + "functions: [\"f(int) returns text\"]\nstrict: true\n"
	c, said := parse(t, "covetsql.yaml", text)
	if len(said) > 0 {
		t.Fatalf("covetsql.yaml: %q", said)
	}
	if !c.Packages[0].Go.Runtime || !reflect.DeepEqual(c.Packages[0].Functions, []string{"f(int) returns text"}) {
		t.Errorf("own keys are lost: %+v", c.Packages[0])
	}
	c, said = parse(t, "sqlc.yaml", text)
	want := []string{
		`6:29 error gen.go has no key "runtime" | "runtime" is covetsql's own key: it lets the package run on covetsql's runtime, by plan.go and a direct way in each method; name the file covetsql.yaml to use it`,
		`7:1 error the configuration has no key "functions" | "functions" is covetsql's own key: it declares functions that the schema does not; name the file covetsql.yaml to use it`,
	}
	if !reflect.DeepEqual(said, want) {
		t.Errorf("sqlc.yaml: %q, want %q", said, want)
	}
	if !c.Strict {
		t.Error("strict: true is lost in sqlc.yaml")
	}
}

func TestStrictIsOnUnderTheOwnNameOnly(t *testing.T) {
	for name, want := range map[string]bool{"covetsql.yaml": true, "covetsql.yml": true, "sqlc.yaml": false, "other.yaml": false} {
		if c, said := parse(t, name, fmt.Sprintf(good, "")); len(said) > 0 || c.Strict != want {
			t.Errorf("%s: strict %v, want %v; %q", name, c.Strict, want, said)
		}
	}
	c, _ := parse(t, "covetsql.yaml", "strict: false\n"+fmt.Sprintf(good, ""))
	if c.Strict {
		t.Error("strict: false does not switch it off")
	}
}

func TestBothVersionsAndBothSyntaxesGiveOneValue(t *testing.T) {
	v1 := `{"version": "1",
		"overrides": [{"db_type": "uuid", "go_type": "github.com/google/uuid.UUID"}],
		"rename": {"id": "Key"},
		"packages": [{"name": "store", "path": "db/store", "engine": "mysql", "schema": ["a.sql", "b.sql"], "queries": "q/",
			"emit_json_tags": true, "query_parameter_limit": 0,
			"overrides": [{"column": "a.b", "go_type": {"import": "x/y", "package": "z", "type": "T", "pointer": true, "slice": true}}]}]}`
	v2 := `
version: 2
overrides:
  go:
    overrides:
    - db_type: uuid
      go_type: github.com/google/uuid.UUID
    rename: {id: Key}
sql:
- name: store
  engine: mysql
  schema:
  - a.sql
  - b.sql
  queries: q/
  gen:
    go:
      package: store
      out: db/store
      emit_json_tags: on
      query_parameter_limit: 0
      overrides:
      - column: a.b
        go_type: {import: x/y, package: z, type: T, pointer: true, slice: true}
`
	a, said := parse(t, "sqlc.json", v1)
	if len(said) > 0 {
		t.Fatal(said)
	}
	b, said := parse(t, "sqlc.yaml", v2)
	if len(said) > 0 {
		t.Fatal(said)
	}
	for _, c := range []*Config{a, b} {
		c.Packages[0].Span, c.Packages[0].Go.Span = source.Span{}, source.Span{}
		for i := range c.Packages[0].Go.Overrides {
			c.Packages[0].Go.Overrides[i].Span = source.Span{}
		}
	}
	if !reflect.DeepEqual(a.Packages, b.Packages) {
		t.Errorf("version 1: %+v %+v\nversion 2: %+v %+v", a.Packages[0], a.Packages[0].Go, b.Packages[0], b.Packages[0].Go)
	}
	p := a.Packages[0]
	if p.Engine != catalog.MySQL || len(p.Schema) != 2 || p.Queries[0] != "q/" || *p.Go.QueryParameterLimit != 0 || p.Go.Rename["id"] != "Key" {
		t.Errorf("values are lost: %+v %+v", p, p.Go)
	}
	// As in sqlc: a global override goes before one of the package.
	if len(p.Go.Overrides) != 2 || p.Go.Overrides[0].DBType != "uuid" || !p.Go.Overrides[1].GoType.Slice {
		t.Errorf("overrides %+v", p.Go.Overrides)
	}
}

func TestAnchorsAndMergeKeys(t *testing.T) {
	c, said := parse(t, "sqlc.yaml", `
version: "2"
sql:
- &first
  engine: sqlite
  schema: &paths [a.sql]
  queries: *paths
  gen:
    go: &go {out: one, emit_json_tags: true, emit_db_tags: true}
- <<: *first
  gen:
    go: {<<: [*go], out: two, emit_db_tags: false}
`)
	if len(said) > 0 {
		t.Fatal(said)
	}
	p := c.Packages[1]
	if p.Engine != catalog.SQLite || p.Queries[0] != "a.sql" || p.Go.Out != "two" || p.Go.Package != "two" || !p.Go.EmitJSONTags || p.Go.EmitDBTags {
		t.Errorf("%+v %+v", p, p.Go)
	}
}

func TestMergeKeysCanNotMultiply(t *testing.T) {
	var b strings.Builder
	b.WriteString("version: 2\nsql:\n- &a0 {engine: mysql}\n")
	for i := range 30 {
		fmt.Fprintf(&b, "- &a%d {<<: [*a%d, *a%d]}\n", i+1, i, i)
	}
	_, said := parse(t, "covetsql.yaml", b.String())
	if !strings.Contains(strings.Join(said, "\n"), "merge keys (<<) are nested too deep") {
		t.Errorf("%q", said)
	}
}

func TestPluginOptionsArriveAsJSON(t *testing.T) {
	c, said := parse(t, "sqlc.yaml", `
version: "2"
plugins:
- name: p
  env: [HOME]
  process: {cmd: "gen -x", format: json}
options: {p: {1: a, deep: [{x: null}]}}
sql:
- engine: mysql
  queries: q.sql
  codegen:
  - {plugin: p, out: gen, options: {a: 1.5, b: [true, "x"]}}
`)
	if len(said) > 0 {
		t.Fatal(said)
	}
	if got := string(c.Plugins[0].Options); got != `{"1":"a","deep":[{"x":null}]}` {
		t.Errorf("global options %s", got)
	}
	if got := string(c.Packages[0].Codegen[0].Options); got != `{"a":1.5,"b":[true,"x"]}` {
		t.Errorf("options %s", got)
	}
}

func TestGoTypeTexts(t *testing.T) {
	for text, want := range map[string]bool{
		"string": true, "[]byte": true, "map[string]string": true, "sql.NullString": true, "*foo.Bar": true,
		"github.com/x/y.Z": true, "[]*x.Y": true, "github.com/x/y.Z[int]": true, "map[string]testkube.X": true, "unsafe.Pointer": true, "any": true,
		"foo": false, "github.com/x/y": false, "github.com/x/y.": false, "a b.c": false, ".": false, "*": false, "map[string": false, ".X": false,
	} {
		if got := validGoSpec(text); got != want {
			t.Errorf("validGoSpec(%q) = %v", text, got)
		}
	}
}

func TestFindTakesTheOwnNameFirst(t *testing.T) {
	for _, c := range []struct {
		files []string
		want  string // file name, or a part of the error
	}{
		{[]string{"covetsql.yaml", "sqlc.yaml"}, "covetsql.yaml"},
		{[]string{"covetsql.yml"}, "covetsql.yml"},
		{[]string{"sqlc.json"}, "sqlc.json"},
		{nil, "none of covetsql.yaml, covetsql.yml, sqlc.yaml, sqlc.yml, sqlc.json is in"},
		{[]string{"sqlc.yaml", "sqlc.json"}, "both sqlc.yaml and sqlc.json"},
		{[]string{"covetsql.yaml", "covetsql.yml"}, "both covetsql.yaml and covetsql.yml"},
	} {
		dir := t.TempDir()
		for _, f := range c.files {
			if err := os.WriteFile(filepath.Join(dir, f), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		path, err := Find(dir)
		got := filepath.Base(path)
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%v: %s, want %s", c.files, got, c.want)
		}
	}
}

func TestFilesThatAreNoText(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "absent.yaml"):   "no such file",
		dir:                                 "is a folder",
		write("nul.yaml", "version: 2\x00"): "NUL byte",
		write("latin.yaml", "# caf\xe9"):    "invalid UTF-8",
		write("bom.yaml", "\ufeff"+fmt.Sprintf(good, "")):     "",
		write("crlf.yaml", "version: 2\r\nsql:\r\n- engin: "): `no key "engin"`,
	} {
		_, list := Load(path)
		if want == "" {
			if len(list) > 0 {
				t.Errorf("%s: %v", path, list)
			}
			continue
		}
		if len(list) == 0 || !strings.Contains(fmt.Sprint(list), want) {
			t.Errorf("%s: %v, want %q", path, list, want)
		}
		for _, d := range list {
			if d.Span.IsZero() {
				t.Errorf("%s: no place: %v", path, d)
			}
		}
	}
}

// The real projects' configurations are accepted without a word, as sqlc 1.31 does.
func TestRealConfigurationsAreAccepted(t *testing.T) {
	root := os.Getenv("COVETSQL_ACCEPTANCE")
	if root == "" {
		root = "../../../shared/acceptance"
	}
	found := 0
	err := filepath.WalkDir(filepath.Join(root, "corpus"), func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if ext := filepath.Ext(path); !strings.HasPrefix(e.Name(), "sqlc") || ext != ".yaml" && ext != ".yml" && ext != ".json" {
			return nil
		}
		found++
		c, list := Load(path)
		if len(list) > 0 || len(c.Packages) == 0 {
			t.Errorf("%s: %v", path, list)
		}
		return nil
	})
	if err != nil || found == 0 {
		t.Skipf("no real projects at %s (%v)", root, err)
	}
	t.Logf("%d configurations", found)
}

// on, off and no are booleans to YAML; a build does not care whether the rules exist.
func TestSeveritiesOfRules(t *testing.T) {
	text := strings.Replace(fmt.Sprintf(good, ""), "  gen", "  vet: {severity: {all: off}}\n  gen", 1) +
		"vet:\n  severity: {CV4101: error, no-such-rule: on, x: off, y: \"off\", z: no, w: yes}\n  baseline: vet.json\n  fail_on: warning\n"
	for _, file := range []string{"covetsql.yaml", "sqlc.yaml"} {
		c, said := parse(t, file, text)
		if len(said) > 0 {
			t.Fatalf("%s: %q", file, said)
		}
		var got []string
		for _, s := range append(c.Vet.Severity, c.Packages[0].Severity...) {
			got = append(got, s.Span.Text()+"="+s.Rule+"="+s.Level)
		}
		want := []string{"CV4101=CV4101=error", "no-such-rule=no-such-rule=on", "x=x=off", "y=y=off", "z=z=off", "w=w=on", "all=all=off"}
		if !reflect.DeepEqual(got, want) || c.Vet.Baseline != "vet.json" || c.Vet.FailOn != "warning" {
			t.Errorf("%s: %q %+v", file, got, c.Vet)
		}
	}
}
