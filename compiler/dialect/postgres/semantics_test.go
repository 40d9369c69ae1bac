package postgres

import (
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

func named(parts ...string) ir.TypeName {
	var t ir.TypeName
	for _, p := range parts {
		t.Name.Parts = append(t.Name.Parts, ir.Ident{Name: p})
	}
	return t
}

// withExtensions is a snapshot that has extensions, as a schema file makes it.
func withExtensions(names ...string) *catalog.Snapshot {
	in := newSnapshot()
	for _, n := range names {
		defs, functions, _ := extension(n)
		in.Extensions = append(in.Extensions, n)
		in.Add("public", nil, defs, functions)
		for _, d := range defs {
			d.Extension = n
		}
	}
	return in
}

func TestTypeNamesResolve(t *testing.T) {
	in := resolutionCatalog()
	citext := withExtensions("citext")
	for _, c := range []struct {
		in   *catalog.Snapshot
		name ir.TypeName
		want string
		kind types.Kind
	}{
		{in, named("pg_catalog", "int4"), "int4", types.Base},
		{in, named("bigserial"), "int8", types.Base},
		{in, named("timestamp with time zone"), "timestamptz", types.Base},
		{in, named("_text"), "text[]", types.Base},
		{in, named("mood"), "conformance.mood", types.Enum},
		{in, named("_mood"), "conformance.mood[]", types.Enum},
		{in, named("conformance", "dtext"), "conformance.dtext", types.Domain},
		{in, named("tab"), "conformance.tab", types.Composite},
		{in, named("floatmultirange"), "conformance.floatmultirange", types.Range},
		{in, named("information_schema", "sql_identifier"), "name", types.Base},
		{in, named("pg_class"), "pg_catalog.pg_class", types.Composite},
		{in, named("void"), "void", types.Pseudo},
		{in, named("citext"), "any", types.Base},
		{citext, named("citext"), "citext", types.Base},
		{citext, named("public", "citext"), "citext", types.Base},
	} {
		got := resolveType(c.name, c.in)
		if got.Qualified() != c.want || got.Kind != c.kind {
			t.Errorf("%s: got %s of kind %d, want %s of kind %d", c.name.Name, got.Qualified(), got.Kind, c.want, c.kind)
		}
	}
	n := named("numeric")
	n.Mods = []int32{10, 2}
	if got := resolveType(n, in); got.Length != 10 || got.Scale != 2 {
		t.Errorf("numeric(10,2) has %d and %d", got.Length, got.Scale)
	}
	p := named("tab", "name")
	p.PercentType = true
	if got := resolveType(p, in); got != textType {
		t.Errorf("tab.name%%TYPE is %s", got)
	}
}

// operands reads "int4 ? 'x'": types, a parameter, a literal.
func operands(s *semantics, text string) []dialect.Operand {
	var out []dialect.Operand
	for _, f := range strings.Fields(text) {
		name, value, isNamed := strings.Cut(f, "=>")
		if !isNamed {
			name, value = "", f
		}
		o := dialect.Operand{Name: name}
		if rest, ok := strings.CutPrefix(value, "variadic:"); ok {
			o.Variadic, value = true, rest
		}
		switch {
		case value == "?":
			o.Param = true
		case value[0] == '\'':
			o.Type, o.Literal = unknownType, &ir.Literal{Kind: ir.String, Text: strings.Trim(value, "'")}
		default:
			o.Type = caseType(s, value)
		}
		out = append(out, o)
	}
	return out
}

func TestCallsThatTheServerCasesDoNotHold(t *testing.T) {
	s := makeSemantics(resolutionCatalog())
	ext := makeSemantics(withExtensions("citext", "pg_trgm", "vector", "hstore", "postgis", "uuid-ossp", "ltree"))
	for _, c := range []struct {
		s          *semantics
		name, args string
		want       string // result, then the arguments as taken
		null       catalog.NullRule
	}{
		{s, "percentile_cont", "numeric int4", "float8: float8 float8", catalog.NullAggregate},
		{s, "percentile_disc", "'0.5' text", "!3", 0},
		{s, "percentile_disc", "numeric text", "text: float8 text", catalog.NullAggregate},
		{s, "mode", "mood", "mood: mood", catalog.NullAggregate},
		{s, "rank", "int4", "int8: int4", catalog.NullNever},
		{s, "make_interval", "days=>int4", "interval: int4", catalog.NullStrict},
		{s, "make_interval", "days=>?", "interval: int4", catalog.NullStrict},
		{s, "make_interval", "nothing=>int4", "!2", 0},
		{s, "named", "int4 'x' int4 ?", "numeric: int4 text numeric numeric", catalog.NullMaybe},
		{s, "named", "b=>? a=>?", "numeric: text int4", catalog.NullMaybe},
		{s, "concat", "int4 'x'", "text: int4 text", catalog.NullNever},
		{s, "concat", "variadic:text[]", "text: text[]", catalog.NullMaybe},
		{s, "concat", "?", "text: any", catalog.NullNever},
		{s, "coalesce", "? int4", "int4: int4 int4", catalog.NullCoalesce},
		{s, "greatest", "int4 int8 numeric", "numeric: numeric numeric numeric", catalog.NullCoalesce},
		{s, "coalesce", "int4 text", "!2", 0},
		{s, "extract", "'year' timestamptz", "numeric: text timestamptz", catalog.NullStrict},
		{s, "extract", "'hour' timestamptz", "numeric: text timestamptz", catalog.NullStrictPartial},
		{s, "extract", "'hour' time", "numeric: text time", catalog.NullStrict},
		{s, "to_char", "int4 '999'", "text: int4 text", catalog.NullStrict},
		{s, "to_char", "timestamptz 'YYYY'", "text: timestamptz text", catalog.NullStrictPartial},
		{s, "lower", "int4range", "int4: int4range", catalog.NullStrictPartial},
		{s, "lower", "dtext", "text: text", catalog.NullStrict},
		{s, "current_timestamp", "", "timestamptz: ", catalog.NullNever},
		{s, "unnest", "text[]", "text: text[]", catalog.NullMaybe},
		{s, "any_value", "text", "text: text", catalog.NullAggregate},
		{s, "uuidv7", "", "uuid: ", catalog.NullNever},
		{s, "json_object", "text[]", "json: text[]", catalog.NullStrict},
		{s, "json_object", "'a' int4", "json: text int4", catalog.NullNever},
		{s, "text", "int4", "text: text", catalog.NullStrict},
		{s, "a", "comp", "int4: comp", catalog.NullStrictPartial},
		{s, "floatrange", "int4 ?", "floatrange: float8 float8", catalog.NullNever},
		{s, "lower", "floatrange", "float8: floatrange", catalog.NullStrictPartial},
		{s, "no_such", "int4", "!1", 0},
		{s, "length", "int4", "!2", 0},
		{s, "similarity", "text text", "!1", 0},
		{ext, "similarity", "text ?", "float4: text text", catalog.NullStrict},
		{ext, "lower", "citext", "text: text", catalog.NullStrict},
		{ext, "split_part", "citext citext int4", "text: citext citext int4", catalog.NullStrictPartial},
		{ext, "uuid_generate_v4", "", "uuid: ", catalog.NullNever},
		{ext, "st_setsrid", "geometry ?", "geometry: geometry int4", catalog.NullStrict},
		{ext, "cosine_distance", "vector ?", "float8: vector vector", catalog.NullStrict},
		{ext, "nlevel", "ltree", "int4: ltree", catalog.NullStrict},
	} {
		sig, failure := c.s.Function("", c.name, operands(c.s, c.args), false)
		got := "!" + string(rune('0'+failure))
		if failure == dialect.OK {
			got = sig.Returns.String() + ": "
			for i, a := range sig.Args {
				if i > 0 {
					got += " "
				}
				got += a.String()
			}
		}
		if got != c.want || failure == dialect.OK && sig.Null != c.null {
			t.Errorf("%s(%s): got %q with rule %d, want %q with rule %d", c.name, c.args, got, sig.Null, c.want, c.null)
		}
	}
}

func TestOperatorsOfExtensionsAndForms(t *testing.T) {
	s := makeSemantics(withExtensions("citext", "vector", "hstore", "pg_trgm"))
	for _, c := range []struct {
		op, args, want string
		null           catalog.NullRule
	}{
		{"=", "citext ?", "bool: citext citext", catalog.NullStrict},
		{"=", "citext text", "bool: text text", catalog.NullStrict},
		{"<->", "vector ?", "float8: vector vector", catalog.NullStrict},
		{"->", "hstore 'a'", "text: hstore text", catalog.NullStrictPartial},
		{"%", "text ?", "bool: text text", catalog.NullStrict},
		{"LIKE", "text ?", "bool: text text", catalog.NullStrict},
		{"NOT ILIKE", "citext ?", "bool: citext citext", catalog.NullStrict},
		{"IS DISTINCT FROM", "int4 ?", "bool: int4 int4", catalog.NullNever},
		{"[]", "text[] ?", "text: text[] int4", catalog.NullStrictPartial},
		{"[:]", "text[] int4 int4", "text[]: text[] int4 int4", catalog.NullStrictPartial},
		{"[]", "jsonb 'a'", "jsonb: jsonb text", catalog.NullStrictPartial},
		{"[]", "point int4", "float8: point int4", catalog.NullStrictPartial},
		{"||", "int4[] ?", "int4[]: int4[] int4[]", catalog.NullCoalesce},
		{"-", "int4", "int4: int4", catalog.NullStrict},
	} {
		sig, failure := s.Operator(c.op, operands(s, c.args))
		got := "!" + string(rune('0'+failure))
		if failure == dialect.OK {
			got = sig.Returns.String() + ": "
			for i, a := range sig.Args {
				if i > 0 {
					got += " "
				}
				got += a.String()
			}
		}
		if got != c.want || sig.Null != c.null {
			t.Errorf("%s (%s): got %q with rule %d, want %q with rule %d", c.op, c.args, got, sig.Null, c.want, c.null)
		}
	}
}

// A type that the schema's files do not declare gives one warning, there, and no error in
// each query that touches it.
func TestUndeclaredTypesAreNoErrorInQueries(t *testing.T) {
	s := makeSemantics(newSnapshot())
	citext, own := types.Type{Name: "citext"}, types.Type{Name: "nobody_knows"}
	param := dialect.Operand{Param: true}
	if sig, failure := s.Operator("=", []dialect.Operand{{Type: citext}, param}); failure != dialect.OK || sig.Args[1] != citext || sig.Returns != boolType {
		t.Errorf("citext = $1: %v %v", sig, failure)
	}
	if sig, failure := s.Operator("=", []dialect.Operand{{Type: own}, param}); failure != dialect.OK || sig.Args[1] != own || sig.Returns != boolType {
		t.Errorf("nobody_knows = $1: %v %v", sig, failure)
	}
	if sig, failure := s.Function("", "lower", []dialect.Operand{{Type: citext}}, false); failure != dialect.OK || sig.Returns != textType {
		t.Errorf("lower(citext): %v %v", sig, failure)
	}
	if !s.Assignable(textType, own) || !s.Castable(own, int4Type) || !s.Assignable(textType, citext) {
		t.Error("nothing can be stored in an undeclared type")
	}
	if _, failure := s.Operator("=", []dialect.Operand{{Type: textType}, {Type: int4Type}}); failure == dialect.OK {
		t.Error("text = int4")
	}
}

func TestSystemCatalogsAreFoundWhenAskedFor(t *testing.T) {
	in := newSnapshot()
	for name, want := range map[[2]string]string{
		{"", "pg_class"}: "pg_catalog", {"pg_catalog", "pg_type"}: "pg_catalog", {"information_schema", "columns"}: "information_schema",
	} {
		table := in.Table(name[0], name[1])
		if table == nil || table.Schema != want || len(table.Columns) == 0 {
			t.Errorf("%v: got %v", name, table)
		}
	}
	if in.Table("", "columns") != nil {
		t.Error("columns was found without information_schema")
	}
	if c := in.Table("information_schema", "tables").Column("table_name", false); c == nil || c.Type != nameType {
		t.Errorf("information_schema.tables.table_name is %v", c)
	}
	if c := in.Table("", "pg_class").Column("relname", false); !c.NotNull {
		t.Error("pg_class.relname may be NULL")
	}
	if in.Table("", "pg_stat_statements") == nil {
		t.Error("pg_stat_statements was not found")
	}
}

// The data is read a line at a time: a run of the compiler pays this once.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		makeIndex(dataFile("functions.txt"), '(')
		makeIndex(dataFile("operators.txt"), ' ')
		makeIndex(dataFile("relations.txt"), ' ')
		readTypes(dataFile("types.txt"))
		readCasts(dataFile("casts.txt"))
	}
}

func BenchmarkOperator(b *testing.B) {
	s := makeSemantics(newSnapshot())
	args := []dialect.Operand{{Type: int8Type}, {Param: true}}
	for b.Loop() {
		s.Operator("=", args)
	}
}

func BenchmarkAmbiguousOperator(b *testing.B) {
	s := makeSemantics(newSnapshot())
	args := []dialect.Operand{{Type: types.Type{Name: "timestamptz"}}, {Type: types.Type{Name: "date"}}}
	for b.Loop() {
		s.Operator("<", args)
	}
}
