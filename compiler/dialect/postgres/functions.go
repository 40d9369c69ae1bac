package postgres

import (
	"slices"
	"sort"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/types"
)

// functionsOf gives the library's functions of a name.
func (l *library) functionsOf(name string) []*catalog.Function {
	if found, ok := l.parsedFunctions.Load(name); ok {
		return found.([]*catalog.Function)
	}
	var out []*catalog.Function
	for _, line := range l.functions.lines(name) {
		out = append(out, parseFunction(line, l.extension))
	}
	found, _ := l.parsedFunctions.LoadOrStore(name, out)
	return found.([]*catalog.Function)
}

// parseFunction reads a line such as
//
//	make_date(year:int4, month:int4, day:int4) date
//	json_each(from_json:json) setof (key:text, value:json)
func parseFunction(line, extension string) *catalog.Function {
	name, rest, _ := strings.Cut(line, "(")
	args, rest, _ := strings.Cut(rest, ") ")
	f := &catalog.Function{Name: name, Strict: true, Volatility: "immutable", Language: "internal", Extension: extension}
	if extension == "" {
		f.Schema = "pg_catalog"
	}
	if args != "" {
		for _, a := range strings.Split(args, ", ") {
			f.Args = append(f.Args, parseArg(a))
		}
		f.Variadic = f.Args[len(f.Args)-1].Mode == "VARIADIC"
	}
	if r, ok := strings.CutPrefix(rest, "setof "); ok {
		f.ReturnsSet, rest = true, r
	}
	var flags string
	if r, ok := strings.CutPrefix(rest, "("); ok {
		var columns string
		columns, flags, _ = strings.Cut(r, ")")
		f.Returns = recordType
		for _, c := range strings.Split(columns, ", ") {
			column, t, _ := strings.Cut(c, ":")
			f.Columns = append(f.Columns, &catalog.Column{Name: column, Type: dataType(t)})
		}
		if len(f.Columns) == 1 { // a single OUT argument only names the column
			f.Returns = f.Columns[0].Type
		}
	} else {
		var t string
		t, flags, _ = strings.Cut(rest, " ")
		f.Returns = dataType(t)
	}
	for _, flag := range strings.Fields(flags) {
		switch flag {
		case "stable", "volatile":
			f.Volatility = flag
		case "nonstrict":
			f.Strict = false
		case "aggregate":
			f.Kind = catalog.Aggregate
		case "window":
			f.Kind = catalog.WindowFunc
		case "procedure":
			f.Kind = catalog.Procedure
		case "ordered", "hypothetical":
			f.Kind = catalog.OrderedSet
		}
	}
	f.Null = nulls().function(f)
	return f
}

func parseArg(a string) catalog.FuncArg {
	out := catalog.FuncArg{Mode: "IN"}
	a, out.HasDefault = strings.CutSuffix(a, "=")
	if rest, ok := strings.CutPrefix(a, "variadic "); ok {
		out.Mode, a = "VARIADIC", rest
	}
	if name, t, ok := strings.Cut(a, ":"); ok {
		out.Name, a = name, t
	}
	out.Type = dataType(a)
	return out
}

// visible gives the functions of a name in the order in which they hide one another: those
// built in, then the search path's. Each has the place of its schema.
func (s *semantics) visible(schema, name string) []placed {
	var out []placed
	add := func(place int, all []*catalog.Function) {
		for _, f := range all {
			out = append(out, placed{f, place})
		}
	}
	if schema == "" || schema == "pg_catalog" {
		add(0, builtIn().functionsOf(name))
		add(0, later().functionsOf(name))
	}
	if s.in == nil || schema == "pg_catalog" {
		return out
	}
	path := []string{schema}
	if schema == "" {
		path = s.in.SearchPath
	}
	for i, at := range path {
		if sc := s.in.Schema(at); sc != nil {
			var taken *library
			for _, f := range sc.Functions {
				if f.Name != name {
					continue
				}
				// The snapshot says where an extension was put, the library what it brings there.
				if l := extensionLibrary(f.Extension); l != nil {
					if l != taken {
						add(i+1, l.functionsOf(name))
						taken = l
					}
					continue
				}
				out = append(out, placed{f, i + 1})
			}
			if d := s.in.Type(at, name); d != nil && d.Kind == types.Range && d.Schema == sc.Name {
				add(i+1, rangeConstructors(d))
			}
		}
	}
	return out
}

// rangeConstructors are the functions that a range type brings: from two bounds, and with the
// bounds' kinds; that of a multirange takes its ranges (manual, 8.17.6).
func rangeConstructors(d *catalog.TypeDef) []*catalog.Function {
	in := func(t types.Type) catalog.FuncArg { return catalog.FuncArg{Type: t, Mode: "IN"} }
	make := func(args ...catalog.FuncArg) *catalog.Function {
		return &catalog.Function{Schema: d.Schema, Name: d.Name, Args: args, Returns: d.Type(), Null: catalog.NullNever, Volatility: "immutable"}
	}
	if d.Multirange {
		f := make()
		f.Null = catalog.NullStrict
		return []*catalog.Function{f}
	}
	return []*catalog.Function{make(in(d.Subtype), in(d.Subtype)), make(in(d.Subtype), in(d.Subtype), in(textType))}
}

type placed struct {
	*catalog.Function
	place int
}

// calledFunction is a function with the order in which a call's operands become its arguments.
type calledFunction struct {
	placed
	variadic bool // the last argument was repeated to take the operands
	defaults int  // arguments that the call leaves to their defaults
}

// Function resolves a call (manual, 10.3, and 4.3 for named arguments).
func (s *semantics) Function(schema, name string, args []dialect.Operand, star bool) (dialect.Signature, dialect.Failure) {
	s = s.coveringAll(args)
	if schema == "" || schema == "pg_catalog" {
		if form := specialForms[name]; form != nil {
			if sig, failure, mine := form(s, args); mine {
				return sig, failure
			}
		}
	}
	return s.function(schema, name, args, star)
}

// functionKey is what the resolution of a function depends on, over one snapshot, where no operand is a literal, named or
// VARIADIC.
type functionKey struct {
	extensions, schema, name string
	operands                 [3]types.Type
	params                   [3]bool
	n                        int
	star                     bool
}

type functionAnswer struct {
	signature dialect.Signature
	failure   dialect.Failure
}

// function is resolveFunction, remembered: queries ask for the same few functions over and over.
func (s *semantics) function(schema, name string, args []dialect.Operand, star bool) (dialect.Signature, dialect.Failure) {
	key := functionKey{extensions: s.names, schema: schema, name: name, n: len(args), star: star}
	if len(args) > len(key.operands) {
		return s.resolveFunction(schema, name, args, star)
	}
	for i, o := range args {
		if o.Literal != nil || o.Name != "" || o.Variadic {
			return s.resolveFunction(schema, name, args, star)
		}
		key.operands[i], key.params[i] = o.Type, o.Param
	}
	answer, ok := s.functions.Load(key)
	if !ok {
		sig, failure := s.resolveFunction(schema, name, args, star)
		answer, _ = s.functions.LoadOrStore(key, functionAnswer{sig, failure})
	}
	a := answer.(functionAnswer)
	a.signature.Args = slices.Clone(a.signature.Args)
	return a.signature, a.failure
}

// resolveFunction resolves a call that is no special form.
func (s *semantics) resolveFunction(schema, name string, args []dialect.Operand, star bool) (dialect.Signature, dialect.Failure) {
	all := s.visible(schema, name)
	var fits []candidate
	for _, f := range all {
		if c, ok := layOut(f, args, star); ok {
			fits = append(fits, c)
		}
	}
	fits = hideSame(fits)
	input := make([]types.Type, len(args))
	for i, o := range args {
		if input[i] = o.Type; s.foreign(o.Type) {
			input[i] = unknownType
		}
	}
	c, found := exactMatch(fits, input)
	if !found {
		if sig, ok := s.castCall(schema, name, args); ok {
			return sig, dialect.OK
		}
		var failure dialect.Failure
		c, failure = s.choose(fits, input)
		if failure == dialect.NoMatch {
			if sig, ok := s.fieldCall(schema, name, args); ok {
				return sig, dialect.OK
			}
			if len(all) == 0 {
				failure = dialect.NotFound
			}
		}
		if failure != dialect.OK {
			return dialect.Signature{}, failure
		}
	}
	return s.signature(c, args, input)
}

func (s *semantics) signature(c candidate, operands []dialect.Operand, input []types.Type) (dialect.Signature, dialect.Failure) {
	f := c.of.(calledFunction)
	args, result, ok := s.polymorphic(c.args, input, f.Returns, true)
	if !ok {
		return dialect.Signature{}, dialect.NoMatch
	}
	sig := dialect.Signature{
		Args: takenAs(args, operands), Returns: result.Plain(), ReturnsSet: f.ReturnsSet, Columns: f.Columns, Kind: f.Kind,
		Null: f.Null, Volatility: f.Volatility, Function: f.Function,
	}
	refine(&sig, operands)
	if polymorphicColumns(f.Columns) {
		sig.Columns = make([]*catalog.Column, len(f.Columns))
		for i, column := range f.Columns {
			_, t, ok := s.polymorphic(c.args, input, column.Type, true)
			if !ok {
				return dialect.Signature{}, dialect.NoMatch
			}
			filled := *column
			filled.Type = t
			sig.Columns[i] = &filled
		}
	}
	if sig.Columns == nil && !f.Returns.IsArray() {
		if fields := s.Fields(sig.Returns); fields != nil && f.ReturnsSet {
			sig.Columns = fields
		}
	}
	return sig, dialect.OK
}

func polymorphicColumns(columns []*catalog.Column) bool {
	for _, c := range columns {
		if isPolymorphic(c.Type) {
			return true
		}
	}
	return false
}

// layOut lays a function's arguments out over a call's operands: named ones in their places,
// defaults left out, a variadic argument repeated. It tells whether the numbers fit.
func layOut(f placed, operands []dialect.Operand, star bool) (candidate, bool) {
	var in []catalog.FuncArg
	for _, a := range f.Args {
		if a.Mode != "OUT" && a.Mode != "TABLE" {
			in = append(in, a)
		}
	}
	c := calledFunction{placed: f}
	if star && len(in) > 0 {
		return candidate{}, false
	}
	spread := len(operands) > 0 && operands[len(operands)-1].Variadic
	if spread && !f.Variadic {
		return candidate{}, false
	}
	named := 0
	for _, o := range operands {
		if o.Name != "" {
			named++
		}
	}
	if named > 0 {
		return layOutNamed(c, in, operands, len(operands)-named)
	}
	if f.Variadic && !spread && len(operands) >= len(in) {
		args := make([]types.Type, len(operands))
		for i := range operands {
			if i < len(in)-1 {
				args[i] = in[i].Type.Plain()
				continue
			}
			t := in[len(in)-1].Type.Plain()
			args[i] = elementOf(t)
		}
		c.variadic = true
		return candidate{args, c}, true
	}
	if len(operands) > len(in) {
		return candidate{}, false
	}
	args := make([]types.Type, len(operands))
	for i := range operands {
		args[i] = in[i].Type.Plain()
	}
	for _, a := range in[len(operands):] {
		if !a.HasDefault {
			return candidate{}, false
		}
		c.defaults++
	}
	return candidate{args, c}, true
}

func layOutNamed(c calledFunction, in []catalog.FuncArg, operands []dialect.Operand, positional int) (candidate, bool) {
	if positional > len(in) {
		return candidate{}, false
	}
	args := make([]types.Type, len(operands))
	used := make([]bool, len(in))
	for i, o := range operands {
		at := i
		if o.Name != "" {
			at = -1
			for j, a := range in {
				if a.Name == o.Name {
					at = j
				}
			}
		}
		if at < 0 || at >= len(in) || used[at] {
			return candidate{}, false
		}
		used[at], args[i] = true, in[at].Type.Plain()
	}
	for j, a := range in {
		if !used[j] {
			if !a.HasDefault {
				return candidate{}, false
			}
			c.defaults++
		}
	}
	return candidate{args, c}, true
}

// elementOf is what a variadic argument of type t takes one of.
func elementOf(t types.Type) types.Type {
	if t.IsArray() {
		return t.Elem()
	}
	switch {
	case t.Kind == types.Pseudo && t.Name == "anyarray":
		return types.Type{Name: "anyelement", Kind: types.Pseudo}
	case t.Kind == types.Pseudo && t.Name == "anycompatiblearray":
		return types.Type{Name: "anycompatible", Kind: types.Pseudo}
	}
	return t
}

// hideSame drops the functions that another of the same arguments hides: one of an earlier
// schema, then one that needs no variadic repetition, then one with fewer defaults.
func hideSame(all []candidate) []candidate {
	var out []candidate
next:
	for _, c := range all {
		for i, o := range out {
			if !sameTypes(c.args, o.args) {
				continue
			}
			if a, b := c.of.(calledFunction), o.of.(calledFunction); hides(a, b) {
				out[i] = c
			}
			continue next
		}
		out = append(out, c)
	}
	return out
}

func hides(a, b calledFunction) bool {
	switch {
	case a.place != b.place:
		return a.place < b.place
	case a.variadic != b.variadic:
		return !a.variadic
	case a.variadic && len(a.Args) != len(b.Args):
		return len(a.Args) > len(b.Args)
	}
	return a.defaults < b.defaults
}

func sameTypes(a, b []types.Type) bool {
	for i := range a {
		if !a[i].Same(b[i]) {
			return false
		}
	}
	return true
}

// castCall reads name(x) as a cast where name is a type and the value needs no conversion
// function: text(x), date('…'). An untyped parameter is taken so
// only by a string type.
func (s *semantics) castCall(schema, name string, args []dialect.Operand) (dialect.Signature, bool) {
	if len(args) != 1 || args[0].Name != "" || args[0].Variadic {
		return dialect.Signature{}, false
	}
	to := s.typeNamed(schema, name)
	if !to.Known() || to.Kind == types.Composite {
		return dialect.Signature{}, false
	}
	from := args[0].Type
	if args[0].Param && args[0].Untyped() {
		if category, _ := s.category(to); category != categoryString {
			return dialect.Signature{}, false
		}
	} else if !args[0].Untyped() {
		row := from.Kind == types.Composite || from.Name == "record"
		category, _ := s.category(to)
		switch s.pathway(from, to, castExplicit) {
		case relabel:
		case byIO:
			if row && category == categoryString {
				return dialect.Signature{}, false
			}
		default:
			return dialect.Signature{}, false
		}
	}
	return dialect.Signature{Args: []types.Type{to}, Returns: to, Null: s.castNull(from, to), Volatility: "immutable"}, true
}

// typeNamed is the type that a bare name stands for; SQL's aliases are no such names here.
func (s *semantics) typeNamed(schema, name string) types.Type {
	if _, alias := aliases[name]; alias && (s.in == nil || s.in.Type(schema, name) == nil) {
		return types.Type{}
	}
	return namedType(schema, name, s.in)
}

// fieldCall reads name(row) as row.name.
func (s *semantics) fieldCall(schema, name string, args []dialect.Operand) (dialect.Signature, bool) {
	if schema != "" || len(args) != 1 {
		return dialect.Signature{}, false
	}
	for _, c := range s.Fields(args[0].Type) {
		if c.Name == name {
			return dialect.Signature{Args: []types.Type{args[0].Type}, Returns: c.Type, Null: catalog.NullStrictPartial, Volatility: "immutable"}, true
		}
	}
	return dialect.Signature{}, false
}

// Candidates lists the signatures of a name as "length(text)".
func (s *semantics) Candidates(schema, name string) []string {
	var out []string
	for _, f := range s.visible(schema, name) {
		var b strings.Builder
		b.WriteString(f.Name + "(")
		n := 0
		for _, a := range f.Args {
			if a.Mode == "OUT" || a.Mode == "TABLE" {
				continue
			}
			if n++; n > 1 {
				b.WriteString(", ")
			}
			if a.Mode == "VARIADIC" {
				b.WriteString("variadic ")
			}
			b.WriteString(a.Type.String())
			if a.HasDefault {
				b.WriteString(" default")
			}
		}
		out = append(out, b.String()+")")
	}
	return out
}

// FunctionNames lists all names that a call may have.
func (s *semantics) FunctionNames() []string {
	seen := map[string]bool{}
	for _, ix := range []index{builtIn().functions, later().functions} {
		for name := range ix {
			seen[name] = true
		}
	}
	for name := range specialForms {
		seen[name] = true
	}
	if s.in != nil {
		for _, sc := range s.in.Schemas {
			for _, f := range sc.Functions {
				seen[f.Name] = true
			}
		}
	}
	out := make([]string, 0, len(seen))
	for name := range seen {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

// signatureText is name(types), as nulls.txt writes an overload.
func signatureText(name string, args []catalog.FuncArg) string {
	parts := make([]string, 0, len(args))
	for _, a := range args {
		parts = append(parts, a.Type.String())
	}
	return name + "(" + strings.Join(parts, ", ") + ")"
}
