// Package offsetpagination is the rule CV4203.
package offsetpagination

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds pages that are counted off.
var Rule = rule.New(page, check)

// deep is how far an OFFSET that is a constant has to skip to be worth a word.
const deep = 1000

func check(q *rule.Query) {
	for _, k := range q.Bound.Blocks() {
		t := rule.Tail(k.Query)
		if t == nil || t.Offset == nil {
			continue
		}
		e, ok := rule.EndingOf(k)
		if !ok || e.Rows.Props().Card.AtMost(deep) || !rule.ReadsTable(e.Rows) {
			continue
		}
		if n, constant := rule.Constant(t.Offset); constant && n < deep || !constant && !argument(t.Offset) {
			continue
		}
		q.Add(q.At(t.Offset, "OFFSET makes the server read all the rows that it skips: each page is slower than the one before, and rows written meanwhile shift the pages").
			WithHelp("begin behind the last row seen, WHERE (…) > (…) in the order of ORDER BY; -- paginate: writes it"))
	}
}

// argument tells whether an expression is computed of arguments.
func argument(x ir.Expr) bool {
	found, other := false, false
	ir.Walk(x, func(n ir.Node) bool {
		switch n.(type) {
		case *ir.Param:
			found = true
		case ir.Query:
			other = true
		}
		return !other
	})
	return found && !other
}
