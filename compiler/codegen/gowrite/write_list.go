package gowrite

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/codegen/gotype"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
)

// isList tells whether a nil slice is to be passed as an empty array.
func (g *generator) isList(t gotype.Type, c *surface.Column) bool {
	return c != nil && c.Among && strings.HasPrefix(t.Text, "[]")
}

// hasLists tells whether a method passes such an array.
func (g *generator) hasLists(m *method) bool {
	for i := range m.query.Params {
		if c := set(&m.query.Params[i].Column); c != nil && c.Among && g.isList(g.goType(c), c) {
			return true
		}
	}
	return false
}

// pass is the expression of an argument as the driver is given it.
func (g *generator) pass(f *goFile, expr string, t gotype.Type, c *surface.Column) string {
	if g.isList(t, c) {
		expr = "notNil(" + expr + ")"
	}
	return g.wrap(f, expr, t, c)
}

// writeNotNil writes what pass calls.
func (g *generator) writeNotNil(f *goFile) {
	f.p()
	f.p("// notNil is list, or an empty one: drivers send nil as NULL, in which nothing is and is not.")
	f.p("func notNil[T any](list []T) []T {")
	f.p("\tif list == nil {")
	f.p("\t\treturn []T{}")
	f.p("\t}")
	f.p("\treturn list")
	f.p("}")
}
