// Package onconflictnoindex is the rule CV4404.
package onconflictnoindex

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds ON CONFLICT that no unique index is behind.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	if !rule.Shared(q.Package, hasIndexes{}, func() bool { return indexes(q.Catalog) }) {
		return // they are kept elsewhere
	}
	for _, in := range rule.Exprs[*ir.Insert](q) {
		r := q.Relation(in.Table)
		if r == nil || r.Table == nil || r.Table.Kind != catalog.BaseTable || r.Table.Module != "" {
			continue
		}
		for i := range in.OnConflict {
			if oc := &in.OnConflict[i]; oc.Constraint != nil {
				named(q, r.Table, oc.Constraint)
			} else if len(oc.Target) > 0 {
				inferred(q, r.Table, oc)
			}
		}
	}
}

type hasIndexes struct{}

// indexes tells whether a schema has any index, or any key but primary ones: some keep the columns alone for their queries.
func indexes(s *catalog.Snapshot) bool {
	for _, sc := range s.Schemas {
		for _, t := range sc.Tables {
			if len(t.Indexes) > 0 || slices.ContainsFunc(t.Constraints, func(c *catalog.Constraint) bool { return c.Kind == ir.Unique }) {
				return true
			}
		}
	}
	return false
}

// named judges ON CONSTRAINT.
func named(q *rule.Query, t *catalog.Table, name *ir.Ident) {
	for _, c := range t.Constraints {
		if c.Name != name.Name {
			continue
		}
		switch {
		case c.Kind != ir.PrimaryKey && c.Kind != ir.Unique && c.Kind != ir.Exclude:
			q.Add(q.At(name, "%s is no unique constraint: the INSERT fails each time", name.Name).WithLabel(c.Span, "it is declared here"))
		case c.Deferrable:
			q.Add(q.At(name, "%s is deferrable, and so can not decide a conflict: the INSERT fails each time", name.Name).WithLabel(c.Span, "it is declared here"))
		}
		return
	}
	for _, x := range t.Indexes {
		if x.Name == name.Name {
			q.Add(q.At(name, "%s is an index and no constraint: the INSERT fails each time", name.Name).WithLabel(x.Span, "it is declared here").
				WithHelp("name what it is over instead: ON CONFLICT (…)"))
		}
	}
}

// inferred judges ON CONFLICT (…) WHERE …
func inferred(q *rule.Query, t *catalog.Table, oc *ir.OnConflict) {
	spell := func(x ir.Node) string { return q.Package.Spelled(x) }
	var want []string
	for i := range oc.Target {
		x := oc.Target[i].X
		if c, ok := x.(*ir.Collate); ok {
			x = c.X
		}
		if ref, ok := x.(*ir.ColumnRef); ok && t.Column(ref.Parts[len(ref.Parts)-1].Name, q.Package.Traits.CaselessNames) == nil {
			return // a rowid
		}
		want = append(want, spell(x))
	}
	slices.Sort(want)
	want = slices.Compact(want)
	fits := func(have []string) bool {
		slices.Sort(have)
		return slices.Equal(slices.Compact(have), want)
	}
	column := func(name string) string {
		return spell(&ir.ColumnRef{Parts: []ir.Ident{{Name: name}}})
	}
	var deferred *catalog.Constraint
	for _, c := range t.Constraints {
		if c.Kind != ir.PrimaryKey && c.Kind != ir.Unique && c.Kind != ir.Exclude {
			continue
		}
		var have []string
		for _, name := range c.Columns {
			if name == "" {
				return // an expression that is not known
			}
			have = append(have, column(name))
		}
		if fits(have) {
			if !c.Deferrable {
				return
			}
			deferred = c
		}
	}
	var close *catalog.Index
	for _, x := range t.Indexes {
		if !x.Unique {
			continue
		}
		var have []string
		known := x.Where == "" || x.WhereExpr != nil
		for i := range x.Parts {
			switch p := &x.Parts[i]; {
			case p.Column != "":
				have = append(have, column(p.Column))
			case p.X != nil:
				have = append(have, spell(p.X))
			default:
				known = false
			}
		}
		if !known {
			return
		}
		if fits(have) {
			if x.WhereExpr == nil || mayImply(q, oc.Where, x.WhereExpr) {
				return
			}
			close = x
		}
	}
	at := oc.Target[0].Span().Cover(oc.Target[len(oc.Target)-1].Span())
	switch {
	case close != nil && oc.Where == nil:
		q.Add(q.At(oc, "the unique index %s is over some rows only, and ON CONFLICT does not say which: the INSERT fails each time", close.Name).
			WithLabel(close.Span, "it is declared here").WithHelp("write ON CONFLICT (…) WHERE %s", q.Text(close.WhereExpr)))
	case close != nil:
		q.Add(q.At(oc.Where, "this does not say that the row is one of those of the unique index %s: the INSERT fails each time", close.Name).
			WithLabel(close.Span, "it is declared here").WithHelp("write WHERE %s", q.Text(close.WhereExpr)))
	case deferred != nil:
		d := q.At(oc, "the only key over these columns is deferrable, and so can not decide a conflict: the INSERT fails each time")
		q.Add(d.WithLabel(deferred.Span, "it is declared here"))
	default:
		d := q.At(oc, "no unique index of %s is over %s: the INSERT fails each time", t.Name, strings.Join(strings.Fields(at.Text()), " "))
		q.Add(d.WithHelp("CREATE UNIQUE INDEX ON %s (%s)", t.Name, strings.Join(strings.Fields(at.Text()), " ")))
	}
}

// mayImply tells whether one condition may imply another: all of its parts speak of columns that the one speaks of too, and none
// says outright otherwise.
func mayImply(q *rule.Query, given, wanted ir.Expr) bool {
	said := map[string]bool{}
	equals := map[string]string{}
	for _, x := range rule.Conjuncts(given) {
		for name := range columns(x) {
			said[name] = true
		}
		if c, v := equation(x); c != "" {
			equals[c] = v
		}
	}
	for _, x := range rule.Conjuncts(wanted) {
		for name := range columns(x) {
			if !said[name] {
				return false
			}
		}
		if c, v := equation(x); c != "" && equals[c] != "" && equals[c] != v {
			return false
		}
	}
	return true
}

func columns(x ir.Expr) map[string]bool {
	out := map[string]bool{}
	ir.Walk(x, func(n ir.Node) bool {
		if c, ok := n.(*ir.ColumnRef); ok {
			out[c.Parts[len(c.Parts)-1].Name] = true
		}
		return true
	})
	return out
}

// equation is column = constant, or a column that is true or false.
func equation(x ir.Expr) (column, value string) {
	name := func(x ir.Expr) string {
		if c, ok := x.(*ir.ColumnRef); ok {
			return c.Parts[len(c.Parts)-1].Name
		}
		return ""
	}
	switch x := x.(type) {
	case *ir.ColumnRef:
		return name(x), "true"
	case *ir.Not:
		return name(x.X), "false"
	case *ir.Binary:
		if l, ok := x.R.(*ir.Literal); ok && x.Op == "=" && (l.Kind == ir.String || l.Kind == ir.Bool) {
			return name(x.L), l.Text
		}
	}
	return "", ""
}
