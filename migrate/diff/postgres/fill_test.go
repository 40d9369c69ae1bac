package postgres_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/migrate"
	"github.com/covetsql/covetsql/migrate/diff/postgres"
	"github.com/covetsql/covetsql/migrate/plan"
)

// draft is the plan between two schemas as a migration that runs statement by statement, and how many of its statements are batches.
func draft(t *testing.T, s *testkit.Server, is *pgx.Conn, to string, online bool, answer func(column, suggested string) string) (up string, batches int) {
	t.Helper()
	p, err := postgres.Diff(read(t, is).snapshot, read(t, open(t, s, to)).snapshot, plan.Options{Online: online, Version: 150000,
		Backfill: func(_, _, column, suggested string) string { return answer(column, suggested) }})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("-- covet:transaction none\n")
	for _, s := range p.Steps {
		if s.Batch {
			b.WriteString("-- covet:batch\n")
			batches++
		}
		b.WriteString(s.SQL + ";\n")
	}
	return b.String(), batches
}

// TestBackfillsGoOnWhereTheyWereInterrupted fills 50,000 rows in batches, is interrupted after the second, and goes on.
func TestBackfillsGoOnWhereTheyWereInterrupted(t *testing.T) {
	s := testkit.PostgreSQL(t)
	for _, c := range []struct {
		name, key, table, parts string
		batches                 int
		want                    string
	}{
		{"plain", ", UNIQUE (code)", "", "", 2, "50000 emails, 50000 codes, 50000 distinct"},
		{"partitioned", "", " PARTITION BY RANGE (id)", "CREATE TABLE u_1 PARTITION OF u FOR VALUES FROM (0) TO (30000); CREATE TABLE u_2 PARTITION OF u DEFAULT;", 4, "50000 emails, 50000 codes, 10001 distinct"},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := open(t, s, "CREATE TABLE u (id int PRIMARY KEY, name text, code int)"+c.table+";"+c.parts+
				"INSERT INTO u SELECT i, 'Name ' || i, CASE WHEN i % 5 = 0 THEN i END FROM generate_series(1, 50000) i")
			up, batches := draft(t, s, is, "CREATE TABLE u (id int PRIMARY KEY, name text, code int NOT NULL, email text NOT NULL"+c.key+")"+c.table+";"+c.parts, true, func(column, suggested string) string {
				if column == "email" {
					return "lower(name) || '@example.org'"
				}
				return suggested
			})
			if batches != c.batches {
				t.Errorf("%d batches in\n%s", batches, up)
			}
			db, err := sql.Open("pgx", is.Config().ConnString())
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var rounds []int64
			r := migrate.Runner{DB: db, Engine: migrate.PostgreSQL, FS: fstest.MapFS{"covet.sum": {}, "1_fill.up.sql": {Data: []byte(up)}}}
			r.OnEvent = func(e migrate.Event) {
				if e.Kind == migrate.BatchRound {
					if rounds = append(rounds, e.Rows); len(rounds) == 2 {
						cancel()
					}
				}
			}
			if _, err := r.Apply(ctx, migrate.ApplyOptions{}); err == nil {
				t.Fatalf("the run was not interrupted, in\n%s", up)
			}
			filled := func() string {
				var emails, codes, distinct int
				if err := is.QueryRow(t.Context(), "SELECT count(code), count(DISTINCT code) FROM u").Scan(&codes, &distinct); err != nil {
					t.Fatal(err)
				}
				// The column may not be there yet.
				_ = is.QueryRow(t.Context(), "SELECT count(*) FROM u WHERE email = lower(name) || '@example.org'").Scan(&emails)
				return fmt.Sprintf("%d emails, %d codes, %d distinct", emails, codes, distinct)
			}
			if now := filled(); now == c.want || now == "0 emails, 10000 codes, 10000 distinct" {
				t.Errorf("after two rounds of %v there are %s", rounds, now)
			}
			r.OnEvent = nil
			if _, err := r.Apply(t.Context(), migrate.ApplyOptions{}); err != nil {
				t.Fatalf("%v, in\n%s", err, up)
			}
			if now := filled(); now != c.want {
				t.Errorf("in the end there are %s", now)
			}
		})
	}
}

// TestBackfillsEndWhereATriggerPutsNullBack: the rows stay without a value, and NOT NULL refuses them.
func TestBackfillsEndWhereATriggerPutsNullBack(t *testing.T) {
	s := testkit.PostgreSQL(t)
	const to = "CREATE TABLE u (id int PRIMARY KEY, a int NOT NULL);"
	for timing, batches := range map[string]int{"BEFORE": 1, "AFTER": 0} {
		t.Run(timing, func(t *testing.T) {
			const function = `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
				IF TG_WHEN = 'AFTER' THEN
					IF NEW.a IS NOT NULL THEN UPDATE u SET a = NULL WHERE id = NEW.id; END IF;
				ELSIF NEW.id % 2 = 0 THEN NEW.a = NULL;
				END IF;
				RETURN NEW;
			END $$;`
			trigger := "CREATE TRIGGER g " + timing + " UPDATE ON u FOR EACH ROW EXECUTE FUNCTION f();"
			is := open(t, s, "CREATE TABLE u (id int PRIMARY KEY, a int);"+function+trigger+"INSERT INTO u SELECT i FROM generate_series(1, 500) i")
			up, n := draft(t, s, is, to+function+trigger, true, func(_, suggested string) string { return suggested })
			if n != batches {
				t.Errorf("%d batches in\n%s", n, up)
			}
			db, err := sql.Open("pgx", is.Config().ConnString())
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			r := migrate.Runner{DB: db, Engine: migrate.PostgreSQL, FS: fstest.MapFS{"covet.sum": {}, "1_fill.up.sql": {Data: []byte(up)}}}
			if _, err := r.Apply(t.Context(), migrate.ApplyOptions{}); err == nil || !strings.Contains(err.Error(), "violated by some row") {
				t.Errorf("%v, in\n%s", err, up)
			}
		})
	}
}
