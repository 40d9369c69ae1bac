// Package passwordcompared is the rule CV4809.
package passwordcompared

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds passwords that SQL compares.
var Rule = rule.New(page, check)

var names = map[string]bool{"password": true, "passwd": true, "pwd": true, "passphrase": true}

func check(q *rule.Query) {
	for _, c := range q.Conditions() {
		for _, x := range rule.Conjuncts(c.X) {
			b, ok := x.(*ir.Binary)
			if !ok || b.Op != "=" {
				continue
			}
			for _, side := range [...][2]ir.Expr{{b.L, b.R}, {b.R, b.L}} {
				column := q.Column(side[0])
				if column == nil || column.Source == nil || column.Type.Is("bool", "boolean") {
					continue
				}
				words := rule.Words(column.Source.Name)
				if !names[words[len(words)-1]] || !plain(q, side[1]) {
					continue
				}
				q.Add(q.At(b, "the password is compared in SQL: so %s has it as it is, or a hash without salt", column.Source.Name).
					WithLabel(column.Source.Span, "the column").
					WithHelp("store a salted hash (argon2, bcrypt), read it by the name of the user, and verify it in the application"))
			}
		}
	}
}

// plain tells of an argument or a text that is not empty.
func plain(q *rule.Query, x ir.Expr) bool {
	for {
		c, ok := x.(*ir.Cast)
		if !ok {
			break
		}
		x = c.X
	}
	if _, ok := x.(*ir.Param); ok {
		return true
	}
	l := q.Value(x).Constant
	return l != nil && l.Kind == ir.String && l.Text != ""
}
