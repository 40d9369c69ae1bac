// Package prometheus exports the figures of a metrics.Registry to Prometheus.
//
//	registry.MustRegister(prometheus.New(db.Metrics(), prometheus.Options{}))
//
// All is read as it is scraped: queries do nothing for it. Labels are put together once a query.
//
// What there is, each with the constant labels of Options.Labels:
//
//	covetsql_query_duration_seconds        histogram  package, query
//	covetsql_query_rows_total              counter    package, query
//	covetsql_query_errors_total            counter    package, query, kind (fault.Kind)
//	covetsql_query_slow_total              counter    package, query
//	covetsql_query_repeated_total          counter    package, query
//	covetsql_query_sampled_total           counter    package, query
//	covetsql_query_phase_seconds_total     counter    package, query, phase (pool, server, scan), of the sampled calls
//	covetsql_pool_connections              gauge      pool, state (busy, idle)
//	covetsql_pool_connections_max          gauge      pool
//	covetsql_pool_waiting                  gauge      pool
//	covetsql_pool_wait_seconds             histogram
//	covetsql_pool_timeouts_total           counter
//	covetsql_transaction_duration_seconds  histogram  outcome
//	covetsql_transaction_retries_total     counter
package prometheus

import (
	"slices"
	"sync"
	"time"

	client "github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/plan"
)

// Options says how figures are exported.
type Options struct {
	// Labels stand at everything. Where a process has several databases they tell them apart.
	Labels client.Labels
	// Bounds are the upper bounds of the buckets of histograms. Each is raised to the next edge that the sketch has (by 1/16 at most), so
	// that the counts are exact; nil is Bounds(), and an empty list leaves only the count and the sum.
	Bounds []time.Duration
	// Native adds native histograms (schema 3: buckets that are 9 % wide), which scrapers that ask for protobuf get.
	Native bool
}

// Bounds are the upper bounds of histograms where nothing else is said: from 16 µs by factors of four to 69 s.
func Bounds() []time.Duration {
	var out []time.Duration
	for d := time.Duration(1) << 14; d <= 1<<36; d <<= 2 {
		out = append(out, d-1)
	}
	return out
}

// schema is that of native histograms.
const schema = 3

// Collector is a prometheus.Collector for one metrics.Registry.
type Collector struct {
	from   *metrics.Registry
	bounds []time.Duration
	native bool

	duration, rows, errors, slow, repeated, sampled, phase,
	connections, limit, waiting, wait, timeouts, transaction, retries *client.Desc

	mu       sync.Mutex
	children map[id]*child
	labels   map[labelKey][]*dto.LabelPair
}

type id struct{ pkg, name string }

// child has the labels of one query.
type child struct {
	plain, pool, server, scan []*dto.LabelPair
	kinds                     map[string][]*dto.LabelPair
}

type labelKey struct {
	desc         *client.Desc
	first, other string
}

// New makes a collector of what r counts, with the labels of all queries that the process knows.
func New(r *metrics.Registry, o Options) *Collector {
	c := &Collector{from: r, native: o.Native, children: map[id]*child{}, labels: map[labelKey][]*dto.LabelPair{}}
	if o.Bounds == nil {
		o.Bounds = Bounds()
	}
	for _, d := range o.Bounds {
		c.bounds = append(c.bounds, metrics.EdgeAbove(d))
	}
	slices.Sort(c.bounds)
	c.bounds = slices.Compact(c.bounds)
	desc := func(name, help string, labels ...string) *client.Desc {
		return client.NewDesc("covetsql_"+name, help, labels, o.Labels)
	}
	c.duration = desc("query_duration_seconds", "How long calls of a query took, those that failed too.", "package", "query")
	c.rows = desc("query_rows_total", "Rows that a query gave or changed.", "package", "query")
	c.errors = desc("query_errors_total", "Calls of a query that ended with an error, by its kind; no_rows is among them.", "package", "query", "kind")
	c.slow = desc("query_slow_total", "Calls of a query that took longer than the threshold of the slow-query log.", "package", "query")
	c.repeated = desc("query_repeated_total", "Calls of a query under one parent after those that are still fine.", "package", "query")
	c.sampled = desc("query_sampled_total", "Calls of a query whose phases were measured.", "package", "query")
	c.phase = desc("query_phase_seconds_total", "Where the time of the sampled calls went.", "package", "query", "phase")
	c.connections = desc("pool_connections", "Connections of a pool.", "pool", "state")
	c.limit = desc("pool_connections_max", "The most connections that a pool may have.", "pool")
	c.waiting = desc("pool_waiting", "Callers that wait for a connection.", "pool")
	c.wait = desc("pool_wait_seconds", "How long callers waited for a connection that had to.")
	c.timeouts = desc("pool_timeouts_total", "Callers that waited for a connection in vain.")
	c.transaction = desc("transaction_duration_seconds", "How long transactions took with all their tries, by how they ended.", "outcome")
	c.retries = desc("transaction_retries_total", "Tries of transactions after a first one.")
	for _, q := range plan.All() {
		c.child(q.Package, q.Name)
	}
	return c
}

// Describe implements prometheus.Collector.
func (c *Collector) Describe(ch chan<- *client.Desc) {
	for _, d := range []*client.Desc{c.duration, c.rows, c.errors, c.slow, c.repeated, c.sampled, c.phase, c.connections, c.limit, c.waiting, c.wait,
		c.timeouts, c.transaction, c.retries} {
		ch <- d
	}
}

// child gives a query's labels; c.mu is held, but in New.
func (c *Collector) child(pkg, name string) *child {
	key := id{pkg, name}
	x := c.children[key]
	if x == nil {
		phase := func(p string) []*dto.LabelPair { return client.MakeLabelPairs(c.phase, []string{pkg, name, p}) }
		x = &child{plain: client.MakeLabelPairs(c.duration, []string{pkg, name}), pool: phase("pool"), server: phase("server"), scan: phase("scan"),
			kinds: map[string][]*dto.LabelPair{}}
		c.children[key] = x
	}
	return x
}

func (c *Collector) pairs(d *client.Desc, values ...string) []*dto.LabelPair {
	key := labelKey{desc: d}
	if len(values) > 0 {
		key.first = values[0]
	}
	if len(values) > 1 {
		key.other = values[1]
	}
	list, ok := c.labels[key]
	if !ok {
		list = client.MakeLabelPairs(d, values)
		c.labels[key] = list
	}
	return list
}

// Collect implements prometheus.Collector.
func (c *Collector) Collect(ch chan<- client.Metric) {
	s := c.from.Snapshot()
	out := c.collect(s)
	for _, m := range out {
		ch <- m
	}
}

// collect puts the metrics together before any of them is sent, as the channel's reader may be slow.
func (c *Collector) collect(s metrics.Snapshot) []client.Metric {
	c.mu.Lock()
	defer c.mu.Unlock()
	since := s.Since
	var out []client.Metric
	counter := func(d *client.Desc, labels []*dto.LabelPair, v float64) {
		out = append(out, &metric{desc: d, labels: labels, kind: client.CounterValue, value: v, since: since})
	}
	gauge := func(d *client.Desc, labels []*dto.LabelPair, v int) {
		out = append(out, &metric{desc: d, labels: labels, kind: client.GaugeValue, value: float64(v)})
	}
	histogram := func(d *client.Desc, labels []*dto.LabelPair, v metrics.Distribution) {
		out = append(out, &metric{desc: d, labels: labels, histogram: c.histogram(v, since)})
	}
	for _, q := range s.Queries {
		x := c.child(q.Package, q.Name)
		histogram(c.duration, x.plain, q.Latency)
		counter(c.rows, x.plain, float64(q.Rows))
		counter(c.slow, x.plain, float64(q.Slow))
		counter(c.repeated, x.plain, float64(q.Repeated))
		counter(c.sampled, x.plain, float64(q.Phases.Sampled))
		counter(c.phase, x.pool, q.Phases.Pool.Seconds())
		counter(c.phase, x.server, q.Phases.Server.Seconds())
		counter(c.phase, x.scan, q.Phases.Scan.Seconds())
		for kind, n := range q.Errors {
			labels, ok := x.kinds[kind]
			if !ok {
				labels = client.MakeLabelPairs(c.errors, []string{q.Package, q.Name, kind})
				x.kinds[kind] = labels
			}
			counter(c.errors, labels, float64(n))
		}
	}
	for _, p := range s.Pools {
		gauge(c.connections, c.pairs(c.connections, p.Name, "busy"), p.Busy)
		gauge(c.connections, c.pairs(c.connections, p.Name, "idle"), p.Idle)
		gauge(c.limit, c.pairs(c.limit, p.Name), p.Max)
		gauge(c.waiting, c.pairs(c.waiting, p.Name), p.Waiting)
	}
	histogram(c.wait, c.pairs(c.wait), s.PoolWaits)
	counter(c.timeouts, c.pairs(c.timeouts), float64(s.PoolTimeouts))
	for outcome, d := range s.Transactions {
		histogram(c.transaction, c.pairs(c.transaction, outcome), d)
	}
	counter(c.retries, c.pairs(c.retries), float64(s.Retries))
	return out
}
