package mysql_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/dialect/mysql"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/compiler/types"
)

var update = flag.Bool("update", false, "write the goldens")

// TestExpressionsAreTyped holds the type and nullability of every listed expression. What
// the golden says is held against real servers by TestTypesAreTheServers.
func TestExpressionsAreTyped(t *testing.T) {
	in := sample(t)
	var b strings.Builder
	for _, e := range expressions(t) {
		col := infer(t, in, e)
		if col == nil {
			continue
		}
		null := "NULL"
		if col.NotNull {
			null = "never NULL"
		}
		fmt.Fprintf(&b, "%s | %s | %s\n", e, col.Type, null)
	}
	golden(t, "testdata/expressions.golden", b.String())
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := 0; i < max(len(g), len(w)); i++ {
		var x, y string
		if i < len(g) {
			x = g[i]
		}
		if i < len(w) {
			y = w[i]
		}
		if x != y {
			t.Errorf("%s:%d: got\n%s\nwant\n%s", path, i+1, x, y)
			return
		}
	}
}

// TestEveryFunctionIsTyped: the table has a function for every name that a person may look
// up in the manual, and each resolves with the arguments that it wants.
func TestEveryFunctionIsTyped(t *testing.T) {
	s := mysql.New().Semantics(sample(t))
	names := s.FunctionNames()
	if len(names) < 400 {
		t.Errorf("only %d functions", len(names))
	}
	for _, n := range names {
		found := false
		for args := 0; args <= 8 && !found; args++ {
			ops := make([]dialect.Operand, args)
			for i := range ops {
				ops[i] = dialect.Operand{Type: types.Type{Name: "varchar"}, Null: types.NotNull}
			}
			sig, failure := s.Function("", n, ops, false)
			if failure == dialect.OK {
				found = true
				if !sig.Returns.Known() {
					t.Errorf("%s of %d arguments has no type", n, args)
				}
				if len(sig.Args) != args {
					t.Errorf("%s has %d argument types for %d arguments", n, len(sig.Args), args)
				}
			}
		}
		if !found {
			t.Errorf("%s can not be called", n)
		}
		if len(s.Candidates("", n)) == 0 {
			t.Errorf("%s has no signature to show", n)
		}
	}
}

// TestParametersTakeTheTypeOfTheirPlace: a parameter becomes what stands beside it, what a
// function wants, or the column that it is stored in.
func TestParametersTakeTheTypeOfTheirPlace(t *testing.T) {
	in := sample(t)
	for _, c := range []struct{ query, want string }{
		{"SELECT id FROM t WHERE i = ?", "int"},
		{"SELECT id FROM t WHERE ? < d", "decimal"},
		{"SELECT id FROM t WHERE ub IN (?, ?)", "bigint unsigned bigint unsigned"},
		{"SELECT id FROM t WHERE da BETWEEN ? AND ?", "date date"},
		{"SELECT id FROM t WHERE x LIKE ?", "text"},
		{"SELECT id FROM t WHERE i LIKE ?", "varchar"},
		{"SELECT id FROM t WHERE v LIKE CONCAT('%', ?, '%')", "varchar"},
		{"SELECT id FROM t WHERE (i, v) > (?, ?)", "int varchar"},
		{"SELECT id FROM t LIMIT ? OFFSET ?", "bigint bigint"},
		{"SELECT id FROM t WHERE i + ? > 5", "int"},
		{"SELECT id FROM t WHERE d * ? > 5", "decimal"},
		{"SELECT id FROM t WHERE i = ? + ?", "double double"},
		{"SELECT id FROM t WHERE dt > NOW() - INTERVAL ? DAY", "bigint"},
		{"SELECT id FROM t WHERE dt > DATE_SUB(?, INTERVAL 1 DAY)", "datetime"},
		{"SELECT id FROM t WHERE e = ?", "enum"},
		{"SELECT id FROM t WHERE o = ?", "bool"},
		{"SELECT id FROM t WHERE JSON_CONTAINS(j, ?)", "json"},
		{"SELECT id FROM t WHERE COALESCE(?, nv) = nv", "varchar"},
		{"SELECT id FROM t WHERE IF(?, i, 0) = 1", "bool"},
		{"SELECT IFNULL(nd, ?) FROM t", "decimal"},
		{"SELECT id FROM t WHERE CASE WHEN i = 1 THEN ? ELSE da END = da", "date"},
		{"SELECT id FROM t WHERE SUBSTRING(v, ?, ?) = ''", "bigint bigint"},
		{"SELECT id FROM t WHERE CAST(? AS DATE) = da", "date"},
		{"SELECT id FROM t WHERE EXISTS (SELECT 1 FROM t u WHERE u.y = ?)", "year"},
		{"INSERT INTO t (id, v, nj) VALUES (?, ?, ?)", "int varchar json"},
		{"INSERT INTO t (id, v) VALUES (1, 'x') ON DUPLICATE KEY UPDATE v = ?, i = i + ?", "varchar int"},
		{"UPDATE t SET dt = ?, bt = ? WHERE id = ?", "datetime bit int"},
		{"DELETE FROM t WHERE ts < ? ORDER BY id LIMIT ?", "timestamp bigint"},
	} {
		list, _ := token.Split(source.NewFile("q.sql", "-- name: Q :exec\n"+c.query), token.MySQL, token.Queries)
		d := mysql.New()
		tree, diags := d.Parse(list[0])
		if len(diags) > 0 {
			t.Errorf("%s: %v", c.query, diags)
			continue
		}
		r, diags := sem.Analyze(list[0], tree, in, d, sem.Options{})
		if diags.HasErrors() {
			t.Errorf("%s: %v", c.query, diags)
			continue
		}
		var got []string
		for _, p := range r.Params {
			got = append(got, p.Type.String())
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: parameters are %s, want %s", c.query, s, c.want)
		}
	}
}

// TestEqualityKeepsAKeyOnlyWithinOneType: a string column compared with a number is
// compared as a number, so that a unique string may match many rows.
func TestEqualityKeepsAKeyOnlyWithinOneType(t *testing.T) {
	s := mysql.New().Semantics(nil)
	for _, c := range []struct{ l, r, lt, rt string }{
		{"varchar", "varchar", "varchar", "varchar"},
		{"varchar", "int", "double", "double"},
		{"int", "varchar", "double", "double"},
		{"int", "bigint", "int", "bigint"},
		{"int", "decimal", "int", "decimal"},
		{"int", "double", "double", "double"},
		{"date", "varchar", "date", "date"},
		{"varchar", "datetime", "datetime", "datetime"},
		{"enum", "varchar", "enum", "enum"},
		{"varchar", "text", "varchar", "text"},
	} {
		lt, rt, ok := s.Comparable(operand(c.l), operand(c.r))
		if !ok || lt.Name != c.lt || rt.Name != c.rt {
			t.Errorf("%s = %s compares %s with %s, want %s with %s", c.l, c.r, lt, rt, c.lt, c.rt)
		}
	}
}

func operand(name string) dialect.Operand {
	return dialect.Operand{Type: types.Type{Name: name}, Null: types.NotNull}
}

// TestStoredFunctionsComeFirst: a call resolves to the schema's own function, with its
// arguments and result.
func TestStoredFunctionsComeFirst(t *testing.T) {
	in := schema(t, `CREATE FUNCTION slug(title varchar(200), n int) RETURNS varchar(80) DETERMINISTIC RETURN LOWER(title)`)
	s := mysql.New().Semantics(in)
	sig, failure := s.Function("", "slug", []dialect.Operand{{Param: true}, operand("int")}, false)
	if failure != dialect.OK || sig.Returns.Name != "varchar" || sig.Args[0].Name != "varchar" || sig.Null != catalog.NullMaybe || sig.Volatility != "immutable" {
		t.Errorf("slug resolves to %+v, %v", sig, failure)
	}
	if _, failure := s.Function("", "slug", nil, false); failure != dialect.NoMatch {
		t.Errorf("slug() is %v, want NoMatch", failure)
	}
	if _, failure := s.Function("", "slugg", nil, false); failure != dialect.NotFound {
		t.Errorf("slugg() is %v, want NotFound", failure)
	}
}

// schema is the catalog of some DDL.
func schema(t *testing.T, ddl string) *catalog.Snapshot {
	t.Helper()
	d := mysql.New()
	rules := d.SchemaRules()
	rules.Type = d.Type
	b := catalog.NewBuilder(d.NewSnapshot(), rules)
	list, diags := token.Split(source.NewFile("schema.sql", ddl), token.MySQL, token.Schema)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, s := range list {
		tree, diags := d.Parse(s)
		if len(diags) > 0 {
			t.Fatal(diags)
		}
		b.Apply(tree)
	}
	in, diags := b.Snapshot()
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return in
}

// TestTypesHaveTheNamesOfInspect: every spelling of a type is the one type.
func TestTypesHaveTheNamesOfInspect(t *testing.T) {
	for _, c := range []struct{ declared, want string }{
		{"tinyint(1)", "bool"}, {"bool", "bool"}, {"boolean", "bool"}, {"tinyint", "tinyint"}, {"tinyint(1) unsigned", "tinyint unsigned"},
		{"tinyint(4)", "tinyint"}, {"int(11)", "int"}, {"integer", "int"}, {"int4", "int"}, {"mediumint unsigned", "mediumint unsigned"},
		{"bigint(20) unsigned zerofill", "bigint unsigned"}, {"int8", "bigint"}, {"serial", "bigint unsigned"},
		{"decimal(10,2)", "decimal"}, {"numeric", "decimal"}, {"dec(5) unsigned", "decimal unsigned"}, {"fixed(5,2)", "decimal"},
		{"double precision", "double"}, {"real", "double"}, {"float", "float"}, {"float(30)", "double"}, {"float(7,4)", "float"},
		{"varchar(10)", "varchar"}, {"character varying(10)", "varchar"}, {"nvarchar(10)", "varchar"}, {"national char(3)", "char"},
		{"char(3)", "char"}, {"char(3) character set binary", "binary"}, {"char byte", "binary"}, {"text", "text"}, {"text(100)", "tinytext"},
		{"text(70000)", "mediumtext"}, {"longtext", "longtext"}, {"long varchar", "mediumtext"}, {"text character set binary", "blob"},
		{"blob", "blob"}, {"varbinary(16)", "varbinary"}, {"bit(8)", "bit"}, {"year(4)", "year"}, {"datetime(6)", "datetime"},
		{"timestamp", "timestamp"}, {"json", "json"}, {"enum('a','b')", "enum"}, {"set('a','b')", "set"}, {"point", "point"},
		{"geomcollection", "geometrycollection"}, {"uuid", "uuid"}, {"inet6", "inet6"}, {"vector(3)", "vector"},
	} {
		in := schema(t, "CREATE TABLE t (a "+c.declared+")")
		col := in.Table("", "t").Columns[0]
		if got := col.Type.String(); got != c.want {
			t.Errorf("%s is %s, want %s", c.declared, got, c.want)
		}
	}
	if col := schema(t, "CREATE TABLE t (a tinyint(1))").Table("", "t").Columns[0]; col.Declared != "tinyint(1)" {
		t.Errorf("tinyint(1) is declared as %q", col.Declared)
	}
	if col := schema(t, "CREATE TABLE t (a enum('x','y'))").Table("", "t").Columns[0]; strings.Join(col.EnumValues, " ") != "x y" {
		t.Errorf("the enum's values are %q", col.EnumValues)
	}
}

// TestSystemTablesAreThere: information_schema can be queried, without case.
func TestSystemTablesAreThere(t *testing.T) {
	in := schema(t, "CREATE TABLE t (a int)")
	for _, c := range []struct{ schema, table, column, want string }{
		{"information_schema", "tables", "table_rows", "bigint unsigned"},
		{"INFORMATION_SCHEMA", "COLUMNS", "ORDINAL_POSITION", "int unsigned"},
		{"information_schema", "statistics", "non_unique", "int"},
		{"mysql", "user", "User", "char"},
		{"performance_schema", "global_status", "variable_value", "varchar"},
	} {
		table := in.Table(c.schema, c.table)
		if table == nil {
			t.Errorf("no table %s.%s", c.schema, c.table)
			continue
		}
		if col := table.Column(c.column, true); col == nil || col.Type.String() != c.want {
			t.Errorf("%s.%s.%s is %v, want %s", c.schema, c.table, c.column, col, c.want)
		}
		if in.Table(c.schema, c.table) != table {
			t.Errorf("%s.%s is made anew on each look", c.schema, c.table)
		}
	}
	if in.Table("information_schema", "nothing") != nil || in.Table("", "tables") != nil {
		t.Error("a table is found where there is none")
	}
}

// TestQuoteQuotesWhereNeeded: a name is quoted where MySQL would not read it as itself.
func TestQuoteQuotesWhereNeeded(t *testing.T) {
	for name, want := range map[string]string{
		"author": "author", "order": "`order`", "Rank": "`Rank`", "a b": "`a b`", "a`b": "`a``b`", "1a": "`1a`", "é": "é", "": "``", "_x$1": "_x$1", "123": "`123`",
	} {
		if got := mysql.New().Quote(name); got != want {
			t.Errorf("Quote(%q) is %s, want %s", name, got, want)
		}
	}
}
