package otel

import (
	"context"
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	semconv "go.opentelemetry.io/otel/semconv/v1.40.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/metrics/otel/internal/convention"
	"github.com/covetsql/covetsql/runtime/plan"
)

// Options says of which database figures and spans are.
type Options struct {
	// System is db.system.name: postgresql, mysql, mariadb, sqlite.
	System string
	// Attributes stand at everything, such as db.namespace and server.address.
	Attributes []attribute.KeyValue

	// Text puts the statement into spans (db.query.text). It is the text of the source, without arguments.
	Text bool
	// Orphans makes spans also of calls that have no parent, if the sampler wants them.
	Orphans bool
	// AskSampler asks the sampler also for calls whose parent is not sampled. Without it they cost a look at the context, which is
	// right for samplers that go by the parent (the SDK's default).
	AskSampler bool
}

func (o Options) database() []attribute.KeyValue {
	var list []attribute.KeyValue
	if o.System != "" {
		list = append(list, semconv.DBSystemNameKey.String(o.System))
	}
	return append(list, o.Attributes...)
}

// Tracer is a metrics.Tracer. What its spans begin with is put together once a query.
type Tracer struct {
	opts   Options
	tracer trace.Tracer

	starts atomic.Pointer[[]start] // by plan.Query.Number
	mu     sync.Mutex
}

type start struct {
	name    string
	options []trace.SpanStartOption
}

// NewTracer makes a tracer whose spans go to a provider.
func NewTracer(p trace.TracerProvider, o Options) *Tracer {
	t := &Tracer{opts: o, tracer: p.Tracer(convention.Scope, trace.WithSchemaURL(convention.Schema))}
	t.starts.Store(new([]start))
	t.known(plan.Count() - 1)
	return t
}

// known gives the beginnings of spans, that of query n among them.
func (t *Tracer) known(n int) []start {
	if list := *t.starts.Load(); n < len(list) {
		return list
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	list := *t.starts.Load()
	longer := append(make([]start, 0, plan.Count()), list...)
	for _, q := range plan.All()[len(list):] {
		attrs := convention.Query(q, t.opts.database())
		if t.opts.Text && q.SQL != "" {
			attrs = append(attrs, semconv.DBQueryText(q.SQL))
		}
		longer = append(longer, start{convention.Name(q), []trace.SpanStartOption{trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attrs...)}})
	}
	t.starts.Store(&longer)
	return longer
}

// Start begins the span of a call. Whether there is one is decided by the parent first: where that is not sampled nothing is built.
func (t *Tracer) Start(ctx context.Context, q *plan.Query) (context.Context, metrics.Span) {
	parent := trace.SpanContextFromContext(ctx)
	if !parent.IsValid() && !t.opts.Orphans || parent.IsValid() && !parent.IsSampled() && !t.opts.AskSampler {
		return ctx, nil
	}
	n := q.Number()
	begin := &t.known(n)[n]
	inner, s := t.tracer.Start(ctx, begin.name, begin.options...)
	if !s.IsRecording() {
		return ctx, nil
	}
	return inner, &span{s, q}
}

type span struct {
	trace.Span
	query *plan.Query
}

// affected is how many rows a statement changed; the conventions have a name for rows that come back alone.
var affected = attribute.Key("covetsql.affected_rows")

// End implements metrics.Span.
func (s *span) End(rows int64, k fault.Kind, _ error) {
	if rows >= 0 {
		key := semconv.DBResponseReturnedRowsKey
		if s.query.Kind != plan.Read {
			key = affected
		}
		s.SetAttributes(key.Int64(rows))
	}
	if k != fault.None && k != fault.NoRows {
		s.SetAttributes(semconv.ErrorTypeKey.String(k.String()))
		s.SetStatus(codes.Error, k.String())
	}
	s.Span.End()
}

// Parent is a metrics.Options.Parent: the span that ctx has, sampled or not.
func Parent(ctx context.Context) (p metrics.Parent, ok bool) {
	c := trace.SpanContextFromContext(ctx)
	if !c.IsValid() {
		return p, false
	}
	id, own := c.TraceID(), c.SpanID()
	copy(p[copy(p[:], id[:]):], own[:])
	return p, true
}

// Traceparent is ctx's W3C traceparent, where its span is sampled, and "" else: what sqlcommenter.Options.Traceparent asks for.
// Source: W3C Trace Context, section 3.2.
func Traceparent(ctx context.Context) string {
	c := trace.SpanContextFromContext(ctx)
	if !c.IsValid() || !c.IsSampled() {
		return ""
	}
	return "00-" + c.TraceID().String() + "-" + c.SpanID().String() + "-" + c.TraceFlags().String()
}
