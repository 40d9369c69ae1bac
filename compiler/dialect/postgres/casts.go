package postgres

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/types"
)

// castContext is how much a conversion may be asked for: by nothing, by storing a value, by a cast.
type castContext uint8

const (
	castImplicit castContext = iota
	castAssignment
	castExplicit
)

// conversion is how a conversion is done; noWay means that there is none.
type conversion uint8

const (
	noWay      conversion = iota
	relabel               // one representation: nothing happens
	byFunction            // pg_cast has a function
	byIO                  // through the text form
	byElement             // an array, element by element
)

// castRule is a line of pg_cast.
type castRule struct {
	context castContext
	method  conversion
}

func readCasts(text string) map[[2]string]castRule {
	out := make(map[[2]string]castRule, strings.Count(text, "\n"))
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) < 3 {
			continue
		}
		c := castRule{method: byFunction}
		switch f[2] {
		case "assignment":
			c.context = castAssignment
		case "explicit":
			c.context = castExplicit
		}
		if len(f) > 3 {
			c.method = map[string]conversion{"binary": relabel, "io": byIO}[f[3]]
		}
		out[[2]string{f[0], f[1]}] = c
	}
	return out
}

// elementType is what a type is an array of; int2vector and oidvector of the system catalogs
// are arrays by another name.
func elementType(t types.Type) (types.Type, bool) {
	switch {
	case t.IsArray():
		return t.Elem(), true
	case t.Is("int2vector"):
		return types.Type{Name: "int2"}, true
	case t.Is("oidvector"):
		return types.Type{Name: "oid"}, true
	}
	return types.Type{}, false
}

func (s *semantics) cast(from, to types.Type) (castRule, bool) {
	if from.Schema != "" || to.Schema != "" {
		return castRule{}, false
	}
	key := [2]string{from.String(), to.String()}
	if c, ok := builtIn().casts[key]; ok {
		return c, true
	}
	for _, l := range s.extensions {
		if c, ok := l.casts[key]; ok {
			return c, true
		}
	}
	return castRule{}, false
}

// pathway is how a value of one type becomes one of another (manual, CREATE CAST and 10.4):
// domains count as their bases; a cast of the catalog; arrays by their elements; the text
// form, to a string by assignment, from a string by an explicit cast.
func (s *semantics) pathway(from, to types.Type, ctx castContext) conversion {
	from, to = s.Base(from), s.Base(to)
	if from.Same(to) {
		return relabel
	}
	if c, ok := s.cast(from, to); ok {
		if c.context <= ctx {
			return c.method
		}
		return noWay
	}
	if elem, ok := elementType(from); ok && to.IsArray() {
		switch s.pathway(elem, to.Elem(), ctx) {
		case noWay:
			return noWay
		case relabel:
			return relabel
		}
		return byElement
	}
	if from.Kind == types.Range && to.Kind == types.Range && ctx == castExplicit {
		// A range of the user's becomes its multirange; built-in ones are in the catalog.
		if _, other, multi, ok := s.rangeOf(from); ok && !multi && other.Same(to) {
			return byFunction
		}
	}
	if ctx >= castAssignment {
		if c, _ := s.category(to); c == categoryString {
			return byIO
		}
	}
	if ctx == castExplicit {
		if c, _ := s.category(from); c == categoryString {
			return byIO
		}
	}
	return noWay
}

// coercible tells whether an operand of a type can be taken as another. A polymorphic target
// takes everything here; whether the targets fit together is polymorphic's to say.
func (s *semantics) coercible(from, to types.Type, ctx castContext) bool {
	switch {
	case from.Same(to), !from.Known(), from.Kind == types.Unknown:
		return true
	case to.Kind == types.Pseudo && to.Dims == 0 && (to.Name == "any" || polymorphicNames[to.Name]):
		return true
	}
	if s.pathway(from, to, ctx) != noWay {
		return true
	}
	return s.rowFits(from, to)
}

// rowFits tells the conversions between rows: any row type is a record; a record may become
// a row type; a child table's row is one of its parent; and arrays of them alike.
func (s *semantics) rowFits(from, to types.Type) bool {
	from, to = s.Base(from), s.Base(to)
	if from.IsArray() != to.IsArray() {
		return false
	}
	row := func(t types.Type) bool { return t.Kind == types.Composite }
	record := func(t types.Type) bool { return t.Name == "record" && t.Schema == "" }
	if from.IsArray() {
		return row(from) && record(to)
	}
	return row(from) && record(to) || record(from) && row(to) || row(from) && row(to) && s.inherits(from, to, 0)
}

func (s *semantics) inherits(child, parent types.Type, depth int) bool {
	table := s.in.Table(child.Schema, child.Name)
	if table == nil || depth > 32 {
		return false
	}
	for _, name := range append(table.Inherits, table.PartitionOf) {
		schema, last := table.Schema, name
		if i := strings.LastIndexByte(name, '.'); i >= 0 {
			schema, last = name[:i], name[i+1:]
		}
		if last == "" {
			continue
		}
		up := types.Type{Schema: schema, Name: last, Kind: types.Composite}
		if up.Same(parent) || s.inherits(up, parent, depth+1) {
			return true
		}
	}
	return false
}

// Assignable tells whether a value can be stored in a column of type to.
func (s *semantics) Assignable(from, to types.Type) bool {
	return !to.Known() || s.covering(from, to).stored(from, to, castAssignment)
}

// Castable tells whether CAST(from AS to) exists.
func (s *semantics) Castable(from, to types.Type) bool {
	return !to.Known() || s.covering(from, to).stored(from, to, castExplicit)
}

// stored is coercible for a type of which nothing is known, too: its casts are its own.
func (s *semantics) stored(from, to types.Type, ctx castContext) bool {
	return s.coercible(from, to, ctx) || s.foreign(from) || s.foreign(to)
}

// Cast knows of no classes.
func (s *semantics) Cast(from dialect.Operand, to types.Type) (catalog.NullRule, dialect.Class) {
	return s.castNull(from.Type, to), dialect.AnyValue
}

// castNull is strict, but the conversion to a NOT NULL domain refuses NULL, and some casts have
// no answer for what is not NULL. A value of the domain's own type is not converted, so that a
// NULL of it passes.
func (s *semantics) castNull(from, to types.Type) catalog.NullRule {
	if s.refusesNull(to) && !from.Same(to) {
		return catalog.NullNever
	}
	if rule, ok := nulls().casts[s.Base(from).String()+" "+s.Base(to).String()]; ok {
		return rule
	}
	return catalog.NullStrict
}

func (s *semantics) refusesNull(t types.Type) bool {
	for depth := 0; t.Kind == types.Domain && t.Dims == 0 && depth < 32; depth++ {
		d := s.definition(t)
		if d == nil {
			return false
		}
		if d.NotNull {
			return true
		}
		t = d.Base
	}
	return false
}
