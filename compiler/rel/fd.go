package rel

// FD says that rows which agree on From agree on To. An empty From says that To is
// constant. With Unless it is said only of rows that are NULL in none of these columns: a
// UNIQUE column may be NULL in many rows.
type FD struct{ From, To, Unless ColSet }

// FDs are functional dependencies. The zero value has none.
type FDs struct {
	list []FD
	meta *Metadata // in whose memory lists are made, or nil
}

// Add returns f with from → to.
func (f FDs) Add(from, to ColSet) FDs {
	return f.with(FD{From: from, To: to})
}

// with returns f and more. Lists are shared and grow seldom, so that each is as long as it need be.
func (f FDs) with(more ...FD) FDs {
	list := f.meta.fds(len(f.list) + len(more))
	copy(list[copy(list, f.list):], more)
	return FDs{list, f.meta}
}

// plus is f and more, f itself where there is no more.
func (f FDs) plus(more []FD) FDs {
	if len(more) == 0 {
		return f
	}
	return f.with(more...)
}

// AddEqual returns f with a = b: each determines the other.
func (f FDs) AddEqual(a, b ColID) FDs {
	x, y := MakeColSet(a), MakeColSet(b)
	return f.with(FD{From: x, To: y}, FD{From: y, To: x})
}

// Union is all of f and g.
func (f FDs) Union(g FDs) FDs {
	if len(g.list) == 0 {
		return f
	}
	if len(f.list) == 0 {
		return g
	}
	return f.with(g.list...)
}

// padded is f where an outer join pads the relation p for rows of keep that find no partner; keep is nil where
// both sides are padded. A padded row is NULL in every column, which a row that is there may be in the determinant: then the
// two agree on it and on nothing else. They are told apart by a column that is never NULL in p, by p's row
// identities, and by keep's: a row of it is padded or has partners. A constant is a second value beside NULL.
func (f FDs) padded(p, keep *Props) FDs {
	there := p.NotNull.Union(p.Rows)
	out := FDs{f.meta.fds(len(f.list))[:0], f.meta}
	for _, fd := range f.list {
		if fd.From.Empty() {
			continue
		}
		if !fd.From.Intersects(there) && (keep == nil || !keep.Rows.SubsetOf(fd.From)) {
			fd.Unless = fd.Unless.Union(fd.From)
		}
		out.list = append(out.list, fd)
	}
	return out
}

// firm is f where the columns notNull are known not to be NULL.
func (f FDs) firm(notNull ColSet) FDs {
	for i, fd := range f.list {
		if !fd.Unless.Empty() && fd.Unless.SubsetOf(notNull) {
			out := f.with()
			for j := i; j < len(out.list); j++ {
				if out.list[j].Unless.SubsetOf(notNull) {
					out.list[j].Unless = ColSet{}
				}
			}
			return out
		}
	}
	return f
}

// within is f where it holds only among rows that agree on each.
func (f FDs) within(each ColSet) FDs {
	out := FDs{f.meta.fds(len(f.list)), f.meta}
	for i, fd := range f.list {
		out.list[i] = FD{fd.From.Union(each), fd.To, fd.Unless}
	}
	return out
}

// Closure is all that s determines, s itself included.
func (f FDs) Closure(s ColSet) ColSet {
	for changed := true; changed; {
		changed = false
		for _, fd := range f.list {
			if fd.Unless.Empty() && fd.From.SubsetOf(s) && !fd.To.SubsetOf(s) {
				s = s.Union(fd.To)
				changed = true
			}
		}
	}
	return s
}

// Reduce takes columns out of s that the rest determines.
func (f FDs) Reduce(s ColSet) ColSet {
	out := s
	s.Each(func(id ColID) {
		without := out.Minus(MakeColSet(id))
		if f.Closure(without).Has(id) {
			out = without
		}
	})
	return out
}
