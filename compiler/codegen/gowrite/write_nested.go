package gowrite

import (
	"strconv"
	"strings"
)

// nestWriter writes the body of a method that puts rows together.
type nestWriter struct {
	*generator
	*nesting
	f *goFile
	m *method
	// stream tells that the rows of a parent follow each other, and none of before is looked for.
	stream  bool
	mapType map[*level]string
	failed  string // the statements that leave the loop over rows with err
}

// writeNested writes the body of a method whose query nests. Rows are scanned into the same variables, one after the
// other; a parent is made of the first row of its key, and what it holds is found in each.
func (g *generator) writeNested(f *goFile, m *method) {
	w := &nestWriter{g, m.nesting, f, m, m.nesting.Together, map[*level]string{}, ""}
	switch m.query.Command {
	case "many":
		w.writeMany()
	case "iter":
		w.writeIter()
	default:
		w.writeOne()
	}
}

// query writes the call; failed is the statement that leaves the method with err.
func (w *nestWriter) query(indent, failed string) {
	w.f.p(indent, "rows, err := ", w.call(w.m, "Query", "QueryContext", "query"), w.callArgs(w.f, w.m, indent))
	w.ifErr(indent, "err != nil", failed)
	if w.own && !w.target.IsPGX() && w.m.query.Command != "iter" {
		w.failed = "rows.Close()\n" + failed // as in writeMany
		return
	}
	w.failed = failed
	w.f.p(indent, "defer rows.Close()")
}

func (w *nestWriter) ifErr(indent, cond, failed string) {
	w.f.p(indent, "if ", cond, " {")
	for l := range strings.SplitSeq(failed, "\n") {
		w.f.p(indent, "\t", l)
	}
	w.f.p(indent, "}")
}

// declare declares what rows are scanned into, and the maps that find what was there before.
func (w *nestWriter) declare(indent string) {
	f, m := w.f, w.m
	for _, l := range w.levels {
		if !l.several() {
			continue
		}
		index := "int"
		if len(l.children) == 0 {
			index = "struct{}"
		}
		w.mapType[l] = "map[" + w.keyType(indent, "key"+l.id, l.key, len(w.path(l))) + "]" + index
		f.p(indent, "at", l.id, " := ", w.mapType[l], "{}")
	}
	f.p(indent, "var i ", m.ret.fields.name)
	w.writeMaybes(f, m, indent, true)
	for _, l := range w.levels {
		if l.direct() {
			f.p(indent, "var ", l.variable(), " ", l.elem)
		} else {
			declareScanned(f, indent, l.variable()+", no"+l.id, l.fields, l.scanned)
		}
	}
	f.p(indent, "into := []interface{}{", list("", w.into(), indent), "}")
}

// keyType is the type of a map's key, which is declared where it has several parts: more indexes and those of key.
func (w *nestWriter) keyType(indent, name string, key []keyPart, more int) string {
	if len(key)+more == 1 {
		if more == 1 {
			return "int"
		}
		return w.f.typ(key[0].typ)
	}
	w.f.p(indent, "type ", name, " struct {")
	var rows []row
	for n := range more {
		rows = append(rows, row{cells: []string{"n" + strconv.Itoa(n+1), "int"}})
	}
	for n := range key {
		rows = append(rows, row{cells: []string{"k" + strconv.Itoa(n+1), w.f.typ(key[n].typ)}})
	}
	w.f.indented(indent, func() { w.f.block(rows) })
	w.f.p(indent, "}")
	return name
}

// path are the variables with the places of what holds a level, as far as these are not settled.
func (w *nestWriter) path(l *level) (out []string) {
	for h := l.in; h != nil; h = h.in {
		if h.many() {
			out = append([]string{"n" + h.id}, out...)
		}
	}
	if !w.stream {
		out = append([]string{"n"}, out...)
	}
	return out
}

// keyOf is the expression of a key.
func (w *nestWriter) keyOf(name string, key []keyPart, more []string) string {
	parts := append([]string{}, more...)
	for i := range key {
		parts = append(parts, w.part(&key[i], "i"))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return name + "{" + strings.Join(parts, ", ") + "}"
}

func (w *nestWriter) part(p *keyPart, base string) string {
	x := w.value(w.m, p.cell, base)
	if strings.HasPrefix(x, "*") && p.after != "" && p.before == "" {
		x = "(" + x + ")"
	}
	return p.before + x + p.after
}

// scan writes the scan of a row.
func (w *nestWriter) scan(indent string) {
	f, m := w.f, w.m
	w.writeCleared(f, m, indent)
	for _, l := range w.levels {
		if l.direct() {
			f.p(indent, l.variable(), " = ", l.elem, "{}")
		} else {
			f.p(indent, l.variable(), " = no", l.id)
		}
	}
	f.p(indent, "if err := rows.Scan(into...); err != nil {")
	for l := range strings.SplitSeq(w.failed, "\n") {
		f.p(indent, "\t", l)
	}
	f.p(indent, "}")
}

// into are the expressions that a row is scanned into.
func (w *nestWriter) into() (out []string) {
	for _, p := range w.cols {
		if p.level == nil {
			fl := &w.m.ret.fields.fields[p.field]
			to := "i." + fl.name
			for j := range fl.embed {
				e := &fl.embed[j]
				if fl.missing {
					out = append(out, w.wrap(w.f, "&"+fl.maybe()+"."+e.name, fl.scanned[j].typ, e.column))
				} else {
					out = append(out, w.wrap(w.f, "&"+to+"."+e.name, e.typ, e.column))
				}
			}
			if fl.embed == nil {
				out = append(out, w.wrap(w.f, "&"+to, fl.typ, fl.column))
			}
			continue
		}
		l := p.level
		to := "&" + l.variable()
		if l.direct() {
			to += l.inner()
		}
		one := func(i int) {
			e, typ := &l.fields[i], l.fields[i].typ
			if !l.direct() {
				typ = l.scanned[i].typ
			}
			out = append(out, w.wrap(w.f, to+"."+e.name, typ, e.column))
		}
		if len(l.Columns) == 1 && w.m.query.Columns[l.Columns[0]].Embed != nil {
			for j := range l.fields {
				one(j)
			}
		} else {
			one(p.field)
		}
	}
	return out
}

// fresh writes what is in a struct of a parent or a nest that is new, beside its columns.
func (w *nestWriter) fresh(indent, to string, children func(*level) bool) {
	for _, c := range w.levels {
		if !children(c) {
			continue
		}
		switch {
		case c.many() && w.opts.EmitEmptySlices:
			w.f.p(indent, to, ".", c.name, " = []", c.elem, "{}")
		case c.Form == "one":
			w.f.p(indent, to, ".", c.name, " = ", w.made(c, indent))
		}
	}
}

// made is an expression for a nest's struct, for which statements may come first.
func (w *nestWriter) made(l *level, indent string) string {
	name := "row" + l.id
	if !l.direct() {
		pairs, later := split(l.variable(), l.fields, l.scanned)
		typ, in := l.elem, indent
		if l.model != "" {
			w.f.p(indent, "var ", name, " ", l.elem)
			w.f.p(indent, name, ".", l.model, " = ", l.model, "{")
		} else {
			w.f.p(in, name, " := ", typ, "{")
		}
		w.f.keyValues(indent+"\t", pairs)
		w.f.p(indent, "}")
		writeLater(w.f, indent, name+l.inner(), l.variable(), l.fields, later)
	}
	w.fresh(indent, name, func(c *level) bool { return c.in == l })
	return name
}

// put writes a nest's struct into its field where its columns are all that is in it; false where they are not.
func (w *nestWriter) put(l *level, field, indent string) bool {
	if l.direct() || l.model != "" {
		return false
	}
	for _, c := range l.children {
		if c.Form == "one" || c.many() && w.opts.EmitEmptySlices {
			return false
		}
	}
	pairs, later := split(l.variable(), l.fields, l.scanned)
	if len(later) > 0 || len(pairs) == 0 {
		return false
	}
	open, end := field+" = append("+field+", "+l.elem+"{", "})"
	if l.Form == "maybe" {
		open, end = field+" = &"+l.elem+"{", "}"
	}
	w.f.p(indent, open)
	w.f.keyValues(indent+"\t", pairs)
	w.f.p(indent, end)
	return true
}

// parent writes what a new parent has of its own.
func (w *nestWriter) parent(indent string) {
	w.writeFound(w.f, w.m, indent)
	w.fresh(indent, "i", func(c *level) bool { return c.in == nil })
	if w.stream {
		w.forget(indent)
	}
}

// forget clears the maps of what the last parent held.
func (w *nestWriter) forget(indent string) {
	if w.Single {
		return
	}
	for _, l := range w.levels {
		switch {
		case !l.several():
		case w.strict:
			w.f.p(indent, "clear(at", l.id, ")")
		default: // a query called Clear has a constant of that name, as with sqlc
			w.f.p(indent, "at", l.id, " = ", w.mapType[l], "{}")
		}
	}
}

// places tells whether anything is put into holders that are there: all but :one, which comes with its holder.
func (w *nestWriter) places(of *level) bool {
	for _, l := range w.levels {
		if l.in == of && (l.Form != "one" || w.places(l)) {
			return true
		}
	}
	return false
}

// fill puts what a row has of the nests in a holder where it belongs. in is what holds them, nil for the parent;
// holder is its expression.
func (w *nestWriter) fill(in *level, holder, indent string) {
	f := w.f
	for _, l := range w.levels {
		if l.in != in || l.Form == "one" && !w.places(l) {
			continue
		}
		field := holder + "." + l.name
		inside := w.places(l)
		if l.Form == "one" {
			f.p(indent, "in", l.id, " := &", field)
			w.fill(l, "in"+l.id, indent)
			continue
		}
		// New is the condition under which the row is one that the holder has not yet.
		var conds []string
		if !l.Always {
			p := w.cols[l.Present.Column]
			i := p.field
			if l.Present.In >= 0 {
				i = l.Present.In
			}
			conds = append(conds, l.variable()+"."+l.fields[i].name+l.scanned[i].there)
		}
		isNew := ""
		switch {
		case l.Form == "maybe":
			isNew = field + " == nil"
		case l.Repeats && len(l.key) == 0:
			isNew = "len(" + field + ") == 0"
		}
		depth := indent
		open := func(cond string) {
			f.p(depth, "if ", cond, " {")
			depth += "\t"
		}
		if isNew != "" && !inside {
			conds = append(conds, isNew)
		}
		if len(conds) > 0 {
			open(strings.Join(conds, " && "))
		}
		key := w.keyOf("key"+l.id, l.key, w.path(l))
		put := func() {
			if w.put(l, field, depth) {
				return
			}
			if l.Form == "maybe" {
				name := w.made(l, depth)
				if l.direct() { // the variable is scanned into again
					f.p(depth, "new", l.id, " := ", name)
					name = "new" + l.id
				}
				f.p(depth, field, " = &", name)
				return
			}
			f.p(depth, field, " = append(", field, ", ", w.made(l, depth), ")")
		}
		switch {
		case l.several() && len(l.children) == 0:
			open("_, ok := at" + l.id + "[" + key + "]; !ok")
			f.p(depth, "at", l.id, "[", key, "] = struct{}{}")
			put()
			depth = depth[1:]
			f.p(depth, "}")
		case l.several():
			if strings.HasPrefix(key, "key") {
				f.p(depth, "k", l.id, " := ", key)
				key = "k" + l.id
			}
			f.p(depth, "n", l.id, ", ok := at", l.id, "[", key, "]")
			open("!ok")
			f.p(depth, "n", l.id, " = len(", field, ")")
			f.p(depth, "at", l.id, "[", key, "] = n", l.id)
			put()
			depth = depth[1:]
			f.p(depth, "}")
		case isNew != "" && inside:
			open(isNew)
			put()
			depth = depth[1:]
			f.p(depth, "}")
		default:
			put()
		}
		if inside {
			if l.Form == "maybe" {
				w.fill(l, field, depth)
			} else {
				if !l.several() && w.indexed(l) {
					f.p(depth, "n", l.id, " := len(", field, ") - 1")
				}
				at := "n" + l.id
				if !l.several() && !w.indexed(l) {
					at = "len(" + field + ")-1"
				}
				f.p(depth, "in", l.id, " := &", field, "[", at, "]")
				w.fill(l, "in"+l.id, depth)
			}
		}
		if len(conds) > 0 {
			f.p(indent, "}")
		}
	}
}

// indexed tells whether what a level holds is found by the level's place.
func (w *nestWriter) indexed(l *level) bool {
	for _, c := range w.levels {
		for h := c.in; h != nil; h = h.in {
			if h == l && c.several() {
				return true
			}
		}
	}
	return false
}

// changed is the condition that a row is another parent's than the one before, whose expression is last.
func (w *nestWriter) changed(last string) string {
	var out []string
	for i := range w.key {
		out = append(out, w.part(&w.key[i], last)+" != "+w.part(&w.key[i], "i"))
	}
	return strings.Join(out, " || ")
}

func (w *nestWriter) end(indent, failed string) {
	if !w.target.IsPGX() {
		w.ifErr(indent, "err := rows.Close(); err != nil", failed)
	}
	w.ifErr(indent, "err := rows.Err(); err != nil", failed)
}

func (w *nestWriter) writeMany() {
	f, m := w.f, w.m
	failed := "return nil, " + w.wrapped(f, m)
	w.query("\t", failed)
	f.p("\t", w.items(f, m))
	if !w.stream {
		f.p("\tat := map[", w.keyType("\t", "keyRow", w.key, 0), "]int{}")
	}
	w.declare("\t")
	f.p("\tfor rows.Next() {")
	w.scan("\t\t")
	add := func() {
		w.parent("\t\t\t")
		if m.ret.pointer {
			f.p("\t\t\trow := i")
			f.p("\t\t\titems = append(items, &row)")
			return
		}
		f.p("\t\t\titems = append(items, i)")
	}
	last := "len(items)-1"
	switch {
	case !w.stream:
		key := w.keyOf("keyRow", w.key, nil)
		if len(w.key) > 1 {
			f.p("\t\tkey := ", key)
			key = "key"
		}
		f.p("\t\tn, ok := at[", key, "]")
		f.p("\t\tif !ok {")
		f.p("\t\t\tn = len(items)")
		f.p("\t\t\tat[", key, "] = n")
		last = "n"
	case len(w.key) == 0:
		f.p("\t\tif len(items) == 0 {")
	default:
		f.p("\t\tif n := len(items); n == 0 || ", w.changed("items[n-1]"), " {")
	}
	add()
	f.p("\t\t}")
	if w.places(nil) {
		item := "&items[" + last + "]"
		if m.ret.pointer {
			item = item[1:]
		}
		f.p("\t\titem := ", item)
		w.fill(nil, "item", "\t\t")
	}
	f.p("\t}")
	w.end("\t", failed)
	f.p("\treturn items, nil")
}

// writeOne writes :one and :maybe: there is one parent at most, with all of its rows.
func (w *nestWriter) writeOne() {
	f, m := w.f, w.m
	maybe := m.query.Command == "maybe"
	none := m.ret.fields.name + "{}"
	if maybe || m.ret.pointer {
		none = "nil"
	}
	failed := "return " + none + ", " + w.wrapped(f, m)
	w.query("\t", failed)
	f.p("\tvar item ", m.ret.fields.name)
	f.p("\tfound := false")
	w.declare("\t")
	f.p("\tfor rows.Next() {")
	w.scan("\t\t")
	f.p("\t\tif !found {")
	w.parent("\t\t\t")
	f.p("\t\t\titem, found = i, true")
	f.p("\t\t}")
	w.fill(nil, "item", "\t\t")
	f.p("\t}")
	w.end("\t", failed)
	f.p("\tif !found {")
	if maybe {
		f.p("\t\treturn nil, nil")
	} else {
		noRows := pathSQL
		if w.target.IsPGX() {
			noRows, _ = w.pgx()
		}
		err := f.id(noRows, "ErrNoRows")
		if w.opts.WrapErrors {
			err = f.id(pathFmt, "Errorf") + `("query ` + m.name + `: %w", ` + err + ")"
		}
		f.p("\t\treturn ", none, ", ", err)
	}
	f.p("\t}")
	if maybe || m.ret.pointer {
		f.p("\treturn &item, nil")
	} else {
		f.p("\treturn item, nil")
	}
}

// writeIter writes :iter: a parent is yielded when the next one begins, or the rows end.
func (w *nestWriter) writeIter() {
	f, m := w.f, w.m
	typ := f.typ(m.ret.goType())
	failed := "yield(zero, " + w.wrapped(f, m) + ")\nreturn"
	f.p("\treturn func(yield func(", typ, ", error) bool) {")
	f.p("\t\tvar zero ", typ)
	w.query("\t\t", failed)
	f.p("\t\tvar item ", typ)
	f.p("\t\tfound := false")
	w.declare("\t\t")
	f.p("\t\tfor rows.Next() {")
	w.scan("\t\t\t")
	cond := "!found"
	if len(w.key) > 0 {
		cond += " || " + w.changed("item")
	}
	f.p("\t\t\tif ", cond, " {")
	if len(w.key) > 0 {
		f.p("\t\t\t\tif found && !yield(item, nil) {")
		f.p("\t\t\t\t\treturn")
		f.p("\t\t\t\t}")
	}
	w.parent("\t\t\t\t")
	if m.ret.pointer {
		f.p("\t\t\t\trow := i")
		f.p("\t\t\t\titem, found = &row, true")
	} else {
		f.p("\t\t\t\titem, found = i, true")
	}
	f.p("\t\t\t}")
	w.fill(nil, "item", "\t\t\t")
	f.p("\t\t}")
	w.ifErr("\t\t", "err := rows.Err(); err != nil", failed)
	f.p("\t\tif found {")
	f.p("\t\t\tyield(item, nil)")
	f.p("\t\t}")
	f.p("\t}")
}
