package rel

// Leaf is a relation that a query joins: one of its FROM.
type Leaf struct {
	Node Node
	// Name is how the query calls it; empty for VALUES and what has no name.
	Name string
	// Row is the identity of its rows.
	Row ColID
	// pads are the joins that may leave its rows out, as they are written; a full join is two, one a side.
	pads ColSet
	// hangs are the rows without which its own are not there: the condition of the outer join that would give
	// them reads columns of those, and is not true where they are NULL.
	hangs ColSet
}

// Leaves are the relations that the outermost block of a query joins.
type Leaves struct {
	List []Leaf
	// FDs say of outer joins which rows determine that of their padded side: those that their condition reads. The
	// joins' own properties say it of all rows of the other side.
	FDs   FDs
	of    map[ColID]int // by the columns of the leaves
	sides ColID
}

// LeavesOf lists the relations below n's select list; those of a set operation or of RETURNING are one.
func LeavesOf(n Node) *Leaves {
	l := &Leaves{of: map[ColID]int{}}
	l.walk(n)
	return l
}

// Of is the relation whose column id is; nil for what is computed.
func (l *Leaves) Of(id ColID) *Leaf {
	if i, ok := l.of[id]; ok {
		return &l.List[i]
	}
	return nil
}

// ByRow is the relation of a row's identity.
func (l *Leaves) ByRow(row ColID) *Leaf {
	for i := range l.List {
		if l.List[i].Row == row {
			return &l.List[i]
		}
	}
	return nil
}

// walk takes n's relations in and gives their places, from to to.
func (l *Leaves) walk(n Node) (from, to int) {
	from = len(l.List)
	switch n := n.(type) {
	case *Join:
		a, b := l.walk(n.L)
		c, d := l.walk(n.R)
		if n.Kind == Left || n.Kind == Full {
			l.pad(n, a, b, c, d)
		}
		if n.Kind == Right || n.Kind == Full {
			l.pad(n, c, d, a, b)
		}
	case *With:
		l.walk(n.Input)
	case *Filter, *Aggregate, *Window, *Project, *Distinct, *Sort, *Limit, *Lock:
		l.walk(n.Inputs()[0])
	default:
		leaf := Leaf{Node: n}
		switch n := n.(type) {
		case *Scan:
			leaf.Name = n.Alias
		case *CTEScan:
			leaf.Name = n.Alias
		case *Func:
			leaf.Name = n.Alias
		case *Alias:
			leaf.Name = n.Name
		}
		p := n.Props()
		p.Rows.Each(func(id ColID) { leaf.Row = id })
		if leaf.Row != 0 {
			for _, id := range p.Cols {
				l.of[id] = from
			}
			l.List = append(l.List, leaf)
		}
	}
	return from, len(l.List)
}

// pad notes that j may leave out the rows from … to of one side, for those of the other.
func (l *Leaves) pad(j *Join, keepFrom, keepTo, from, to int) {
	l.sides++
	var needs ColSet
	if j.Kind != Full {
		j.Proves.Each(func(id ColID) {
			if i, ok := l.of[id]; ok && i >= keepFrom && i < keepTo {
				needs.add(l.List[i].Row)
			}
		})
	}
	l.determine(j, needs, keepFrom, keepTo, from, to)
	for i := from; i < to; i++ {
		l.List[i].pads = l.List[i].pads.With(l.sides)
		l.List[i].hangs = l.List[i].hangs.Union(needs)
	}
}

// determine finds the rows that determine the partner which an outer join gives them; needs are those without which there is
// none. Were all missing, by this join or by one around it, so would the partner be.
func (l *Leaves) determine(j *Join, needs ColSet, keepFrom, keepTo, from, to int) {
	if needs.Empty() || j.Volatile || j.Lateral || dependent(j.L) || dependent(j.R) {
		return
	}
	var of, reads ColSet
	known := true
	j.Reads.Each(func(id ColID) {
		i, ok := l.of[id]
		switch {
		case !ok:
			known = false
		case i >= keepFrom && i < keepTo:
			of.add(l.List[i].Row)
			reads.add(id)
		}
	})
	var partner ColSet
	for i := from; i < to; i++ {
		partner.add(l.List[i].Row)
	}
	if known && !of.Empty() && partner.SubsetOf(j.matched.Closure(reads)) {
		l.FDs = l.FDs.Add(of, partner)
	}
}

// Absent are the rows that are not there where those of row are not, which are among them.
func (l *Leaves) Absent(row ColID) ColSet {
	out := MakeColSet(row)
	for changed := true; changed; {
		changed = false
		for i := range l.List {
			r := &l.List[i]
			if out.Has(r.Row) {
				continue
			}
			gone := r.hangs.Intersects(out)
			for j := range l.List {
				o := &l.List[j]
				gone = gone || out.Has(o.Row) && o.pads.SubsetOf(r.pads)
			}
			if gone {
				out.add(r.Row)
				changed = true
			}
		}
	}
	return out
}

// Stays tells that no outer join can leave the rows of a leaf out.
func (l *Leaf) Stays() bool { return l.pads.Empty() }
