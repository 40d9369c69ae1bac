package metrics

import (
	"context"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/plan"
)

// Tracer makes spans of calls.
type Tracer interface {
	// Start begins the span of a call of q. A call that is not to be traced gives ctx as it came, and nil; that is decided before
	// anything is built.
	Start(ctx context.Context, q *plan.Query) (context.Context, Span)
}

// Span is one call.
type Span interface {
	// End ends the span: how many rows the call gave or changed (below 0: not known), and how it failed. Its end is now.
	End(rows int64, k fault.Kind, err error)
}

// Start begins the span of a call of q by the registry's tracer. The span is nil where the call is not traced, and costs next to nothing
// then.
func (r *Registry) Start(ctx context.Context, q *plan.Query) (context.Context, Span) {
	if r == nil || r.opts.Tracer == nil {
		return ctx, nil
	}
	return r.opts.Tracer.Start(ctx, q)
}
