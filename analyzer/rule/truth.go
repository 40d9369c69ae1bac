package rule

import (
	"math/big"
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
)

// Truth is what a condition over constants alone is: true or false. known is false where it reads columns or parameters, where
// it is NULL, and where that depends on how the engine compares.
func (q *Query) Truth(x ir.Expr) (truth, known bool) {
	switch x := x.(type) {
	case *ir.Literal:
		return q.isTrue(x)
	case *ir.Not:
		truth, known = q.Truth(x.X)
		return !truth, known
	case *ir.Logical:
		return q.logical(x)
	case *ir.Binary:
		l, r := q.Literal(x.L), q.Literal(x.R)
		if l == nil || r == nil {
			return false, false
		}
		if unlike(l, r) || unlike(r, l) {
			return x.Op == "<>", x.Op == "<>" || x.Op == "="
		}
		sign, ok := q.Order(l, r)
		if !ok {
			return false, false
		}
		if sign != 0 && l.Kind == ir.String && x.Op != "=" && x.Op != "<>" {
			return false, false
		}
		switch x.Op {
		case "=":
			return sign == 0, true
		case "<>":
			return sign != 0, true
		case "<":
			return sign < 0, true
		case "<=":
			return sign <= 0, true
		case ">":
			return sign > 0, true
		case ">=":
			return sign >= 0, true
		}
	}
	return false, false
}

func (q *Query) logical(x *ir.Logical) (truth, known bool) {
	if x.Op == "XOR" {
		return false, false
	}
	decides := x.Op == "OR" // one that is so decides the whole
	known = true
	for _, a := range x.Args {
		t, k := q.Truth(a)
		if k && t == decides {
			return decides, true
		}
		known = known && k
	}
	return !decides, known
}

// isTrue is what a constant is as a condition.
func (q *Query) isTrue(l *ir.Literal) (truth, known bool) {
	switch l.Kind {
	case ir.Bool:
		return strings.EqualFold(l.Text, "true"), true
	case ir.Integer, ir.Decimal, ir.Float:
		n, ok := new(big.Rat).SetString(l.Text)
		return ok && n.Sign() != 0, ok
	case ir.String:
		// MySQL and SQLite read the number at the text's beginning; there is none in 'a'.
		digits := len(l.Text) - len(strings.TrimLeft(l.Text, "0123456789"))
		switch {
		case l.Text == "" || !strings.ContainsAny(l.Text[:1], "0123456789+-. \t\n"):
			return false, true
		case digits == len(l.Text):
			return strings.Trim(l.Text, "0") != "", true
		}
	}
	return false, false
}

func number(l *ir.Literal) bool {
	return l.Kind == ir.Integer || l.Kind == ir.Decimal || l.Kind == ir.Float
}

// unlike tells of a text and a number that they are not equal: MySQL takes a text without digits for zero, to SQLite a text is
// no number, and PostgreSQL compares no such two.
func unlike(text, n *ir.Literal) bool {
	if text.Kind != ir.String || !number(n) || text.Text == "" || !letters(text.Text) {
		return false
	}
	value, ok := new(big.Rat).SetString(n.Text)
	return ok && value.Sign() != 0
}

// Order compares two constants, where all engines do it alike. Of texts only sign 0 and not 0 say something.
func (q *Query) Order(l, r *ir.Literal) (sign int, ok bool) {
	switch {
	case number(l) && number(r):
		a, okA := new(big.Rat).SetString(l.Text)
		b, okB := new(big.Rat).SetString(r.Text)
		if okA && okB {
			return a.Cmp(b), true
		}
	case l.Kind == ir.Bool && r.Kind == ir.Bool:
		if strings.EqualFold(l.Text, r.Text) {
			return 0, true
		}
		if strings.EqualFold(l.Text, "false") {
			return -1, true
		}
		return 1, true
	case l.Kind == ir.String && r.Kind == ir.String:
		if l.Text == r.Text {
			return 0, true
		}
		// Words that differ in more than case are different everywhere. Which is less the collation decides.
		if word(l.Text) && word(r.Text) && !strings.EqualFold(l.Text, r.Text) {
			return strings.Compare(strings.ToLower(l.Text), strings.ToLower(r.Text)), true
		}
	}
	return 0, false
}

func letters(s string) bool {
	return strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz") == ""
}

func word(s string) bool {
	return strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}
