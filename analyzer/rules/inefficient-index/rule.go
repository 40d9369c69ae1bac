// Package inefficientindex is the rule CV5102.
package inefficientindex

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/plan"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// few is how many rows an index may find in vain.
const few = 1_000

// Rule finds index searches whose filter throws nearly everything away.
var Rule = rule.NewPlan(page, check)

func check(p *rule.Planned) {
	for _, a := range p.Accesses() {
		if a.Kind != plan.IndexScan && a.Kind != plan.Bitmap || a.Index == "" || a.Stock.Rows < plan.Large || a.Repeated() {
			continue
		}
		have := rule.Index(a.Relation.Table, a.Index)
		if have == nil {
			continue
		}
		read, kept := a.Stock.Rows, 1.0
		var columns, rest []string
		var at *rule.Equality
		for _, e := range p.Equalities(a.Relation) {
			switch {
			case slices.ContainsFunc(have, func(c string) bool { return strings.EqualFold(c, e.Column.Name) }):
				read *= e.Fraction
				columns = append(columns, e.Column.Name)
			case e.Outer:
			default:
				if at == nil {
					at = &e
				}
				kept = min(kept, e.Fraction)
				if e.Fraction <= 0.5 && len(rest) < 2 {
					rest = append(rest, e.Column.Name)
				}
			}
		}
		if len(columns) == 0 || at == nil || read < few || kept > plan.Selective || rule.Leading(a.Relation.Table, at.Column) {
			continue
		}
		p.Add(p.At(at.X, "the index %s finds about %s rows of %s, and this keeps about %s of them", a.Index, rule.Many(read), a.Relation.Table.Name, rule.Many(max(1, read*kept))).
			WithHelp("%s", p.CreateIndex(a.Relation.Table, append(columns, rest...)...)))
	}
}
