package sqlite

import (
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// Function resolves a call: functions that the user declared, then the engine's own, then
// table functions. SQLite chooses by the number of arguments alone.
func (s semantics) Function(schema, name string, args []dialect.Operand, star bool) (dialect.Signature, dialect.Failure) {
	failure := dialect.NotFound
	if s.in != nil {
		for _, f := range s.in.Functions(schema, name) {
			if sig, ok := declaredSignature(f, args); ok {
				return sig, dialect.OK
			}
			failure = dialect.NoMatch
		}
	}
	name = strings.ToLower(name)
	for _, f := range functions[name] {
		failure = dialect.NoMatch
		if f.takes(len(args)) && (!star || len(args) == 0) {
			return f.signature(args), dialect.OK
		}
	}
	if t, ok := tableFunctionOf(name); ok {
		if len(args) > t.args() {
			return dialect.Signature{}, dialect.NoMatch
		}
		return t.signature(args), dialect.OK
	}
	return dialect.Signature{}, failure
}

// signature resolves f over operands that it takes.
func (f *function) signature(args []dialect.Operand) dialect.Signature {
	sig := dialect.Signature{Kind: f.kind, Null: f.null, Volatility: f.volatility, Subtypes: f.subtypes}
	ts := make([]types.Type, len(args))
	for i, a := range args {
		ts[i] = a.Type
		if !a.Untyped() {
			continue
		}
		switch want := f.argument(i); {
		case a.Type == mixedType:
			ts[i] = anyType
		case !a.Param:
			ts[i] = nullType
		case want != anyType:
			ts[i] = want
		default:
			ts[i] = types.Type{}
		}
	}
	f.shareTypes(args, ts)
	sig.Args = ts
	if t, ok := typeNames[f.result]; ok {
		sig.Returns = t
	} else {
		sig.Returns = resultTypes[f.result](ts)
	}
	f.size(&sig, args)
	sig.Class = f.class(args)
	if adjust := adjustments[f.name]; adjust != nil {
		adjust(&sig, args)
	}
	return sig
}

// shareTypes gives the parameters among operands that must be of one kind the type of the
// others: coalesce(?, name) takes a name.
func (f *function) shareTypes(args []dialect.Operand, ts []types.Type) {
	var together []int
	switch f.result {
	case "common":
		for i := range args {
			together = append(together, i)
		}
	case "lag":
		if len(args) == 3 {
			together = []int{0, 2}
		}
	case "iif":
		for i := range args {
			if i%2 == 1 || i == len(args)-1 {
				together = append(together, i)
			}
		}
	case "first":
		if f.name == "nullif" {
			together = []int{0, 1}
		}
	}
	var known []types.Type
	for _, i := range together {
		if typed(ts[i]) {
			known = append(known, ts[i])
		}
	}
	if len(known) == 0 {
		return
	}
	t := commonType(known)
	if !typed(t) {
		return
	}
	for _, i := range together {
		if args[i].Param && !ts[i].Known() {
			ts[i] = t
		}
	}
}

// declaredSignature resolves a function of the catalog.
func declaredSignature(f *catalog.Function, args []dialect.Operand) (dialect.Signature, bool) {
	want := 0
	for _, a := range f.Args {
		if !a.HasDefault {
			want++
		}
	}
	if len(args) < want || len(args) > len(f.Args) && !f.Variadic {
		return dialect.Signature{}, false
	}
	sig := dialect.Signature{
		Returns: f.Returns, ReturnsSet: f.ReturnsSet, Columns: f.Columns, Kind: f.Kind,
		Null: f.Null, Volatility: f.Volatility, Function: f,
	}
	if f.Strict && f.Null == catalog.NullMaybe {
		sig.Null = catalog.NullStrictPartial
	}
	for i, a := range args {
		t := a.Type
		if a.Untyped() && len(f.Args) > 0 {
			t = f.Args[min(i, len(f.Args)-1)].Type
		}
		sig.Args = append(sig.Args, t)
	}
	return sig, true
}

// adjustments refine signatures by the operands.
var adjustments = map[string]func(*dialect.Signature, []dialect.Operand){
	"date":      dateNull,
	"time":      dateNull,
	"datetime":  dateNull,
	"julianday": dateNull,
	"unixepoch": func(sig *dialect.Signature, args []dialect.Operand) {
		for _, a := range args {
			if s, ok := stringLiteral(a); ok && subsecond[strings.ToLower(s)] {
				sig.Returns = real
			}
		}
		dateNull(sig, args)
	},
	"strftime": func(sig *dialect.Signature, args []dialect.Operand) {
		if format, ok := stringLiteral(args[0]); ok && knownFormat(format) {
			dateNull(sig, args[1:])
		}
	},
	"format":    formatNull,
	"printf":    formatNull,
	"substr":    pieceNull,
	"substring": pieceNull,
	"replace":   replaceNull,
	// Of several paths there is an array, with null for what is not there.
	"json_extract":      severalPaths,
	"jsonb_extract":     severalPaths,
	"json_array_length": ofWhole,
	"json_type":         ofWhole,
	"json_remove":       ofRest,
	"jsonb_remove":      ofRest,
	"asinh":             ofNumbers,
	"atan":              ofNumbers,
	"atan2":             ofNumbers,
	"ceil":              ofNumbers,
	"ceiling":           ofNumbers,
	"cosh":              ofNumbers,
	"degrees":           ofNumbers,
	"exp":               ofNumbers,
	"floor":             ofNumbers,
	"radians":           ofNumbers,
	"sign":              ofNumbers,
	"sinh":              ofNumbers,
	"tanh":              ofNumbers,
	"trunc":             ofNumbers,
	"cos":               ofFinite,
	"sin":               ofFinite,
	"tan":               ofFinite,
	"like":              func(sig *dialect.Signature, args []dialect.Operand) { patternNull(sig, args) },
	"glob":              func(sig *dialect.Signature, args []dialect.Operand) { patternNull(sig, args) },
}

// ofNumbers: functions that are defined for each number are NULL for what is none.
func ofNumbers(sig *dialect.Signature, args []dialect.Operand) {
	for _, a := range args {
		if classOf(a) < dialect.Number {
			return
		}
	}
	sig.Null = catalog.NullStrict
}

// ofFinite is ofNumbers for those that are not defined for an infinity.
func ofFinite(sig *dialect.Signature, args []dialect.Operand) {
	for i, a := range args {
		if sizeOf(a, sig, i) > realDigits {
			return
		}
	}
	ofNumbers(sig, args)
}

// ofWhole: a JSON value has a type and a length, what a path finds may be nothing.
func ofWhole(sig *dialect.Signature, args []dialect.Operand) {
	if len(args) == 1 {
		sig.Null = catalog.NullStrict
	}
}

// ofRest: of what is removed all is gone only where a path is the whole.
func ofRest(sig *dialect.Signature, args []dialect.Operand) {
	for _, a := range args[1:] {
		if path, ok := stringLiteral(a); !ok || path == "$" {
			return
		}
	}
	sig.Null = catalog.NullStrict
}

func severalPaths(sig *dialect.Signature, args []dialect.Operand) {
	if len(args) > 2 {
		sig.Null = catalog.NullStrict
	}
}

// replaceNull: where there is nothing to look for, replace does not look at what to put there.
func replaceNull(sig *dialect.Signature, args []dialect.Operand) {
	if pattern, ok := stringLiteral(args[1]); (!ok || pattern == "") && !args[2].Null.IsNever() {
		sig.Null = catalog.NullMaybe
	}
}

// patternNull: LIKE and GLOB are false for a BLOB, also beside a NULL. A column of any type may
// hold one, where its table is not STRICT.
func patternNull(sig *dialect.Signature, args []dialect.Operand) {
	for i, a := range args {
		for j, other := range args {
			if i != j && !a.Null.IsNever() && classOf(other) == dialect.AnyValue && !other.Param {
				sig.Null = catalog.NullMaybe
			}
		}
	}
}

// pieceNull: a piece of an empty BLOB is NULL. A column of texts is taken to hold none, but to cut
// what else it holds may make one.
func pieceNull(sig *dialect.Signature, args []dialect.Operand) {
	if a := args[0]; sig.Returns != text || !a.Stored && !a.Param && classOf(a) == dialect.AnyValue {
		sig.Null = catalog.NullStrictPartial
	}
}

// formatNull: printf is NULL where it writes nothing at all, not even an empty string: for
// an empty format, and for one that starts with a conversion which does not exist.
func formatNull(sig *dialect.Signature, args []dialect.Operand) {
	sig.Null = catalog.NullMaybe
	if len(args) == 0 {
		sig.Null = catalog.NullAlways
		return
	}
	format, ok := stringLiteral(args[0])
	if !ok || format == "" {
		return
	}
	if rest, conversion := strings.CutPrefix(format, "%"); conversion {
		rest = strings.TrimLeft(rest, "-+ 0#!,123456789.")
		if rest == "" || strings.IndexByte(conversions, rest[0]) < 0 {
			return
		}
	}
	sig.Null = catalog.NullNever
}

// conversions are the letters that end a conversion of printf.
const conversions = "dsgqQwcouxXfeEGip%"

// dateNull says that a date function whose arguments are known to be understood is never
// NULL: no arguments, or a constant time and constant modifiers.
func dateNull(sig *dialect.Signature, args []dialect.Operand) {
	for i, a := range args {
		s, ok := stringLiteral(a)
		switch {
		case i == 0 && !knownTime(a), i > 0 && (!ok || !knownModifier(s)), i > manyModifiers:
			return
		}
	}
	sig.Null = catalog.NullNever
}

// knownTime tells a constant that is surely a time of the years 1000 to 2999, in which some
// modifiers leave it within the calendar of SQLite.
func knownTime(o dialect.Operand) bool {
	switch l := o.Literal; {
	case l == nil:
		return false
	case l.Kind == ir.String:
		return strings.EqualFold(l.Text, "now") || subsecond[strings.ToLower(l.Text)] || writtenTime.MatchString(l.Text)
	case l.Kind == ir.Integer, l.Kind == ir.Decimal, l.Kind == ir.Float:
		day, err := strconv.ParseFloat(l.Text, 64)
		return err == nil && day >= 2086303 && day < 2816787
	}
	return false
}

var writtenTime = regexp.MustCompile(`^[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([ T]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?)?$`)

// manyModifiers is how many modifiers are looked into: each moves by less than a thousand years.
const manyModifiers = 3

func stringLiteral(o dialect.Operand) (string, bool) {
	if o.Literal == nil || o.Literal.Kind != ir.String {
		return "", false
	}
	return o.Literal.Text, true
}

var subsecond = map[string]bool{"subsec": true, "subsecond": true}

var plainModifiers = map[string]bool{
	"start of month": true, "start of year": true, "start of day": true, "utc": true, "localtime": true,
	"subsec": true, "subsecond": true, "ceiling": true, "floor": true,
}

var modifierUnits = map[string]bool{"second": true, "minute": true, "hour": true, "day": true, "month": true, "year": true}

// knownModifier tells whether a modifier surely applies to 'now': a plain one, or a small
// number of units.
func knownModifier(s string) bool {
	s = strings.ToLower(s)
	if plainModifiers[s] {
		return true
	}
	f := strings.Fields(s)
	if len(f) != 2 || !modifierUnits[strings.TrimSuffix(f[1], "s")] {
		return false
	}
	digits := strings.TrimLeft(f[0], "+-")
	return len(f[0])-len(digits) <= 1 && len(digits) > 0 && len(digits) <= 4 && strings.Trim(digits, "0123456789") == "" &&
		(!strings.HasPrefix(f[1], "year") || len(digits) <= 3)
}

// formatLetters are what strftime understands behind %.
const formatLetters = "defFgGHIjJklmMpPRsSTuUVwWY%"

func knownFormat(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			continue
		}
		if i++; i >= len(s) || strings.IndexByte(formatLetters, s[i]) < 0 {
			return false
		}
	}
	return s != ""
}

// Candidates lists the signatures of a name.
func (s semantics) Candidates(schema, name string) []string {
	var out []string
	if s.in != nil {
		for _, f := range s.in.Functions(schema, name) {
			var args []string
			for _, a := range f.Args {
				args = append(args, a.Type.String())
			}
			out = append(out, f.Name+"("+strings.Join(args, ", ")+")")
		}
	}
	for _, f := range functions[strings.ToLower(name)] {
		out = append(out, f.String())
	}
	if t, ok := tableFunctionOf(strings.ToLower(name)); ok {
		out = append(out, t.String())
	}
	return out
}

// FunctionNames lists the names of all functions, sorted.
func (s semantics) FunctionNames() []string {
	var out []string
	for name := range functions {
		out = append(out, name)
	}
	for name := range tableFunctions {
		out = append(out, name)
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
