// Package lockorderinversion is the rule CV4409.
package lockorderinversion

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/gocode"
)

//go:embed page.md
var page string

// Rule finds transactions that lock tables in opposite orders.
var Rule = gocode.NewRule(page, check)

func check(j *gocode.Judged) {
	for _, v := range j.Inversions() {
		d := j.Finding(j.At(v.Second[1].Site), v.Second[1].Query, "two transactions change rows of %s and %s in opposite orders: when each waits for the other, the server breaks one off", v.Tables[0], v.Tables[1])
		j.Add(d.WithLabel(j.At(v.Second[0].Site), "here %s comes first", v.Tables[1]).
			WithLabel(j.At(v.First[0].Site), "elsewhere %s comes first", v.Tables[0]).
			WithLabel(j.At(v.First[1].Site), "and then %s", v.Tables[1]).
			WithHelp("change the tables in one order everywhere"))
	}
}
