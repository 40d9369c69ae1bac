// Package aggregateemptynull is the rule CV4115.
package aggregateemptynull

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds sums that are NULL where there is nothing to add.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	var up map[ir.Node]ir.Node
	said := map[ir.Node]bool{}
	for _, g := range q.Groupings() {
		if g.Select.GroupBy != nil || g.Select.Having != nil {
			continue
		}
		for _, f := range g.Calls {
			if rule.AggregateName(f) != "sum" || !q.MayBeNull(f) {
				continue
			}
			if up == nil {
				up = q.Parents()
			}
			top, end, seen := reaches(q, up, f)
			if !seen || said[top] {
				continue
			}
			said[top] = true
			report(q, f, end)
		}
	}
}

// reaches follows a sum outwards to where its NULL is seen; top is the whole expression there. seen is false where something
// on the way takes care of it, or where that can not be said.
func reaches(q *rule.Query, up map[ir.Node]ir.Node, f *ir.FuncCall) (top ir.Node, end string, seen bool) {
	for at := ir.Node(f); ; {
		next := up[at]
		switch n := next.(type) {
		case *ir.Cast, *ir.Unary:
		case *ir.Binary:
			if !arithmetic[n.Op] && !compares[n.Op] {
				return nil, "", false
			}
			if compares[n.Op] {
				if zeroToo(q, up, n, at) {
					return nil, "", false
				}
				return n, "so this comparison is NULL, not true or false", true
			}
		case *ir.FuncCall, *ir.Case, *ir.IsTest:
			if x := n.(ir.Expr); !q.Value(x).Null.IsNever() {
				if call, ok := n.(*ir.FuncCall); ok && rounds[call.Name.Last()] {
					break
				}
			}
			return nil, "", false
		case *ir.SelectItem:
		case *ir.Select, *ir.SetOp:
			if up[n] == nil {
				return at, "", true
			}
		case *ir.Insert:
			return n, "so NULL is written", true
		case *ir.Subquery:
		case *ir.Assign:
			return n, "so the column is set to NULL", true
		case nil:
			return at, "", at == ir.Node(q.Tree)
		default:
			return nil, "", false
		}
		at = next
	}
}

// zeroToo tells that a comparison keeps a row from being found with 0 in place of the sum too, as sum > 100 does.
func zeroToo(q *rule.Query, up map[ir.Node]ir.Node, x *ir.Binary, sum ir.Node) bool {
	limit, op := x.R, x.Op
	if ir.Node(x.R) == sum {
		limit, op = x.L, mirror[x.Op]
	} else if ir.Node(x.L) != sum {
		return false
	}
	if _, bare := sum.(*ir.Subquery); !bare {
		return false
	}
	c := q.Literal(limit)
	if c == nil || c != limit || c.Kind != ir.Integer && c.Kind != ir.Decimal {
		return false
	}
	sign, ok := q.Order(&ir.Literal{Kind: ir.Integer, Text: "0"}, c)
	if !ok || sign > 0 || op != ">" && (sign == 0 || op != ">=" && op != "=") {
		return false
	}
	for at := up[x]; ; at = up[at] {
		switch n := at.(type) {
		case *ir.Logical:
		case *ir.Select:
			return n.Having == nil && within(n.Where, x)
		case *ir.Update, *ir.Delete:
			return true
		default:
			return false
		}
	}
}

func within(where ir.Expr, x ir.Expr) bool {
	found := false
	if where != nil {
		ir.Walk(where, func(n ir.Node) bool {
			found = found || n == ir.Node(x)
			return !found
		})
	}
	return found
}

var (
	mirror     = map[string]string{"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
	arithmetic = map[string]bool{"+": true, "-": true, "*": true, "/": true, "%": true}
	compares   = map[string]bool{"=": true, "<>": true, "<": true, "<=": true, ">": true, ">=": true}
	rounds     = map[string]bool{"round": true, "ROUND": true, "abs": true, "ABS": true, "floor": true, "FLOOR": true, "ceil": true, "CEIL": true}
)

func report(q *rule.Query, f *ir.FuncCall, end string) {
	message := "%s is NULL, not 0, where there is no row to add"
	if end != "" {
		message += ": " + end
	}
	fixed := "COALESCE(" + f.Span().Text() + ", 0)"
	q.Add(q.At(f, message, q.Text(f)).WithHelp("write %s", "COALESCE("+q.Text(f)+", 0)").
		WithFix(diag.Fix{Title: "give 0 where there is no row", Edits: []diag.Edit{{Span: f.Span(), New: fixed}}}))
}
