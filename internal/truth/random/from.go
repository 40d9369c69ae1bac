package random

import (
	"fmt"
	"slices"
	"strings"
)

// from makes a FROM clause, which may be empty, and the scope of its columns.
func (g *generator) from(outer *scope, depth int) (string, *scope) {
	sc := &scope{outer: outer, free: true}
	if g.in(12) {
		return "", sc
	}
	text, cols := g.item(outer, sc, depth)
	sc.cols = cols
	for range g.of(3) {
		g.budget--
		if g.budget <= 0 {
			break
		}
		text, sc = g.join(text, sc, outer, depth)
	}
	if g.in(8) {
		more, cols := g.item(outer, sc, depth)
		if !strings.HasPrefix(more, "LATERAL") || !strings.Contains(text, "RIGHT JOIN") && !strings.Contains(text, "FULL JOIN") {
			text += ", " + more
			sc.cols = append(sc.cols, cols...)
		}
	}
	return " FROM " + text, sc
}

// join adds one more item by a join.
func (g *generator) join(text string, sc *scope, outer *scope, depth int) (string, *scope) {
	kinds := []string{" JOIN ", " LEFT JOIN ", " LEFT JOIN ", " CROSS JOIN "}
	if g.has("rightjoin") {
		kinds = append(kinds, " RIGHT JOIN ")
	}
	if g.has("fulljoin") {
		kinds = append(kinds, " FULL JOIN ")
	}
	kind := pick(g.choice, kinds)
	sight := sc
	if kind == " RIGHT JOIN " || kind == " FULL JOIN " {
		sight = &scope{outer: outer, free: true} // nothing to the left may be referred to
	}
	right, cols := g.item(outer, sight, depth)
	both := &scope{outer: outer, free: true, cols: append(sc.cols[:len(sc.cols):len(sc.cols)], cols...)}
	if kind == " CROSS JOIN " {
		return text + kind + right, both
	}
	if g.in(6) {
		for _, c := range cols {
			if c.name != "" && once(sc.cols, c) && once(cols, c) {
				return text + kind + right + " USING (" + c.name + ")", both
			}
		}
	}
	if kind == " FULL JOIN " && !g.has("fulljoinany") {
		if on := g.meet(sc.cols, cols); on != "" {
			return text + kind + right + " ON " + on, both
		}
		return text + " CROSS JOIN " + right, both
	}
	on := ""
	switch g.of(6) {
	case 0, 1:
		on = g.foreign(sc.cols, cols)
	case 2, 3:
		on = g.meet(sc.cols, cols)
	case 4:
		on = pick(g.choice, []string{"true", "false"})
		if g.has("booleans") {
			break
		}
		on = pick(g.choice, []string{"1 = 1", "1 = 0"})
	}
	if on == "" {
		on = g.predicate(both, 1)
	} else if g.in(4) {
		on += " AND " + g.predicate(both, 1)
	}
	return text + kind + right + " ON " + on, both
}

// once tells whether exactly one of the columns has a column's name, and its sort.
func once(cols []column, c column) bool {
	n := 0
	for _, o := range cols {
		if o.name == c.name {
			n++
			if o.sort != c.sort {
				return false
			}
		}
	}
	return n == 1
}

// meet is an equation between two sides.
func (g *generator) meet(left, right []column) string {
	if len(left) == 0 {
		return ""
	}
	l := pick(g.choice, left)
	s := scope{cols: right}
	if rs := s.of(l.sort); len(rs) > 0 {
		return l.ref + " = " + pick(g.choice, rs).ref
	}
	return ""
}

// foreign is the equation of a foreign key between two sides.
func (g *generator) foreign(left, right []column) string {
	for _, pair := range [][2][]column{{left, right}, {right, left}} {
		for _, c := range pair[0] {
			if c.table == nil {
				continue
			}
			for _, fk := range c.table.foreign {
				if fk.columns[0] != c.name {
					continue
				}
				for _, to := range pair[1] {
					if to.table == fk.to && to.name == fk.refs[0] {
						return equations(c.ref, to.ref, fk)
					}
				}
			}
		}
	}
	return ""
}

func equations(from, to string, fk foreignKey) string {
	a, _, ok := strings.Cut(from, ".")
	b, _, ok2 := strings.Cut(to, ".")
	if !ok || !ok2 {
		return ""
	}
	var parts []string
	for i := range fk.columns {
		parts = append(parts, fmt.Sprintf("%s.%s = %s.%s", a, fk.columns[i], b, fk.refs[i]))
	}
	return strings.Join(parts, " AND ")
}

// item is one relation of FROM; sight are the columns that a lateral one may refer to.
func (g *generator) item(outer, sight *scope, depth int) (string, []column) {
	alias := g.name("a")
	switch g.of(10) {
	case 5, 6:
		if depth > 0 && g.budget > 0 {
			return g.derived(alias, outer, sight, depth-1)
		}
	case 7, 8:
		if len(g.ctes) > 0 {
			r := pick(g.choice, g.ctes)
			return r.name + " " + alias, scoped(alias, r.cols)
		}
	case 9:
		ofColumns := slices.ContainsFunc(sight.cols, func(c column) bool { return slices.Contains(g.lang.classes["closed"], c.sort) })
		if rules := g.lang.byResult[tableRule]; len(rules) > 0 && (!g.has("lateralfunctions") || ofColumns || g.in(4)) {
			return g.function(alias, sight)
		}
	case 4:
		if len(g.schema.views) > 0 {
			v := pick(g.choice, g.schema.views)
			for _, t := range v.reads {
				if g.read[t] && !g.in(3) {
					t := g.pickTable()
					return t.name + " " + alias, t.scoped(alias)
				}
			}
			g.reads(v.reads...)
			return v.name + " " + alias, scoped(alias, v.cols)
		}
	}
	t := g.pickTable()
	return t.name + " " + alias, t.scoped(alias)
}

// pickTable chooses a table, rather one that the statement does not read yet: what reads a
// table twice finds a row where it just had one.
func (g *generator) pickTable() *table {
	t := pick(g.choice, g.schema.tables)
	for range 4 {
		if g.read[t] {
			t = pick(g.choice, g.schema.tables)
		}
	}
	g.reads(t)
	return t
}

func (g *generator) reads(list ...*table) {
	if g.read == nil {
		g.read = map[*table]bool{}
	}
	for _, t := range list {
		g.read[t] = true
	}
}

func scoped(alias string, cols []column) []column {
	out := make([]column, len(cols))
	for i, c := range cols {
		out[i] = column{ref: alias + "." + c.name, name: c.name, sort: c.sort, table: c.table}
	}
	return out
}

func (g *generator) derived(alias string, outer, sight *scope, depth int) (string, []column) {
	lateral := ""
	in := &scope{outer: outer, free: true}
	if outer == nil || !g.has("correlatedderived") {
		in = &scope{free: true}
	}
	if g.has("lateral") && len(sight.cols) > 0 && g.in(2) {
		lateral, in = "LATERAL ", sight
	}
	text, cols := g.body(nil, in, depth, anyRows)
	if strings.HasPrefix(text, "VALUES") && !g.has("aliascolumns") || !distinctNames(cols) || g.has("aliascolumns") && g.in(3) {
		if !g.has("aliascolumns") {
			t := pick(g.choice, g.schema.tables)
			return t.name + " " + alias, t.scoped(alias)
		}
		names := make([]string, len(cols))
		for i := range cols {
			names[i] = fmt.Sprintf("d%d", i+1)
			cols[i].name = names[i]
		}
		return lateral + "(" + text + ") " + alias + " (" + strings.Join(names, ", ") + ")", scoped(alias, cols)
	}
	for i := range cols {
		cols[i].table = nil
	}
	return lateral + "(" + text + ") " + alias, scoped(alias, cols)
}

// function is a table function, whose rule's result is the sort of its column "v".
func (g *generator) function(alias string, sight *scope) (string, []column) {
	var sorts []*Sort
	for _, s := range g.lang.Sorts {
		if len(g.lang.byResult[tableRule][s]) > 0 {
			sorts = append(sorts, s)
		}
	}
	s := pick(g.choice, sorts)
	in := &scope{outer: sight.outer, free: true}
	if g.has("lateral") || g.has("lateralfunctions") {
		in.cols = sight.cols
	}
	text := g.apply(pick(g.choice, g.lang.byResult[tableRule][s]), in, 0)
	if !strings.Contains(text, " ~ ") {
		return text + " " + alias + " (v)", []column{{ref: alias + ".v", name: "v", sort: s}}
	}
	// The rule names its own column, and others with their sorts: text ~ column, column sort.
	text, list, _ := strings.Cut(text, " ~ ")
	var cols []column
	for _, one := range strings.Split(list, ", ") {
		name, other, _ := strings.Cut(one, " ")
		c := column{ref: alias + "." + name, name: name, sort: s}
		if other != "" {
			c.sort = g.lang.sorts[other]
		}
		cols = append(cols, c)
	}
	return text + " " + alias, cols
}
