package mysql

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// The length of a moment's type is how many digits of a second it has: with some, it is no whole
// number as UNIX_TIMESTAMP and arithmetic see it.

// mostDigits are a microsecond's.
const mostDigits = 6

// Interval is the type of INTERVAL amount unit, whose length is how many digits of a second it has.
func (s *semantics) Interval(amount dialect.Operand, unit string) types.Type {
	t := types.Type{Name: "interval " + strings.ToLower(unit)}
	switch {
	case strings.HasSuffix(t.Name, "microsecond"):
		t.Length = mostDigits
	case t.Name == "interval second":
		t.Length = secondDigits(amount)
		if amount.Literal != nil && amount.Literal.Kind == ir.String {
			t.Length = mostDigits
		}
	}
	return t
}

// secondDigits are those of a second that a value has where it is taken as a moment or a
// number of seconds.
func secondDigits(o dialect.Operand) int32 {
	if o.Literal != nil {
		_, digits, _ := strings.Cut(o.Literal.Text, ".")
		return min(int32(len(digits)), mostDigits)
	}
	switch c := classOf(o.Type); {
	case o.Untyped():
		return mostDigits
	case isTemporal(c):
		return o.Type.Length
	case c == intClass, c == bitClass:
		return 0
	case c == decimalClass && o.Type.Length > 0:
		return min(o.Type.Scale, mostDigits)
	}
	return mostDigits
}

// withDigits is t with as many digits of a second as those of others that have the most.
func withDigits(t types.Type, others ...dialect.Operand) types.Type {
	if c := classOf(t); c == datetimeClass || c == timeClass {
		for _, o := range others {
			t.Length = max(t.Length, secondDigits(o))
		}
	}
	return t
}

// secondsResult gives a moment the digits of a function's arguments.
func secondsResult(t types.Type) resultRule {
	return func(args []dialect.Operand, _ []types.Type) types.Type { return withDigits(t, args...) }
}

// zonedResult is CONVERT_TZ's, which keeps the digits of its first argument.
func zonedResult(args []dialect.Operand, _ []types.Type) types.Type {
	return withDigits(datetime, args[0])
}

// clockResult gives the present as many digits as its argument says.
func clockResult(t types.Type) resultRule {
	return func(args []dialect.Operand, _ []types.Type) types.Type {
		out := t
		if len(args) > 0 {
			out.Length = mostDigits
			if l := args[0].Literal; l != nil && len(l.Text) == 1 && '0' <= l.Text[0] && l.Text[0] <= '6' {
				out.Length = int32(l.Text[0] - '0')
			}
		}
		return out
	}
}

// wholeSeconds is TIME_TO_SEC's type: MariaDB keeps the digits of a second.
func wholeSeconds(args []dialect.Operand, _ []types.Type) types.Type {
	if isTemporal(classOf(args[0].Type)) && args[0].Type.Length > 0 {
		return decimal
	}
	return bigint
}
