package metrics_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/plan"
)

// A generated package makes its queries known like this.
var getAuthor = plan.New(plan.Query{Name: "GetAuthor", Package: "library", Command: "one", MaxRows: 1})

// toOutput is a logger for examples: no times.
func toOutput() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == "file" || a.Key == "line" || a.Key == "from" {
			return slog.Attr{}
		}
		return a
	}}))
}

func Example() {
	r := metrics.New(metrics.Options{})
	for i := range 1000 { // the runtime does so as each call ends
		r.Done(getAuthor, time.Duration(i)*time.Microsecond, 1, fault.None)
	}
	r.Snapshot().Table(os.Stdout)
	// Output:
	// query              calls   time  share    p50    p95    p99    max  rows/call  errors
	// library.GetAuthor   1000  500ms  100 %  500µs  934µs  999µs  999µs          1  0 %
}

func ExampleHistogram() {
	var a, b metrics.Histogram // say, of two processes
	for i := range 1000 {
		a.Observe(time.Duration(i) * time.Millisecond)
		b.Observe(time.Duration(i) * time.Second)
	}
	d := a.Snapshot()
	d.Merge(b.Snapshot())
	fmt.Println(d.Count, d.Quantile(0.5).Round(time.Second/10), d.Quantile(0.75).Round(time.Second), d.Max)
	// Output: 2000 1s 8m27s 16m39s
}

func ExampleOptions_slow() {
	r := metrics.New(metrics.Options{Slow: 200 * time.Millisecond, Logger: toOutput()})
	took := 350 * time.Millisecond
	if r.IsSlow(took) { // the runtime does so as each call ends
		r.Slow(context.Background(), metrics.Call{Query: getAuthor, Took: took, Kind: fault.Timeout, Err: errors.New("statement timeout"), Args: []any{"tove@example.org", 42}})
	}
	// Output: level=WARN msg="slow query" query=library.GetAuthor took=350ms rows=0 error=timeout args="[string(16) int]"
}

func ExampleScope() {
	r := metrics.New(metrics.Options{Logger: toOutput(), Repeats: 3})
	// In a handler's middleware: next.ServeHTTP(w, request.WithContext(metrics.Scope(request.Context())))
	ctx := metrics.Scope(context.Background())
	for range 5 { // one query for each of a list, instead of one for all
		r.Seen(ctx, getAuthor) // the runtime does so as each call begins
	}
	// Output: level=WARN msg="the same query many times under one parent" query=library.GetAuthor calls=3 function=github.com/covetsql/covetsql/runtime/metrics_test.ExampleScope
}

func ExampleCompare() {
	run := func(mean time.Duration) metrics.Snapshot {
		r := metrics.New(metrics.Options{})
		for i := range 200 {
			r.Done(getAuthor, mean*time.Duration(90+i%20)/100, 1, fault.None)
		}
		return r.Snapshot()
	}
	var file bytes.Buffer
	run(time.Millisecond).Write(&file) // before a release
	before, err := metrics.ReadSnapshot(&file)
	if err != nil {
		fmt.Println(err)
	}
	metrics.Compare(before, run(3*time.Millisecond), metrics.Rule{}).Write(os.Stdout)
	// Output:
	// query                  calls             p50              p95     errors  verdict
	// library.GetAuthor  200 → 200  999µs → 2.95ms  1.08ms → 3.21ms  0 % → 0 %  worse: p50 3.0×, p95 3.0×
}
