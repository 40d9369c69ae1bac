package random

import (
	"fmt"
	"strings"
)

// statement makes a query of any kind: its text, without a header.
func (g *generator) statement() string {
	g.budget = 10 + g.of(50)
	if g.in(6) {
		return g.write()
	}
	text, _ := g.query(nil, &scope{free: true}, 1+g.of(3), true)
	return text
}

// write is an INSERT, UPDATE or DELETE.
func (g *generator) write() string {
	g.storing = true // values of a column's own sort
	t := pick(g.choice, g.schema.tables)
	sc := &scope{cols: t.scoped(t.name), free: true}
	kind := g.of(3)
	tail := ""
	if g.has("returning") || g.has([]string{"returninginsert", "returningupdate", "returningdelete"}[kind]) {
		tail = g.returning(t, sc)
	}
	switch kind {
	case 0:
		return g.insert(t) + tail
	case 1:
		var sets []string
		for _, c := range t.columns {
			if c.clause == "" && g.in(2) {
				sets = append(sets, c.name+" = "+g.expr(c.sort, sc, 1))
			}
		}
		if len(sets) == 0 {
			break
		}
		word := "UPDATE "
		if g.has("orconflict") && g.in(4) {
			word = pick(g.choice, []string{"UPDATE OR IGNORE ", "UPDATE OR REPLACE "})
		}
		if g.has("updatefrom") && g.in(3) {
			from, more := g.item(&scope{free: true}, &scope{}, 1)
			both := &scope{cols: append(sc.cols, more...), free: true}
			return word + t.name + " SET " + strings.Join(sets, ", ") + " FROM " + from + " WHERE " + g.predicate(both, 1) + g.returningOf(both, tail)
		}
		if g.has("updatejoin") && g.in(4) {
			text, both := g.join(t.name, sc, &scope{free: true}, 1)
			return "UPDATE " + text + " SET " + t.name + "." + strings.Join(sets, ", "+t.name+".") + g.where(both)
		}
		return word + t.name + " SET " + strings.Join(sets, ", ") + g.where(sc) + tail
	}
	if g.has("updatejoin") && g.in(6) {
		text, both := g.join(t.name, sc, &scope{free: true}, 1)
		return "DELETE " + t.name + " FROM " + text + g.where(both)
	}
	return "DELETE FROM " + t.name + g.where(sc) + tail
}

func (g *generator) where(sc *scope) string {
	if g.in(3) {
		return ""
	}
	return " WHERE " + g.predicate(sc, 1)
}

// returningOf takes the other tables' columns into RETURNING, where an engine lets it.
func (g *generator) returningOf(both *scope, tail string) string {
	if tail == "" || !g.has("returningfrom") {
		return tail
	}
	return " RETURNING " + pick(g.choice, both.cols).ref + " AS c1, " + g.expr(g.sort(), &scope{cols: both.cols}, 1) + " AS c2"
}

func (g *generator) returning(t *table, sc *scope) string {
	if g.in(4) {
		return " RETURNING *"
	}
	var items []string
	in := &scope{cols: sc.cols}
	if !g.has("returningqualified") {
		in = &scope{}
		for _, c := range t.columns {
			in.cols = append(in.cols, column{ref: c.name, name: c.name, sort: c.sort})
		}
	}
	for i, s := range g.sorts(1, 3) {
		items = append(items, g.expr(s, in, 1)+fmt.Sprintf(" AS c%d", i+1))
	}
	return " RETURNING " + strings.Join(items, ", ")
}

func (g *generator) insert(t *table) string {
	var names []string
	var sorts []*Sort
	for _, c := range t.columns {
		if strings.Contains(c.clause, "GENERATED") || c.generated() || c.clause != "" && g.in(2) || !c.notNull && g.in(3) {
			continue
		}
		names, sorts = append(names, c.name), append(sorts, c.sort)
	}
	if len(names) == 0 {
		return "INSERT INTO " + t.name + " (" + t.columns[0].name + ") VALUES (" + pick(g.choice, t.columns[0].sort.Literals) + ")"
	}
	source := ""
	if g.in(2) {
		var rows []string
		for range 1 + g.of(2) {
			var vs []string
			for _, s := range sorts {
				if g.in(2) {
					vs = append(vs, g.param())
					continue
				}
				vs = append(vs, g.expr(s, &scope{free: true}, 0))
			}
			rows = append(rows, "("+strings.Join(vs, ", ")+")")
		}
		source = "VALUES " + strings.Join(rows, ", ")
	} else {
		source, _ = g.core(sorts, &scope{free: true}, 1, false)
		if g.has("onconflict") && !strings.Contains(source, " WHERE ") && !strings.Contains(source, " GROUP BY ") { // SQLite reads ON CONFLICT as a join's condition
			source += " LIMIT 5"
		}
	}
	word := "INSERT INTO "
	if g.has("orconflict") && g.in(4) {
		word = pick(g.choice, []string{"INSERT OR IGNORE INTO ", "INSERT OR REPLACE INTO ", "REPLACE INTO ", "INSERT OR ABORT INTO "})
	}
	text := word + t.name + " (" + strings.Join(names, ", ") + ") " + source
	switch {
	case g.has("onconflict") && len(t.keys) > 0 && g.in(3):
		key := " (" + strings.Join(pick(g.choice, t.keys), ", ") + ")"
		if g.in(2) {
			return text + " ON CONFLICT" + pick(g.choice, []string{key, key, ""}) + " DO NOTHING"
		}
		c := pick(g.choice, t.columns)
		if c.clause == "" {
			text += " ON CONFLICT" + key + " DO UPDATE SET " + c.name + " = "
			both := &scope{cols: append(t.scoped("excluded"), t.scoped(t.name)...), free: true}
			if g.in(2) {
				return text + "excluded." + c.name
			}
			text += g.expr(c.sort, both, 1)
			if g.in(3) {
				text += " WHERE " + g.predicate(both, 1)
			}
			return text
		}
	case g.has("onduplicate") && g.in(3):
		if c := pick(g.choice, t.columns); c.clause == "" {
			return text + " ON DUPLICATE KEY UPDATE " + c.name + " = VALUES(" + c.name + ")"
		}
	}
	return text
}
