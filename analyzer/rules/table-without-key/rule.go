// Package tablewithoutkey is the rule CV4701.
package tablewithoutkey

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
)

//go:embed page.md
var page string

// Rule finds tables whose rows nothing tells apart.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	for _, t := range p.Tables() {
		if t.PartitionOf != "" || len(t.Inherits) > 0 || t.PrimaryKey() != nil || ledger(t.Name) || whole(p, t) {
			continue
		}
		p.Add(p.At(t.Span, "%s has no key: nothing keeps the same row from being there twice, and nothing names one of the two", t.Name).
			WithHelp("%s", help[p.Engine]))
	}
}

// whole tells whether a key keeps all rows apart.
func whole(p *rule.Package, t *catalog.Table) bool {
	for _, x := range t.Indexes {
		if x.Unique && !x.Alone && x.Where == "" && slices.ContainsFunc(x.Parts, func(part catalog.IndexPart) bool { return part.Column == "" }) {
			return true // of expressions: what NULL becomes in them is for who wrote them
		}
	}
	for _, k := range p.Keys(t) {
		all := true
		for _, c := range k.Columns {
			all = all && c.NotNull
		}
		if all || k.Index != nil && k.Index.NullsNotDistinct || k.Constraint != nil && k.Constraint.NullsNotDistinct {
			return true
		}
	}
	return false
}

// ledger tells whether a table is one that a tool for migrations keeps for itself, or stands for one of the server's own.
func ledger(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "pg_") || strings.Contains(name, "migration") || strings.Contains(name, "goose") || strings.Contains(name, "schema_version") || strings.Contains(name, "atlas_schema")
}

var help = map[catalog.Engine]string{
	catalog.PostgreSQL: "give it a primary key; without one logical replication refuses UPDATE and DELETE",
	catalog.MySQL:      "give it a primary key; without one a replica looks for each changed row by reading the whole table",
}
