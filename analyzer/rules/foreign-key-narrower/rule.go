// Package foreignkeynarrower is the rule CV4703.
package foreignkeynarrower

import (
	_ "embed"
	"fmt"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds foreign keys that can not hold all values of what they refer to.
var Rule = rule.NewPackage(page, check)

var width = map[string]int{"int2": 2, "int4": 4, "int8": 8}

func check(p *rule.Package) {
	for _, t := range p.Tables() {
		if t.PartitionOf != "" {
			continue
		}
		for _, fk := range t.Constraints {
			if fk.Kind != ir.ForeignKey || len(fk.RefColumns) != len(fk.Columns) {
				continue
			}
			target := p.Catalog.Table(fk.RefSchema, fk.RefTable)
			if target == nil {
				continue
			}
			for i := range fk.Columns {
				from, to := p.Column(t, fk.Columns[i]), p.Column(target, fk.RefColumns[i])
				if from == nil || to == nil || !narrower(from, to) {
					continue
				}
				p.Add(p.At(from.Span, "%s is %s, but refers to %s.%s, which is %s: a row whose key is larger can not be referred to", from.Name, name(from), target.Name, to.Name, name(to)).
					WithLabel(to.Span, "%s", name(to)).WithHelp("make it %s", name(to)))
			}
		}
	}
}

func narrower(from, to *catalog.Column) bool {
	a, b := from.Type, to.Type
	if a.IsArray() || b.IsArray() {
		return false
	}
	if wa, wb := width[a.Name], width[b.Name]; wa > 0 && wb > 0 {
		return wa < wb
	}
	return a.Is("varchar") && a.Length > 0 && (b.Is("text") || b.Is("varchar") && (b.Length == 0 || b.Length > a.Length))
}

func name(c *catalog.Column) string {
	switch c.Type.Name {
	case "int2":
		return "smallint"
	case "int4":
		return "integer"
	case "int8":
		return "bigint"
	}
	if c.Type.Length > 0 {
		return fmt.Sprintf("%s(%d)", c.Type.Name, c.Type.Length)
	}
	return c.Type.Name
}
