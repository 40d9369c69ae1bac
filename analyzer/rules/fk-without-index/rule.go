// Package fkwithoutindex is the rule CV5011.
package fkwithoutindex

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

//go:embed page.md
var page string

// Rule finds foreign keys whose columns no index begins with, where a query needs one.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	u := uses(p)
	for _, s := range p.Catalog.Schemas {
		for _, t := range s.Tables {
			if !access.Stored(t) || t.PartitionOf != "" {
				continue
			}
			var told []*catalog.Constraint
			for _, c := range t.Constraints {
				if c.Kind == ir.ForeignKey && !access.Indexed(p, t, c) && judge(p, u, t, c, told) {
					told = append(told, c)
				}
			}
		}
	}
}

// usage is what the queries do.
type usage struct {
	all  []*access.Access
	none bool // no query reads or writes any table
	// referring counts the tables that refer to one.
	referring map[*catalog.Table]int
}

func uses(p *rule.Package) *usage {
	_, none := access.Written(p)
	u := &usage{all: access.All(p), none: none, referring: map[*catalog.Table]int{}}
	for _, s := range p.Catalog.Schemas {
		for _, t := range s.Tables {
			seen := map[*catalog.Table]bool{}
			for _, c := range t.Constraints {
				if to := p.Catalog.Table(c.RefSchema, c.RefTable); c.Kind == ir.ForeignKey && to != nil && !seen[to] {
					seen[to] = true
					u.referring[to]++
				}
			}
		}
	}
	return u
}

// judge reports a key; told are those of the table that were reported before.
func judge(p *rule.Package, u *usage, t *catalog.Table, c *catalog.Constraint, told []*catalog.Constraint) bool {
	parent := p.Catalog.Table(c.RefSchema, c.RefTable)
	if parent == nil || slices.ContainsFunc(told, func(o *catalog.Constraint) bool { return slices.Equal(o.Columns, c.Columns) }) {
		return false
	}
	columns := strings.Join(c.Columns, ", ")
	var why string
	switch {
	case u.none:
		why = fmt.Sprintf("deleting a row of %s reads all of %s, and so does a join from there", parent.Name, t.Name)
	case access.Enumeration(parent) || u.purged(t):
		return false
	default:
		by := u.finds(t, c, told)
		if len(by) == 0 || u.few(p, t, parent, by) || listed(by, c) && access.Inserted(p)[t] && !access.Growing(p)[t] {
			return false
		}
		a := by[0]
		why = fmt.Sprintf("%s looks up rows of %s by it, and reads all of them", a.Query.Name, t.Name)
	}
	var parts []string
	for _, n := range c.Columns {
		parts = append(parts, p.Dialect.Quote(n))
	}
	at := c.Span
	if at.File == nil {
		at = t.Span
	}
	d := p.At(at, "no index begins with %s, which refers to %s: %s", columns, parent.Name, why)
	if x := access.Partial(p, t, c); x != nil {
		d = p.At(at, "no index of all rows begins with %s, which refers to %s: %s", columns, parent.Name, why)
		if x.Span.File != nil {
			d = d.WithLabel(x.Span, "holds only rows with %s", x.Index.Where)
		}
	}
	p.Add(d.WithHelp("%s", access.CreateOn(p.Dialect, t, "", parts...)))
	return true
}

// few tells of a table whose rows a query returns all at once, or that nothing refers to and hardly a query asks for, with such a parent:
// settings, of which there are few.
func (u *usage) few(p *rule.Package, t, parent *catalog.Table, by []*access.Access) bool {
	small := access.Small(p)
	return small[t] != "" || small[parent] != "" && u.referring[t] == 0 && u.referring[parent] <= 3 && len(by) <= 2 &&
		!slices.ContainsFunc(by, func(a *access.Access) bool { return !a.Block.Outer.Empty() }) // that is once for each of the parent's
}

// listed tells that all that is asked of a table by the key is one list of what belongs to one row, as a page of settings shows it.
func listed(by []*access.Access, k *catalog.Constraint) bool {
	if len(by) != 1 {
		return false
	}
	a := by[0]
	s, reads := a.Block.Query.(*ir.Select)
	for _, p := range a.Paths {
		if p.Unique && len(p.Parts) > 1 && slices.ContainsFunc(p.Parts, func(x catalog.IndexPart) bool { return slices.Contains(k.Columns, x.Column) }) {
			return false // it joins many to many: the other way through a key that begins with the other side
		}
	}
	return reads && a.Query.Tree == ir.Statement(s) && a.Query.Command == "many" && !slices.ContainsFunc(a.Conds, func(c access.Cond) bool {
		return c.Column != nil && slices.Contains(k.Columns, c.Column.Name) && !known(a, c)
	})
}

// known tells of a condition that what it compares with is given, or one row found by its key.
func known(a *access.Access, c access.Cond) bool {
	ok := true
	c.Needs.Each(func(id rel.ColID) {
		from := access.ByID(access.Of(a.Query), id)
		ok = ok && from != nil && from.Block == a.Block && from.Best(from.Given).Whole()
	})
	return ok
}

// whole tells of an UPDATE that it changes all that belongs to one row: a switch, which is set once in a while.
func whole(a *access.Access, k *catalog.Constraint) bool {
	u, ok := a.Block.Query.(*ir.Update)
	return ok && a.Target && len(u.From) == 0 && len(a.Conds) == len(k.Columns)
}

// named tells of a query for one row that it names the row by another column beside the key: it is that one that finds it.
func named(a *access.Access, k *catalog.Constraint) bool {
	s, ok := a.Block.Query.(*ir.Select)
	return ok && a.Query.Tree == ir.Statement(s) && (a.Query.Command == "one" || a.Query.Command == "maybe") && len(s.From) == 1 && s.From[0] == ir.TableExpr(a.Ref) && slices.ContainsFunc(a.Conds, func(c access.Cond) bool {
		return c.Op == access.Equal && c.Wrap == access.Bare && c.Within == nil && c.Optional == nil && c.Column != nil && !constant(a, c) && !a.Few(c) &&
			!slices.Contains(k.Columns, c.Column.Name) && !refers(a.Table, c.Column)
	})
}

func refers(t *catalog.Table, col *catalog.Column) bool {
	return slices.ContainsFunc(t.Constraints, func(o *catalog.Constraint) bool {
		return o.Kind == ir.ForeignKey && slices.Contains(o.Columns, col.Name)
	})
}

// purged tells of a table that a query deletes its old rows: few are left.
func (u *usage) purged(t *catalog.Table) bool {
	for _, a := range u.all {
		if _, deletes := a.Block.Query.(*ir.Delete); a.Table == t && a.Target && deletes && slices.ContainsFunc(a.Conds, func(c access.Cond) bool {
			return c.Op == access.Range && c.Column != nil && c.Column.Type.Is("timestamptz", "timestamp", "date", "datetime")
		}) {
			return true
		}
	}
	return false
}

// finds gives for each query that looks rows up by the foreign key's columns, from what is given or from rows of another relation that an
// index finds, where it does. There is none where all of them do by those of a key that was told too: one index serves both.
func (u *usage) finds(t *catalog.Table, c *catalog.Constraint, told []*catalog.Constraint) (by []*access.Access) {
	for _, a := range u.all {
		if a.Table != t || !asks(a) || !fixes(a, c) || whole(a, c) || named(a, c) || slices.ContainsFunc(told, func(o *catalog.Constraint) bool { return fixes(a, o) }) {
			continue
		}
		if !slices.ContainsFunc(by, func(o *access.Access) bool { return o.Query.Name == a.Query.Name }) {
			by = append(by, a)
		}
	}
	return by
}

// asks tells of an access that it reads the table as it is, to find some rows. Where rows are counted or deleted that refer to one, it is
// as where that one is deleted: often rare. Other rules tell of a condition that no index serves as it is written, and of a partial
// index.
func asks(a *access.Access) bool {
	if a.Query.ForTests() || a.Reached() || a.Unimplied() != nil || a.Limit != nil && a.Ordered() {
		return false
	}
	switch n := a.Block.Query.(type) {
	case *ir.Delete:
		return !a.Target
	case *ir.Select:
		if n.GroupBy != nil && n.Limit != nil && len(n.OrderBy) > 0 && a.Block.Outer.Empty() {
			return false // the first of groups, of all that belongs to one row
		}
		if n.GroupBy == nil && a.Block.Outer.Empty() && len(n.Items) > 0 && !slices.ContainsFunc(n.Items, func(it ir.SelectItem) bool { return !counts(it.X) }) {
			return false
		}
	}
	return !slices.ContainsFunc(a.Conds, func(c access.Cond) bool {
		return c.Wrap == access.Called && c.Within == nil && c.Optional == nil && c.Op == access.Equal && c.Column != nil && slices.ContainsFunc(a.Paths, func(x *access.Path) bool { return x.Ordered() && x.Has(c.Column) == 0 })
	})
}

func counts(x ir.Expr) bool {
	if c, ok := x.(*ir.Cast); ok {
		x = c.X
	}
	f, ok := x.(*ir.FuncCall)
	return ok && f.Over == nil && strings.EqualFold(f.Name.Last(), "count")
}

// fixes tells whether an access compares the columns of a foreign key with values that are found before.
func fixes(a *access.Access, k *catalog.Constraint) bool {
	for _, name := range k.Columns {
		if !slices.ContainsFunc(a.Conds, func(c access.Cond) bool {
			return c.Op == access.Equal && c.Wrap == access.Bare && c.Within == nil && c.Optional == nil && !constant(a, c) && c.Column != nil && strings.EqualFold(c.Column.Name, name) && a.Supplied(c) && !many(a, c)
		}) {
			return false
		}
	}
	return true
}

// many tells of a condition that joins the rows of another relation of which an index finds those of a state or kind: where they are
// many, the table is read once for all of them.
func many(a *access.Access, c access.Cond) bool {
	found := false
	list := access.Of(a.Query)
	c.Needs.Each(func(id rel.ColID) {
		from := access.ByID(list, id)
		if from == nil || a.Scalar() && from.Block != a.Block {
			return
		}
		m := from.Best(from.Given)
		found = found || m.Serves() && !slices.ContainsFunc(m.Conds, func(c access.Cond) bool { return c.Column == nil || !from.Few(c) })
	})
	return found
}

// constant tells of a comparison with a constant: a kind or state, of which a table has many rows.
func constant(a *access.Access, c access.Cond) bool {
	return slices.ContainsFunc(c.Values, func(v ir.Expr) bool { return a.Query.Value(v).Constant != nil })
}
