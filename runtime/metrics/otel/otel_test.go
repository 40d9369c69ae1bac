package otel_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/metrics/otel"
	"github.com/covetsql/covetsql/runtime/plan"
)

var (
	getBook = plan.New(plan.Query{Name: "GetBook", Package: "books", Command: "one", SQL: "-- by key\nselect * from book where id = $1", Reads: []string{"book"}})
	addBook = plan.New(plan.Query{Name: "AddBook", Package: "books", Command: "exec", Kind: plan.Write, SQL: "INSERT INTO book SELECT * FROM draft", Reads: []string{"draft"}, Writes: []string{"book"}})
	walk    = plan.New(plan.Query{Name: "Walk", Package: "books", SQL: "/* a */ (WITH RECURSIVE r AS (SELECT 1) SELECT * FROM r)"})
	built   = plan.New(plan.Query{Name: "Built", Package: "books", Kind: plan.Write})
)

// recorder is an SDK whose spans stay here.
func recorder(options ...sdk.TracerProviderOption) (*sdk.TracerProvider, *tracetest.SpanRecorder) {
	r := tracetest.NewSpanRecorder()
	return sdk.NewTracerProvider(append(options, sdk.WithSpanProcessor(r))...), r
}

func attributes(list []attribute.KeyValue) string {
	set := attribute.NewSet(list...)
	return set.Encoded(attribute.DefaultEncoder())
}

func TestSpansSayWhatTheCompilerKnows(t *testing.T) {
	for _, c := range []struct {
		q    *plan.Query
		opts otel.Options
		rows int64
		kind fault.Kind
		want string
	}{
		{getBook, otel.Options{System: "postgresql"}, 1, fault.None,
			"db.collection.name=book,db.operation.name=SELECT,db.query.summary=books.GetBook,db.response.returned_rows=1,db.system.name=postgresql"},
		{getBook, otel.Options{System: "sqlite", Text: true}, 0, fault.NoRows,
			"db.collection.name=book,db.operation.name=SELECT,db.query.summary=books.GetBook,db.query.text=-- by key\nselect * from book where id \\= $1,db.response.returned_rows=0,db.system.name=sqlite"},
		{addBook, otel.Options{System: "mysql", Attributes: []attribute.KeyValue{attribute.String("db.namespace", "shop")}}, 3, fault.None,
			"covetsql.affected_rows=3,db.namespace=shop,db.operation.name=INSERT,db.query.summary=books.AddBook,db.system.name=mysql"},
		{walk, otel.Options{}, -1, fault.Timeout, "db.operation.name=SELECT,db.query.summary=books.Walk,error.type=timeout"},
		{built, otel.Options{Text: true}, -1, fault.None, "db.query.summary=books.Built"},
	} {
		provider, spans := recorder()
		tracer := otel.NewTracer(provider, c.opts)
		ctx, parent := provider.Tracer("test").Start(t.Context(), "parent")
		inner, span := tracer.Start(ctx, c.q)
		if trace.SpanContextFromContext(inner).SpanID() == parent.SpanContext().SpanID() {
			t.Error("the context has the parent's span still")
		}
		var err error
		if c.kind != fault.None {
			err = errors.New("it has a secret")
		}
		span.End(c.rows, c.kind, err)
		if len(spans.Ended()) != 1 {
			t.Fatal(spans.Ended())
		}
		s := spans.Ended()[0]
		if got := attributes(s.Attributes()); got != c.want {
			t.Errorf("%s\n%s", got, c.want)
		}
		failed := c.kind == fault.Timeout
		if s.Name() != "books."+c.q.Name || s.SpanKind() != trace.SpanKindClient || s.Parent().SpanID() != parent.SpanContext().SpanID() ||
			(s.Status().Code == codes.Error) != failed || strings.Contains(fmt.Sprint(s.Status(), s.Events()), "secret") {
			t.Errorf("%s, %s, %+v, %+v", s.Name(), s.SpanKind(), s.Status(), s.Events())
		}
	}
}

// asked counts what a sampler is asked.
type asked struct {
	sdk.Sampler
	n int
}

func (a *asked) ShouldSample(p sdk.SamplingParameters) sdk.SamplingResult {
	a.n++
	return a.Sampler.ShouldSample(p)
}

func TestWhetherThereIsASpanIsDecidedFirst(t *testing.T) {
	unsampled := trace.ContextWithSpanContext(t.Context(), trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{1}}))
	sampled := trace.ContextWithSpanContext(t.Context(), trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{1}, TraceFlags: trace.FlagsSampled}))
	for _, c := range []struct {
		name    string
		ctx     context.Context
		opts    otel.Options
		sampler sdk.Sampler
		asked   int
		span    bool
	}{
		{"no parent", t.Context(), otel.Options{}, sdk.AlwaysSample(), 0, false},
		{"no parent, asked for", t.Context(), otel.Options{Orphans: true}, sdk.AlwaysSample(), 1, true},
		{"parent not sampled", unsampled, otel.Options{Orphans: true}, sdk.AlwaysSample(), 0, false},
		{"parent not sampled, asked", unsampled, otel.Options{AskSampler: true}, sdk.AlwaysSample(), 1, true},
		{"the sampler says no", sampled, otel.Options{}, sdk.NeverSample(), 1, false},
		{"sampled", sampled, otel.Options{}, sdk.ParentBased(sdk.NeverSample()), 1, true},
	} {
		sampler := &asked{Sampler: c.sampler}
		provider, _ := recorder(sdk.WithSampler(sampler))
		ctx, span := otel.NewTracer(provider, c.opts).Start(c.ctx, getBook)
		if (span != nil) != c.span || (ctx != c.ctx) != c.span || sampler.n != c.asked {
			t.Errorf("%s: span %v, asked %d times", c.name, span, sampler.n)
		}
	}
}

func TestTheRegistryTracesAndFindsParents(t *testing.T) {
	provider, spans := recorder()
	r := metrics.New(metrics.Options{Tracer: otel.NewTracer(provider, otel.Options{}), Parent: otel.Parent, Repeats: 3, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	call := func(ctx context.Context) {
		r.Seen(ctx, getBook)
		_, span := r.Start(ctx, getBook)
		if span != nil {
			span.End(1, fault.None, nil)
		}
		r.Done(getBook, time.Millisecond, 1, fault.None)
	}
	for range 5 {
		call(t.Context())
	}
	for range 4 {
		ctx, parent := provider.Tracer("test").Start(t.Context(), "request")
		call(ctx)
		call(ctx)
		parent.End()
	}
	if s := r.Snapshot(); len(s.Sites) != 0 {
		t.Errorf("%+v", s.Sites)
	}
	ctx, _ := provider.Tracer("test").Start(t.Context(), "request")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { call(ctx) })
	}
	wg.Wait()
	if s := r.Snapshot(); len(s.Sites) != 1 || s.Sites[0].Most != 4 || s.Queries[0].Repeated != 1 {
		t.Errorf("%+v", s.Sites)
	}
	if n := len(spans.Ended()); n != 4*2+4+4 {
		t.Errorf("%d spans", n)
	}
}

func TestQueriesMadeAfterTheTracerHaveSpans(t *testing.T) {
	provider, spans := recorder()
	tracer := otel.NewTracer(provider, otel.Options{Orphans: true})
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			q := plan.New(plan.Query{Name: fmt.Sprintf("Later%d", i)})
			_, s := tracer.Start(t.Context(), q)
			s.End(-1, fault.None, nil)
		})
	}
	wg.Wait()
	names := map[string]bool{}
	for _, s := range spans.Ended() {
		names[s.Name()] = true
	}
	if len(names) != 20 || !names["Later7"] {
		t.Error(names)
	}
}

func TestFiguresAreRead(t *testing.T) {
	r := metrics.New(metrics.Options{Slow: 90 * time.Millisecond})
	for i := range 100 {
		r.Done(getBook, time.Duration(i+1)*time.Millisecond, 2, fault.None)
	}
	r.Done(addBook, time.Second, 1, fault.Unique)
	r.Phases(getBook, time.Second, 2*time.Second, 3*time.Second)
	r.PoolTimeout()
	r.Pool("primary", func() metrics.Connections {
		return metrics.Connections{Max: 9, Total: 4, Busy: 3, Idle: 1, Waiting: 2}
	})
	r.Transaction(metrics.Committed, time.Second, 3)
	reader := metric.NewManualReader()
	registration, err := otel.Register(metric.NewMeterProvider(metric.WithReader(reader)), r, otel.Options{System: "postgresql"})
	if err != nil {
		t.Fatal(err)
	}
	book := ",db.collection.name=book,db.operation.name=SELECT,db.query.summary=books.GetBook,db.system.name=postgresql"
	want := map[string]float64{
		"covetsql.query.calls" + book: 100, "covetsql.query.rows" + book: 200, "covetsql.query.time" + book: 5.05, "covetsql.query.slow" + book: 11,
		"covetsql.query.repeated" + book: 0, "covetsql.query.sampled" + book: 1,
		"covetsql.query.phase.time,db.collection.name=book,db.operation.name=SELECT,db.query.summary=books.GetBook,db.system.name=postgresql,phase=server": 2,
		"covetsql.query.errors,db.operation.name=INSERT,db.query.summary=books.AddBook,db.system.name=postgresql,error.type=unique":                        1,
		"db.client.connection.count,db.client.connection.pool.name=primary,db.client.connection.state=used,db.system.name=postgresql":                      3,
		"db.client.connection.count,db.client.connection.pool.name=primary,db.client.connection.state=idle,db.system.name=postgresql":                      1,
		"db.client.connection.max,db.client.connection.pool.name=primary,db.system.name=postgresql":                                                        9,
		"db.client.connection.pending_requests,db.client.connection.pool.name=primary,db.system.name=postgresql":                                           2,
		"db.client.connection.timeouts,db.system.name=postgresql":                                                                                          1,
		"covetsql.transaction.count,db.system.name=postgresql,outcome=committed":                                                                           1,
		"covetsql.transaction.time,db.system.name=postgresql,outcome=committed":                                                                            1,
		"covetsql.transaction.retries,db.system.name=postgresql":                                                                                           2,
	}
	got := read(t, reader)
	for name, v := range want {
		if g, ok := got[name]; !ok || g != v {
			t.Errorf("%s: %g, not %g", name, g, v)
		}
	}
	p95 := got["covetsql.query.quantile,db.collection.name=book,db.operation.name=SELECT,db.query.summary=books.GetBook,db.system.name=postgresql,quantile=0.95"]
	if p95 < 0.092 || p95 > 0.098 {
		t.Errorf("the quantile is %g", p95)
	}
	for range 3 {
		r.Done(getBook, time.Millisecond, 0, fault.None)
	}
	if g := read(t, reader)["covetsql.query.calls"+book]; g != 103 {
		t.Errorf("%g calls later", g)
	}
	if err := registration.Unregister(); err != nil || len(read(t, reader)) != 0 {
		t.Error("it is read after all", err)
	}
}

// read collects, and gives each value by its name and attributes.
func read(t *testing.T, r metric.Reader) map[string]float64 {
	t.Helper()
	var all metricdata.ResourceMetrics
	if err := r.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			add := func(a attribute.Set, v float64) { out[m.Name+","+a.Encoded(attribute.DefaultEncoder())] = v }
			switch d := m.Data.(type) {
			case metricdata.Sum[int64]:
				for _, p := range d.DataPoints {
					add(p.Attributes, float64(p.Value))
				}
			case metricdata.Sum[float64]:
				for _, p := range d.DataPoints {
					add(p.Attributes, p.Value)
				}
			case metricdata.Gauge[float64]:
				for _, p := range d.DataPoints {
					add(p.Attributes, p.Value)
				}
			default:
				t.Errorf("%s is a %T", m.Name, d)
			}
		}
	}
	return out
}

func Example() {
	provider, spans := recorder() // an application has an exporter instead
	r := metrics.New(metrics.Options{Tracer: otel.NewTracer(provider, otel.Options{System: "postgresql"}), Parent: otel.Parent})

	ctx, request := provider.Tracer("shop").Start(context.Background(), "GET /books/{id}")
	ctx, span := r.Start(ctx, getBook) // the runtime does so as each call begins,
	if span != nil {
		span.End(1, fault.None, nil) // and ends
	}
	_ = ctx
	request.End()
	for _, s := range spans.Ended() {
		fmt.Println(s.Name(), attributes(s.Attributes()))
	}
	// Output:
	// books.GetBook db.collection.name=book,db.operation.name=SELECT,db.query.summary=books.GetBook,db.response.returned_rows=1,db.system.name=postgresql
	// GET /books/{id}
}

func ExampleRegister() {
	reader := metric.NewManualReader() // an application has a periodic one
	r := metrics.New(metrics.Options{})
	if _, err := otel.Register(metric.NewMeterProvider(metric.WithReader(reader)), r, otel.Options{System: "postgresql"}); err != nil {
		fmt.Println(err)
	}
	r.Done(getBook, 2*time.Millisecond, 1, fault.None)
	var all metricdata.ResourceMetrics
	reader.Collect(context.Background(), &all)
	for _, m := range all.ScopeMetrics[0].Metrics {
		if m.Name == "covetsql.query.calls" {
			fmt.Println(m.Name, m.Data.(metricdata.Sum[int64]).DataPoints[0].Value)
		}
	}
	// Output: covetsql.query.calls 1
}

func BenchmarkTracer(b *testing.B) {
	provider := sdk.NewTracerProvider()
	tracer := otel.NewTracer(provider, otel.Options{System: "postgresql"})
	parent := trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{1}}
	unsampled := trace.ContextWithSpanContext(b.Context(), trace.NewSpanContext(parent))
	parent.TraceFlags = trace.FlagsSampled
	for _, c := range []struct {
		name string
		ctx  context.Context
	}{{"no parent", b.Context()}, {"not sampled", unsampled}, {"recorded", trace.ContextWithSpanContext(b.Context(), trace.NewSpanContext(parent))}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, span := tracer.Start(c.ctx, getBook)
				if span != nil {
					span.End(1, fault.None, nil)
				}
			}
		})
	}
}

func TestTraceparentsAreThoseOfSampledSpans(t *testing.T) {
	c := trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}}
	if got := otel.Traceparent(trace.ContextWithSpanContext(t.Context(), trace.NewSpanContext(c))); got != "" || otel.Traceparent(t.Context()) != "" {
		t.Error(got)
	}
	c.TraceFlags = trace.FlagsSampled
	if got := otel.Traceparent(trace.ContextWithSpanContext(t.Context(), trace.NewSpanContext(c))); got != "00-01000000000000000000000000000000-0200000000000000-01" {
		t.Error(got)
	}
}
