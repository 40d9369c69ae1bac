// Package redundantindex is the rule CV5012.
package redundantindex

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

// Rule finds indexes that hold no more than the first columns of another index or key.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	written, none := access.Written(p)
	var repeated []waste
	for _, s := range p.Catalog.Schemas {
		for _, t := range s.Tables {
			if !access.Stored(t) || t.PartitionOf != "" || !none && !written[t] { // elsewhere nothing keeps the index up to date
				continue
			}
			for _, w := range table(p, t) {
				if w.repeats() {
					repeated = append(repeated, w)
				} else {
					report(p, w)
				}
			}
		}
	}
	if len(repeated) > 2 {
		together(p, repeated)
		return
	}
	for _, w := range repeated {
		report(p, w)
	}
}

// waste is an index x of a table, and the index or key y that finds whatever x finds.
type waste struct {
	table *catalog.Table
	x, y  *access.Path
}

// repeats tells of a unique index over what is the primary key: where there are many, they are one habit of what made the schema.
func (w waste) repeats() bool {
	return w.x.Unique && same(w.x, w.y) && w.y.Constraint != nil && w.y.Constraint.Kind == ir.PrimaryKey
}

func table(p *rule.Package, t *catalog.Table) (out []waste) {
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
			out = append(out, waste{t, x, y})
			break
		}
	}
	return out
}

func report(p *rule.Package, w waste) {
	what := "begins with the same columns"
	if same(w.x, w.y) {
		what = "has the same columns"
	}
	d := p.At(w.x.Span, "%s finds nothing that %s does not find as well: it %s", w.x, w.y, what)
	if w.y.Span.File != nil {
		d = d.WithLabel(w.y.Span, "%s", what)
	}
	p.Add(d.WithHelp("%s: each INSERT and UPDATE keeps it up to date for nothing", drop(p, w)))
}

// together reports indexes that repeat primary keys.
func together(p *rule.Package, list []waste) {
	d := p.At(list[0].x.Span, "%s has the same columns as %s, and so has a unique index of %d more tables: they find nothing that the keys do not find as well",
		list[0].x, list[0].y, len(list)-1)
	var drops []string
	for i, w := range list {
		drops = append(drops, drop(p, w))
		if i > 0 && i < 3 {
			d = d.WithLabel(w.x.Span, "repeats the primary key of %s", w.table.Name)
		}
	}
	p.Add(d.WithHelp("each INSERT keeps them up to date for nothing: %s", strings.Join(drops, "; ")))
}

func drop(p *rule.Package, w waste) string {
	out := "DROP INDEX " + p.Dialect.Quote(w.x.Name)
	if p.Engine == catalog.MySQL {
		out += " ON " + p.Dialect.Quote(w.table.Name)
	}
	return out
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
