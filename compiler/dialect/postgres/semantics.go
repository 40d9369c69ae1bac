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
	// operators remembers resolutions over the schema's own types.
	operators sync.Map // operatorKey → operatorAnswer
}

func newSemantics(in *catalog.Snapshot) dialect.Semantics { return makeSemantics(in) }

func makeSemantics(in *catalog.Snapshot) *semantics {
	s := &semantics{in: in, libraries: []*library{builtIn()}}
	if in == nil {
		return s
	}
	var add func(name string)
	add = func(name string) {
		l := extensionLibrary(name)
		if l == nil || slices.Contains(s.extensions, l) {
			return
		}
		s.extensions = append(s.extensions, l)
		s.libraries = append(s.libraries, l)
		for _, r := range l.requires {
			add(r)
		}
	}
	for _, name := range in.Extensions {
		add(name)
	}
	return s
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
