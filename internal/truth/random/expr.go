package random

import (
	"fmt"
	"slices"
	"strings"
)

// generator makes one statement over a schema.
type generator struct {
	choice
	lang   *Language
	schema *schema
	// ctes are the common table expressions in sight.
	ctes []*relation
	// names and params count what was named so far; budget bounds a statement's size.
	names, params, budget int
	// noParams forbids parameters: in views, and where a text must mean the same twice.
	noParams bool
	// storing forbids what freesorts lets: a value where one of another sort would stand.
	storing bool
	// read are the tables that the statement reads so far.
	read map[*table]bool
}

func (g *generator) has(feature string) bool { return g.lang.Features[feature] }

// name makes a name that no other of the statement has.
func (g *generator) name(prefix string) string {
	g.names++
	return fmt.Sprintf("%s%d", prefix, g.names)
}

// sort chooses a sort that results may have.
func (g *generator) sort() *Sort { return pick(g.choice, g.lang.classes["any"]) }

// near chooses one of some sorts, mostly one that a column in sight has: of constants alone
// little is learned.
func (g *generator) near(sorts []*Sort, in *scope) *Sort {
	if in.rows != nil && len(in.cols) == 0 {
		in = in.rows
	}
	if len(sorts) > 1 && !g.in(5) {
		var seen []*Sort
		for _, c := range in.cols {
			if slices.Contains(sorts, c.sort) {
				seen = append(seen, c.sort)
			}
		}
		if len(seen) > 0 {
			return pick(g.choice, seen)
		}
	}
	return pick(g.choice, sorts)
}

func (g *generator) sorts(least, most int) []*Sort {
	out := make([]*Sort, least+g.of(most-least+1))
	for i := range out {
		out[i] = g.sort()
	}
	return out
}

// expr makes an expression of a sort over the columns in sight.
func (g *generator) expr(s *Sort, in *scope, depth int) string {
	g.budget--
	if depth <= 0 || g.budget <= 0 {
		return g.leaf(s, in)
	}
	switch g.of(12) {
	case 8, 9:
		if in.rows != nil {
			if text, ok := g.aggregate(s, in, depth); ok {
				return text
			}
		}
	case 10:
		if in.windows {
			if text, ok := g.window(s, in, depth); ok {
				return text
			}
		}
	case 11:
		if in.free {
			return g.scalar(s, in, depth)
		}
	case 0, 1, 2, 3:
		return g.leaf(s, in)
	}
	if rules := g.lang.byResult[plainRule][s]; len(rules) > 0 {
		return g.apply(pick(g.choice, rules), in, depth-1)
	}
	return g.leaf(s, in)
}

// leaf is a column, or a literal, NULL, or parameter.
func (g *generator) leaf(s *Sort, in *scope) string {
	if cols := in.of(s); len(cols) > 0 && !g.in(5) {
		return pick(g.choice, cols).ref
	}
	if in.rows != nil && g.in(2) {
		if text, ok := g.aggregate(s, in, 0); ok {
			return text
		}
	}
	if g.has("freesorts") && !g.storing && in.free && len(in.cols) > 0 && !slices.Contains(g.lang.classes["closed"], s) && !g.in(4) {
		return pick(g.choice, in.cols).ref // any value may stand where another does
	}
	for up := in.outer; up != nil && in.free; up = up.outer {
		if cols := up.of(s); len(cols) > 0 && g.in(2) {
			return pick(g.choice, cols).ref
		}
	}
	switch {
	case g.has("barenull") && g.in(12):
		return "NULL"
	case g.in(6):
		return "CAST(NULL AS " + s.Cast + ")"
	case in.free && !g.noParams && g.in(3):
		return "CAST(" + g.param() + " AS " + s.Cast + ")"
	}
	return pick(g.choice, s.Literals)
}

// param is a parameter, one in three of which takes NULL.
func (g *generator) param() string {
	g.params++
	if g.in(3) {
		return fmt.Sprintf("sqlc.narg(p%d)", g.params)
	}
	return fmt.Sprintf("sqlc.arg(p%d)", g.params)
}

// apply fills a rule's holes.
func (g *generator) apply(b bound, in *scope, depth int) string {
	with := map[string]*Sort{}
	for name, s := range b.with {
		with[name] = s
	}
	var out strings.Builder
	for _, p := range b.rule.parts {
		if p.hole == 0 {
			out.WriteString(p.text)
			continue
		}
		s := with[p.text]
		if s == nil {
			s = g.near(g.lang.class(p.text), in)
			with[p.text] = s
		}
		switch {
		case p.hole == '^':
			cols := in.of(s)
			if len(cols) == 0 {
				return g.leaf(with[b.rule.result], in)
			}
			out.WriteString(pick(g.choice, cols).ref)
		case p.hole == '#' || p.hole == '@' && (g.noParams || !in.free):
			out.WriteString(pick(g.choice, s.Literals))
		case p.hole == '@':
			out.WriteString(g.param())
		default:
			out.WriteString(g.other(s, in, depth, out.String()))
		}
	}
	return out.String()
}

// other is an operand that is, if it can be, not a column that the text before it has: of x = x
// little is learned.
func (g *generator) other(s *Sort, in *scope, depth int, before string) string {
	text := g.operand(s, in, depth)
	for range 3 {
		if in.find(text) == nil || !strings.Contains(before, text) {
			break
		}
		text = g.operand(s, in, depth)
	}
	return text
}

// operand is an expression that may stand beside an operator.
func (g *generator) operand(s *Sort, in *scope, depth int) string {
	text := g.expr(s, in, depth)
	if strings.ContainsAny(text, " -") && !enclosed(text) {
		return "(" + text + ")"
	}
	return text
}

// enclosed tells whether parentheses stand around the whole text.
func enclosed(text string) bool {
	if !strings.HasPrefix(text, "(") {
		return false
	}
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i == len(text)-1
			}
		case '\'':
			return false
		}
	}
	return false
}

// aggregate is an aggregate call over the rows of a group.
func (g *generator) aggregate(s *Sort, in *scope, depth int) (string, bool) {
	rules := g.lang.byResult[aggregateRule][s]
	if len(rules) == 0 {
		return "", false
	}
	text := g.apply(pick(g.choice, rules), in.rows, min(depth-1, 2))
	if g.has("filter") && g.in(5) {
		text += " FILTER (WHERE " + g.predicate(in.rows, 1) + ")"
	}
	return text, true
}

// frames are window frames; those of a feature stand behind its name.
var frames = []struct{ feature, text string }{
	{"", ""},
	{"", ""},
	{"", " ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"},
	{"", " ROWS BETWEEN 1 PRECEDING AND CURRENT ROW"},
	{"", " ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING"},
	{"", " ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING"},
	{"", " ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING"},
	{"", " RANGE UNBOUNDED PRECEDING"},
	{"", " RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING"},
	{"groups", " GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING"},
	{"groups", " GROUPS BETWEEN 1 FOLLOWING AND 2 FOLLOWING"},
	{"exclude", " ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW"},
	{"exclude", " ROWS UNBOUNDED PRECEDING EXCLUDE TIES"},
	{"exclude", " RANGE UNBOUNDED PRECEDING EXCLUDE GROUP"},
}

// window is a window function, or an aggregate over a window.
func (g *generator) window(s *Sort, in *scope, depth int) (string, bool) {
	kind := windowRule
	if g.in(2) || len(g.lang.byResult[kind][s]) == 0 {
		kind = aggregateRule
	}
	rules := g.lang.byResult[kind][s]
	if len(rules) == 0 {
		return "", false
	}
	args := &scope{cols: in.cols, outer: in.outer, rows: in.rows}
	text := g.apply(pick(g.choice, rules), args, min(depth-1, 1))
	if strings.Contains(text, "DISTINCT") || strings.Contains(text, "WITHIN GROUP") || strings.Contains(text, "ORDER BY") || noWindow(text) {
		return "", false
	}
	var parts []string
	if g.in(2) && len(in.cols) > 0 {
		parts = append(parts, "PARTITION BY "+pick(g.choice, in.cols).ref)
	}
	frame := ""
	if g.in(2) && len(in.cols) > 0 {
		parts = append(parts, "ORDER BY "+pick(g.choice, in.cols).ref)
		f := pick(g.choice, frames)
		if f.feature == "" || g.has(f.feature) {
			frame = f.text
		}
	}
	return text + " OVER (" + strings.Join(parts, " ") + frame + ")", true
}

// noWindow tells whether an aggregate is one that no engine lets stand over a window.
func noWindow(text string) bool {
	return strings.HasPrefix(text, "GROUP_CONCAT") || strings.HasPrefix(text, "grouping")
}

// scalar is a subquery that stands for a value.
func (g *generator) scalar(s *Sort, in *scope, depth int) string {
	text, _ := g.body([]*Sort{s}, in, min(depth-1, 1), oneRow)
	return "(" + text + ")"
}

// predicate is a condition.
func (g *generator) predicate(in *scope, depth int) string {
	g.budget--
	if len(in.cols) == 0 || g.budget <= 0 {
		return g.expr(g.lang.sorts["bool"], in, min(depth, 1))
	}
	c := pick(g.choice, in.cols)
	switch g.of(14) {
	case 0:
		return c.ref + " IS NOT NULL"
	case 1:
		return c.ref + " = " + g.other(c.sort, in, 0, c.ref)
	case 2:
		if key := g.keyEquals(in); key != "" {
			return key
		}
	case 3, 4:
		return "(" + g.predicate(in, depth-1) + " AND " + g.predicate(in, depth-1) + ")"
	case 5:
		return "(" + g.predicate(in, depth-1) + " OR " + g.predicate(in, depth-1) + ")"
	case 6:
		return c.ref + " IS NULL"
	case 7:
		return "NOT (" + g.predicate(in, depth-1) + ")"
	case 8:
		if in.free && depth > 0 {
			text, _ := g.body(g.sorts(1, 1), in, depth-1, anyRows)
			return pick(g.choice, []string{"", "NOT "}) + "EXISTS (" + text + ")"
		}
	case 9:
		if in.free && depth > 0 {
			text, _ := g.body([]*Sort{c.sort}, in, depth-1, noLimit)
			return c.ref + pick(g.choice, []string{" IN", " NOT IN"}) + " (" + text + ")"
		}
	case 10:
		return c.ref + pick(g.choice, []string{" IN", " NOT IN"}) + " (" + g.other(c.sort, in, 0, c.ref) + ", " + g.other(c.sort, in, 0, c.ref) + ")"
	case 11:
		if others := in.of(c.sort); len(others) > 1 {
			return c.ref + pick(g.choice, []string{" = ", " < ", " <> "}) + g.other(c.sort, &scope{cols: others}, 0, c.ref)
		}
	}
	return g.expr(g.lang.sorts["bool"], in, depth)
}

// keyEquals fixes a unique key of a table in sight.
func (g *generator) keyEquals(in *scope) string {
	c := pick(g.choice, in.cols)
	if c.table == nil {
		return ""
	}
	alias, _, qualified := strings.Cut(c.ref, ".")
	if !qualified {
		return ""
	}
	lookups, where := c.table.lookups(alias)
	if len(lookups) == 0 {
		return ""
	}
	var parts []string
	n := g.of(len(lookups))
	for _, k := range lookups[n] {
		column := c.table.column(k)
		parts = append(parts, alias+"."+k+" = "+g.operand(column.sort, &scope{outer: in.outer, free: in.free}, 0))
	}
	if where[n] != "" && !g.in(3) {
		parts = append(parts, "("+where[n]+")")
	}
	return strings.Join(parts, " AND ")
}
