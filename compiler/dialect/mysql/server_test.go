package mysql_test

import (
	"database/sql"
	"os"
	"sort"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect/mysql"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/internal/testkit"
)

// sampleTable has a column of every type; those with n in front may be NULL.
const sampleTable = `CREATE TABLE t (id int PRIMARY KEY,
 o bool NOT NULL, ti tinyint NOT NULL, i int NOT NULL, ui int unsigned NOT NULL, b bigint NOT NULL, ub bigint unsigned NOT NULL,
 d decimal(10,2) NOT NULL, f double NOT NULL, fl float NOT NULL, c char(3) NOT NULL, v varchar(10) NOT NULL, x text NOT NULL,
 lx longtext NOT NULL, vb varbinary(16) NOT NULL, bl blob NOT NULL, da date NOT NULL, dt datetime NOT NULL, d6 datetime(6) NOT NULL,
 ts timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, tm time NOT NULL, y year NOT NULL, e enum('a','b') NOT NULL, s set('x','y') NOT NULL,
 j json NOT NULL, g geometry NOT NULL, p point NOT NULL, bt bit(8) NOT NULL,
 ni int, nv varchar(10), nx text, nd decimal(10,2), nf double, nda date, ndt datetime, nj json)`

// sampleRows are edges of every type. A claim that an expression is never NULL must hold over all of them.
var sampleRows = []string{
	`1, 1, 1, 1, 1, 1, 1, 1.5, 1.5, 1.5, 'a', 'a', 'a', 'a', 'a', 'a', '2020-02-29', '2020-02-29 12:00:00', '2020-02-29 12:00:00.5', '2020-02-29 12:00:00', '12:00:00', 2020, 'a', 'x', '{"a":1}', ST_GeomFromText('POINT(1 1)'), POINT(1,1), b'1', 1, 'a', 'a', 1, 1, '2020-01-01', '2020-01-01', '{"a":1}'`,
	`2, 0, 0, 0, 0, 0, 0, 0, 0, 0, '', '', '', '', '', '', '1000-01-01', '1000-01-01 00:00:00', '1000-01-01 00:00:00', '1971-01-01 00:00:01', '00:00:00', 1901, 'b', '', '[]', ST_GeomFromText('LINESTRING(0 0,1 1)'), POINT(0,0), b'0', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL`,
	`3, 1, -128, -2147483648, 4294967295, -9223372036854775808, 18446744073709551615, -99999999.99, -1e300, -1e30, '-1', '-1', '-1', '-1', X'00', X'00', '9999-12-31', '9999-12-31 23:59:59', '9999-12-31 23:59:59.999999', '2038-01-01 00:00:00', '-838:59:59', 2155, 'a', 'x,y', 'null', ST_GeomFromText('POLYGON((0 0,1 0,1 1,0 0))'), POINT(-1,-1), b'11111111', 0, '', '', 0, 0, '9999-12-31', '9999-12-31', 'null'`,
	`4, 0, 127, 2147483647, 1, 9223372036854775807, 1, 99999999.99, 1e300, 1e30, '%', '2020-01-01', '$.a', 'x', X'FFFFFFFF', '{}', '2000-01-01', '2000-01-01', '2000-01-01', '2000-01-01', '838:59:59', 2000, 'b', 'y', '"s"', ST_GeomFromText('GEOMETRYCOLLECTION EMPTY'), POINT(1e10,1), b'10', -1, '0', 'x', -1, -1, '2000-01-01', '2000-01-01', '"s"'`,
	`5, 1, 2, 300, 2, 12, 2, 0.01, 0.5, 0.5, '1,2', '10.0.0.1', '<a/>', 'x', '1234567890123456', 'x', '1999-12-31', '1999-12-31 23:59:59', '1999-12-31 23:59:59.999999', '1999-12-31 23:59:59', '-00:00:01', 1999, 'a', 'y', '[1,[2],{"a":null}]', ST_GeomFromText('MULTIPOINT(0 0,1 1)'), POINT(180,90), b'101', 300, '1,2', '<a/>', 0.01, 0.5, '1999-12-31', '1999-12-31', '[1]'`,
}

// families are types that a client can not tell apart in a way that matters: the width of
// an integer literal's type and of a text's differ between versions.
var families = map[string]string{}

func init() {
	for family, names := range map[string]string{
		"string": "char varchar tinytext text mediumtext longtext", "bytes": "binary varbinary tinyblob blob mediumblob longblob vector",
		"integer": "bool tinyint smallint mediumint int bigint", "float": "double float", "moment": "datetime timestamp",
		"geometry": "geometry point linestring polygon multipoint multilinestring multipolygon geometrycollection",
	} {
		for _, n := range strings.Fields(names) {
			families[n] = family
		}
	}
}

func family(t string) string {
	base, unsigned := strings.CutSuffix(t, " unsigned")
	if f, ok := families[base]; ok {
		base = f
	}
	if unsigned {
		base += " unsigned"
	}
	return base
}

const yearIsInt = "as MariaDB: the type YEAR does not hold 9999"

// otherwise are expressions that are typed unlike the server's metadata says, on purpose.
var otherwise = map[string]string{
	"NULL":                           "a NULL of no type is a string to a client",
	"@a":                             "a variable has the type of what it was last given",
	"@@version":                      "a variable's type is not known without a server",
	"@@max_connections":              "a variable's type is not known without a server",
	"ROW_NUMBER() OVER ()":           "MariaDB's bigint: no row number needs the sign's bit",
	"RANK() OVER (ORDER BY i)":       "as ROW_NUMBER",
	"DENSE_RANK() OVER (ORDER BY i)": "as ROW_NUMBER",
	"YEAR(da)":                       yearIsInt, "YEAR(dt)": yearIsInt, "YEAR(v)": yearIsInt,
	"NTILE(4) OVER (ORDER BY i)": "as ROW_NUMBER",
}

type real struct {
	*testkit.Server
	db *sql.DB
}

func servers(t *testing.T) []real {
	var out []real
	for _, s := range []*testkit.Server{testkit.MySQL(t), testkit.MariaDB(t)} {
		name := s.NewDatabase(t)
		s.Exec(t, name, sampleTable)
		r := real{s, s.Open(t, name)}
		for _, row := range sampleRows {
			if _, err := r.db.Exec("INSERT INTO t VALUES (" + row + ")"); err != nil {
				t.Fatalf("%s: %v\n%s", s.Version, err, row)
			}
		}
		out = append(out, r)
	}
	return out
}

func expressions(t *testing.T) []string {
	text, err := os.ReadFile("testdata/expressions.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, line := range strings.Split(string(text), "\n") {
		if line != "" && line[0] != '#' {
			out = append(out, line)
		}
	}
	return out
}

// TestTypesAreTheServers: the type of every listed expression is of the family that MySQL
// says, or MariaDB where MySQL has no such function.
func TestTypesAreTheServers(t *testing.T) {
	all := servers(t)
	in := sample(t)
	agree := 0
	for _, e := range expressions(t) {
		col := infer(t, in, e)
		if col == nil || otherwise[e] != "" {
			continue
		}
		for _, s := range all {
			want, ok := described(s.db, e)
			if !ok {
				continue
			}
			if s.Engine == "mariadb" && want == "longtext" && col.Type.Is("json") {
				want = "json"
			}
			if family(want) != family(col.Type.String()) {
				t.Errorf("%s is %s here, %s on %s", e, col.Type, want, s.Version)
			} else {
				agree++
			}
			break
		}
	}
	t.Logf("%d expressions agree", agree)
}

// TestNeverNullIsNeverNull: no expression that is said never to be NULL gives NULL on a
// server in strict mode, whatever the row.
func TestNeverNullIsNeverNull(t *testing.T) {
	in := sample(t)
	claims, rows := 0, 0
	for _, s := range servers(t) {
		for _, e := range expressions(t) {
			col := infer(t, in, e)
			if col == nil || !col.NotNull {
				continue
			}
			claims++
			for id := 1; id <= len(sampleRows); id++ {
				query := "SELECT " + e + " FROM t WHERE id = " + string(rune('0'+id))
				if strings.Contains(e, "OVER") {
					query = "SELECT " + e + " FROM t ORDER BY id LIMIT 1 OFFSET " + string(rune('0'+id-1))
				}
				var v sql.RawBytes
				r, err := s.db.Query(query)
				if err != nil {
					continue // no such function here, or the row is out of its domain
				}
				if r.Next() {
					if err := r.Scan(&v); err == nil && v == nil {
						t.Errorf("%s: %s is said never to be NULL, and is in row %d", s.Version, e, id)
					}
					rows++
				}
				r.Close()
			}
		}
	}
	t.Logf("%d claims held over %d rows", claims, rows)
}

// sample is the catalog of sampleTable.
func sample(t *testing.T) *catalog.Snapshot { return schema(t, sampleTable) }

// infer types an expression over the sample table, nil with an error where it is refused.
func infer(t *testing.T, in *catalog.Snapshot, e string) *catalog.Column {
	t.Helper()
	d := mysql.New()
	list, _ := token.Split(source.NewFile("q.sql", "-- name: Q :many\nSELECT "+e+" AS r FROM t"), token.MySQL, token.Queries)
	tree, diags := d.Parse(list[0])
	if len(diags) > 0 {
		t.Errorf("%s: %v", e, diags)
		return nil
	}
	cols, diags := sem.QueryColumns(tree.(ir.Query), nil, in, d)
	if len(diags) > 0 {
		t.Errorf("%s: %v", e, diags)
		return nil
	}
	return cols[0]
}

// described is the type that a server gives a client; false where it refuses.
func described(db *sql.DB, e string) (string, bool) {
	rows, err := db.Query("SELECT " + e + " AS r FROM t LIMIT 0")
	if err != nil {
		return "", false
	}
	defer rows.Close()
	cols, err := rows.ColumnTypes()
	if err != nil {
		return "", false
	}
	name := strings.ToLower(cols[0].DatabaseTypeName())
	if base, ok := strings.CutPrefix(name, "unsigned "); ok {
		name = base + " unsigned"
	}
	return name, true
}

// TestReservedWordsAreTheServers: every word that a server does not take as a bare name is quoted.
func TestReservedWordsAreTheServers(t *testing.T) {
	d := mysql.New()
	for _, s := range servers(t) {
		rows, err := s.db.Query("SELECT word FROM information_schema.keywords")
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		for rows.Next() {
			var w string
			if err := rows.Scan(&w); err != nil {
				t.Fatal(err)
			}
			if strings.Trim(w, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == "" {
				words = append(words, w)
			}
		}
		if len(words) < 400 {
			t.Errorf("%s: only %d words", s.Version, len(words))
		}
		for _, w := range words {
			if d.Quote(w) != w {
				continue
			}
			r, err := s.db.Query("SELECT 1 AS " + w + ", x." + w + " FROM (SELECT 1 AS " + w + ") AS x WHERE " + w + " = 1")
			if err != nil {
				t.Errorf("%s does not take %s as a name: %v", s.Version, w, err)
				continue
			}
			r.Close()
		}
	}
}

// TestSystemTablesAreTheServers: systables.txt, which -update writes, lists the tables of
// the system schemas as MySQL has them, and those that only MariaDB has. A column is never
// NULL where it is on neither.
func TestSystemTablesAreTheServers(t *testing.T) {
	type column struct{ name, typ string }
	tables := map[string][]column{}
	nullable := map[string]bool{} // by table and column
	var order []string
	for i, s := range servers(t) {
		theirs := map[string]bool{}
		rows, err := s.db.Query(`SELECT table_schema, table_name, column_name, column_type, is_nullable FROM information_schema.columns
			WHERE table_schema IN ('information_schema', 'mysql', 'performance_schema') ORDER BY table_schema, table_name, ordinal_position`)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var schema, table, col, typ, null string
			if err := rows.Scan(&schema, &table, &col, &typ, &null); err != nil {
				t.Fatal(err)
			}
			name := schema + "." + strings.ToLower(table)
			if tables[name] == nil {
				order = append(order, name)
				theirs[name] = true
			}
			key := name + "." + strings.ToLower(col)
			nullable[key] = nullable[key] || null == "YES"
			if i > 0 && !theirs[name] {
				continue
			}
			base := strings.Fields(strings.ReplaceAll(typ, "(", " "))[0]
			if base == "enum" || base == "set" {
				base = "varchar" // no type of the user's comes of it
			}
			if strings.HasSuffix(typ, "unsigned") {
				base += " unsigned"
			}
			tables[name] = append(tables[name], column{col, base})
		}
	}
	sort.Strings(order)
	var b strings.Builder
	b.WriteString("# The tables of the system schemas of MySQL 9.7, then of MariaDB 10.11 where MySQL has no such table.\n")
	b.WriteString("# Written by go test -run TestSystemTablesAreTheServers -update. ! marks what is never NULL.\n")
	for _, name := range order {
		b.WriteString(name + ":")
		for i, c := range tables[name] {
			if i > 0 {
				b.WriteString(",")
			}
			b.WriteString(" " + c.name + " " + c.typ)
			if !nullable[name+"."+strings.ToLower(c.name)] {
				b.WriteString("!")
			}
		}
		b.WriteString("\n")
	}
	golden(t, "systables.txt", b.String())
}
