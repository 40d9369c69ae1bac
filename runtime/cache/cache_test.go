package cache_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/covetsql/covetsql/runtime/cache"
	"github.com/covetsql/covetsql/runtime/plan"
)

var (
	byID   = plan.New(plan.Query{Name: "ByID", Reads: []string{"books"}, Cache: plan.Cache{Fresh: time.Minute, Stale: time.Minute}})
	joined = plan.New(plan.Query{Name: "Joined", Reads: []string{"authors", "books"}, Cache: plan.Cache{Fresh: time.Minute}})
	plain  = plan.New(plan.Query{Name: "Plain", Reads: []string{"books"}})
	update = plan.New(plan.Query{Name: "Update", Kind: plan.Write, Touches: []string{"authors"}})
)

type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time       { return time.Unix(0, c.at.Load()) }
func (c *clock) pass(d time.Duration) { c.at.Add(int64(d)) }

func open(t *testing.T, o cache.Options) *cache.Cache {
	t.Helper()
	c, err := cache.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// source counts how often rows are read.
type source struct{ n atomic.Int64 }

func (s *source) read(context.Context) (int64, error) { return s.n.Add(1), nil }

func one(t *testing.T, c *cache.Cache, q *plan.Query, id int64, s *source) int64 {
	t.Helper()
	v, err := cache.One(context.Background(), c, q, cache.NewKey().Int(id), s.read)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestRowsAreKeptByQueryAndArguments(t *testing.T) {
	c, s := open(t, cache.Options{}), &source{}
	for i, want := range []int64{1, 1, 2, 1} {
		if got := one(t, c, byID, []int64{7, 7, 8, 7}[i], s); got != want {
			t.Errorf("%d: %d", i, got)
		}
	}
	if one(t, c, joined, 7, s) != 3 || one(t, c, plain, 7, s) != 4 || one(t, c, plain, 7, s) != 5 {
		t.Error("another query's rows, or those of one that keeps none")
	}
	if st := c.Stats(); st.Hits != 2 || st.Misses != 3 {
		t.Error(st)
	}
	if one(t, nil, byID, 7, s) != 6 {
		t.Error("no cache, and rows were kept")
	}
}

func TestAWriteOfATableEndsItsRows(t *testing.T) {
	c, s := open(t, cache.Options{}), &source{}
	one(t, c, byID, 1, s)
	one(t, c, joined, 1, s)
	c.Touch(update)
	if one(t, c, byID, 1, s) != 1 {
		t.Error("rows of another table went")
	}
	if one(t, c, joined, 1, s) != 3 {
		t.Error("rows of a written table are answered")
	}
	c.Touch(nil)
	if one(t, c, byID, 1, s) != 4 {
		t.Error("a statement that nobody knows may have written them")
	}
	c.TouchTables([]string{"*"})
	if one(t, c, byID, 1, s) != 5 {
		t.Error("all were touched")
	}
}

// The write ends while the rows are read: they are those of before, and not kept for later.
func TestRowsReadBesideAWriteAreNotKept(t *testing.T) {
	c := open(t, cache.Options{})
	_, err := cache.One(context.Background(), c, joined, cache.NewKey(), func(context.Context) (string, error) {
		c.Touch(update)
		return "before", nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got, _ := cache.One(context.Background(), c, joined, cache.NewKey(), func(context.Context) (string, error) { return "after", nil })
	if got != "after" {
		t.Errorf("%q is answered after the write", got)
	}
}

// Who asks after a write does not get the rows that somebody else began to read before it.
func TestNobodyJoinsAReadFromBeforeAWrite(t *testing.T) {
	c := open(t, cache.Options{})
	began, end := make(chan bool), make(chan bool)
	go func() {
		_, _ = cache.One(context.Background(), c, joined, cache.NewKey(), func(context.Context) (string, error) {
			close(began)
			<-end
			return "before", nil
		})
	}()
	<-began
	c.Touch(update)
	got, _ := cache.One(context.Background(), c, joined, cache.NewKey(), func(context.Context) (string, error) { return "after", nil })
	close(end)
	if got != "after" {
		t.Error(got)
	}
}

func TestStaleRowsAreAnsweredWhileTheyAreReadAnew(t *testing.T) {
	now := &clock{}
	c, s := open(t, cache.Options{Now: now.now}), &source{}
	one(t, c, byID, 1, s)
	now.pass(90 * time.Second)
	if one(t, c, byID, 1, s) != 1 {
		t.Error("stale rows were not answered")
	}
	for deadline := time.Now().Add(5 * time.Second); one(t, c, byID, 1, s) == 1; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("rows are not read anew")
		}
	}
	now.pass(3 * time.Minute)
	if n := s.n.Load(); one(t, c, byID, 1, s) <= n {
		t.Error("rows outlived their time")
	}
}

func TestOneReadsForAll(t *testing.T) {
	c, s := open(t, cache.Options{}), &source{}
	var wg sync.WaitGroup
	gate := make(chan bool)
	for range 50 {
		wg.Go(func() {
			v, err := cache.One(context.Background(), c, byID, cache.NewKey().Int(1), func(ctx context.Context) (int64, error) {
				<-gate
				return s.read(ctx)
			})
			if v != 1 || err != nil {
				t.Error(v, err)
			}
		})
	}
	// One who goes away neither ends the read of the others nor waits for it.
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := cache.One(ctx, c, byID, cache.NewKey().Int(1), func(context.Context) (int64, error) { <-gate; return s.read(ctx) }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	time.Sleep(20 * time.Millisecond)
	close(gate)
	wg.Wait()
}

func TestErrorsAndPanicsAreNotKept(t *testing.T) {
	c, s := open(t, cache.Options{}), &source{}
	bad := errors.New("no")
	if _, err := cache.One(context.Background(), c, byID, cache.NewKey().Int(1), func(context.Context) (int64, error) { return 0, bad }); !errors.Is(err, bad) {
		t.Error(err)
	}
	if _, err := cache.One(context.Background(), c, byID, cache.NewKey().Int(1), func(context.Context) (int64, error) { panic("scanner") }); err == nil || !strings.Contains(err.Error(), "scanner") {
		t.Error(err)
	}
	if one(t, c, byID, 1, s) != 1 {
		t.Error("an error is answered")
	}
}

func TestWhatIsAnsweredIsTheCallersOwn(t *testing.T) {
	c := open(t, cache.Options{})
	many := func() []int {
		l, _ := cache.Many(context.Background(), c, byID, cache.NewKey(), func(context.Context) ([]int, error) { return []int{1, 2}, nil })
		return l
	}
	many()[0] = 9
	many()[1] = 9
	if got := many(); got[0] != 1 || got[1] != 2 {
		t.Error(got)
	}
	maybe := func() *int {
		v, _ := cache.Maybe(context.Background(), c, joined, cache.NewKey(), func(context.Context) (*int, error) { n := 1; return &n, nil })
		return v
	}
	*maybe() = 9
	*maybe() = 9
	if *maybe() != 1 {
		t.Error("a caller wrote into the cache")
	}
	v, err := cache.Maybe(context.Background(), c, joined, cache.NewKey().Int(3), func(context.Context) (*int, error) { return nil, nil })
	if v != nil || err != nil {
		t.Error(v, err)
	}
}

func TestThereIsNoMoreThanFits(t *testing.T) {
	c := open(t, cache.Options{MaxRows: 100})
	for i := range 1000 {
		_, _ = cache.Many(context.Background(), c, byID, cache.NewKey().Int(int64(i)), func(context.Context) ([]int, error) { return make([]int, 9), nil })
	}
	for deadline := time.Now().Add(5 * time.Second); c.Stats().Rows > 100; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d rows", c.Stats().Rows)
		}
	}
}

// Keys of different arguments are different, whatever stands in them.
func TestKeysTellArgumentsApart(t *testing.T) {
	now := time.Unix(1e9, 5)
	keys := map[string]string{}
	for name, k := range map[string]cache.Key{
		"a|bc": cache.NewKey().String("a").String("bc"), "ab|c": cache.NewKey().String("ab").String("c"), "abc": cache.NewKey().String("abc"),
		"none": cache.NewKey(), "empty": cache.NewKey().String(""), "nil": cache.NewKey().Bytes(nil), "no bytes": cache.NewKey().Bytes([]byte{}).Int(0),
		"1": cache.NewKey().Int(1), "1.0": cache.NewKey().Float(1), "true": cache.NewKey().Bool(true), "-0": cache.NewKey().Float(math.Copysign(0, -1)), "0.0": cache.NewKey().Float(0),
		"null text": cache.NewKey().Valid(false).String(""), "valid text": cache.NewKey().Valid(true).String(""),
		"now": cache.NewKey().Time(now), "utc": cache.NewKey().Time(now.In(time.FixedZone("", 3600))), "later": cache.NewKey().Time(now.Add(1)),
	} {
		text := fmt.Sprintf("%+v", k)
		if other, ok := keys[text]; ok {
			t.Errorf("%s and %s have one key", name, other)
		}
		keys[text] = name
	}
	c, s := open(t, cache.Options{}), &source{}
	for range 2 {
		_, _ = cache.One(context.Background(), c, byID, cache.NewKey().Float(math.NaN()), s.read)
	}
	if s.n.Load() != 2 {
		t.Error("what is not equal to itself was found")
	}
}

func BenchmarkHit(b *testing.B) {
	c, _ := cache.New(cache.Options{})
	s := &source{}
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		_, _ = cache.One(ctx, c, byID, cache.NewKey().Int(1), s.read)
	}
}

func TestTheTimeOfTheFirstIsNotThatOfTheOthers(t *testing.T) {
	c := open(t, cache.Options{})
	short, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	reads := make(chan struct{})
	first := make(chan error, 1)
	go func() {
		_, err := cache.One(short, c, byID, cache.NewKey().Int(1), func(ctx context.Context) (int64, error) {
			close(reads)
			<-ctx.Done()
			time.Sleep(20 * time.Millisecond)
			return 0, fmt.Errorf("reading: %w", ctx.Err())
		})
		first <- err
	}()
	<-reads
	v, err := cache.One(context.Background(), c, byID, cache.NewKey().Int(1), func(context.Context) (int64, error) { return 5, nil })
	if v != 5 || err != nil {
		t.Errorf("who has time got the error of the one who had none: %d, %v", v, err)
	}
	if err := <-first; !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func TestRowsAreAsOldAsTheirReadBegan(t *testing.T) {
	now := &clock{}
	c, s := open(t, cache.Options{Now: now.now}), &source{}
	if _, err := cache.One(context.Background(), c, joined, cache.NewKey().Int(1), func(context.Context) (int64, error) {
		now.pass(2 * time.Minute) // longer than they are fresh
		return s.n.Add(1), nil
	}); err != nil {
		t.Fatal(err)
	}
	if one(t, c, joined, 1, s) != 2 {
		t.Error("rows that were read two minutes ago were answered as those of the last minute")
	}
}
