// Package havingaswhere is the rule CV4120.
package havingaswhere

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

//go:embed page.md
var page string

// Rule finds conditions in HAVING that are of the rows, not of the groups.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, s := range rule.Exprs[*ir.Select](q) {
		k := q.Block(s)
		if s.Having == nil || k == nil || k.Node == nil {
			continue
		}
		agg, grouped := rule.Below[*rel.Aggregate](k.Node)
		if grouped != (s.GroupBy != nil) || grouped && agg.Sets > 0 {
			continue
		}
		var keys rel.ColSet // columns that a condition in WHERE could name as well
		if grouped {
			for _, key := range agg.Keys {
				keys = keys.With(key.ID)
			}
		} else { // a filter over the rows (MySQL)
			for _, r := range q.RelationsIn(k) {
				keys = keys.Union(r.Columns)
			}
		}
		var found []ir.Expr
		for _, c := range rule.Conjuncts(s.Having) {
			uses := q.Value(c).Uses
			if !uses.Empty() && uses.SubsetOf(keys) && plain(q, c) && !q.Value(c).Volatile {
				found = append(found, c)
			}
		}
		if len(found) == 0 {
			continue
		}
		d := q.At(found[0], "%s is a condition of rows: in HAVING it is asked when all rows are grouped already", q.Text(found[0]))
		if q.Package.Engine != catalog.MySQL {
			d = q.At(found[0], "%s is a condition of rows, not of groups", q.Text(found[0])) // it is moved by the planner
			d.Severity = diag.Note
		}
		if !grouped {
			d = q.At(found[0], "%s is a condition of rows: in HAVING no index finds them", q.Text(found[0]))
		}
		q.Add(d.WithHelp("put it into WHERE: rows that it leaves out need not be grouped, and an index may find the others"))
	}
}

// plain tells whether a condition names columns alone: no aggregate, no query, and no alias of either.
func plain(q *rule.Query, x ir.Expr) bool {
	ok := !q.Sums(x)
	ir.Walk(x, func(n ir.Node) bool {
		switch n := n.(type) {
		case ir.Query:
			ok = false
		case *ir.FuncCall:
			ok = ok && n.Over == nil && !strings.EqualFold(n.Name.Last(), "grouping")
		case *ir.ColumnRef:
			ok = ok && q.Value(n).Column != 0
		}
		return ok
	})
	return ok
}
