package sem

// standsAround tells whether a table that a subquery reads has a row because the row around that the
// subquery is run for is one of it, or refers to one by a foreign key. A group that may have no row,
// and what has not all its rows yet (FROM, RETURNING), are no such row.
func (b *binder) standsAround(target *relation, s *scope) bool {
	for t := s.parent; t != nil; t = t.parent {
		plain := t.inAggregate > 0 || t.group == nil && !t.empty && !t.oneGroup
		switch t.clause {
		case inWhere, inGroupBy:
		case inItems, inOrderBy, inHaving:
			if !plain && !(t.group != nil && t.group.sets == 0 && !t.group.empty) {
				continue
			}
		default:
			continue
		}
		for _, f := range t.frames {
			needs, ok := b.kept(f, target)
			for u := s.parent; ok && u != nil; u = u.parent {
				needs = needs.Minus(u.known.notNull).Minus(u.known.dead)
			}
			if ok && needs.Empty() {
				t.relied = t.relied || t.clause.grouped() && t.inAggregate == 0
				return true
			}
		}
	}
	return false
}
