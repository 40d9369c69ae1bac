package metrics_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/metrics"
)

// Books is like a generated package's type: its methods tell of their calls.
type Books struct{ r *metrics.Registry }

//go:noinline
func (b Books) GetBook(ctx context.Context) {
	b.r.Seen(ctx, getBook)
	b.r.Done(getBook, time.Microsecond, 1, fault.None)
}

//go:noinline
func titles(ctx context.Context, b Books, n int) {
	for range n {
		b.GetBook(ctx)
	}
}

func TestAQueryThatRepeatsUnderOneParentIsToldOnceWithItsPlace(t *testing.T) {
	log, text := logger()
	r := metrics.New(metrics.Options{Logger: log, Repeats: 5})
	b := Books{r}
	titles(metrics.Scope(t.Context()), b, 4)
	titles(t.Context(), b, 100) // no parent
	if text.Len() > 0 || len(r.Snapshot().Sites) != 0 {
		t.Fatalf("told of what does not repeat: %s", text)
	}
	titles(metrics.Scope(t.Context()), b, 8)
	titles(metrics.Scope(t.Context()), b, 20)
	if n := strings.Count(text.String(), "\n"); n != 1 {
		t.Errorf("%d lines: %s", n, text)
	}
	for _, told := range []string{"query=books.GetBook", "calls=5", "metrics_test.titles", "repeat_test.go", "line=2", "TestAQueryThatRepeats"} {
		if !strings.Contains(text.String(), told) {
			t.Errorf("%q is missing: %s", told, text)
		}
	}
	s := r.Snapshot()
	if len(s.Sites) != 1 || s.Sites[0].Parents != 2 || s.Sites[0].Most != 20 || s.Sites[0].Query != "GetBook" || !strings.HasSuffix(s.Sites[0].Function, ".titles") ||
		find(t, s, "GetBook").Repeated != 3+15 {
		t.Errorf("%+v", s)
	}
}

func TestEachRegistryAndEachPlaceCountsForItself(t *testing.T) {
	log, text := logger()
	a, b := metrics.New(metrics.Options{Logger: log, Repeats: 3}), metrics.New(metrics.Options{Logger: log, Repeats: 3})
	ctx := metrics.Scope(t.Context())
	for range 2 {
		a.Seen(ctx, getBook)
		b.Seen(ctx, getBook)
		a.Seen(ctx, addBook)
	}
	if text.Len() > 0 {
		t.Errorf("told of two calls: %s", text)
	}
	inner := metrics.Scope(ctx)
	a.Seen(inner, getBook)
	if text.Len() > 0 {
		t.Errorf("an inner scope counts with the outer one: %s", text)
	}
	a.Seen(ctx, getBook)
	a.Seen(ctx, addBook)
	if s := a.Snapshot().Sites; len(s) != 2 || len(b.Snapshot().Sites) != 0 {
		t.Errorf("%+v", s)
	}
}

func TestParentsAreFoundByTheOption(t *testing.T) {
	log, text := logger()
	type key struct{}
	r := metrics.New(metrics.Options{Logger: log, Repeats: 3, Parent: func(ctx context.Context) (metrics.Parent, bool) {
		p, ok := ctx.Value(key{}).(metrics.Parent)
		return p, ok
	}})
	for i := range 10000 { // more parents than are kept
		ctx := context.WithValue(t.Context(), key{}, metrics.Parent{byte(i), byte(i >> 8)})
		r.Seen(ctx, getBook)
		r.Seen(ctx, getBook)
	}
	for range 10 {
		r.Seen(t.Context(), getBook)
	}
	if text.Len() > 0 {
		t.Errorf("told of two calls: %s", text)
	}
	r.Seen(context.WithValue(t.Context(), key{}, metrics.Parent{15, 39}), getBook) // the last of them: 9999
	if strings.Count(text.String(), "\n") != 1 {
		t.Errorf("%s", text)
	}
}

func TestCallsOfOneParentMayRunAtTheSameTime(t *testing.T) {
	log, text := logger()
	r := metrics.New(metrics.Options{Logger: log})
	ctx := metrics.Scope(t.Context())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { titles(ctx, Books{r}, 100) })
	}
	wg.Wait()
	s := r.Snapshot()
	if len(s.Sites) != 1 || s.Sites[0].Most != 800 || find(t, s, "GetBook").Repeated != 790 || strings.Count(text.String(), "\n") != 1 {
		t.Errorf("%+v: %s", s, text)
	}
}

func BenchmarkSeen(b *testing.B) {
	scope := metrics.Scope(b.Context())
	r := metrics.New(metrics.Options{Repeats: 1 << 40})
	deep := b.Context()
	for range 4 {
		deep = context.WithValue(deep, Books{}, 1)
	}
	for _, c := range []struct {
		name string
		ctx  context.Context
	}{{"no scope", b.Context()}, {"no scope, 4 values deep", deep}, {"scope", scope}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.Seen(c.ctx, getBook)
			}
		})
	}
}
