package sqlite

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
)

// A column holds a value of any class, if its table is not STRICT: functions of numbers are NULL
// for a text that is none, LIKE is false for a BLOB. So nullability asks which values are
// numbers, or no BLOBs, whatever the columns hold: constants, casts, what operators and most
// functions give, and what passes such a value on.

// classes are what a value is that was made to be of a type.
var classes = map[string]dialect.Class{
	integer.Name: dialect.Number, real.Name: dialect.Number, numeric.Name: dialect.Number, text.Name: dialect.NoBlob,
}

// classOf is what o is. A parameter is given the value of its type.
func classOf(o dialect.Operand) dialect.Class {
	if l := o.Literal; l != nil {
		switch l.Kind {
		case ir.Integer, ir.Decimal, ir.Float, ir.Bool, ir.Null:
			return dialect.Number
		case ir.String:
			return dialect.NoBlob
		}
		return dialect.AnyValue
	}
	return o.Class
}

// class is what the results of f are. What users define gives anything.
func (f *function) class(args []dialect.Operand) dialect.Class {
	if t, ok := typeNames[f.result]; ok {
		if f.null == catalog.NullMaybe {
			return dialect.AnyValue
		}
		return classes[t.Name]
	}
	switch f.result {
	case "number":
		return dialect.Number
	case "piece":
		return min(dialect.NoBlob, classOf(args[0]))
	}
	out := dialect.Number
	for i, a := range args {
		if f.passes(i, len(args)) {
			out = min(out, classOf(a))
		}
	}
	return out
}

// passes tells whether argument i of n may be the result.
func (f *function) passes(i, n int) bool {
	switch f.result {
	case "first":
		return i == 0
	case "lag":
		return i != 1
	case "iif":
		return i%2 == 1 || i == n-1
	}
	return true
}
