// Package timestampwithoutzone is the rule CV4714.
package timestampwithoutzone

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// Rule finds times without a zone.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	for _, t := range p.Tables() {
		for _, c := range t.Columns {
			if c.Type.Is("timestamp") && t.PartitionOf == "" {
				p.Add(p.At(c.Span, "%s is a time without a zone: which moment it is depends on who reads it", c.Name).WithHelp("make it timestamptz"))
			}
		}
	}
}
