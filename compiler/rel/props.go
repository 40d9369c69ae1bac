package rel

// Props are the logical properties of a relation.
type Props struct {
	Meta *Metadata
	// Cols are the output columns in order; the same id may stand twice.
	Cols []ColID
	// NotNull are the output columns that are never NULL.
	NotNull ColSet
	// Rows stands for the identity of the rows: one id for each relation that was joined. What
	// determines all of Rows determines the row.
	Rows ColSet
	// FDs are the functional dependencies among columns and row identities.
	FDs FDs
	// Card bounds the number of rows.
	Card Cardinality
}

// Keys lists small sets of output columns that determine the row; the empty set says that
// there is at most one row.
func (p *Props) Keys() []ColSet {
	if p.Card.AtMost(1) {
		return []ColSet{{}}
	}
	return p.FDs.Determinants(p.Rows, MakeColSet(p.Cols...))
}

// Determinants lists small sets among some columns that determine all of what; the empty set alone says that
// what is constant.
func (f FDs) Determinants(what, among ColSet) []ColSet {
	if what.SubsetOf(f.Closure(ColSet{})) {
		return []ColSet{{}}
	}
	var keys []ColSet
	consider := func(k ColSet) {
		if !k.SubsetOf(among) || !what.SubsetOf(f.Closure(k)) {
			return
		}
		for _, have := range keys {
			if have.SubsetOf(k) {
				return
			}
		}
		keys = append(keys, k)
	}
	// A key is made of determinants: each alone, then each two together.
	var firm []FD
	for _, fd := range f.list {
		if fd.Unless.Empty() {
			firm = append(firm, fd)
			consider(f.Reduce(fd.From))
		}
	}
	for i, a := range firm {
		for _, b := range firm[i+1:] {
			if len(keys) > 3 || len(firm) > 12 {
				return keys
			}
			consider(f.Reduce(a.From.Union(b.From)))
		}
	}
	return keys
}
