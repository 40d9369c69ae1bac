package runtime

import (
	"context"
	"time"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/plan"
)

// Watch is what the monitor is told of one query: an adapter makes it as the query begins and ends it with the query. The zero value
// tells nobody.
type Watch struct {
	monitor Monitor
	q       *plan.Query
	start   time.Time
	span    metrics.Span
}

// Watch begins to watch a query; q may be nil, and nobody is told of that one. The context is that of the query's span, where it has one.
func (d *DB[C]) Watch(ctx context.Context, q *plan.Query) (context.Context, Watch) {
	if d.monitor == nil || q == nil {
		return ctx, Watch{}
	}
	d.monitor.Seen(ctx, q)
	w := Watch{monitor: d.monitor, q: q, start: time.Now()}
	ctx, w.span = d.monitor.Start(ctx, q)
	return ctx, w
}

// End tells how the query ended: how many rows it gave or changed, and its error with the error's kind. args gives its arguments for
// the log, where it is slow; nil: none are told of.
func (w *Watch) End(ctx context.Context, rows int64, kind fault.Kind, err error, args func() []any) {
	if w.monitor == nil {
		return
	}
	took := time.Since(w.start)
	w.monitor.Done(w.q, took, rows, kind)
	if w.span != nil {
		w.span.End(rows, kind, err)
	}
	if w.monitor.IsSlow(took) {
		c := metrics.Call{Query: w.q, Took: took, Rows: rows, Kind: kind, Err: err}
		if args != nil {
			c.Args = args()
		}
		w.monitor.Slow(ctx, c)
	}
}
