// Package partialindexnotimplied is the rule CV5023.
package partialindexnotimplied

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds queries whose rows a partial index would find, had they its condition.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, a := range access.Of(q) {
		p := a.Unimplied()
		if p == nil || !found(a, p) {
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
		q.Add(d.WithHelp("add the index's condition, if the query means those rows: AND %s", where))
	}
}

// found tells whether the index would find the rows by what is there from the start. By a column of another relation it may be that one which
// is found by this one's rows.
func found(a *access.Access, p *access.Path) bool {
	whole := *p
	whole.Where = nil
	return a.Match(&whole, a.Given).Equal > 0
}
