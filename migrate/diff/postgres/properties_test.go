package postgres_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/covetsql/covetsql/compiler/catalog"
	introspect "github.com/covetsql/covetsql/compiler/introspect/postgres"
	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/migrate/diff/postgres"
	"github.com/covetsql/covetsql/migrate/plan"
	"github.com/covetsql/covetsql/migrate/proof/fingerprint"
)

var section = flag.String("section", "", "the only sections of testdata/properties.txt that are tried, by a part of their names")

// TestEveryPropertyOfTablesIsPlanned turns a schema into another that differs in each property of tables, columns, constraints, indexes,
// partitions and sequences, and back, by plain plans and by online ones. What the server then says of every object is the same.
func TestEveryPropertyOfTablesIsPlanned(t *testing.T) {
	data, err := os.ReadFile("testdata/properties.txt")
	if err != nil {
		t.Fatal(err)
	}
	var from, to strings.Builder
	for _, part := range strings.Split("\n"+string(data), "\n== ")[1:] {
		title, rest, _ := strings.Cut(part, "\n")
		a, b, ok := strings.Cut(rest, "\n--\n")
		if !ok {
			t.Fatalf("%s: there is no line --", title)
		}
		if strings.Contains(title, *section) {
			from.WriteString(a)
			to.WriteString(b)
		}
	}
	s := testkit.PostgreSQL(t)
	for _, c := range []struct {
		name         string
		online, back bool
	}{{"there plain, back online", false, true}, {"there online, back plain", true, false}} {
		t.Run(c.name, func(t *testing.T) {
			is, want := open(t, s, from.String()), open(t, s, to.String())
			old := read(t, is)
			before := values(t, is, old.snapshot)
			turn(t, is, old, read(t, want), c.online)
			turn(t, is, read(t, is), old, c.back)
			if after := values(t, is, old.snapshot); after != before {
				t.Errorf("there were values in\n%s\nand are in\n%s", before, after)
			}
		})
	}
}

// look is a database and what the server and introspection say of it.
type look struct {
	snapshot *catalog.Snapshot
	print    fingerprint.Print
}

func open(t *testing.T, s *testkit.Server, schema string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.URI(s.NewDatabase(t)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	if _, err := conn.Exec(t.Context(), schema); err != nil {
		var e *pgconn.PgError
		if errors.As(err, &e) && e.Position > 0 {
			t.Fatalf("%v, at %.200s", err, schema[e.Position-1:])
		}
		t.Fatal(err)
	}
	return conn
}

func read(t *testing.T, conn *pgx.Conn) look {
	t.Helper()
	snapshot, err := introspect.ReadConn(t.Context(), conn)
	if err != nil {
		t.Fatal(err)
	}
	print, err := fingerprint.PostgreSQL(t.Context(), conn)
	if err != nil {
		t.Fatal(err)
	}
	return look{snapshot, print}
}

// values tell of each table how many values its first column has: all that the schemas declare there and back keep.
func values(t *testing.T, conn *pgx.Conn, s *catalog.Snapshot) string {
	t.Helper()
	var b strings.Builder
	for _, sc := range s.Schemas {
		for _, table := range sc.Tables {
			if table.Kind != catalog.BaseTable || table.Postgres.Server != "" || table.Column("a", false) == nil {
				continue
			}
			var n int
			if err := conn.QueryRow(t.Context(), "SELECT count(a) FROM "+pgx.Identifier{sc.Name, table.Name}.Sanitize()).Scan(&n); err != nil {
				t.Fatal(err)
			}
			if n > 0 {
				fmt.Fprintf(&b, "%s %d\n", table.Name, n)
			}
		}
	}
	return b.String()
}

func turn(t *testing.T, conn *pgx.Conn, from, to look, online bool) {
	t.Helper()
	o := plan.Options{Online: online, Version: 150000, Backfill: func(_, _, _, suggested string) string { return suggested }}
	p, err := postgres.Diff(from.snapshot, to.snapshot, o)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, s := range p.Steps {
		text.WriteString(s.SQL + ";\n")
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the plan:\n%s", &text)
		}
	})
	for _, s := range p.Steps {
		if _, err := conn.Exec(t.Context(), s.SQL); err != nil {
			t.Fatalf("%v, at %s", err, s.SQL)
		}
	}
	for _, u := range p.Unmanaged {
		t.Errorf("unmanaged: %v: %s", u.Object, u.Why)
	}
	after := read(t, conn)
	for _, d := range fingerprint.Compare(after.print, to.print) {
		t.Errorf("%+v", d)
	}
	again, err := postgres.Diff(after.snapshot, to.snapshot, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range again.Steps {
		t.Errorf("a second plan has %s", s.SQL)
	}
}
