package compiler

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/config"
)

func TestDeclaredFunctionsAreTyped(t *testing.T) {
	for _, c := range []struct{ engine, declared, query, want string }{
		{"postgresql", `slug(text, numeric(10, 2)) returns character varying not null`, "SELECT slug(name, 1.5), slug(name, $1) FROM a", "varchar never, varchar never"},
		{"mysql", `slug(varchar(20), decimal(10, 2)) returns bigint unsigned strict`, "SELECT slug(name, 1.5), slug('a', ?) FROM a", "bigint unsigned maybe, bigint unsigned never"},
		{"sqlite", `slug(text, real) returns text not null`, "SELECT slug(name, 1.5), slug(name, ?) FROM a", "TEXT never, TEXT never"},
		{"postgresql", `slug(text, numeric(10, 2)) returns text strict`, "SELECT slug(name, 1.5), slug('a', $1) FROM a", "text maybe, text never"},
		{"mysql", `slug(varchar(20), decimal(10, 2)) returns text not null`, "SELECT slug(name, 1.5), slug('a', ?) FROM a", "text never, text never"},
		{"sqlite", `slug(text, real) returns text`, "SELECT slug(name, 1.5), slug('a', ?) FROM a", "TEXT maybe, TEXT maybe"},
	} {
		engine := c.engine
		p := compiled(t, engine, c.declared, c.query)
		if len(p.Diagnostics) > 0 {
			t.Errorf("%s: %v", engine, p.Diagnostics)
			continue
		}
		q := p.Packages[0].Queries()[0]
		var got []string
		for _, col := range q.Columns {
			got = append(got, fmt.Sprint(col.Type, " ", col.Null.Null))
		}
		if s := strings.Join(got, ", "); s != c.want || len(q.Params) != 1 || !q.Params[0].Type.Known() {
			t.Errorf("%s: %s %+v, want %s", engine, s, q.Params, c.want)
		}
	}
}

func TestWhatDeclaresNoFunctionIsReported(t *testing.T) {
	for declared, want := range map[string]string{
		"slug":                                "it has not the form of a declaration",
		"slug(text)":                          "it has not the form of a declaration",
		"slug(nonsense) returns text":         "there is no type nonsense",
		"slug(text) returns text primary key": "is not a type",
		"slug(text) returns text); drop":      "is not a type",
	} {
		p := compiled(t, "postgresql", declared, "SELECT 1")
		if s := fmt.Sprint(p.Diagnostics); !strings.Contains(s, "CV0001") || !strings.Contains(s, want) {
			t.Errorf("%s: %s, want %s", declared, s, want)
		}
	}
}

// compiled is a program of one query over a small table.
func compiled(t *testing.T, engine, function, query string) *Program {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"s.sql": "CREATE TABLE a (id int, name varchar(10));",
		"q.sql": "-- name: Q :many\n" + query + ";\n",
		"covetsql.yaml": fmt.Sprintf("version: \"2\"\nsql:\n- engine: %s\n  schema: s.sql\n  queries: q.sql\n  functions: [%q]\n  strict_function_checks: true\n",
			engine, function),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, list := config.Load(filepath.Join(dir, "covetsql.yaml"))
	if len(list) > 0 {
		t.Fatal(list)
	}
	return Compile(c, Options{})
}
