package sem

import (
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

func (s *scope) windowNamed(name string, caseless bool) *ir.Window {
	for i := range s.windows {
		if w := &s.windows[i]; w.Name != nil && sameName(w.Name.Name, name, caseless) {
			return w
		}
	}
	return nil
}

// over binds the OVER clause of a call.
func (b *binder) over(x *ir.FuncCall, s *scope) {
	s.windowed = true
	b.window(x.Over, s)
}

// window binds a window's parts and checks the window it refers to.
func (b *binder) window(w *ir.Window, s *scope) {
	saved := s.clause
	if !s.clause.grouped() {
		s.clause = inItems
	}
	defer func() { s.clause = saved }()
	if w.Ref != nil && s.windowNamed(w.Ref.Name, b.traits.CaselessNames) == nil {
		var names []string
		for i := range s.windows {
			if s.windows[i].Name != nil {
				names = append(names, s.windows[i].Name.Name)
			}
		}
		b.report(near(diag.New(diag.UnknownWindow, w.Ref.Span(), "no window %q", w.Ref.Name), w.Ref.Name, names))
	}
	windows := s.windowCalls
	defer func() {
		if s.windowCalls > windows {
			b.report(diag.New(diag.MisplacedAggregate, w.Span(), "a window is not defined by window functions"))
		}
	}()
	text := b.sem.Result(types.Type{Name: "unknown", Kind: types.Unknown})
	for _, p := range w.Partition {
		v := b.whole(p, s)
		b.settle(&v, text, p)
		b.orderable(v.typ, p, "PARTITION BY")
	}
	for i := range w.OrderBy {
		if l, ok := w.OrderBy[i].X.(*ir.Literal); ok && l.Kind == ir.Integer {
			continue
		}
		v := b.whole(w.OrderBy[i].X, s)
		b.settle(&v, text, w.OrderBy[i].X)
		b.orderable(v.typ, w.OrderBy[i].X, "ORDER BY")
	}
	if f := w.Frame; f != nil {
		for _, x := range [...]ir.Expr{f.Start.X, f.End.X} {
			if x == nil {
				continue
			}
			v := b.expr(x, s)
			if v.uses.Intersects(s.local) {
				b.report(diag.New(diag.TypeMismatch, x.Span(), "a frame's bound can not depend on the rows"))
			}
			if f.Unit != "RANGE" {
				b.settle(&v, b.traits.LimitType, x)
				if !v.bad && !v.untyped() && !b.sem.Assignable(b.sem.Base(v.typ), b.traits.LimitType) {
					b.report(diag.New(diag.TypeMismatch, x.Span(), "a frame of %s is bounded by %s, not %s", f.Unit, b.traits.LimitType, v.typ))
				}
			}
		}
	}
}
