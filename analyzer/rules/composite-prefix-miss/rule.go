// Package compositeprefixmiss is the rule CV5009.
package compositeprefixmiss

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds conditions on a column that stands in an index behind others of which the query says nothing.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	type miss struct {
		path   *access.Path
		column *catalog.Column
	}
	said := map[miss]bool{}
	for _, w := range access.Wants(p) {
		path, ok := w.Skips()
		if !ok || w.Access.Unimplied() != nil || p.Engine != catalog.MySQL && w.ForeignKey() != nil { // the latter is fk-without-index's
			continue
		}
		c := w.Leading()
		if len(w.Equal) == 0 && !constant(w) || mentions(w.Access.Conds, path.Parts[0].Column) {
			continue // an argument's interval may hold most rows; the query does say something of the first column
		}
		if said[miss{path, c}] {
			continue
		}
		said[miss{path, c}] = true
		a := w.Access
		var parts []string
		for _, x := range w.Equal {
			parts = append(parts, p.Dialect.Quote(x.Name))
		}
		for _, x := range w.Then {
			parts = append(parts, p.Dialect.Quote(x.Column.Name))
		}
		before := strings.Split(path.Columns(), ", ")[0]
		d := p.At(w.Cond.X.Span(), "%s begins with %s, of which %s says nothing, so it does not find rows by %s: all of %s is read", path, before, a.Query.Name, c.Name, a.Table.Name)
		d.Query = a.Query.Name
		if path.Span.File != nil {
			d = d.WithLabel(path.Span, "%s comes behind %s", c.Name, before)
		}
		d = d.WithHelp("add a condition on %s, if there is one; else %s", before, access.CreateOn(p.Dialect, a.Table, "", parts...))
		if p.Engine == catalog.PostgreSQL {
			d = d.WithHelp("from version 18 on PostgreSQL skips through the index, where %s has few values", before)
		}
		p.Add(d)
	}
}

// mentions tells whether a condition, or an arm of one, is about a column.
func mentions(list []access.Cond, column string) bool {
	return slices.ContainsFunc(list, func(c access.Cond) bool {
		return c.Column != nil && strings.EqualFold(c.Column.Name, column) ||
			slices.ContainsFunc(c.Arms, func(arm []access.Cond) bool { return mentions(arm, column) })
	})
}

// constant tells of an interval that the statement writes down.
func constant(w access.Want) bool {
	return len(w.Cond.Values) > 0 && !slices.ContainsFunc(w.Cond.Values, func(v ir.Expr) bool { return w.Access.Query.Value(v).Constant == nil })
}
