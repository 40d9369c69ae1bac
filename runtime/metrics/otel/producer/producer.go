// Package producer gives the distributions of a metrics.Registry to OpenTelemetry's SDK, as exponential histograms that a reader takes in
// as it collects: queries do nothing for it.
//
//	reader := metric.NewPeriodicReader(exporter, metric.WithProducer(producer.New(r, producer.Options{System: "postgresql"})))
//
// There are db.client.operation.duration by query, db.client.connection.wait_time, and covetsql.transaction.duration by outcome, all in
// seconds and cumulative.
package producer

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	semconv "go.opentelemetry.io/otel/semconv/v1.40.0"

	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/metrics/otel/internal/convention"
	"github.com/covetsql/covetsql/runtime/plan"
)

// Options says of which database the figures are.
type Options struct {
	// System is db.system.name: postgresql, mysql, mariadb, sqlite.
	System string
	// Attributes stand at everything, such as db.namespace and server.address.
	Attributes []attribute.KeyValue
	// Scale says how fine buckets are: they grow by the factor 2^(2^-Scale). 0 is 3, 9 %; the sketch has no more to give than 3.
	Scale int
}

// Producer is a metric.Producer of OpenTelemetry's SDK.
type Producer struct {
	from     *metrics.Registry
	scale    int
	database attribute.Set
	attrs    []attribute.KeyValue
	sets     *convention.Sets[attribute.Set]
}

// New makes a producer of what r counts.
func New(r *metrics.Registry, o Options) *Producer {
	p := &Producer{from: r, scale: o.Scale, attrs: o.Attributes}
	if p.scale == 0 {
		p.scale = 3
	}
	if o.System != "" {
		p.attrs = append([]attribute.KeyValue{semconv.DBSystemNameKey.String(o.System)}, p.attrs...)
	}
	p.database = attribute.NewSet(p.attrs...)
	p.sets = convention.NewSets(func(q *plan.Query) attribute.Set { return attribute.NewSet(convention.Query(q, p.attrs)...) })
	return p
}

type points = []metricdata.ExponentialHistogramDataPoint[float64]

// Produce gives the distributions as they are now.
func (p *Producer) Produce(context.Context) ([]metricdata.ScopeMetrics, error) {
	s := p.from.Snapshot()
	var queries, transactions points
	for _, q := range s.Queries {
		queries = append(queries, p.point(s, p.sets.Of(q), q.Latency))
	}
	for outcome, d := range s.Transactions {
		set := attribute.NewSet(append([]attribute.KeyValue{attribute.String("outcome", outcome)}, p.attrs...)...)
		transactions = append(transactions, p.point(s, set, d))
	}
	scope := metricdata.ScopeMetrics{Scope: instrumentation.Scope{Name: convention.Scope, SchemaURL: convention.Schema}}
	for _, m := range []struct {
		name, help string
		points     points
	}{
		{"db.client.operation.duration", "How long calls of a query took, those that failed too.", queries},
		{"db.client.connection.wait_time", "How long callers waited for a connection that had to.", points{p.point(s, p.database, s.PoolWaits)}},
		{"covetsql.transaction.duration", "How long transactions took with all their tries, by how they ended.", transactions},
	} {
		if len(m.points) > 0 {
			scope.Metrics = append(scope.Metrics, metricdata.Metrics{Name: m.name, Description: m.help, Unit: "s",
				Data: metricdata.ExponentialHistogram[float64]{Temporality: metricdata.CumulativeTemporality, DataPoints: m.points}})
		}
	}
	return []metricdata.ScopeMetrics{scope}, nil
}

func (p *Producer) point(s metrics.Snapshot, set attribute.Set, d metrics.Distribution) metricdata.ExponentialHistogramDataPoint[float64] {
	zero, first, counts := d.Exponential(p.scale)
	point := metricdata.ExponentialHistogramDataPoint[float64]{Attributes: set, StartTime: s.Since, Time: s.Taken, Count: d.Count, Sum: d.Sum.Seconds(),
		Scale: int32(p.scale), ZeroCount: zero, PositiveBucket: metricdata.ExponentialBucket{Offset: int32(first), Counts: counts}}
	if d.Count > 0 {
		point.Max = metricdata.NewExtrema(d.Max.Seconds())
	}
	return point
}
