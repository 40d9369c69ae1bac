// Package chainedcomparison is the rule CV4111.
package chainedcomparison

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds comparisons of a comparison's result: 1 < x < 10.
var Rule = rule.New(page, check)

var compares = map[string]bool{"=": true, "<>": true, "<": true, "<=": true, ">": true, ">=": true}

func check(q *rule.Query) {
	for _, x := range rule.Exprs[*ir.Binary](q) {
		inner, ok := x.L.(*ir.Binary)
		if !ok || !compares[x.Op] || !compares[inner.Op] || parenthesised(inner) || truth(x.R) {
			continue
		}
		d := q.At(x, "this compares the result of %s, which is 0 or 1, with %s", q.Text(inner), q.Text(x.R))
		if rising[x.Op] != 0 && rising[x.Op] == rising[inner.Op] {
			d = d.WithHelp("write %s AND %s %s %s, or BETWEEN", q.Text(inner), q.Text(inner.R), x.Op, q.Text(x.R))
		} else {
			d = d.WithHelp("write %s AND %s %s %s, or put the comparison whose result is meant into parentheses", q.Text(inner), q.Text(inner.R), x.Op, q.Text(x.R))
		}
		q.Add(d)
	}
}

var rising = map[string]int{"<": 1, "<=": 1, ">": -1, ">=": -1}

// parenthesised tells whether x stands in parentheses: then its result is meant.
func parenthesised(x ir.Node) bool {
	at := x.Span()
	before, behind := strings.TrimSpace(at.File.Text[:at.Start]), strings.TrimSpace(at.File.Text[at.End:])
	return strings.HasSuffix(before, "(") && strings.HasPrefix(behind, ")") || strings.HasPrefix(at.Text(), "(") && strings.HasSuffix(at.Text(), ")")
}

// truth tells of TRUE and FALSE.
func truth(x ir.Expr) bool {
	l, ok := x.(*ir.Literal)
	return ok && l.Kind == ir.Bool
}
