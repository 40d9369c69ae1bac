// Package iointransaction is the rule CV4313.
package iointransaction

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/gocode"
)

//go:embed page.md
var page string

// Rule finds what takes long while a transaction is open.
var Rule = gocode.NewRule(page, check)

func check(j *gocode.Judged) {
	for _, w := range j.Waits() {
		d := j.Finding(j.At(w.Site), nil, "this %s while a transaction is open: its locks and its connection are held for as long as that takes", w.What).
			WithLabel(j.At(w.Tx.Begin), "the transaction begins here")
		for _, hop := range w.Via[1:] {
			d = d.WithLabel(j.At(hop), "on the way there")
		}
		j.Add(d.WithHelp("do it before the transaction begins, or when it is committed"))
	}
}
