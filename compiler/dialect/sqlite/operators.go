package sqlite

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/types"
)

// operator is the rule of an operator: what an untyped operand becomes, the type of the
// result, and when it is NULL.
type operator struct {
	operands []operandRule
	result   resultRule
	null     catalog.NullRule
	// arithmetic is NULL where it has no number as its result; see digits.go.
	arithmetic bool
}

// operandRule says what an untyped operand is taken as.
type operandRule uint8

const (
	open       operandRule = iota // nothing is known
	likeOther                     // the other operand's type
	numberLike                    // the other operand's type where it is a number, else NUMERIC
	asText
	asInteger
)

// resultRule computes a result type from operand types.
type resultRule func([]types.Type) types.Type

func always(t types.Type) resultRule { return func([]types.Type) types.Type { return t } }

// arithmetic is INTEGER of integers, REAL where one operand is REAL, else NUMERIC.
func arithmetic(ts []types.Type) types.Type {
	out := integer
	for _, t := range ts {
		switch t {
		case integer:
		case real:
			return real
		default:
			out = numeric
		}
	}
	return out
}

func sameAsFirst(ts []types.Type) types.Type {
	if len(ts) == 0 || !ts[0].Known() {
		return anyType
	}
	return ts[0]
}

var (
	calculation = operator{[]operandRule{numberLike, numberLike}, arithmetic, catalog.NullStrict, true}
	division    = operator{[]operandRule{numberLike, numberLike}, arithmetic, catalog.NullStrictPartial, true}
	bits        = operator{[]operandRule{asInteger, asInteger}, always(integer), catalog.NullStrict, false}
	comparison  = operator{[]operandRule{likeOther, likeOther}, always(integer), catalog.NullStrict, false}
	distinct    = operator{[]operandRule{likeOther, likeOther}, always(integer), catalog.NullNever, false}
	pattern     = operator{[]operandRule{asText, asText, asText}, always(integer), catalog.NullStrict, false}
	application = operator{[]operandRule{asText, asText}, always(integer), catalog.NullMaybe, false} // functions that users define
)

// binaryOperators are those with two operands; an ESCAPE is LIKE's third.
var binaryOperators = map[string]operator{
	"+": calculation, "-": calculation, "*": calculation, "/": division, "%": division,
	"&": bits, "|": bits, "<<": bits, ">>": bits,
	"=": comparison, "==": comparison, "<>": comparison, "!=": comparison,
	"<": comparison, "<=": comparison, ">": comparison, ">=": comparison,
	"IS DISTINCT FROM": distinct, "IS NOT DISTINCT FROM": distinct,
	"||":   {[]operandRule{asText, asText}, always(text), catalog.NullStrict, false},
	"->":   {[]operandRule{asText, open}, always(text), catalog.NullStrictPartial, false},
	"->>":  {[]operandRule{asText, open}, always(anyType), catalog.NullStrictPartial, false},
	"LIKE": pattern, "GLOB": pattern, "REGEXP": application, "MATCH": application,
	"AND": {[]operandRule{asInteger, asInteger}, always(integer), catalog.NullMaybe, false},
	"OR":  {[]operandRule{asInteger, asInteger}, always(integer), catalog.NullMaybe, false},
}

var prefixOperators = map[string]operator{
	"-":   {[]operandRule{numberLike}, arithmetic, catalog.NullStrict, true},
	"+":   {[]operandRule{open}, sameAsFirst, catalog.NullStrict, true},
	"~":   {[]operandRule{asInteger}, always(integer), catalog.NullStrict, false},
	"NOT": {[]operandRule{asInteger}, always(integer), catalog.NullStrict, false},
}

// Operator resolves an operator. SQLite takes operands of every type, so only an operator
// that does not exist fails.
func (semantics) Operator(op string, operands []dialect.Operand) (dialect.Signature, dialect.Failure) {
	table := binaryOperators
	if len(operands) == 1 {
		table = prefixOperators
	}
	name := strings.TrimPrefix(strings.ToUpper(op), "NOT ")
	if strings.EqualFold(op, "NOT") {
		name = "NOT"
	}
	rule, ok := table[name]
	if !ok {
		return dialect.Signature{}, dialect.NotFound
	}
	if len(operands) > len(rule.operands) {
		return dialect.Signature{}, dialect.NoMatch
	}
	args := make([]types.Type, len(operands))
	for i, o := range operands {
		args[i] = o.Type
		if o.Untyped() {
			args[i] = rule.operands[i].of(i, operands)
		}
	}
	sig := dialect.Signature{Args: args, Returns: rule.result(args), Null: rule.null, Volatility: "immutable"}
	if sig.Class = classes[sig.Returns.Name]; name == "+" && len(operands) == 1 {
		sig.Class = classOf(operands[0])
	}
	if rule.arithmetic {
		calculate(name, &sig, operands)
	}
	if name == "LIKE" || name == "GLOB" {
		patternNull(&sig, operands)
	}
	return sig, dialect.OK
}

// of is the type that the untyped operand i is taken as.
func (r operandRule) of(i int, operands []dialect.Operand) types.Type {
	var other types.Type
	if len(operands) == 2 {
		if o := operands[1-i]; !o.Untyped() {
			other = o.Type
		}
	}
	switch r {
	case likeOther:
		return other
	case numberLike:
		if number(other) {
			return other
		}
		return numeric
	case asText:
		return text
	case asInteger:
		return integer
	}
	return types.Type{}
}
