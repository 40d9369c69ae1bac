package sem

import (
	"fmt"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

// A unique index may have keys that are computed, and hold of some rows only: CREATE UNIQUE INDEX ON t (lower(name)) WHERE NOT
// deleted. It is a key where a condition asks for just those rows, and for the same expression.

// uniqueKey is such an index of a relation.
type uniqueKey struct {
	// parts are its columns and the ids of what it computes; never those of them that are not NULL in any row.
	parts, never rel.ColSet
	// from are the columns that each computed part is made of, by its id.
	from map[rel.ColID]rel.ColSet
	// when is what must be asked for, as assertion prints it.
	when []string
}

// uniqueKeys finds those of r's table that rel does not know by itself.
func (b *binder) uniqueKeys(r *relation) []uniqueKey {
	var out []uniqueKey
	var s *scope
	for _, ix := range r.table.Indexes {
		if !ix.Unique || ix.Alone || ix.Where != "" && ix.WhereExpr == nil {
			continue
		}
		plain := ix.WhereExpr == nil
		for i := range ix.Parts {
			plain = plain && ix.Parts[i].Column != ""
		}
		if plain {
			continue
		}
		if s == nil {
			s = b.scratch.scopes.keep(scope{clause: inWhere})
			s.push(&frame{rels: []*relation{r}, cols: r.cols})
		}
		if k, ok := b.uniqueKey(ix, r, s); ok {
			out = append(out, k)
		}
	}
	return out
}

func (b *binder) uniqueKey(ix *catalog.Index, r *relation, s *scope) (uniqueKey, bool) {
	var k uniqueKey
	for i := range ix.Parts {
		p := &ix.Parts[i]
		if p.Collation != "" || p.OpClass != "" && p.Column == "" {
			return k, false
		}
		if p.Column != "" {
			c := columnOf(r, p.Column, b.traits.CaselessNames)
			if c == nil {
				return k, false
			}
			k.parts = k.parts.With(c.id)
			if c.null.IsNever() {
				k.never = k.never.With(c.id)
			}
			continue
		}
		if p.X == nil || p.Length != 0 {
			return k, false
		}
		v := b.ofRow(p.X, r)
		if v.bad || v.volatile || v.uses.Empty() {
			return k, false
		}
		id := b.computedID(b.indexPrint(p.X, s), v)
		k.parts = k.parts.With(id)
		if v.null.IsNever() {
			k.never = k.never.With(id)
		}
		if k.from == nil {
			k.from = map[rel.ColID]rel.ColSet{}
		}
		k.from[id] = v.uses
	}
	for _, x := range conjunctsOf(ix.WhereExpr) {
		k.when = append(k.when, b.assertion(x, s))
	}
	return k, true
}

// computedID is the id of what an index computes, by its print.
func (b *binder) computedID(print string, v value) rel.ColID {
	id := b.indexed[print]
	if id == 0 {
		id = b.meta.Add(rel.Column{Type: v.typ})
		if b.indexed == nil {
			b.indexed = map[string]rel.ColID{}
		}
		b.indexed[print] = id
	}
	return id
}

// indexPrint is print without the cast of a column from varchar to text that PostgreSQL writes out in an index.
func (b *binder) indexPrint(x ir.Node, s *scope) string {
	b.printsIndexed = true
	defer func() { b.printsIndexed = false }()
	return b.print(x, s)
}

// idle tells whether a cast does nothing to what an index holds.
func (b *binder) idle(x *ir.Cast, s *scope) bool {
	ref, ok := x.X.(*ir.ColumnRef)
	if !ok || x.Type.Name.Last() != "text" || x.Type.Dims > 0 {
		return false
	}
	c := b.peek(ref, s)
	return c != nil && (c.typ.Name == "varchar" || c.typ.Name == "text") && c.typ.Dims == 0
}

func columnOf(r *relation, name string, caseless bool) *column {
	for _, c := range r.cols {
		if c.source != nil && sameName(c.source.Name, name, caseless) {
			return c
		}
	}
	return nil
}

func conjunctsOf(x ir.Expr) []ir.Expr {
	if x == nil {
		return nil
	}
	l, ok := x.(*ir.Logical)
	if !ok || l.Op != "AND" {
		return []ir.Expr{x}
	}
	var out []ir.Expr
	for _, a := range l.Args {
		out = append(out, conjunctsOf(a)...)
	}
	return out
}

// assertion prints a condition so that conditions which are true for the same rows print alike: deleted = false and NOT deleted.
func (b *binder) assertion(x ir.Expr, s *scope) string {
	switch x := x.(type) {
	case *ir.ColumnRef:
		return b.truthOf(x, true, s)
	case *ir.Not:
		if c, ok := x.X.(*ir.ColumnRef); ok {
			return b.truthOf(c, false, s)
		}
	case *ir.IsTest:
		c, ok := x.X.(*ir.ColumnRef)
		switch {
		case !ok || x.Not && x.What != "NULL":
		case x.What == "TRUE", x.What == "FALSE":
			return b.truthOf(c, x.What == "TRUE", s)
		case x.What == "NULL" && x.Not:
			if col := b.peek(c, s); col != nil {
				return thereOf(col.id)
			}
		}
	case *ir.Binary:
		if x.Op != "=" && x.Op != "<>" {
			break
		}
		l, r := x.L, x.R
		if _, ok := l.(*ir.ColumnRef); !ok {
			l, r = r, l
		}
		c, ok := l.(*ir.ColumnRef)
		lit := plainLiteral(r)
		if !ok || lit == nil || lit.Kind == ir.Null {
			break
		}
		if lit.Kind == ir.Bool {
			return b.truthOf(c, (lit.Text == "true") == (x.Op == "="), s)
		}
		return fmt.Sprintf("%s %s%d%q", b.print(c, s), x.Op, lit.Kind, lit.Text)
	}
	return b.print(x, s)
}

func thereOf(id rel.ColID) string { return fmt.Sprintf("#%d there", id) }

func (b *binder) truthOf(c *ir.ColumnRef, truth bool, s *scope) string {
	return fmt.Sprintf("%s is %t", b.print(c, s), truth)
}

// plainLiteral is the constant that x is, be it cast.
func plainLiteral(x ir.Expr) *ir.Literal {
	switch x := x.(type) {
	case *ir.Literal:
		return x
	case *ir.Cast:
		if l := plainLiteral(x.X); l != nil && l.Kind == ir.String {
			return l
		}
	}
	return nil
}

// asked are the dependencies of the unique indexes that a condition asks for: of frames' rows for which x is true. v is the
// condition's value, notNull what is not NULL in those rows.
func (b *binder) asked(frames []*frame, x ir.Expr, v *value, notNull rel.ColSet, s *scope) []rel.FD {
	var out []rel.FD
	var said map[string]bool
	there := notNull.Union(v.ifTrue)
	for _, e := range v.equal {
		there = there.With(e.A).With(e.B)
	}
	for _, f := range frames {
		for _, r := range f.rels {
			for _, k := range r.uniques {
				if said == nil && len(k.when) > 0 {
					said = map[string]bool{}
					for _, c := range conjunctsOf(x) {
						said[b.assertion(c, s)] = true
					}
					there.Each(func(id rel.ColID) { said[thereOf(id)] = true })
				}
				asked := true
				for _, w := range k.when {
					asked = asked && said[w]
				}
				if !asked {
					continue
				}
				for id, from := range k.from {
					out = append(out, rel.FD{From: from, To: rel.MakeColSet(id)})
				}
				unless := k.parts.Minus(there)
				if f.holds(r.row) {
					unless = unless.Minus(k.never)
				}
				out = append(out, rel.FD{From: k.parts, To: rel.MakeColSet(r.row), Unless: unless})
			}
		}
	}
	return out
}

// holds tells whether no outer join in f pads a relation.
func (f *frame) holds(row rel.ColID) bool {
	for _, r := range f.rels {
		if r.row == row {
			return len(r.pads) == 0
		}
	}
	return false
}

// computedEquation is x = constant, where an index computes x too.
func (b *binder) computedEquation(l, r value, lx, rx ir.Expr, s *scope) []rel.Equality {
	if len(b.indexed) == 0 || s == nil {
		return nil
	}
	one := func(v, other value, x ir.Expr) []rel.Equality {
		if x == nil || v.col != nil || v.uses.Empty() || v.volatile || other.volatile || !other.uses.Empty() || !b.sem.Base(other.typ).Known() {
			return nil
		}
		lt, rt, ok := b.sem.Comparable(v.operand(), other.operand())
		if as := b.keyType(v.typ); !ok || !b.keyType(lt).Same(as) && !b.keyType(rt).Same(as) {
			return nil
		}
		if id := b.indexed[b.indexPrint(x, s)]; id != 0 {
			return []rel.Equality{{A: id}}
		}
		return nil
	}
	if out := one(l, r, lx); out != nil {
		return out
	}
	return one(r, l, rx)
}

// viewKeys are sets of a view's columns that determine its rows, as its query has it over the schema as it is now. ids are those of
// its columns here.
func (b *binder) viewKeys(r *relation, ids []rel.ColID) []rel.ColSet {
	t := r.table
	if t.Query == nil || t.Kind != catalog.View && t.Kind != catalog.MaterializedView || b.depth > maxBodyDepth {
		return nil
	}
	inner := newBinder(nil, b.in, b.d, Options{LaxFunctions: true, Tolerant: true})
	inner.depth = b.depth + 10
	out := inner.query(t.Query, nil, nil, nil)
	if out.bad || inner.mistaken || len(inner.diags) > 0 || len(out.cols) != len(ids) {
		return nil
	}
	p := out.node.Props()
	if len(p.Cols) != len(ids) {
		return nil
	}
	var keys []rel.ColSet
	for _, k := range p.Keys() {
		var mapped rel.ColSet
		for i, id := range p.Cols {
			if k.Has(id) {
				mapped = mapped.With(ids[i])
			}
		}
		keys = append(keys, mapped)
	}
	return keys
}

// pinned are the columns for which a CHECK leaves one value: the only row of a table of settings.
func (b *binder) pinned(r *relation) rel.ColSet {
	var out rel.ColSet
	for _, k := range r.table.Constraints {
		if k.Kind != ir.Check || k.X == nil || k.NotValid || r.table.HasChildren {
			continue
		}
		for _, conjunct := range conjunctsOf(k.X) {
			x := conjunct
			equated := false
			if eq, ok := x.(*ir.Binary); ok && eq.Op == "=" {
				x = eq.L
				lit := plainLiteral(eq.R)
				if lit == nil {
					x, lit = eq.R, plainLiteral(eq.L)
				}
				equated = lit != nil && lit.Kind != ir.Null
			}
			ref, ok := x.(*ir.ColumnRef)
			if !ok {
				continue
			}
			c := columnOf(r, ref.Parts[len(ref.Parts)-1].Name, b.traits.CaselessNames)
			if c != nil && c.source.NotNull && (equated || x == conjunct && b.sem.Base(c.typ).Name == "bool") {
				out = out.With(c.id)
			}
		}
	}
	return out
}
