package sem

import (
	"slices"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

// A foreign key proves that the row it refers to exists: an outer join, a subquery or a
// lateral query that asks for just that row finds it. Both tables are read as of one moment,
// so this does not hold of rows that are locked or changed, which are read anew.

// partnerNeeds tells whether each row of keep has a partner in opt where all of needs is
// proved of it: opt is all rows of one table and the condition asks for the row that a foreign
// key refers to, or opt has a row and there is no condition.
func (b *binder) partnerNeeds(t *ir.Join, keep, opt *frame, cond value) (needs rel.ColSet, ok bool) {
	if void(keep.node) { // each of its rows has
		return needs, true
	}
	if always(t.On) || t.On != nil && cond.holds() {
		if opt.node.Props().Card.Min >= 1 || len(opt.rels) != 1 {
			return needs, opt.node.Props().Card.Min >= 1
		}
		return b.kept(keep, opt.rels[0])
	}
	if len(opt.rels) != 1 || t.On != nil && conjuncts(t.On) != len(cond.equal) {
		return needs, false
	}
	return b.referred(opt.rels[0], cond.equal, func(id rel.ColID) *column {
		var found *column
		for _, f := range [...]*frame{keep, opt} {
			f.eachColumn(func(c *column) {
				if c.id == id {
					found = c
				}
			})
		}
		return found
	})
}

// kept tells whether target has a row wherever keep has one, where all of needs is proved of that: keep reads
// the same table, or one whose foreign key refers to it.
func (b *binder) kept(keep *frame, target *relation) (needs rel.ColSet, ok bool) {
	if !b.keyTarget(target) || target.table.HasChildren {
		return needs, false
	}
	for _, from := range keep.rels {
		if from.table == nil || from.table.Kind != catalog.BaseTable || from.changed || from.table.HasChildren {
			continue
		}
		if from.table == target.table && len(from.pads) == 0 {
			return rel.ColSet{}, true
		}
		for _, fk := range from.table.Constraints {
			if fk.Kind != ir.ForeignKey || fk.NotValid || fk.Deferrable || b.in.Table(fk.RefSchema, fk.RefTable) != target.table {
				continue
			}
			of, all := rel.ColSet{}, true
			for _, name := range fk.Columns {
				i := slices.IndexFunc(from.cols, func(c *column) bool {
					return c.source != nil && sameName(c.source.Name, name, b.traits.CaselessNames)
				})
				if all = all && i >= 0; all {
					of = of.Union(from.cols[i].needs())
				}
			}
			switch {
			case all && of.Empty():
				return of, true
			case all && !ok:
				needs, ok = of, true
			}
		}
	}
	return needs, ok
}

// keyTarget tells whether the rows of r are all that a foreign key may refer to.
func (b *binder) keyTarget(r *relation) bool {
	return b.traits.ForeignKeysHold && b.locking == 0 && r.plain && !r.table.RowSecurity // a policy may hide the row
}

// implyJoin notes what follows from an outer join. A row in which a side is not padded
// fulfils the condition; a side whose partner exists is not padded.
func (b *binder) implyJoin(padL, padR *pad, needL, needR rel.ColSet, foundL, foundR bool, cond value) {
	if padR != nil {
		if foundL {
			b.imply(needL, rel.MakeColSet(padR.id))
		}
		if padL == nil {
			b.imply(rel.MakeColSet(padR.id), cond.ifTrue)
		}
	}
	if padL != nil {
		if foundR {
			b.imply(needR, rel.MakeColSet(padL.id))
		}
		if padR == nil {
			b.imply(rel.MakeColSet(padL.id), cond.ifTrue)
		} else {
			b.imply(rel.MakeColSet(padL.id, padR.id), cond.ifTrue)
		}
	}
}

// referred tells whether target has a row that fulfils the equations, where all of needs is
// proved: they equate exactly the columns of a foreign key with the columns of target that
// they refer to. With MATCH SIMPLE the key binds only rows in which none of its columns is NULL.
func (b *binder) referred(target *relation, equal []rel.Equality, find func(rel.ColID) *column) (needs rel.ColSet, ok bool) {
	if !b.keyTarget(target) || len(equal) == 0 {
		return needs, false
	}
	// pairs maps a column of target to the column that it must equal.
	pairs := map[string]*column{}
	var from *relation
	for _, e := range equal {
		k, o := find(e.A), find(e.B)
		if k == nil || o == nil {
			return needs, false
		}
		if k.rel == target {
			k, o = o, k
		}
		if o.rel != target || o.source == nil || k.rel == nil || k.rel.table == nil || k.source == nil || k.rel.table.Kind != catalog.BaseTable {
			return needs, false
		}
		if from == nil {
			from = k.rel
		}
		if from != k.rel || from == target {
			return needs, false
		}
		needs = needs.Union(k.needs())
		pairs[o.source.Name] = k
	}
	if len(pairs) != len(equal) || from.changed || from.table.HasChildren {
		return needs, false // a child's rows are not bound by its parent's foreign keys
	}
	for _, fk := range from.table.Constraints {
		if fk.Kind != ir.ForeignKey || fk.NotValid || fk.Deferrable || len(fk.Columns) != len(pairs) || len(fk.RefColumns) != len(pairs) {
			continue
		}
		if b.in.Table(fk.RefSchema, fk.RefTable) != target.table {
			continue
		}
		all := true
		for i, rc := range fk.RefColumns {
			k := pairs[rc]
			all = all && k != nil && sameName(k.source.Name, fk.Columns[i], b.traits.CaselessNames)
		}
		if all {
			return needs, true
		}
	}
	return needs, false
}

// conjuncts counts the operands of AND at the top of x.
func conjuncts(x ir.Expr) int {
	if l, ok := x.(*ir.Logical); ok && l.Op == "AND" {
		n := 0
		for _, a := range l.Args {
			n += conjuncts(a)
		}
		return n
	}
	return 1
}

// refersOut tells whether a query of one table asks by WHERE for the row that a foreign key of
// a row around it refers to, so that it finds one.
func (b *binder) refersOut(q *ir.Select, s *scope, where *value) bool {
	if s.parent == nil || len(s.frames) != 1 || len(s.frames[0].rels) != 1 || conjuncts(q.Where) != len(where.equal) {
		return false
	}
	target := s.frames[0].rels[0]
	absent := false
	needs, ok := b.referred(target, where.equal, func(id rel.ColID) *column {
		c, t := s.byID(id)
		if t != nil && t != s && t.clause.grouped() && (t.empty || t.group != nil && t.group.sets > 0) {
			absent = true // the row around is no row of the table's: of no group, of a grouping set
		}
		return c
	})
	for t := s.parent; t != nil; t = t.parent {
		needs = needs.Minus(t.known.notNull).Minus(t.known.dead)
	}
	return ok && !absent && needs.Empty()
}
