// Package ordernotunique is the rule CV4202.
package ordernotunique

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/source"
)

//go:embed page.md
var page string

// Rule finds cuts through rows that tie.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, c := range q.Cuts() {
		order := c.Tail.OrderBy
		if len(order) == 0 || c.Into != nil || c.Sort == nil || len(c.Sort.Cols) != len(order) || arbitrary(q, order) || c.Decides(q.SortedBy(c.Ending)) ||
			!paged(q, c) || tells(c.Rows, q.SortedBy(c.Ending)) || apart(q, c) || born(q, c) || due(q, c) || indexed(q, c) || oneByOne(q, c) || id(order[len(order)-1].X) {
			continue
		}
		last := order[len(order)-1]
		what := "rows that tie in " + keys(q, order) + " come in any order, and LIMIT cuts between them"
		if c.Tail.Limit == nil {
			what = "rows that tie in " + keys(q, order) + " come in any order, and OFFSET cuts between them"
		}
		what += ": pages may show a row twice and another never"
		d := q.At(&last, "%s", what)
		if by := q.TieBreaker(c.Block, c.Ending, q.SortedBy(c.Ending)); by != nil {
			more := strings.Join(by, ", ")
			d = d.WithHelp("end with a key: ORDER BY …, %s", more)
			end := last.Span()
			d = d.WithFix(diag.Fix{Title: "add " + more, Edits: []diag.Edit{{Span: source.Span{File: end.File, Start: end.End, End: end.End}, New: ", " + more}}})
		} else {
			d = d.WithHelp("end ORDER BY with columns that tell the rows apart")
		}
		q.Add(d)
	}
}

// plain tells of an expression that it is an argument as it is given: a cursor, not a time that is reckoned from the clock.
func plain(x ir.Expr) bool {
	for {
		switch at := x.(type) {
		case *ir.Cast:
			x = at.X
		case *ir.Param:
			return true
		default:
			return false
		}
	}
}

// paged tells whether the rows are taken page by page: OFFSET by an argument, or from a row on that arguments name.
func paged(q *rule.Query, c rule.Cut) bool {
	if c.Tail.Offset != nil {
		return argument(c.Tail.Offset)
	}
	sel, ok := c.Block.Query.(*ir.Select)
	if !ok || sel.Where == nil || c.Tail.Limit == nil {
		return false
	}
	if n, fixed := rule.Constant(c.Tail.Limit); fixed && n == 1 {
		return false
	}
	return cursor(q, c, sel.Where) && !moment(q, c)
}

// cursor tells whether a condition begins behind a row in the order that the rows are sorted in: by an argument, and without an end, as a
// range of days has one.
func cursor(q *rule.Query, c rule.Cut, where ir.Expr) bool {
	behind, before := map[rel.ColID]bool{}, map[rel.ColID]bool{}
	var after, until rel.ColSet // the columns that arguments and other values bound from below, and from above
	bound := func(l, r ir.Expr, op string) {
		id := q.Value(l).Column
		switch {
		case id == 0:
		case op[0] == '>':
			behind[id] = behind[id] || op == ">" && plain(r)
			after = after.With(id)
		default:
			before[id] = before[id] || op == "<" && plain(r)
			until = until.With(id)
		}
	}
	ir.Walk(where, func(n ir.Node) bool {
		if _, sub := n.(ir.Query); sub {
			return false
		}
		if b, ok := n.(*ir.Binary); ok && swapped[b.Op] != "" {
			bound(b.L, b.R, b.Op)
			bound(b.R, b.L, swapped[b.Op])
		}
		return true
	})
	for i, id := range c.Sort.Cols {
		if c.Tail.OrderBy[i].Desc && before[id] && !after.Has(id) || !c.Tail.OrderBy[i].Desc && behind[id] && !until.Has(id) {
			return true
		}
	}
	return false
}

var swapped = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<="}

// moment tells whether the rows are sorted by a time that two rows rarely share.
func moment(q *rule.Query, c rule.Cut) bool {
	for _, id := range c.Sort.Cols {
		if q.FineMoment(id) {
			return true
		}
	}
	return false
}

// argument tells whether an expression is computed of an argument.
func argument(x ir.Expr) bool {
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		_, is := n.(*ir.Param)
		found = found || is
		return !found
	})
	return found
}

// id tells whether an expression is a column of the name id: through views and subqueries its key may get lost, but not what it is.
func id(x ir.Expr) bool {
	c, ok := x.(*ir.ColumnRef)
	return ok && strings.EqualFold(c.Parts[len(c.Parts)-1].Name, "id")
}

// tells tells whether the order tells the rows of one of the tables apart: rows that tie are then one row of it with several partners.
func tells(n rel.Node, by rel.ColSet) bool {
	p := n.Props()
	held, known := p.FDs.Closure(rel.ColSet{}), rule.Determined(n, by)
	for _, l := range rel.LeavesOf(n).List {
		switch at := l.Node.(type) {
		case *rel.Scan:
			if known.Has(l.Row) && !held.Has(l.Row) {
				return true
			}
		case *rel.CTEScan:
			if at.Definition == nil {
				continue
			}
			var inner rel.ColSet
			columns := at.Definition.Props().Cols
			for i, id := range at.Props().Cols {
				if i < len(columns) && known.Has(id) {
					inner = inner.With(columns[i])
				}
			}
			if tells(at.Definition, inner) {
				return true
			}
		}
	}
	return false
}

// apart tells whether a unique index over expressions or over some of the rows tells the rows of one of the tables apart.
func apart(q *rule.Query, c rule.Cut) bool {
	var by []ir.Expr
	for i := range c.Tail.OrderBy {
		by = append(by, c.Tail.OrderBy[i].X)
	}
	for _, a := range access.Of(q) {
		if a.Block == c.Block && !a.Padded && a.Apart(by) {
			return true
		}
	}
	return false
}

// born tells whether the rows are sorted by the moment at which they were inserted, to the microsecond: rows share one where one
// transaction inserts several.
func born(q *rule.Query, c rule.Cut) bool {
	for _, id := range c.Sort.Cols {
		if !q.FineMoment(id) {
			continue
		}
		of := q.ByID(id).Source
		if digits := q.Package.Semantics.Base(q.ByID(id).Type).Length; of != nil && (digits == 0 || digits >= 6) && clock(of.Default) && !given(q.Package, of) {
			return true
		}
	}
	return false
}

// due tells of a queue: what is longest due comes first, and which of those that are equally late does not matter.
func due(q *rule.Query, c rule.Cut) bool {
	s, ok := c.Block.Query.(*ir.Select)
	if !ok || s.Where == nil || c.Tail.OrderBy[0].Desc || c.Sort.Cols[0] == 0 {
		return false
	}
	found := false
	before := func(l, r ir.Expr) bool {
		return q.Value(l).Column == c.Sort.Cols[0] && q.Moment(l) != rule.NoMoment && clock(q.Text(r))
	}
	ir.Walk(s.Where, func(n ir.Node) bool {
		if _, sub := n.(ir.Query); sub {
			return false
		}
		if b, ok := n.(*ir.Binary); ok {
			found = found || (b.Op == "<" || b.Op == "<=") && before(b.L, b.R) || (b.Op == ">" || b.Op == ">=") && before(b.R, b.L)
		}
		return !found
	})
	return found
}

// indexed tells whether an index over several columns of one table holds them all and no more: who made it took them to tell rows
// apart, as a block's number and the place in it do.
func indexed(q *rule.Query, c rule.Cut) bool {
	names := map[string]bool{}
	var of *catalog.Table
	for _, id := range c.Sort.Cols {
		if id == 0 {
			return false
		}
		col := q.ByID(id).Source
		if col == nil || col.Table == nil || of != nil && of != col.Table || q.FineMoment(id) {
			return false
		}
		of = col.Table
		names[strings.ToLower(col.Name)] = true
	}
	if len(names) < 2 {
		return false
	}
	return slices.ContainsFunc(of.Indexes, func(x *catalog.Index) bool {
		return x.Where == "" && len(x.Parts) == len(names) && !slices.ContainsFunc(x.Parts, func(p catalog.IndexPart) bool { return !names[strings.ToLower(p.Column)] })
	})
}

// oneByOne tells whether the rows belong to one row that an argument names, are inserted one at a time, and are sorted by a moment to the
// microsecond.
func oneByOne(q *rule.Query, c rule.Cut) bool {
	for _, id := range c.Sort.Cols {
		if !q.FineMoment(id) {
			continue
		}
		if digits := q.Package.Semantics.Base(q.ByID(id).Type).Length; digits > 0 && digits < 6 {
			continue
		}
		a := access.ByID(access.Of(q), id)
		if of := q.ByID(id).Source; of == nil || a != nil && access.Changed(q.Package, a.Table, of) {
			continue // the moment of the last change, which may be that of several
		}
		if a == nil || a.Block != c.Block || !access.Inserted(q.Package)[a.Table] || access.Filled(q.Package)[a.Table] {
			continue
		}
		if slices.ContainsFunc(a.Conds, func(x access.Cond) bool {
			return x.Op == access.Equal && x.Wrap == access.Bare && x.Within == nil && x.Optional == nil && x.Column != nil && a.Given(x) && x.Needs.Empty() && refers(a.Table, x.Column)
		}) {
			return true
		}
	}
	return false
}

func refers(t *catalog.Table, col *catalog.Column) bool {
	return slices.ContainsFunc(t.Constraints, func(o *catalog.Constraint) bool {
		return o.Kind == ir.ForeignKey && slices.Contains(o.Columns, col.Name)
	})
}

// clock tells of an expression that it is the moment at which it runs.
func clock(text string) bool {
	text = strings.ToLower(text)
	return strings.Contains(text, "now(") || strings.Contains(text, "current_timestamp") || strings.Contains(text, "clock_timestamp")
}

// given tells whether a query writes another value than the clock's into a column.
func given(p *rule.Package, of *catalog.Column) bool {
	found := false
	p.Each(func(q *rule.Query) {
		for _, w := range q.Writes() {
			found = found || w.Column == of && !clock(q.Text(w.Value))
		}
	})
	return found
}

// arbitrary tells whether the order is meant to be no order: random, or a constant.
func arbitrary(q *rule.Query, order []ir.OrderItem) bool {
	for i := range order {
		if v := q.Value(order[i].X); v.Volatile {
			return true
		}
	}
	return false
}

func keys(q *rule.Query, order []ir.OrderItem) string {
	var out []string
	for i := range order {
		out = append(out, q.Text(order[i].X))
	}
	if len(out) > 3 {
		out = append(out[:3], "…")
	}
	return strings.Join(out, ", ")
}
