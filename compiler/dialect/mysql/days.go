package mysql

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/types"
)

// What is known of a moment beside its type: that it is a day of the calendar, and how far from the
// present. A column may hold 0000-00-00 and 2020-00-00; what is written, the server's clock and what
// is made of these is a day.

// class is what a call gives.
func (f *builtinFunc) class(args []dialect.Operand) dialect.Class {
	switch f.name {
	case "date_literal", "timestamp_literal":
		return writtenDay(args[0])
	case "current_timestamp", "localtime", "localtimestamp", "now", "sysdate":
		return dialect.StampDay
	case "curdate", "current_date", "utc_date", "utc_timestamp": // as a moment of the session's time zone it may be none of a TIMESTAMP
		return dialect.ClockDay
	case "date", "last_day":
		return dayOf(min(args[0].Class, dialect.ClockDay))
	case "date_add", "date_sub", "adddate", "subdate", "timestampadd":
		if shiftNull(f, args) == catalog.NullStrict {
			return dialect.RealDay
		}
		return dialect.AnyValue
	}
	switch f.name {
	case "coalesce", "ifnull", "nvl": // what stands behind one that is never NULL is not asked for
		if i := slices.IndexFunc(args, func(o dialect.Operand) bool { return o.Null.IsNever() }); i >= 0 {
			args = args[:i+1]
		}
	}
	switch f.result {
	case "common":
		return dayOf(least(args))
	case "common2", "branches":
		return dayOf(least(args[1:]))
	case "same", "nullif", "extreme":
		return dayOf(least(args[:1]))
	case "moment":
		if f.name == "timestamp" && len(args) == 1 {
			return dayOf(args[0].Class)
		}
	}
	return dialect.AnyValue
}

// least is the class of what is one of several values.
func least(args []dialect.Operand) dialect.Class {
	out := dialect.OnlyNull
	for _, a := range args {
		if a.Null.Null != types.Always {
			out = min(out, a.Class)
		}
	}
	return out
}

// dayOf is c where it is one of days.
func dayOf(c dialect.Class) dialect.Class {
	if c < dialect.RealDay {
		return dialect.AnyValue
	}
	return c
}

// castDay is the class of a day that is cast to a DATE or DATETIME: the first second of a day may be
// before a TIMESTAMP's, a rounded one behind it.
func castDay(from dialect.Operand, to types.Type) dialect.Class {
	if classOf(to) == dateClass || to.Length < from.Type.Length {
		return min(from.Class, dialect.ClockDay)
	}
	return from.Class
}

// writtenDay is the class of a date that stands in the statement.
func writtenDay(o dialect.Operand) dialect.Class {
	if o.Literal == nil || !dayText.MatchString(o.Literal.Text) {
		return dialect.AnyValue
	}
	if _, err := time.Parse(time.DateOnly, o.Literal.Text[:10]); err != nil { // ALLOW_INVALID_DATES
		return dialect.AnyValue
	}
	switch year := o.Literal.Text[:4]; {
	case "1971" <= year && year <= "2037":
		return dialect.StampDay
	case year == "9999" && strings.Contains(o.Literal.Text, "."): // rounded it is out of the calendar
		return dialect.AnyValue
	}
	return dialect.RealDay
}

var dayText = regexp.MustCompile(`^[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])( \d\d:\d\d:\d\d(\.\d+)?)?$`)

func isDay(t types.Type) bool { return classOf(t) == dateClass || classOf(t) == datetimeClass }

// reaches are the digits of an interval's amount with which it stays under 500 years.
var reaches = map[string]int{
	"year": 2, "quarter": 3, "month": 3, "week": 4, "day": 5, "hour": 6, "minute": 8, "second": 10, "microsecond": 16,
}

// near tells whether an interval whose amount has so many digits, 0 for unknown, stays under 500 years.
func near(interval types.Type, digits int) bool {
	return digits > 0 && digits <= reaches[strings.TrimPrefix(interval.Name, "interval ")]
}
