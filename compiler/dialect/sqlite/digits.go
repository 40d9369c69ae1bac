package sqlite

import (
	"math"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
)

// SQLite has infinities (9e999) and no NaN: what would be one, Inf - Inf, Inf * 0, Inf / Inf and
// a sum over Inf and -Inf, is NULL. A column that may hold a REAL may hold an infinity, also
// one that is NOT NULL. So arithmetic is never NULL only where the operands are not infinite
// both, and a product only where neither is, or the other is a constant that is not 0.
//
// What is INTEGER is finite, and so are small expressions over it: an overflow makes a REAL of
// some 1e19, and it takes 17 such factors to reach the end of REAL. As everywhere in this
// package a column is taken to hold what its affinity says: an infinity in an INTEGER column
// of a table that is not STRICT is no value of the type that is read.

// Powers of ten under which values stay.
const (
	integerDigits  = 19
	smallDigits    = 8   // days of the calendar, fractions of one
	infiniteDigits = 400 // more than REAL has
	realDigits     = 307 // what is under 10 to the power of this can not be infinite
)

// Digits is a power of ten that the value of o stays under, infiniteDigits where it may be infinite.
func (semantics) Digits(o dialect.Operand) int {
	switch {
	case o.Literal != nil:
		return literalDigits(o.Literal)
	case o.Digits > 0:
		return min(o.Digits, infiniteDigits)
	case o.Type == integer:
		return integerDigits
	}
	return infiniteDigits
}

// literalDigits are a constant's. Text counts as the number that it begins with; one without
// exponent has at most as many digits as characters.
func literalDigits(l *ir.Literal) int {
	switch l.Kind {
	case ir.Null, ir.Bool:
		return 1
	case ir.Integer, ir.Decimal, ir.Float:
		f, err := strconv.ParseFloat(l.Text, 64)
		if err != nil || math.IsInf(f, 0) {
			return infiniteDigits
		}
		return max(1, int(math.Log10(max(f, 1)))+1)
	case ir.String:
		if !strings.ContainsAny(l.Text, "eE") {
			return max(1, len(l.Text))
		}
	}
	return infiniteDigits
}

// nonZero tells a constant that is not zero.
func nonZero(l *ir.Literal) bool {
	if l == nil || l.Kind != ir.Integer && l.Kind != ir.Decimal && l.Kind != ir.Float {
		return false
	}
	f, _ := strconv.ParseFloat(l.Text, 64)
	return f != 0
}

// calculate says when + - * give NULL for operands that are not NULL, and how large they get.
func calculate(op string, sig *dialect.Signature, operands []dialect.Operand) {
	if len(operands) != 2 {
		sig.Digits = sizeOf(operands[0], sig, 0)
		return
	}
	l, r := sizeOf(operands[0], sig, 0), sizeOf(operands[1], sig, 1)
	infinite := func(n int) bool { return n > realDigits }
	switch op {
	case "*":
		sig.Digits = l + r
		sig.NoNumber = infinite(l) && !nonZero(operands[1].Literal) || infinite(r) && !nonZero(operands[0].Literal)
	case "/", "%":
		if sig.Returns == integer {
			sig.Digits = l
		}
	default:
		sig.Digits = max(l, r) + 1
		sig.NoNumber = infinite(l) && infinite(r)
	}
}

// sizeOf is Digits of operand i as the type that it is taken as.
func sizeOf(o dialect.Operand, sig *dialect.Signature, i int) int {
	if o.Untyped() && o.Literal == nil && i < len(sig.Args) {
		o.Type = sig.Args[i]
	}
	return semantics{}.Digits(o)
}

// size sets how large the results of f get, and that a sum over what may be infinite may be NULL.
func (f *function) size(sig *dialect.Signature, args []dialect.Operand) {
	switch f.magnitude {
	case small:
		sig.Digits = smallDigits
		return
	case notSaid:
		return
	}
	for i, a := range args {
		sig.Digits = max(sig.Digits, sizeOf(a, sig, i))
	}
	if f.magnitude == adds {
		sig.NoNumber = sig.Digits > realDigits
		sig.Digits += integerDigits // so many rows there can be
	}
}

// magnitude says how large the results of a function get.
type magnitude uint8

const (
	notSaid magnitude = iota
	keeps             // not larger than the arguments
	adds              // a sum of the arguments
	small
)

var magnitudes = map[string]magnitude{"keeps": keeps, "adds": adds, "small": small}
