package sem

import (
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

// Where a condition rejects NULL of a computed expression, as WHERE data ->> 'k' IS NOT NULL
// or HAVING sum(x) > 0, the same expression is not NULL in the clauses that follow. Such an
// expression gets an id of its own, which stands in the sets of what a predicate proves
// beside the ids of columns.

// tracked marks v, the value of x, so that a condition on it can be remembered.
func (b *binder) tracked(x ir.Expr, v value, s *scope) value {
	if s.clause != inWhere && s.clause != inHaving && s.clause != inFrom && b.testing == 0 || !computed(x) {
		return v
	}
	if v.bad || v.volatile || v.null.IsNever() || v.col != nil || v.lit != nil || len(v.row) > 0 || v.uses.Empty() || b.varies(x) {
		return v
	}
	p := b.print(x, s)
	id := b.tokens[p]
	if id == 0 {
		id = b.meta.Add(rel.Column{Type: v.typ})
		if b.tokens == nil {
			b.tokens = map[string]rel.ColID{}
		}
		b.tokens[p] = id
	}
	v.strict = v.strict.With(id)
	return v
}

// proved tells whether a condition before it keeps the computed expression x from being NULL.
func (b *binder) proved(x ir.Expr, v *value, s *scope) {
	if len(b.tokens) == 0 || v.null.IsNever() || v.volatile || !computed(x) || b.varies(x) {
		return
	}
	id := b.tokens[b.print(x, s)]
	for t := s; id != 0 && t != nil; t = t.parent {
		if t.clause.grouped() && t.kept.Has(id) {
			v.null = types.NotNull
			return
		}
		if t.clause.grouped() && (t.empty || t.group != nil && t.group.sets > 0) {
			return // there are rows that no condition saw: of no group, of a grouping set
		}
		if t.known.notNull.Has(id) {
			v.null = types.NotNull
			return
		}
	}
}

// varies tells whether there is a subquery in x that may give another value each time.
func (b *binder) varies(x ir.Expr) bool {
	found := false
	if len(b.moody) > 0 {
		ir.Walk(x, func(n ir.Node) bool {
			if q, ok := n.(ir.Query); ok {
				found = found || b.moody[q]
			}
			return !found
		})
	}
	return found
}

// computed tells whether x is a form that is worth remembering.
func computed(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.FuncCall:
		return x.Over == nil
	case *ir.Binary, *ir.Cast, *ir.Index, *ir.Field:
		return true
	}
	return false
}

// remember makes what a clause's condition proved known to the clauses after it.
func (s *scope) remember(v *value) {
	s.known.notNull = s.known.notNull.Union(v.ifTrue)
}
