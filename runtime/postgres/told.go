package postgres

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/plan"
)

// told is what is told of a call: to metrics, traces, the log of slow queries, and the cache.
type told struct {
	query *plan.Query
	began int64 // now's time, as those below
	span  metrics.Span
	// Of a sampled call: when it had its connection, and when the server's first answer was there.
	sampled       bool
	got, answered int64
}

// begin begins to tell of a call.
func (d *DB) begin(ctx context.Context, q *plan.Query) (context.Context, told) {
	t := told{query: q, began: now()}
	m := d.monitor
	if m == nil || q == nil {
		return ctx, t
	}
	m.Seen(ctx, q)
	t.sampled = m.Sample(q)
	ctx, t.span = m.Start(ctx, q)
	return ctx, t
}

func (t *told) connected() {
	if t.sampled {
		t.got = now()
	}
}

func (t *told) answer() {
	if t.sampled {
		t.answered = now()
	}
}

// end is what is told of the end of a call. It is made before the connection is given back, and told after.
type end struct {
	told
	at   int64
	rows int64
	kind fault.Kind
	err  error
	args []any
}

// ended makes the end of a call.
func (d *DB) ended(t told, rows int64, err error, a *args) end {
	e := end{told: t, at: now(), rows: rows, err: err}
	if err != nil {
		e.kind = d.core.Fault(err).Kind
	}
	if a != nil && d.monitor.IsSlow(time.Duration(e.at-t.began)) {
		e.args = a.described()
	}
	return e
}

// tell tells of the end of a call.
func (d *DB) tell(ctx context.Context, e end) {
	m := d.monitor
	if m == nil || e.query == nil {
		return
	}
	took := time.Duration(e.at - e.began)
	m.Done(e.query, took, e.rows, e.kind)
	var phases metrics.Phases
	if e.sampled && e.got != 0 && e.answered != 0 {
		pool, server, scan := time.Duration(e.got-e.began), time.Duration(e.answered-e.got), time.Duration(e.at-e.answered)
		m.Phases(e.query, pool, server, scan)
		phases = metrics.Phases{Sampled: 1, Pool: pool, Server: server, Scan: scan}
	}
	if e.span != nil {
		e.span.End(e.rows, e.kind, e.err)
	}
	if m.IsSlow(took) {
		m.Slow(ctx, metrics.Call{Query: e.query, Took: took, Rows: e.rows, Kind: e.kind, Err: e.err, Phases: phases, Args: e.args})
	}
}

// described tells of arguments by their types and lengths.
func (a *args) described() []any {
	var out []any
	for at, i := 0, 0; at+4 <= len(a.buffer) && i < len(a.oids); i++ {
		d := metrics.Argument{Type: "unknown", Length: int(int32(binary.BigEndian.Uint32(a.buffer[at:])))}
		if t, ok := a.types.TypeForOID(a.oids[i]); ok {
			d.Type = t.Name
		}
		at += 4 + max(d.Length, 0)
		out = append(out, d)
	}
	return out
}
