package metrics_test

import (
	"bytes"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/plan"
)

// taken is a snapshot of n calls of q, exponentially distributed around a mean, a share of which failed.
func taken(q *plan.Query, n int, mean time.Duration, errors float64, seed uint64) metrics.Snapshot {
	r := metrics.New(metrics.Options{})
	random := rand.New(rand.NewPCG(seed, 1))
	for range n {
		k := fault.None
		if random.Float64() < errors {
			k = fault.Timeout
		}
		r.Done(q, time.Duration(random.ExpFloat64()*float64(mean)), 1, k)
	}
	return r.Snapshot()
}

func TestChangesAreJudgedByTheRule(t *testing.T) {
	const ms = time.Millisecond
	base := taken(getBook, 2000, 10*ms, 0.001, 1)
	for _, c := range []struct {
		name string
		now  metrics.Snapshot
		rule metrics.Rule
		want metrics.Verdict
		why  string
	}{
		{"the same", taken(getBook, 2000, 10*ms, 0.001, 2), metrics.Rule{}, metrics.Same, ""},
		{"a tenth slower", taken(getBook, 2000, 11*ms, 0.001, 3), metrics.Rule{}, metrics.Same, ""},
		{"twice as slow", taken(getBook, 2000, 20*ms, 0.001, 4), metrics.Rule{}, metrics.Worse, "p50 2."},
		{"twice as fast", taken(getBook, 2000, 5*ms, 0.001, 5), metrics.Rule{}, metrics.Better, "p50 0.5"},
		{"more errors", taken(getBook, 2000, 10*ms, 0.05, 6), metrics.Rule{}, metrics.Worse, "errors 0."},
		{"some more errors", taken(getBook, 2000, 10*ms, 0.005, 7), metrics.Rule{}, metrics.Same, ""},
		{"few calls", taken(getBook, 99, 100*ms, 0.5, 8), metrics.Rule{}, metrics.TooFew, ""},
		{"few calls are enough", taken(getBook, 30, 100*ms, 0, 9), metrics.Rule{Calls: 20}, metrics.Worse, "p50"},
		{"slower by less than counts", taken(getBook, 2000, 20*ms, 0.001, 10), metrics.Rule{Least: time.Second}, metrics.Same, ""},
		{"another ratio", taken(getBook, 2000, 20*ms, 0.001, 11), metrics.Rule{P50: 3, P95: 3}, metrics.Same, ""},
	} {
		got := metrics.Compare(base, c.now, c.rule)
		if len(got) != 1 || got[0].Verdict != c.want || !strings.HasPrefix(strings.Join(got[0].Why, ", "), c.why) || (c.why == "") != (len(got[0].Why) == 0) {
			t.Errorf("%s: %s, %v", c.name, got[0].Verdict, got[0].Why)
		}
		if n := len(got.Worse()); (n == 1) != (c.want == metrics.Worse) {
			t.Errorf("%s: %d are worse", c.name, n)
		}
	}
}

func TestChanceAloneIsNoChange(t *testing.T) {
	found := 0
	for seed := range uint64(300) {
		a, b := taken(getBook, 200, 10*time.Millisecond, 0.02, 2*seed), taken(getBook, 200, 10*time.Millisecond, 0.02, 2*seed+1)
		if v := metrics.Compare(a, b, metrics.Rule{P50: 1.01, P95: 1.01})[0].Verdict; v != metrics.Same {
			found++
		}
	}
	if found > 15 {
		t.Errorf("%d of 300 pairs of the same distribution are told apart", found)
	}
}

func TestTheComparisonIsATable(t *testing.T) {
	before, now := taken(getBook, 500, time.Millisecond, 0, 1), taken(getBook, 500, 3*time.Millisecond, 0.1, 2)
	before.Merge(taken(listBooks, 500, time.Millisecond, 0, 3))
	now.Merge(taken(addBook, 500, time.Millisecond, 0, 3))
	same := plan.New(plan.Query{Name: "Same", Package: "books"})
	before.Merge(taken(same, 500, time.Millisecond, 0, 4))
	now.Merge(taken(same, 500, time.Millisecond, 0, 4))
	var b bytes.Buffer
	if err := metrics.Compare(before, now, metrics.Rule{}).Write(&b); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 5 || !strings.Contains(lines[1], "books.GetBook") || !strings.Contains(lines[1], "worse: p50 ") || !strings.Contains(lines[1], ", errors 0 % → ") ||
		!strings.HasSuffix(lines[2], "new") || !strings.HasSuffix(lines[3], "gone") || lines[4] != "1 stayed as they were" {
		t.Error(b.String())
	}
	t.Log("\n" + b.String())
}

func TestMergedSnapshotsAreSums(t *testing.T) {
	a, b := taken(getBook, 100, time.Millisecond, 0.5, 1), taken(getBook, 50, time.Millisecond, 0.5, 2)
	b.Merge(taken(addBook, 10, time.Millisecond, 0, 2))
	errors := a.Queries[0].Errors["timeout"] + find(t, b, "GetBook").Errors["timeout"]
	rows := a.Queries[0].Errors
	a.Merge(b)
	if q := find(t, a, "GetBook"); q.Calls != 150 || q.Rows != 150 || q.Errors["timeout"] != errors || q.Latency.Count != 150 || len(a.Queries) != 2 || rows["timeout"] == errors {
		t.Errorf("%+v", a)
	}
}

func TestQueriesOfOneNameAreOne(t *testing.T) {
	twin := plan.New(plan.Query{Name: "GetBook", Package: "books"})
	r := metrics.New(metrics.Options{})
	r.Done(getBook, time.Millisecond, 1, fault.None)
	r.Done(twin, time.Millisecond, 1, fault.Check)
	if s := r.Snapshot(); len(s.Queries) != 1 || s.Queries[0].Calls != 2 || s.Queries[0].Number() != getBook.Number() || s.Queries[0].Errors["check"] != 1 {
		t.Errorf("%+v", s.Queries)
	}
}

func TestTheSnapshotIsATable(t *testing.T) {
	r := metrics.New(metrics.Options{Repeats: 2, Logger: slog.New(slog.DiscardHandler)})
	ctx := metrics.Scope(t.Context())
	for range 3 {
		r.Seen(ctx, getBook)
		r.Done(getBook, 1234567, 1, fault.None)
	}
	r.Done(listBooks, 70*time.Second, 1000, fault.Canceled)
	r.PoolWait(time.Millisecond)
	r.Transaction(metrics.Committed, time.Millisecond, 2)
	r.Pool("primary", func() metrics.Connections { return metrics.Connections{Max: 5, Total: 3, Busy: 2, Idle: 1} })
	var b bytes.Buffer
	if err := r.Snapshot().Table(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"query            calls", "books.ListBooks      1  1m10s", "books.GetBook        3  3.7ms    0 %  1.21ms", "100 %\n", "pool primary: 2 of 5",
		"waits for a connection: 1", "transactions committed: 1", "tries after a first one: 1", "repeats: books.GetBook by "} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing:\n%s", want, b.String())
		}
	}
}
