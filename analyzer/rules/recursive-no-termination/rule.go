// Package recursivenotermination is the rule CV4501.
package recursivenotermination

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds recursion that nothing ends, or that a circle in the data keeps from ending.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	limited := false // rows of a recursion are made as they are taken
	if t := rule.Tail(query(q.Tree)); t != nil && t.Limit != nil {
		limited = true
	}
	for _, w := range rule.Exprs[*ir.With](q) {
		for i := range w.CTEs {
			cte := &w.CTEs[i]
			union, ok := cte.Query.(*ir.SetOp)
			if !ok || union.Op != "UNION" || !union.All || cte.CycleMark != nil || union.Limit != nil || limited {
				continue
			}
			step, ok := union.R.(*ir.Select)
			if !ok || step.Limit != nil {
				continue
			}
			judge(q, cte, step)
		}
	}
}

func query(s ir.Statement) ir.Query {
	x, _ := s.(ir.Query)
	return x
}

func judge(q *rule.Query, cte *ir.CTE, step *ir.Select) {
	k := q.Block(step)
	if k == nil {
		return
	}
	var own rel.ColSet // the columns of the rows before
	recurs, tables := false, false
	for _, r := range q.RelationsIn(k) {
		if scan, ok := r.Node.(*rel.CTEScan); ok && scan.Recursive && strings.EqualFold(scan.Name, cte.Name.Name) {
			recurs = true
			own = own.Union(r.Columns)
		} else {
			tables = true
		}
	}
	if !recurs || guarded(q, k, step, own) {
		return
	}
	if !tables {
		q.Add(q.At(cte.Name, "nothing ends the recursion of %s: each row makes another one", cte.Name.Name).
			WithHelp("write a condition into the part behind UNION ALL: WHERE n < 100"))
		return
	}
	d := q.At(cte.Name, "the recursion of %s does not end where rows refer to each other in a circle", cte.Name.Name).
		WithLabel(step.Span(), "no condition here on what was found before")
	if counts(q, step, own) {
		q.Add(d.WithHelp("bound the depth that is counted: WHERE depth < 100"))
	} else {
		q.Add(d.WithHelp("write UNION for UNION ALL, which leaves out rows that were there before"))
	}
}

// guarded tells whether a condition of the step looks at the rows before by more than finding their partners: a depth, a path.
func guarded(q *rule.Query, k *sem.Block, step *ir.Select, own rel.ColSet) bool {
	for _, c := range q.Conditions() {
		if c.Block != k || c.Clause != rule.Where && c.Clause != rule.On {
			continue
		}
		for _, x := range rule.Conjuncts(c.X) {
			if !q.Value(x).Uses.Intersects(own) {
				continue
			}
			switch x := x.(type) {
			case *ir.Binary:
				_, l := x.L.(*ir.ColumnRef)
				_, r := x.R.(*ir.ColumnRef)
				if x.Op == "=" && l && r {
					continue
				}
			case *ir.IsTest:
				if x.What == "NULL" {
					continue
				}
			}
			return true
		}
	}
	return step.GroupBy != nil || step.Distinct
}

// counts tells whether a column of the step is computed of the rows before, so that no two rows are alike.
func counts(q *rule.Query, step *ir.Select, own rel.ColSet) bool {
	for i := range step.Items {
		if v := q.Value(step.Items[i].X); v.Column == 0 && v.Uses.Intersects(own) {
			return true
		}
	}
	return false
}
