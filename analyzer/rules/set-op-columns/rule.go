// Package setopcolumns is the rule CV4125.
package setopcolumns

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds set operations whose sides have the same columns in another order.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, s := range rule.Exprs[*ir.SetOp](q) {
		l, r := q.Block(s.L), q.Block(s.R)
		if l == nil || r == nil || len(l.Columns) != len(r.Columns) || mirrored(q, l, r) {
			continue
		}
		if i, j, ok := exchanged(q, l.Columns, r.Columns); ok {
			a, b := l.Columns[i].Name, l.Columns[j].Name
			q.Add(q.At(s.R, "column %d is %s here and %s in the first query: %s goes by places, not by names, so the two are mixed", i+1, b, a, s.Op).
				WithLabel(s.L.Span(), "%s is column %d, %s column %d", a, i+1, b, j+1).
				WithHelp("select the columns in the same order on both sides"))
		}
	}
}

// exchanged finds two columns whose names have changed places.
func exchanged(q *rule.Query, l, r []sem.BlockColumn) (i, j int, ok bool) {
	same := func(a, b string) bool {
		return a == b || q.Package.Traits.CaselessNames && strings.EqualFold(a, b)
	}
	for i := range l {
		for j := i + 1; j < len(l); j++ {
			a, b := l[i].Name, l[j].Name
			if a != "" && b != "" && a != "?column?" && b != "?column?" && !same(a, b) && same(a, r[j].Name) && same(b, r[i].Name) {
				return i, j, true
			}
		}
	}
	return 0, 0, false
}

// mirrored tells whether both sides read one and the same table: pairs are listed both ways.
func mirrored(q *rule.Query, l, r *sem.Block) bool {
	tables := func(k *sem.Block) map[*catalog.Table]bool {
		out := map[*catalog.Table]bool{}
		for _, x := range q.RelationsIn(k) {
			out[x.Table] = true
		}
		return out
	}
	a := tables(l)
	for t := range tables(r) {
		if a[t] {
			return true
		}
	}
	return false
}
