package otel

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.40.0"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/metrics/otel/internal/convention"
	"github.com/covetsql/covetsql/runtime/plan"
)

// Register makes observable instruments of what r counts, which are read as metrics are collected. Durations are in seconds.
//
//	covetsql.query.calls, .time, .rows, .slow, .repeated    counters by query
//	covetsql.query.errors                                   counter by query and error.type (fault.Kind)
//	covetsql.query.quantile                                 gauge by query and quantile (0.5, 0.95, 0.99), since the last Reset
//	covetsql.query.sampled, covetsql.query.phase.time       counters by query, and by phase (pool, server, scan): of sampled calls
//	db.client.connection.count                              by pool and state (idle, used)
//	db.client.connection.max, .pending_requests             by pool
//	db.client.connection.timeouts                           counter
//	covetsql.transaction.count, .time                       counters by outcome
//	covetsql.transaction.retries                            counter
func Register(p metric.MeterProvider, r *metrics.Registry, o Options) (metric.Registration, error) {
	b := &builder{meter: p.Meter(convention.Scope, metric.WithSchemaURL(convention.Schema))}
	i := instruments{
		calls:        b.count("covetsql.query.calls", "{call}", "Calls of a query, those that failed too."),
		time:         b.seconds("covetsql.query.time", "How long calls of a query took in all."),
		rows:         b.count("covetsql.query.rows", "{row}", "Rows that a query gave or changed."),
		errors:       b.count("covetsql.query.errors", "{call}", "Calls of a query that ended with an error; no_rows is among them."),
		slow:         b.count("covetsql.query.slow", "{call}", "Calls of a query that took longer than the threshold of the slow-query log."),
		repeated:     b.count("covetsql.query.repeated", "{call}", "Calls of a query under one parent after those that are still fine."),
		quantile:     b.gauge("covetsql.query.quantile", "s", "How long a share of the calls took at most."),
		sampled:      b.count("covetsql.query.sampled", "{call}", "Calls of a query whose phases were measured."),
		phase:        b.seconds("covetsql.query.phase.time", "Where the time of the sampled calls went."),
		connections:  b.number("db.client.connection.count", "{connection}", "Connections of a pool."),
		limit:        b.number("db.client.connection.max", "{connection}", "The most connections that a pool may have."),
		pending:      b.number("db.client.connection.pending_requests", "{request}", "Callers that wait for a connection."),
		timeouts:     b.count("db.client.connection.timeouts", "{timeout}", "Callers that waited for a connection in vain."),
		transactions: b.count("covetsql.transaction.count", "{transaction}", "Transactions, by how they ended."),
		spent:        b.seconds("covetsql.transaction.time", "How long transactions took in all, with all their tries."),
		retries:      b.count("covetsql.transaction.retries", "{try}", "Tries of transactions after a first one."),
	}
	if b.err != nil {
		return nil, b.err
	}
	database := o.database()
	sets := convention.NewSets(func(q *plan.Query) *options { return newOptions(convention.Query(q, database)) })
	whole := with(database)
	return b.meter.RegisterCallback(func(_ context.Context, to metric.Observer) error {
		s := r.Snapshot()
		for _, q := range s.Queries {
			i.query(to, q, sets.Of(q))
		}
		for _, p := range s.Pools {
			pool := semconv.DBClientConnectionPoolName(p.Name)
			to.ObserveInt64(i.connections, int64(p.Idle), with(database, pool, semconv.DBClientConnectionStateIdle))
			to.ObserveInt64(i.connections, int64(p.Busy), with(database, pool, semconv.DBClientConnectionStateUsed))
			to.ObserveInt64(i.limit, int64(p.Max), with(database, pool))
			to.ObserveInt64(i.pending, int64(p.Waiting), with(database, pool))
		}
		to.ObserveInt64(i.timeouts, int64(s.PoolTimeouts), whole)
		for outcome, d := range s.Transactions {
			at := with(database, attribute.String("outcome", outcome))
			to.ObserveInt64(i.transactions, int64(d.Count), at)
			to.ObserveFloat64(i.spent, d.Sum.Seconds(), at)
		}
		to.ObserveInt64(i.retries, int64(s.Retries), whole)
		return nil
	}, b.made...)
}

type instruments struct {
	calls, rows, errors, slow, repeated, sampled, timeouts, transactions, retries metric.Int64ObservableCounter
	time, phase, spent                                                            metric.Float64ObservableCounter
	quantile                                                                      metric.Float64ObservableGauge
	connections, limit, pending                                                   metric.Int64ObservableUpDownCounter
}

// options are a query's attributes as instruments take them.
type options struct {
	plain, p50, p95, p99, pool, server, scan metric.ObserveOption
	kinds                                    map[string]metric.ObserveOption
}

func newOptions(attrs []attribute.KeyValue) *options {
	at := func(key, value string) metric.ObserveOption { return with(attrs, attribute.String(key, value)) }
	quantile := func(q float64) metric.ObserveOption { return with(attrs, attribute.Float64("quantile", q)) }
	o := &options{plain: with(attrs), p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99),
		pool: at("phase", "pool"), server: at("phase", "server"), scan: at("phase", "scan"), kinds: map[string]metric.ObserveOption{}}
	for k := range fault.Kinds {
		name := fault.Kind(k).String()
		o.kinds[name] = with(attrs, semconv.ErrorTypeKey.String(name))
	}
	return o
}

// with is the set of attributes.
func with(attrs []attribute.KeyValue, more ...attribute.KeyValue) metric.ObserveOption {
	return metric.WithAttributeSet(attribute.NewSet(append(append([]attribute.KeyValue{}, attrs...), more...)...))
}

func (i *instruments) query(to metric.Observer, q metrics.Query, at *options) {
	to.ObserveInt64(i.calls, int64(q.Calls), at.plain)
	to.ObserveFloat64(i.time, q.Total.Seconds(), at.plain)
	to.ObserveInt64(i.rows, int64(q.Rows), at.plain)
	to.ObserveInt64(i.slow, int64(q.Slow), at.plain)
	to.ObserveInt64(i.repeated, int64(q.Repeated), at.plain)
	to.ObserveFloat64(i.quantile, q.P50.Seconds(), at.p50)
	to.ObserveFloat64(i.quantile, q.P95.Seconds(), at.p95)
	to.ObserveFloat64(i.quantile, q.P99.Seconds(), at.p99)
	to.ObserveInt64(i.sampled, int64(q.Phases.Sampled), at.plain)
	to.ObserveFloat64(i.phase, q.Phases.Pool.Seconds(), at.pool)
	to.ObserveFloat64(i.phase, q.Phases.Server.Seconds(), at.server)
	to.ObserveFloat64(i.phase, q.Phases.Scan.Seconds(), at.scan)
	for kind, n := range q.Errors {
		to.ObserveInt64(i.errors, int64(n), at.kinds[kind])
	}
}

// builder makes instruments and keeps what went wrong.
type builder struct {
	meter metric.Meter
	made  []metric.Observable
	err   error
}

func keep[T metric.Observable](b *builder, i T, err error) T {
	b.made, b.err = append(b.made, i), errors.Join(b.err, err)
	return i
}

func (b *builder) count(name, unit, help string) metric.Int64ObservableCounter {
	i, err := b.meter.Int64ObservableCounter(name, metric.WithUnit(unit), metric.WithDescription(help))
	return keep(b, i, err)
}

func (b *builder) seconds(name, help string) metric.Float64ObservableCounter {
	i, err := b.meter.Float64ObservableCounter(name, metric.WithUnit("s"), metric.WithDescription(help))
	return keep(b, i, err)
}

func (b *builder) gauge(name, unit, help string) metric.Float64ObservableGauge {
	i, err := b.meter.Float64ObservableGauge(name, metric.WithUnit(unit), metric.WithDescription(help))
	return keep(b, i, err)
}

func (b *builder) number(name, unit, help string) metric.Int64ObservableUpDownCounter {
	i, err := b.meter.Int64ObservableUpDownCounter(name, metric.WithUnit(unit), metric.WithDescription(help))
	return keep(b, i, err)
}
