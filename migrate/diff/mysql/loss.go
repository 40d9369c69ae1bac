package mysql

import (
	"slices"
	"strings"
)

// integers are the largest values of the signed types, in bits.
var integers = map[string]int{"tinyint": 8, "smallint": 16, "mediumint": 24, "int": 32, "bigint": 64}

// capacity are the bytes that a type holds; of char and varchar the length decides.
var capacity = map[string]int{
	"tinytext": 255, "text": 65535, "mediumtext": 1<<24 - 1, "longtext": 1<<32 - 1, "json": 1<<32 - 1,
	"tinyblob": 255, "blob": 65535, "mediumblob": 1<<24 - 1, "longblob": 1<<32 - 1,
}

// widest are the bytes of a character set's longest character; 1 where it is not listed.
var widest = map[string]int{
	"utf8mb4": 4, "utf8mb3": 3, "utf8": 3, "ucs2": 2, "utf16": 4, "utf16le": 4, "utf32": 4, "gb18030": 4,
	"gbk": 2, "big5": 2, "sjis": 2, "cp932": 2, "euckr": 2, "gb2312": 2, "ujis": 3, "eucjpms": 3,
}

// lost says which values a change of a column's type can lose, "" where none.
func lost(a, b *shown, x, y *column) string {
	if x.generated != "" {
		return ""
	}
	if y.generated != "" {
		return "the values of the column, in whose place computed ones come"
	}
	if what := narrower(a, b, x, y); what != "" {
		return what
	}
	if x.typ.text() && y.typ.text() {
		from, _ := x.collated(a)
		to, _ := y.collated(b)
		if from != to && !holds(to, from) {
			return "characters that " + to + " does not have"
		}
	}
	return ""
}

// holds tells whether a character set has all characters of another.
func holds(set, other string) bool {
	switch set {
	case "utf8mb4", "utf16", "utf16le", "utf32", "gb18030":
		return true
	case "utf8mb3", "utf8", "ucs2":
		return other != "utf8mb4" && other != "utf16" && other != "utf16le" && other != "utf32" && other != "gb18030"
	}
	return other == set || other == "ascii" && widest[set] < 2
}

func narrower(a, b *shown, x, y *column) string {
	s, t := x.typ, y.typ
	if s.String() == t.String() {
		return ""
	}
	const other = "values that the new type can't hold"
	switch {
	case integers[s.name] > 0 && integers[t.name] > 0:
		if integers[t.name] < integers[s.name] || s.unsigned && !t.unsigned && integers[t.name] <= integers[s.name] || !s.unsigned && t.unsigned {
			return "values outside the range of " + t.String()
		}
		return ""
	case integers[s.name] > 0:
		digits := map[int]int{8: 3, 16: 5, 24: 8, 32: 10, 64: 20}[integers[s.name]]
		switch t.name {
		case "decimal":
			if t.unsigned && !s.unsigned || t.arg(0, 10)-t.arg(1, 0) < digits {
				return "values outside the range of " + t.String()
			}
			return ""
		case "float", "double":
			if len(t.args) > 0 || t.unsigned && !s.unsigned || t.name == "float" && integers[s.name] > 24 || integers[s.name] > 32 {
				return "digits of large values"
			}
			return ""
		case "char", "varchar":
			if t.arg(0, 1) < digits+1 {
				return "values that are longer than the new length"
			}
			return ""
		case "tinytext", "text", "mediumtext", "longtext":
			return ""
		}
		return other
	case s.name == "decimal" && t.name == "decimal":
		if t.arg(0, 10)-t.arg(1, 0) < s.arg(0, 10)-s.arg(1, 0) || t.arg(1, 0) < s.arg(1, 0) || t.unsigned && !s.unsigned {
			return "digits, or values outside the range of " + t.String()
		}
		return ""
	case s.name == "decimal" && (t.name == "char" || t.name == "varchar"):
		if t.arg(0, 1) < s.arg(0, 10)+2 {
			return "values that are longer than the new length"
		}
		return ""
	case s.name == "float" && t.name == "double" && len(t.args) == 0 && (!t.unsigned || s.unsigned):
		return ""
	case s.name == t.name && (s.name == "float" || s.name == "double") && len(t.args) == 0 && (!t.unsigned || s.unsigned):
		return ""
	case s.name == "enum" || s.name == "set":
		switch {
		case t.name == s.name:
			for _, m := range s.args {
				if !slices.Contains(t.args, m) {
					return "the member " + m + " where rows have it"
				}
			}
			return ""
		case t.name == "char" || t.name == "varchar":
			n := 0
			for _, m := range s.args {
				if s.name == "enum" {
					n = max(n, len([]rune(m))-2)
				} else {
					n += len([]rune(m)) - 1
				}
			}
			if t.arg(0, 1) < n {
				return "values that are longer than the new length"
			}
			return ""
		case t.text() && t.name != "enum" && t.name != "set":
			return ""
		}
		return other
	case length(a, x) > 0 && length(b, y) > 0 && t.name != "json":
		if textual(s) && textual(t) && s.name != "json" && (t.name == "char" || t.name == "varchar") && (s.name == "char" || s.name == "varchar") {
			if t.arg(0, 1) < s.arg(0, 1) {
				return "values that are longer than the new length"
			}
			return ""
		}
		if length(b, y) < length(a, x) {
			return "values that are longer than the new length"
		}
		if !textual(s) && textual(t) {
			return "bytes that are no characters"
		}
		return ""
	case t.name == "json" && textual(s):
		return "" // the server refuses what is no JSON
	case strings.HasPrefix(s.name, "date") && t.name == "datetime" && t.arg(0, 0) >= s.arg(0, 0), s.name == "timestamp" && t.name == "datetime" && t.arg(0, 0) >= s.arg(0, 0),
		s.name == t.name && (s.name == "timestamp" || s.name == "time") && t.arg(0, 0) >= s.arg(0, 0):
		return ""
	case s.name == t.name && (s.name == "datetime" || s.name == "timestamp" || s.name == "time"):
		return "fractions of seconds"
	case (s.name == "date" || s.name == "datetime" || s.name == "timestamp" || s.name == "time" || s.name == "year" || s.name == "uuid") && length(b, y) >= 36:
		return ""
	case s.name == "bit" && t.name == "bit" && t.arg(0, 1) >= s.arg(0, 1):
		return ""
	case t.name == "geometry":
		return ""
	}
	return other
}

// length are the bytes that a text or binary column holds, 0 for other types.
func length(t *shown, c *column) int {
	switch c.typ.name {
	case "char", "varchar":
		set, _ := c.collated(t)
		return c.typ.arg(0, 1) * max(1, widest[set])
	case "binary", "varbinary":
		return c.typ.arg(0, 1)
	}
	return capacity[c.typ.name]
}

func textual(t typ) bool { return t.text() || t.name == "json" }
