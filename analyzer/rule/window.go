package rule

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

// Window is what an OVER clause in a block means: its parts with those of the windows that it refers to.
func (q *Query) Window(in *sem.Block, over *ir.Window) ir.Window {
	w := *over
	s, ok := in.Query.(*ir.Select)
	for ref, depth := w.Ref, 0; ok && ref != nil && depth < 20; depth++ {
		var base *ir.Window
		for i := range s.Windows {
			if n := s.Windows[i].Name; n != nil && (n.Name == ref.Name || q.Package.Traits.CaselessNames && strings.EqualFold(n.Name, ref.Name)) {
				base = &s.Windows[i]
			}
		}
		if base == nil {
			break
		}
		if len(w.Partition) == 0 {
			w.Partition = base.Partition
		}
		if len(w.OrderBy) == 0 {
			w.OrderBy = base.OrderBy
		}
		if w.Frame == nil {
			w.Frame = base.Frame
		}
		ref = base.Ref
	}
	return w
}

// Unties tells whether no two rows of a window's partition tie in its order, as far as is known.
func (q *Query) Unties(in *sem.Block, w ir.Window) bool {
	rows := windowed(in.Node)
	if rows == nil {
		return true
	}
	var by rel.ColSet
	for _, x := range w.Partition {
		by = by.With(q.Value(x).Column)
	}
	for i := range w.OrderBy {
		by = by.With(q.Value(w.OrderBy[i].X).Column)
	}
	return Ending{Rows: rows}.Decides(q.counted(rows, by))
}

// windowed is what a block's windows slide over; nil where it has none.
func windowed(n rel.Node) rel.Node {
	for n != nil {
		switch at := n.(type) {
		case *rel.Window:
			return at.Input
		case *rel.With:
			n = at.Input
		case *rel.Project, *rel.Distinct, *rel.Sort, *rel.Limit, *rel.Lock:
			n = at.Inputs()[0]
		default:
			return nil
		}
	}
	return nil
}
