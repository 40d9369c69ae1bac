package truth

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// Data are the rows that Fill stored, by table, as text by column name.
type Data struct {
	rows map[*catalog.Table][]map[string]*string
	in   *catalog.Snapshot
}

// Count is the number of tables that have rows, and of base tables in all; Empty names those
// without.
func (d *Data) Count() (filled, all int, empty []string) {
	for _, t := range baseTables(d.in) {
		all++
		if len(d.rows[t]) > 0 {
			filled++
		} else {
			empty = append(empty, t.Name)
		}
	}
	return filled, all, empty
}

func baseTables(in *catalog.Snapshot) []*catalog.Table {
	var out []*catalog.Table
	for _, s := range in.Schemas {
		if contains(in.Implicit, s.Name) || s.Name == "information_schema" {
			continue
		}
		for _, t := range s.Tables {
			if t.Kind == catalog.BaseTable && t.PartitionOf == "" {
				out = append(out, t)
			}
		}
	}
	return out
}

// Fill stores hostile rows in every table: NULL in every column that takes it, duplicates,
// extreme and empty values, orphans where no foreign key forbids them. What a constraint
// refuses is tried with other values, at last with keys that are new. It returns what is stored; the last refusal of each
// table that stayed empty is in the error.
func Fill(ctx context.Context, s Server, in *catalog.Snapshot, r *rand.Rand) (*Data, error) {
	return FillAs(ctx, s, in, r, Shape{Nulls: 1.0 / 3, First: true})
}

// Shape is what kind of rows FillAs makes.
type Shape struct {
	// Nulls is the share of NULL among the values that may be.
	Nulls float64
	// First tells that the first row of a table has NULL wherever it may.
	First bool
	// Empty leaves a table without rows.
	Empty func(*catalog.Table) bool
}

// FillAs is Fill for rows of a shape.
func FillAs(ctx context.Context, s Server, in *catalog.Snapshot, r *rand.Rand, shape Shape) (*Data, error) {
	d := &Data{rows: map[*catalog.Table][]map[string]*string{}, in: in}
	refusal := map[*catalog.Table]error{}
	const passes, tries, wanted = 5, 6, 7
	for pass := range passes {
		for _, t := range baseTables(in) {
			if shape.Empty != nil && shape.Empty(t) {
				continue
			}
			for i := range tries {
				if len(d.rows[t]) >= wanted || pass > 0 && len(d.rows[t]) > 1 {
					break
				}
				row, columns, values := d.row(t, i, pass, r, shape)
				if err := s.Insert(ctx, t, columns, values); err != nil {
					refusal[t] = err
					continue
				}
				d.rows[t] = append(d.rows[t], row)
			}
		}
	}
	var problems []string
	for _, t := range baseTables(in) {
		if len(d.rows[t]) == 0 {
			problems = append(problems, fmt.Sprintf("%s: %v", t.Name, refusal[t]))
		}
	}
	if problems != nil {
		return d, fmt.Errorf("%s", strings.Join(problems, "\n"))
	}
	return d, nil
}

// row makes one row: the first has NULL wherever it may, the second nowhere, the others here
// and there.
func (d *Data) row(t *catalog.Table, i, pass int, r *rand.Rand, shape Shape) (map[string]*string, []*catalog.Column, []*string) {
	row := map[string]*string{}
	for _, fk := range t.Constraints {
		if fk.Kind != ir.ForeignKey || d.in.Engine == catalog.SQLite && i%2 == 0 {
			continue
		}
		parent := d.in.Table(fk.RefSchema, fk.RefTable)
		if parent == nil || len(d.rows[parent]) == 0 || len(fk.RefColumns) != len(fk.Columns) {
			continue
		}
		from := d.rows[parent][r.IntN(len(d.rows[parent]))]
		for j, c := range fk.Columns {
			if v := from[fk.RefColumns[j]]; v != nil && row[c] == nil {
				row[c] = v
			}
		}
	}
	var columns []*catalog.Column
	var values []*string
	for _, c := range t.Columns {
		if c.Generated != "" || c.Hidden {
			continue
		}
		v := row[c.Name]
		null := !c.NotNull && (shape.First && i == 0 && pass == 0 || (!shape.First || i > 1) && r.Float64() < shape.Nulls)
		switch {
		case null:
			v = nil
		case v == nil:
			pool := d.pool(t, c)
			n := i % len(pool)
			if i > 1 || pass > 0 {
				n = r.IntN(len(pool))
			}
			v = &pool[n]
			if pass > 3 && isKey(t, c.Name) && len(c.EnumValues) == 0 {
				if f := unheard(pool[0], d.base(c.Type), r); f != "" {
					v = &f
				}
			}
			if pass > 1 && !c.NotNull && shape.Nulls > 0 && r.IntN(2) == 0 {
				v = nil
			}
		}
		row[c.Name] = v
		columns, values = append(columns, c), append(values, v)
	}
	return row, columns, values
}

var (
	literal = regexp.MustCompile(`'((?:[^']|'')*)'|\b(\d+)\b`)
)

// pool are the values to try in a column: what its constraints and default speak of first.
func (d *Data) pool(t *catalog.Table, c *catalog.Column) []string {
	var out []string
	if len(c.EnumValues) > 0 {
		return c.EnumValues
	}
	textual := isText(d.base(c.Type))
	from := []string{}
	for _, k := range t.Constraints {
		if k.Kind == ir.Check && strings.Contains(strings.ToLower(k.Expr), strings.ToLower(c.Name)) {
			from = append(from, k.Expr)
		}
	}
	if textual && c.Default != "" {
		from = append(from, c.Default)
	}
	for _, text := range from {
		for _, m := range literal.FindAllStringSubmatch(text, -1) {
			if textual && strings.HasPrefix(m[0], "'") {
				out = append(out, strings.ReplaceAll(m[1], "''", "'"))
			}
			if m[2] == "" {
				continue
			}
			if isNumber(d.base(c.Type)) {
				out = append(out, m[2])
			} else if n, err := strconv.Atoi(m[2]); err == nil && n > 0 && n < 1000 && strings.Contains(text, "length") {
				for _, fill := range [...]string{"a", "b", "c", "d"} {
					out = append(out, ofLength(d.base(c.Type), fill, n))
				}
			}
		}
	}
	if c.Default != "" && !textual {
		for _, m := range literal.FindAllStringSubmatch(c.Default, 1) {
			if strings.HasPrefix(m[0], "'") {
				out = append(out, m[1])
			}
		}
	}
	out = append(out, d.stored(c)...)
	if c.Identity == "auto_increment" { // 0 asks for the next number
		out = slices.DeleteFunc(slices.Clone(out), func(v string) bool { return v == "0" })
	}
	return out
}

// stored are values of a column's type; SQLite's columns hold what their declared type speaks
// of, whatever its affinity.
func (d *Data) stored(c *catalog.Column) []string {
	if d.in.Engine != catalog.SQLite {
		return d.Values(c.Type)
	}
	declared := strings.ToLower(c.Declared)
	switch declared {
	case "date", "datetime", "timestamp":
		return append(slices.Clip(d.Values(types.Type{Name: declared})), "2460000.5", "a", "")
	case "json":
		return jsons
	case "real", "double", "float":
		return append(floats[:5:5], "Infinity", "-Infinity")
	}
	return d.Values(c.Type)
}

// ofLength is a value of n characters or bytes.
func ofLength(t types.Type, fill string, n int) string {
	if t.Name == "bytea" {
		return `\x` + strings.Repeat("6"+fill, n)
	}
	return strings.Repeat(fill, n)
}

func (d *Data) base(t types.Type) types.Type {
	for range 8 {
		def := d.in.Type(t.Schema, t.Name)
		if def == nil || def.Kind != types.Domain || t.Dims > 0 {
			return t
		}
		t = def.Base
	}
	return t
}

func isText(t types.Type) bool {
	n := strings.ToLower(t.Name)
	return t.Dims == 0 && (strings.Contains(n, "text") || strings.Contains(n, "char") || n == "name" || n == "citext")
}

func isNumber(t types.Type) bool {
	n := strings.ToLower(t.Name)
	return t.Dims == 0 && (strings.Contains(n, "int") || strings.Contains(n, "float") || n == "numeric" || n == "decimal" || n == "real" || n == "double")
}

// Values are hostile values of a type, as text: few, so that rows meet, the extreme ones last.
func (d *Data) Values(t types.Type) []string {
	if t.Dims > 0 {
		elems := d.Values(t.Elem())
		first, last := elems[0], elems[len(elems)-1]
		return []string{arrayText([]*string{&first}), "{}", "{NULL}", arrayText([]*string{&first, nil, &last, &first})}
	}
	if def := d.in.Type(t.Schema, t.Name); def != nil {
		switch def.Kind {
		case types.Enum:
			if len(def.Values) > 0 {
				return def.Values
			}
		case types.Domain:
			var out []string
			for _, c := range def.Checks {
				for _, m := range literal.FindAllStringSubmatch(c.Expr, -1) {
					if strings.HasPrefix(m[0], "'") && isText(def.Base) {
						out = append(out, m[1])
					} else if isNumber(def.Base) && m[2] != "" {
						out = append(out, m[2])
					}
				}
			}
			return append(out, d.Values(def.Base)...)
		case types.Composite:
			if len(def.Columns) > 0 {
				return []string{"(" + strings.Repeat(",", len(def.Columns)-1) + ")"}
			}
		}
	}
	v := values[strings.ToLower(t.Name)]
	if d.in.Engine == catalog.MySQL && strings.EqualFold(t.Name, "timestamp") {
		v = times // MySQL knows no infinity
	}
	if n := int(t.Length); n > 0 && t.Name == "bit" && d.in.Engine == catalog.PostgreSQL {
		return []string{strings.Repeat("1", n), strings.Repeat("0", n)}
	}
	if v != nil {
		if t.Unsigned {
			return []string{"1", "2", "3", "0", "200"}
		}
		if t.Length > 0 && isText(t) || d.in.Engine == catalog.MySQL && t.Length > 0 {
			var out []string
			for _, s := range v {
				if len(s) <= int(t.Length) {
					out = append(out, s)
				}
			}
			if len(out) > 0 {
				return out
			}
		}
		return v
	}
	return []string{"1", "a", ""}
}

var (
	times    = []string{"2024-01-31 10:00:00", "2024-02-29 23:59:59.999999", "1999-12-31 00:00:00", "2024-01-31 10:00:00"}
	pgTimes  = append(times[:3:3], "infinity", "-infinity")
	texts    = []string{"a", "b", "", "1", "a@b.de", "2024-01-31", "Ä€%_\\ '\"", strings.Repeat("long ", 40)}
	integers = []string{"1", "2", "3", "0", "-1"}
	floats   = []string{"1", "2", "1.5", "0", "-1"}
	jsons    = []string{"null", "{}", "[]", `{"a": 1, "b": null, "id": "1"}`, `[1, null, "x"]`, `"a"`, "1"}
	bools    = []string{"1", "0"}
	blobs    = []string{"a", "", "\x01b"}
)

// values are by type name, of all engines together.
var values = map[string][]string{
	"int2": append(integers[:5:5], "32767"), "int4": append(integers[:5:5], "2147483647"), "int8": append(integers[:5:5], "9223372036854775807"),
	"float4": append(floats[:5:5], "NaN", "Infinity"), "float8": append(floats[:5:5], "NaN", "-Infinity"), "numeric": append(floats[:5:5], "NaN"),
	"money": {"1", "-2.50"}, "bool": {"t", "f"}, "text": texts, "varchar": texts, "bpchar": texts, "name": texts[:6], "citext": texts, "char": {"a", "b"},
	"bytea": {`\x61`, `\x`, `\x00ff`}, "uuid": {"00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002", "ffffffff-ffff-ffff-ffff-ffffffffffff"},
	"date": {"2024-01-31", "2024-02-29", "1999-12-31"}, "time": {"10:00:00", "00:00:00", "23:59:59"}, "timetz": {"10:00:00+00", "23:59:59+12"},
	"timestamp": pgTimes, "timestamptz": pgTimes, "interval": {"1 day", "0", "-1 month 3 days 00:00:01", "1000 years"},
	"json": jsons, "jsonb": jsons, "inet": {"10.0.0.1", "::1/64"}, "cidr": {"10.0.0.0/8"}, "macaddr": {"08:00:2b:01:02:03"},
	"int4range": {"[1,3)", "empty", "(,)"}, "int8range": {"[1,3)", "empty", "(,)"}, "numrange": {"[1,3)", "empty", "(,)"},
	"tstzrange": {"[2024-01-01,2024-02-01)", "empty", "(,)"}, "tsrange": {"[2024-01-01,2024-02-01)", "empty", "(,)"}, "daterange": {"[2024-01-01,2024-02-01)", "empty", "(,)"},
	"oid": {"1", "2", "1259"}, "xml": {"<a/>"}, "tsvector": {"a b", ""}, "bit": {"1", "0"}, "varbit": {"101", ""}, "point": {"(1,2)"}, "ltree": {"a.b"},
	"pg_lsn": {"0/0"}, "regclass": {"pg_class"}, "xid": {"1"}, "xid8": {"1"}, "jsonpath": {"$.a", "$[*]"}, "tsquery": {"a", "a & b"}, "hstore": {"a=>1", "a=>NULL", ""},

	"tinyint": append(integers[:5:5], "127"), "smallint": integers, "mediumint": integers, "int": integers, "bigint": append(integers[:5:5], "9223372036854775807"),
	"float": floats, "double": floats, "real": floats, "decimal": floats, "tinytext": texts[:6], "mediumtext": texts, "longtext": texts,
	"datetime": times, "year": {"2024", "1999"}, "boolean": bools, "blob": blobs, "tinyblob": blobs, "mediumblob": blobs, "longblob": blobs, "binary": blobs, "varbinary": blobs,

	"integer": integers, "any": {"1", "a", ""},
}

// NoData stands for a database whose tables are empty.
func NoData(in *catalog.Snapshot) *Data {
	return &Data{rows: map[*catalog.Table][]map[string]*string{}, in: in}
}
