package plans

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/plan"
)

// Options is what a Watcher is made of.
type Options struct {
	// Engine is "postgresql", "mysql", "mariadb" or "sqlite".
	Engine string
	// Explain asks the server for a query's plan as Of reads it, without running the query. Plans for any arguments are best
	// (GENERIC_PLAN on PostgreSQL), as those for certain ones change with them: each partition that they choose has a plan of its own.
	Explain func(ctx context.Context, q *plan.Query) (string, error)
	// Logger is told of plans that a query did not have before; nil is slog.Default.
	Logger *slog.Logger
	// Changed is told of each change, those back to a plan that the query had before too; nil: nobody.
	Changed func(Change)
}

// Change is a query whose plan is another one than when it was looked at last.
type Change struct {
	Query       *plan.Query
	Before, Now Shape
	// Since is from when on it had the plan before, Noted when the other one was seen.
	Since, Noted time.Time
	// SeenBefore tells that the query had this plan already at another time.
	SeenBefore bool
}

// Watcher remembers the shapes of plans. All methods may be called at the same time.
type Watcher struct {
	opts Options

	mu   sync.Mutex
	seen map[string]*history
}

// history has the shapes of a query, the one that it has now last.
type history struct {
	Shapes []Shape   `json:"shapes"`
	Since  time.Time `json:"since"`
}

// most is how many shapes of a query are remembered.
const most = 8

// New makes a watcher that has seen nothing.
func New(o Options) *Watcher {
	return &Watcher{opts: o, seen: map[string]*history{}}
}

// log is who is told.
func (w *Watcher) log() *slog.Logger {
	if w.opts.Logger == nil {
		return slog.Default()
	}
	return w.opts.Logger
}

// Look asks for the plan of a query and tells whether it changed; changed is false for the first one.
func (w *Watcher) Look(ctx context.Context, q *plan.Query) (c Change, changed bool, err error) {
	text, err := w.opts.Explain(ctx, q)
	if err != nil {
		return c, false, fmt.Errorf("covetsql: the plan of %s is not to be had: %w", name(q), err)
	}
	shape, err := Of(w.opts.Engine, text)
	if err != nil {
		return c, false, fmt.Errorf("%s: %w", name(q), err)
	}
	if c, changed = w.note(q, shape); !changed {
		return c, false, nil
	}
	if !c.SeenBefore {
		w.log().LogAttrs(ctx, slog.LevelWarn, "the plan of a query changed", slog.String("query", name(q)),
			slog.String("before", string(c.Before)), slog.String("now", string(c.Now)), slog.Time("since", c.Since))
	}
	if w.opts.Changed != nil {
		w.opts.Changed(c)
	}
	return c, true, nil
}

// note remembers a shape.
func (w *Watcher) note(q *plan.Query, shape Shape) (Change, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	h := w.seen[name(q)]
	if h == nil {
		w.seen[name(q)] = &history{Shapes: []Shape{shape}, Since: now}
		return Change{}, false
	}
	before := h.Shapes[len(h.Shapes)-1]
	if before == shape {
		return Change{}, false
	}
	c := Change{Query: q, Before: before, Now: shape, Since: h.Since, Noted: now}
	if i := slices.Index(h.Shapes, shape); i >= 0 {
		c.SeenBefore = true
		h.Shapes = slices.Delete(h.Shapes, i, i+1)
	}
	h.Shapes = append(h.Shapes, shape)
	h.Shapes = h.Shapes[max(0, len(h.Shapes)-most):]
	h.Since = now
	return c, true
}

// Run looks, until ctx ends, every so often at those queries that took most of the time in r: at most top of them. Errors of single
// queries are told by the logger, once a query; the error that it gives is ctx's.
func (w *Watcher) Run(ctx context.Context, r *metrics.Registry, every time.Duration, top int) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	told := map[*plan.Query]bool{}
	for {
		all := plan.All()
		looked := 0
		for _, s := range r.Snapshot().Queries {
			q := all[s.Number()]
			if looked == top || ctx.Err() != nil {
				break
			}
			if q.SQL == "" || q.Kind > plan.Write { // put together at run time, or nothing to be planned
				continue
			}
			looked++
			if _, _, err := w.Look(ctx, q); err != nil && ctx.Err() == nil && !told[q] {
				told[q] = true
				w.log().LogAttrs(ctx, slog.LevelWarn, "the plan of a query is not watched", slog.String("query", name(q)), slog.String("error", err.Error()))
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// Shape gives the shape that a query has now, as far as is known.
func (w *Watcher) Shape(q *plan.Query) (Shape, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	h := w.seen[name(q)]
	if h == nil {
		return "", false
	}
	return h.Shapes[len(h.Shapes)-1], true
}

// saved is a watcher as JSON.
type saved struct {
	Version int                 `json:"version"`
	Engine  string              `json:"engine"`
	Queries map[string]*history `json:"queries"`
}

const version = 1

// Write writes what is remembered as JSON, for Read: so that a change over a restart, or a release, is told of too.
func (w *Watcher) Write(to io.Writer) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	e := json.NewEncoder(to)
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	return e.Encode(saved{version, w.opts.Engine, w.seen})
}

// Read remembers what Write wrote, instead of what was seen until now.
func (w *Watcher) Read(from io.Reader) error {
	var s saved
	if err := json.NewDecoder(from).Decode(&s); err != nil {
		return fmt.Errorf("covetsql: reading remembered plans: %w", err)
	}
	if s.Version != version || s.Engine != w.opts.Engine {
		return fmt.Errorf("covetsql: these are remembered plans of version %d of %q; %d of %q are what is read here", s.Version, s.Engine, version, w.opts.Engine)
	}
	for query, h := range s.Queries {
		if h == nil || len(h.Shapes) == 0 || len(h.Shapes) > most {
			return errors.New("covetsql: remembered plans have none, or too many, of " + query)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = s.Queries
	if w.seen == nil {
		w.seen = map[string]*history{}
	}
	return nil
}

func name(q *plan.Query) string {
	if q.Package == "" {
		return q.Name
	}
	return q.Package + "." + q.Name
}
