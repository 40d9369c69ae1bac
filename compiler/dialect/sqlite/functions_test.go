package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// realEngine is one connection to an empty database of the real engine.
func realEngine(t testing.TB) *sql.Conn {
	t.Helper()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	c, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(); db.Close() })
	return c
}

// column1 runs a query of one column.
func column1(t testing.TB, c *sql.Conn, query string) []string {
	t.Helper()
	rows, err := c.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

// Every function of the engine is known, with every number of arguments it takes.
func TestEveryBuiltinFunctionIsKnown(t *testing.T) {
	c := realEngine(t)
	sem := semantics{}
	for _, line := range column1(t, c, `SELECT DISTINCT name || ' ' || narg FROM pragma_function_list WHERE builtin OR true ORDER BY 1`) {
		var name string
		var n int
		if _, err := fmt.Sscan(line, &name, &n); err != nil {
			t.Fatal(err)
		}
		if _, ok := binaryOperators[name]; ok {
			continue
		}
		counts := []int{n}
		switch {
		case n == -1: // any number; which ones make sense the function says when it is called
			if len(functions[name]) == 0 {
				t.Errorf("%s is not known", name)
			}
			continue
		case n < -1: // at least that many, less one
			counts = []int{-n - 1, -n, -n + 7}
		}
		for _, k := range counts {
			if _, f := sem.Function("", name, make([]dialect.Operand, k), false); f != dialect.OK {
				t.Errorf("%s with %d arguments is not known", name, k)
			}
		}
	}
}

// Every function in the table exists in the engine, but those marked optional.
func TestNoFunctionIsInvented(t *testing.T) {
	c := realEngine(t)
	builtin := map[string]bool{}
	for _, name := range column1(t, c, "SELECT DISTINCT name FROM pragma_function_list") {
		builtin[name] = true
	}
	for name, list := range functions {
		for _, f := range list {
			if builtin[name] == f.optional {
				t.Errorf("%s: built in %v, optional %v", f, builtin[name], f.optional)
			}
		}
	}
}

// value is a constant as SQL and as an operand.
type value struct {
	sql string
	op  dialect.Operand
}

func makeValue(sql string, typ types.Type) value {
	v := value{sql: sql, op: dialect.Operand{Type: typ, Null: types.NotNull}}
	if typ == nullType {
		v.op.Null.Null = types.Always
	}
	if typ == text {
		v.op.Literal = &ir.Literal{Kind: ir.String, Text: strings.Trim(sql, "'")}
	}
	return v
}

const largest = "9223372036854775807"

// values are tried as arguments; the first few where there are many arguments.
var values = []value{
	makeValue("NULL", nullType), makeValue("1", integer), makeValue("'abc'", text), makeValue("2.5", real),
	makeValue(`'{"a":[1,null]}'`, text), makeValue("'$.a'", text), makeValue("0", integer), makeValue("-3", integer),
	makeValue("x'6162'", blob), makeValue("''", text), makeValue("x''", blob), makeValue("-0.5", real),
	makeValue("'12'", text), makeValue("'3.5e1'", text), makeValue("'now'", text), makeValue("'+1 day'", text),
	makeValue("'2024-02-30'", text), makeValue("'%Y-%m'", text), makeValue("'$'", text), makeValue("'subsec'", text),
	makeValue("'start of month'", text), makeValue("'zz'", text), makeValue(largest, integer),
	makeValue("'auto'", text), makeValue("'[]'", text), makeValue("'%d%'", text), makeValue("'-20 years'", text),
}

// tuples calls try with all tuples of n values, from a smaller pool where n is larger.
func tuples(n int, try func([]value)) {
	pool := values
	switch {
	case n >= 4:
		pool = values[:4]
	case n == 3:
		pool = values[:11]
	}
	tuple := make([]value, n)
	var fill func(i int)
	fill = func(i int) {
		if i == n {
			try(tuple)
			return
		}
		for _, v := range pool {
			tuple[i] = v
			fill(i + 1)
		}
	}
	fill(0)
}

// storageFits tells whether typeof may say class of a value of type t.
func storageFits(t types.Type, class string) bool {
	switch t {
	case integer:
		return class == "integer"
	case real:
		return class == "real"
	case text:
		return class == "text"
	case blob:
		return class == "blob"
	case numeric:
		return class == "integer" || class == "real"
	}
	return true
}

// nullFits holds a null rule against one outcome.
func nullFits(rule catalog.NullRule, args []value, isNull bool) bool {
	some, all := false, len(args) > 0
	first := len(args) > 0 && args[0].op.Type == nullType
	for _, a := range args {
		some = some || a.op.Type == nullType
		all = all && a.op.Type == nullType
	}
	switch rule {
	case catalog.NullStrict:
		return isNull == some || some && unseen(args)
	case catalog.NullStrictPartial:
		return isNull || !some
	case catalog.NullNever:
		return !isNull
	case catalog.NullAlways:
		return isNull
	case catalog.NullCoalesce:
		return isNull == all
	case catalog.NullFirst:
		return isNull == first
	case catalog.NullNullif:
		return isNull || !first
	case catalog.NullIfThenElse:
		maybe := len(args)%2 == 0 // no value for where no condition holds
		for i, a := range args {
			maybe = maybe || (i%2 == 1 || i == len(args)-1) && a.op.Type == nullType
		}
		return !isNull || maybe
	}
	return true
}

// unseen tells tuples for which LIKE (with a BLOB) and replace (with nothing to replace) do
// not look at a NULL and have a value all the same: no rule has words for it, and only what
// is said to be never NULL must hold.
func unseen(args []value) bool {
	for _, a := range args {
		if a.op.Type == blob || a.sql == "''" {
			return true
		}
	}
	return false
}

// noCall are functions that can not be called here: they need a table of their own module,
// the outside world, or a trigger.
var noCall = map[string]bool{
	"bm25": true, "highlight": true, "snippet": true, "fts5": true, "fts5_get_locale": true, "load_extension": true,
	"sqlite_log": true, "match": true, "sqlite_offset": true, "rtreecheck": true, "raise": true, "subtype": true,
	"likelihood": true, "geopoly_xform": true,
}

// What the table says of scalar functions is never contradicted by the engine.
func TestScalarFunctionsBehaveAsTheTableSays(t *testing.T) {
	c := realEngine(t)
	for name, list := range functions {
		for _, f := range list {
			if f.kind != catalog.Scalar || f.optional || noCall[name] {
				continue
			}
			most := len(f.args)
			if f.variadic {
				most++
			}
			evaluated := 0
			for n := f.min; n <= min(most, 5); n++ {
				if n > 3 && f.min <= 3 && n > f.min {
					break
				}
				tuples(n, func(args []value) {
					evaluated += checkCall(t, c, name, args)
				})
			}
			if evaluated == 0 {
				t.Errorf("%s was never evaluated", f)
			}
		}
	}
}

func checkCall(t *testing.T, c *sql.Conn, name string, args []value) int {
	t.Helper()
	var sqls []string
	var ops []dialect.Operand
	for _, a := range args {
		sqls = append(sqls, a.sql)
		ops = append(ops, a.op)
	}
	call := name + "(" + strings.Join(sqls, ", ") + ")"
	if strings.HasPrefix(name, "current_") {
		call = name
	}
	return checkExpression(t, c, call, args, func() (dialect.Signature, dialect.Failure) {
		return semantics{}.Function("", name, ops, false)
	})
}

// checkExpression evaluates an expression and holds its signature against the outcome. It
// returns how many values were seen.
func checkExpression(t *testing.T, c *sql.Conn, expr string, args []value, resolve func() (dialect.Signature, dialect.Failure)) int {
	t.Helper()
	var class string
	if err := c.QueryRowContext(context.Background(), "SELECT typeof("+expr+")").Scan(&class); err != nil {
		return 0 // the engine refuses these arguments
	}
	sig, failure := resolve()
	if failure != dialect.OK {
		t.Errorf("%s is valid and was not resolved: %v", expr, failure)
		return 1
	}
	isNull := class == "null"
	// Integers that overflow become REAL; no type says so without making every sum NUMERIC.
	overflow := strings.Contains(expr, largest) && sig.Returns == integer && class == "real"
	if !isNull && !storageFits(sig.Returns, class) && !overflow {
		t.Errorf("%s is %s, the table says %s", expr, class, sig.Returns)
	}
	if !nullFits(sig.Null, args, isNull) {
		t.Errorf("%s: null is %v against null rule %d", expr, isNull, sig.Null)
	}
	return 1
}

// What the tables say of operators is never contradicted by the engine.
func TestOperatorsBehaveAsTheTableSays(t *testing.T) {
	c := realEngine(t)
	for op := range binaryOperators {
		if op == "REGEXP" || op == "MATCH" {
			continue // functions that the application brings
		}
		tuples(2, func(args []value) {
			checkExpression(t, c, args[0].sql+" "+op+" "+args[1].sql, args, func() (dialect.Signature, dialect.Failure) {
				return semantics{}.Operator(op, []dialect.Operand{args[0].op, args[1].op})
			})
		})
	}
	for op := range prefixOperators {
		tuples(1, func(args []value) {
			checkExpression(t, c, op+" ("+args[0].sql+")", args, func() (dialect.Signature, dialect.Failure) {
				return semantics{}.Operator(op, []dialect.Operand{args[0].op})
			})
		})
	}
}

// Aggregates and window functions over no rows, rows of NULL, and rows of one type.
func TestAggregatesBehaveAsTheTableSays(t *testing.T) {
	c := realEngine(t)
	inputs := []struct {
		name, rows string
		typ        types.Type
		empty      bool
		null       types.Null
	}{
		{"no rows", "SELECT 1 AS x WHERE false", integer, true, types.Never},
		{"integers", "SELECT 1 AS x UNION ALL SELECT 5", integer, false, types.Never},
		{"reals", "SELECT 1.5 AS x UNION ALL SELECT 5.0", real, false, types.Never},
		{"texts", "SELECT 'a' AS x UNION ALL SELECT 'b'", text, false, types.Never},
		{"blobs", "SELECT x'61' AS x UNION ALL SELECT x'62'", blob, false, types.Never},
		{"numbers", "SELECT 1 AS x UNION ALL SELECT 5.5", numeric, false, types.Never},
		{"nulls", "SELECT NULL AS x UNION ALL SELECT NULL", nullType, false, types.Always},
	}
	for name, list := range functions {
		for _, f := range list {
			if f.kind == catalog.Scalar || f.optional || noCall[name] || strings.HasPrefix(name, "geopoly") {
				continue
			}
			for n := f.min; n <= len(f.args); n++ {
				for _, in := range inputs {
					args := []string{"x", "1", "x"}[:n]
					if n == 1 && name == "ntile" {
						args = []string{"2"}
					}
					if f.argument(n-1) == text && n == 2 {
						args[1] = "','"
					}
					if strings.HasSuffix(name, "_object") {
						args = []string{"'k'", "x"}
					}
					var ops []dialect.Operand
					for _, a := range args {
						o := dialect.Operand{Type: in.typ, Null: types.Nullability{Null: in.null}}
						switch a {
						case "1", "2":
							o.Type = integer
						case "','", "'k'":
							o.Type = text
						}
						ops = append(ops, o)
					}
					call := name + "(" + strings.Join(args, ", ") + ")"
					sig, failure := semantics{}.Function("", name, ops, false)
					if failure != dialect.OK {
						t.Fatalf("%s was not resolved", call)
					}
					if f.kind == catalog.WindowFunc {
						call += " OVER (ORDER BY x)"
					}
					if in.typ == blob && strings.HasPrefix(name, "json") {
						continue // refused
					}
					query := "SELECT typeof(y) FROM (SELECT " + call + " AS y FROM (" + in.rows + "))"
					for _, class := range column1(t, c, query) {
						isNull := class == "null"
						if !isNull && !storageFits(sig.Returns, class) {
							t.Errorf("%s over %s is %s, the table says %s", call, in.name, class, sig.Returns)
						}
						ok := true
						switch sig.Null {
						case catalog.NullNever:
							ok = !isNull
						case catalog.NullAggregate:
							ok = isNull == (in.empty || in.null == types.Always)
						case catalog.NullFrameValue:
							ok = isNull == (in.null == types.Always)
						case catalog.NullLag:
							ok = !isNull || n < 3 || in.null == types.Always
						}
						if !ok {
							t.Errorf("%s over %s: null is %v against null rule %d", call, in.name, isNull, sig.Null)
						}
					}
				}
			}
		}
	}
}

// Formats and modifiers that are said to be understood are.
func TestConstantDatesAreUnderstood(t *testing.T) {
	c := realEngine(t)
	var exprs []string
	for _, l := range formatLetters {
		exprs = append(exprs, "strftime('%"+string(l)+"', 'now')")
	}
	for m := range plainModifiers {
		exprs = append(exprs, "datetime('now', '"+m+"')", "julianday('now', '+1 day', '"+m+"')")
	}
	for u := range modifierUnits {
		for _, n := range []string{"+1", "-1", "999", "+999"} {
			if !knownModifier(n + " " + u) {
				t.Errorf("%s %s is not known", n, u)
			}
			exprs = append(exprs, "date('now', '"+n+" "+u+"')", "time('now', '"+n+" "+u+"s')")
		}
	}
	for s := range subsecond {
		exprs = append(exprs, "unixepoch('"+s+"')")
	}
	for _, e := range exprs {
		if column1(t, c, "SELECT "+e+" IS NULL")[0] != "0" {
			t.Errorf("%s is NULL", e)
		}
	}
}

// itemOf lowers an expression as the one item of a SELECT.
func itemOf(t testing.TB, expr string) ir.Expr {
	t.Helper()
	tree, ds := New().Parse(one(t, "SELECT "+expr+";"))
	if tree == nil {
		t.Fatalf("%s: %v", expr, ds)
	}
	return tree.(*ir.Select).Items[0].X
}

// Casts have the type and the null rule that the engine shows.
func TestCastsBehaveAsTheEngine(t *testing.T) {
	c := realEngine(t)
	for _, typ := range []string{
		"INTEGER", "INT", "REAL", "DOUBLE", "TEXT", "VARCHAR(10)", "BLOB", "NUMERIC", "DECIMAL(10, 2)", "BOOLEAN", "DATETIME", "STRING", "",
	} {
		for _, v := range values {
			expr := "CAST(" + v.sql + " AS " + typ + ")"
			checkExpression(t, c, expr, []value{v}, func() (dialect.Signature, dialect.Failure) {
				to := New().Type(itemOf(t, expr).(*ir.Cast).Type, nil)
				null, _ := semantics{}.Cast(v.op, to)
				return dialect.Signature{Returns: to, Null: null}, dialect.OK
			})
		}
	}
}

// Literals have the storage class that typeof names.
func TestLiteralTypes(t *testing.T) {
	c := realEngine(t)
	for _, lit := range []string{
		"0", "12", "0x1F", "1_000", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1.0", "1.", ".5", "1e3",
		"1E-3", "1_0.5", "''", "'a'", "x''", "X'0aFF'", "TRUE", "false",
	} {
		got := semantics{}.Literal(itemOf(t, lit).(*ir.Literal))
		if class := column1(t, c, "SELECT typeof("+lit+")")[0]; !storageFits(got, class) || got == anyType {
			t.Errorf("%s is %s, not %s", lit, class, got)
		}
	}
	if got := (semantics{}).Literal(itemOf(t, "NULL").(*ir.Literal)); got != nullType {
		t.Errorf("NULL is %s", got)
	}
}
