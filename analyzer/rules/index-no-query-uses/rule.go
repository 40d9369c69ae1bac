// Package indexnoqueryuses is the rule CV5013.
package indexnoqueryuses

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

// Rule finds indexes of whose first column no query says anything.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	named, read := mentioned(p)
	for _, s := range p.Catalog.Schemas {
		for _, t := range s.Tables {
			if !access.Stored(t) || t.PartitionOf != "" || !read[t] {
				continue
			}
			for _, x := range access.Paths(p, t) {
				if x.Index == nil || x.Unique || x.Where != nil || len(x.Parts) == 0 || x.Parts[0].Column == "" || x.Span.File == nil || named[strings.ToLower(x.Parts[0].Column)] || refers(t, x) {
					continue
				}
				p.Add(p.At(x.Span, "no query here compares or sorts by %s, so none can use %s", x.Parts[0].Column, x).
					WithHelp("drop it, if nothing else reads the database: each INSERT keeps it up to date"))
			}
		}
	}
}

// refers tells whether an index finds the rows of a foreign key.
func refers(t *catalog.Table, x *access.Path) bool {
	return slices.ContainsFunc(t.Constraints, func(c *catalog.Constraint) bool { return c.Kind == ir.ForeignKey && x.Leads(c.Columns) })
}

// mentioned lists the columns that stand anywhere but in select lists alone, by their names in small letters, and the tables that queries read.
func mentioned(p *rule.Package) (named map[string]bool, read map[*catalog.Table]bool) {
	named, read = map[string]bool{}, map[*catalog.Table]bool{}
	note := func(n ir.Node) {
		ir.Walk(n, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.ColumnRef:
				named[strings.ToLower(n.Parts[len(n.Parts)-1].Name)] = true
			case *ir.Join:
				for _, u := range n.Using {
					named[strings.ToLower(u.Name)] = true
				}
			}
			return true
		})
	}
	for _, q := range access.Queries(p) {
		for _, a := range access.Of(q) {
			read[a.Table] = true
		}
		for _, k := range q.Bound.Blocks() {
			s, ok := k.Query.(*ir.Select)
			if !ok {
				note(k.Query)
				continue
			}
			for _, x := range s.Items {
				switch x.X.(type) {
				case *ir.ColumnRef, *ir.Star:
				default:
					note(x.X) // aggregates, subqueries
				}
			}
			rest := *s
			rest.Items = nil
			note(&rest)
			if s.Distinct {
				note(s)
			}
		}
	}
	for _, s := range p.Catalog.Schemas {
		for _, t := range s.Tables {
			if t.Query != nil {
				note(t.Query)
			}
		}
	}
	return named, read
}
