package rename_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/dialect/mysql"
	"github.com/covetsql/covetsql/compiler/dialect/postgres"
	"github.com/covetsql/covetsql/compiler/dialect/sqlite"
	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/migrate/plan"
	"github.com/covetsql/covetsql/migrate/proof"
	"github.com/covetsql/covetsql/migrate/rename"
)

var dialects = map[string]dialect.Dialect{"postgresql": postgres.New(), "mysql": mysql.New(), "mariadb": mysql.New(), "sqlite": sqlite.New()}

func scratch(t *testing.T, server string) proof.Scratch {
	t.Helper()
	start := map[string]func(testing.TB) *testkit.Server{"postgresql": testkit.PostgreSQL, "mysql": testkit.MySQL, "mariadb": testkit.MariaDB}[server]
	if start == nil {
		return proof.Scratch{Dialect: dialects[server]}
	}
	s := start(t)
	return proof.Scratch{Dialect: dialects[server], Server: s.URI(s.NewDatabase(t))}
}

func database(t *testing.T, s proof.Scratch, schema string) *proof.Database {
	t.Helper()
	statements, err := s.Split("schema.sql", schema)
	if err != nil {
		t.Fatal(err)
	}
	d, err := s.New(context.Background(), statements)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func snapshot(t *testing.T, d *proof.Database) *catalog.Snapshot {
	t.Helper()
	s, err := d.Snapshot(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// migrated runs renames on a database of the schema from, with rows, and gives what the engine made of it; then it runs the way back.
func migrated(t *testing.T, s proof.Scratch, from, to, rows, wrong string, accepted []rename.Rename) {
	t.Helper()
	ctx := context.Background()
	before, after := database(t, s, from), snapshot(t, database(t, s, to))
	old := snapshot(t, before)
	for _, statement := range strings.Split(rows, ";") {
		if err := before.Run(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	up, down, err := rename.Statements(old, accepted, s.Dialect.Quote)
	if err != nil {
		t.Fatal(err)
	}
	for _, way := range []struct {
		name  string
		steps []plan.Step
		want  *catalog.Snapshot
		wrong string
	}{{"up", up, after, wrong}, {"down", down, old, ""}} {
		for _, step := range way.steps {
			t.Log(way.name, step.SQL)
		}
		if err := before.Apply(ctx, plan.Plan{Steps: way.steps}); err != nil {
			t.Fatalf("%s: %v", way.name, err)
		}
		if way.wrong != "" {
			if err := before.Apply(ctx, plan.Plan{Steps: []plan.Step{{SQL: way.wrong, Check: "rows are not what they were"}}}); err != nil {
				t.Fatalf("%s: %v", way.name, err)
			}
		}
		if got, want := outline(snapshot(t, before)), outline(way.want); got != want {
			t.Errorf("%s gives\n%s\nnot\n%s", way.name, got, want)
		}
	}
}

// outline lists the names of a schema.
func outline(s *catalog.Snapshot) string {
	var out []string
	for _, sc := range s.Schemas {
		for _, t := range sc.Tables {
			var columns []string
			for _, c := range t.Columns {
				columns = append(columns, c.Name+" "+c.Type.String())
			}
			out = append(out, fmt.Sprint(t.Kind, " ", t.Name, columns))
			for _, c := range t.Constraints {
				out = append(out, fmt.Sprint("  ", c.Kind, " ", c.Name, c.Columns, c.Expr, c.RefTable, c.RefColumns))
			}
			for _, x := range t.Indexes {
				out = append(out, fmt.Sprint("  index ", x.Name, x.Parts))
			}
		}
		for _, d := range sc.Types {
			out = append(out, fmt.Sprint("type ", d.Name, d.Values))
		}
		for _, q := range sc.Sequences {
			out = append(out, fmt.Sprint("sequence ", q.Name, " ", q.OwnedBy))
		}
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func TestStatementsKeepRows(t *testing.T) {
	all := []string{"postgresql", "mysql", "mariadb", "sqlite"}
	column := func(table, old, new string) rename.Rename {
		return rename.Rename{Kind: rename.ColumnKind, Table: table, Old: old, New: new}
	}
	table := func(old, new string) rename.Rename {
		return rename.Rename{Kind: rename.TableKind, Old: old, New: new}
	}
	for _, c := range []struct {
		name           string
		engines        []string
		from, to, rows string
		// wrong is a query that gives a row where a value isn't where it has to be.
		wrong    string
		accepted []rename.Rename
	}{
		{"a column", all, "CREATE TABLE t (id int PRIMARY KEY, mail varchar(20));", "CREATE TABLE t (id int PRIMARY KEY, email varchar(20));",
			"INSERT INTO t VALUES (1, 'a')", "SELECT 1 FROM t WHERE email <> 'a'", []rename.Rename{column("t", "mail", "email")}},
		{"a table with its column", all, "CREATE TABLE people (id int PRIMARY KEY, mail int);", "CREATE TABLE users (id int PRIMARY KEY, email int);",
			"INSERT INTO people VALUES (1, 2)", "SELECT 1 FROM users WHERE email <> 2", []rename.Rename{column("users", "mail", "email"), table("people", "users"), {Kind: rename.ConstraintKind, Table: "users", Old: "people_pkey", New: "users_pkey"}}},
		{"a chain of columns", all, "CREATE TABLE t (a int, b int);", "CREATE TABLE t (b int, c int);",
			"INSERT INTO t VALUES (1, 2)", "SELECT 1 FROM t WHERE b <> 1 OR c <> 2", []rename.Rename{column("t", "a", "b"), column("t", "b", "c")}},
		{"two columns change names", all, "CREATE TABLE t (a int, b varchar(9), CHECK (a > 0));", "CREATE TABLE t (b int, a varchar(9), CHECK (b > 0));",
			"INSERT INTO t VALUES (1, 'x')", "SELECT 1 FROM t WHERE b <> 1 OR a <> 'x'", []rename.Rename{column("t", "a", "b"), column("t", "b", "a"), {Kind: rename.ConstraintKind, Table: "t", Old: "t_a_check", New: "t_b_check"}}},
		{"a ring of three", all, "CREATE TABLE t (a int, b int, c int, covet_renamed_1 int);", "CREATE TABLE t (b int, c int, a int, covet_renamed_1 int);",
			"INSERT INTO t VALUES (1, 2, 3, 4)", "SELECT 1 FROM t WHERE b <> 1 OR c <> 2 OR a <> 3", []rename.Rename{column("t", "a", "b"), column("t", "b", "c"), column("t", "c", "a")}},
		{"two tables change names", all, "CREATE TABLE a (x int); CREATE TABLE b (y int);", "CREATE TABLE b (x int); CREATE TABLE a (y int);",
			"INSERT INTO a VALUES (1); INSERT INTO b VALUES (2)", "SELECT 1 FROM a WHERE y <> 2", []rename.Rename{table("a", "b"), table("b", "a")}},
		{"names that need quotes", []string{"postgresql", "sqlite"}, `CREATE TABLE t (id int, mail int);`, `CREATE TABLE "my ""table" (id int, "Or'der; DROP" int);`,
			"INSERT INTO t VALUES (1, 2)", `SELECT 1 FROM "my ""table" WHERE "Or'der; DROP" <> 2`, []rename.Rename{column(`my "table`, "mail", "Or'der; DROP"), table("t", `my "table`)}},
		{"an index", []string{"postgresql", "mysql", "mariadb"}, "CREATE TABLE t (id int, a int); CREATE INDEX old_index ON t (a);", "CREATE TABLE t (id int, a int); CREATE INDEX new_index ON t (a);",
			"INSERT INTO t VALUES (1, 2)", "SELECT 1 FROM t WHERE a <> 2", []rename.Rename{{Kind: rename.IndexKind, Table: "t", Old: "old_index", New: "new_index"}}},
		{"a constraint", []string{"postgresql"}, "CREATE TABLE t (id int, a int, CONSTRAINT positive CHECK (a > 0), CONSTRAINT one UNIQUE (id));", "CREATE TABLE t (id int, a int, CONSTRAINT above CHECK (a > 0), CONSTRAINT single UNIQUE (id));",
			"INSERT INTO t VALUES (1, 2)", "SELECT 1 FROM t WHERE a <> 2", []rename.Rename{{Kind: rename.ConstraintKind, Table: "t", Old: "positive", New: "above"}, {Kind: rename.ConstraintKind, Table: "t", Old: "one", New: "single"}}},
		{"types, values, sequences and views", []string{"postgresql"},
			"CREATE TYPE mood AS ENUM ('sad', 'o''k', 'glad'); CREATE DOMAIN mail AS text; CREATE SEQUENCE s; CREATE TABLE t (id int, m mood, a mail); CREATE VIEW v AS SELECT id FROM t; CREATE MATERIALIZED VIEW mv AS SELECT id FROM t;",
			"CREATE TYPE feeling AS ENUM ('sad', 'fine', 'glad'); CREATE DOMAIN email AS text; CREATE SEQUENCE s2; CREATE TABLE t (id int, m feeling, a email); CREATE VIEW v2 AS SELECT id FROM t; CREATE MATERIALIZED VIEW mv2 AS SELECT id FROM t;",
			"INSERT INTO t VALUES (1, 'o''k', 'x')", "SELECT 1 FROM t WHERE m <> 'fine'", []rename.Rename{
				{Kind: rename.ValueKind, Table: "feeling", Old: "o'k", New: "fine"}, {Kind: rename.TypeKind, Old: "mood", New: "feeling"}, {Kind: rename.DomainKind, Old: "mail", New: "email"},
				{Kind: rename.SequenceKind, Old: "s", New: "s2"}, {Kind: rename.ViewKind, Old: "v", New: "v2"}, {Kind: rename.MaterializedKind, Old: "mv", New: "mv2"}}},
		{"a column under checks", all, "CREATE TABLE t (mail int, CONSTRAINT c CHECK (mail > 0), CONSTRAINT d CHECK (mail < 9));", "CREATE TABLE t (email int, CONSTRAINT c CHECK (email > 0), CONSTRAINT d CHECK (email < 9));",
			"INSERT INTO t VALUES (1)", "SELECT 1 FROM t WHERE email <> 1", []rename.Rename{column("t", "mail", "email")}},
	} {
		for _, server := range c.engines {
			t.Run(c.name+"/"+server, func(t *testing.T) {
				migrated(t, scratch(t, server), c.from, c.to, c.rows, c.wrong, c.accepted)
			})
		}
	}
}
