package mysql

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// operatorFamily sorts the operators by how they are typed.
type operatorFamily uint8

const (
	additive     operatorFamily = iota + 1 // + - *
	dividing                               // / % DIV: NULL where the divisor is 0
	bitwise                                // & | ^ << >>
	jsonPath                               // -> ->>
	stringTest                             // LIKE, REGEXP …
	membership                             // MEMBER OF
	concatenated                           // || under PIPES_AS_CONCAT
	comparing                              // what Comparable did not settle
)

var operators = map[string]operatorFamily{
	"+": additive, "-": additive, "*": additive, "/": dividing, "%": dividing, "DIV": dividing,
	"&": bitwise, "|": bitwise, "^": bitwise, "<<": bitwise, ">>": bitwise, "->": jsonPath, "->>": jsonPath,
	"LIKE": stringTest, "ILIKE": stringTest, "REGEXP": stringTest, "RLIKE": stringTest, "SOUNDS LIKE": stringTest,
	"MEMBER OF": membership, "||": concatenated,
	"=": comparing, "<>": comparing, "<": comparing, "<=": comparing, ">": comparing, ">=": comparing, "<=>": comparing,
}

// Operator resolves an operator. MySQL converts any operand to what an operator wants, so
// only unknown operators fail.
func (s *semantics) Operator(op string, operands []dialect.Operand) (dialect.Signature, dialect.Failure) {
	if len(operands) == 1 {
		return unaryOperator(op, operands[0])
	}
	if len(operands) != 2 {
		return dialect.Signature{}, dialect.NotFound
	}
	family, ok := operators[op]
	if !ok {
		return dialect.Signature{}, dialect.NotFound
	}
	l, r := operands[0], operands[1]
	sig := dialect.Signature{Null: catalog.NullStrict, Volatility: "immutable"}
	switch family {
	case additive:
		if isInterval(l.Type) || isInterval(r.Type) {
			return dateArithmetic(l, r), dialect.OK
		}
		sig.Args = numberPair(l, r)
		sig.Returns = arithmetic(op, sig.Args[0], sig.Args[1])
	case dividing:
		sig.Args = numberPair(l, r)
		sig.Returns = arithmetic(op, sig.Args[0], sig.Args[1])
		if !nonZero(r) {
			sig.Null = catalog.NullStrictPartial
		}
	case bitwise:
		sig.Args = []types.Type{orType(l, bigint), orType(r, bigint)}
		sig.Returns = ubigint
		if isBytes(l) && (op == "<<" || op == ">>") && l.Literal == nil || isBytes(l) && isBytes(r) && (l.Literal == nil || r.Literal == nil) {
			sig.Returns = varbinary // MySQL, but of literals alone; MariaDB still makes numbers of them
		}
	case jsonPath:
		sig.Args = []types.Type{orType(l, json), orType(r, varchar)}
		sig.Returns = json
		if op == "->>" {
			sig.Returns = text
		}
		sig.Null = catalog.NullStrictPartial
	case stringTest:
		sig.Args = []types.Type{orType(l, stringBeside(r)), orType(r, stringBeside(l))}
		sig.Returns = boolean
	case membership:
		sig.Args = []types.Type{orType(l, json), orType(r, json)}
		sig.Returns = boolean
	case concatenated:
		sig.Args = []types.Type{orType(l, varchar), orType(r, varchar)}
		sig.Returns = stringOf(sig.Args...)
	case comparing:
		lt, rt, _ := s.Comparable(l, r)
		sig.Args = []types.Type{lt, rt}
		sig.Returns = boolean
		if op == "<=>" {
			sig.Null = catalog.NullNever
		}
	}
	return sig, dialect.OK
}

func unaryOperator(op string, x dialect.Operand) (dialect.Signature, dialect.Failure) {
	sig := dialect.Signature{Null: catalog.NullStrict, Volatility: "immutable"}
	switch op {
	case "+":
		sig.Returns = orType(x, double)
	case "-":
		t := orType(x, double)
		switch {
		case x.Literal != nil && x.Literal.Kind == ir.Integer:
			sig.Returns = negated(x.Literal.Text)
		case isNumeric(t) && classOf(t) != intClass:
			sig.Returns = types.Type{Name: t.Name}
		default:
			sig.Returns = numberOf(t)
			sig.Returns.Unsigned = false
			if isTemporal(classOf(t)) {
				sig.Returns = double
			}
		}
	case "~":
		sig.Returns = ubigint
		if isBytes(x) && x.Literal == nil {
			sig.Returns = varbinary
		}
	case "!":
		sig.Returns = boolean
	default:
		return dialect.Signature{}, dialect.NotFound
	}
	sig.Args = []types.Type{orType(x, sig.Returns)}
	return sig, dialect.OK
}

func isBytes(o dialect.Operand) bool {
	c := classOf(o.Type)
	return c == bytesClass || c == blobClass
}

// negated is the type of minus an integer literal.
func negated(digits string) types.Type {
	if t := integerLiteral(digits); !t.Unsigned {
		return t
	}
	if digits == "9223372036854775808" {
		return bigint
	}
	return decimal
}

// orType is an operand's type, or t where it has none.
func orType(o dialect.Operand, t types.Type) types.Type {
	if o.Untyped() {
		return t
	}
	return o.Type
}

// numberPair gives an untyped operand of arithmetic the type of the other.
func numberPair(l, r dialect.Operand) []types.Type {
	number := func(t types.Type) types.Type {
		if isNumeric(t) && t.Name != "bool" {
			return t.Plain()
		}
		return numberOf(t)
	}
	switch {
	case l.Untyped() && r.Untyped():
		return []types.Type{double, double}
	case l.Untyped():
		return []types.Type{number(r.Type), r.Type}
	case r.Untyped():
		return []types.Type{l.Type, number(l.Type)}
	}
	return []types.Type{l.Type, r.Type}
}

// arithmetic is the type of l op r.
func arithmetic(op string, l, r types.Type) types.Type {
	a, b := numberOf(l), numberOf(r)
	unsigned := a.Unsigned || b.Unsigned
	switch {
	case op == "DIV":
		return types.Type{Name: "bigint", Unsigned: unsigned}
	case a == double || b == double:
		return double
	case a == decimal || b == decimal || op == "/":
		return decimal
	case op == "%":
		return types.Type{Name: "bigint", Unsigned: a.Unsigned}
	}
	return types.Type{Name: "bigint", Unsigned: unsigned}
}

// dateArithmetic is d + INTERVAL and d - INTERVAL: NULL too where the date leaves the
// calendar.
func dateArithmetic(l, r dialect.Operand) dialect.Signature {
	sig := dialect.Signature{Null: catalog.NullStrictPartial, Volatility: "immutable", Args: []types.Type{l.Type, r.Type}}
	d, interval := 0, r.Type
	if isInterval(l.Type) {
		d, interval = 1, l.Type
	}
	if o := [2]dialect.Operand{l, r}[d]; o.Untyped() {
		sig.Args[d] = datetime
	}
	sig.Returns = moved(sig.Args[d], interval)
	if o := [2]dialect.Operand{l, r}; o[d].Class >= dialect.ClockDay && isDay(o[d].Type) && near(interval, o[1-d].Digits) {
		sig.Null, sig.Class = catalog.NullStrict, dialect.RealDay
	}
	return sig
}

// stringBeside is what an untyped side of LIKE is taken as beside the other.
func stringBeside(o dialect.Operand) types.Type {
	switch classOf(o.Type) {
	case textClass:
		return text
	case stringClass, bytesClass, blobClass:
		return o.Type.Plain()
	}
	return varchar
}
