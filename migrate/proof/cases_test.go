package proof_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/dialect/mysql"
	"github.com/covetsql/covetsql/compiler/dialect/postgres"
	"github.com/covetsql/covetsql/compiler/dialect/sqlite"
	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/migrate/diff"
	"github.com/covetsql/covetsql/migrate/plan"
	"github.com/covetsql/covetsql/migrate/proof"
	"github.com/covetsql/covetsql/migrate/proof/fingerprint"
)

var (
	casesFile = flag.String("cases", filepath.Join("..", "..", "..", "shared", "acceptance", "migrate", "cases.json"), "the pairs of schemas")
	online    = flag.Bool("online", false, "plan by forms that hold no strong lock for long")
	every     = flag.Int("every", 4, "of PostgreSQL's pairs, which take minutes, try one of so many; 1 tries all")
	bothForms = flag.Bool("both", os.Getenv("CI") == "true", "plan each way in the other form")
)

// pair is a schema before and after a change, from the test suites of other tools.
type pair struct {
	Engine, Suite, Name, Current, Desired string
}

// floors are the shares that have to hold, by server.
var floors = map[string]float64{"postgresql": 0.97, "mysql": 0.95, "mariadb": 0.95, "sqlite": 1}

var dialects = map[string]dialect.Dialect{"postgresql": postgres.New(), "mysql": mysql.New(), "mariadb": mysql.New(), "sqlite": sqlite.New()}

// TestCases holds the property of migrations over pairs of schemas: the current one with rows, migrated by covetsql's plan, is the
// desired one, rows are kept, a second diff finds nothing, and the plan back gives the current one again; and the same from the desired one.
func TestCases(t *testing.T) {
	text, err := os.ReadFile(*casesFile)
	if err != nil {
		t.Skipf("the pairs of schemas are not here: %v", err)
	}
	var pairs []pair
	if err := json.Unmarshal(text, &pairs); err != nil {
		t.Fatal(err)
	}
	for server, d := range dialects {
		t.Run(server, func(t *testing.T) {
			s := scratch(t, server, d)
			tally := &tally{}
			t.Run("pairs", func(t *testing.T) {
				slots := make(chan struct{}, 3)
				for i, p := range pairs {
					if p.Engine != string(d.Engine()) || server == "postgresql" && i%*every != 0 {
						continue
					}
					t.Run(fmt.Sprintf("%03d_%s_%s", i, p.Suite, p.Name), func(t *testing.T) {
						t.Parallel()
						slots <- struct{}{}
						defer func() { <-slots }()
						tally.add(judge(t, s, p))
					})
				}
			})
			tally.report(t, floors[server])
		})
	}
}

func scratch(t *testing.T, server string, d dialect.Dialect) proof.Scratch {
	t.Helper()
	start := map[string]func(testing.TB) *testkit.Server{"postgresql": testkit.PostgreSQL, "mysql": testkit.MySQL, "mariadb": testkit.MariaDB}[server]
	if start == nil {
		return proof.Scratch{Dialect: d}
	}
	s := start(t)
	return proof.Scratch{Dialect: d, Server: s.URI(s.NewDatabase(t))}
}

// verdict is what became of a pair.
type verdict int

const (
	holds    verdict = iota
	invalid          // the server refuses one of the two schemas
	told             // a difference is left, and the plan says so or fails
	silent           // a difference is left, and nobody says so
	dataLost         // rows are gone
)

var verdicts = []string{"hold", "are refused by the server", "fail loudly", "are silently wrong", "lose rows"}

type tally struct {
	sync.Mutex
	count [5]int
}

func (a *tally) add(v verdict) {
	a.Lock()
	defer a.Unlock()
	a.count[v]++
}

func (a *tally) report(t *testing.T, floor float64) {
	valid := a.count[holds] + a.count[told] + a.count[silent] + a.count[dataLost]
	if valid == 0 {
		return
	}
	var b strings.Builder
	for v, n := range a.count {
		fmt.Fprintf(&b, "%d %s; ", n, verdicts[v])
	}
	share := float64(a.count[holds]) / float64(valid)
	t.Logf("%s%.1f %% of %d hold", b.String(), 100*share, valid)
	if valid >= 20 && share < floor {
		t.Errorf("%.1f %% hold, it shall be %.0f %%", 100*share, 100*floor)
	}
	if a.count[silent] > 0 || a.count[dataLost] > 0 {
		t.Errorf("%d pairs end in a difference that nobody tells of, %d lose rows", a.count[silent], a.count[dataLost])
	}
}

// judge tries a pair in both directions. What does not hold is logged; the shares decide.
func judge(t *testing.T, s proof.Scratch, p pair) verdict {
	ctx := context.Background()
	a, errA := build(ctx, s, unqualified(p.Current))
	b, errB := build(ctx, s, unqualified(p.Desired))
	for _, d := range []*side{a, b} {
		if d != nil {
			defer d.Close()
		}
	}
	if errA != nil || errB != nil {
		t.Logf("not valid here: %v %v", errA, errB)
		return invalid
	}
	return max(way(t, "forward", a, b), way(t, "backward", b, a))
}

// unqualified takes away the name of the database that a suite of MySQL runs its pairs on; here each has one of its own.
func unqualified(schema string) string { return strings.ReplaceAll(schema, "mysqldef_test.", "") }

// side is a database of one of the two schemas, as it was when nothing had been changed.
type side struct {
	*proof.Database
	snapshot *catalog.Snapshot
	print    fingerprint.Print
}

func build(ctx context.Context, s proof.Scratch, schema string) (*side, error) {
	statements, err := s.Split("schema.sql", schema)
	if err != nil {
		return nil, err
	}
	d, err := s.New(ctx, statements)
	if err != nil {
		return nil, err
	}
	out := &side{Database: d}
	if out.snapshot, err = d.Snapshot(ctx); err == nil {
		out.print, err = d.Print(ctx)
	}
	return out, err
}

// way migrates one database to the schema of the other and back.
func way(t *testing.T, name string, from, to *side) verdict {
	ctx := context.Background()
	up, err := diff.Diff(from.snapshot, to.snapshot, options(from.Dialect, *online))
	if err != nil {
		t.Logf("%s: no plan: %v", name, err)
		return told
	}
	down, err := diff.Diff(to.snapshot, from.snapshot, options(from.Dialect, *online != *bothForms))
	if err != nil {
		t.Logf("%s: no plan back: %v", name, err)
		return told
	}
	r, err := from.Prove(ctx, proof.Wanted{Snapshot: to.snapshot, Print: to.print}, up, down)
	if err != nil {
		t.Logf("%s: %v", name, err)
		return told
	}
	if len(r.Bare) > 0 {
		t.Logf("%s: no rows in %s", name, strings.Join(r.Bare, ", "))
	}
	v := holds
	switch unmanaged := len(up.Unmanaged) + len(down.Unmanaged); {
	case len(r.Lost) > 0:
		v = dataLost
	case r.Failed == nil && len(r.Different)+len(r.Behind) > 0 && unmanaged == 0:
		v = silent
	case r.Failed != nil || unmanaged > 0:
		v = told
	case len(r.Different) == 0:
		v = again(t, name, from.Dialect, r.Migrated, to.snapshot)
	}
	if v != holds {
		t.Logf("%s %s:\n%v", name, verdicts[v], r)
		for _, u := range slices.Concat(up.Unmanaged, down.Unmanaged) {
			t.Logf("unmanaged: %v: %s", u.Object, u.Why)
		}
		t.Logf("the plan up:\n%s\nthe plan down:\n%s", script(up), script(down))
	}
	return v
}

// again diffs what was migrated with what was wanted: nothing may be left to do.
func again(t *testing.T, name string, d dialect.Dialect, is, want *catalog.Snapshot) verdict {
	p, err := diff.Diff(is, want, options(d, false))
	if err != nil || len(p.Steps)+len(p.Unmanaged) > 0 {
		t.Logf("%s: a second diff finds more to do: %v\n%s", name, err, script(p))
		return told
	}
	return holds
}

func options(d dialect.Dialect, online bool) plan.Options {
	return plan.Options{Quote: d.Quote, Online: online, Backfill: suggested}
}

// suggested answers every question by what covetsql suggests.
func suggested(_, _, _, suggested string) string { return suggested }

func script(p plan.Plan) string {
	var b strings.Builder
	for _, s := range p.Steps {
		b.WriteString(s.SQL + ";\n")
	}
	return b.String()
}
