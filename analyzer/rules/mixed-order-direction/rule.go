// Package mixedorderdirection is the rule CV5026.
package mixedorderdirection

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// Rule finds orders of several directions that an index has in others.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, a := range access.Of(q) {
		if len(a.Order) < 2 || a.Limit == nil {
			continue
		}
		for _, p := range a.Paths {
			m := a.Match(p, a.Given)
			if m.Sorted {
				break
			}
			if !p.Ordered() || p.Where != nil || !turned(a, p, m.Equal) || sorted(a) {
				continue
			}
			var parts []string
			for _, x := range p.Parts[:m.Equal] {
				parts = append(parts, q.Package.Dialect.Quote(x.Column))
			}
			for _, o := range a.Order {
				name := q.Package.Dialect.Quote(o.Column.Name)
				if o.Desc {
					name += " DESC"
				}
				parts = append(parts, name)
			}
			q.Add(q.At(a.Ref, "%s has the columns of ORDER BY, but not in its directions: the rows of %s are sorted", p, a.Table.Name).
				WithLabel(p.Span, "the index").WithHelp("%s", a.Create("", parts...)))
			break
		}
	}
}

// sorted tells whether another path gives the order.
func sorted(a *access.Access) bool {
	for _, p := range a.Paths {
		if a.Match(p, a.Given).Sorted {
			return true
		}
	}
	return false
}

// turned tells whether the parts behind the first ones are the columns of the order.
func turned(a *access.Access, p *access.Path, from int) bool {
	if len(p.Parts) < from+len(a.Order) {
		return false
	}
	for i, o := range a.Order {
		if !strings.EqualFold(p.Parts[from+i].Column, o.Column.Name) {
			return false
		}
	}
	return true
}
