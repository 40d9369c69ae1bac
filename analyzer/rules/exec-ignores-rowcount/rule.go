// Package execignoresrowcount is the rule CV4303.
package execignoresrowcount

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

//go:embed page.md
var page string

// Rule finds optimistic locks that are not looked at.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	u, ok := q.Tree.(*ir.Update)
	if !ok || q.Command != "exec" && q.Command != "batchexec" || u.Where == nil || len(u.Returning) > 0 {
		return
	}
	for _, x := range rule.Conjuncts(u.Where) {
		eq, ok := x.(*ir.Binary)
		if !ok || eq.Op != "=" {
			continue
		}
		l, r := eq.L, eq.R
		if argument(l) {
			l, r = r, l
		}
		id := q.Value(l).Column
		if id == 0 || !argument(r) || !counted(q, u, id) {
			continue
		}
		name := q.ByID(id).Name
		d := q.At(x, "where %s has changed meanwhile this finds no row, and :%s does not tell: the update is lost unseen", name, q.Command)
		d = d.WithHelp("make it :execrows and look for 0 rows")
		if h := q.Source.Header; q.Command == "exec" && !h.CommandSpan.IsZero() {
			d = d.WithFix(diag.Fix{Title: "make it :execrows", Edits: []diag.Edit{{Span: h.CommandSpan, New: ":execrows"}}})
		}
		q.Add(d)
		return
	}
}

func argument(x ir.Expr) bool {
	if c, ok := x.(*ir.Cast); ok {
		x = c.X
	}
	_, ok := x.(*ir.Param)
	return ok
}

// counted tells whether an UPDATE counts a column up.
func counted(q *rule.Query, u *ir.Update, id rel.ColID) bool {
	for i := range u.Set {
		a := &u.Set[i]
		sum, ok := a.Value.(*ir.Binary)
		if len(a.Targets) == 1 && ok && sum.Op == "+" && (q.Value(sum.L).Column == id || q.Value(sum.R).Column == id) && a.Targets[0].Name.Name == q.ByID(id).Name {
			return true
		}
	}
	return false
}
