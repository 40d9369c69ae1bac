// Package misestimate is the rule CV5106.
package misestimate

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// times is how far an estimate may be off, and off by how many rows at least.
const times, off = 10, 1_000

// Rule finds estimates that are far off.
var Rule = rule.NewPlan(page, check)

func check(p *rule.Planned) {
	for _, a := range p.Accesses() {
		m := a.Actual
		if m == nil || m.Loops != 1 || a.Filter == "" && a.Cond == "" || p.Limited(a.Relation) {
			continue
		}
		fewer := a.Rows > times*max(m.Rows, 1) && a.Rows-m.Rows >= off
		more := m.Rows > times*max(a.Rows, 1) && m.Rows-a.Rows >= off
		if !more && !fewer {
			continue
		}
		var columns []string
		for _, e := range p.Equalities(a.Relation) {
			columns = append(columns, p.Package.Dialect.Quote(e.Column.Name))
		}
		table := p.Package.Dialect.Quote(a.Relation.Table.Name)
		d := p.AtName("the planner expects %s rows of %s for %s, and there are %s", rule.Many(a.Rows), a.Relation.Table.Name, p.Name, rule.Many(m.Rows))
		if len(columns) > 1 {
			d = d.WithHelp("CREATE STATISTICS ON %s FROM %s; ANALYZE %s", strings.Join(columns, ", "), table, table)
		} else {
			d = d.WithHelp("ANALYZE %s; where that does not help, ALTER COLUMN … SET STATISTICS 1000 for what is compared", table)
		}
		p.Add(d)
	}
}
