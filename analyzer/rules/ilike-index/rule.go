// Package ilikeindex is the rule CV5005.
package ilikeindex

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// Rule finds ILIKE over a column whose indexes are ordered ones.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, a := range access.Of(q) {
		if a.Reached() {
			continue
		}
		for _, c := range a.Conds {
			if c.Operator != "ILIKE" || c.Op != access.Pattern && c.Op != access.Equal || c.Within != nil || c.Optional != nil || c.Wrap != access.Bare || c.Column == nil {
				continue
			}
			var ordered *access.Path
			trigrams := false
			for _, p := range a.Paths {
				switch {
				case p.Ordered() && p.Has(c.Column) == 0:
					ordered = p
				case !p.Ordered() && p.Has(c.Column) >= 0:
					trigrams = true
				}
			}
			if ordered == nil || trigrams {
				continue
			}
			column := q.Package.Dialect.Quote(c.Column.Name)
			d := q.At(c.X, "ILIKE does not use %s, which tells capital letters from small ones: all rows of %s are read", ordered, a.Table.Name)
			if ordered.Span.File != nil {
				d = d.WithLabel(ordered.Span, "the index")
			}
			q.Add(d.WithHelp("with the extension pg_trgm: %s", a.Create("gin", column+" gin_trgm_ops")).
				WithHelp("or compare lower(%s) with a text in small letters, over an index on lower(%s)", column, column))
		}
	}
}
