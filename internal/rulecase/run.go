package rulecase

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/internal/testkit"
)

var yields = regexp.MustCompile(`(?is)^\s*(select|with|values|\(select|table)\b|\breturning\b`)

// Queries gives a text of one statement without a header one.
func Queries(text string) string {
	if strings.Contains(text, "-- name: ") {
		return text
	}
	command := ":exec"
	if yields.MatchString(text) && !regexp.MustCompile(`(?is)^\s*with\b.*\b(insert|update|delete)\b`).MatchString(text) {
		command = ":many"
	}
	if text = strings.TrimSpace(text); !strings.HasSuffix(text, ";") {
		text += ";"
	}
	return "-- name: Case " + command + "\n" + text + "\n"
}

// Compile compiles queries over a schema, as vet does, in a folder of its own. What is wrong with them is in the list.
func Compile(t testing.TB, engine, schema, queries string) (*compiler.Package, diag.List) {
	t.Helper()
	if engine == "mariadb" {
		engine = "mysql"
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"schema.sql": schema, "query.sql": Queries(queries)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p := compiler.Compile(&config.Config{Dir: dir, Strict: true, Packages: []config.Package{{
		Engine: catalog.Engine(engine), Schema: []string{"schema.sql"}, Queries: []string{"query.sql"},
	}}}, compiler.Options{KeepRel: true})
	return p.Packages[0], p.Diagnostics
}

// Server is the server of a case's engine.
func Server(t testing.TB, engine string) *testkit.Server {
	switch engine {
	case "postgresql":
		return testkit.PostgreSQL(t)
	case "mysql":
		return testkit.MySQL(t)
	case "mariadb":
		return testkit.MariaDB(t)
	}
	return testkit.SQLite(t)
}

// Prove runs a proof on its server, in a database of its own.
func Prove(t *testing.T, c Case) {
	s := Server(t, c.Engine)
	name := s.NewDatabase(t)
	setup, steps := c.Proof()
	if len(steps) == 0 {
		t.Fatalf("line %d: the proof runs nothing", c.Line)
	}
	s.Exec(t, name, c.Schema+"\n"+setup)
	db := s.Open(t, name)
	db.SetMaxOpenConns(1)
	for _, step := range steps {
		got := Output(db, step.Statement)
		if step.Matches {
			re, err := regexp.Compile("(?s)" + step.Gives)
			if err != nil {
				t.Fatal(err)
			}
			if !re.MatchString(got) {
				t.Errorf("%s\ngives\n%s\nwhich does not match %s", step.Statement, got, step.Gives)
			}
		} else if got != step.Gives {
			t.Errorf("%s\ngives\n%s\nwant\n%s", step.Statement, got, step.Gives)
		}
	}
}

// Output is what a statement gives: a row a line, fields between |, or the error.
func Output(db *sql.DB, statement string) string {
	rows, err := db.Query(strings.TrimSuffix(strings.TrimSpace(statement), ";"))
	if err != nil {
		return "ERROR: " + err.Error()
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return "ERROR: " + err.Error()
	}
	var lines []string
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			return "ERROR: " + err.Error()
		}
		var fields []string
		for _, v := range values {
			switch x := (*v.(*any)).(type) {
			case nil:
				fields = append(fields, "NULL")
			case []byte:
				fields = append(fields, string(x))
			default:
				fields = append(fields, fmt.Sprint(x))
			}
		}
		lines = append(lines, strings.Join(fields, "|"))
	}
	if err := rows.Err(); err != nil {
		return "ERROR: " + err.Error()
	}
	return strings.Join(lines, "\n")
}
