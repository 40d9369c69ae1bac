package postgres

import (
	"context"
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/types"
)

// hostile are values at which functions are likely to have no answer, by type.
var hostile = map[string][]string{
	"text":        {"''", "'a'", "'%'", "'{}'", "'abc'", "'0'", "'UTC'", "'day'", "'YYYY-MM-DD'", "'[0-9]+'", "'public.nothing'"},
	"varchar":     {"''", "'abc'"},
	"bpchar":      {"''", "'abc'"},
	"name":        {"''", "'public'", "'postgres'"},
	"char":        {"''", "'a'"},
	"int2":        {"0", "1", "-1", "32767", "(-32768)"},
	"int4":        {"0", "1", "-1", "3", "2147483647", "(-2147483648)"},
	"int8":        {"0", "1", "-1", "9223372036854775807", "(-9223372036854775808)"},
	"float4":      {"0", "1.5", "-1", "'NaN'", "'Infinity'", "'-Infinity'"},
	"float8":      {"0", "0.5", "-1", "'NaN'", "'Infinity'", "'-Infinity'"},
	"numeric":     {"0", "1.50", "-1", "'NaN'", "'Infinity'", "'-Infinity'"},
	"bool":        {"true", "false"},
	"bytea":       {`'\x'`, `'\x00ff'`},
	"date":        {"'2020-02-29'", "'infinity'", "'-infinity'"},
	"timestamp":   {"'2020-02-29 12:00'", "'infinity'", "'-infinity'"},
	"timestamptz": {"'2020-02-29 12:00Z'", "'infinity'", "'-infinity'"},
	"time":        {"'00:00'", "'24:00'"},
	"timetz":      {"'00:00Z'", "'24:00-12'"},
	"interval":    {"'0'", "'-1 month'", "'178000000 years'", "'1 day 2 hours'"},
	"uuid":        {"'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'"},
	"json":        {"'null'", "'{}'", "'[]'", "'1'", `'"a"'`, `'{"a":null}'`, `'[null,1]'`, `'{"a":{"b":[1,2]}}'`},
	"jsonb":       {"'null'", "'{}'", "'[]'", "'1'", `'"a"'`, `'{"a":null}'`, `'[null,1]'`, `'{"a":{"b":[1,2]}}'`},
	"jsonpath":    {"'$'", "'$.a'", "'$[*]'", "'$.x ? (@ > 1)'", "'$ > 1'", "'strict $.zz'"},
	"inet":        {"'0.0.0.0/0'", "'::1'", "'10.0.0.1/8'"},
	"cidr":        {"'0.0.0.0/0'", "'::/0'"},
	"macaddr":     {"'00:00:00:00:00:00'"},
	"macaddr8":    {"'00:00:00:00:00:00:00:00'"},
	"bit":         {"''", "'101'"},
	"varbit":      {"''", "'101'"},
	"money":       {"'0'", "'-92233720368547758.08'"},
	"tsvector":    {"''", "'a:1 b:2'"},
	"tsquery":     {"''", "'a & !b'"},
	"oid":         {"0", "1259", "4294967295"},
	"regclass":    {"'pg_class'", "'0'"},
	"regtype":     {"'int4'", "'0'"},
	"regconfig":   {"'simple'"},
	"regproc":     {"'now'"},
	"point":       {"'(0,0)'", "'(Infinity,NaN)'"},
	"box":         {"'(0,0),(1,1)'", "'(5,5),(6,6)'"},
	"circle":      {"'<(0,0),0>'", "'<(5,5),1>'"},
	"line":        {"'{1,-1,0}'", "'{1,-1,5}'", "'{0,1,0}'"},
	"lseg":        {"'((0,0),(1,1))'", "'((5,0),(6,1))'"},
	"path":        {"'((0,0),(1,1))'", "'[(0,0),(1,1)]'", "'[(5,5)]'"},
	"polygon":     {"'((0,0),(1,1),(1,0))'", "'((9,9))'"},
	"xml":         {"''", "'<a/>'"},
	"pg_lsn":      {"'0/0'", "'FFFFFFFF/FFFFFFFF'"},
	"xid":         {"'0'", "'4294967295'"},
	"xid8":        {"'0'"},
	"tid":         {"'(0,0)'"},
	"record":      {"ROW()", "ROW(1,NULL)"},
	"int4range":   {"'empty'", "'(,)'", "'[1,5)'"}, "int8range": {"'empty'", "'(,)'"}, "numrange": {"'empty'", "'(,)'", "'[1,5)'"},
	"tsrange": {"'empty'", "'(,)'"}, "tstzrange": {"'empty'", "'(,)'"}, "daterange": {"'empty'", "'(,)'"},
	"int4multirange": {"'{}'", "'{(,)}'", "'{[1,2),[4,5)}'"},
	"aclitem":        {"'=r/postgres'"},
	"hstore":         {"''", "'a=>NULL'", "'a=>1'"}, "citext": {"''", "'a'"}, "ltree": {"''", "'a.b'"}, "lquery": {"'a.*'", "'x'"}, "ltxtquery": {"'a'"},
	"cube": {"'()'", "'(1,2),(3,4)'"}, "seg": {"'1..2'"}, "query_int": {"'1&2'"},
	"geometry":  {"'POINT EMPTY'", "'POINT(1 2)'", "'LINESTRING(0 0,1 1)'", "'POLYGON((0 0,1 0,1 1,0 0))'", "'GEOMETRYCOLLECTION EMPTY'"},
	"geography": {"'POINT EMPTY'", "'POINT(1 2)'", "'POLYGON((0 0,1 0,1 1,0 0))'"},
}

// pseudo are the types that a polymorphic argument is tried as.
var pseudo = map[string]string{
	"anyelement": "int4", "anynonarray": "int4", "anycompatible": "int4", "anycompatiblenonarray": "int4", "any": "text",
	"anyarray": "int4[]", "anycompatiblearray": "int4[]", "anyrange": "int4range", "anycompatiblerange": "int4range",
	"anymultirange": "int4multirange", "anycompatiblemultirange": "int4multirange",
}

func values(t types.Type) []string {
	name := t.String()
	if to, ok := pseudo[name]; ok {
		name = to
	}
	if elem, ok := strings.CutSuffix(name, "[]"); ok {
		out := []string{"'{}'::" + name}
		if of := hostile[elem]; of != nil {
			out = append(out, fmt.Sprintf("ARRAY[%s::%s, NULL]::%s", of[len(of)-1], elem, name), fmt.Sprintf("ARRAY[ARRAY[%s]]::%s", of[0], name),
				fmt.Sprintf("ARRAY[%s]::%s", of[0], name))
		}
		return out
	}
	var out []string
	for _, v := range hostile[name] {
		if name == "record" {
			out = append(out, v)
			continue
		}
		if name == "char" {
			name = `"char"`
		}
		out = append(out, v+"::"+name)
	}
	return out
}

// tuples combines the values of all arguments, at most a few hundred of them.
func tuples(args []types.Type) [][]string {
	out := [][]string{nil}
	for _, a := range args {
		vs := values(a)
		if len(vs) == 0 {
			return nil
		}
		var next [][]string
		for i, t := range out {
			for j, v := range vs {
				if len(out)*len(vs) > 600 && (i+j)%7 != 0 {
					continue
				}
				next = append(next, append(append([]string(nil), t...), v))
			}
		}
		out = next
	}
	return out
}

// probe installs a function on the server that evaluates an expression: it says NULL, VALUE
// or ERROR.
const probe = `CREATE OR REPLACE FUNCTION pg_temp.probe(x text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE r bool; BEGIN EXECUTE 'SELECT (' || x || ') IS NOT DISTINCT FROM NULL' INTO r; RETURN CASE WHEN r THEN 'NULL' ELSE 'VALUE' END;
EXCEPTION WHEN OTHERS THEN RETURN 'ERROR'; END $$`

type probed struct {
	what  string
	rule  catalog.NullRule
	exprs []string
}

func probes(all bool, l *library) []probed {
	var out []probed
	for _, name := range sortedKeys(l.functions) {
		if strings.HasPrefix(name, "binary_upgrade") || strings.HasPrefix(name, "lo") && name != "lower" && name != "log" || name == "set_config" ||
			name == "st_asgeojson" { // PostGIS 3.3 crashes the server on a negative number of digits
			continue
		}
		for _, f := range l.functionsOf(name) {
			if f.Kind != catalog.Scalar || !f.Strict || f.ReturnsSet {
				continue
			}
			if all && (f.Volatility == "volatile" || strings.HasPrefix(name, "pg_stat") || strings.HasPrefix(name, "pg_ls") || strings.HasPrefix(name, "pg_read")) || !all && f.Null != catalog.NullStrict {
				continue
			}
			var args []types.Type
			for _, a := range f.Args {
				args = append(args, a.Type)
			}
			p := probed{what: signatureText(name, f.Args), rule: f.Null}
			for _, tuple := range tuples(args) {
				if f.Variadic {
					tuple[len(tuple)-1] = "VARIADIC " + tuple[len(tuple)-1]
				}
				p.exprs = append(p.exprs, fmt.Sprintf("%q(%s)", name, strings.Join(tuple, ", ")))
			}
			out = append(out, p)
		}
	}
	for _, name := range sortedKeys(l.operators) {
		for _, o := range l.operatorsOf(name) {
			if !all && o.null != catalog.NullStrict {
				continue
			}
			p := probed{what: "operator " + name + " " + o.left.String() + " " + o.right.String(), rule: o.null}
			if !o.left.Known() {
				p.what = "operator " + name + " . " + o.right.String()
				for _, v := range values(o.right) {
					p.exprs = append(p.exprs, name+" "+v)
				}
			} else {
				for _, v := range tuples([]types.Type{o.left, o.right}) {
					p.exprs = append(p.exprs, v[0]+" "+name+" "+v[1])
				}
			}
			out = append(out, p)
		}
	}
	s := makeSemantics(nil)
	for _, key := range sortedCasts(l) {
		from, to := dataType(key[0]), dataType(key[1])
		p := probed{what: "cast " + key[0] + " " + key[1], rule: s.castNull(from, to)}
		if !all && p.rule != catalog.NullStrict {
			continue
		}
		for _, v := range values(from) {
			p.exprs = append(p.exprs, fmt.Sprintf("CAST(%s AS %s)", v, strings.Replace(key[1], "char", `"char"`, boolInt(key[1] == "char"))))
		}
		out = append(out, p)
	}
	return out
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func sortedCasts(l *library) [][2]string {
	var out [][2]string
	for key := range l.casts {
		out = append(out, key)
	}
	sort.Slice(out, func(i, j int) bool { return out[i][0]+" "+out[i][1] < out[j][0]+" "+out[j][1] })
	return out
}

// What nulls.txt calls total never gives NULL for arguments that are not: on a real server,
// for hostile arguments.
func TestTotalFunctionsNeverGiveNull(t *testing.T) {
	conn := connect(t)
	ctx := context.Background()
	discover := os.Getenv("COVETSQL_PROBE_ALL") != ""
	libraries := []*library{builtIn()}
	for _, name := range []string{"citext", "hstore", "ltree", "cube", "pg_trgm", "pgcrypto", "intarray", "fuzzystrmatch", "unaccent", "uuid-ossp", "postgis"} {
		if _, err := conn.Exec(ctx, fmt.Sprintf("CREATE EXTENSION IF NOT EXISTS %q", name)); err != nil {
			t.Logf("extension %s is not tried: %v", name, err)
			continue
		}
		libraries = append(libraries, extensionLibrary(name))
	}
	for _, q := range []string{probe, "SET statement_timeout = '60s'"} {
		if _, err := conn.Exec(ctx, q); err != nil {
			t.Fatal(err)
		}
	}
	var total, partial, untried []string
	if discover { // postgis has far too many
		libraries = libraries[:len(libraries)-1]
	}
	for _, l := range libraries {
		for _, p := range probes(discover, l) {
			rows, err := conn.Query(ctx, "SELECT x, pg_temp.probe(x) FROM unnest($1::text[]) x", p.exprs)
			if err != nil {
				t.Fatalf("%s: %v", p.what, err)
			}
			answers, null := 0, ""
			for rows.Next() {
				var x, answer string
				if err := rows.Scan(&x, &answer); err != nil {
					t.Fatal(err)
				}
				if answer != "ERROR" {
					answers++
				}
				if answer == "NULL" {
					null = x
				}
			}
			if err := rows.Err(); err != nil {
				t.Fatalf("%s: %v", p.what, err)
			}
			switch {
			case null != "" && p.rule == catalog.NullStrict:
				t.Errorf("%s is called total, but %s is NULL", p.what, null)
				fallthrough
			case null != "":
				partial = append(partial, p.what+"    "+null)
			case answers == 0:
				untried = append(untried, p.what)
			default:
				total = append(total, p.what)
			}
		}
	}
	if discover {
		sort.Strings(total)
		for name, list := range map[string][]string{"total": total, "partial": partial, "untried": untried} {
			_ = os.WriteFile(os.TempDir()+"/probe-"+name+".txt", []byte(strings.Join(list, "\n")), 0o666)
		}
	}
	t.Logf("%d total, %d partial, %d without an answer to any of our arguments", len(total), len(partial), len(untried))
}

// The columns of system views that nulls.txt calls NOT NULL hold no NULL on a server.
func TestSystemColumnsHoldNoNull(t *testing.T) {
	conn := connect(t)
	for _, column := range sortedKeys(nulls().columns) {
		parts := strings.Split(column, ".")
		if len(parts) != 3 {
			continue
		}
		table := systemRelation(parts[0], parts[1])
		if table == nil || table.Column(parts[2], false) == nil {
			t.Errorf("there is no %s", column)
			continue
		}
		var rows, null int
		if err := conn.QueryRow(context.Background(), fmt.Sprintf("SELECT count(*), count(*) - count(%s) FROM %s.%s", parts[2], parts[0], parts[1])).Scan(&rows, &null); err != nil {
			t.Errorf("%s: %v", column, err)
		}
		if null > 0 {
			t.Errorf("%s is NULL in %d of %d rows", column, null, rows)
		}
	}
}
