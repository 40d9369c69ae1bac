package gotype

import (
	"strings"
	"sync"
)

// postgresTable has a line a group of types: the names, then for database/sql, pgx/v4 and pgx/v5
// the type of a value that is never NULL, of one that may be, and, with pgx alone, of one
// that may be under emit_pointers_for_null_types ("=" repeats the type before).
const postgresTable = `
bool boolean pg_catalog.bool | bool sql.NullBool | bool sql.NullBool *bool | bool pgtype.Bool *bool
bytea blob pg_catalog.bytea | []byte = | []byte = = | []byte = =
name text citext ltree lquery ltxtquery string pg_catalog.bpchar pg_catalog.varchar | string sql.NullString | string sql.NullString *string | string pgtype.Text *string
int8 bigserial serial8 bigint pg_catalog.int8 pg_catalog.serial8 | int64 sql.NullInt64 | int64 sql.NullInt64 *int64 | int64 pgtype.Int8 *int64
int2 smallserial serial2 smallint pg_catalog.int2 pg_catalog.serial2 | int16 sql.NullInt16 | int16 sql.NullInt16 *int16 | int16 pgtype.Int2 *int16
int4 serial serial4 integer int pg_catalog.int4 pg_catalog.serial4 | int32 sql.NullInt32 | int32 sql.NullInt32 *int32 | int32 pgtype.Int4 *int32
float4 real pg_catalog.float4 | float32 sql.NullFloat64 | float32 sql.NullFloat64 *float32 | float32 pgtype.Float4 *float32
float8 float double_precision pg_catalog.float8 | float64 sql.NullFloat64 | float64 sql.NullFloat64 *float64 | float64 pgtype.Float8 *float64
money numeric pg_catalog.numeric | string sql.NullString | pgtype.Numeric = = | pgtype.Numeric = =
json pg_catalog.json | json.RawMessage pqtype.NullRawMessage | pgtype.JSON = = | []byte = =
jsonb pg_catalog.jsonb | json.RawMessage pqtype.NullRawMessage | pgtype.JSONB = = | []byte = =
date | time.Time sql.NullTime | time.Time sql.NullTime *time.Time | pgtype.Date = =
timestamp pg_catalog.timestamp | time.Time sql.NullTime | time.Time sql.NullTime *time.Time | pgtype.Timestamp = =
timestamptz pg_catalog.timestamptz | time.Time sql.NullTime | time.Time sql.NullTime *time.Time | pgtype.Timestamptz = =
pg_catalog.time | time.Time sql.NullTime | time.Time sql.NullTime *time.Time | pgtype.Time = =
pg_catalog.timetz | time.Time sql.NullTime | time.Time sql.NullTime *time.Time | time.Time sql.NullTime *time.Time
interval pg_catalog.interval | int64 sql.NullInt64 | int64 sql.NullInt64 *int64 | pgtype.Interval = =
uuid | uuid.UUID uuid.NullUUID | uuid.UUID uuid.NullUUID *uuid.UUID | pgtype.UUID = =
inet | pqtype.Inet = | pgtype.Inet = = | netip.Addr *netip.Addr =
cidr | pqtype.CIDR = | pgtype.CIDR = = | netip.Prefix *netip.Prefix =
macaddr macaddr8 | pqtype.Macaddr = | pgtype.Macaddr = = | net.HardwareAddr = =
bit varbit pg_catalog.bit pg_catalog.varbit | interface{} = | pgtype.Varbit = = | pgtype.Bits = =
oid | interface{} = | pgtype.OID = = | pgtype.Uint32 = =
tid | interface{} = | pgtype.TID = = | pgtype.TID = =
xid | interface{} = | pgtype.XID = = | pgtype.Uint32 = =
cid | interface{} = | pgtype.CID = = | pgtype.Uint32 = =
xid8 | interface{} = | interface{} = = | pgtype.Uint64 = =
point | interface{} = | pgtype.Point = = | pgtype.Point = =
lseg | interface{} = | pgtype.Lseg = = | pgtype.Lseg = =
path | interface{} = | pgtype.Path = = | pgtype.Path = =
box | interface{} = | pgtype.Box = = | pgtype.Box = =
polygon | interface{} = | pgtype.Polygon = = | pgtype.Polygon = =
line | interface{} = | pgtype.Line = = | pgtype.Line = =
circle | interface{} = | pgtype.Circle = = | pgtype.Circle = =
hstore | interface{} = | pgtype.Hstore = = | pgtype.Hstore = =
vector | interface{} = | interface{} = = | pgvector.Vector = *pgvector.Vector
int4range | interface{} = | pgtype.Int4range = = | pgtype.Range[pgtype.Int4] = =
int8range | interface{} = | pgtype.Int8range = = | pgtype.Range[pgtype.Int8] = =
numrange | interface{} = | pgtype.Numrange = = | pgtype.Range[pgtype.Numeric] = =
tsrange | interface{} = | pgtype.Tsrange = = | pgtype.Range[pgtype.Timestamp] = =
tstzrange | interface{} = | pgtype.Tstzrange = = | pgtype.Range[pgtype.Timestamptz] = =
daterange | interface{} = | pgtype.Daterange = = | pgtype.Range[pgtype.Date] = =
int4multirange | interface{} = | interface{} = = | pgtype.Multirange[pgtype.Range[pgtype.Int4]] = =
int8multirange | interface{} = | interface{} = = | pgtype.Multirange[pgtype.Range[pgtype.Int8]] = =
nummultirange | interface{} = | interface{} = = | pgtype.Multirange[pgtype.Range[pgtype.Numeric]] = =
tsmultirange | interface{} = | interface{} = = | pgtype.Multirange[pgtype.Range[pgtype.Timestamp]] = =
tstzmultirange | interface{} = | interface{} = = | pgtype.Multirange[pgtype.Range[pgtype.Timestamptz]] = =
datemultirange | interface{} = | interface{} = = | pgtype.Multirange[pgtype.Range[pgtype.Date]] = =
`

// postgresBetter are the types that sqlc has no answer for and the truth needs: what the drivers
// scan into.
const postgresBetter = `
money pg_catalog.money | string sql.NullString | string sql.NullString *string | string pgtype.Text *string
time pg_catalog.time | time.Time sql.NullTime | pgtype.Time = = | pgtype.Time = =
timetz pg_catalog.timetz | string sql.NullString | string sql.NullString *string | string pgtype.Text *string
interval pg_catalog.interval | string sql.NullString | pgtype.Interval = = | pgtype.Interval = =
varchar bpchar xml tsquery jsonpath pg_lsn regclass regproc regprocedure regtype regrole regnamespace regconfig regoper regoperator regdictionary refcursor txid_snapshot pg_snapshot aclitem halfvec sparsevec geometry geography | string sql.NullString | string sql.NullString *string | string pgtype.Text *string
char | string sql.NullString | pgtype.QChar = = | string pgtype.Text *string
tsvector | string sql.NullString | string sql.NullString *string | sql.NullString = =
bit varbit pg_catalog.bit pg_catalog.varbit | string sql.NullString | pgtype.Varbit = = | pgtype.Bits = =
oid | int64 sql.NullInt64 | pgtype.OID pgtype.OIDValue = | uint32 pgtype.Uint32 *uint32
xid | int64 sql.NullInt64 | pgtype.XID = = | uint32 pgtype.Uint32 *uint32
cid | int64 sql.NullInt64 | pgtype.CID = = | uint32 pgtype.Uint32 *uint32
xid8 | string sql.NullString | string sql.NullString *string | pgtype.Uint64 = =
inet | string sql.NullString | pgtype.Inet = = | netip.Prefix *netip.Prefix =
void | interface{} = | interface{} = = | interface{} = =
int4range | string sql.NullString | pgtype.Int4range = = | pgtype.Range[pgtype.Int4] = =
int8range | string sql.NullString | pgtype.Int8range = = | pgtype.Range[pgtype.Int8] = =
numrange | string sql.NullString | pgtype.Numrange = = | pgtype.Range[pgtype.Numeric] = =
tsrange | string sql.NullString | pgtype.Tsrange = = | pgtype.Range[pgtype.Timestamp] = =
tstzrange | string sql.NullString | pgtype.Tstzrange = = | pgtype.Range[pgtype.Timestamptz] = =
daterange | string sql.NullString | pgtype.Daterange = = | pgtype.Range[pgtype.Date] = =
int4multirange | string sql.NullString | pgtype.Int4multirange = = | pgtype.Multirange[pgtype.Range[pgtype.Int4]] = =
int8multirange | string sql.NullString | pgtype.Int8multirange = = | pgtype.Multirange[pgtype.Range[pgtype.Int8]] = =
nummultirange | string sql.NullString | pgtype.Nummultirange = = | pgtype.Multirange[pgtype.Range[pgtype.Numeric]] = =
tsmultirange | string sql.NullString | string sql.NullString *string | pgtype.Multirange[pgtype.Range[pgtype.Timestamp]] = =
tstzmultirange | string sql.NullString | string sql.NullString *string | pgtype.Multirange[pgtype.Range[pgtype.Timestamptz]] = =
datemultirange | string sql.NullString | string sql.NullString *string | pgtype.Multirange[pgtype.Range[pgtype.Date]] = =
`

type postgresRow [3][3]string // by target: never NULL, maybe, maybe as a pointer

var postgresRows = sync.OnceValue(func() map[string]*postgresRow { return parsePostgres(postgresTable) })
var postgresBetterRows = sync.OnceValue(func() map[string]*postgresRow { return parsePostgres(postgresBetter) })

func parsePostgres(table string) map[string]*postgresRow {
	rows := map[string]*postgresRow{}
	for line := range strings.SplitSeq(strings.TrimSpace(table), "\n") {
		cells := strings.Split(line, "|")
		var row postgresRow
		for t := range 3 {
			last := ""
			for i, f := range strings.Fields(cells[t+1]) {
				if f == "=" {
					f = last
				}
				row[t][i], last = f, f
			}
		}
		row[SQL][2] = row[SQL][1]
		for name := range strings.FieldsSeq(cells[0]) {
			rows[strings.ReplaceAll(name, "_precision", " precision")] = &row
		}
	}
	return rows
}

// Postgres is the Go type of a PostgreSQL type by its name, and whether there is one. strict also
// asks the table of what sqlc leaves as interface{}. A pointer to a vector is sqlc's answer
// even for a value that is never NULL.
func Postgres(name string, t Target, notNull, pointers, strict bool) (string, bool) {
	var row *postgresRow
	if strict {
		row = postgresBetterRows()[name]
	}
	if row == nil {
		row = postgresRows()[name]
	}
	if row == nil {
		return Any, false
	}
	i := 1
	if pointers && t.IsPGX() {
		i = 2
	}
	if notNull && (i == 1 || strict || name != "vector") {
		i = 0
	}
	return row[t][i], true
}

// pqElements are elements that pq.Array can not read, and what it reads in their place.
var pqElements = map[string]string{"time.Time": "string", "int16": "int32", "json.RawMessage": "string", "sql.NullTime": "sql.NullString"}

// PQElement is the Go type of an array's elements under database/sql, where pq.Array reads them; text
// is the type of the value alone.
func PQElement(text string) string {
	if t, ok := pqElements[text]; ok {
		return t
	}
	return text
}
