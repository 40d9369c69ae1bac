package postgres

import (
	"slices"
	"strings"
	"sync"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/types"
)

// operatorEntry is a line of pg_operator; left is the zero Type for a prefix operator.
type operatorEntry struct {
	left, right, result types.Type
	volatility          string
	null                catalog.NullRule
}

// operatorWords are the operators that the grammar writes as words.
var operatorWords = map[string]string{
	"LIKE": "~~", "NOT LIKE": "!~~", "ILIKE": "~~*", "NOT ILIKE": "!~~*", "SIMILAR TO": "~", "NOT SIMILAR TO": "!~",
	"!=": "<>", "IS DISTINCT FROM": "=", "IS NOT DISTINCT FROM": "=",
}

func (l *library) operatorsOf(name string) []operatorEntry {
	if found, ok := l.parsedOperators.Load(name); ok {
		return found.([]operatorEntry)
	}
	var out []operatorEntry
	for _, line := range l.operators.lines(name) {
		f := strings.Fields(line)
		op := operatorEntry{right: dataType(f[2]), result: dataType(f[3]), volatility: "immutable", null: catalog.NullMaybe}
		if f[1] != "." {
			op.left = dataType(f[1])
		}
		strict := true
		for _, flag := range f[4:] {
			if flag == "nonstrict" {
				strict = false
			} else {
				op.volatility = flag
			}
		}
		op.null = nulls().operator(f[0], f[1], f[2], strict)
		out = append(out, op)
	}
	l.parsedOperators.Store(name, out)
	return out
}

// Operator resolves an operator (manual, 10.2).
func (s *semantics) Operator(op string, operands []dialect.Operand) (dialect.Signature, dialect.Failure) {
	s = s.coveringAll(operands)
	switch op {
	case "[]", "[:]":
		return s.subscript(op, operands)
	}
	name := op
	if to, ok := operatorWords[strings.ToUpper(op)]; ok {
		name = to
	}
	sig, failure := s.operator(name, operands)
	if name == "=" && op != "=" && failure == dialect.OK {
		sig.Null = catalog.NullNever
	}
	return sig, failure
}

// operatorKey is what the resolution of an operator over types without definitions depends on.
type operatorKey struct {
	extensions, name string
	operands         [2]types.Type
	n                int
	params           [2]bool
}

type operatorAnswer struct {
	signature dialect.Signature
	failure   dialect.Failure
}

// resolvedOperators remembers: queries ask the same few hundred questions over and over.
var resolvedOperators sync.Map // operatorKey → operatorAnswer

func (s *semantics) operator(name string, operands []dialect.Operand) (dialect.Signature, dialect.Failure) {
	key := operatorKey{name: name, n: len(operands)}
	memory := &resolvedOperators
	for i, o := range operands {
		if i > 1 {
			return s.resolveOperator(name, operands)
		}
		if o.Type.Schema != "" { // what the type is, this schema says
			memory = &s.operators
		}
		key.operands[i], key.params[i] = o.Type.Plain(), o.Param
	}
	key.extensions = s.names
	answer, ok := memory.Load(key)
	if !ok {
		sig, failure := s.resolveOperator(name, operands)
		answer, _ = memory.LoadOrStore(key, operatorAnswer{sig, failure})
	}
	a := answer.(operatorAnswer)
	a.signature.Args = slices.Clone(a.signature.Args)
	return a.signature, a.failure
}

func (s *semantics) resolveOperator(name string, operands []dialect.Operand) (dialect.Signature, dialect.Failure) {
	for _, o := range operands {
		if s.foreign(o.Type) {
			return foreignOperator(name, operands, o.Type), dialect.OK
		}
	}
	var all []candidate
	known := false
	for _, l := range s.libraries {
		for _, o := range l.operatorsOf(name) {
			known = true
			args := []types.Type{o.right}
			if o.left.Known() {
				args = []types.Type{o.left, o.right}
			}
			if len(args) == len(operands) {
				all = append(all, candidate{args, o})
			}
		}
	}
	if len(all) == 0 {
		if known {
			return dialect.Signature{}, dialect.NoMatch
		}
		return dialect.Signature{}, dialect.NotFound
	}
	input := make([]types.Type, len(operands))
	for i, o := range operands {
		input[i] = o.Type
	}
	c, found := s.exactOperator(all, input)
	if !found {
		var failure dialect.Failure
		if c, failure = s.choose(all, input); failure != dialect.OK {
			return dialect.Signature{}, failure
		}
	}
	o := c.of.(operatorEntry)
	args, result, ok := s.polymorphic(c.args, input, o.result, true)
	if !ok {
		return dialect.Signature{}, dialect.NoMatch
	}
	return dialect.Signature{Args: takenAs(args, operands), Returns: result, Null: o.null, Volatility: o.volatility}, dialect.OK
}

// comparisons are the operators that give a bool whatever they compare.
var comparisons = map[string]bool{
	"=": true, "<>": true, "<": true, ">": true, "<=": true, ">=": true, "~~": true, "!~~": true, "~~*": true, "!~~*": true,
	"~": true, "!~": true, "~*": true, "!~*": true, "@>": true, "<@": true, "&&": true, "@@": true, "?": true, "?|": true, "?&": true,
}

// foreignOperator supposes that an operator over a type of which nothing is known takes two
// of it; what it gives is known of comparisons alone.
func foreignOperator(name string, operands []dialect.Operand, t types.Type) dialect.Signature {
	sig := dialect.Signature{Null: catalog.NullStrictPartial, Volatility: "volatile"}
	if comparisons[name] {
		sig.Returns = boolType
	}
	for _, o := range operands {
		if o.Untyped() {
			sig.Args = append(sig.Args, t.Plain())
		} else {
			sig.Args = append(sig.Args, o.Type)
		}
	}
	return sig
}

// exactOperator looks for the operator of exactly these operands; one unknown operand of two
// is supposed to be as the other, and where that fails, as the other's base type.
func (s *semantics) exactOperator(all []candidate, input []types.Type) (candidate, bool) {
	if len(input) == 1 {
		return exactMatch(all, input)
	}
	l, r := input[0], input[1]
	if isUnknown(l) == isUnknown(r) {
		return exactMatch(all, input)
	}
	known := l
	if isUnknown(l) {
		known = r
	}
	if c, ok := exactMatch(all, []types.Type{known, known}); ok {
		return c, true
	}
	if base := s.Base(known); !base.Same(known) {
		return exactMatch(all, []types.Type{base, base})
	}
	return candidate{}, false
}

// subscript types x[i] and x[lo:hi] of an array, a jsonb, an hstore, or a fixed-length
// array such as point.
func (s *semantics) subscript(op string, operands []dialect.Operand) (dialect.Signature, dialect.Failure) {
	if len(operands) == 0 {
		return dialect.Signature{}, dialect.NotFound
	}
	of := s.Base(operands[0].Type)
	sig := dialect.Signature{Null: catalog.NullStrictPartial, Volatility: "immutable", Args: []types.Type{operands[0].Type}}
	index := int4Type
	switch info := s.info(of); {
	case of.IsArray() && op == "[:]":
		sig.Returns = of
	case of.IsArray():
		sig.Returns = of.Elem()
	case of.Is("jsonb") && op == "[]":
		sig.Returns, index = of, textType
	case of.Is("hstore") && op == "[]":
		sig.Returns, index = textType, textType
	case info != nil && info.kind == "base" && len(info.detail) == 1: // point, name, oidvector …
		sig.Returns = dataType(info.detail[0])
	default:
		return dialect.Signature{}, dialect.NoMatch
	}
	for _, o := range operands[1:] {
		want := index
		if of.Is("jsonb") && !o.Untyped() && s.coercible(o.Type, int4Type, castImplicit) {
			want = int4Type
		}
		if !s.coercible(o.Type, want, castAssignment) {
			return dialect.Signature{}, dialect.NoMatch
		}
		sig.Args = append(sig.Args, want)
	}
	return sig, dialect.OK
}

// Comparable tells the types under which "=" takes both sides.
func (s *semantics) Comparable(l, r dialect.Operand) (lt, rt types.Type, ok bool) {
	sig, failure := s.covering(l.Type, r.Type).operator("=", []dialect.Operand{l, r})
	if failure != dialect.OK {
		return types.Type{}, types.Type{}, false
	}
	return sig.Args[0], sig.Args[1], true
}
