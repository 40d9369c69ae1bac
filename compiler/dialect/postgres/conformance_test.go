package postgres

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

var update = flag.Bool("update", false, "write testdata/resolution.txt from the server's answers")

const (
	resolutionFile   = "testdata/resolution.txt"
	resolutionSchema = `
		DROP SCHEMA IF EXISTS conformance CASCADE; CREATE SCHEMA conformance; SET search_path = conformance;
		CREATE TYPE mood AS ENUM ('sad', 'happy');
		CREATE DOMAIN dtext AS text; CREATE DOMAIN dint AS int4; CREATE DOMAIN dpos AS dint; CREATE DOMAIN darr AS int4[];
		CREATE TYPE comp AS (a int4, b text);
		CREATE TYPE floatrange AS RANGE (subtype = float8);
		CREATE TABLE tab (id int8, name text);
		CREATE FUNCTION own(int4) RETURNS text LANGUAGE sql AS 'SELECT NULL::text';
		CREATE FUNCTION own(text) RETURNS int4 LANGUAGE sql AS 'SELECT NULL::int4';
		CREATE FUNCTION named(a int4, b text DEFAULT 'x', VARIADIC c numeric[] DEFAULT '{}') RETURNS numeric LANGUAGE sql AS 'SELECT NULL::numeric';
		CREATE FUNCTION length(mood) RETURNS int8 LANGUAGE sql AS 'SELECT NULL::int8';`
)

// resolutionCatalog is the same schema as a snapshot.
func resolutionCatalog() *catalog.Snapshot {
	in := newSnapshot()
	in.SearchPath, in.DefaultSchema = []string{"conformance"}, "conformance"
	text, int4 := textType, int4Type
	user := func(name string, kind types.Kind) types.Type {
		return types.Type{Schema: "conformance", Name: name, Kind: kind}
	}
	in.Add("conformance",
		[]*catalog.Table{{Name: "tab", Columns: []*catalog.Column{{Name: "id", Type: int8Type}, {Name: "name", Type: text}}}},
		[]*catalog.TypeDef{
			{Name: "mood", Kind: types.Enum, Values: []string{"sad", "happy"}},
			{Name: "dtext", Kind: types.Domain, Base: text}, {Name: "dint", Kind: types.Domain, Base: int4},
			{Name: "dpos", Kind: types.Domain, Base: user("dint", types.Domain)}, {Name: "darr", Kind: types.Domain, Base: int4.Array()},
			{Name: "comp", Kind: types.Composite, Columns: []*catalog.Column{{Name: "a", Type: int4}, {Name: "b", Type: text}}},
			{Name: "floatrange", Kind: types.Range, Subtype: types.Type{Name: "float8"}},
			{Name: "floatmultirange", Kind: types.Range, Subtype: types.Type{Name: "float8"}, Multirange: true},
		},
		[]*catalog.Function{
			{Name: "own", Args: []catalog.FuncArg{{Type: int4}}, Returns: text},
			{Name: "own", Args: []catalog.FuncArg{{Type: text}}, Returns: int4},
			{Name: "named", Args: []catalog.FuncArg{{Name: "a", Type: int4}, {Name: "b", Type: text, HasDefault: true},
				{Name: "c", Type: numericType.Array(), Mode: "VARIADIC", HasDefault: true}}, Variadic: true, Returns: numericType},
			{Name: "length", Args: []catalog.FuncArg{{Type: user("mood", types.Enum)}}, Returns: int8Type},
		})
	return in
}

// operandTypes are those that cases combine; "?" is a parameter.
var operandTypes = strings.Fields(`? int2 int4 int8 numeric float4 float8 money bool text varchar bpchar name char bytea date time timetz timestamp
	timestamptz interval uuid json jsonb inet cidr oid regclass tsvector tsquery point box xml bit varbit int4range numrange tstzrange int4multirange
	int4[] text[] varchar[] numeric[] jsonb[] mood mood[] dtext dint dpos darr comp tab floatrange record xid pg_lsn macaddr
	int2vector oidvector`)

var commonOperators = strings.Fields("= <> < >= || + - * / % ^ -> ->> #> #>> @> <@ && ~~ ~ & | # << >> ? ?| @@ <-> -|- ~~* !~")

// resolutionCases are all cases: each is a kind, a name, and the operands' types.
func resolutionCases() []string {
	var out []string
	for _, op := range commonOperators {
		for _, l := range operandTypes {
			for _, r := range operandTypes {
				out = append(out, "operator "+op+" "+l+" "+r)
			}
		}
	}
	for _, name := range sortedKeys(builtIn().operators) {
		for _, r := range operandTypes {
			out = append(out, "operator "+name+" "+r)
		}
		for _, o := range builtIn().operatorsOf(name) {
			if o.left.Known() {
				out = append(out, "operator "+name+" "+spelled(o.left)+" ?", "operator "+name+" ? "+spelled(o.right), "operator "+name+" "+spelled(o.left)+" "+spelled(o.right))
			}
		}
	}
	for _, name := range append(sortedKeys(builtIn().functions), "own", "named") {
		out = append(out, functionCases(name)...)
	}
	for i, a := range operandTypes {
		for j, b := range operandTypes {
			out = append(out, "common "+a+" "+b, "cast "+a+" "+b, "store "+a+" "+b, "nullif "+a+" "+b)
			out = append(out, "common "+a+" "+b+" "+operandTypes[(i*7+j*3)%len(operandTypes)])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func spelled(t types.Type) string {
	if to, ok := pseudo[t.String()]; ok {
		return to
	}
	return t.String()
}

func functionCases(name string) []string {
	var out []string
	all := builtIn().functionsOf(name)
	if len(all) == 0 {
		all = resolutionCatalog().Functions("", name)
	}
	for _, f := range all {
		if f.Kind == catalog.OrderedSet || f.Kind == catalog.Procedure {
			continue
		}
		args := make([]string, len(f.Args))
		for i, a := range f.Args {
			args[i] = spelled(a.Type)
			if a.Mode == "VARIADIC" {
				args[i] = strings.TrimSuffix(args[i], "[]")
			}
		}
		add := func(args []string) {
			if len(args) < 7 {
				out = append(out, strings.TrimSpace("function "+name+" "+strings.Join(args, " ")))
			}
		}
		add(args)
		open := make([]string, len(args))
		for i := range open {
			open[i] = "?"
		}
		add(open)
		if len(args) > 0 {
			add(args[:len(args)-1])
			add(append(slices.Clone(args), args[len(args)-1]))
		}
		for i := range args {
			for _, t := range []string{"?", "int2", "int4", "int8", "numeric", "float8", "text", "varchar", "dtext", "dint", "date", "timestamptz", "jsonb", "int4[]", "mood", "record"} {
				other := slices.Clone(args)
				other[i] = t
				add(other)
			}
		}
	}
	return out
}

// query is a case as SQL: typed operands are columns, "?" parameters.
func caseQuery(c string) string {
	f := strings.Fields(c)
	kind, name, types := f[0], "", f[1:]
	if kind == "operator" || kind == "function" {
		name, types = f[1], f[2:]
	}
	var columns, args []string
	params := 0
	for i, t := range types {
		if t == "?" {
			params++
			args = append(args, fmt.Sprintf("$%d", params))
			continue
		}
		column := fmt.Sprintf("x%d", i)
		if t == "record" {
			columns = append(columns, "ROW(1, 'a') AS "+column)
		} else {
			columns = append(columns, "CAST(NULL AS "+sqlType(t)+") AS "+column)
		}
		args = append(args, column)
	}
	from := " FROM (SELECT " + strings.Join(columns, ", ") + " OFFSET 0) x"
	if len(columns) == 0 {
		from = ""
	}
	x := ""
	switch kind {
	case "operator":
		x = name + " " + args[0]
		if len(args) == 2 {
			x = args[0] + " " + name + " " + args[1]
		}
	case "function":
		x = fmt.Sprintf("%q(%s)", name, strings.Join(args, ", "))
		if name == "count" && len(args) == 0 {
			x = "count(*)"
		}
		if all := builtIn().functionsOf(name); len(all) > 0 && all[0].Kind == catalog.WindowFunc {
			x += " OVER ()"
		}
	case "common":
		x = "COALESCE(" + strings.Join(args, ", ") + ")"
	case "nullif":
		x = "NULLIF(" + strings.Join(args, ", ") + ")"
	case "cast":
		x = "CAST(" + args[0] + " AS " + sqlType(types[1]) + ")"
	case "store":
		return "INSERT INTO conformance.\"store " + types[1] + "\" SELECT " + args[0] + from
	}
	return "SELECT " + x + from
}

func sqlType(t string) string {
	return strings.Replace(t, "char", `"char"`, boolInt(t == "char" || t == "char[]"))
}

// ask gives the server's answer: the result's type and those of the parameters; or none,
// ambiguous; or skip where the statement fails for another reason.
func ask(ctx context.Context, conn *pgx.Conn, names map[uint32]string, c string) string {
	d, err := conn.PgConn().Prepare(ctx, "", caseQuery(c), nil)
	if err != nil {
		var e *pgconn.PgError
		if !errors.As(err, &e) {
			return "skip " + err.Error()
		}
		switch e.Code {
		case "42725":
			return "ambiguous"
		case "42883", "42804", "42846", "42P18":
			return "none"
		}
		return "skip " + e.Code + " " + e.Message
	}
	if strings.HasPrefix(c, "store ") {
		return "ok"
	}
	var out []string
	for _, f := range d.Fields[:1] {
		out = append(out, names[f.DataTypeOID])
	}
	for _, p := range d.ParamOIDs {
		out = append(out, names[p])
	}
	return strings.Join(out, " ")
}

// answer is ours.
func answer(s *semantics, c string) string {
	f := strings.Fields(c)
	kind, name, names := f[0], "", f[1:]
	if kind == "operator" || kind == "function" {
		name, names = f[1], f[2:]
	}
	var operands []dialect.Operand
	for _, n := range names {
		if n == "?" {
			operands = append(operands, dialect.Operand{Param: true})
			continue
		}
		operands = append(operands, dialect.Operand{Type: caseType(s, n)})
	}
	switch kind {
	case "store", "cast":
		from, to := operands[0], operands[1].Type
		// A row constructor becomes a row type, a stored record does not; and a row stays itself
		// where it is called a record.
		if names[1] == "?" || (names[0] == "record") != (names[1] == "record") {
			return "skip"
		}
		if kind == "store" {
			if s.Assignable(from.Type, to) {
				return "ok"
			}
			return "none"
		}
		if !s.Castable(from.Type, to) {
			return "none"
		}
		if from.Param {
			return described(s, to) + " " + to.String()
		}
		return described(s, to)
	}
	var sig dialect.Signature
	var failure dialect.Failure
	switch kind {
	case "operator":
		sig, failure = s.Operator(name, operands)
	case "function":
		sig, failure = s.Function("", name, operands, name == "count" && len(operands) == 0)
	case "common":
		sig, failure = s.Function("", "coalesce", operands, false)
	case "nullif":
		sig, failure = s.Function("", "nullif", operands, false)
	}
	switch failure {
	case dialect.Ambiguous:
		return "ambiguous"
	case dialect.NoMatch, dialect.NotFound:
		return "none"
	}
	out := []string{described(s, sig.Returns)}
	for i, o := range operands {
		if o.Param {
			if !sig.Args[i].Known() {
				return "none"
			}
			out = append(out, sig.Args[i].String())
		}
	}
	return strings.Join(out, " ")
}

// described is a type as a statement's description has it: a domain as its base.
func described(s *semantics, t types.Type) string { return s.Base(s.Result(t)).String() }

func caseType(s *semantics, name string) types.Type {
	dims := uint8(0)
	if elem, ok := strings.CutSuffix(name, "[]"); ok {
		name, dims = elem, 1
	}
	return resolveType(ir.TypeName{Name: ir.Name{Parts: []ir.Ident{{Name: name}}}, Dims: dims}, s.in)
}

// sampled chooses the cases that are kept as a file.
func sampled(c string) bool {
	h := fnv.New32a()
	h.Write([]byte(c))
	n := h.Sum32() % 100
	switch strings.Fields(c)[0] {
	case "function":
		return n < 12
	case "operator":
		return n < 2
	}
	return n < 4
}

// Operators, functions, casts and common types are resolved as a real server resolved them.
func TestResolutionIsTheServers(t *testing.T) {
	file, err := os.Open(resolutionFile)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	s := makeSemantics(resolutionCatalog())
	n := 0
	for lines := bufio.NewScanner(file); lines.Scan(); n++ {
		c, want, _ := strings.Cut(lines.Text(), " => ")
		if got := answer(s, c); got != want {
			t.Errorf("%s: got %s, the server says %s", c, got, want)
		}
	}
	if n < 5000 {
		t.Errorf("only %d cases in %s", n, resolutionFile)
	}
}

// The kept cases, or with COVETSQL_ALL_CASES all of them (some minutes), asked of the server at hand.
func TestResolutionAgreesWithThisServer(t *testing.T) {
	conn := connect(t)
	ctx := context.Background()
	if _, err := conn.Exec(ctx, resolutionSchema); err != nil {
		t.Fatal(err)
	}
	for _, to := range operandTypes {
		if to == "?" || to == "record" {
			continue
		}
		if _, err := conn.Exec(ctx, fmt.Sprintf("CREATE TABLE conformance.\"store %s\" (x %s)", to, sqlType(to))); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := conn.Query(ctx, `SELECT t.oid, coalesce((SELECT e.typname || '[]' FROM pg_type e WHERE e.typarray = t.oid), t.typname) FROM pg_type t`)
	if err != nil {
		t.Fatal(err)
	}
	names := map[uint32]string{}
	var oid uint32
	var name string
	if _, err := pgx.ForEachRow(rows, []any{&oid, &name}, func() error { names[oid] = name; return nil }); err != nil {
		t.Fatal(err)
	}
	s := makeSemantics(resolutionCatalog())
	var kept []string
	right, skipped, wrong := 0, 0, 0
	for _, c := range resolutionCases() {
		if os.Getenv("COVETSQL_ALL_CASES") == "" && !sampled(c) {
			continue
		}
		got := answer(s, c)
		name := strings.Fields(c)[1]
		if got == "skip" || strings.HasPrefix(c, "function ") && (later().functions[name] != "" || name == "json_object") {
			continue
		}
		want := ask(ctx, conn, names, c)
		if strings.HasPrefix(want, "skip") {
			skipped++
			continue
		}
		if got != want {
			if wrong++; wrong <= 3000 {
				t.Errorf("%s: got %s, the server says %s", c, got, want)
			}
		} else {
			right++
		}
		if sampled(c) {
			kept = append(kept, c+" => "+want)
		}
	}
	t.Logf("%d right, %d wrong, %d fail on the server for other reasons", right, wrong, skipped)
	if *update {
		if err := os.WriteFile(resolutionFile, []byte(strings.Join(kept, "\n")+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
