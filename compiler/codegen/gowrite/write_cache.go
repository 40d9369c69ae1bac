package gowrite

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/covetsql/covetsql/compiler/codegen/gotype"
	"github.com/covetsql/covetsql/compiler/diag"
)

// keyed says how an argument becomes a part of a cache's key: x is the argument. A type that is not here, nor an enum, can't be told apart
// from others of its values, and is refused.
var keyed = map[string]string{
	"bool": "Bool(x)", "int16": "Int(int64(x))", "int32": "Int(int64(x))", "int64": "Int(x)", "float32": "Float(float64(x))", "float64": "Float(x)",
	"string": "String(x)", "[]byte": "Bytes(x)", "time.Time": "Time(x)",
	"sql.NullString": "Valid(x.Valid).String(x.String)", "sql.NullInt16": "Valid(x.Valid).Int(int64(x.Int16))", "sql.NullInt32": "Valid(x.Valid).Int(int64(x.Int32))",
	"sql.NullInt64": "Valid(x.Valid).Int(x.Int64)", "sql.NullFloat64": "Valid(x.Valid).Float(x.Float64)", "sql.NullBool": "Valid(x.Valid).Bool(x.Bool)",
	"sql.NullTime": "Valid(x.Valid).Time(x.Time)",
	"pgtype.Text":  "Valid(x.Valid).String(x.String)", "pgtype.Bool": "Valid(x.Valid).Bool(x.Bool)", "pgtype.Int2": "Valid(x.Valid).Int(int64(x.Int16))",
	"pgtype.Int4": "Valid(x.Valid).Int(int64(x.Int32))", "pgtype.Int8": "Valid(x.Valid).Int(x.Int64)", "pgtype.Float4": "Valid(x.Valid).Float(float64(x.Float32))",
	"pgtype.Float8": "Valid(x.Valid).Float(x.Float64)", "pgtype.UUID": "Valid(x.Valid).String(string(x.Bytes[:]))",
	"pgtype.Date": "Valid(x.Valid).Int(int64(x.InfinityModifier)).Time(x.Time)", "pgtype.Timestamp": "Valid(x.Valid).Int(int64(x.InfinityModifier)).Time(x.Time)",
	"pgtype.Timestamptz": "Valid(x.Valid).Int(int64(x.InfinityModifier)).Time(x.Time)",
}

// keyOf is how a value of a type becomes a part of a key; "" where it can't.
func (g *generator) keyOf(t gotype.Type) string {
	if k := keyed[t.Text]; k != "" && !t.JSON {
		return k
	}
	for _, e := range g.enums {
		switch t.Text {
		case e.name:
			return "String(string(x))"
		case "Null" + e.name:
			return "Valid(x.Valid).String(string(x." + e.name + "))"
		}
	}
	return ""
}

// planCache reads "-- cache: 30s" and "-- cache: 30s, stale 5m" of the queries.
func (g *generator) planCache() {
	for _, m := range g.methods {
		text := m.query.Facts.Cache
		if text == "" || !g.own {
			continue
		}
		var why string
		m.fresh, m.stale, why = readCache(text)
		q := m.query
		switch {
		case why != "":
		case !g.opts.Runtime:
			why = "needs the option runtime: true, whose handle keeps the rows"
		case q.Facts.Kind != "read":
			why = "is for queries that only read; this one writes"
		case q.Facts.Locks:
			why = "is not for queries that lock rows"
		case q.Facts.Unseen:
			why = "is not for queries that call functions of the schema's own, or read tables with row security: which tables those read is not known, so that a write of them would not be seen"
		case q.Command != "one" && q.Command != "maybe" && q.Command != "many":
			why = "is for :one, :maybe and :many"
		case m.slices || q.Page != nil || m.nesting != nil:
			why = "is not for queries with optional parts, lists, pages or nested rows"
		default:
			why = g.notKept(m)
		}
		if why != "" {
			d := diag.New(diag.OptionConflict, q.Span, "-- cache: %s", why)
			d.Query = q.Name
			g.diags.Add(d)
		}
	}
}

// readCache reads how long rows are kept.
func readCache(text string) (fresh, stale time.Duration, why string) {
	first, rest, more := strings.Cut(text, ",")
	fresh, err := time.ParseDuration(strings.TrimSpace(first))
	if err == nil && more {
		var word, d string
		if n, _ := fmt.Sscanf(rest, "%s %s", &word, &d); n != 2 || word != "stale" {
			err = fmt.Errorf("%q", rest)
		} else {
			stale, err = time.ParseDuration(d)
		}
	}
	if err != nil || fresh <= 0 || stale < 0 {
		return 0, 0, fmt.Sprintf("%q is no time: write -- cache: 30s, or -- cache: 30s, stale 5m", text)
	}
	return fresh, stale, ""
}

// notKept tells why a query's rows or arguments can't be kept; "" where they can. Rows that are kept are handed to many: what a caller
// could write through is none.
func (g *generator) notKept(m *method) string {
	for i := range m.query.Params {
		if t := g.typeOf(m, i); g.keyOf(t) == "" {
			return "the argument " + m.query.Params[i].Name + " is a " + t.Text + ", which is no part of a key"
		}
	}
	plain := func(t gotype.Type, name string) string {
		if g.keyOf(t) == "" || t.Text == "[]byte" {
			return "the column " + name + " is a " + t.Text + ", which several callers can't share"
		}
		return ""
	}
	if m.ret.pointer {
		return "is not for results that are pointers (emit_result_struct_pointers)"
	}
	if m.ret.fields == nil {
		return plain(m.ret.typ, m.query.Columns[0].Name)
	}
	for i := range m.ret.fields.fields {
		fl := &m.ret.fields.fields[i]
		if fl.missing {
			return "is not for embedded rows that may be missing"
		}
		for j := range fl.embed {
			if why := plain(fl.embed[j].typ, fl.embed[j].dbName); why != "" {
				return why
			}
		}
		if fl.embed == nil {
			if why := plain(fl.typ, fl.dbName); why != "" {
				return why
			}
		}
	}
	return ""
}

// readMethod is the method behind the one that looks into the cache.
func readMethod(m *method) string { return "read" + m.name }

// writeCached writes the body of a method that looks into the cache, and the head of the one that it calls.
func (g *generator) writeCached(f *goFile, m *method) {
	ctx := f.id(pathContext, "Context")
	form := map[string]string{"one": "One", "maybe": "Maybe", "many": "Many"}[m.query.Command]
	read := "q." + readMethod(m) + "(ctx" + g.passedOn(m) + ")"
	f.p("\tif q.direct == nil {")
	f.p("\t\treturn ", read)
	f.p("\t}")
	cache := f.id(pathRuntime+"cache", form)
	key := "cache.NewKey()"
	for i := range m.query.Params {
		key += "." + strings.ReplaceAll(g.keyOf(g.typeOf(m, i)), "x", "\x00")
		key = strings.ReplaceAll(key, "\x00", g.argumentOf(m, i))
	}
	f.p("\treturn ", cache, "(ctx, q.direct.Cache(), ", g.planName(m), ", ", key, ", func(ctx ", ctx, ") ", g.results(f, m), " {")
	f.p("\t\treturn ", read)
	f.p("\t})")
	f.p("}")
	f.p()
	f.p("func (q *Queries) ", readMethod(m), g.methodType(f, m), " {")
}

// cachePlan is the value of a plan's Cache.
func cachePlan(m *method) string {
	out := "plan.Cache{Fresh: " + strconv.FormatInt(int64(m.fresh), 10)
	if m.stale > 0 {
		out += ", Stale: " + strconv.FormatInt(int64(m.stale), 10)
	}
	return out + "}"
}
