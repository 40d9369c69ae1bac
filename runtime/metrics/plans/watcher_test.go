package plans_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/metrics/plans"
	"github.com/covetsql/covetsql/runtime/plan"
)

func itoa(i int) string { return strconv.Itoa(i) }

var titles = plan.New(plan.Query{Name: "Titles", Package: "books", SQL: byAuthor})

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestAPlanThatChangesOnAServerIsToldOf(t *testing.T) {
	s := testkit.SQLite(t)
	db := s.Open(t, s.NewDatabase(t))
	exec := func(text string) {
		if _, err := db.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	exec("CREATE TABLE book (id int PRIMARY KEY, author int, title text)")
	var log bytes.Buffer
	var told []plans.Change
	opts := plans.Options{Engine: "sqlite", Explain: explain("sqlite", db), Logger: slog.New(slog.NewTextHandler(&log, nil)), Changed: func(c plans.Change) { told = append(told, c) }}
	w := plans.New(opts)
	look := func(want bool) plans.Change {
		t.Helper()
		c, changed, err := w.Look(t.Context(), titles)
		if err != nil || changed != want {
			t.Fatalf("changed: %v, %v", changed, err)
		}
		return c
	}
	if _, ok := w.Shape(titles); ok {
		t.Error("a shape before the first look")
	}
	look(false)
	look(false)
	exec("CREATE INDEX book_author ON book (author)")
	if c := look(true); c.SeenBefore || !strings.Contains(string(c.Before), "SCAN book") || !strings.Contains(string(c.Now), "book_author") || c.Query != titles {
		t.Errorf("%+v", c)
	}
	look(false)

	var file bytes.Buffer // over a restart
	if err := w.Write(&file); err != nil {
		t.Fatal(err)
	}
	w = plans.New(opts)
	if err := w.Read(bytes.NewReader(file.Bytes())); err != nil {
		t.Fatal(err)
	}
	look(false)
	exec("DROP INDEX book_author")
	if c := look(true); !c.SeenBefore {
		t.Errorf("%+v", c)
	}
	if n := strings.Count(log.String(), "the plan of a query changed"); n != 1 || len(told) != 2 {
		t.Errorf("%d lines, %d changes told: %s", n, len(told), log.String())
	}
	for _, wrong := range []string{"", "{}", `{"version":1,"engine":"mysql"}`, `{"version":1,"engine":"sqlite","queries":{"a":{"shapes":[]}}}`} {
		if err := w.Read(strings.NewReader(wrong)); err == nil {
			t.Errorf("%s was read", wrong)
		}
	}
	if s, ok := w.Shape(titles); !ok || !strings.Contains(string(s), "SCAN book") {
		t.Error("what was remembered is gone after wrong files")
	}
}

func TestRunLooksAtWhatTakesMostTime(t *testing.T) {
	r := metrics.New(metrics.Options{})
	var queries []*plan.Query
	for i := range 5 {
		q := plan.New(plan.Query{Name: fmt.Sprintf("Run%d", i), SQL: "SELECT 1"})
		r.Done(q, time.Duration(i+1)*time.Second, 1, fault.None)
		queries = append(queries, q)
	}
	r.Done(plan.New(plan.Query{Name: "Built"}), time.Hour, 1, fault.None)
	r.Done(plan.New(plan.Query{Name: "Vacuum", SQL: "VACUUM", Kind: plan.Utility}), time.Hour, 1, fault.None)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var mu sync.Mutex
	asked := map[*plan.Query]int{}
	w := plans.New(plans.Options{Engine: "sqlite", Logger: quiet(), Explain: func(_ context.Context, q *plan.Query) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		if asked[q]++; asked[queries[2]] == 3 {
			cancel()
		}
		if q == queries[4] {
			return "", errors.New("not now")
		}
		return `[{"id":1,"parent":0,"detail":"SCAN x"}]`, nil
	}})
	if err := w.Run(ctx, r, time.Millisecond, 3); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if len(asked) != 3 || asked[queries[4]] < 3 || asked[queries[3]] < 3 {
		t.Errorf("%v", asked)
	}
}

func TestWhatIsNoPlanIsNotRead(t *testing.T) {
	deep := strings.Repeat(`{"Node Type":"Limit","Plans":[`, 600) + strings.Repeat(`]}`, 600)
	for _, c := range []struct{ engine, text string }{
		{"oracle", "{}"}, {"postgresql", ""}, {"postgresql", "{}"}, {"postgresql", "[]"}, {"postgresql", `[{"Plan":{}}]`}, {"postgresql", `{"Plan":{"Node Type":"Limit","Plans":[1]}}`},
		{"postgresql", `[{"Plan":` + deep + `}]`}, {"mysql", "{}"}, {"mysql", `{"query_plan": {"operation": "<not executable by iterator executor>"}}`}, {"mariadb", "[1]"}, {"mysql", `{"query_block":` + strings.Repeat(`{"a":`, 600) + "1" + strings.Repeat("}", 600) + "}"},
		{"sqlite", "{}"}, {"sqlite", `[{"id":1,"parent":1,"detail":"a"}]`}, {"sqlite", `[{"id":1,"parent":0},{"id":1,"parent":0}]`}, {"sqlite", `[{"id":0,"parent":0}]`},
	} {
		if s, err := plans.Of(c.engine, c.text); err == nil {
			t.Errorf("%s: %.60s was read as %s", c.engine, c.text, s)
		}
	}
	w := plans.New(plans.Options{Engine: "sqlite", Logger: quiet(), Explain: func(context.Context, *plan.Query) (string, error) { return "", io.ErrUnexpectedEOF }})
	if _, _, err := w.Look(t.Context(), titles); !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "books.Titles") {
		t.Error(err)
	}
}

func FuzzOf(f *testing.F) {
	for _, s := range []string{`[{"Plan":{"Node Type":"Append","Plans":[{"Node Type":"Seq Scan","Alias":"a_1","Relation Name":"b"}]}}]`,
		`{"query_block":{"nested_loop":[{"table":{"table_name":"b","key":"k","used_key_parts":["a"]}}]}}`, `[{"id":1,"parent":0,"detail":"SCAN x"}]`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, engine := range []string{"postgresql", "mysql", "sqlite"} {
			a, err := plans.Of(engine, text)
			b, err2 := plans.Of(engine, text)
			if a != b || (err == nil) != (err2 == nil) || err == nil && a == "" {
				t.Fatalf("%q, %q: %v, %v", a, b, err, err2)
			}
		}
	})
}

func Example() {
	asked := 0
	w := plans.New(plans.Options{Engine: "sqlite", Logger: quiet(), Explain: func(context.Context, *plan.Query) (string, error) { // an engine's adapter gives it
		if asked++; asked == 1 {
			return `[{"id": 3, "parent": 0, "detail": "SEARCH book USING INDEX book_author (author=?)"}]`, nil
		}
		return `[{"id": 3, "parent": 0, "detail": "SCAN book"}]`, nil
	}})
	for range 3 {
		if c, changed, err := w.Look(context.Background(), titles); err != nil {
			fmt.Println(err)
		} else if changed {
			fmt.Fprintf(os.Stdout, "before:\n%snow:\n%s", c.Before, c.Now)
		}
	}
	// Output:
	// before:
	// query
	//   SEARCH book USING INDEX book_author (author=?)
	// now:
	// query
	//   SCAN book
}
