package sem

import (
	"fmt"
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
)

// print writes an expression so that two which mean the same in s print alike: columns by
// id, whatever their qualification.
func (b *binder) print(x ir.Node, s *scope) string {
	var w strings.Builder
	b.printTo(&w, x, s)
	return w.String()
}

func (b *binder) printTo(w *strings.Builder, x ir.Node, s *scope) {
	switch x := x.(type) {
	case nil:
		return
	case *ir.ColumnRef:
		if c := b.peek(x, s); c != nil {
			fmt.Fprintf(w, "#%d", c.id)
			return
		}
		if r := b.rowNamed(x, s); r != nil { // a row, or what is read of one by a function
			fmt.Fprintf(w, "#%d", r.row)
		}
		for _, p := range x.Parts {
			w.WriteString("." + strings.ToLower(p.Name))
		}
		return
	case *ir.Literal:
		fmt.Fprintf(w, "%d%q", x.Kind, x.Text)
		return
	case *ir.Param:
		if x.Ref >= 0 && x.Ref < len(b.occurs) {
			fmt.Fprintf(w, "$%d", b.occurs[x.Ref].param)
		}
		return
	case *ir.Unary:
		w.WriteString(x.Op)
	case *ir.Binary:
		w.WriteString(x.Op)
	case *ir.Logical:
		w.WriteString(x.Op)
	case *ir.IsTest:
		fmt.Fprintf(w, "%s%t", x.What, x.Not)
	case *ir.Between:
		fmt.Fprintf(w, "%t%t", x.Not, x.Symmetric)
	case *ir.In:
		fmt.Fprintf(w, "%t", x.Not)
	case *ir.Like:
		fmt.Fprintf(w, "%s%t", x.Op, x.Not)
	case *ir.FuncCall:
		fmt.Fprintf(w, "%s%t%t%d,%d,%t%s", strings.ToLower(x.Name.String()), x.Star, x.Distinct, len(x.Args), len(x.Within), x.Filter != nil, x.Nulls)
		for i := range x.Args {
			if x.Args[i].Variadic {
				w.WriteString("variadic")
			}
		}
	case *ir.Quantified:
		fmt.Fprintf(w, "%s%t", x.Op, x.All)
	case *ir.Index:
		fmt.Fprintf(w, "%t%t%t", x.Slice, x.Lo != nil, x.Hi != nil)
	case *ir.Cast:
		if b.printsIndexed && b.idle(x, s) {
			b.printTo(w, x.X, s)
			return
		}
		fmt.Fprintf(w, "%s%v%d%t", strings.ToLower(x.Type.Name.String()), x.Type.Mods, x.Type.Dims, x.Type.Unsigned)
	case *ir.Interval:
		w.WriteString(strings.ToLower(x.Unit))
	case *ir.Field:
		w.WriteString(x.Name.Name)
	case *ir.OrderItem:
		fmt.Fprintf(w, "%t%s%s", x.Desc, x.Nulls, x.Using)
	case *ir.Collate:
		w.WriteString(x.Name.String())
	case *ir.Subquery:
		fmt.Fprintf(w, "%t", x.Array)
	case ir.Query:
		b.printQuery(w, x, s)
		return
	case *ir.Ident:
		w.WriteString(x.Name)
	}
	fmt.Fprintf(w, "%T(", x)
	for _, c := range ir.Children(x) {
		if _, name := c.(*ir.Name); name {
			continue
		}
		if _, t := c.(*ir.TypeName); t {
			continue
		}
		b.printTo(w, c, s)
		w.WriteByte(',')
	}
	w.WriteByte(')')
}

// printQuery writes a subquery as its text, with what the text alone does not say: which columns
// around it its names may mean, which arguments its parameters are, and which of several
// common table expressions of one name it reads.
func (b *binder) printQuery(w *strings.Builder, q ir.Query, s *scope) {
	w.WriteString(q.Span().Text())
	ir.Walk(q, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.ColumnRef:
			b.printTo(w, n, s)
		case *ir.Param:
			b.printTo(w, n, s)
		case *ir.TableRef:
			if len(n.Name.Parts) == 1 {
				fmt.Fprintf(w, "%p", s.env.find(n.Name.Last(), b.traits.CaselessNames))
			}
		}
		return true
	})
}

// rowNamed is the relation that x, which names no column, begins with.
func (b *binder) rowNamed(x *ir.ColumnRef, s *scope) *relation {
	for t := s; t != nil && len(x.Parts) > 0; t = t.parent {
		if r := t.relationNamed("", x.Parts[max(0, len(x.Parts)-2)].Name, b.traits.CaselessNames); r != nil {
			return r
		}
	}
	return nil
}

// peek resolves a reference without reporting or noting anything.
func (b *binder) peek(x *ir.ColumnRef, s *scope) *column {
	n := len(x.Parts)
	if n == 0 {
		return nil
	}
	name := x.Parts[n-1].Name
	for t := s; t != nil; t = t.parent {
		if n == 1 {
			if c, count, _ := b.lookup(name, t); count == 1 {
				return c
			}
			continue
		}
		if r := t.relationNamed("", x.Parts[n-2].Name, b.traits.CaselessNames); r != nil {
			for _, c := range r.cols {
				if sameName(c.name, name, b.traits.CaselessNames) {
					return c
				}
			}
		}
	}
	return nil
}
