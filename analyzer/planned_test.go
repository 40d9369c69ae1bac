package analyzer_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/analyzer"
	"github.com/covetsql/covetsql/analyzer/database"
	"github.com/covetsql/covetsql/analyzer/rules"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/internal/testkit"
)

// vetPlans judges the plans of a configuration's queries by all built-in rules on plans, those that run queries too.
func vetPlans(t *testing.T, file, uri string, shapes *analyzer.Shapes) diag.List {
	t.Helper()
	c, list := config.Load(file)
	if list.HasErrors() {
		t.Fatal(list)
	}
	p := compiler.Compile(c, compiler.Options{KeepRel: true})
	if p.Diagnostics.HasErrors() {
		t.Fatal(p.Diagnostics)
	}
	o := analyzer.Options{Analyze: true, Shapes: shapes, Open: func(ctx context.Context, p *compiler.Package) (database.Database, diag.List) {
		db, err := database.Open(ctx, p.Config.Engine, uri)
		if err != nil {
			return nil, diag.List{diag.New(diag.DatabaseFailed, p.Config.Database.Span, "%s", err)}
		}
		return db, nil
	}}
	for _, r := range rules.All {
		if r.Plan != nil {
			o.Rules = append(o.Rules, r)
		}
	}
	return analyzer.Vet(context.Background(), p, o)
}

const withDatabase = "  database: {uri: x}\n"

// Rules on plans execute nothing that writes, whatever they are allowed: neither a statement that changes rows, nor a function that does.
func TestPlansChangeNothing(t *testing.T) {
	for _, s := range []*testkit.Server{testkit.PostgreSQL(t), testkit.MySQL(t), testkit.MariaDB(t), testkit.SQLite(t)} {
		t.Run(s.Engine, func(t *testing.T) {
			engine := map[string]string{"mariadb": "mysql"}[s.Engine]
			if engine == "" {
				engine = s.Engine
			}
			db := s.NewDatabase(t)
			schema := "CREATE TABLE author (id int PRIMARY KEY, name varchar(20) NOT NULL);\n"
			s.Exec(t, db, schema)
			conn := s.Open(t, db)
			for i := range 5 {
				var values []string
				for n := range 1000 {
					values = append(values, fmt.Sprintf("(%d, 'a')", i*1000+n))
				}
				if _, err := conn.Exec("INSERT INTO author VALUES " + strings.Join(values, ", ")); err != nil {
					t.Fatal(err)
				}
			}
			queries := "-- name: Add :exec\nINSERT INTO author (id, name) VALUES (20000, 'b');\n-- name: Change :exec\nUPDATE author SET name = 'c';\n-- name: Remove :exec\nDELETE FROM author WHERE name = 'a';\n"
			if engine == "postgresql" {
				schema += "CREATE SEQUENCE calls;\n"
				s.Exec(t, db, "CREATE SEQUENCE calls")
				queries += "-- name: Next :one\nSELECT nextval('calls');\n-- name: Within :many\nWITH gone AS (DELETE FROM author RETURNING id) SELECT id FROM gone;\n"
			}
			for _, d := range vetPlans(t, project(t, engine, withDatabase, "", schema, queries), s.URI(db), nil) {
				if d.Severity == diag.Error {
					t.Errorf("%s", d)
				}
			}
			var n int
			if err := conn.QueryRow("SELECT count(*) FROM author WHERE name = 'a'").Scan(&n); err != nil || n != 5000 {
				t.Errorf("%d rows are left, %v", n, err)
			}
			if engine == "postgresql" {
				var called bool
				if err := conn.QueryRow("SELECT is_called FROM calls").Scan(&called); err != nil || called {
					t.Errorf("a function that writes was called, %v", err)
				}
			}
		})
	}
}

// Of a database without rows no plan is judged, which is said once.
func TestEmptyDatabasesAreNotPlannedOn(t *testing.T) {
	for _, s := range []*testkit.Server{testkit.PostgreSQL(t), testkit.MySQL(t), testkit.SQLite(t)} {
		db := s.NewDatabase(t)
		s.Exec(t, db, author+"INSERT INTO author VALUES (1, 'a');")
		if s.Engine == "postgresql" {
			s.Exec(t, db, "ANALYZE")
		}
		file := project(t, s.Engine, withDatabase, "", strings.Replace(author, "TEXT", "VARCHAR(20)", 1), "-- name: A :many\nSELECT id FROM author WHERE name = 'x';\n-- name: B :many\nSELECT id FROM author WHERE name = 'y';\n")
		got := told(vetPlans(t, file, s.URI(db), nil))
		if want := "covetsql.yaml:6:13 plans-skipped plans are not judged: the database has nothing worth planning for, its largest table, author, has one row"; len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q", s.Engine, got)
		}
	}
}

// A database that a block names for other rules may be away: a note says that plans are not judged.
func TestADatabaseThatIsAwayIsANote(t *testing.T) {
	file := project(t, "postgresql", withDatabase, "", author, "-- name: A :many\nSELECT id FROM author;\n")
	got := vetPlans(t, file, "postgres://nobody:secret@127.0.0.1:1/none", nil)
	if len(got) != 1 || got[0].Code != diag.PlansSkipped || got[0].Severity != diag.Note || strings.Contains(got[0].Message, "secret") {
		t.Errorf("%q", told(got))
	}
}

func TestAPlanThatChangedIsFound(t *testing.T) {
	s := testkit.PostgreSQL(t)
	db := s.NewDatabase(t)
	schema := "CREATE TABLE author (id integer PRIMARY KEY, name text NOT NULL);\n"
	s.Exec(t, db, schema+"INSERT INTO author SELECT i, 'n' || i FROM generate_series(1, 20000) i; CREATE INDEX author_name ON author (name); ANALYZE")
	file := project(t, "postgresql", withDatabase, "", schema, "-- name: A :one\nSELECT id FROM author WHERE name = $1 AND id > $2 LIMIT 1;\n-- name: B :one\nSELECT name FROM author WHERE id = $1;\n")
	kept := filepath.Join(t.TempDir(), "plans.json")
	run := func() (diag.List, *analyzer.Shapes) {
		t.Helper()
		shapes, err := analyzer.ReadShapes(kept)
		if err != nil {
			t.Fatal(err)
		}
		var out diag.List
		for _, d := range vetPlans(t, file, s.URI(db), shapes) {
			if d.Code == diag.PlanChanged {
				out = append(out, d)
			}
		}
		return out, shapes
	}
	first, shapes := run()
	if err := shapes.Write(kept); err != nil || len(first) > 0 {
		t.Fatalf("%v %q", err, told(first))
	}
	text, _ := os.ReadFile(kept)
	if !strings.Contains(string(text), `index author by author_name"`) || strings.Contains(string(text), "rows") {
		t.Errorf("%s", text)
	}
	if again, _ := run(); len(again) > 0 {
		t.Errorf("%q", told(again))
	}
	s.Exec(t, db, "DROP INDEX author_name")
	got, _ := run()
	if want := `query.sql:1:10 plan-regression the plan of A is another than the one that was agreed to: it was "index author by author_name" and is "index author by author_pkey"`; len(got) != 1 || told(got)[0] != want {
		t.Errorf("%q", told(got))
	}
}
