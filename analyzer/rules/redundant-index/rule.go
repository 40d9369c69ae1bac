// Package redundantindex is the rule CV5012.
package redundantindex

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
)

//go:embed page.md
var page string

// Rule finds indexes that hold no more than the first columns of another index or key.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	written, none := access.Written(p)
	for _, s := range p.Catalog.Schemas {
		for _, t := range s.Tables {
			if access.Stored(t) && t.PartitionOf == "" && (none || written[t]) { // elsewhere nothing keeps the index up to date
				table(p, t)
			}
		}
	}
}

func table(p *rule.Package, t *catalog.Table) {
	list := access.Paths(p, t)
	for i, x := range list {
		if x.Index == nil || x.Span.File == nil {
			continue
		}
		for j, y := range list {
			if i == j || y.Implied || x.Name == y.Name || // a dump may write a key's own index out
				!covers(y, x) || same(x, y) && j > i && !keeps(y, x) {
				continue
			}
			what := "begins with the same columns"
			if same(x, y) {
				what = "has the same columns"
			}
			d := p.At(x.Span, "%s finds nothing that %s does not find as well: it %s", x, y, what)
			if y.Span.File != nil {
				d = d.WithLabel(y.Span, "%s", what)
			}
			drop := "DROP INDEX " + p.Dialect.Quote(x.Name)
			if p.Engine == catalog.MySQL {
				drop += " ON " + p.Dialect.Quote(t.Name)
			}
			p.Add(d.WithHelp("%s: each INSERT and UPDATE keeps it up to date for nothing", drop))
			break
		}
	}
}

// same tells whether two indexes have as many parts, of which one covers the other.
func same(x, y *access.Path) bool { return len(x.Parts) == len(y.Parts) }

// keeps tells whether y says something that x does not: that its columns are unique.
func keeps(y, x *access.Path) bool { return y.Unique && !x.Unique }

// covers tells whether y serves whatever x serves.
func covers(y, x *access.Path) bool {
	if x.Method != y.Method || len(x.Parts) > len(y.Parts) || len(x.Parts) == 0 || !x.Ordered() && !same(x, y) {
		return false
	}
	if x.Unique && !(y.Unique && same(x, y)) {
		return false // it keeps its columns unique
	}
	if condition(x) != condition(y) && y.Where != nil {
		return false
	}
	if y.Where == nil && x.Where != nil {
		return false // the smaller one is there for a reason
	}
	for i, a := range x.Parts {
		b := y.Parts[i]
		if !strings.EqualFold(a.Column, b.Column) || a.Column == "" && !strings.EqualFold(a.Expr, b.Expr) || a.Length != b.Length && b.Length != 0 ||
			a.Desc != b.Desc || a.Nulls != b.Nulls || !strings.EqualFold(a.Collation, b.Collation) || !strings.EqualFold(a.OpClass, b.OpClass) {
			return false
		}
	}
	return !slices.ContainsFunc(include(x), func(c string) bool {
		return !slices.Contains(include(y), c) && !slices.ContainsFunc(y.Parts, func(p catalog.IndexPart) bool { return p.Column == c })
	})
}

func condition(x *access.Path) string {
	if x.Index == nil {
		return ""
	}
	return strings.Join(strings.Fields(strings.ToLower(x.Index.Where)), " ")
}

func include(x *access.Path) []string {
	switch {
	case x.Index != nil:
		return x.Index.Include
	case x.Constraint != nil:
		return x.Constraint.Include
	}
	return nil
}
