// Package tablewithouttransactions is the rule CV4708.
package tablewithouttransactions

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// Rule finds tables that no rollback restores.
var Rule = rule.NewPackage(page, check)

func check(p *rule.Package) {
	for _, t := range p.Tables() {
		switch engine := strings.ToLower(t.Options["engine"]); engine {
		case "myisam", "archive", "csv", "merge", "mrg_myisam":
			p.Add(p.At(t.Span, "%s is stored by %s, which has no transactions and no foreign keys: a rollback leaves what was written", t.Name, t.Options["engine"]).
				WithHelp("ALTER TABLE %s ENGINE = InnoDB", t.Name))
		}
	}
}
