package sem

import "github.com/covetsql/covetsql/compiler/rel"

// implication says of every row of a block: where all of from are proved, all of to are. The
// ids are those of predicates: of columns (not NULL), of paddings (not there), of computed
// expressions (not NULL).
type implication struct{ from, to rel.ColSet }

// imply notes an implication that holds in all rows of the relations being bound.
func (b *binder) imply(from, to rel.ColSet) {
	if !to.SubsetOf(from) {
		b.implied = append(b.implied, implication{from, to})
	}
}

// closed is set with all that follows from it.
func (b *binder) closed(set rel.ColSet) rel.ColSet {
	if set.Empty() {
		return set
	}
	for changed := true; changed; {
		changed = false
		for _, i := range b.implied {
			if i.from.SubsetOf(set) && !i.to.SubsetOf(set) {
				set, changed = set.Union(i.to), true
			}
		}
		for _, r := range b.guarded {
			if more := b.conclusion(r, set); !more.SubsetOf(set) {
				set, changed = set.Union(more), true
			}
		}
	}
	return set
}

// needs is what must be proved for c not to be NULL: nothing, its paddings, or itself.
func (c *column) needs() rel.ColSet {
	if !c.null.IsNever() {
		return rel.MakeColSet(c.id)
	}
	var set rel.ColSet
	for _, p := range c.pads {
		set = set.With(p.id)
	}
	return set
}

// carry notes of the columns that a query in FROM gives which of them are not NULL where
// another is not: those of one padded row, of one key. to are from's columns outside.
func (b *binder) carry(from, to []*column) {
	open := false
	for _, c := range from {
		open = open || !c.null.IsNever() && !c.wants.Empty()
	}
	for i, c := range from {
		if !open || c.strict.Empty() {
			continue
		}
		have := b.closed(c.strict)
		var also rel.ColSet
		for j, o := range from {
			if j != i && !o.null.IsNever() && !o.wants.Empty() && o.wants.SubsetOf(have) {
				also = also.With(to[j].id)
			}
		}
		if !also.Empty() {
			b.imply(rel.MakeColSet(to[i].id), also)
		}
	}
}

// rowless tells whether the items of s may be of no row, or of a group that lacks columns.
func (s *scope) rowless() bool {
	return s.clause.grouped() && (s.empty || s.group != nil && s.group.sets > 0)
}

// byID finds the column of an id in s or a scope around it, and the scope.
func (s *scope) byID(id rel.ColID) (*column, *scope) {
	for t := s; t != nil; t = t.parent {
		if !t.local.Has(id) {
			continue
		}
		var found *column
		for _, f := range t.frames {
			f.eachColumn(func(c *column) {
				if c.id == id {
					found = c
				}
			})
		}
		return found, t
	}
	return nil, nil
}
