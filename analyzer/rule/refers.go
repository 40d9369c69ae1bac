package rule

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
)

// Refers is the condition that a foreign key between two relations states, in either direction, with their names; "" where there is
// none.
func (p *Package) Refers(a, b *sem.Relation) string {
	if x := p.refers(a, b); x != "" {
		return x
	}
	return p.refers(b, a)
}

func (p *Package) refers(from, to *sem.Relation) string {
	if from.Table == nil || to.Table == nil {
		return ""
	}
	for _, k := range from.Table.Constraints {
		if k.Kind != ir.ForeignKey || !p.sameTable(k, to.Table) || len(k.Columns) != len(k.RefColumns) {
			continue
		}
		var parts []string
		for i := range k.Columns {
			parts = append(parts, from.Name+"."+k.Columns[i]+" = "+to.Name+"."+k.RefColumns[i])
		}
		return strings.Join(parts, " AND ")
	}
	return ""
}

func (p *Package) sameTable(k *catalog.Constraint, t *catalog.Table) bool {
	if p.Traits.CaselessNames {
		return strings.EqualFold(k.RefTable, t.Name)
	}
	return k.RefTable == t.Name && (k.RefSchema == "" || k.RefSchema == t.Schema)
}
