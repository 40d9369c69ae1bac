// Package stringorderofnumbers is the rule CV4128.
package stringorderofnumbers

import (
	_ "embed"
	"regexp"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds texts that are compared with numbers by their order.
var Rule = rule.New(page, check)

var number = regexp.MustCompile(`^-?(0|[1-9]\d*)(\.\d+)?$`)

func check(q *rule.Query) {
	for _, b := range rule.Exprs[*ir.Binary](q) {
		switch b.Op {
		case "<", "<=", ">", ">=":
			if !judge(q, b, b.L, b.R) {
				judge(q, b, b.R, b.L)
			}
		}
	}
	for _, b := range rule.Exprs[*ir.Between](q) {
		lo, hi := text(q, b.Lo), text(q, b.Hi)
		if lo != "" && hi != "" && len(lo) != len(hi) {
			judge(q, b, b.X, b.Lo)
		}
	}
}

// text is a constant that reads as a number.
func text(q *rule.Query, x ir.Expr) string {
	l, ok := x.(*ir.Literal)
	if !ok || !number.MatchString(l.Text) {
		return ""
	}
	if l.Kind == ir.String || q.Package.Engine == catalog.SQLite && (l.Kind == ir.Integer || l.Kind == ir.Decimal) {
		return l.Text
	}
	return ""
}

func judge(q *rule.Query, at, x, other ir.Expr) bool {
	c := q.Column(x)
	s := text(q, other)
	if c == nil || c.Source == nil || s == "" {
		return false
	}
	t := q.Package.Semantics.Base(c.Type)
	if !t.Is("text", "varchar", "bpchar", "char", "TEXT", "tinytext", "mediumtext", "longtext") || t.IsArray() {
		return false
	}
	l := other.(*ir.Literal)
	length := int(t.Length)
	if _, n, ok := strings.Cut(c.Source.Declared, "("); ok && length == 0 { // SQLite keeps no length
		length, _ = strconv.Atoi(strings.Trim(n, ") "))
	}
	if _, between := at.(*ir.Between); l.Kind == ir.String && !between && len(s) > 3 || length == len(s) {
		return false // codes of a fixed length, years: their order as texts is that of numbers
	}
	q.Add(q.At(at, "%s is a text: it is compared with %s letter by letter, by which '10' comes before '9'", q.Text(x), q.Text(other)).
		WithLabel(c.Source.Span, "%s is %s", c.Source.Name, c.Type).
		WithHelp("declare the column as a number if it holds nothing else, or compare CAST(%s AS …)", q.Text(x)))
	return true
}
