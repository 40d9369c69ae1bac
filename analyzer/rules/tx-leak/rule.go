// Package txleak is the rule CV4314.
package txleak

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/gocode"
)

//go:embed page.md
var page string

// Rule finds transactions that a return leaves open.
var Rule = gocode.NewRule(page, check)

func check(j *gocode.Judged) {
	for _, t := range j.Transactions() {
		if r := t.Leak(); r != nil {
			j.Add(j.Finding(j.At(t.Begin), nil, "the transaction is neither committed nor rolled back on some way out: its connection and its locks stay taken").
				WithLabel(j.At(r), "here it is left open").
				WithHelp("write defer tx.Rollback() behind the check of the error; after a commit it does nothing"))
		}
	}
}
