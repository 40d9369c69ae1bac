package mysql

import (
	"math"
	"strconv"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// semantics are the typing rules over one snapshot.
type semantics struct{ in *catalog.Snapshot }

// Semantics gives the typing rules over in, whose stored functions take part.
func (*Dialect) Semantics(in *catalog.Snapshot) dialect.Semantics { return &semantics{in: in} }

var unknown = types.Type{Name: "unknown", Kind: types.Unknown}

// Literal is the type of a constant. NULL has none.
func (s *semantics) Literal(l *ir.Literal) types.Type {
	switch l.Kind {
	case ir.Bool:
		return boolean
	case ir.Integer:
		return integerLiteral(l.Text)
	case ir.Decimal:
		return decimal
	case ir.Float:
		return double
	case ir.String:
		return varchar
	case ir.Blob, ir.Bit:
		return varbinary
	}
	return unknown
}

func integerLiteral(digits string) types.Type {
	n, err := strconv.ParseUint(digits, 10, 64)
	switch {
	case err != nil:
		return decimal
	case n > math.MaxInt64:
		return ubigint
	case n > math.MaxInt32:
		return bigint
	}
	return integer
}

// Assignable: MySQL converts on assignment, whatever the types are, and judges the value.
func (s *semantics) Assignable(from, to types.Type) bool {
	if from.Name == "record" || isInterval(from) {
		return false
	}
	return (classOf(to) == geoClass) == (classOf(from) == geoClass) || !isNumeric(from) && !isNumeric(to)
}

// Castable: every value can be cast.
func (s *semantics) Castable(from, to types.Type) bool { return from.Name != "record" }

// Cast makes NULL of what is no date, 0000-00-00 among it.
func (s *semantics) Cast(from dialect.Operand, to types.Type) (catalog.NullRule, dialect.Class) {
	switch classOf(to) {
	case dateClass, timeClass, datetimeClass:
		if from.Param && isDay(to) { // an argument is trusted to be a day
			return catalog.NullStrict, dialect.RealDay
		}
		if isDay(to) && isDay(from.Type) && from.Class >= dialect.RealDay {
			return catalog.NullStrict, castDay(from, to)
		}
		if isTemporal(classOf(from.Type)) && (classOf(to) == timeClass || !isDay(from.Type)) {
			return catalog.NullStrict, dialect.AnyValue
		}
		return catalog.NullStrictPartial, dialect.AnyValue
	}
	if to.Name == "year" {
		return catalog.NullStrictPartial, dialect.AnyValue
	}
	return catalog.NullStrict, dialect.AnyValue
}

// Base is t: MySQL has no domains.
func (s *semantics) Base(t types.Type) types.Type { return t }

// Fields is nil: MySQL has no composite types.
func (s *semantics) Fields(types.Type) []*catalog.Column { return nil }

// Result is the type under which a column leaves the query.
func (s *semantics) Result(t types.Type) types.Type {
	if !t.Known() || t.Kind == types.Unknown || isInterval(t) {
		return varchar
	}
	return t
}

// Digits is known of a constant whole number, which bounds how far an interval reaches.
func (s *semantics) Digits(o dialect.Operand) int {
	if o.Literal != nil && o.Literal.Kind == ir.Integer {
		return len(o.Literal.Text)
	}
	return 0
}

// Constants have types of their own here, so that none is read as another.
func (*semantics) Unreadable(types.Type, string) bool { return false }

// Subscriptable is false: there are no subscripts.
func (*semantics) Subscriptable(types.Type) bool { return false }

// Collatable is true: any expression takes COLLATE.
func (*semantics) Collatable(types.Type) bool { return true }
