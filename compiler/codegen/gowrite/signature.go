package gowrite

import (
	"slices"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/config"
)

// Signature tells how a query's method is called: which of Go's values is which of the query's.
type Signature struct {
	Method string
	// Params are the places of the query's parameters, index by index those of surface.Query.
	Params []Place
	// Many tells that the one argument is a list with the values of many runs.
	Many bool
	// Fields are the names of a row's fields, index by index the query's columns; nil where a row is one value, and
	// where rows are put together into structs within structs.
	Fields []string
	// Written tells that the target has such a method.
	Written bool
}

// Place is where a method takes a value: an argument, counted from 0 behind the context (and the database), or
// a field of the struct that the argument is.
type Place struct {
	Arg   int
	Field string // empty for the argument itself
}

// Signatures gives the signature of every query's method by the query's name, without writing anything.
func Signatures(pkg *surface.Package, engine catalog.Engine, o config.Go, strict bool) map[string]Signature {
	g := newGenerator(pkg, string(engine), &o, strict, false)
	g.model()
	g.planMethods()
	out := make(map[string]Signature, len(g.methods))
	for _, m := range g.methods {
		s := Signature{Method: m.name, Many: takesMany(m.query.Command), Written: g.callable(m)}
		for i := range m.query.Params {
			s.Params = append(s.Params, m.place(i))
		}
		if m.ret.fields != nil && m.nesting == nil {
			for i := range m.ret.fields.fields {
				s.Fields = append(s.Fields, m.ret.fields.fields[i].name)
			}
		}
		out[m.query.Name] = s
	}
	return out
}

// place is where parameter i is taken.
func (m *method) place(i int) Place {
	v := &m.arg
	if v.fields == nil {
		return Place{}
	}
	name := v.fields.fields[i].name
	if v.flat {
		return Place{Arg: slices.IndexFunc(v.fields.unique(), func(f field) bool { return f.name == name })}
	}
	return Place{Field: name}
}
