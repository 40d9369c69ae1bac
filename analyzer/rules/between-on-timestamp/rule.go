// Package betweenontimestamp is the rule CV4132.
package betweenontimestamp

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
)

//go:embed page.md
var page string

// Rule finds ranges of points in time that end with the first moment of their last day, or lose its last second.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	plain := map[ir.Expr]bool{} // those that stand alone or behind AND
	for _, c := range q.Conditions() {
		list := rule.Conjuncts(c.X)
		for _, x := range list {
			plain[x] = true
		}
		pairs(q, list)
	}
	for _, b := range rule.Exprs[*ir.Between](q) {
		if d, ok := judge(q, b.X, b.Hi, b, "BETWEEN"); ok {
			if f, ok := fix(q, b, plain[b]); ok {
				d = d.WithFix(f)
			}
			q.Add(d)
		}
	}
}

// pairs finds a <= that ends what a >= beside it begins.
func pairs(q *rule.Query, list []ir.Expr) {
	for _, hi := range list {
		h, ok := hi.(*ir.Binary)
		if !ok || h.Op != "<=" {
			continue
		}
		for _, lo := range list {
			if l, ok := lo.(*ir.Binary); ok && (l.Op == ">=" || l.Op == ">") && q.Same(l.L, h.L) {
				if d, ok := judge(q, h.L, h.R, h, "the range"); ok {
					if span, ok := rule.Operator(h.L, h.R, "<="); ok {
						if next, ok := dayAfter(q, h.R); ok {
							d = d.WithFix(diag.Fix{Title: "end before " + next, Edits: []diag.Edit{{Span: span, New: " < "}, {Span: h.R.Span(), New: "'" + next + "'"}}})
						}
					}
					q.Add(d)
				}
				break
			}
		}
	}
}

var (
	midnight = regexp.MustCompile(`^\d{4}-\d{1,2}-\d{1,2}([ T]00:00(:00(\.0+)?)?(Z|[+-]00(:?00)?)?)?$`)
	seconds  = regexp.MustCompile(`^(\d{4}-\d{1,2}-\d{1,2})[ T]23:59(:59(\.\d*)?)?(Z|[+-]\d\d(:?\d\d)?)?$`)
)

// judge judges a range of x that ends with hi.
func judge(q *rule.Query, x, hi ir.Expr, at ir.Expr, what string) (d diag.Diagnostic, ok bool) {
	if m := q.Moment(x); m != rule.Local && m != rule.Zoned {
		return d, false
	}
	text, constant := literal(q, hi)
	switch {
	case constant && midnight.MatchString(text):
		d = q.At(at, "%s ends at midnight, as %s begins: all that is later that day is left out", what, text[:len(text)-len(strings.TrimLeft(text, "0123456789-"))])
	case constant && seconds.MatchString(text) && loses(q, x, text):
		d = q.At(at, "%s ends at %s: what happens behind that, in the last second of the day, is left out", what, text)
	case !constant && q.Moment(hi) == rule.Date && q.Package.Engine != catalog.SQLite:
		d = q.At(at, "%s ends with %s, which is a date and means its midnight: all that is later that day is left out", what, q.Text(hi))
	default:
		return d, false
	}
	if c := q.Column(x); c != nil && c.Source != nil {
		d = d.WithLabel(c.Source.Span, "%s has a time of day", c.Source.Name)
	}
	return d.WithHelp("write %s >= … AND %s < the day after the last one that is wanted", q.Text(x), q.Text(x)), true
}

// literal is the text of a constant, bare or cast to a type of time.
func literal(q *rule.Query, x ir.Expr) (string, bool) {
	for {
		switch at := x.(type) {
		case *ir.Cast:
			if q.Moment(at) == rule.NoMoment {
				return "", false
			}
			x = at.X
			continue
		case *ir.Literal:
			return strings.TrimSpace(at.Text), at.Kind == ir.String
		}
		return "", false
	}
}

// loses tells whether the column has finer times than the constant, which ends with a second or minute.
func loses(q *rule.Query, x ir.Expr, text string) bool {
	digits := 0
	if _, fraction, ok := strings.Cut(text, "."); ok {
		digits = len(fraction) - len(strings.TrimLeft(fraction, "0123456789"))
	}
	t := q.Package.Semantics.Base(q.Value(x).Type)
	switch q.Package.Engine {
	case catalog.PostgreSQL:
		return digits < 6 && (t.Length == 0 || int(t.Length) > digits)
	case catalog.MySQL:
		return digits < int(t.Length)
	}
	return false
}

// dayAfter is the day behind the one that a constant names; not the first of a month, which may well be meant to end the month before.
func dayAfter(q *rule.Query, x ir.Expr) (string, bool) {
	l, ok := x.(*ir.Literal)
	if !ok || l.Kind != ir.String {
		return "", false
	}
	day, err := time.Parse("2006-01-02", l.Text)
	if err != nil || day.Day() == 1 {
		return "", false
	}
	return day.AddDate(0, 0, 1).Format("2006-01-02"), true
}

func fix(q *rule.Query, b *ir.Between, plain bool) (f diag.Fix, ok bool) {
	next, ok := dayAfter(q, b.Hi)
	if b.Not || b.Symmetric || !ok {
		return f, false
	}
	gap, bare := rule.Operator(b.X, b.Lo, "BETWEEN")
	and, alone := rule.Operator(b.Lo, b.Hi, "AND")
	if !bare || !alone || q.Value(b.X).Volatile {
		return f, false
	}
	x := b.X.Span().Text()
	edits := []diag.Edit{
		{Span: gap, New: " >= "},
		{Span: source.Span{File: and.File, Start: and.Start, End: b.Hi.Span().End}, New: fmt.Sprintf(" AND %s < '%s'", x, next)},
	}
	if !plain {
		return f, false
	}
	return diag.Fix{Title: "end before " + next, Edits: edits}, true
}
