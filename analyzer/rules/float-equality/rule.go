// Package floatequality is the rule CV4134.
package floatequality

import (
	_ "embed"
	"math/big"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds binary fractions that are to equal a decimal one which has none.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, b := range rule.Exprs[*ir.Binary](q) {
		if b.Op == "=" || b.Op == "<>" || b.Op == "<=>" || b.Op == "IS DISTINCT FROM" || b.Op == "IS NOT DISTINCT FROM" {
			if !judge(q, b, b.L, b.R) {
				judge(q, b, b.R, b.L)
			}
		}
	}
	for _, in := range rule.Exprs[*ir.In](q) {
		for _, x := range in.List {
			if judge(q, in, in.X, x) {
				break
			}
		}
	}
}

// bits is how precise a column's floats are; 0 of other types.
func bits(q *rule.Query, x ir.Expr) int {
	c := q.Column(x)
	if c == nil || c.Source == nil {
		return 0
	}
	switch t := q.Package.Semantics.Base(c.Type); {
	case t.IsArray():
		return 0
	case t.Is("float4", "float"):
		return 32
	case t.Is("float8", "double", "REAL"):
		return 64
	}
	return 0
}

func judge(q *rule.Query, at, column, other ir.Expr) bool {
	n := bits(q, column)
	if n == 0 {
		return false
	}
	var d diag.Diagnostic
	if m := bits(q, other); n == 32 && m == 64 {
		d = q.At(at, "%s has 24 bits and %s 53: a fraction is rounded to different values in them and seldom equal", q.Text(column), q.Text(other))
	} else {
		l := q.Literal(other)
		if l == nil || l.Kind != ir.Decimal && l.Kind != ir.Float {
			return false
		}
		r, ok := new(big.Rat).SetString(l.Text)
		if !ok {
			return false
		}
		if _, exact := r.Float32(); exact {
			return false
		}
		_, exact := r.Float64()
		switch {
		case n == 32:
			d = q.At(at, "%s has 24 bits, in which there is no %s: the two are never equal", q.Text(column), l.Text)
		case exact:
			return false
		default:
			d = q.At(at, "%s is a binary fraction, among which there is no %s: what was computed to be so much need not equal it", q.Text(column), l.Text)
		}
	}
	c := q.Column(column)
	q.Add(d.WithLabel(c.Source.Span, "%s is %s", c.Source.Name, c.Type).
		WithHelp("compare with a range, or declare the column as numeric, which keeps decimal fractions as they are"))
	return true
}
