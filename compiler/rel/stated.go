package rel

import "github.com/covetsql/covetsql/compiler/ir"

// Stated are the functional dependencies that follow from what a query states in so many words:
// keys, equations in WHERE and ON, and the expressions that queries in FROM compute. They are what
// MySQL's check of GROUP BY finds (manual, Detection of Functional Dependence): an expression
// depends on its columns, whatever it does, while a row that is the only one for another
// reason, LIMIT 1 or a parameter's value, determines nothing.
func Stated(n Node) FDs {
	list, _ := stated(n)
	var out FDs
	for _, d := range list {
		out.list = append(out.list, d.FD)
	}
	return out.firm(n.Props().NotNull)
}

// statement is a dependency. One that is loose does not hold of the rows that an outer join pads:
// its result may be there where what it is made of is not.
type statement struct {
	FD
	loose bool
}

func constantly(to ColSet) statement { return statement{FD{To: to}, true} }

func depends(from, to ColSet) statement { return statement{FD{From: from, To: to}, false} }

// stated lists what n's parts state. several tells that n's rows come from several queries, of which
// each states what it does of its own rows only: a set operation, the sets of WITH ROLLUP.
func stated(n Node) (list []statement, several bool) {
	switch n := n.(type) {
	case *Scan:
		for _, fd := range n.props.FDs.list {
			list = append(list, statement{fd, false})
		}
		return list, false
	case *Alias:
		return derived(n.Input, n.props.Cols, nil), false
	case *CTEScan:
		if n.Definition == nil {
			return nil, false
		}
		return derived(n.Definition, n.props.Cols, n.props.Meta), false
	case *Join:
		return n.stated(), false
	case *Filter:
		list, several = stated(n.Input)
		return append(list, equations(n.Stated)...), several
	case *Aggregate:
		if n.Sets > 0 {
			return nil, true
		}
		list, several = stated(n.Input)
		if n.Scalar {
			return append(list, constantly(n.props.Rows)), several
		}
		var keys ColSet
		for _, k := range n.Keys {
			keys.add(k.ID)
		}
		return append(list, depends(keys, n.props.Rows)), several
	case *Project:
		list, several = stated(n.Input)
		rows := n.Input.Props().Rows
		for _, it := range n.Items {
			list = append(list, depends(rows, MakeColSet(it.ID)))
			if it.ByColumns && !it.Uses.Has(it.ID) {
				list = append(list, statement{FD{From: it.Uses, To: MakeColSet(it.ID)}, it.Strict.Empty()})
			}
		}
		return list, several
	case *SetOp:
		return nil, true
	case *Sort, *Limit, *Distinct, *Window, *Lock:
		return stated(n.Inputs()[0])
	case *With:
		return stated(n.Input)
	}
	return nil, false
}

// equations are the dependencies that equations state.
func equations(list []Equality) []statement {
	var out []statement
	for _, e := range list {
		if e.B == 0 {
			out = append(out, constantly(MakeColSet(e.A)))
			continue
		}
		out = append(out, depends(MakeColSet(e.A), MakeColSet(e.B)), depends(MakeColSet(e.B), MakeColSet(e.A)))
	}
	return out
}

// derived is what a query in FROM states under the names cols. With fresh, its own columns get
// ids of their own: it may stand in FROM more than once.
func derived(query Node, cols []ColID, fresh *Metadata) []statement {
	list, several := stated(query)
	own := query.Props().Cols
	if several || len(own) != len(cols) {
		return nil
	}
	if fresh != nil {
		list, own = renewed(list, own, fresh)
	}
	if !merged(query) { // MySQL looks into it once it knows something of it
		var gated []statement
		for _, d := range list {
			if !d.From.Empty() {
				gated = append(gated, d)
				continue
			}
			for _, id := range cols {
				gated = append(gated, depends(MakeColSet(id), d.To))
			}
		}
		list = gated
	}
	for i, id := range own {
		list = append(list, depends(MakeColSet(id), MakeColSet(cols[i])), depends(MakeColSet(cols[i]), MakeColSet(id)))
	}
	return list
}

// renewed is list and own with fresh ids for all columns.
func renewed(list []statement, own []ColID, fresh *Metadata) ([]statement, []ColID) {
	ids := map[ColID]ColID{}
	id := func(old ColID) ColID {
		if ids[old] == 0 {
			ids[old] = fresh.Add(*fresh.Column(old))
		}
		return ids[old]
	}
	set := func(s ColSet) (out ColSet) {
		s.Each(func(old ColID) { out.add(id(old)) })
		return out
	}
	out := make([]statement, len(list))
	for i, d := range list {
		out[i] = statement{FD{set(d.From), set(d.To), set(d.Unless)}, d.loose}
	}
	cols := make([]ColID, len(own))
	for i, old := range own {
		cols[i] = id(old)
	}
	return out, cols
}

// merged tells whether MySQL makes a query in FROM a part of the one around it: no rows are
// computed of it as a whole.
func merged(n Node) bool {
	switch n := n.(type) {
	case *With:
		return merged(n.Input)
	case *Sort, *Filter, *Lock:
		return merged(n.Inputs()[0])
	case *Project:
		for _, it := range n.Items {
			if hasQuery(it.X) {
				return false
			}
		}
		return merged(n.Input)
	case *Scan, *CTEScan, *Alias, *Func, *Join:
		return true
	}
	return false
}

func hasQuery(x ir.Expr) bool {
	found := false
	if x != nil {
		ir.Walk(x, func(n ir.Node) bool {
			if _, is := n.(ir.Query); is {
				found = true
			}
			return !found
		})
	}
	return found
}

// stated of a join is what both sides state, and its condition. Of the padded side that is what
// holds of its NULLs too, and what the condition says holds once the columns of the other side which
// it reads are known: they decide whether there is a partner.
func (n *Join) stated() []statement {
	l, _ := stated(n.L)
	r, _ := stated(n.R)
	keep, pad, padded := l, r, MakeColSet(n.R.Props().Cols...)
	switch n.Effective {
	case Inner, Cross:
		return append(append(l, r...), equations(n.Stated)...)
	case Full:
		return nil
	case Right:
		keep, pad, padded = r, l, MakeColSet(n.L.Props().Cols...)
	}
	for _, d := range pad {
		if !d.loose {
			keep = append(keep, d)
		}
	}
	strong := n.Reads.Minus(padded)
	for _, e := range n.Stated {
		a, b := padded.Has(e.A), e.B != 0 && padded.Has(e.B)
		switch {
		case e.B == 0 && a:
			keep = append(keep, statement{FD{From: strong, To: MakeColSet(e.A)}, strong.Empty()})
		case a && b:
			keep = append(keep, equations([]Equality{e})...)
		case a:
			keep = append(keep, depends(strong.With(e.B), MakeColSet(e.A)))
		case b:
			keep = append(keep, depends(strong.With(e.A), MakeColSet(e.B)))
		}
	}
	return keep
}
