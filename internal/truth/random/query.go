package random

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// rowsWanted is how many rows the place of a query takes.
type rowsWanted int

const (
	anyRows rowsWanted = iota
	oneRow
	// noLimit is any number of rows without a LIMIT, which MySQL has not under IN.
	noLimit
)

// relation is what FROM can name: a table, a view, a common table expression.
type relation struct {
	name  string
	cols  []column // by name; ref is not set
	table *table
	reads []*table // of a view
}

// query is a SELECT with its common table expressions. Its columns are of the wanted sorts, of
// any where want is nil.
func (g *generator) query(want []*Sort, outer *scope, depth int, top bool) (string, []column) {
	known := len(g.ctes)
	defer func() { g.ctes = g.ctes[:known] }()
	var with []string
	recursive := ""
	for depth > 0 && g.in(4) && len(with) < 2 {
		text, isRecursive := g.cte(outer, depth-1)
		with = append(with, text)
		if isRecursive {
			recursive = "RECURSIVE "
		}
	}
	text, cols := g.body(want, outer, depth, anyRows, top)
	if g.has("usedctes") {
		with = used(with, text)
	}
	if len(with) > 0 {
		text = "WITH " + recursive + strings.Join(with, ", ") + " " + text
	}
	return text, cols
}

// used are the common table expressions that a query rests on: some engines look at no others.
func used(with []string, text string) []string {
	var out []string
	for _, w := range slices.Backward(with) {
		name, _, _ := strings.Cut(w, " ")
		if regexp.MustCompile(`\b` + name + `\b`).MatchString(text) {
			out, text = append(out, w), text+w
		}
	}
	slices.Reverse(out)
	return out
}

// grouped is the scope of an aggregate's arguments over rows.
func (g *generator) grouped(rows *scope) *scope {
	in := &scope{cols: rows.cols, outer: rows.outer, free: rows.free}
	if g.has("ownaggregates") { // one over the columns of a query around would be that query's
		in.outer = nil
	}
	return in
}

func (g *generator) cte(outer *scope, depth int) (text string, recursive bool) {
	name := g.name("w")
	if g.in(3) {
		text, cols := g.recursive(name, depth)
		g.ctes = append(g.ctes, &relation{name: name, cols: cols})
		return text, true
	}
	text, cols := g.body(nil, &scope{free: true}, depth, anyRows)
	names := make([]string, len(cols))
	list := ""
	if g.in(3) || !distinctNames(cols) {
		for i := range cols {
			cols[i].name = fmt.Sprintf("x%d", i+1)
			names[i] = cols[i].name
		}
		list = " (" + strings.Join(names, ", ") + ")"
	}
	for i := range cols {
		cols[i].table = nil
	}
	g.ctes = append(g.ctes, &relation{name: name, cols: cols})
	return name + list + " AS (" + text + ")", false
}

func distinctNames(cols []column) bool {
	seen := map[string]bool{}
	for _, c := range cols {
		if c.name == "" || seen[c.name] {
			return false
		}
		seen[c.name] = true
	}
	return true
}

// recursive is a recursive common table expression that counts to three and carries one more
// column along.
func (g *generator) recursive(name string, depth int) (string, []column) {
	n, s := g.lang.sorts[g.lang.classes["count"][0].Name], g.sort()
	cols := []column{{name: "n", sort: n}, {name: "x", sort: s}}
	first := &scope{free: true}
	from, anchor := "", fmt.Sprintf("SELECT %s, %s", "CAST(1 AS "+n.Cast+")", "CAST("+g.expr(s, first, 1)+" AS "+s.Cast+")")
	if g.in(2) {
		from, first = g.from(&scope{free: true}, 0)
		anchor = fmt.Sprintf("SELECT CAST(1 AS %s), CAST(%s AS %s)%s", n.Cast, g.expr(s, first, 1), s.Cast, from)
	}
	step := &scope{free: false, cols: []column{{ref: name + ".n", name: "n", sort: n}, {ref: name + ".x", name: "x", sort: s}}}
	from = name
	if g.in(2) {
		t := pick(g.choice, g.schema.tables)
		alias := g.name("a")
		from += pick(g.choice, []string{" JOIN ", " LEFT JOIN "}) + t.name + " " + alias + " ON "
		step.cols = append(step.cols, t.scoped(alias)...)
		from += g.predicate(step, 1)
	}
	return fmt.Sprintf("%s (n, x) AS (%s %s SELECT CAST(%s.n + 1 AS %s), CAST(%s AS %s) FROM %s WHERE %s.n < 3)",
		name, anchor, pick(g.choice, []string{"UNION", "UNION ALL"}), name, n.Cast, g.expr(s, step, 1), s.Cast, from, name), cols
}

// body is a query without WITH.
func (g *generator) body(want []*Sort, outer *scope, depth int, rows rowsWanted, top ...bool) (string, []column) {
	g.budget--
	if rows == oneRow {
		return g.one(want, outer, depth)
	}
	if depth > 0 && g.in(7) {
		if want == nil {
			want = g.sorts(1, 3)
		}
		text, cols := g.core(want, outer, depth-1, false)
		for range 1 + g.of(2) {
			ops := []string{"UNION", "UNION ALL", "INTERSECT", "EXCEPT"}
			if g.has("intersectall") {
				ops = append(ops, "INTERSECT ALL", "EXCEPT ALL")
			}
			op := pick(g.choice, ops)
			right, _ := g.core(want, outer, depth-1, false)
			text += " " + op + " " + right
		}
		for i := range cols {
			cols[i].table = nil
		}
		if g.in(4) {
			text += " ORDER BY 1"
		}
		if rows != noLimit {
			tail := g.limit(outer)
			if strings.Contains(tail, "OFFSET") { // the first row of what was sorted is the one of NULL
				tail = " LIMIT 3"
			}
			text += tail
		}
		return text, cols
	}
	if depth > 0 && want != nil && g.in(12) && g.has("values") {
		return g.values(want, outer)
	}
	text, cols := g.core(want, outer, depth, len(top) > 0 && top[0])
	if rows != noLimit && g.in(4) {
		if g.in(2) && !strings.HasPrefix(text, "SELECT DISTINCT ON") {
			text += " ORDER BY 1"
		}
		text += g.limit(outer)
	}
	return text, cols
}

func (g *generator) limit(outer *scope) string {
	limits := []string{"", " LIMIT 3", " LIMIT 1", " LIMIT 1", " LIMIT 0", " LIMIT 1 OFFSET 1"}
	if g.has("fetch") {
		limits = append(limits, " FETCH FIRST ROW ONLY", " LIMIT NULL")
	}
	if !g.noParams && outer.free {
		limits = append(limits, " LIMIT "+g.param())
	}
	return pick(g.choice, limits)
}

// one is a query of at most one row: an aggregate's, or one of LIMIT 1.
func (g *generator) one(want []*Sort, outer *scope, depth int) (string, []column) {
	if g.in(2) || g.lang.byResult[aggregateRule][want[0]] == nil {
		text, cols := g.core(want, outer, depth, false)
		if !strings.Contains(text, "DISTINCT ON") {
			text += " ORDER BY 1"
		}
		return text + " LIMIT 1", cols
	}
	from, sc := g.from(outer, depth-1)
	inside := &scope{outer: outer, rows: g.grouped(sc), free: true}
	text, _ := g.aggregate(want[0], inside, depth)
	if g.in(3) {
		text = g.expr(want[0], inside, 1)
	}
	if from != "" && g.in(2) {
		from += " WHERE " + g.predicate(sc, depth)
	}
	having := ""
	if from != "" && g.in(8) {
		having = " HAVING " + g.predicate(inside, 1)
	}
	return "SELECT " + text + " AS c1" + from + having + " LIMIT 1", []column{{name: "c1", sort: want[0]}}
}

func (g *generator) values(want []*Sort, outer *scope) (string, []column) {
	word := "("
	if g.has("valuesrow") {
		word = "ROW("
	}
	var rows []string
	for range 1 + g.of(3) {
		var vs []string
		for _, s := range want {
			vs = append(vs, g.cast(s, g.leaf(s, &scope{outer: outer, free: true})))
		}
		rows = append(rows, word+strings.Join(vs, ", ")+")")
	}
	var cols []column
	for i, s := range want {
		name := fmt.Sprintf("column%d", i+1)
		if g.has("valuesrow") {
			name = fmt.Sprintf("column_%d", i)
		}
		cols = append(cols, column{name: name, sort: s})
	}
	return "VALUES " + strings.Join(rows, ", "), cols
}

// cast writes a value as its sort, where a literal alone could be another.
func (g *generator) cast(s *Sort, text string) string {
	if strings.HasPrefix(text, "CAST(") {
		return text
	}
	return "CAST(" + text + " AS " + s.Cast + ")"
}

// core is one SELECT without what stands behind set operations.
func (g *generator) core(want []*Sort, outer *scope, depth int, top bool) (string, []column) {
	from, sc := g.from(outer, depth)
	where := ""
	if from != "" && g.in(2) {
		where = " WHERE " + g.predicate(sc, depth)
	}
	sc.windows = from != ""
	grouped := ""
	distinct := ""
	if from != "" && g.in(4) {
		grouped, sc = g.group(sc)
		if g.in(4) {
			grouped += " HAVING " + g.predicate(&scope{cols: sc.cols, outer: sc.outer, rows: sc.rows, free: sc.free}, 1)
		}
	} else if g.in(10) {
		distinct = "DISTINCT "
	}
	if want == nil && grouped == "" && g.in(4) && len(sc.cols) > 0 && (top || distinctNames(sc.cols)) {
		return "SELECT " + distinct + "*" + from + where, starred(sc.cols)
	}
	sorts := want
	if sorts == nil {
		for range 1 + g.of(4) {
			sorts = append(sorts, g.near(g.lang.classes["any"], sc))
		}
	}
	var items []string
	var cols []column
	for i, s := range sorts {
		text, name := g.expr(s, sc, depth+1), fmt.Sprintf("c%d", i+1)
		c := column{name: name, sort: s}
		switch simple := sc.find(text); {
		case top && g.in(4), g.has("barenull") && text == "NULL":
			c.name = ""
		case simple != nil && simple.name != "" && g.in(3) && !named(cols, simple.name):
			c.name = simple.name
		default:
			text += " AS " + name
		}
		items, cols = append(items, text), append(cols, c)
	}
	// Queries that people write show columns for the most part.
	for n := range g.of(7) {
		if !top || want != nil || grouped != "" || len(sc.cols) == 0 {
			break
		}
		c, name := pick(g.choice, sc.cols), fmt.Sprintf("k%d", n+1)
		items, cols = append(items, c.ref+" AS "+name), append(cols, column{name: name, sort: c.sort})
	}
	tail := ""
	if distinct != "" && g.has("distincton") && len(sc.cols) > 0 && g.in(2) {
		key := pick(g.choice, sc.cols).ref
		distinct, tail = "DISTINCT ON ("+key+") ", ""
	}
	return "SELECT " + distinct + strings.Join(items, ", ") + from + where + grouped + tail, cols
}

func named(cols []column, name string) bool {
	for _, c := range cols {
		if c.name == name {
			return true
		}
	}
	return false
}

func starred(cols []column) []column {
	out := make([]column, len(cols))
	for i, c := range cols {
		out[i] = column{name: c.name, sort: c.sort}
	}
	return out
}

func (s *scope) find(ref string) *column {
	for i := range s.cols {
		if s.cols[i].ref == ref {
			return &s.cols[i]
		}
	}
	return nil
}

// group makes GROUP BY, and the scope of what is grouped.
func (g *generator) group(rows *scope) (string, *scope) {
	inside := g.grouped(rows)
	out := &scope{outer: rows.outer, rows: inside, windows: true, free: true}
	var keys []string
	for range g.of(3) {
		if len(rows.cols) == 0 {
			break
		}
		c := pick(g.choice, rows.cols)
		key := c
		if g.in(4) {
			s := g.sort()
			key = column{ref: g.expr(s, &scope{cols: rows.cols}, 1), sort: s}
			if !slices.ContainsFunc(rows.cols, func(c column) bool { return strings.Contains(key.ref, c.ref) }) { // a constant, or a position
				continue
			}
		}
		if out.find(key.ref) == nil {
			keys, out.cols = append(keys, key.ref), append(out.cols, key)
		}
	}
	switch {
	case len(keys) == 0:
		if g.has("groupempty") && g.in(3) {
			return " GROUP BY ()", out
		}
		if g.has("loosegroup") && g.in(3) {
			out.cols = rows.cols
		}
		return "", out
	case g.has("groupingsets") && g.in(4):
		return pick(g.choice, []string{
			" GROUP BY ROLLUP (" + strings.Join(keys, ", ") + ")",
			" GROUP BY CUBE (" + strings.Join(keys, ", ") + ")",
			" GROUP BY GROUPING SETS ((" + strings.Join(keys, "), (") + "))",
			" GROUP BY GROUPING SETS ((" + strings.Join(keys, ", ") + "), ())",
			" GROUP BY " + keys[0] + ", ROLLUP (" + strings.Join(keys, ", ") + ")",
		}), out
	case g.has("withrollup") && g.in(4):
		return " GROUP BY " + strings.Join(keys, ", ") + " WITH ROLLUP", out
	}
	// Where an engine lets any column stand beside the keys, it is that of some row.
	if g.has("loosegroup") && g.in(3) {
		for _, c := range rows.cols {
			if out.find(c.ref) == nil {
				out.cols = append(out.cols, c)
			}
		}
	}
	// Grouped by a table's primary key, its other columns are known too.
	if g.has("dependent") {
		for _, c := range out.cols {
			if c.table != nil && len(c.table.primary) == 1 && c.name == c.table.primary[0] {
				alias, _, _ := strings.Cut(c.ref, ".")
				for _, other := range c.table.scoped(alias) {
					if out.find(other.ref) == nil && rows.find(other.ref) != nil {
						out.cols = append(out.cols, other)
					}
				}
				break
			}
		}
	}
	return " GROUP BY " + strings.Join(keys, ", "), out
}
