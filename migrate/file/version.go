package file

import (
	"cmp"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Compare orders two versions as the form's tool does: numbers by value, sql-migrate's names by the number that they start with
// and then as text, Flyway's by their parts, others as text.
func Compare(form Form, a, b string) int {
	switch {
	case formTraits[form].numeric:
		return number(a, b)
	case form == SQLMigrate:
		x, y := digits(a), digits(b)
		if x != "" && y != "" {
			if c := number(x, y); c != 0 {
				return c
			}
		}
		return strings.Compare(a, b)
	case form == Flyway:
		x, y := strings.Split(a, "."), strings.Split(b, ".")
		for i := range max(len(x), len(y)) {
			if c := number(part(x, i), part(y, i)); c != 0 {
				return c
			}
		}
		return 0
	}
	return strings.Compare(a, b)
}

func part(parts []string, i int) string {
	if i < len(parts) {
		return parts[i]
	}
	return "0"
}

func digits(s string) string {
	i := 0
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	return s[:i]
}

// number compares two texts of digits by value; what is no number is compared as text.
func number(a, b string) int {
	if digits(a) != a || digits(b) != b || a == "" || b == "" {
		return strings.Compare(a, b)
	}
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if c := cmp.Compare(len(a), len(b)); c != 0 {
		return c
	}
	return strings.Compare(a, b)
}
