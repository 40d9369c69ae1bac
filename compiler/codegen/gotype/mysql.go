package gotype

import "strings"

// mysqlRow is never NULL, never NULL and unsigned, maybe NULL.
type mysqlRow [3]string

var mysqlRows = func() map[string]mysqlRow {
	rows := map[string]mysqlRow{
		"tinyint":   {"int8", "uint8", "sql.NullInt16"},
		"smallint":  {"int16", "uint16", "sql.NullInt16"},
		"year":      {"int16", "int16", "sql.NullInt16"},
		"mediumint": {"int32", "uint32", "sql.NullInt32"},
		"int":       {"int32", "uint32", "sql.NullInt32"},
		"integer":   {"int32", "uint32", "sql.NullInt32"},
		"bigint":    {"int64", "uint64", "sql.NullInt64"},
		// the names that CAST(x AS SIGNED) and its like give
		"bigint signed":   {"int64", "int64", "sql.NullInt64"},
		"bigint unsigned": {"int64", "int64", "sql.NullInt64"},
		"json":            {"json.RawMessage", "json.RawMessage", "json.RawMessage"},
		"bool":            {"bool", "bool", "sql.NullBool"},
		"boolean":         {"bool", "bool", "sql.NullBool"},
	}
	for typ, names := range map[mysqlRow][]string{
		{"float64", "float64", "sql.NullFloat64"}:  {"float", "double", "double precision", "real"},
		{"string", "string", "sql.NullString"}:     {"decimal", "dec", "fixed", "numeric", "char", "varchar", "text", "tinytext", "mediumtext", "longtext", "enum", "set"},
		{"time.Time", "time.Time", "sql.NullTime"}: {"date", "datetime", "timestamp", "time"},
		{"[]byte", "[]byte", "sql.NullString"}:     {"binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"},
	} {
		for _, n := range names {
			rows[n] = typ
		}
	}
	return rows
}()

// mysqlBetter are the types that sqlc has no or an unsound answer for.
var mysqlBetter = func() map[string]mysqlRow {
	bytes := mysqlRow{"[]byte", "[]byte", "[]byte"}
	rows := map[string]mysqlRow{
		"time": {"string", "string", "sql.NullString"},                     // the driver never gives a time.Time for TIME
		"json": {"json.RawMessage", "json.RawMessage", "*json.RawMessage"}, // NULL fits no named slice
	}
	for _, n := range strings.Fields(`bit binary varbinary tinyblob blob mediumblob longblob geometry point linestring
		polygon multipoint multilinestring multipolygon geometrycollection geomcollection`) {
		rows[n] = bytes
	}
	return rows
}()

// MySQL is the Go type of a MySQL type by its name, and whether there is one. length 1 makes a
// tinyint a bool. Nullable unsigned integers are sqlc's signed ones, except under strict,
// where a bigint keeps its range.
func MySQL(name string, length int, unsigned, notNull, strict bool) (string, bool) {
	row, ok := mysqlRows[name]
	if strict {
		if r, better := mysqlBetter[name]; better {
			row, ok = r, true
		}
	}
	if !ok {
		return Any, false
	}
	if name == "tinyint" && length == 1 {
		row = mysqlRow{"bool", "bool", "sql.NullBool"}
	}
	switch {
	case !notNull && strict && unsigned && row[1] == "uint64":
		return "*uint64", true // sql.Null can not pass on its upper half
	case !notNull && strict && unsigned && row[1] != row[0]:
		return "sql.Null[" + row[1] + "]", true
	case !notNull:
		return row[2], true
	case unsigned:
		return row[1], true
	}
	return row[0], true
}
