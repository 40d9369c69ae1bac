// Package integerdivision is the rule CV4113.
package integerdivision

import (
	_ "embed"
	"regexp"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/types"
)

//go:embed page.md
var page string

// Rule finds divisions of whole numbers whose fraction is wanted.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	said := map[*ir.Binary]bool{}
	add := func(x ir.Expr, by ir.Expr, format string, args ...any) {
		d := division(q, x)
		if d == nil || said[d] || by != nil && q.Same(d.R, by) {
			return
		}
		said[d] = true
		report(q, d, format, args...)
	}
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		switch n := n.(type) {
		case *ir.Cast:
			if fraction(q.Value(n).Type) {
				add(n.X, nil, "the fraction is gone before the cast to %s", n.Type.Name.Last())
			}
		case *ir.FuncCall:
			name := strings.ToLower(n.Name.Last())
			if rounds[name] && len(n.Args) > 0 {
				add(n.Args[0].X, nil, "there is nothing left for %s to round", name)
			} else if name == "avg" && n.Over == nil && len(n.Args) == 1 {
				add(n.Args[0].X, nil, "the mean is one of values without their fractions")
			}
		case *ir.Binary:
			operator(q, n, add)
		case *ir.SelectItem:
			if n.Alias != nil && ratio.MatchString(n.Alias.Name) {
				add(n.X, nil, "%s is a whole number, mostly 0", n.Alias.Name)
			}
		}
		return true
	})
}

// rounds are functions that a fraction is given to.
var rounds = map[string]bool{"round": true, "ceil": true, "ceiling": true}

// ratio are names of what has a fraction.
var ratio = regexp.MustCompile(`(?i:(^|_)(ratio|rate|percent|percentage|pct|perc|avg|average|mean|share|fraction)(_|$))|(Ratio|Rate|Percent|Percentage|Pct|Avg|Average|Share)$`)

// operator judges a division beneath an operator.
func operator(q *rule.Query, n *ir.Binary, add func(x, by ir.Expr, format string, args ...any)) {
	sides := [...][2]ir.Expr{{n.L, n.R}, {n.R, n.L}}
	switch n.Op {
	case "*":
		for _, s := range sides {
			if l := q.Literal(s[1]); l != nil && l.Kind == ir.Integer && (l.Text == "100" || l.Text == "1000") {
				if d := division(q, s[0]); d == nil || q.Fixed(d.R) {
					continue // ms / 60 * 1000: another unit
				}
				add(s[0], s[1], "it is multiplied by %s too late, when the fraction is gone", l.Text)
			}
		}
	case "/":
		if aggregate(q, n.L) && aggregate(q, n.R) || aggregate(q, n.L) && q.Column(n.R) != nil || aggregate(q, n.R) && q.Column(n.L) != nil {
			add(n, nil, "what is left is the whole number")
		}
	}
	switch n.Op {
	case "*", "+", "-", "<", ">", "<=", ">=":
		for _, s := range sides {
			if l := q.Literal(s[1]); l != nil && fractional(l) {
				add(s[0], nil, "the other operand, %s, has one", q.Text(s[1]))
			}
		}
	}
}

func fractional(l *ir.Literal) bool {
	_, digits, ok := strings.Cut(l.Text, ".")
	return ok && (l.Kind == ir.Decimal || l.Kind == ir.Float) && strings.Trim(digits, "0") != ""
}

// aggregate tells whether a count or sum is an operand as it is.
func aggregate(q *rule.Query, x ir.Expr) bool {
	x = bare(x)
	f, ok := x.(*ir.FuncCall)
	if !ok {
		return false
	}
	name := strings.ToLower(f.Name.Last())
	return name == "count" || name == "sum"
}

// division is the division of whole numbers that x is, as the result or in what hands it on; nil for another.
func division(q *rule.Query, x ir.Expr) *ir.Binary {
	d, ok := bare(x).(*ir.Binary)
	if !ok || d.Op != "/" || d.OpSchema != "" || !integer(q.Value(d.L).Type) || !integer(q.Value(d.R).Type) || q.Fixed(d) {
		return nil
	}
	return d
}

// bare is x without signs and what takes care of NULL and zero.
func bare(x ir.Expr) ir.Expr {
	for {
		switch at := x.(type) {
		case *ir.Unary:
			x = at.X
		case *ir.FuncCall:
			switch name := strings.ToLower(at.Name.Last()); {
			case (name == "coalesce" || name == "ifnull" || name == "nullif" || name == "abs") && len(at.Args) > 0:
				x = at.Args[0].X
			default:
				return x
			}
		default:
			return x
		}
	}
}

func integer(t types.Type) bool { return t.Is("int2", "int4", "int8", "INTEGER") }

func fraction(t types.Type) bool {
	return t.Is("numeric", "float4", "float8", "REAL", "NUMERIC")
}

func report(q *rule.Query, d *ir.Binary, format string, args ...any) {
	f := q.At(d, "whole number divided by whole number has no fraction: "+format, args...)
	if q.Package.Engine == catalog.PostgreSQL {
		f = f.WithHelp("make one operand a number with a fraction before it is divided: %s::numeric / %s", q.Text(d.L), q.Text(d.R))
	} else {
		f = f.WithHelp("make one operand a number with a fraction before it is divided: %s * 1.0 / %s", q.Text(d.L), q.Text(d.R))
	}
	q.Add(f)
}
