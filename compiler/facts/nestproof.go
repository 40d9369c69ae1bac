package facts

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/source"
)

// unfold finds the parts of the bound query that decide.
func (n *nester) unfold() {
	defer func() { n.fds = n.props.FDs.Union(n.leaves.FDs) }()
	n.cols = n.r.Rel.Props().Cols
	n.leaves = rel.LeavesOf(n.r.Rel)
	n.props = n.r.Rel.Props()
	for node := n.r.Rel; node != nil; {
		switch t := node.(type) {
		case *rel.With:
			node = t.Input
			continue
		case *rel.Lock:
			n.locks, node = true, t.Input
			continue
		case *rel.Limit:
			n.limit, n.props, node = t, t.Input.Props(), t.Input
			continue
		case *rel.Sort:
			n.sort, node = t, t.Input
			continue
		case *rel.Distinct:
			node = t.Input
			continue
		case *rel.Project:
			n.items = t.Items
		}
		return
	}
}

// rows are the rows that columns are taken from; open are the columns that more may decide.
func (n *nester) rows(columns []int) (rows rel.ColSet, open []int) {
	for _, i := range columns {
		if l := n.leaves.Of(n.cols[i]); l != nil {
			rows = rows.With(l.Row)
			continue
		}
		known := i < len(n.items) && n.items[i].X != nil && n.items[i].ByColumns
		if known {
			n.items[i].Uses.Each(func(id rel.ColID) {
				if l := n.leaves.Of(id); l != nil {
					rows = rows.With(l.Row)
				} else {
					known = false
				}
			})
		}
		if !known {
			open = append(open, i)
		}
	}
	return rows, open
}

// columns are the first among some columns that have ids.
func (n *nester) columns(ids rel.ColSet, among []int) []int {
	out := []int{}
	for _, i := range among {
		if ids.Has(n.cols[i]) {
			ids = ids.Minus(rel.MakeColSet(n.cols[i]))
			out = append(out, i)
		}
	}
	return out
}

// keys are sets of columns among some that determine rows.
func (n *nester) keys(fds rel.FDs, rows, among rel.ColSet, of []int) (out [][]int) {
	found := fds.Determinants(rows, among)
	if len(found) == 0 && rows.SubsetOf(fds.Closure(among)) {
		found = []rel.ColSet{fds.Reduce(among)}
	}
	for _, k := range found {
		out = append(out, n.columns(k, of))
	}
	return out
}

// settled reports a column of a group that is not the same in all of its rows.
func (n *nester) settled(fds rel.FDs, rows rel.ColSet, open []int, at source.Span, what string) {
	if len(open) == 0 || n.props.Rows.SubsetOf(fds.Closure(rows)) {
		return
	}
	c := &n.r.Columns[open[0]]
	d := diag.New(diag.NestNotProved, at, "column %s is not known to be the same in all rows of one %s", c.Name, what)
	if c.Expr != nil {
		d = d.WithLabel(c.Expr.Span(), "this may differ from row to row")
	}
	n.add(d.WithHelp("compute it in a subquery in FROM, or give it to a nest by an alias that begins with the nest's name"))
}

// parent proves that the rows of one parent can be told from those of others.
func (n *nester) parent(root []int) {
	at := n.nests[0].Span
	rows, open := n.rows(root)
	n.parents = rows
	if n.settled(n.fds, rows, open, at, "parent"); n.diags.HasErrors() {
		return
	}
	var never, all rel.ColSet
	for _, i := range root {
		all = all.With(n.cols[i])
		if _, null := n.r.Columns[i].Proved(); null.IsNever() && n.leaves.Of(n.cols[i]) != nil {
			never = never.With(n.cols[i])
		}
	}
	n.out.Keys = n.keys(n.fds, rows, never, root)
	if len(n.out.Keys) == 0 {
		n.add(n.keyless(diag.New(diag.NestNotProved, at, "nothing that is selected tells one parent from another"), n.fds, rows, all))
		return
	}
	n.out.Single = len(n.out.Keys[0]) == 0
	n.out.Together = n.out.Single || n.ordered()
	if n.limit != nil && !n.out.Single && !n.props.Rows.SubsetOf(n.fds.Closure(rows)) {
		where := n.limit.Count
		if where == nil {
			where = n.limit.Offset
		}
		n.add(diag.New(diag.NestNotProved, where.Span(), "LIMIT and OFFSET count joined rows, so that a parent would lose some of what it holds").
			WithHelp("cut the parents in a subquery: FROM (SELECT … ORDER BY … LIMIT …) a LEFT JOIN …"))
	}
}

// keyless says what could tell rows apart.
func (n *nester) keyless(d diag.Diagnostic, fds rel.FDs, rows, have rel.ColSet) diag.Diagnostic {
	known := fds.Closure(have)
	said := false
	rows.Each(func(row rel.ColID) {
		l := n.leaves.ByRow(row)
		if l == nil || said {
			return
		}
		name := l.Name
		if name == "" {
			name = "a part of FROM"
		}
		if in := n.nestOf(row); in != nil && rows.SubsetOf(n.parents) {
			d, said = d.WithHelp("%s is nested as %s, so that its columns do not belong to the parent: take them out of the SELECT", name, strings.Join(in.Path, ".")), true
			return
		}
		if known.Has(row) {
			if !n.always(l) {
				d, said = d.WithHelp("the rows of %s may be missing (outer join), and with them its key: begin with %s and join the rest to it", name, name), true
			}
			return
		}
		said = true
		if s, ok := l.Node.(*rel.Scan); ok {
			if pk := s.Table.PrimaryKey(); pk != nil {
				columns := name + "." + strings.Join(pk.Columns, ", "+name+".")
				for i, id := range s.Props().Cols {
					c := s.Table.Columns[i]
					if slices.Contains(pk.Columns, c.Name) && !s.Props().NotNull.Has(id) {
						d = d.WithHelp("%s, the primary key of %s, may be NULL: declare %s NOT NULL", columns, s.Table.Name, c.Name)
						return
					}
				}
				d = d.WithHelp("add %s to the SELECT: the primary key of %s", columns, s.Table.Name)
				return
			}
		}
		d = d.WithHelp("%s has no key that is known: a PRIMARY KEY, or UNIQUE columns that are NOT NULL", name)
	})
	if !said {
		d = d.WithHelp("a key has to be selected: a PRIMARY KEY, or UNIQUE columns that are NOT NULL")
	}
	return d
}

// nestOf is a nest that takes columns of the rows.
func (n *nester) nestOf(row rel.ColID) *nest {
	for _, c := range n.nests {
		if rows, _ := n.rows(c.Columns); rows.Has(row) {
			return c
		}
	}
	return nil
}

// ordered tells whether ORDER BY brings the rows of each parent together: what it begins with is the same in all of
// them, and determines the parent.
func (n *nester) ordered() bool {
	if n.sort == nil || n.locks { // rows are locked after they were sorted, and may have changed by then
		return false
	}
	of := n.fds.Closure(n.parents)
	var exact rel.ColSet
	for _, id := range n.sort.Cols {
		if id == 0 || !of.Has(id) {
			return false
		}
		if !n.inexact[n.props.Meta.Column(id).Type.Name] {
			exact = exact.With(id)
		}
		if n.parents.SubsetOf(n.fds.Closure(exact)) {
			return true
		}
	}
	return false
}

// stored tells whether a column is one of a relation's that is never NULL in rows of it.
func (n *nester) stored(i int) (*rel.Leaf, bool) {
	l := n.leaves.Of(n.cols[i])
	return l, l != nil && l.Node.Props().NotNull.Has(n.cols[i])
}

// always tells whether a relation's rows are in every row of the result.
func (n *nester) always(l *rel.Leaf) bool {
	if l.Stays() {
		return true
	}
	for i := range n.r.Columns {
		c := &n.r.Columns[i]
		of, never := n.stored(i)
		if of == nil || of.Row != l.Row {
			continue
		}
		if _, null := c.Proved(); never && null.IsNever() || c.Embed >= 0 && c.EmbedNull.IsNever() {
			return true
		}
	}
	return false
}

// child proves that a nest's parts can be put where they belong.
func (n *nester) child(c *nest) {
	held, what := n.parents, "the parent"
	var in *nest
	if c.Parent >= 0 {
		in = n.nests[c.Parent]
		held, what = in.all, in.name
	}
	rows, open := n.rows(c.Columns)
	c.own, c.all = rows.Minus(held), held.Union(rows)
	fds := n.fds.Add(rel.ColSet{}, held)
	if n.settled(fds, c.own, open, c.Span, c.name); n.diags.HasErrors() {
		return
	}
	if n.presence(c, in, what); n.diags.HasErrors() {
		return
	}
	var never rel.ColSet
	for _, i := range c.Columns {
		l, stored := n.stored(i)
		there := stored && (c.head == 0 || n.leaves.Absent(l.Row).Has(c.head) || n.always(l))
		if o := n.r.Columns[i].Overruled; o != nil && !o.NullAt.IsZero() {
			there = there && n.r.Columns[i].Null.IsNever()
			c.Never = append(c.Never, n.r.Columns[i].Null.IsNever())
		} else {
			c.Never = append(c.Never, there || n.r.Columns[i].Null.IsNever())
		}
		if there {
			never = never.With(n.cols[i])
		}
	}
	c.Keys = n.keys(fds, c.own, never, c.Columns)
	c.Repeats = !n.props.Rows.SubsetOf(n.fds.Closure(c.all))
	single := len(c.Keys) > 0 && len(c.Keys[0]) == 0
	switch {
	case c.Form != "many" && !single:
		n.add(diag.New(diag.NestNotProved, c.Span, "there may be several %s for %s", c.name, what).
			WithHelp("leave :%s out, so that they become a slice, or join by a key of theirs", c.Form))
	case c.Repeats && len(c.Keys) == 0:
		var all rel.ColSet
		for _, i := range c.Columns {
			all = all.With(n.cols[i])
		}
		n.add(n.keyless(diag.New(diag.NestNotProved, c.Span, "other joins repeat the rows of %s, and nothing that is selected tells one from another", c.name), fds, c.own, all))
	}
}

// presence finds what tells whether a nest is there, and holds it against what it is nested in.
func (n *nester) presence(c *nest, in *nest, what string) {
	if c.own.Empty() {
		return // all of it is of what holds it
	}
	always := false
	c.own.Each(func(row rel.ColID) {
		if always || !c.own.SubsetOf(n.leaves.Absent(row)) {
			return
		}
		l := n.leaves.ByRow(row)
		if l == nil {
			return
		}
		if always = n.always(l); always || c.head == 0 {
			c.head = row
		}
	})
	if c.head == 0 {
		n.add(diag.New(diag.NestNotProved, c.Span, "%s takes columns from relations that may be missing one without the other", c.name).
			WithHelp("make a nest of each, or join one of them to the other"))
		return
	}
	head := n.leaves.ByRow(c.head)
	if !always {
		for _, i := range c.Columns {
			if l, stored := n.stored(i); stored && l.Row == c.head {
				c.Present = i
				break
			}
		}
		if c.Present < 0 {
			n.add(diag.New(diag.NestNotProved, c.Span, "nothing that is selected tells whether %s is there or left out by the outer join", c.name).
				WithHelp("select a column of it that is NOT NULL, its key for one"))
			return
		}
	}
	if in != nil && in.Present >= 0 && !n.leaves.Absent(in.head).Has(c.head) {
		n.add(diag.New(diag.NestNotProved, c.Span, "%s may be there where %s, which should hold it, is not", c.name, in.name).
			WithHelp("join it by a column of %s, or nest it beside it", in.name))
		return
	}
	if c.Form == "one" && !always && (in == nil || !n.leaves.Absent(c.head).Has(in.head)) {
		n.add(diag.New(diag.NestNotProved, c.Span, "%s may be missing from %s: %s is outer-joined", c.name, what, head.Name).
			WithHelp("write :maybe for a pointer that is nil then"))
	}
}

// command proves what the command needs beyond that.
func (n *nester) command() {
	h := n.r.Source.Header
	switch h.Command {
	case "one", "maybe":
		if !n.out.Single {
			n.add(diag.New(diag.NestNotProved, h.CommandSpan, "there may be more than one parent, and :%s gives one", h.Command).
				WithHelp("fix its key in WHERE, choose it in a subquery with LIMIT 1, or write :many"))
		}
	case "iter":
		if !n.out.Together {
			d := diag.New(diag.NestNotProved, h.CommandSpan, "the rows of one parent may not follow each other, and :iter holds one parent at a time")
			if n.locks {
				n.add(d.WithHelp("rows that are locked may come in another order than they were sorted in: write :many"))
				return
			}
			var names []string
			for _, i := range n.out.Keys[0] {
				name := n.r.Columns[i].Name
				if c, l := n.props.Meta.Column(n.cols[i]), n.leaves.Of(n.cols[i]); l != nil && l.Name != "" {
					name = l.Name + "." + c.Name
				}
				names = append(names, name)
			}
			n.add(d.WithHelp("sort by the parent first: ORDER BY %s, before anything of what it holds; or write :many", strings.Join(names, ", ")))
		}
	}
}
