// Package unbatcheddelete is the rule CV4412.
package unbatcheddelete

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds clean-ups in one statement.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, d := range rule.Exprs[*ir.Delete](q) {
		if d.Limit != nil || len(d.From) > 0 {
			continue
		}
		for _, x := range rule.Conjuncts(d.Where) {
			b, ok := x.(*ir.Binary)
			if !ok || b.Op != "<" && b.Op != "<=" || q.Value(b.L).Column == 0 {
				continue
			}
			c := q.ByID(q.Value(b.L).Column)
			if t := strings.ToLower(q.Package.Semantics.Base(c.Type).Name); c.Source != nil && (strings.HasPrefix(t, "timestamp") || strings.HasPrefix(t, "date") || moment(c.Source.Declared)) {
				q.Add(q.At(x, "all rows that have come together are deleted in one statement").WithHelp("delete some thousand at a time, until none is left"))
				break
			}
		}
	}
}

func moment(declared string) bool {
	d := strings.ToLower(declared)
	return strings.HasPrefix(d, "date") || strings.HasPrefix(d, "timestamp")
}
