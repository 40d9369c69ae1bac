package sem

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
)

// Conditions of constants: MySQL decides them, and AND and OR with them, before it looks at which columns
// a group has (dialect.Traits.StatedDependence). Columns in what is decided stand nowhere.

// decision is what a condition of constants is.
type decision uint8

const (
	open decision = iota
	isTrue
	isFalse
	isNull
)

// forgetDecided forgets the columns that stand in the decided parts of the condition x, which is
// bound. whole tells that all of it is decided.
func (b *binder) forgetDecided(x ir.Expr, s *scope) (whole bool) {
	var parts []source.Span
	whole = decide(x, true, &parts) != open
	if len(parts) == 0 {
		return whole
	}
	for t := s; t != nil; t = t.parent {
		kept := t.bare[:0:0]
		for _, r := range t.bare {
			if !covered(r.at, parts) {
				kept = append(kept, r)
			}
		}
		if len(kept) < len(t.bare) {
			t.bare, t.loose = kept, true
		}
	}
	return whole
}

func covered(at source.Span, parts []source.Span) bool {
	for _, p := range parts {
		if p.File == at.File && p.Start <= at.Start && at.End <= p.End {
			return true
		}
	}
	return false
}

// decide tells what the condition x is and adds to parts what is decided in it. nullIsFalse: x
// stands where NULL is as good as FALSE.
func decide(x ir.Expr, nullIsFalse bool, parts *[]source.Span) decision {
	switch x := x.(type) {
	case *ir.Not:
		switch decide(x.X, false, parts) {
		case isTrue:
			return isFalse
		case isFalse:
			return isTrue
		case isNull:
			return isNull
		}
		return open
	case *ir.Logical:
		decisive, all := isFalse, true
		if x.Op == "OR" {
			decisive = isTrue
		} else if x.Op != "AND" {
			return open
		}
		for _, a := range x.Args {
			d := decide(a, nullIsFalse, parts)
			if d == isNull && nullIsFalse {
				d = isFalse
			}
			if d == decisive {
				*parts = append(*parts, x.Span())
				return d
			}
			all = all && d != open && d != isNull
		}
		if all && x.Op == "AND" {
			return isTrue
		} else if all {
			return isFalse
		}
		return open
	}
	return constantDecision(x)
}

// constantDecision is that of a literal, of a cast one, and of two numbers that are compared.
func constantDecision(x ir.Expr) decision {
	switch x := x.(type) {
	case *ir.Literal:
		switch {
		case x.Kind == ir.Null:
			return isNull
		case x.Kind == ir.Bool && strings.EqualFold(x.Text, "true"):
			return isTrue
		case x.Kind == ir.Bool:
			return isFalse
		case x.Kind == ir.Integer && strings.Trim(x.Text, "0") == "":
			return isFalse
		case x.Kind == ir.Integer:
			return isTrue
		}
	case *ir.Cast:
		return constantDecision(x.X)
	case *ir.Binary:
		l, one := x.L.(*ir.Literal)
		r, two := x.R.(*ir.Literal)
		if x.Op != "=" || !one || !two || l.Kind != ir.Integer || r.Kind != ir.Integer {
			return open
		}
		if sameLiteral(l, r) {
			return isTrue
		}
		return isFalse
	}
	return open
}
