package sem_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/internal/truth"
)

// kits start the servers that a dialect is for.
var kits = map[catalog.Engine][]struct {
	name catalog.Engine
	kit  func(testing.TB) *testkit.Server
}{
	catalog.PostgreSQL: {{catalog.PostgreSQL, testkit.PostgreSQL}},
	catalog.MySQL:      {{catalog.MySQL, testkit.MySQL}, {mariaDB, testkit.MariaDB}},
	catalog.SQLite:     {{catalog.SQLite, testkit.SQLite}},
}

// home is the test that the pages' databases go with. PostgreSQL takes its time to make a
// database, so that all pages share one there, each with a schema of its own.
type home struct {
	*testing.T
	once   sync.Once
	shared string
	pages  atomic.Int32
}

func (h *home) server(t *testing.T, name catalog.Engine, kit *testkit.Server) truth.Server {
	ctx := context.Background()
	if name == catalog.PostgreSQL {
		h.once.Do(func() { h.shared = kit.NewDatabase(h.T) })
		s, closer, err := truth.PostgreSQL(ctx, kit.DSN(h.shared))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(closer)
		own := fmt.Sprintf("page%d", h.pages.Add(1))
		if err := s.Exec(ctx, "CREATE SCHEMA "+own+"; SET search_path = "+own); err != nil {
			t.Fatal(err)
		}
		return s
	}
	conn, err := kit.Open(t, kit.NewDatabase(t)).Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if name == catalog.SQLite {
		return truth.SQLite(conn)
	}
	return truth.MySQL(conn, name == mariaDB)
}

// sight is what the rows showed: which columns were NULL, how many rows there were at most.
type sight struct {
	truth.Seen
	rows int64
}

// witness runs a page on the servers: over no rows, then over the page's. Descriptions and
// rows must be as is said, each column that may be NULL must show one, and no question may
// go without a row, unless it can not give any.
func (p *page) witness(t *testing.T, h *home, all []answers) {
	for _, e := range dialects {
		asked := false
		for _, a := range all {
			asked = asked || a[e] != nil
		}
		if !asked {
			continue
		}
		seen := make([]sight, len(all))
		whole := true
		for _, k := range kits[e] {
			whole = t.Run(string(k.name), func(t *testing.T) {
				s := h.server(t, k.name, k.kit(t))
				ctx := context.Background()
				if schema := p.schema[k.name]; schema != "" {
					if err := s.Exec(ctx, schema); err != nil {
						t.Fatalf("%s: the schema: %v", p.file, err)
					}
				}
				p.hold(t, s, k.name, e, all, seen, false)
				if rows := p.rows[k.name]; rows != "" {
					if err := s.Exec(ctx, rows); err != nil {
						t.Fatalf("%s: the rows: %v", p.file, err)
					}
				}
				p.hold(t, s, k.name, e, all, seen, true)
				whole = !t.Failed()
			}) && whole
		}
		if !whole {
			continue
		}
		for i, q := range p.questions {
			if a := all[i][e]; a != nil && a.refused == "" {
				p.shown(t, q, e, a, &seen[i])
			}
		}
	}
}

// hold describes and runs each question; filled tells that the page's rows are there.
func (p *page) hold(t *testing.T, s truth.Server, name, e catalog.Engine, all []answers, seen []sight, filled bool) {
	ctx := context.Background()
	for i, q := range p.questions {
		a := all[i][e]
		if a == nil || name == mariaDB && q.marked(markNot, called[name], "") {
			continue
		}
		if a.refused != "" || name == mariaDB && q.hasMark(markRefused) && q.marked(markRefused, called[name], "") {
			if err := s.Exec(ctx, strings.NewReplacer("sqlc.arg", "", "sqlc.narg", "").Replace(q.query[e])); err == nil && filled {
				t.Errorf("%s: %s does not refuse it", p.at(q), called[name])
			}
			continue
		}
		d, err := s.Describe(ctx, a.Query)
		if err != nil {
			t.Errorf("%s: %s: %v", p.at(q), called[name], err)
			continue
		}
		for _, f := range truth.Compare(a.Query, d, a.hooks) {
			if len(d.Columns) > 0 || f.What != "columns" || e == catalog.PostgreSQL {
				t.Errorf("%s: %s: %s", p.at(q), called[name], f)
			}
		}
		for _, values := range q.runs {
			args, err := arguments(a.Query, values)
			if err != nil {
				t.Errorf("%s: %v", p.at(q), err)
				break
			}
			answer, err := s.Run(ctx, a.Query, args)
			if err != nil {
				if f, writes := truth.CheckError(a.Query, err); writes {
					t.Errorf("%s: %s: %s", p.at(q), called[name], f)
				} else if filled {
					t.Errorf("%s: %s: %v", p.at(q), called[name], err)
				}
				continue
			}
			seen[i].Add(answer)
			seen[i].rows = max(seen[i].rows, int64(len(answer.Rows)))
			found := truth.CheckRows(a.Query, answer)
			if e != catalog.PostgreSQL {
				found = append(found, truth.CompareColumns(a.Query, answer, a.hooks)...)
			}
			for _, f := range found {
				t.Errorf("%s: %s: %s", p.at(q), called[name], f)
			}
		}
	}
}

// arguments reads the values of a run: NULL, a list in brackets, or text; by name where there
// are several.
func arguments(q *facts.Query, values []string) ([]truth.Arg, error) {
	if len(values) != len(q.Params) {
		return nil, fmt.Errorf("%d values for %d arguments", len(values), len(q.Params))
	}
	out := make([]truth.Arg, len(values))
	for i, v := range values {
		if name, value, named := strings.Cut(v, " = "); named || len(values) > 1 {
			i = slices.IndexFunc(q.Params, func(p sem.Param) bool { return p.Name == name })
			if v = value; i < 0 {
				return nil, fmt.Errorf("no argument is called %q", name)
			}
		}
		list, isList := strings.CutPrefix(v, "[")
		if !isList {
			out[i].Value = element(v)
			continue
		}
		out[i].Slice = true
		for _, x := range strings.Fields(strings.TrimSuffix(list, "]")) {
			out[i].List = append(out[i].List, element(x))
		}
	}
	return out, nil
}

func element(v string) *string {
	if v == "NULL" {
		return nil
	}
	return &v
}

// shown holds what the rows showed against the marks.
func (p *page) shown(t *testing.T, q *question, e catalog.Engine, a *said, seen *sight) {
	if len(a.Columns) == 0 {
		return
	}
	bound, tighter := q.tighter(called[e])
	none := len(seen.Null) == 0
	switch {
	case tighter && a.Rows.Max >= 0 && a.Rows.Max <= bound:
		t.Errorf("%s: at most %d rows on %s: the mark is out of date", p.at(q), a.Rows.Max, called[e])
	case tighter && seen.rows > bound:
		t.Errorf("%s: %d rows on %s: the mark is wrong", p.at(q), seen.rows, called[e])
	case none && a.Rows.Max != 0 && !(tighter && bound == 0):
		t.Errorf("%s: no row was seen on %s", p.at(q), called[e])
	}
	if none {
		return
	}
	for i, c := range a.Columns {
		marked := q.marked(markClumsy, called[e], c.Name) || q.marked(markUnshown, called[e], c.Name)
		switch {
		case c.Null.IsNever() && marked:
			t.Errorf("%s: %s is never NULL on %s: the mark is out of date", p.at(q), c.Name, called[e])
		case !c.Null.IsNever() && seen.Null[i] && marked:
			t.Errorf("%s: %s is NULL in a row on %s: the mark is wrong", p.at(q), c.Name, called[e])
		case !c.Null.IsNever() && !seen.Null[i] && !marked:
			t.Errorf("%s: no row shows that %s may be NULL on %s (%s)", p.at(q), c.Name, called[e], c.Null.Reason.Text)
		}
	}
}
