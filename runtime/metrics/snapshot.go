package metrics

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/covetsql/covetsql/runtime/fault"
)

// version is that of a Snapshot's JSON, its buckets included.
const version = 1

// Snapshot is what a Registry has counted at a moment: for people, for exporters, and as a baseline. As JSON its durations are whole
// nanoseconds.
type Snapshot struct {
	Version int `json:"version"`
	// Since is when counting began, Taken when the snapshot was taken.
	Since time.Time `json:"since"`
	Taken time.Time `json:"taken"`
	// Queries are those that were called, those that took most time in all first. Queries of one name in packages of one name stand
	// here as one.
	Queries      []Query      `json:"queries"`
	Pools        []Pool       `json:"pools,omitempty"`
	PoolWaits    Distribution `json:"pool_waits"`
	PoolTimeouts uint64       `json:"pool_timeouts"`
	// Transactions are those that ended, by outcome; Retries how many tries came after a first one.
	Transactions map[string]Distribution `json:"transactions,omitempty"`
	Retries      uint64                  `json:"retries"`
	// Sites are the places in the application that repeat a query under one parent, those that do it most first.
	Sites []Site `json:"sites,omitempty"`
}

// Query is what was counted of one query.
type Query struct {
	Name    string `json:"name"`
	Package string `json:"package"`
	Command string `json:"command"`
	Kind    string `json:"kind"`
	Calls   uint64 `json:"calls"`
	Rows    uint64 `json:"rows"`
	// Errors are counted by the names of their kinds; no_rows is among them.
	Errors map[string]uint64 `json:"errors,omitempty"`
	// Slow is how many calls were slow, Repeated how many ran after the threshold under one parent.
	Slow     uint64        `json:"slow,omitempty"`
	Repeated uint64        `json:"repeated,omitempty"`
	Total    time.Duration `json:"total_ns"`
	P50      time.Duration `json:"p50_ns"`
	P95      time.Duration `json:"p95_ns"`
	P99      time.Duration `json:"p99_ns"`
	Max      time.Duration `json:"max_ns"`
	Phases   Phases        `json:"phases"`
	Latency  Distribution  `json:"latency"`

	number int
}

// Number is the query's number (plan.Query.Number) in the process that the snapshot was taken in.
func (q Query) Number() int { return q.number }

// Failed is how many calls failed. A query for one row that found none did not.
func (q Query) Failed() uint64 {
	var n uint64
	for kind, count := range q.Errors {
		if kind != fault.NoRows.String() {
			n += count
		}
	}
	return n
}

// Phases are the sums of where the time of sampled calls went.
type Phases struct {
	Sampled uint64        `json:"sampled"`
	Pool    time.Duration `json:"pool_ns"`
	Server  time.Duration `json:"server_ns"`
	Scan    time.Duration `json:"scan_ns"`
}

// Pool is a pool at the snapshot's moment.
type Pool struct {
	Name string `json:"name"`
	Connections
}

// Snapshot gives what was counted until now. Calls that end meanwhile may stand in some figures and not yet in others.
func (r *Registry) Snapshot() Snapshot {
	s := Snapshot{Version: version, Taken: time.Now()}
	if r == nil {
		return s
	}
	r.mu.Lock()
	pools := r.pools
	s.Since = r.since
	slots := *r.slots.Load()
	r.mu.Unlock()
	for i := range slots {
		if from := slots[i].Load(); from != nil {
			if q := from.snapshot(); q.Calls > 0 {
				s.Queries = append(s.Queries, q)
			}
		}
	}
	s.fold()
	for _, g := range pools {
		s.Pools = append(s.Pools, Pool{g.name, g.read()})
	}
	all := r.shared.Load()
	s.PoolWaits, s.PoolTimeouts, s.Retries = all.waits.Snapshot(), all.timeouts.Load(), all.tries.Load()
	for o := range all.transactions {
		if d := all.transactions[o].Snapshot(); d.Count > 0 {
			if s.Transactions == nil {
				s.Transactions = map[string]Distribution{}
			}
			s.Transactions[Outcome(o).String()] = d
		}
	}
	s.Sites = r.repeats.snapshot()
	return s
}

func (s *slot) snapshot() Query {
	q := Query{Name: s.query.Name, Package: s.query.Package, Command: s.query.Command, Kind: s.query.Kind.String(), number: s.query.Number(),
		Latency: s.latency.Snapshot(), Rows: s.rows.Load(), Slow: s.slow.Load(), Repeated: s.repeated.Load(),
		Phases: Phases{Sampled: s.sampled.Load(), Pool: time.Duration(s.pool.Load()), Server: time.Duration(s.server.Load()), Scan: time.Duration(s.scan.Load())}}
	for k := range s.errors {
		if n := s.errors[k].Load(); n > 0 {
			if q.Errors == nil {
				q.Errors = map[string]uint64{}
			}
			q.Errors[fault.Kind(k).String()] = n
		}
	}
	q.derive()
	return q
}

// derive sets what follows from the latencies.
func (q *Query) derive() {
	d := q.Latency
	q.Calls, q.Total, q.Max = d.Count, d.Sum, d.Max
	q.P50, q.P95, q.P99 = d.Quantile(0.5), d.Quantile(0.95), d.Quantile(0.99)
}

// id is what a query is known by from process to process.
type id struct{ pkg, name string }

// fold makes one of queries with the same name, and puts all in order.
func (s *Snapshot) fold() {
	at := make(map[id]int, len(s.Queries))
	kept := s.Queries[:0]
	for _, q := range s.Queries {
		key := id{q.Package, q.Name}
		if i, ok := at[key]; ok {
			kept[i].merge(q)
			continue
		}
		at[key] = len(kept)
		kept = append(kept, q)
	}
	s.Queries = kept
	slices.SortFunc(s.Queries, func(a, b Query) int {
		return cmp.Or(-cmp.Compare(a.Total, b.Total), cmp.Compare(a.Package, b.Package), cmp.Compare(a.Name, b.Name))
	})
}

// merge adds what another snapshot has of the query.
func (q *Query) merge(o Query) {
	q.Rows, q.Slow, q.Repeated = q.Rows+o.Rows, q.Slow+o.Slow, q.Repeated+o.Repeated
	if len(o.Errors) > 0 {
		errors := maps.Clone(o.Errors)
		for kind, n := range q.Errors {
			errors[kind] += n
		}
		q.Errors = errors
	}
	p := &q.Phases
	p.Sampled, p.Pool, p.Server, p.Scan = p.Sampled+o.Phases.Sampled, p.Pool+o.Phases.Pool, p.Server+o.Phases.Server, p.Scan+o.Phases.Scan
	q.Latency.Merge(o.Latency)
	q.derive()
}

// Merge adds the snapshot of another process, or of another time: what both counted is the sum, Since the earlier and Taken the later of
// theirs. Pools stay those of s.
func (s *Snapshot) Merge(o Snapshot) {
	if o.Since.Before(s.Since) {
		s.Since = o.Since
	}
	if o.Taken.After(s.Taken) {
		s.Taken = o.Taken
	}
	s.Queries = slices.Concat(s.Queries, o.Queries)
	s.fold()
	s.PoolWaits.Merge(o.PoolWaits)
	s.PoolTimeouts, s.Retries = s.PoolTimeouts+o.PoolTimeouts, s.Retries+o.Retries
	s.Transactions = maps.Clone(s.Transactions)
	for outcome, d := range o.Transactions {
		if s.Transactions == nil {
			s.Transactions = map[string]Distribution{}
		}
		sum := s.Transactions[outcome]
		sum.Merge(d)
		s.Transactions[outcome] = sum
	}
	s.Sites = slices.Concat(s.Sites, o.Sites)
	sortSites(s.Sites)
}

// Write writes the snapshot as JSON, for ReadSnapshot.
func (s Snapshot) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	return e.Encode(s)
}

// ReadSnapshot reads what Write wrote. It refuses snapshots of another version, whose buckets may mean something else.
func ReadSnapshot(r io.Reader) (Snapshot, error) {
	var s Snapshot
	if err := json.NewDecoder(r).Decode(&s); err != nil {
		return s, fmt.Errorf("covetsql: reading a snapshot of metrics: %w", err)
	}
	if s.Version != version {
		return s, fmt.Errorf("covetsql: this is a snapshot of metrics of version %d, and %d is what is read here: take it anew", s.Version, version)
	}
	for i := range s.Queries {
		s.Queries[i].derive()
	}
	s.fold()
	return s, nil
}
