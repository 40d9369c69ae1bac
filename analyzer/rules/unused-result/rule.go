// Package unusedresult is the rule CV4307.
package unusedresult

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/gocode"
)

//go:embed page.md
var page string

// Rule finds queries whose rows nobody looks at.
var Rule = gocode.NewRule(page, check)

func check(j *gocode.Judged) {
	for _, c := range j.Unused() {
		j.Add(j.Finding(j.At(c.Site), c.Query, "the rows of %s are read and thrown away", c.Query.Name).
			WithHelp("leave the call out; to see whether there is a row, SELECT EXISTS (…) is enough"))
	}
}
