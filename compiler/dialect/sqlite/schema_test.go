package sqlite

import (
	"context"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// build applies DDL to an empty database.
func build(t testing.TB, ddl string) *catalog.Snapshot {
	t.Helper()
	d := New()
	rules := d.SchemaRules()
	rules.Type = d.Type
	b := catalog.NewBuilder(d.NewSnapshot(), rules)
	for _, s := range split(t, source.NewFile("schema.sql", ddl), token.Schema) {
		tree, ds := d.Parse(s)
		if ds.HasErrors() {
			t.Fatalf("%v\n%s", ds, s.Text)
		}
		b.Apply(tree)
	}
	snap, ds := b.Snapshot()
	for _, d := range ds {
		t.Fatalf("%v", d)
	}
	return snap
}

// Whether a key column may be NULL is what the engine lets one insert.
func TestKeyIsNotNullAsTheEngineDecides(t *testing.T) {
	for _, ddl := range []string{
		"CREATE TABLE t (k INTEGER PRIMARY KEY, x)",
		"CREATE TABLE t (k integer PRIMARY KEY AUTOINCREMENT, x)",
		"CREATE TABLE t (k INTEGER PRIMARY KEY ASC, x)",
		"CREATE TABLE t (k INTEGER PRIMARY KEY DESC, x)",
		"CREATE TABLE t (k INTEGER, x, PRIMARY KEY (k))",
		"CREATE TABLE t (k INTEGER, x, PRIMARY KEY (k DESC))",
		"CREATE TABLE t (k INTEGER, x, PRIMARY KEY (K))",
		"CREATE TABLE t (k INT PRIMARY KEY, x)",
		"CREATE TABLE t (k BIGINT PRIMARY KEY, x)",
		"CREATE TABLE t (k INTEGER(4) PRIMARY KEY, x)",
		`CREATE TABLE t (k "INTEGER" PRIMARY KEY, x)`,
		"CREATE TABLE t (k UNSIGNED INTEGER PRIMARY KEY, x)",
		"CREATE TABLE t (k TEXT PRIMARY KEY, x)",
		"CREATE TABLE t (k PRIMARY KEY, x)",
		"CREATE TABLE t (k INTEGER, x, PRIMARY KEY (k, x))",
		"CREATE TABLE t (k TEXT PRIMARY KEY, x) WITHOUT ROWID",
		"CREATE TABLE t (k INTEGER PRIMARY KEY, x) WITHOUT ROWID",
		"CREATE TABLE t (k INTEGER, x, PRIMARY KEY (k, x)) WITHOUT ROWID",
		"CREATE TABLE t (k INTEGER PRIMARY KEY, x INT) STRICT",
		"CREATE TABLE t (k INT PRIMARY KEY, x INT) STRICT",
		"CREATE TABLE t (k TEXT PRIMARY KEY, x INT) STRICT",
		"CREATE TABLE t (k TEXT, x INT, PRIMARY KEY (k, x)) STRICT",
		"CREATE TABLE t (k TEXT, x INT, PRIMARY KEY (k, x)) STRICT, WITHOUT ROWID",
		"CREATE TABLE t (k ANY PRIMARY KEY, x INT) STRICT",
		"CREATE TABLE t (k TEXT NOT NULL, x INT)",
		"CREATE TABLE t (k TEXT UNIQUE, x INT)",
		"CREATE TABLE t (k TEXT NOT NULL NULL, x INT)",
	} {
		c := realEngine(t)
		ctx := context.Background()
		if _, err := c.ExecContext(ctx, ddl); err != nil {
			t.Fatalf("%s: %v", ddl, err)
		}
		// Either the engine refuses NULL, or it is there afterwards, or it became a rowid.
		_, err := c.ExecContext(ctx, "INSERT INTO t (k, x) VALUES (NULL, 1)")
		if err != nil && !strings.Contains(err.Error(), "NOT NULL") {
			t.Fatalf("%s: %v", ddl, err)
		}
		notNull := err != nil || column1(t, c, "SELECT k IS NOT NULL FROM t")[0] == "1"
		col := build(t, ddl).Table("", "t").Column("k", true)
		if col.NotNull != notNull {
			t.Errorf("%s: the engine says not null %v, the catalog %v", ddl, notNull, col.NotNull)
		}
	}
}

// The affinity of a declared type is the engine's, told by what becomes of stored values.
func TestAffinityIsTheEngines(t *testing.T) {
	classes := map[string]string{ // of '5', 5, 5.5, '5.5x' stored under each affinity
		"INTEGER": "integer integer real text",
		"NUMERIC": "integer integer real text",
		"REAL":    "real real real text",
		"TEXT":    "text text text text",
		"BLOB":    "text integer real text",
		"any":     "text integer real text",
	}
	for _, declared := range []string{
		"INT", "INTEGER", "TINYINT", "SMALLINT", "MEDIUMINT", "BIGINT", "UNSIGNED BIG INT", "INT2", "INT8", "CHARACTER(20)",
		"VARCHAR(255)", "VARYING CHARACTER(255)", "NCHAR(55)", "NATIVE CHARACTER(70)", "NVARCHAR(100)", "TEXT", "CLOB",
		"BLOB", "", "REAL", "DOUBLE", "DOUBLE PRECISION", "FLOAT", "NUMERIC", "DECIMAL(10,5)", "BOOLEAN", "DATE", "DATETIME",
		"TIMESTAMP", "FLOATING POINT", "STRING", "CHARINT", "TEXTBLOB", "BLOBREAL", "JSON", "jsonb", "uuid", "xINTx",
		"TIMESTAMP WITH TIME ZONE", "MONEY", "[INT]", `"text"`,
	} {
		c := realEngine(t)
		if _, err := c.ExecContext(context.Background(), "CREATE TABLE t (k "+declared+")"); err != nil {
			t.Fatalf("%s: %v", declared, err)
		}
		if _, err := c.ExecContext(context.Background(), "INSERT INTO t VALUES ('5'), (5), (5.5), ('5.5x')"); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(column1(t, c, "SELECT typeof(k) FROM t ORDER BY rowid"), " ")
		col := build(t, "CREATE TABLE t (k "+declared+")").Table("", "t").Column("k", true)
		if want := classes[col.Type.Name]; got != want {
			t.Errorf("%q is %s; stored values are %s, not %s", declared, col.Type, got, want)
		}
	}
}

// engineColumns lists a table's columns in the engine: plain ones, and hidden ones.
func engineColumns(t testing.TB, query func(string) []string, table string) (plain, hidden string) {
	t.Helper()
	q := "SELECT name FROM pragma_table_xinfo('" + table + "') WHERE hidden "
	return strings.Join(query(q+"<> 1"), ","), strings.Join(query(q+"= 1"), ",")
}

func catalogNames(cols []*catalog.Column, hidden bool) string {
	var out []string
	for _, c := range cols {
		if c.Hidden == hidden {
			out = append(out, c.Name)
		}
	}
	return strings.Join(out, ",")
}

// Virtual tables have the columns that the engine gives them.
func TestVirtualTableColumnsAreTheEngines(t *testing.T) {
	for _, ddl := range []string{
		"CREATE VIRTUAL TABLE t USING fts5(title, body)",
		`CREATE VIRTUAL TABLE t USING fts5("a b", body UNINDEXED, [c], tokenize = 'porter ascii', content='', prefix='2 3')`,
		"CREATE VIRTUAL TABLE t USING fts5(x, content=src, content_rowid = id, tokenize=\"unicode61\")",
		"CREATE VIRTUAL TABLE t USING rtree(id, minX, maxX, minY, maxY)",
		"CREATE VIRTUAL TABLE t USING rtree(id, x0, x1, +name TEXT, +data BLOB, +n)",
		"CREATE VIRTUAL TABLE t USING rtree_i32(id, x0, x1)",
		"CREATE VIRTUAL TABLE t USING geopoly(a INTEGER, b, c TEXT)",
		"CREATE VIRTUAL TABLE t USING geopoly()",
		"CREATE VIRTUAL TABLE f USING fts5(x); CREATE VIRTUAL TABLE t USING fts5vocab(f, 'row')",
		"CREATE VIRTUAL TABLE f USING fts5(x); CREATE VIRTUAL TABLE t USING fts5vocab('f', col)",
		"CREATE VIRTUAL TABLE f USING fts5(x); CREATE VIRTUAL TABLE temp.t USING fts5vocab(main, 'f', instance)",
	} {
		c := realEngine(t)
		if _, err := c.ExecContext(context.Background(), ddl); err != nil {
			t.Errorf("%s: %v", ddl, err)
			continue
		}
		query := func(q string) []string { return column1(t, c, q) }
		plain, hidden := engineColumns(t, query, "t")
		tbl := build(t, ddl).Table("", "t")
		if got := catalogNames(tbl.Columns, false); got != plain {
			t.Errorf("%s: columns %s, want %s", ddl, got, plain)
		}
		if got := catalogNames(tbl.Columns, true); got != hidden {
			t.Errorf("%s: hidden columns %s, want %s", ddl, got, hidden)
		}
	}
}

// Table functions, and the pragmas behind most of them, have the engine's columns.
func TestTableFunctionColumnsAreTheEngines(t *testing.T) {
	c := realEngine(t)
	query := func(q string) []string { return column1(t, c, q) }
	for name, f := range tableFunctions {
		if f.optional {
			continue
		}
		plain, hidden := engineColumns(t, query, name)
		if got := catalogNames(catalogColumns(f.columns), false); got != plain {
			t.Errorf("%s: columns %s, want %s", name, got, plain)
		}
		if got := catalogNames(catalogColumns(f.columns), true); got != hidden {
			t.Errorf("%s: hidden columns %s, want %s", name, got, hidden)
		}
	}
	for _, name := range column1(t, c, "SELECT name FROM pragma_pragma_list") {
		p, ok := pragmas[name]
		if !ok {
			t.Errorf("PRAGMA %s is not known", name)
			continue
		}
		rows, err := c.QueryContext(context.Background(), "PRAGMA "+name)
		if err != nil {
			t.Errorf("PRAGMA %s: %v", name, err)
			continue
		}
		cols, err := rows.Columns()
		rows.Close()
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, col := range p.columns {
			want = append(want, col.name)
		}
		if got := strings.Join(cols, ","); got != "" && got != strings.Join(want, ",") {
			t.Errorf("PRAGMA %s has columns %s, the table says %s", name, got, strings.Join(want, ","))
		}
		if got := len(column1(t, c, "SELECT name FROM pragma_table_xinfo('pragma_"+name+"')")) > 0; got != p.function {
			t.Errorf("pragma_%s: a function in the engine %v, in the table %v", name, got, p.function)
		}
	}
}

// The engine's own tables are found by name, and are not listed among the user's.
func TestSystemTablesAreFoundByName(t *testing.T) {
	snap := New().NewSnapshot()
	for _, name := range []string{"sqlite_master", "SQLITE_SCHEMA", "sqlite_sequence", "sqlite_temp_master"} {
		tbl := snap.Table("", name)
		if tbl == nil {
			t.Errorf("%s is not found", name)
		} else if tbl != snap.Table("", name) {
			t.Errorf("%s is another table each time", name)
		}
	}
	if snap.Table("main", "sqlite_master") == nil {
		t.Error("main.sqlite_master is not found")
	}
	for _, sc := range snap.Schemas {
		if len(sc.Tables) > 0 {
			t.Errorf("schema %s lists tables", sc.Name)
		}
	}
}

// A name that Quote leaves bare is a name to the engine in every place; one that it quotes
// means itself.
func TestQuotedNamesMeanThemselves(t *testing.T) {
	c := realEngine(t)
	names := []string{"a", "A b", `q"q`, "", "é", "1a", "a1", "$x", "a$", "_", "a-b", "rowid", "key", "Order"}
	for w := range reserved {
		names = append(names, w, strings.ToLower(w))
	}
	names = append(names, strings.Fields("ABORT ACTION AFTER ALWAYS ANALYZE ASC ATTACH BEFORE BEGIN BY CASCADE CAST COLUMN CONFLICT CURRENT DATABASE DEFERRED DESC DETACH DO EACH END EXCLUDE EXCLUSIVE EXPLAIN FAIL FILTER FIRST FOLLOWING FOR GENERATED GROUPS IF IGNORE IMMEDIATE INITIALLY INSTEAD KEY LAST MATERIALIZED NO NULLS OF OFFSET OTHERS OVER PARTITION PLAN PRAGMA PRECEDING QUERY RANGE RECURSIVE REINDEX RELEASE RENAME REPLACE RESTRICT ROW ROWS SAVEPOINT TEMP TEMPORARY TIES TRIGGER UNBOUNDED VACUUM VIEW VIRTUAL WITH WITHOUT STORED STRICT")...)
	for _, name := range names {
		q := New().Quote(name)
		ddl := "CREATE TABLE " + q + " (" + q + ", x)"
		ctx := context.Background()
		if _, err := c.ExecContext(ctx, ddl); err != nil {
			t.Errorf("%s: %v", ddl, err)
			continue
		}
		query := "SELECT " + q + "." + q + ", " + q + " AS " + q + " FROM " + q + " WHERE " + q + " IS NULL ORDER BY " + q
		if _, err := c.ExecContext(ctx, query); err != nil {
			t.Errorf("%s: %v", query, err)
		}
		if got := column1(t, c, "SELECT name FROM sqlite_schema WHERE type = 'table'"); len(got) != 1 || got[0] != name {
			t.Errorf("Quote(%q) = %s names %q", name, q, got)
		}
		if _, err := c.ExecContext(ctx, "DROP TABLE "+q); err != nil {
			t.Errorf("DROP TABLE %s: %v", q, err)
		}
	}
}
