package hazard_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect/postgres"
	introspect "github.com/covetsql/covetsql/compiler/introspect/postgres"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/migrate/hazard/ask"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
	hazardpostgres "github.com/covetsql/covetsql/migrate/hazard/postgres"
	"github.com/jackc/pgx/v5"
)

var lower = strings.ToLower

// announced is what is said of a statement, in the words in which it was measured.
type announced struct {
	locks   map[string]string
	work    []string
	refused bool
	alone   bool
}

func split(t testing.TB, text string) []*token.Statement {
	t.Helper()
	statements, diags := token.Split(source.NewFile("statement.sql", text), token.PostgreSQL, token.Schema)
	if diags.HasErrors() {
		t.Fatalf("%s: %v", text, diags)
	}
	return statements
}

// scene is the last statement of a text, behind those that set the session.
func scene(t testing.TB, text string, s *catalog.Snapshot) (effect.Scene, []string) {
	t.Helper()
	statements := split(t, text)
	out := effect.Scene{Schema: s, TimeZone: "UTC"}
	var before []string
	for i, st := range statements {
		if i < len(statements)-1 {
			before = append(before, st.Text)
			if strings.HasPrefix(lower(st.Text), "set timezone=") {
				out.TimeZone = strings.Trim(strings.TrimPrefix(lower(st.Text), "set timezone="), "'")
			}
		}
		out.Statement = st
	}
	tree, diags := postgres.New().Parse(out.Statement)
	if tree == nil {
		t.Fatalf("%s: %v", text, diags)
	}
	out.Tree = tree
	return out, before
}

func announce(e effect.Effect) announced {
	out := announced{locks: map[string]string{}, refused: e.Refused != "", alone: e.Alone}
	for _, l := range e.Locks {
		if !l.Gone {
			out.locks[l.Table.String()] = l.Mode.ServerName()
		}
	}
	out.work = ask.Told(e.Work)
	return out
}

func snapshotOf(t testing.TB, uri string) *catalog.Snapshot {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, uri)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	s, err := introspect.ReadConn(ctx, conn)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func scratch(t testing.TB) (*ask.Postgres, *catalog.Snapshot) {
	t.Helper()
	server := testkit.PostgreSQL(t)
	db := server.NewDatabase(t)
	schema, err := os.ReadFile(filepath.Join("testdata", "postgres.sql"))
	if err != nil {
		t.Fatal(err)
	}
	server.Exec(t, db, string(schema))
	ctx := context.Background()
	p, err := ask.ConnectPostgres(ctx, server.URI(db), 20*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close(ctx) })
	return p, snapshotOf(t, server.URI(db))
}

// TestMeasuredLocks holds what is announced of each statement against what was measured on PostgreSQL 15, and against the server of
// the test.
func TestMeasuredLocks(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "acceptance", "migrate", "pg15-locks.json"))
	if err != nil {
		t.Skipf("the measured statements are not here: %v", err)
	}
	var measured []struct {
		Stmt         string
		Locks        map[string]string
		Debug, Error []string
	}
	if err := json.Unmarshal(text, &measured); err != nil {
		t.Fatal(err)
	}
	server, s := scratch(t)
	agree := 0
	for _, m := range measured {
		sc, before := scene(t, m.Stmt, s)
		e := hazardpostgres.Of(sc)
		got := announce(e)
		failsOnRows := e.FailsOnRows != ""
		ok := true
		wrong := func(format string, args ...any) {
			ok = false
			t.Errorf("%s: %s", m.Stmt, fmt.Sprintf(format, args...))
		}
		work := ask.Told(public(ask.Worked(m.Debug)))
		if len(m.Error) > 0 {
			if !got.refused && !failsOnRows {
				wrong("measured %v, announced nothing of it", m.Error)
			}
		} else {
			if got.refused {
				wrong("announced as refused: %s", e.Refused)
			}
			want := renamed(m.Stmt, m.Locks)
			for _, l := range e.Locks { // of what the statement makes itself, for which nobody waits, some are in the file
				if _, listed := want[l.Table.String()]; l.New && !listed {
					delete(got.locks, l.Table.String())
				}
			}
			if !equal(got.locks, want) {
				wrong("locks %v, measured %v", got.locks, want)
			}
		}
		if !got.refused && !slices.Equal(got.work, work) {
			wrong("work %q, measured %q", got.work, work)
		}
		a, err := server.Ask(context.Background(), before, sc.Statement.Text)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range ask.Differences(e, a) {
			wrong("the server: %s", d)
		}
		if ok {
			agree++
		}
	}
	t.Logf("%d of %d statements agree", agree, len(measured))
}

func public(work []effect.Work) []effect.Work {
	for i := range work {
		work[i].Table.Schema = "public"
	}
	return work
}

// renamed are measured locks by the names from before the statement.
func renamed(statement string, locks map[string]string) map[string]string {
	out := map[string]string{}
	for name, mode := range locks {
		if old, ok := strings.CutSuffix(statement, " rename to "+name); ok && strings.HasPrefix(old, "alter table ") {
			name = strings.TrimPrefix(old, "alter table ")
		}
		out[name] = mode
	}
	return out
}

func equal(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return true
}
