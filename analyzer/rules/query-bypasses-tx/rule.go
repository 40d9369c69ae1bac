// Package querybypassestx is the rule CV4312.
package querybypassestx

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/gocode"
	"github.com/covetsql/covetsql/compiler/diag"
)

//go:embed page.md
var page string

// Rule finds queries that run beside the transaction their function holds.
var Rule = gocode.NewRule(page, check)

func check(j *gocode.Judged) {
	for _, b := range j.Bypasses() {
		q := b.Query
		d := j.Finding(j.At(b.Site), q, "%s runs beside the open transaction, on a connection of its own: it neither sees what the transaction wrote nor is undone with it", q.Name)
		if !q.Changes() {
			d.Severity = diag.Warning
		}
		d = d.WithLabel(b.Begin, "the transaction")
		for _, hop := range b.Via[1:] {
			d = d.WithLabel(j.At(hop), "on its way to the query")
		}
		j.Add(d.WithLabel(q.Source.Header.NameSpan.Root(), "the query").
			WithHelp("call it on the queries that WithTx or InTx gave, or hand those on to the function"))
	}
}
