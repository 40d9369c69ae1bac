package rel

// Matched are the dependencies that hold of those rows of n in which every outer join found a partner: there the
// conditions of outer joins hold as those of inner joins do. Of rows that are padded they say nothing.
func Matched(n Node) FDs {
	switch n := n.(type) {
	case *Join:
		l, r := Matched(n.L), Matched(n.R)
		if n.Lateral || dependent(n.R) {
			r = r.within(n.L.Props().Rows)
		}
		return l.Union(r).Union(n.matched).firm(n.Proves.Union(n.L.Props().NotNull).Union(n.R.Props().NotNull))
	case *Filter:
		return Matched(n.Input).Union(n.props.FDs).firm(n.props.NotNull)
	}
	return n.Props().FDs
}
