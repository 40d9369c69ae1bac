// Package foreignkeywithoutkey is the rule CV4704.
package foreignkeywithoutkey

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds foreign keys that refer to nothing that names one row.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	for _, t := range p.Tables() {
		for _, fk := range t.Constraints {
			if fk.Kind != ir.ForeignKey || fk.Span.IsZero() {
				continue
			}
			target := p.Catalog.Table(fk.RefSchema, fk.RefTable)
			if target == nil {
				p.Add(p.At(fk.Span, "the foreign key of %s refers to %s, which the schema does not have: %s", t.Name, fk.RefTable, fails[p.Engine]).
					WithHelp("create the table, or correct its name"))
				continue
			}
			if target.Kind != catalog.BaseTable || named(p, target, fk.RefColumns) {
				continue
			}
			p.Add(p.At(fk.Span, "the foreign key of %s refers to %s (%s), which is no key of it: %s", t.Name, target.Name, strings.Join(fk.RefColumns, ", "), fails[p.Engine]).
				WithLabel(target.Span, "its primary key and unique keys are over other columns").
				WithHelp("refer to its primary key, or make the columns UNIQUE"))
		}
	}
}

var fails = map[catalog.Engine]string{
	catalog.SQLite: "with PRAGMA foreign_keys on, writing to either table fails",
	catalog.MySQL:  "MySQL 8.4 refuses it, and it may mean several rows",
}

// named tells whether columns are the whole of a key.
func named(p *rule.Package, t *catalog.Table, columns []string) bool {
	if len(columns) == 0 {
		return t.PrimaryKey() != nil
	}
	for _, k := range p.Keys(t) {
		same := len(k.Columns) == len(columns)
		for _, c := range k.Columns {
			same = same && slices.ContainsFunc(columns, func(name string) bool { return strings.EqualFold(name, c.Name) })
		}
		if same {
			return true
		}
	}
	return false
}
