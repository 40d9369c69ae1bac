package metrics_test

import (
	"bytes"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/plan"
)

var (
	getBook   = plan.New(plan.Query{Name: "GetBook", Package: "books", Command: "one", MaxRows: 1, Reads: []string{"book"}})
	listBooks = plan.New(plan.Query{Name: "ListBooks", Package: "books", Command: "many", MaxRows: plan.Unbounded, Reads: []string{"book"}})
	addBook   = plan.New(plan.Query{Name: "AddBook", Package: "books", Command: "exec", Kind: plan.Write, Writes: []string{"book"}})
)

func find(t testing.TB, s metrics.Snapshot, name string) metrics.Query {
	t.Helper()
	for _, q := range s.Queries {
		if q.Name == name {
			return q
		}
	}
	t.Fatalf("%s is not in %+v", name, s.Queries)
	return metrics.Query{}
}

func TestCallsAreCountedByQuery(t *testing.T) {
	r := metrics.New(metrics.Options{Slow: 50 * time.Millisecond})
	for i := range 100 {
		r.Done(getBook, time.Duration(i+1)*time.Millisecond, 1, fault.None)
	}
	r.Done(getBook, time.Millisecond, 0, fault.NoRows)
	r.Done(getBook, time.Second, -1, fault.Timeout)
	r.Done(listBooks, 10*time.Second, 500, fault.None)
	s := r.Snapshot()
	if len(s.Queries) != 2 || s.Queries[0].Name != "ListBooks" {
		t.Fatalf("what took most time does not come first: %+v", s.Queries)
	}
	q := s.Queries[1]
	if q.Calls != 102 || q.Rows != 100 || q.Slow != 52 || q.Failed() != 1 || !reflect.DeepEqual(q.Errors, map[string]uint64{"no_rows": 1, "timeout": 1}) ||
		q.Total != 6051*time.Millisecond || q.Max != time.Second || q.Package != "books" || q.Command != "one" || q.Kind != "read" || q.Number() != getBook.Number() {
		t.Errorf("%+v", q)
	}
	near := func(got, want time.Duration) bool { return got > want-want/32 && got < want+want/32 }
	if !near(q.P50, 50*time.Millisecond) || !near(q.P95, 96*time.Millisecond) || !near(q.P99, 100*time.Millisecond) {
		t.Error(q.P50, q.P95, q.P99)
	}
	r.Reset()
	if s := r.Snapshot(); len(s.Queries) != 0 {
		t.Errorf("after a reset: %+v", s.Queries)
	}
}

func TestQueriesMadeAfterTheRegistryAreCounted(t *testing.T) {
	r := metrics.New(metrics.Options{})
	for i := range 20 {
		q := plan.New(plan.Query{Name: fmt.Sprintf("Later%d", i), Package: "later"})
		r.Done(q, time.Millisecond, 1, fault.None)
	}
	r.Done(getBook, time.Millisecond, 1, fault.None)
	if s := r.Snapshot(); len(s.Queries) != 21 {
		t.Errorf("%d queries", len(s.Queries))
	}
}

func TestNobodyCountsForANilRegistry(t *testing.T) {
	var r *metrics.Registry
	r.Done(getBook, 1, 1, fault.None)
	r.Phases(getBook, 1, 1, 1)
	r.Seen(t.Context(), getBook)
	r.Slow(t.Context(), metrics.Call{Query: getBook})
	r.PoolWait(1)
	r.PoolTimeout()
	r.Pool("primary", nil)
	r.Transaction(metrics.Committed, 1, 1)
	r.Reset()
	if _, span := r.Start(t.Context(), getBook); span != nil || r.Sample(getBook) || r.IsSlow(time.Hour) || len(r.Snapshot().Queries) != 0 {
		t.Error("it does")
	}
}

func TestPhasesPoolsAndTransactions(t *testing.T) {
	r := metrics.New(metrics.Options{Sample: 4})
	n := 0
	for i := range 10000 {
		if r.Sample(getBook) {
			n++
			r.Phases(getBook, 1*time.Millisecond, 3*time.Millisecond, 2*time.Millisecond)
		}
		r.Done(getBook, 6*time.Millisecond+time.Duration(i%1000), 1, fault.None)
	}
	if n < 2200 || n > 2800 { // 6 σ are 260
		t.Errorf("%d of 10000 calls are one in 4", n)
	}
	r.PoolWait(5 * time.Millisecond)
	r.PoolWait(7 * time.Millisecond)
	r.PoolTimeout()
	r.Pool("readers", func() metrics.Connections { return metrics.Connections{Max: 1} })
	r.Pool("readers", func() metrics.Connections {
		return metrics.Connections{Max: 9, Total: 4, Busy: 3, Idle: 1, Waiting: 2}
	})
	r.Pool("gone", func() metrics.Connections { return metrics.Connections{} })
	r.Pool("gone", nil)
	r.Transaction(metrics.Committed, time.Millisecond, 1)
	r.Transaction(metrics.Committed, time.Millisecond, 4)
	r.Transaction(metrics.CommitUnknown, time.Second, 1)
	s := r.Snapshot()
	if p := find(t, s, "GetBook").Phases; p.Sampled != uint64(n) || p.Pool != time.Duration(n)*time.Millisecond || p.Server != 3*p.Pool || p.Scan != 2*p.Pool {
		t.Errorf("%+v", p)
	}
	if s.PoolWaits.Count != 2 || s.PoolWaits.Sum != 12*time.Millisecond || s.PoolTimeouts != 1 || len(s.Pools) != 1 || s.Pools[0].Busy != 3 {
		t.Errorf("%+v", s)
	}
	if s.Transactions["committed"].Count != 2 || s.Transactions["unknown"].Max != time.Second || len(s.Transactions) != 2 || s.Retries != 3 {
		t.Errorf("%+v, %d retries", s.Transactions, s.Retries)
	}
	for _, share := range []int{1, -1} {
		r := metrics.New(metrics.Options{Sample: share})
		for range 100 {
			if r.Sample(getBook) != (share == 1) {
				t.Fatalf("Sample: %d", share)
			}
		}
	}
}

func TestASnapshotIsReadAsItWasWritten(t *testing.T) {
	r := metrics.New(metrics.Options{})
	r.Done(getBook, 3*time.Millisecond, 1, fault.None)
	r.Done(addBook, time.Millisecond, 1, fault.Unique)
	r.Transaction(metrics.RolledBack, time.Millisecond, 2)
	r.Pool("primary", func() metrics.Connections { return metrics.Connections{Max: 3} })
	var text, again bytes.Buffer
	s := r.Snapshot()
	if err := s.Write(&text); err != nil {
		t.Fatal(err)
	}
	back, err := metrics.ReadSnapshot(bytes.NewReader(text.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if back.Write(&again); again.String() != text.String() || len(back.Queries) != 2 {
		t.Errorf("%s\n%s", text.String(), again.String())
	}
	for _, wrong := range []string{"", "{}", `{"version": 2}`, `{"version": 1, "queries": [{"latency": {"count": 1}}]}`} {
		if _, err := metrics.ReadSnapshot(bytes.NewReader([]byte(wrong))); err == nil {
			t.Errorf("%s was read", wrong)
		}
	}
}

func TestEverythingMayHappenAtTheSameTime(t *testing.T) {
	r := metrics.New(metrics.Options{Sample: 2, Slow: time.Hour})
	var wg sync.WaitGroup
	const each = 1000
	for range 4 {
		wg.Go(func() {
			for range each {
				r.Done(getBook, time.Millisecond, 1, fault.None)
				r.Done(addBook, time.Millisecond, 1, fault.Deadlock)
				if r.Sample(getBook) {
					r.Phases(getBook, 1, 1, 1)
				}
				r.Transaction(metrics.Committed, 1, 2)
				r.PoolWait(1)
			}
		})
	}
	wg.Go(func() {
		for i := range 50 {
			q := plan.New(plan.Query{Name: fmt.Sprintf("Concurrent%d", i)})
			r.Done(q, 1, 1, fault.None)
			r.Snapshot()
			r.Pool(q.Name, func() metrics.Connections { return metrics.Connections{} })
		}
	})
	wg.Wait()
	s := r.Snapshot()
	if a, b := find(t, s, "GetBook"), find(t, s, "AddBook"); a.Calls != 4*each || a.Rows != 4*each || b.Errors["deadlock"] != 4*each || s.Retries != 4*each || len(s.Queries) != 52 {
		t.Errorf("%+v\n%+v", a, b)
	}
}

func TestCountingAllocatesNothing(t *testing.T) {
	r := metrics.New(metrics.Options{})
	r.Done(getBook, time.Millisecond, 1, fault.None)
	ctx := t.Context()
	if n := testing.AllocsPerRun(1000, func() {
		ctx2, span := r.Start(ctx, getBook)
		r.Seen(ctx2, getBook)
		if r.Sample(getBook) {
			r.Phases(getBook, 1, 1, 1)
		}
		r.Done(getBook, time.Millisecond, 1, fault.Deadlock)
		if span != nil || r.IsSlow(time.Millisecond) {
			t.Fatal("slow, or traced")
		}
	}); n != 0 {
		t.Errorf("%g allocations", n)
	}
}

func BenchmarkRegistry(b *testing.B) {
	r := metrics.New(metrics.Options{})
	took := func(i int) time.Duration { return time.Duration(i&1023) * 977 }
	b.Run("Done", func(b *testing.B) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			r.Done(getBook, took(i), 1, fault.None)
			i++
		}
	})
	b.Run("Done/parallel", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for i := 0; pb.Next(); i++ {
				r.Done(getBook, took(i), 1, fault.None)
			}
		})
	})
	b.Run("Sample", func(b *testing.B) {
		n := 0
		for b.Loop() {
			if r.Sample(getBook) {
				n++
			}
		}
	})
	b.Run("Seen", func(b *testing.B) {
		ctx := b.Context()
		for b.Loop() {
			r.Seen(ctx, getBook)
		}
	})
	b.Run("Start", func(b *testing.B) {
		ctx := b.Context()
		for b.Loop() {
			if _, span := r.Start(ctx, getBook); span != nil {
				b.Fatal("traced")
			}
		}
	})
	b.Run("Snapshot of 3", func(b *testing.B) {
		r.Done(listBooks, 1, 1, fault.None)
		r.Done(addBook, 1, 1, fault.None)
		b.ReportAllocs()
		for b.Loop() {
			r.Snapshot()
		}
	})
}
