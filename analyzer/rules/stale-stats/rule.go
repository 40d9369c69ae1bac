// Package stalestats is the rule CV5107.
package stalestats

import (
	_ "embed"
	"fmt"

	"github.com/covetsql/covetsql/analyzer/plan"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// megabyte is a size at which a table matters of which the engine does not know how many rows it has.
const megabyte = 1 << 20

// Rule finds large tables without statistics.
var Rule = rule.NewPlan(page, check)

func check(p *rule.Planned) {
	for _, a := range p.Accesses() {
		t := a.Relation.Table
		why := ""
		switch s := a.Stock; {
		case s.Unknown && s.Rows >= plan.Large:
			why = fmt.Sprintf("%s has %s rows, and was never analyzed", t.Name, rule.Many(s.Rows))
		case s.Unknown && s.Bytes >= megabyte:
			why = fmt.Sprintf("%s has %s KB, and was never analyzed", t.Name, rule.Many(s.Bytes/1024))
		case s.Changed >= plan.Large && s.Changed > s.Rows:
			why = fmt.Sprintf("%s was analyzed when it had %s rows, and %s were written since", t.Name, rule.Many(s.Rows), rule.Many(s.Changed))
		default:
			continue
		}
		d := p.AtName("%s: the planner guesses", why)
		if !t.Span.IsZero() {
			d.Span, d.Query = t.Span, "" // one finding a table, whichever query reads it
		}
		p.Add(d.WithHelp("ANALYZE %s", p.Package.Dialect.Quote(t.Name)))
	}
}
