package mysql

import (
	_ "embed"
	"fmt"
	"sort"
	"strings"
	"sync"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/types"
)

//go:embed functions.txt
var functionText string

// builtinFunc is one line of functions.txt.
type builtinFunc struct {
	name string
	args []argSpec
	// result is a type's name or the name of a result rule, null that of a null rule.
	result, null string
	kind         catalog.FuncKind
	volatility   string
}

// argSpec is one argument: what it is taken for, and whether it may be left out or repeat.
type argSpec struct {
	kind     byte
	optional bool
	repeat   bool
}

var builtinFuncs = sync.OnceValue(func() map[string][]*builtinFunc {
	m := map[string][]*builtinFunc{}
	for _, line := range strings.Split(functionText, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		f, err := readFunction(line)
		if err != nil {
			panic(err) // the table is ours; a test reads it
		}
		m[f.name] = append(m[f.name], f)
	}
	return m
})

// readFunction reads a line of functions.txt.
func readFunction(line string) (*builtinFunc, error) {
	cols := strings.Split(line, "|")
	if len(cols) != 4 {
		return nil, fmt.Errorf("functions.txt: %q has not four columns", line)
	}
	for i := range cols {
		cols[i] = strings.TrimSpace(cols[i])
	}
	name, rest, ok := strings.Cut(cols[0], "(")
	args, ok2 := strings.CutSuffix(rest, ")")
	if !ok || !ok2 {
		return nil, fmt.Errorf("functions.txt: %q is no signature", cols[0])
	}
	f := &builtinFunc{name: name, result: cols[1], null: cols[2], volatility: "immutable"}
	for _, a := range strings.Split(args, ",") {
		if a == "" {
			continue
		}
		var s argSpec
		if inner, ok := strings.CutPrefix(a, "["); ok {
			a, s.optional = strings.TrimSuffix(inner, "]"), true
		}
		a, s.repeat = strings.CutSuffix(a, "...")
		if len(a) != 1 || !strings.Contains("nisbdjgxlvfp2", a) {
			return nil, fmt.Errorf("functions.txt: %q has an argument %q", cols[0], a)
		}
		s.kind = a[0]
		f.args = append(f.args, s)
	}
	for _, w := range strings.Fields(cols[3]) {
		switch w {
		case "aggregate":
			f.kind = catalog.Aggregate
		case "window":
			f.kind = catalog.WindowFunc
		case "ordered":
			f.kind = catalog.OrderedSet
		case "stable", "volatile":
			f.volatility = w
		default:
			return nil, fmt.Errorf("functions.txt: %q has a word %q", line, w)
		}
	}
	if _, ok := nullRules[f.null]; !ok {
		return nil, fmt.Errorf("functions.txt: %q has a null rule %q", line, f.null)
	}
	if _, ok := resultRules[f.result]; !ok && !builtin[strings.TrimSuffix(f.result, " unsigned")] {
		return nil, fmt.Errorf("functions.txt: %q has a result %q", line, f.result)
	}
	return f, nil
}

// takes tells whether the function can be called with n arguments.
func (f *builtinFunc) takes(n int) bool {
	least, most := 0, 0
	for _, a := range f.args {
		switch {
		case a.repeat:
			most = 1 << 16
		case a.optional:
			most++
		default:
			least++
			most++
		}
	}
	return n >= least && n <= most
}

// arg is the specification of argument i; the last one repeats.
func (f *builtinFunc) arg(i int) argSpec {
	return f.args[min(i, len(f.args)-1)]
}

// argTypes are what an untyped argument becomes, by kind. x has none.
var argTypes = map[byte]types.Type{
	'n': double, '2': bigint, 'i': bigint, 's': varchar, 'f': varchar, 'b': varbinary, 'd': datetime, 'j': json, 'p': varchar,
	'g': geometry, 'l': boolean, 'v': bigint,
}

// String is the signature for messages.
func (f *builtinFunc) String() string {
	words := map[byte]string{'n': "number", '2': "number", 'i': "integer", 's': "string", 'f': "format", 'b': "bytes", 'd': "datetime",
		'j': "json", 'p': "path", 'g': "geometry", 'l': "condition", 'v': "interval", 'x': "any"}
	var b strings.Builder
	b.WriteString(f.name + "(")
	for i, a := range f.args {
		if i > 0 {
			b.WriteString(", ")
		}
		w := words[a.kind]
		if a.repeat {
			w += "…"
		}
		if a.optional {
			w = "[" + w + "]"
		}
		b.WriteString(w)
	}
	return b.String() + ")"
}

// Function resolves a call: a function of the user's, or one of the table.
func (s *semantics) Function(schema, name string, args []dialect.Operand, star bool) (dialect.Signature, dialect.Failure) {
	if s.in != nil {
		if list := s.in.Functions(schema, name); len(list) > 0 {
			return userFunction(list, args)
		}
	}
	if schema != "" {
		return dialect.Signature{}, dialect.NotFound
	}
	name = strings.ToLower(name)
	list := builtinFuncs()[name]
	if len(list) == 0 {
		return dialect.Signature{}, dialect.NotFound
	}
	if star {
		if name != "count" {
			return dialect.Signature{}, dialect.NoMatch
		}
		return dialect.Signature{Returns: bigint, Kind: catalog.Aggregate, Null: catalog.NullNever, Volatility: "immutable"}, dialect.OK
	}
	for _, f := range list {
		if f.takes(len(args)) {
			return f.resolve(args), dialect.OK
		}
	}
	return dialect.Signature{}, dialect.NoMatch
}

func (f *builtinFunc) resolve(args []dialect.Operand) dialect.Signature {
	sig := dialect.Signature{Kind: f.kind, Volatility: f.volatility, Args: make([]types.Type, len(args))}
	for i, a := range args {
		if a.Untyped() {
			sig.Args[i] = argTypes[f.arg(i).kind]
		} else {
			sig.Args[i] = a.Type
		}
	}
	if rule, ok := resultRules[f.result]; ok {
		sig.Returns = rule(args, sig.Args)
	} else {
		sig.Returns.Name, sig.Returns.Unsigned = strings.CutSuffix(f.result, " unsigned")
	}
	sig.Null = nullRules[f.null](f, args)
	sig.Class = f.class(args)
	sig.Moment = f.kind == catalog.Scalar && strings.HasSuffix(f.name, "_literal")
	if malformed(f, args) {
		switch sig.Null {
		case catalog.NullStrict:
			sig.Null = catalog.NullStrictPartial
		case catalog.NullFirst:
			sig.Null = catalog.NullMaybe
		}
	}
	return sig
}

// userFunction resolves a call of a stored function.
func userFunction(list []*catalog.Function, args []dialect.Operand) (dialect.Signature, dialect.Failure) {
	for _, f := range list {
		if len(f.Args) != len(args) && f.Language != "c" {
			continue
		}
		sig := dialect.Signature{Returns: f.Returns, Kind: f.Kind, Null: f.Null, Volatility: f.Volatility, Function: f, Columns: f.Columns}
		if sig.Volatility == "" {
			sig.Volatility = "volatile"
		}
		for i, a := range args {
			t := a.Type
			if a.Untyped() && i < len(f.Args) {
				t = f.Args[i].Type
			}
			sig.Args = append(sig.Args, t)
		}
		return sig, dialect.OK
	}
	return dialect.Signature{}, dialect.NoMatch
}

// Candidates lists the signatures of a name.
func (s *semantics) Candidates(schema, name string) []string {
	var out []string
	if s.in != nil {
		for _, f := range s.in.Functions(schema, name) {
			var args []string
			for _, a := range f.Args {
				args = append(args, strings.TrimSpace(a.Name+" "+a.Type.String()))
			}
			out = append(out, f.Name+"("+strings.Join(args, ", ")+")")
		}
	}
	if schema == "" {
		for _, f := range builtinFuncs()[strings.ToLower(name)] {
			out = append(out, f.String())
		}
	}
	return out
}

// FunctionNames lists the names that can be called.
func (s *semantics) FunctionNames() []string {
	var out []string
	for n := range builtinFuncs() {
		out = append(out, n)
	}
	if s.in != nil {
		for _, sc := range s.in.Schemas {
			for _, f := range sc.Functions {
				out = append(out, f.Name)
			}
		}
	}
	sort.Strings(out)
	return out
}
