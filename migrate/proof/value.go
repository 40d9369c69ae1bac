package proof

import (
	"fmt"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/types"
)

// value is an SQL literal for a column of the row'th row. Foreign keys hold by it: the same row of two tables has the same
// value for the same type. Texts are numbers, so that they survive a change of type to one.
func value(s *catalog.Snapshot, c *catalog.Column, row int) string {
	t := base(s, c.Type)
	if t.IsArray() {
		return "'{}'"
	}
	if members := members(s, c, t); len(members) > 0 {
		return text(members[(row-1)%len(members)])
	}
	if t.Kind == types.Composite {
		return "NULL"
	}
	if form, ok := values[s.Engine][strings.ToLower(t.Name)]; ok {
		return strings.ReplaceAll(form, "%", fmt.Sprint(row))
	}
	return fmt.Sprintf("'%d'", row)
}

// worded is a word as a literal for a column, where the column's type takes any such.
func worded(s *catalog.Snapshot, c *catalog.Column, word string) (string, bool) {
	t := base(s, c.Type)
	if t.IsArray() || t.Kind == types.Composite || len(members(s, c, t)) > 0 {
		return "", false
	}
	form, known := values[s.Engine][strings.ToLower(t.Name)]
	number := strings.Trim(word, "0123456789.") == ""
	switch {
	case known && form == "%":
		return word, number
	case s.Engine == catalog.SQLite && known: // any text would be taken
		return "", false
	}
	return text(word), true
}

// base is the type under domains.
func base(s *catalog.Snapshot, t types.Type) types.Type {
	for range 20 {
		if t.Kind != types.Domain || t.IsArray() {
			break
		}
		d := s.Type(t.Schema, t.Name)
		if d == nil {
			break
		}
		t = d.Base
	}
	return t
}

func members(s *catalog.Snapshot, c *catalog.Column, t types.Type) []string {
	if len(c.EnumValues) > 0 {
		return c.EnumValues
	}
	if t.Kind == types.Enum {
		if d := s.Type(t.Schema, t.Name); d != nil {
			return d.Values
		}
	}
	return nil
}

func text(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// values are literals by type, % for the number of the row; a type that is not listed takes the number as a text.
var values = map[catalog.Engine]map[string]string{
	catalog.PostgreSQL: {
		"int2": "%", "int4": "%", "int8": "%", "oid": "%", "float4": "%", "float8": "%", "numeric": "%", "money": "%",
		"bool": "(% % 2 = 1)", "date": "'2020-01-0%'", "timestamp": "'2020-01-0% 03:04:05'", "timestamptz": "'2020-01-0% 03:04:05+00'",
		"time": "'03:04:0%'", "timetz": "'03:04:0%+00'", "interval": "'% days'", "uuid": "'00000000-0000-0000-0000-00000000000%'",
		"json": `'{"a": %}'`, "jsonb": `'{"a": %}'`, "bytea": `'\x0%'`, "inet": "'10.0.0.%'", "cidr": "'10.0.%.0/24'",
		"macaddr": "'08:00:2b:01:02:0%'", "bit": "NULL", "varbit": "B'1'", "xml": "'<a/>'", "tsvector": "'a%'", "tsquery": "'a%'",
		"point": "'(%,%)'", "box": "'(%,%),(0,0)'", "line": "'{1,-1,%}'", "lseg": "'[(0,0),(%,%)]'", "path": "'[(0,0),(%,%)]'",
		"polygon": "'((0,0),(%,%),(1,0))'", "circle": "'<(%,%),1>'",
		"int4range": "'[%,%]'", "int8range": "'[%,%]'", "numrange": "'[%,%]'", "daterange": "'[2020-01-0%,2020-01-0%]'",
		"tsrange": "'[2020-01-0%,2020-01-0%]'", "tstzrange": "'[2020-01-0%,2020-01-0%]'", "hstore": "'a=>%'",
	},
	catalog.MySQL: {
		"tinyint": "%", "smallint": "%", "mediumint": "%", "int": "%", "bigint": "%", "decimal": "%", "float": "%", "double": "%",
		"bool": "%", "date": "'2020-01-0%'", "datetime": "'2020-01-0% 03:04:05'", "timestamp": "'2020-01-0% 03:04:05'",
		"time": "'03:04:0%'", "year": "'202%'", "json": `'{"a": %}'`, "bit": "b'1'", "uuid": "'00000000-0000-0000-0000-00000000000%'",
		"inet4": "'10.0.0.%'", "inet6": "'::%'", "vector": "NULL",
		"point": "ST_GeomFromText('POINT(% %)')", "geometry": "ST_GeomFromText('POINT(% %)')",
		"linestring": "ST_GeomFromText('LINESTRING(0 0, % %)')", "polygon": "ST_GeomFromText('POLYGON((0 0, % 0, % %, 0 0))')",
	},
	catalog.SQLite: {"integer": "%", "real": "%", "numeric": "%", "blob": "x'0%'", "any": "%"},
}
