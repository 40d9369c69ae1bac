// Package sortbehindindex is the rule CV5034.
package sortbehindindex

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds whole tables that are sorted or grouped by a column that stands in an index behind others.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, a := range access.Of(q) {
		s, ok := a.Block.Query.(*ir.Select)
		if !ok || s.Limit != nil || len(s.From) != 1 || s.From[0] != ir.TableExpr(a.Ref) || a.Reached() || a.Best(nil).Serves() {
			continue
		}
		x, does := first(s)
		if x == nil {
			continue
		}
		c := q.Column(x)
		if id := q.OrderColumn(a.Block, x); id != 0 && does == "sorted" {
			c = q.ByID(id)
		}
		if c == nil || c.Source == nil || c.Table != a.Table {
			continue
		}
		if p := behind(a, c.Source); p != nil {
			d := q.At(x, "%s begins with %s, so all rows of %s are %s by %s without it", p, strings.Split(p.Columns(), ", ")[0], a.Table.Name, does, c.Name)
			if p.Span.File != nil {
				d = d.WithLabel(p.Span, "%s comes behind %s", c.Name, strings.Split(p.Columns(), ", ")[0])
			}
			q.Add(d.WithHelp("an index that begins with %s gives the rows in order: %s", c.Name, a.Create("", q.Package.Dialect.Quote(c.Name))))
		}
	}
}

// first is the column that a query groups by first, or else sorts by.
func first(s *ir.Select) (x ir.Expr, does string) {
	switch {
	case s.GroupBy != nil && len(s.GroupBy.Elems) > 0 && len(s.GroupBy.Elems[0].Exprs) > 0:
		return s.GroupBy.Elems[0].Exprs[0], "grouped"
	case s.GroupBy == nil && len(s.OrderBy) > 0 && !s.Distinct:
		return s.OrderBy[0].X, "sorted"
	}
	return nil, ""
}

// behind is an index that has a column behind others; nil where one begins with it.
func behind(a *access.Access, c *catalog.Column) (found *access.Path) {
	for _, p := range a.Paths {
		if !p.Ordered() || p.Where != nil && !a.Implies(p.Where) {
			continue
		}
		switch at := p.Has(c); {
		case at == 0:
			return nil
		case at > 0 && found == nil:
			found = p
		}
	}
	return found
}
