package postgres

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/migrate/plan"
)

// families are the built-in types between which the server casts by itself when a value is stored, by the name that format_type gives
// without modifiers.
var families = map[string]string{
	"smallint": "number", "integer": "number", "bigint": "number", "numeric": "number", "real": "number", "double precision": "number",
	"text": "string", "character varying": "string", "character": "string", "name": "string", "\"char\"": "string",
	"date": "date", "timestamp without time zone": "date", "timestamp with time zone": "date",
	"time without time zone": "time", "time with time zone": "time",
	"bit": "bits", "bit varying": "bits", "json": "json", "jsonb": "json", "inet": "network", "cidr": "network", "macaddr": "mac", "macaddr8": "mac",
}

// explicit are the casts that are there when they are asked for.
var explicit = map[[2]string]bool{
	{"integer", "boolean"}: true, {"boolean", "integer"}: true, {"json", "jsonb"}: true, {"jsonb", "json"}: true,
	{"jsonb", "boolean"}: true, {"jsonb", "numeric"}: true, {"jsonb", "integer"}: true, {"jsonb", "bigint"}: true, {"jsonb", "smallint"}: true, {"jsonb", "real"}: true, {"jsonb", "double precision"}: true,
	{"money", "numeric"}: true, {"numeric", "money"}: true, {"integer", "money"}: true, {"bigint", "money"}: true,
	{"timestamp without time zone", "time without time zone"}: true, {"timestamp with time zone", "time without time zone"}: true, {"timestamp with time zone", "time with time zone"}: true,
	{"interval", "time without time zone"}: true, {"time without time zone", "interval"}: true,
	{"integer", "bit"}: true, {"bigint", "bit"}: true, {"bit", "integer"}: true, {"bit", "bigint"}: true, {"integer", "oid"}: true, {"bigint", "oid"}: true, {"oid", "bigint"}: true, {"oid", "integer"}: true,
}

var modifiers = regexp.MustCompile(`\([^)]*\)`)

// family is a type without modifiers and without [], and whether it is an array.
func family(t string) (name string, array bool) {
	name = strings.TrimSpace(strings.Join(strings.Fields(modifiers.ReplaceAllString(t, "")), " "))
	for strings.HasSuffix(name, "[]") {
		name, array = strings.TrimSuffix(name, "[]"), true
	}
	if strings.HasPrefix(t, `"`) || strings.Contains(t, `."`) {
		name = strings.TrimSuffix(t, "[]")
	}
	return name, array
}

// assignable tells whether the server turns stored values of one type into those of another by itself; it refuses those that do not fit.
func assignable(from, to string) bool {
	a, inA := family(from)
	b, inB := family(to)
	if inA != inB {
		return !inA && families[b] == "string" && !inB
	}
	if a == b {
		return true
	}
	if a == "time without time zone" && b == "interval" || families[b] == "string" && (!inB || families[a] == "string") {
		return true
	}
	return families[a] != "" && families[a] == families[b]
}

// comparable tells whether values of two types have an operator =, so that a foreign key may be between them.
func comparable(from, to string) bool {
	a, _ := family(from)
	b, _ := family(to)
	return a == b || families[a] != "" && families[a] == families[b]
}

// cast is the expression that turns a value of one type into another; "" where the server does it by itself or nobody knows how.
func cast(column, from, to string) (expr string, known bool) {
	if assignable(from, to) {
		return "", true
	}
	a, inA := family(from)
	b, inB := family(to)
	switch {
	case !inA && inB:
		element := strings.TrimSuffix(to, "[]")
		if e, ok := cast(column, from, element); ok {
			return "CASE WHEN " + column + " IS NOT NULL THEN ARRAY[" + or(e, column+"::"+element) + "] END", true
		}
	case families[a] == "string", inA && families[b] == "string", inA && inB && families[a] == "string":
		return column + "::" + to, true
	case explicit[[2]string{a, b}] && inA == inB:
		return column + "::" + to, true
	case families[a] == "number" && b == "boolean" && !inA:
		return column + " <> 0", true
	case a == "boolean" && families[b] == "number" && !inA:
		return column + "::integer::" + to, true
	case families[a] == "" && families[b] == "" && !builtin(a) && !builtin(b):
		return castThroughText(column, to, inA), true
	}
	return castThroughText(column, to, inA), false
}

func castThroughText(column, to string, array bool) string {
	if array {
		return column + "::text[]::" + to
	}
	return column + "::text::" + to
}

// builtin tells whether a name of a type looks like one of the server's own.
func builtin(name string) bool {
	switch name {
	case "boolean", "uuid", "bytea", "interval", "money", "xml", "oid", "point", "line", "lseg", "box", "path", "polygon", "circle", "tsvector", "tsquery":
		return true
	}
	return families[name] != ""
}

// retype changes the type of the column.
func (o *column) retype(d *differ, n *column) []plan.Step {
	p, q := o.c.Postgres, n.c.Postgres
	x := n.id()
	sql := d.alterTable(n.t) + "ALTER COLUMN " + d.quote(n.c.Name) + " TYPE " + q.Type
	if q.Collation != "" {
		sql += " COLLATE " + q.Collation
	}
	var out []plan.Step
	var losses []plan.Loss
	using := ""
	if o.c.Generated == "" && n.t.Postgres.Server == "" {
		expr, known := cast(d.quote(n.c.Name), p.Type, q.Type)
		if d.setAside(o) {
			expr, known = castThroughText(d.quote(n.c.Name), q.Type, strings.HasSuffix(p.Type, "[]")), true
			if regrouped, gone := o.regrouped(d); regrouped != "" {
				expr, losses = regrouped, gone
			}
		}
		if !known && d.mayHaveRows(n.t) {
			suggested := expr
			if answer := d.conversion(n, p.Type, q.Type, suggested); answer != "" {
				expr = answer
			}
		}
		using = expr
	}
	if using != "" {
		sql += " USING " + using
	}
	s := step(x, sql)
	s.Losses = losses
	if what := lossy(p.Type, q.Type); what != "" && d.mayHaveRows(n.t) && o.c.Generated == "" {
		s.Losses = []plan.Loss{{Object: plan.Object(x), What: what, Rows: true}}
	}
	return append(out, s)
}

// conversion asks how values become those of another type.
func (d *differ) conversion(o *column, from, to, suggested string) string {
	a, _ := family(from)
	b, _ := family(to)
	name := d.quote(o.c.Name)
	switch {
	case families[a] == "number" && families[b] == "date":
		suggested = "to_timestamp(" + name + ")"
	case families[a] == "date" && families[b] == "number":
		suggested = "extract(epoch FROM " + name + ")"
	}
	if d.o.Backfill != nil {
		if answer := d.o.Backfill(o.t.Schema, o.t.Name, o.c.Name, suggested); answer != "" {
			return answer
		}
	}
	d.plan.Questions = append(d.plan.Questions, plan.Question{
		Object: plan.Object(o.id()), Text: "how does a value of type " + from + " become one of type " + to + "? There is no cast", Suggested: suggested,
		Directive: "-- covet:backfill " + suggested,
	})
	return suggested
}

// lossy says what of values is lost by a cast that does not refuse them, "" for nothing.
func lossy(from, to string) string {
	a, _ := family(from)
	b, _ := family(to)
	order := map[string]int{"smallint": 1, "integer": 2, "bigint": 3, "numeric": 4, "double precision": 4, "real": 4}
	switch {
	case a == "jsonb" && b == "json":
		return ""
	case a == "json" && b == "jsonb":
		return "the order and the spelling of keys, and those that are there twice"
	case order[a] == 4 && order[b] > 0 && order[b] < 4:
		return "digits behind the point"
	case (a == "numeric" || a == "double precision" || a == "bigint" || a == "integer") && b == "real", a == "numeric" && b == "double precision", a == "bigint" && b == "double precision":
		return "digits"
	case b == "date" && strings.HasPrefix(a, "timestamp"), strings.HasPrefix(b, "time ") && strings.HasPrefix(a, "timestamp"):
		return "a part of the time"
	case a == "numeric" && b == "numeric" && scale(to) >= 0 && (scale(from) < 0 || scale(from) > scale(to)):
		return "digits behind the point"
	case strings.HasPrefix(a, "timestamp") && a == b && precision(to) < precision(from), strings.HasPrefix(a, "time ") && a == b && precision(to) < precision(from):
		return "a part of the seconds"
	}
	return ""
}

func scale(t string) int {
	m := modifiers.FindString(t)
	if m == "" {
		return -1
	}
	_, s, ok := strings.Cut(strings.Trim(m, "()"), ",")
	if !ok {
		return 0
	}
	n := 0
	for _, c := range s {
		if c >= '0' && c <= '9' {
			n = n*10 + int(c-'0')
		}
	}
	return n
}

func precision(t string) int {
	m := modifiers.FindString(t)
	if m == "" {
		return 6
	}
	return int(m[1] - '0')
}

func sortedKeys(list ...map[string]string) []string {
	all := map[string]bool{}
	for _, m := range list {
		for k := range m {
			all[k] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}
