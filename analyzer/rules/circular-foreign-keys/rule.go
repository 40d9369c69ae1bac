// Package circularforeignkeys is the rule CV4712.
package circularforeignkeys

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds rings of foreign keys that no row can enter.
var Rule = rule.NewPackage(page, check)

type edge struct {
	fk       *catalog.Constraint
	from, to *catalog.Table
}

func check(p *rule.Package) {
	out := map[*catalog.Table][]edge{}
	tables := p.Tables()
	for _, t := range tables {
		for _, fk := range t.Constraints {
			if fk.Kind != ir.ForeignKey || fk.Deferrable || fk.NotValid {
				continue
			}
			needed := true
			for _, name := range fk.Columns {
				c := p.Column(t, name)
				needed = needed && c != nil && c.NotNull
			}
			if to := p.Catalog.Table(fk.RefSchema, fk.RefTable); needed && to != nil && to != t {
				out[t] = append(out[t], edge{fk, t, to})
			}
		}
	}
	told := map[*catalog.Table]bool{}
	for _, t := range tables {
		ring := around(out, t)
		if ring == nil || told[t] {
			continue
		}
		names := []string{t.Name}
		for _, e := range ring {
			told[e.from] = true
			names = append(names, e.to.Name)
		}
		d := p.At(ring[0].fk.Span, "no row can be the first: %s", strings.Join(names, " needs "))
		for _, e := range ring[1:] {
			d = d.WithLabel(e.fk.Span, "%s needs a row of %s", e.from.Name, e.to.Name)
		}
		p.Add(d.WithHelp("%s", help[p.Engine]))
	}
}

var help = map[catalog.Engine]string{
	catalog.PostgreSQL: "let one of the columns be NULL, or make a foreign key DEFERRABLE INITIALLY DEFERRED",
	catalog.MySQL:      "let one of the columns be NULL",
	catalog.SQLite:     "let one of the columns be NULL, or make a foreign key DEFERRABLE INITIALLY DEFERRED",
}

// around is a shortest way along the foreign keys from a table back to it; nil where there is none.
func around(out map[*catalog.Table][]edge, start *catalog.Table) []edge {
	by := map[*catalog.Table]edge{}
	for queue := []*catalog.Table{start}; len(queue) > 0; queue = queue[1:] {
		for _, e := range out[queue[0]] {
			if e.to == start {
				ring := []edge{e}
				for at := e.from; at != start; at = by[at].from {
					ring = append([]edge{by[at]}, ring...)
				}
				return ring
			}
			if _, seen := by[e.to]; !seen {
				by[e.to] = e
				queue = append(queue, e.to)
			}
		}
	}
	return nil
}
