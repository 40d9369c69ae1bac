package compiler_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/types"
	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/internal/truth"
)

var update = flag.Bool("update-truth", false, "write the answers of the hard cases")

func acceptanceFolder(t testing.TB, folder string) string {
	dir := os.Getenv("COVETSQL_ACCEPTANCE")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "acceptance")
	}
	dir = filepath.Join(dir, folder)
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the acceptance data is not beside the repository; set COVETSQL_ACCEPTANCE to its folder")
	}
	return dir
}

// tries is how often each query runs on rows; COVETSQL_TRUTH_TRIES sets another number.
func tries() int {
	if n, err := strconv.Atoi(os.Getenv("COVETSQL_TRUTH_TRIES")); err == nil {
		return n
	}
	return 2
}

// server gives an empty database of the engine that a package is for.
func server(t testing.TB, e catalog.Engine, mariadb bool) truth.Server {
	ctx := context.Background()
	switch e {
	case catalog.PostgreSQL:
		kit := testkit.PostgreSQL(t)
		s, closer, err := truth.PostgreSQL(ctx, kit.DSN(kit.NewDatabase(t)))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(closer)
		return s
	case catalog.MySQL:
		kit := testkit.MySQL
		if mariadb {
			kit = testkit.MariaDB
		}
		k := kit(t)
		conn, err := k.Open(t, k.NewDatabase(t)).Conn(ctx)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return truth.MySQL(conn, mariadb)
	}
	k := testkit.SQLite(t)
	conn, err := k.Open(t, k.NewDatabase(t)).Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return truth.SQLite(conn)
}

// holdPackage holds one package against a server: its schema, the description of each query,
// and each query's answers over no rows and over hostile ones.
func holdPackage(t *testing.T, s truth.Server, prog *compiler.Program, p *compiler.Package, n *tally) {
	ctx := context.Background()
	_, refused := truth.Apply(ctx, s, prog.Config.Dir, p.Config, p.Dialect)
	for _, r := range refused {
		t.Logf("schema: %s: %v: %.80s", r.File, r.Err, r.Text)
	}
	sem := p.Dialect.Semantics(p.Catalog)
	theirs, err := s.Relations(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range truth.CompareRelations(p.Catalog, theirs, sem) {
		if (f.Kind == truth.WrongRelation || f.Kind == truth.WrongShape) && len(refused) > 0 {
			continue // a refused statement would have made it
		}
		t.Errorf("schema: %s", f)
	}
	if err := s.Freeze(ctx, p.Catalog); err != nil {
		t.Logf("freeze: %v", err)
	}
	h := newHolding(s, p)
	h.partial = len(refused) > 0
	h.describe(t)
	h.run(t, truth.NoData(p.Catalog), 1)
	data, err := truth.Fill(ctx, s, p.Catalog, rand.New(rand.NewPCG(2, 1)))
	filled, all, _ := data.Count()
	t.Logf("%d of %d tables have rows; %v", filled, all, err)
	h.run(t, data, tries())
	h.persuade(t, data)
	n.add(h)
}

// holding is a package beside its database.
type holding struct {
	server    truth.Server
	pkg       *compiler.Package
	partial   bool // the server refused a part of the schema
	sem       dialect.Semantics
	described map[string]bool
	ran       map[string]bool
	answered  map[string]bool
	reported  map[string]bool
	fail      map[string]error
	seen      map[string]*truth.Seen
}

func newHolding(s truth.Server, p *compiler.Package) *holding {
	return &holding{server: s, pkg: p, sem: p.Dialect.Semantics(p.Catalog),
		described: map[string]bool{}, ran: map[string]bool{}, answered: map[string]bool{}, reported: map[string]bool{},
		fail: map[string]error{}, seen: map[string]*truth.Seen{}}
}

func (h *holding) report(t *testing.T, q *facts.Query, found ...truth.Finding) {
	for _, f := range found {
		if key := q.Name + string(f.Kind) + f.What; !h.reported[key] {
			h.reported[key] = true
			t.Errorf("%s: %s", q.Name, f)
		}
	}
}

// randomOf is a query's own chance: what a query is given depends on no other one.
func randomOf(q *facts.Query, seed uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, uint64(crc32.ChecksumIEEE([]byte(q.Name)))))
}

// describe lets the server describe each query.
func (h *holding) describe(t *testing.T) {
	for _, q := range h.pkg.Queries() {
		d, err := h.server.Describe(context.Background(), q)
		if err != nil {
			h.fail[q.Name] = err
			continue
		}
		h.described[q.Name] = true
		for _, f := range truth.Compare(q, d, h.sem) {
			if len(d.Columns) > 0 || f.What != "columns" || h.pkg.Config.Engine == catalog.PostgreSQL {
				h.report(t, q, f)
			}
		}
	}
}

// run runs each query that the server took, with arguments of the data's and hostile ones.
func (h *holding) run(t *testing.T, data *truth.Data, tries int) {
	ctx := context.Background()
	for _, q := range h.pkg.Queries() {
		if !h.described[q.Name] {
			continue
		}
		if h.pkg.Config.Engine == catalog.PostgreSQL {
			if _, err := h.server.Describe(ctx, q); err != nil {
				t.Errorf("%s: %v", q.Name, err)
				continue
			}
		}
		if h.seen[q.Name] == nil {
			h.seen[q.Name] = &truth.Seen{}
		}
		random := randomOf(q, 1)
		for try := range tries {
			a, err := h.server.Run(ctx, q, data.Arguments(q, try, random))
			if err != nil {
				if f, ok := truth.CheckError(q, err); ok {
					h.report(t, q, f)
				}
				h.fail[q.Name] = err
				if len(q.Params) == 0 {
					break // it fails again, perhaps by taking too long
				}
				continue
			}
			h.take(t, q, a)
		}
	}
}

// take holds one answer against what we say of the query.
func (h *holding) take(t *testing.T, q *facts.Query, a *truth.Answer) {
	h.ran[q.Name] = true
	h.seen[q.Name].Add(a)
	if len(a.Rows) > 0 {
		h.answered[q.Name] = true
	}
	h.report(t, q, truth.CheckRows(q, a)...)
	if h.pkg.Config.Engine != catalog.PostgreSQL {
		h.report(t, q, truth.CompareColumns(q, a, h.sem)...)
	}
}

// persuade tries the queries that were described and did not run with arguments made for them.
func (h *holding) persuade(t *testing.T, data *truth.Data) {
	const tries = 48
	for _, q := range h.pkg.Queries() {
		if !h.described[q.Name] || h.ran[q.Name] {
			continue
		}
		p := data.Persuade(q, randomOf(q, 3))
		for range tries {
			attempt := p.Next()
			a, err := h.server.Try(context.Background(), q, attempt)
			if err == nil {
				h.take(t, q, a)
				break
			}
			if f, ok := truth.CheckError(q, err); ok {
				h.report(t, q, f)
			}
			h.fail[q.Name] = err
			p.Learn(attempt, err)
		}
	}
}

// The cases are of our own; what they answer is in answers.txt beside them. A column there
// has ? where it may be NULL and ! behind that where no rows of ours showed one.
func TestTruthOfHardCases(t *testing.T) {
	for _, c := range []struct {
		folder  string
		engine  catalog.Engine
		mariadb bool
	}{
		{"postgresql", catalog.PostgreSQL, false},
		{"mysql", catalog.MySQL, false},
		{"mysql", catalog.MySQL, true},
		{"sqlite", catalog.SQLite, false},
	} {
		name := c.folder
		if c.mariadb {
			name = "mariadb"
		}
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join("..", "internal", "truth", "testdata", c.folder)
			if _, err := os.Stat(filepath.Join(dir, "queries.sql")); err != nil {
				t.Skip("no cases")
			}
			cfg := &config.Config{Dir: dir, Strict: true, Packages: []config.Package{{
				Engine: c.engine, Schema: []string{"schema.sql"}, Queries: []string{"queries.sql"},
			}}}
			prog := compiler.Compile(cfg, compiler.Options{})
			for _, d := range prog.Diagnostics {
				t.Error(d)
			}
			p := prog.Packages[0]
			s := server(t, c.engine, c.mariadb)
			ctx := context.Background()
			_, refused := truth.Apply(ctx, s, dir, p.Config, p.Dialect)
			for _, r := range refused {
				t.Errorf("schema: %v: %s", r.Err, r.Text)
			}
			h := newHolding(s, p)
			theirs, err := s.Relations(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range truth.CompareRelations(p.Catalog, theirs, h.sem) {
				t.Errorf("schema: %s", f)
			}
			h.describe(t)
			for query, why := range h.fail {
				if c.mariadb && absent[query] != "" {
					t.Logf("%s: %s", query, absent[query])
					h.ran[query] = true
					continue
				}
				t.Errorf("not described: %s: %v", query, why)
			}
			if c.engine == catalog.SQLite { // rows that break foreign keys, which nobody checks
				if err := s.Freeze(ctx, p.Catalog); err != nil {
					t.Fatal(err)
				}
			}
			h.run(t, truth.NoData(p.Catalog), 2)
			rows, err := os.ReadFile(filepath.Join(dir, "rows.sql"))
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Exec(ctx, string(rows)); err != nil {
				t.Fatal(err)
			}
			h.run(t, truth.NoData(p.Catalog), 6)
			data, err := truth.Fill(ctx, s, p.Catalog, rand.New(rand.NewPCG(1, 1)))
			t.Logf("fill: %v", err)
			h.run(t, data, 10)
			var out strings.Builder
			for _, q := range p.Queries() {
				if h.ran[q.Name] && h.fail[q.Name] != nil {
					t.Logf("%s did not always run: %v", q.Name, h.fail[q.Name])
				}
				if !h.ran[q.Name] {
					t.Errorf("did not run: %s: %v", q.Name, h.fail[q.Name])
				}
				fmt.Fprintf(&out, "%s\n", answer(q, h.seen[q.Name]))
			}
			if c.mariadb {
				return
			}
			golden := filepath.Join(dir, "answers.txt")
			if *update {
				if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, _ := os.ReadFile(golden)
			wantLines, gotLines := strings.Split(string(want), "\n"), strings.Split(out.String(), "\n")
			for i, line := range gotLines {
				// Whether the rows showed a NULL hangs on the rows, which any new table changes.
				if i >= len(wantLines) || strings.ReplaceAll(line, "?!", "?") != strings.ReplaceAll(wantLines[i], "?!", "?") {
					t.Errorf("answers.txt:%d: %s", i+1, line)
				}
			}
		})
	}
}

// The accuracy cases bring their rows with them.
func TestTruthOfAccuracyCases(t *testing.T) {
	root := acceptanceFolder(t, "accuracy")
	files, _ := filepath.Glob(filepath.Join(root, "*", "expect.json"))
	ctx := context.Background()
	var pg truth.Server // one database for all: making one takes longer than a case
	for _, file := range files {
		var want struct {
			Engine catalog.Engine `json:"engine"`
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		if want.Engine == catalog.PostgreSQL && pg == nil {
			pg = server(t, want.Engine, false)
		}
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			cfg := &config.Config{Dir: dir, Strict: true, Packages: []config.Package{{
				Engine: want.Engine, Schema: []string{"schema.sql"}, Queries: []string{"query.sql"},
			}}}
			n := &tally{}
			prog := compiler.Compile(cfg, compiler.Options{})
			for _, d := range prog.Diagnostics {
				t.Error(d)
			}
			s := pg
			if want.Engine != catalog.PostgreSQL {
				s = server(t, want.Engine, false)
			} else if err := s.Exec(ctx, "DROP SCHEMA public CASCADE; CREATE SCHEMA public"); err != nil {
				t.Fatal(err)
			}
			holdPackage(t, s, prog, prog.Packages[0], n)
			for _, f := range n.failed {
				t.Errorf("did not run: %s: %v", f.query, f.err)
			}
		})
	}
}

// absent are cases that MariaDB does not know.
var absent = map[string]string{
	"LagDefault": "LAG has no default",
	"Casts":      "there is no cast to JSON",
}

// answer writes what we say of a query and what the rows showed.
func answer(q *facts.Query, seen *truth.Seen) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (", q.Name)
	for i, p := range q.Params {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s %s", p.Name, p.Type)
		if p.Nullable {
			b.WriteString("?")
		}
	}
	fmt.Fprintf(&b, ") %s %d..%d", q.Kind, q.Rows.Min, q.Rows.Max)
	for i, c := range q.Columns {
		fmt.Fprintf(&b, " | %s %s", strings.Join(strings.Fields(c.Name), " "), c.Type)
		switch {
		case c.Null.Null == types.Always:
			b.WriteString("??")
		case !c.Null.IsNever():
			b.WriteString("?")
			if seen != nil && (i >= len(seen.Null) || !seen.Null[i]) {
				b.WriteString("!")
			}
		}
	}
	return b.String()
}
