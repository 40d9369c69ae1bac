package dbsql

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"unicode"
	"unicode/utf8"
)

// Check is a driver's own check of an argument, as driver.NamedValueChecker has it; nil where it has none.
type Check func(*driver.NamedValue) error

// Arg gives an argument as the value that the driver takes, by the rules of database/sql. ordinal counts from 1. drop tells that the
// driver leaves it out.
func Arg(check Check, ordinal int, v any) (nv driver.NamedValue, drop bool, err error) {
	if n, ok := v.(sql.NamedArg); ok {
		if r, _ := utf8.DecodeRuneInString(n.Name); n.Name != "" && !unicode.IsLetter(r) {
			return nv, false, fmt.Errorf("name %q does not begin with a letter", n.Name)
		}
		nv.Name, v = n.Name, n.Value
	}
	nv.Ordinal, nv.Value = ordinal, v
	err = driver.ErrSkip
	if check != nil {
		err = check(&nv)
	}
	if err == driver.ErrSkip {
		nv.Value, err = driver.DefaultParameterConverter.ConvertValue(nv.Value)
	}
	switch err {
	case nil:
		return nv, false, nil
	case driver.ErrRemoveArgument:
		return nv, true, nil
	}
	which := fmt.Sprintf("$%d", nv.Ordinal)
	if nv.Name != "" {
		which = fmt.Sprintf("with name %q", nv.Name)
	}
	return nv, false, fmt.Errorf("sql: converting argument %s type: %w", which, err)
}
