package random

import (
	"context"
	"errors"
	"slices"

	"github.com/covetsql/covetsql/internal/truth"
)

// A dialect of two servers has one answer for both, so what one of them does not show to be NULL the
// other one may.

// sibling is the lab of the other server of the dialect, opened when it is first asked for; nil where
// there is none.
func (l *Lab) sibling(ctx context.Context) (*Lab, error) {
	if l.Language.Sibling == "" || l.beside != nil {
		return l.beside, nil
	}
	var err error
	l.beside, err = Open(ctx, l.Language.Sibling, len(l.open))
	return l.beside, err
}

// askSibling looks for the NULLs that a query has not shown in the other server of the dialect, over the
// same tables with rows of the same shapes. A server that refuses them or the query shows none.
func (r *round) askSibling(ctx context.Context, v *verdict) error {
	if !r.settled {
		r.settled = true
		if err := r.settleSibling(ctx); err != nil {
			return err
		}
	}
	o := r.beside
	if o == nil || o.lost {
		return nil
	}
	if _, err := o.sets[0].server.Describe(ctx, v.query); err != nil {
		o.lost = o.lab.lost(err)
		return nil
	}
	there := &verdict{query: v.query, rows: v.rows, seen: truth.Seen{Null: slices.Clone(v.seen.Null), Value: slices.Clone(v.seen.Value)}}
	open := func() bool { return len(there.found) == 0 && !there.ended() && len(there.clumsy(1)) > 0 }
	for i := 0; i < len(o.sets) && open(); i++ {
		o.run(ctx, there, o.sets[i], 3, false)
	}
	if open() {
		o.witness(ctx, there)
	}
	v.seen = there.seen
	for _, f := range there.found {
		if o.lab.Language.difference(v.query.SQL, f) == "" {
			v.found = append(v.found, f)
		}
	}
	return nil
}

// settleSibling makes the round's databases on the other server, with those of its views that it takes.
func (r *round) settleSibling(ctx context.Context) error {
	lab, err := r.lab.sibling(ctx)
	if err != nil || lab == nil {
		return err
	}
	s := *r.schema
	s.views, s.creates = nil, nil
	var refused *schemaError
	o, err := begin(ctx, lab, &s, r.seed)
	if errors.As(err, &refused) {
		return nil
	}
	if err != nil {
		return err
	}
	for i, create := range r.schema.creates {
		if !slices.ContainsFunc(o.sets, func(d *dataset) bool { return d.server.Exec(ctx, create) != nil }) {
			s.views, s.creates = append(s.views, r.schema.views[i]), append(s.creates, create)
		}
	}
	r.beside = o
	return nil
}
