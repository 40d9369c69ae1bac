// Package orderbyexpression is the rule CV5027.
package orderbyexpression

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds the first rows in the order of an expression that no index holds.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, a := range access.Of(q) {
		s, ok := a.Block.Query.(*ir.Select)
		if !ok || s.Limit == nil || len(s.OrderBy) == 0 || len(s.From) != 1 || s.From[0] != ir.TableExpr(a.Ref) || s.GroupBy != nil || s.Distinct || a.Best(nil).Serves() {
			continue
		}
		x := s.OrderBy[0].X
		switch x.(type) {
		case *ir.FuncCall, *ir.Binary, *ir.Cast:
		default:
			continue
		}
		v := q.Value(x)
		if v.Volatile || v.Constant != nil || v.Uses.Empty() || !v.Uses.SubsetOf(a.Relation.Columns) || a.HasExpression(x) || argument(x) {
			continue
		}
		text := q.Text(x)
		if a.Relation.Name != "" {
			text = strings.ReplaceAll(text, a.Relation.Name+".", "")
		}
		if _, call := x.(*ir.FuncCall); !call || q.Package.Engine == catalog.MySQL {
			text = "(" + text + ")"
		}
		q.Add(q.At(x, "no index is in the order of %s, so all rows of %s are read and sorted to return the first", q.Text(x), a.Table.Name).
			WithHelp("make an index over the expression: %s", a.Create("", text)))
	}
}

func argument(x ir.Expr) bool {
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		_, is := n.(*ir.Param)
		_, sub := n.(ir.Query)
		found = found || is || sub
		return !found
	})
	return found
}
