package postgres

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

// demandsValue tells whether rows need a value in a column that a table gets: by NOT NULL, of the column or of its domain, or by a CHECK.
func (o *column) demandsValue() bool {
	return o.c.Postgres.NotNull || o.c.NotNullByDomain || slices.ContainsFunc(checks(o.t), func(condition string) bool {
		return condition == o.c.Name+" IS NOT NULL" || condition == `"`+strings.ReplaceAll(o.c.Name, `"`, `""`)+`" IS NOT NULL`
	})
}

// checks are the conditions that all rows of a table hold, each without AND.
func checks(t *catalog.Table) []string {
	var out []string
	for _, k := range t.Constraints {
		if k.Kind == ir.Check && !k.NotValid {
			out = append(out, conjuncts(k.Expr)...)
		}
	}
	return out
}

// conjuncts are what AND binds together in a condition.
func conjuncts(condition string) []string {
	condition = bare(condition)
	parts := cutTop(condition, " AND ")
	if len(parts) == 1 {
		return parts
	}
	var out []string
	for _, p := range parts {
		out = append(out, conjuncts(p)...)
	}
	return out
}

// bare takes the brackets off that enclose all of an expression.
func bare(expr string) string {
	for expr = strings.TrimSpace(expr); strings.HasPrefix(expr, "("); expr = strings.TrimSpace(expr[1 : len(expr)-1]) {
		if end, ok := closing(expr); !ok || end != len(expr)-1 {
			break
		}
	}
	return expr
}

// closing is where the bracket closes that an expression begins with.
func closing(expr string) (end int, ok bool) {
	scanTop(expr[1:], func(i int) bool {
		if expr[i+1] == ')' {
			end, ok = i+1, true
		}
		return ok
	})
	return end, ok
}

// scanTop calls f for each byte that stands in no quotes and no brackets, and for those that close one that was not opened, until f tells to stop.
func scanTop(expr string, f func(i int) (stop bool)) {
	depth, quote := 0, byte(0)
	for i := 0; i < len(expr); i++ {
		c := expr[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
			continue
		case c == '\'' || c == '"':
			quote = c
			continue
		case c == '(' || c == '[':
			depth++
			continue
		case (c == ')' || c == ']') && depth > 0:
			depth--
			continue
		}
		if depth == 0 && f(i) {
			return
		}
	}
}

// cutTop cuts an expression at a word that stands in no quotes and no brackets.
func cutTop(expr, word string) []string {
	var out []string
	start := 0
	scanTop(expr, func(i int) bool {
		if i >= start && strings.HasPrefix(expr[i:], word) {
			out, start = append(out, expr[start:i]), i+len(word)
		}
		return false
	})
	return append(out, expr[start:])
}

// mirrored are the comparisons of numbers, by what they are with their sides exchanged.
var mirrored = map[string]string{">=": "<=", "<=": ">=", ">": "<", "<": ">", "=": "="}

// compared reads a comparison of a column with something else, the column first.
func compared(condition, column string) (op, with string, ok bool) {
	for _, op := range []string{">=", "<=", ">", "<", "="} {
		sides := cutTop(condition, " "+op+" ")
		if len(sides) != 2 {
			continue
		}
		is := func(side string) bool {
			name, _, _ := strings.Cut(side, "::")
			return bare(name) == column
		}
		switch {
		case is(sides[0]):
			return op, bare(sides[1]), true
		case is(sides[1]):
			return mirrored[op], bare(sides[0]), true
		}
	}
	return "", "", false
}

var (
	anyOf       = regexp.MustCompile(`^ANY \(+ARRAY\[('(?:[^']|'')*'|-?[0-9.]+)`)
	plainNumber = regexp.MustCompile(`^\(?'?(-?[0-9]+)'?\)?(::[a-z ]+)?$`)
	plainText   = regexp.MustCompile(`^('(?:[^']|'')*')(::[a-z ]+)?$`)
	words       = regexp.MustCompile(`"(?:[^"]|"")*"|'(?:[^']|'')*'|[\p{L}_][\p{L}\p{N}_$]*`)
)

// demanded is a value that the conditions over a column hold for, as far as they compare it with words, numbers and columns that are there; "" where
// none speaks of it in such a way.
func (d *differ) demanded(o *column) string {
	name := d.quote(o.c.Name)
	var lower, upper []string
	strictly := false
	conditions := checks(o.t)
	if def := d.to.Type(o.c.Type.Schema, o.c.Type.Name); def != nil && !o.c.Type.IsArray() {
		for _, k := range def.Checks {
			for _, c := range conjuncts(k.Expr) {
				conditions = append(conditions, strings.Replace(c, "VALUE", name, 1))
			}
		}
	}
	for _, condition := range conditions {
		op, with, ok := compared(condition, name)
		if !ok || !d.known(o, with) {
			continue
		}
		switch op {
		case "=":
			if m := anyOf.FindStringSubmatch(with); m != nil {
				return m[1]
			}
			if m := plainText.FindStringSubmatch(with); m != nil {
				return m[1]
			}
			return with
		case ">", ">=":
			lower = append(lower, with)
		default:
			upper = append(upper, with)
		}
		strictly = strictly || len(op) == 1
	}
	if kind, array := family(o.c.Postgres.Type); array || families[kind] != "number" && d.baseFamily(o) != "number" {
		return ""
	}
	bounds, function, step := lower, "greatest", " + 1"
	if len(lower) == 0 {
		bounds, function, step = upper, "least", " - 1"
	}
	if len(bounds) == 0 {
		return ""
	}
	if !strictly {
		step = ""
	}
	if len(bounds) == 1 {
		if m := plainNumber.FindStringSubmatch(bounds[0]); m != nil {
			if n, err := strconv.Atoi(m[1]); err == nil {
				return strconv.Itoa(n + map[string]int{" + 1": 1, " - 1": -1}[step])
			}
		}
	}
	return "coalesce(" + function + "(" + strings.Join(bounds, ", ") + ")" + step + ", 1)"
}

// baseFamily is the family of the type under a column's domain.
func (d *differ) baseFamily(o *column) string {
	def := d.to.Type(o.c.Type.Schema, o.c.Type.Name)
	if def == nil {
		return ""
	}
	return families[longNames[def.Base.Name]]
}

// known tells whether the columns in an expression are all in the old table too, and the column itself isn't one of them.
func (d *differ) known(o *column, expr string) bool {
	was := d.from.Table(o.t.Schema, o.t.Name)
	for _, w := range words.FindAllString(expr, -1) {
		w = strings.ReplaceAll(strings.Trim(w, `"`), `""`, `"`)
		if o.t.Column(w, false) != nil && (w == o.c.Name || was == nil || was.Column(w, false) == nil) {
			return false
		}
	}
	return true
}
