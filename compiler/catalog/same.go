package catalog

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Same tells whether two expressions are the same but for the spelling that a server gives
// them when it keeps them: case, brackets, quotes around plain names, casts (a server
// writes out those that it applies by itself), the schema that names are looked up in
// anyway, IN written as = ANY, BETWEEN as two comparisons, LIKE as ~~. It errs towards
// sameness: brackets and casts that do mean something do not count.
func Same(a, b, defaultSchema string) bool {
	x, y := canonical(a, defaultSchema), canonical(b, defaultSchema)
	return strings.Join(x, " ") == strings.Join(y, " ")
}

var lexeme = regexp.MustCompile(`(?s)` + strings.Join([]string{
	`\$[A-Za-z_]*\$`, `[EeNnBbXx]?'(?:[^'\\]|''|\\.)*'`, `"(?:[^"]|"")*"`, "`(?:[^`]|``)*`", `\[[A-Za-z_][A-Za-z0-9_]*\]`,
	`--[^\n]*`, `/\*.*?\*/`, `[A-Za-z_\x80-\xff][A-Za-z0-9_$\x80-\xff]*`, `[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+`,
	`::`, `[<>=!~@#%^&|*/+\-?:]+`, `[(),.;\[\]{}]`, `\S`,
}, "|"))

var (
	plainName  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_$]*$`)
	number     = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?$`)
	midnight   = regexp.MustCompile(`([0-9]{4}-[0-9]{2}-[0-9]{2}) 00:00:00(\.0+)?(Z|\+00)?`)
	duration   = regexp.MustCompile(`^'([0-9]+) (hour|minute|second)s?'$`)
	introducer = regexp.MustCompile(`^_(utf8|utf8mb3|utf8mb4|latin1|binary|ascii)$`)
)

// operatorSpellings are those under which a server keeps an operator that has a word.
var operatorSpellings = map[string][]string{
	"!=": {"<>"}, "~~": {"like"}, "!~~": {"not", "like"}, "~~*": {"ilike"}, "!~~*": {"not", "ilike"},
}

// typeWords begin a type's name; a literal may have one in front, a cast has one behind.
var typeWords = map[string]bool{
	"date": true, "time": true, "timestamp": true, "timestamptz": true, "timetz": true, "interval": true, "json": true, "jsonb": true,
	"uuid": true, "inet": true, "cidr": true, "bytea": true, "bit": true, "numeric": true, "text": true, "point": true, "box": true,
}

// typeTails are the words that go on with a type's name.
var typeTails = map[string]bool{"varying": true, "precision": true, "with": true, "without": true, "time": true, "zone": true, "unsigned": true, "charset": true}

func canonical(s, defaultSchema string) []string {
	return rewrite(simplified(lexemes(s), strings.ToLower(defaultSchema)))
}

func lexemes(s string) []string {
	var out []string
	for _, t := range lexeme.FindAllString(s, -1) {
		switch {
		case strings.HasPrefix(t, "--"), strings.HasPrefix(t, "/*"):
		case len(t) > 1 && (t[0] == '"' || t[0] == '`' || t[0] == '['):
			inner := t[1 : len(t)-1]
			if plainName.MatchString(inner) {
				inner = strings.ToLower(inner)
			}
			out = append(out, inner)
		case strings.HasSuffix(t, "'") && len(t) > 1:
			t = strings.TrimLeft(t, "EeNnBb")
			if inner := strings.Trim(t, "'"); number.MatchString(inner) {
				if inner[0] == '-' {
					out = append(out, "-")
				}
				out = append(out, strings.TrimLeft(inner, "+-"))
				continue
			}
			if m := duration.FindStringSubmatch(t); m != nil {
				t = clock(m[1], m[2])
			}
			out = append(out, midnight.ReplaceAllString(t, "$1"))
		case operatorSpellings[t] != nil:
			out = append(out, operatorSpellings[t]...)
		default:
			out = append(out, strings.ToLower(t))
		}
	}
	return out
}

// clock spells an interval of hours, minutes or seconds as PostgreSQL does.
func clock(n, unit string) string {
	v, _ := strconv.Atoi(n)
	v *= map[string]int{"hour": 3600, "minute": 60, "second": 1}[unit]
	return fmt.Sprintf("'%02d:%02d:%02d'", v/3600, v/60%60, v%60)
}

// simplified drops casts, brackets, the default schema and what else a server adds by itself.
func simplified(in []string, defaultSchema string) []string {
	var out []string
	casts := []int{} // depths of brackets that a CAST opened
	depth := 0
	for i := 0; i < len(in); i++ {
		t := in[i]
		next := func(k int) string {
			if i+k < len(in) {
				return in[i+k]
			}
			return ""
		}
		switch {
		case t == "::":
			i = skipType(in, i+1) - 1
		case t == "cast" && next(1) == "(":
			depth++
			casts = append(casts, depth)
			i++
		case t == "as" && len(casts) > 0 && casts[len(casts)-1] == depth:
			i = skipType(in, i+1) - 1
		case t == "(":
			depth++
		case t == ")":
			if len(casts) > 0 && casts[len(casts)-1] == depth {
				casts = casts[:len(casts)-1]
			}
			depth--
		case t == ";":
		case defaultSchema != "" && t == defaultSchema && next(1) == ".", t == "pg_catalog" && next(1) == ".":
			i++
		case typeWords[t] && strings.HasPrefix(next(1), "'"):
		case introducer.MatchString(t):
		case t == "procedure" && len(out) > 0 && out[len(out)-1] == "execute":
			out = append(out, "function")
		case t == "if" && next(1) == "not" && next(2) == "exists":
			i += 2
		case t == "or" && next(1) == "replace":
			i++
		case t == "array" && next(1) == "[":
		case t == "[" || t == "]":
		default:
			out = append(out, t)
		}
	}
	return out
}

// skipType gives the place behind the type's name that starts at i.
func skipType(in []string, i int) int {
	if i < len(in) {
		i++
	}
	for i < len(in) {
		switch {
		case in[i] == ".":
			i += 2
		case typeTails[in[i]]:
			i++
		case in[i] == "(":
			// Only numbers stand in a type's brackets.
			end := i + 1
			for end < len(in) && (number.MatchString(in[end]) || in[end] == ",") {
				end++
			}
			if end >= len(in) || in[end] != ")" {
				return i
			}
			i = end + 1
		case in[i] == "[" && i+1 < len(in) && in[i+1] == "]":
			i += 2
		default:
			return min(i, len(in))
		}
	}
	return min(i, len(in))
}

// synonyms are words that a server keeps as others of the same meaning.
var synonyms = map[string]string{
	"current_timestamp": "now", "localtimestamp": "now", "curdate": "current_date", "true": "1", "false": "0",
	"ucase": "upper", "lcase": "lower", "mid": "substr", "substring": "substr", "character_length": "char_length",
}

// rewrite spells IN, BETWEEN and functions with synonyms in one way.
func rewrite(in []string) []string {
	var out []string
	for i := 0; i < len(in); i++ {
		next := func(k int) string {
			if i+k < len(in) {
				return in[i+k]
			}
			return ""
		}
		switch t := in[i]; {
		case t == "=" && next(1) == "any":
			out = append(out, "in")
			i++
		case t == "<>" && next(1) == "all":
			out = append(out, "not", "in")
			i++
		case t == "between" && len(out) > 0:
			// x BETWEEN a AND b is kept as x >= a AND x <= b; x is what stands since the last
			// word that can end an operand.
			start := operandStart(out)
			operand := append([]string(nil), out[start:]...)
			out = append(out, ">=")
			for i++; i < len(in) && in[i] != "and"; i++ {
				out = append(out, in[i])
			}
			out = append(append(append(out, "and"), operand...), "<=")
		case t == "new" && next(1) == "table" && next(4) == "old" && next(5) == "table": // REFERENCING
			out = append(out, "old", "table", "as", next(7), "new", "table", "as", next(3))
			i += 7
		case t == "engine" && next(1) == "=": // of a partition
			i += 2
		case synonyms[t] != "":
			out = append(out, synonyms[t])
		default:
			out = append(out, t)
		}
	}
	return out
}

func operandStart(tokens []string) int {
	for i := len(tokens) - 1; i >= 0; i-- {
		switch tokens[i] {
		case "and", "or", "not", "check", "when", "where", "then", ",":
			return i + 1
		}
	}
	return 0
}
