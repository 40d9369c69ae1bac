// Package missingindex is the rule CV5010.
package missingindex

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

//go:embed page.md
var page string

// Rule finds queries whose rows no index finds, or gives in the order that is wanted, and the indexes that would.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	var wants []access.Want
	if access.Unindexed(p) {
		return
	}
	for _, w := range access.Wants(p) {
		if asks(w) && !told(p, w) {
			wants = append(wants, w)
		}
	}
	var told []*access.Proposal
	for _, x := range access.Propose(wants) {
		if few(x) || !slices.ContainsFunc(x.Wants, func(w access.Want) bool { return !unique(w) }) {
			continue
		}
		if !slices.ContainsFunc(told, func(o *access.Proposal) bool { return o.Finds(x) }) {
			report(p, x)
			told = append(told, x)
		}
	}
}

// asks tells of a want that says itself which rows are looked for: columns are compared for equality with values that are there, or
// lie in an interval that the statement writes down. An argument's interval may hold most of the rows, and a join may begin with
// the other side.
func asks(w access.Want) bool {
	a := w.Access
	if a.Query.ForTests() || access.Small(a.Query.Package)[a.Table] != "" {
		return false
	}
	if a.Table.Span.File == a.Query.Source.Span.File || a.Table.PrimaryKey() == nil && len(w.Equal) > 0 {
		return false // the table is a sketch for the query; it is table-without-key that tells what is missing
	}
	if _, purge := a.Block.Query.(*ir.Delete); purge && len(w.Then) > 0 {
		return false
	}
	return slices.ContainsFunc(a.Conds, func(c access.Cond) bool {
		if c.Wrap != access.Bare || c.Within != nil || c.Optional != nil || !known(a, c) {
			return false
		}
		switch c.Op {
		case access.Equal, access.In:
			return slices.Contains(w.Equal, c.Column)
		case access.Range:
			return !w.Order && len(w.Then) > 0 && w.Then[0].Column == c.Column && constant(a, c)
		}
		return false
	})
}

// few tells of lists of a table whose rows come one by one, and of which nothing tells that there get to be many.
func few(x *access.Proposal) bool {
	names := map[string]bool{}
	for _, w := range x.Wants {
		a := w.Access
		s, reads := a.Block.Query.(*ir.Select)
		if !reads || a.Query.Tree != ir.Statement(s) || a.Query.Command != "many" || !access.Inserted(a.Query.Package)[a.Table] || access.Growing(a.Query.Package)[a.Table] {
			return false
		}
		names[a.Query.Name] = true
	}
	return len(names) < 3
}

// unique tells of a query for one row that what it looks for is a key which is not declared: one-may-return-many tells of it, and the key
// is an index.
func unique(w access.Want) bool {
	a := w.Access
	s, reads := a.Block.Query.(*ir.Select)
	if !reads || a.Query.Tree != ir.Statement(s) || a.Query.Command != "one" || len(s.From) != 1 || s.From[0] != ir.TableExpr(a.Ref) || s.Limit != nil || len(s.OrderBy) > 0 || s.GroupBy != nil || len(w.Then) > 0 || len(w.Equal) == 0 {
		return false
	}
	for _, it := range s.Items {
		if f, ok := it.X.(*ir.FuncCall); ok && f.Over == nil {
			return false // it may be of all rows
		}
	}
	return !slices.ContainsFunc(a.Conds, func(c access.Cond) bool {
		return c.Op != access.Equal || c.Wrap != access.Bare || c.Within != nil || c.Optional != nil
	})
}

// known tells of values that are there before the table is read: arguments, constants, and columns of one row found by its key.
func known(a *access.Access, c access.Cond) bool {
	ok := true
	c.Needs.Each(func(id rel.ColID) {
		from := access.ByID(access.Of(a.Query), id)
		ok = ok && from != nil && from.Block == a.Block && !from.Padded && from.Best(from.Given).Whole()
	})
	return ok
}

func constant(a *access.Access, c access.Cond) bool {
	return len(c.Values) > 0 && !slices.ContainsFunc(c.Values, func(v ir.Expr) bool { return a.Query.Value(v).Constant == nil })
}

// told tells whether another rule tells of the want: fk-without-index of foreign keys, composite-prefix-miss of an index that
// begins with another column, partial-index-not-implied of one that leaves rows out.
func told(p *rule.Package, w access.Want) bool {
	if p.Engine != catalog.MySQL && w.ForeignKey() != nil {
		return true
	}
	_, missed := w.Skips()
	return missed || !w.Order && w.Access.Unimplied() != nil
}

func report(p *rule.Package, x *access.Proposal) {
	w := first(x.Wants)
	a := w.Access
	q := a.Query
	t := a.Table.Name
	var d diag.Diagnostic
	switch {
	case w.Order:
		at := ir.Node(a.Ref)
		if o := orderBy(a); o != nil {
			at = o
		}
		d = p.At(at.Span(), "no index gives rows of %s in the order of %s, so %s sorts all of them to return the first", t, sorted(w.Then), q.Name)
		if len(w.Equal) > 0 {
			d = p.At(at.Span(), "no index gives the rows of one %s in the order of %s, so %s sorts all of them to return the first", named(w.Equal), sorted(w.Then), q.Name)
		}
	case a.Target && p.Engine == catalog.MySQL:
		d = p.At(w.Cond.X.Span(), "no index finds rows of %s by %s, so %s reads and locks all of them", t, names(w), q.Name)
	default:
		d = p.At(w.Cond.X.Span(), "no index finds rows of %s by %s, so %s reads all of them", t, names(w), q.Name)
	}
	d.Query = q.Name
	d = d.WithLabel(a.Table.Span, "the table")
	var others []string
	for _, o := range x.Wants {
		if name := o.Access.Query.Name; name != q.Name && !slices.Contains(others, name) {
			others = append(others, name)
		}
	}
	help := access.CreateOn(p.Dialect, a.Table, "", x.Columns()...)
	switch n := len(others); {
	case n == 1:
		help += fmt.Sprintf(", which %s uses too", others[0])
	case n > 1:
		help += fmt.Sprintf(", which %s and %d more use too", others[0], n-1)
	}
	if n := len(others); n == 2 {
		help = strings.Replace(help, others[0]+" and 1 more", others[0]+" and "+others[1], 1)
	}
	d = d.WithHelp("%s", help)
	for _, old := range x.Replaces() {
		d = d.WithHelp("%s is not needed then", old)
	}
	p.Add(d)
}

// first is the want to report at: one that finds no rows, else one that sorts them.
func first(wants []access.Want) access.Want {
	for _, w := range wants {
		if !w.Order {
			return w
		}
	}
	return wants[0]
}

func orderBy(a *access.Access) ir.Node {
	var list []ir.OrderItem
	switch n := a.Block.Query.(type) {
	case *ir.Select:
		list = n.OrderBy
	case *ir.Update:
		list = n.OrderBy
	case *ir.Delete:
		list = n.OrderBy
	}
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

func named(list []*catalog.Column) string {
	var out []string
	for _, c := range list {
		out = append(out, c.Name)
	}
	return strings.Join(out, " and ")
}

func names(w access.Want) string {
	list := slices.Clone(w.Equal)
	if len(list) == 0 {
		for _, s := range w.Then {
			list = append(list, s.Column)
		}
	}
	return named(list)
}

func sorted(list []access.Sort) string {
	var out []string
	for _, s := range list {
		name := s.Column.Name
		if s.Desc {
			name += " DESC"
		}
		out = append(out, name)
	}
	return strings.Join(out, ", ")
}
