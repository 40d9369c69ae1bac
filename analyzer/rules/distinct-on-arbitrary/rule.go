// Package distinctonarbitrary is the rule CV4210.
package distinctonarbitrary

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

//go:embed page.md
var page string

// Rule finds groups of which any row is kept.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, k := range q.Bound.Blocks() {
		s, ok := k.Query.(*ir.Select)
		if !ok || len(s.DistinctOn) == 0 {
			continue
		}
		e, ok := rule.EndingOf(k)
		d, is := e.Rows.(*rel.Distinct)
		if !ok || !is {
			continue
		}
		var on rel.ColSet
		for _, x := range d.On {
			on = on.With(x.ID)
		}
		by := q.SortedBy(e)
		if (rule.Ending{Rows: d.Input}).Decides(on.Union(by)) || volatile(q, s.OrderBy) || fine(q, by.Minus(on)) {
			continue
		}
		at, what := ir.Node(s.DistinctOn[0]), "which row of each group DISTINCT ON keeps is up to the server: ORDER BY does not say"
		if !by.Minus(on).Empty() || len(s.OrderBy) > len(s.DistinctOn) {
			at, what = &s.OrderBy[len(s.OrderBy)-1], "of the rows of a group that tie in ORDER BY DISTINCT ON keeps any one"
		}
		found := q.At(at, "%s", what)
		under := rule.Ending{Rows: d.Input}
		plain := *s
		plain.Distinct, plain.DistinctOn = false, nil
		block := *k
		block.Query = &plain
		if more := q.TieBreaker(&block, under, on.Union(by)); more != nil {
			found = found.WithHelp("end ORDER BY with a key: %s", strings.Join(more, ", "))
		} else {
			found = found.WithHelp("end ORDER BY with a key")
		}
		q.Add(found)
	}
}

func fine(q *rule.Query, by rel.ColSet) (is bool) {
	by.Each(func(id rel.ColID) { is = is || q.FineMoment(id) })
	return is
}

func volatile(q *rule.Query, order []ir.OrderItem) bool {
	for i := range order {
		if q.Value(order[i].X).Volatile {
			return true
		}
	}
	return false
}
