package gotype

import (
	"strings"
	"sync"
)

// JSONType is the Go type of a SQL value in JSON that a server builds.
type JSONType struct {
	Text string
	// Reader names the type that reads the value as the server writes it, where encoding/json would not; see
	// gowrite's readers.
	Reader string
}

// jsonOfPostgres has a line a group of types: their names, the Go type under database/sql and pgx/v4, that under
// pgx/v5 where it is another. Behind each may stand its reader. What is not named is a text in PostgreSQL's
// own form or not known (PostgreSQL 9.16, to_json; src/backend/utils/adt/json.c).
const jsonOfPostgres = `
bool | bool
int2 | int16
int4 | int32
int8 | int64
float4 | float32 jsonFloat32
float8 | float64 jsonFloat64
numeric | string jsonNumber | pgtype.Numeric
date | time.Time jsonTime | pgtype.Date
timestamp | time.Time jsonTime | pgtype.Timestamp
timestamptz | time.Time jsonTime | pgtype.Timestamptz
bytea | []byte jsonBytes
uuid | uuid.UUID | pgtype.UUID
text varchar bpchar name char citext xml time timetz interval money inet cidr macaddr macaddr8 bit varbit oid xid cid xid8 tid | string
point line lseg box path polygon circle tsvector tsquery pg_lsn jsonpath regclass regtype regproc regprocedure regrole regnamespace | string
int4range int8range numrange tsrange tstzrange daterange | string
int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange | string
`

// jsonOfMySQL is that of MySQL and MariaDB; behind the second bar stands the type of what is unsigned. Bytes differ between the two
// and are not known.
const jsonOfMySQL = `
bool boolean | bool jsonBool
tinyint | int8 | uint8
smallint | int16 | uint16
mediumint int integer | int32 | uint32
bigint | int64 | uint64
year | int16
float | float32
double real | float64
decimal numeric | string jsonNumber
date datetime timestamp | time.Time jsonTime
time char varchar tinytext text mediumtext longtext enum set | string
`

// jsonOfSQLite goes by the Go type that a column of the declared type has alone.
const jsonOfSQLite = `
int64 | int64
string | string
float64 | float64 jsonFloat64
bool | bool jsonBool
time.Time | time.Time jsonTime
`

var jsonTables = sync.OnceValue(func() map[string]map[string][2]JSONType {
	out := map[string]map[string][2]JSONType{}
	for engine, table := range map[string]string{"postgresql": jsonOfPostgres, "mysql": jsonOfMySQL, "sqlite": jsonOfSQLite} {
		rows := map[string][2]JSONType{}
		for line := range strings.SplitSeq(strings.TrimSpace(table), "\n") {
			cells := strings.Split(line, "|")
			var row [2]JSONType
			for i, cell := range cells[1:] {
				text, reader, _ := strings.Cut(strings.TrimSpace(cell), " ")
				row[i] = JSONType{text, reader}
			}
			if len(cells) == 2 {
				row[1] = row[0]
			}
			for name := range strings.FieldsSeq(cells[0]) {
				rows[name] = row
			}
		}
		out[engine] = rows
	}
	return out
})

// JSONPostgres is the Go type of a PostgreSQL type in JSON; ok is false where its form is not known.
func JSONPostgres(name string, t Target) (JSONType, bool) {
	row, ok := jsonTables()["postgresql"][strings.TrimPrefix(name, "pg_catalog.")]
	if t == PGX5 {
		return row[1], ok
	}
	return row[0], ok
}

// JSONMySQL is that of a type of MySQL.
func JSONMySQL(name string, length int, unsigned bool) (JSONType, bool) {
	if name == "tinyint" && length == 1 {
		name = "bool"
	}
	row, ok := jsonTables()["mysql"][name]
	if unsigned {
		return row[1], ok
	}
	return row[0], ok
}

// JSONSQLite is that of a declared type of SQLite.
func JSONSQLite(declared string) (JSONType, bool) {
	text, _ := SQLite(declared, true, false, true)
	if strings.HasPrefix(strings.ToLower(declared), "json") {
		return JSONType{}, false // its affinity is NUMERIC
	}
	row, ok := jsonTables()["sqlite"][text]
	return row[0], ok
}
