package postgres

import (
	"slices"
	"strconv"
	"sync"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// semantics are PostgreSQL's typing rules over one snapshot. It is immutable, and cheap to make.
type semantics struct {
	in         *catalog.Snapshot
	extensions []*library
	libraries  []*library // what is built in, then the extensions
	names      string     // of the extensions
	// operators remembers resolutions over the schema's own types.
	operators sync.Map // operatorKey → operatorAnswer
	// functions remembers what calls are of.
	functions sync.Map // functionKey → functionAnswer
}

func newSemantics(in *catalog.Snapshot) dialect.Semantics { return makeSemantics(in) }

func makeSemantics(in *catalog.Snapshot) *semantics {
	s := &semantics{in: in, libraries: []*library{builtIn()}}
	if in == nil {
		return s
	}
	for _, name := range in.Extensions {
		s.add(name)
	}
	return s
}

// add takes an extension and those it requires into the rules.
func (s *semantics) add(name string) {
	l := extensionLibrary(name)
	if l == nil || slices.Contains(s.extensions, l) {
		return
	}
	s.extensions = append(s.extensions, l)
	s.libraries = append(s.libraries, l)
	s.names += name + " "
	for _, r := range l.requires {
		s.add(r)
	}
}

// extensionTypes are the types that columns have of extensions which are often created
// outside of the schema's files.
var extensionTypes = map[string]string{
	"citext": "citext", "hstore": "hstore", "ltree": "ltree", "lquery": "ltree", "cube": "cube", "seg": "seg",
	"geometry": "postgis", "geography": "postgis", "box2d": "postgis", "box3d": "postgis",
	"vector": "vector", "halfvec": "vector", "sparsevec": "vector",
}

// covering are rules that know the types: where one is of an extension that the schema does
// not create, that extension is taken in. The catalog has said that the type is not declared.
func (s *semantics) covering(all ...types.Type) *semantics {
	for _, t := range all {
		if t.Schema != "" {
			continue
		}
		name, ok := extensionTypes[t.Name]
		if !ok || s.info(t) != nil || s.definition(t.Elem()) != nil {
			continue
		}
		more := &semantics{in: s.in, extensions: slices.Clone(s.extensions), libraries: slices.Clone(s.libraries), names: s.names}
		more.add(name)
		return more.covering(all...)
	}
	return s
}

func (s *semantics) coveringAll(operands []dialect.Operand) *semantics {
	for _, o := range operands {
		s = s.covering(o.Type)
	}
	return s
}

// foreign tells whether nothing is known of a type but its name: it was not declared, or is a
// base type of the user's own, whose functions and operators the catalog does not have.
// Everything is possible with such a type.
func (s *semantics) foreign(t types.Type) bool {
	if !t.Known() || t.Kind != types.Base || s.info(t.Elem()) != nil {
		return false
	}
	d := s.definition(t.Elem())
	return d == nil || d.Kind == types.Base && d.Extension == ""
}

// Literal is the type of a constant (manual, 4.1.2.6).
func (s *semantics) Literal(l *ir.Literal) types.Type {
	switch l.Kind {
	case ir.Bool:
		return boolType
	case ir.Integer:
		n, err := strconv.ParseInt(l.Text, 0, 64)
		switch {
		case err != nil:
			return numericType
		case n == int64(int32(n)):
			return int4Type
		}
		return int8Type
	case ir.Decimal, ir.Float:
		return numericType
	case ir.Blob, ir.Bit:
		return types.Type{Name: "bit"}
	}
	return unknownType
}

// Result is the type under which a column leaves the query: what is still unknown is text.
func (s *semantics) Result(t types.Type) types.Type {
	if t.Kind == types.Unknown {
		return textType
	}
	return t
}

// Digits is not computed: a number that is too large is an error.
func (s *semantics) Digits(dialect.Operand) int { return 0 }

// Interval is not computed: there is no such expression.
func (s *semantics) Interval(dialect.Operand, string) types.Type { return types.Type{Name: "interval"} }
