// Package partialindexnotimplied is the rule CV5023.
package partialindexnotimplied

import (
	_ "embed"
	"slices"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds queries whose rows a partial index would find, had they its condition.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, a := range access.Of(q) {
		p := a.Unimplied()
		if p == nil || !found(a, p) || q.ForTests() || keyed(q, a) {
			continue
		}
		at := ir.Node(a.Ref)
		for _, c := range a.Conds {
			if c.Column != nil && p.Has(c.Column) == 0 && c.Wrap == access.Bare {
				at = c.X
				break
			}
		}
		where := q.Text(p.Where)
		d := q.At(at, "%s holds only rows of %s with %s, and %s does not ask for them: the index can not be used and all rows are read", p, a.Table.Name, where, q.Name)
		if p.Span.File != nil {
			d = d.WithLabel(p.Span, "the index")
		}
		q.Add(d.WithHelp("add the index's condition, if the query means those rows: AND %s", where).
			WithHelp("else make an index without the condition: %s", a.Create("", parts(q, a, p)...)))
	}
}

// found tells whether the index would find the rows by what is there from the start. By a column of another relation it may be that one which
// is found by this one's rows.
func found(a *access.Access, p *access.Path) bool {
	whole := *p
	whole.Where = nil
	return a.Match(&whole, a.Given).Equal > 0
}

// parts are those of an index that find the rows, as CREATE INDEX takes them.
func parts(q *rule.Query, a *access.Access, p *access.Path) (out []string) {
	whole := *p
	whole.Where = nil
	m := a.Match(&whole, a.Given)
	n := m.Equal
	if m.Range {
		n++
	}
	for _, x := range p.Parts[:n] {
		if x.Column == "" {
			out = append(out, "("+x.Expr+")")
			continue
		}
		out = append(out, q.Package.Dialect.Quote(x.Column))
	}
	return out
}

// keyed tells of rows whose key is asked to be IN a list: the rows around may come first, and then these are found by that key.
func keyed(q *rule.Query, a *access.Access) bool {
	s, ok := a.Block.Query.(*ir.Select)
	if !ok || len(s.Items) != 1 || s.GroupBy != nil || s.Limit != nil || !a.Block.Outer.Empty() {
		return false
	}
	c := q.Column(s.Items[0].X)
	if c == nil || c.Source == nil || !slices.ContainsFunc(a.Paths, func(p *access.Path) bool {
		return p.Unique && p.Where == nil && len(p.Parts) == 1 && p.Has(c.Source) == 0
	}) {
		return false
	}
	found := false
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		x, in := n.(*ir.In)
		found = found || in && !x.Not && x.Query == ir.Query(s)
		return !found
	})
	return found
}
