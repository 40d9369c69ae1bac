package sqlite

import (
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// operand reads "INTEGER", "?" (a parameter), "NULL" or "'text'".
func operand(s string) dialect.Operand {
	switch {
	case s == "?":
		return dialect.Operand{Param: true}
	case s == "mixed":
		return dialect.Operand{Type: mixedType, Param: true}
	case s == "NULL":
		return dialect.Operand{Type: nullType, Null: types.Nullability{Null: types.Always}, Literal: &ir.Literal{}}
	case strings.HasPrefix(s, "'"):
		return dialect.Operand{Type: text, Null: types.NotNull, Literal: &ir.Literal{Kind: ir.String, Text: strings.Trim(s, "'")}}
	}
	return dialect.Operand{Type: typeNames[s], Null: types.NotNull}
}

// operandList reads operands that are separated by semicolons.
func operandList(s string) []dialect.Operand {
	var out []dialect.Operand
	for _, a := range strings.Split(s, ";") {
		if a = strings.TrimSpace(a); a != "" {
			out = append(out, operand(a))
		}
	}
	return out
}

func typeList(ts []types.Type) string {
	var out []string
	for _, t := range ts {
		if !t.Known() {
			out = append(out, "-")
		} else {
			out = append(out, t.Name)
		}
	}
	return strings.Join(out, " ")
}

// Calls have the types that the arguments give them, and parameters those of their place.
func TestFunctionTypes(t *testing.T) {
	for _, c := range []struct{ name, args, want, result string }{
		{"abs", "INTEGER", "INTEGER", "INTEGER"},
		{"abs", "TEXT", "TEXT", "NUMERIC"},
		{"abs", "?", "NUMERIC", "NUMERIC"},
		{"sum", "INTEGER", "INTEGER", "INTEGER"},
		{"sum", "REAL", "REAL", "REAL"},
		{"sum", "NUMERIC", "NUMERIC", "NUMERIC"},
		{"avg", "INTEGER", "INTEGER", "REAL"},
		{"total", "INTEGER", "INTEGER", "REAL"},
		{"count", "", "", "INTEGER"},
		{"max", "TEXT", "TEXT", "TEXT"},
		{"max", "INTEGER; REAL", "INTEGER REAL", "NUMERIC"},
		{"max", "INTEGER; ?", "INTEGER INTEGER", "INTEGER"},
		{"coalesce", "?; TEXT", "TEXT TEXT", "TEXT"},
		{"coalesce", "TEXT; NULL", "TEXT any", "TEXT"},
		{"coalesce", "?; ?", "- -", "any"},
		{"ifnull", "INTEGER; TEXT", "INTEGER TEXT", "any"},
		{"nullif", "TEXT; ?", "TEXT TEXT", "TEXT"},
		{"iif", "INTEGER; TEXT; ?", "INTEGER TEXT TEXT", "TEXT"},
		{"iif", "INTEGER; TEXT; INTEGER; TEXT; ?", "INTEGER TEXT INTEGER TEXT TEXT", "TEXT"},
		{"lag", "TEXT; INTEGER; ?", "TEXT INTEGER TEXT", "TEXT"},
		{"first_value", "BLOB", "BLOB", "BLOB"},
		{"substr", "TEXT; ?; ?", "TEXT INTEGER INTEGER", "TEXT"},
		{"substr", "BLOB; INTEGER", "BLOB INTEGER", "BLOB"},
		{"LENGTH", "?", "TEXT", "INTEGER"},
		{"unixepoch", "'now'", "TEXT", "INTEGER"},
		{"unixepoch", "'now'; 'subsec'", "TEXT TEXT", "REAL"},
		{"datetime", "?; ?", "- TEXT", "TEXT"},
		{"json_extract", "?; ?", "TEXT TEXT", "any"},
		{"printf", "'%d'; ?", "TEXT -", "TEXT"},
	} {
		sig, failure := semantics{}.Function("", c.name, operandList(c.args), false)
		if failure != dialect.OK {
			t.Errorf("%s(%s): %v", c.name, c.args, failure)
			continue
		}
		if got := typeList(sig.Args); got != c.want {
			t.Errorf("%s(%s) takes %s, want %s", c.name, c.args, got, c.want)
		}
		if got := sig.Returns.String(); got != c.result {
			t.Errorf("%s(%s) is %s, want %s", c.name, c.args, got, c.result)
		}
	}
}

// A date function is never NULL where all its arguments are constants that are understood.
func TestDatesOfNowAreNeverNull(t *testing.T) {
	for _, c := range []struct {
		name, args string
		want       catalog.NullRule
	}{
		{"date", "", catalog.NullNever},
		{"datetime", "'now'", catalog.NullNever},
		{"datetime", "'NOW'; '+1 day'; 'start of month'", catalog.NullNever},
		{"datetime", "'now'; 'gibberish'", catalog.NullStrictPartial},
		{"datetime", "'now'; ?", catalog.NullStrictPartial},
		{"datetime", "TEXT", catalog.NullStrictPartial},
		{"strftime", "'%s'; 'now'", catalog.NullNever},
		{"strftime", "'%s'", catalog.NullNever},
		{"strftime", "'%L'; 'now'", catalog.NullStrictPartial},
		{"strftime", "TEXT; 'now'", catalog.NullStrictPartial},
		{"unixepoch", "'subsec'", catalog.NullNever},
		{"julianday", "'2024-13-01'", catalog.NullStrictPartial},
	} {
		sig, failure := semantics{}.Function("", c.name, operandList(c.args), false)
		if failure != dialect.OK || sig.Null != c.want {
			t.Errorf("%s(%s): null rule %d, want %d", c.name, c.args, sig.Null, c.want)
		}
	}
}

func TestOperatorTypes(t *testing.T) {
	for _, c := range []struct{ op, operands, want, result string }{
		{"+", "INTEGER; INTEGER", "INTEGER INTEGER", "INTEGER"},
		{"*", "INTEGER; REAL", "INTEGER REAL", "REAL"},
		{"-", "INTEGER; TEXT", "INTEGER TEXT", "NUMERIC"},
		{"+", "INTEGER; ?", "INTEGER INTEGER", "INTEGER"},
		{"+", "?; ?", "NUMERIC NUMERIC", "NUMERIC"},
		{"/", "REAL; ?", "REAL REAL", "REAL"},
		{"||", "?; TEXT", "TEXT TEXT", "TEXT"},
		{"=", "TEXT; ?", "TEXT TEXT", "INTEGER"},
		{"&", "?; INTEGER", "INTEGER INTEGER", "INTEGER"},
		{"LIKE", "TEXT; ?", "TEXT TEXT", "INTEGER"},
		{"NOT LIKE", "TEXT; ?; ?", "TEXT TEXT TEXT", "INTEGER"},
		{"->", "TEXT; 'a'", "TEXT TEXT", "TEXT"},
		{"->>", "TEXT; ?", "TEXT -", "any"},
		{"IS DISTINCT FROM", "?; BLOB", "BLOB BLOB", "INTEGER"},
		{"-", "REAL", "REAL", "REAL"},
		{"~", "?", "INTEGER", "INTEGER"},
		{"+", "TEXT", "TEXT", "TEXT"},
	} {
		sig, failure := semantics{}.Operator(c.op, operandList(c.operands))
		if failure != dialect.OK {
			t.Errorf("%s over %s: %v", c.op, c.operands, failure)
			continue
		}
		if got := typeList(sig.Args); got != c.want {
			t.Errorf("%s over %s takes %s, want %s", c.op, c.operands, got, c.want)
		}
		if got := sig.Returns.String(); got != c.result {
			t.Errorf("%s over %s is %s, want %s", c.op, c.operands, got, c.result)
		}
	}
	if _, failure := (semantics{}).Operator("@>", operandList("TEXT; TEXT")); failure != dialect.NotFound {
		t.Errorf("@> is resolved: %v", failure)
	}
}

// What does not exist, or takes other numbers of arguments, fails and offers signatures.
func TestFailuresOfCalls(t *testing.T) {
	sem := New().Semantics(New().NewSnapshot())
	for _, c := range []struct {
		name, args string
		star       bool
		want       dialect.Failure
		candidates string
	}{
		{"nonsense", "TEXT", false, dialect.NotFound, ""},
		{"substr", "TEXT", false, dialect.NoMatch, "substr(TEXT, INTEGER[, INTEGER])"},
		{"max", "", true, dialect.NoMatch, "max(any, any[, any …]); max(any)"},
		{"count", "", true, dialect.OK, "count(); count(any)"},
		{"json_each", "?; ?", false, dialect.OK, "json_each(json, root)"},
		{"json_each", "?; ?; ?", false, dialect.NoMatch, "json_each(json, root)"},
		{"pragma_table_info", "'t'", false, dialect.OK, "pragma_table_info(arg, schema)"},
	} {
		_, failure := sem.Function("", c.name, operandList(c.args), c.star)
		if failure != c.want {
			t.Errorf("%s(%s): %v, want %v", c.name, c.args, failure, c.want)
		}
		if got := strings.Join(sem.Candidates("", c.name), "; "); got != c.candidates {
			t.Errorf("%s: candidates %s, want %s", c.name, got, c.candidates)
		}
	}
}

// Functions that the user declared come before the engine's.
func TestDeclaredFunctions(t *testing.T) {
	snap := New().NewSnapshot()
	snap.Add("main", nil, nil, []*catalog.Function{
		{Name: "distance", Args: []catalog.FuncArg{{Type: real}, {Type: real}}, Returns: real, Null: catalog.NullStrict},
		{Name: "regexp", Args: []catalog.FuncArg{{Type: text}, {Type: text}}, Returns: integer, Null: catalog.NullNever},
	})
	sem := New().Semantics(snap)
	sig, failure := sem.Function("", "Distance", operandList("?; REAL"), false)
	if failure != dialect.OK || sig.Returns != real || typeList(sig.Args) != "REAL REAL" || sig.Function == nil {
		t.Errorf("distance: %v %+v", failure, sig)
	}
	if _, failure := sem.Function("", "distance", operandList("REAL"), false); failure != dialect.NoMatch {
		t.Errorf("distance of one: %v", failure)
	}
	if sig, _ := sem.Function("", "regexp", operandList("TEXT; ?"), false); sig.Null != catalog.NullNever {
		t.Errorf("the declared regexp is not taken: %+v", sig)
	}
}

func TestCommonTypes(t *testing.T) {
	for _, c := range []struct{ operands, want string }{
		{"INTEGER; INTEGER", "INTEGER"},
		{"INTEGER; NULL; ?", "INTEGER"},
		{"INTEGER; REAL", "NUMERIC"},
		{"NUMERIC; REAL", "NUMERIC"},
		{"INTEGER; TEXT", "any"},
		{"any; TEXT", "any"},
		{"NULL; ?", "any"},
		{"mixed; INTEGER", "any"},
	} {
		got, ok := semantics{}.Common(operandList(c.operands))
		if !ok || got.String() != c.want {
			t.Errorf("common of %s is %s, want %s", c.operands, got, c.want)
		}
	}
	// A parameter beside values without a common type is still open.
	if got, _ := (semantics{}).Common(operandList("TEXT; ?; NUMERIC")); !(dialect.Operand{Type: got}).Untyped() {
		t.Errorf("the parameter is closed as %s", got)
	}
}
