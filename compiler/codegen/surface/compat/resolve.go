package compat

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
)

// resolved is what a place tells of a parameter; ok is false where sqlc would have failed.
type resolved struct {
	surface.Column
	ok bool
}

// resolve types the parameter of an occurrence by its place. Names that the user gave and
// sqlc.narg come later.
func (w *search) resolve(ref int) resolved {
	at := w.places[ref]
	free := resolved{surface.Column{Type: "any", Length: -1}, true}
	switch at.kind {
	case atLimit, atOffset:
		name := "limit"
		if at.kind == atOffset {
			name = "offset"
		}
		return resolved{surface.Column{Name: name, Type: "integer", NotNull: true, Length: -1}, true}
	case atCast:
		c := surface.Column{Type: w.q.castType(*at.typ), Typed: true, NotNull: true, Length: -1}
		if w.q.engine == catalog.PostgreSQL {
			c.Dims = int(at.typ.Dims)
		}
		return resolved{c, true}
	case atOperator:
		if _, row := at.left.(*ir.Row); row && w.q.engine == catalog.MySQL {
			return resolved{} // lost there
		}
		col := firstColumn(at.left)
		if col == nil {
			col = firstColumn(at.right)
		}
		if col == nil {
			if at.op == "||" {
				free.Type = "text"
			}
			return free
		}
		return w.columnOf(col)
	case atBetween:
		col, ok := at.x.(*ir.ColumnRef)
		if !ok {
			col = firstColumn(at.x)
			if col == nil {
				return resolved{}
			}
		}
		r := unmeasured(w.columnOf(col))
		if w.q.engine != catalog.PostgreSQL && r.ok {
			prefix := "from_"
			if at.hi {
				prefix = "to_"
			}
			r.Name = prefix + r.Name
			r.Original = ""
		}
		return r
	case atIn:
		col, ok := at.x.(*ir.ColumnRef)
		if !ok {
			return resolved{}
		}
		return unmeasured(w.columnOf(col))
	case atCall:
		return w.argument(at.call, ref, free)
	case atTarget:
		return w.targetOf(at)
	case atItem:
		if at.column == "" || len(w.tables) == 0 {
			return resolved{}
		}
		for _, c := range w.tables[0].table.columns {
			if w.q.same(c.Name, at.column) {
				return found(c, w.tables[0].ref)
			}
		}
		return resolved{}
	case lost:
		return resolved{}
	}
	return free
}

// unmeasured forgets a column's length, as sqlc does in lists and ranges: MySQL's tinyint(1) is
// a small number there, no bool.
func unmeasured(r resolved) resolved {
	r.Length = -1
	return r
}

func found(c column, ref *surface.Relation) resolved {
	out := c.Column
	out.Original = c.Name
	out.Table = ref
	out.Comment = ""
	out.Typed, out.Call = false, false
	return resolved{out, true}
}

// firstColumn is the first column named below n.
func firstColumn(n ir.Node) *ir.ColumnRef {
	var first *ir.ColumnRef
	if n == nil {
		return nil
	}
	ir.Walk(n, func(x ir.Node) bool {
		if c, ok := x.(*ir.ColumnRef); ok && first == nil {
			first = c
		}
		f, call := x.(*ir.FuncCall)
		return first == nil && !(call && strings.EqualFold(f.Name.Last(), "values")) // MySQL's VALUES(column) it does not look into
	})
	return first
}

// columnOf looks a column up among all tables that the statement names, wherever: sqlc
// knows no scopes here.
func (w *search) columnOf(x *ir.ColumnRef) resolved {
	n := len(x.Parts)
	name := x.Parts[n-1].Name
	var candidates []indexed
	if n > 1 {
		alias := x.Parts[n-2].Name
		for _, k := range w.tables {
			if w.q.same(k.alias, alias) && k.alias != "" {
				k.ref = k.written
				candidates = []indexed{k}
			}
		}
		if candidates == nil {
			for _, k := range w.tables {
				if w.q.same(k.ref.Name, alias) {
					candidates = []indexed{k}
				}
			}
		}
	} else {
		candidates = w.tables
	}
	var out resolved
	hits := 0
	for _, k := range candidates {
		for _, c := range k.table.columns {
			if w.q.same(c.Name, name) {
				hits++
				out = found(c, k.ref)
			}
		}
	}
	if hits != 1 {
		return resolved{}
	}
	return out
}

func (w *search) targetOf(at place) resolved {
	if at.table == nil {
		return resolved{}
	}
	t := w.q.lookupTable(at.table.Name)
	if t == nil {
		return resolved{}
	}
	for _, c := range w.q.table(t).columns {
		if w.q.same(c.Name, at.column) {
			return found(c, w.q.written(t, at.table.Name))
		}
	}
	return resolved{}
}

// argument types a parameter that stands in a call.
func (w *search) argument(call *ir.FuncCall, ref int, free resolved) resolved {
	if call.Name.Last() == "match_against" {
		free.Type, free.NotNull = "text", true
		return free
	}
	f := w.q.schema.resolve(call)
	number := w.number(ref)
	for i := range call.Args {
		a := &call.Args[i]
		p := asParam(a.X)
		if cast, ok := a.X.(*ir.Cast); ok && p == nil && a.Name == nil {
			p = asParam(cast.X)
		}
		if p == nil || p.Ref != ref && (number == 0 || w.number(p.Ref) != number || !w.stmt.Numbered()) {
			continue
		}
		name := call.Name.Last()
		typ := "any"
		switch {
		case a.Name != nil:
			name = a.Name.Name
			if t := w.q.schema.namedArgument(call, name); t != "" {
				typ = t
			}
		case f != nil && i < len(f.args):
			name, typ = f.args[i].name, f.args[i].typ
		case f != nil:
			typ = ""
			if len(f.args) > 0 && f.args[0].name != strings.ToLower(name) && w.q.engine != catalog.PostgreSQL {
				name = f.args[0].name
			}
		}
		return resolved{surface.Column{Name: name, Type: typ, NotNull: true, Length: -1}, true}
	}
	return free
}

// params lists a query's parameters as sqlc does; truth answers for those that sqlc has no
// sound answer for, by the index of the occurrence.
func (w *search) params(truth func(ref int) surface.Column) (list []surface.Param, placeholders []int) {
	nullable := func(name string) bool {
		for i := range w.stmt.Params {
			if p := &w.stmt.Params[i]; p.Kind == token.Nullable && p.Name == name {
				return true
			}
		}
		return false
	}
	foreign := w.foreign()
	describe := func(ref int) surface.Param {
		p := &w.stmt.Params[ref]
		r := w.resolve(ref)
		if !r.ok {
			r.Column = truth(ref)
		}
		c := r.Column
		if p.Name != "" {
			c.Given = true
			c.Name = p.Name
			if w.places[ref].name != "" && len(w.order) > 1 { // alone it would be no Go argument
				c.Name = w.places[ref].name
			}
			if nullable(p.Name) && (!r.ok || w.places[ref].kind != atIn) {
				c.NotNull = false // but IN goes by its column alone
			}
		}
		if p.Kind == token.Slice {
			if w.q.engine == catalog.PostgreSQL {
				c.Dims = max(c.Dims, 1) // ANY($1): an array, which needs no new text
			} else {
				c.Slice = true
			}
		}
		return surface.Param{Number: p.Number, Column: c, Written: r.ok && w.places[ref].kind == atTarget, Foreign: foreign[ref]}
	}
	if w.q.engine == catalog.MySQL {
		for i := range w.stmt.Params {
			list = append(list, describe(i))
			placeholders = append(placeholders, i)
		}
		return list, placeholders
	}
	most := 0
	for i := range w.stmt.Params {
		most = max(most, w.stmt.Params[i].Number)
	}
	// By number: the first occurrence, from 1, and then the index in list.
	first, index := make([]int, most+1), make([]int, most+1)
	note := func(ref int) {
		if n := w.stmt.Params[ref].Number; n > 0 && first[n] == 0 {
			first[n] = ref + 1
		}
	}
	for _, ref := range w.order {
		note(ref)
	}
	for ref := range w.stmt.Params {
		note(ref)
	}
	list = make([]surface.Param, 0, most)
	for n := 1; n <= most; n++ {
		if first[n] > 0 {
			index[n] = len(list)
			list = append(list, describe(first[n]-1))
		}
	}
	if !w.stmt.Numbered() {
		for _, p := range w.stmt.Params {
			placeholders = append(placeholders, index[p.Number])
		}
	}
	return list, placeholders
}
