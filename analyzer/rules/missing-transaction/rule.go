// Package missingtransaction is the rule CV4332.
package missingtransaction

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/gocode"
)

//go:embed page.md
var page string

// Rule finds writes that belong together without a transaction.
var Rule = gocode.NewRule(page, check)

func check(j *gocode.Judged) {
	for _, l := range j.LooseWrites() {
		j.Add(j.Finding(j.At(l.Second.Site), l.Second.Query, "%s needs what %s wrote, and no transaction holds the two together: where it fails, the first stays", l.Second.Query.Name, l.First.Query.Name).
			WithLabel(j.At(l.First.Site), "the first write").
			WithHelp("run both on the queries of one transaction: begin, WithTx, commit"))
	}
}
