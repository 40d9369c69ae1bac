package gotype_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"net"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/sqlc-dev/pqtype"

	"github.com/covetsql/covetsql/compiler/codegen/gotype"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/dialect/mysql"
	"github.com/covetsql/covetsql/compiler/dialect/postgres"
	"github.com/covetsql/covetsql/compiler/dialect/sqlite"
	"github.com/covetsql/covetsql/compiler/types"
	"github.com/covetsql/covetsql/internal/testkit"
)

// goTypes are the Go types that values are scanned into, by their text.
var goTypes = func() map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for _, v := range []any{
		"", int8(0), int16(0), int32(0), int64(0), uint8(0), uint16(0), uint32(0), uint64(0), float32(0), float64(0), false,
		[]byte(nil), new(uint64), json.RawMessage(nil), new(json.RawMessage), time.Time{},
		sql.NullString{}, sql.NullInt16{}, sql.NullInt32{}, sql.NullInt64{}, sql.NullFloat64{}, sql.NullBool{}, sql.NullTime{},
		pgtype.Int2{}, pgtype.Int4{}, pgtype.Int8{}, pgtype.Float4{}, pgtype.Float8{}, pgtype.Numeric{}, pgtype.Text{}, pgtype.Bool{},
		pgtype.Date{}, pgtype.Timestamp{}, pgtype.Timestamptz{}, pgtype.Bits{}, netip.Prefix{}, new(netip.Prefix), net.HardwareAddr(nil),
		pqtype.NullRawMessage{}, pqtype.CIDR{}, pqtype.Macaddr{},
	} {
		t := reflect.TypeOf(v)
		out[t.String()] = t
	}
	out["[]byte"] = out["[]uint8"]
	return out
}()

// sent are types and a value of each in the engine's words, with _ for a blank. For {} stands what
// fits the type that it is read as.
var sent = map[string]string{
	"postgresql": `int2:5::int2 int4:5::int4 int8:5::int8 numeric:5::numeric float4:5::float4 float8:5::float8
		text:'{}'::text varchar:'{}'::varchar bpchar:'{}'::bpchar name:'{}'::name char:'5'::"char" xml:'<a/>'::xml jsonpath:'$'::jsonpath
		json:'{}'::json jsonb:'{}'::jsonb bool:true bit:'1'::bit varbit:'1'::varbit
		date:'2026-05-04'::date timestamp:'2026-05-04'::timestamp timestamptz:'2026-05-04'::timestamptz
		inet:'10.0.0.0/8'::inet cidr:'10.0.0.0/8'::cidr macaddr:'08:00:2b:01:02:03'::macaddr macaddr8:'08:00:2b:01:02:03:04:05'::macaddr8`,
	"mysql": `tinyint:5 smallint:5 int:5 bigint:5 decimal:CAST(5_AS_decimal) double:5e0 float:5e0
		varchar:'{}' text:CONCAT('{}') json:CAST('{}'_AS_JSON) varbinary:CAST('{}'_AS_BINARY) blob:CAST('{}'_AS_BINARY)
		date:DATE'2026-05-04' datetime:TIMESTAMP'2026-05-04_00:00:00' timestamp:TIMESTAMP'2026-05-04_00:00:00' time:TIME'10:00:00'`,
	"sqlite": `INTEGER:1 REAL:1.0 TEXT:'{}' BLOB:CAST('{}'_AS_BLOB) NUMERIC:1`,
}

// A type that is said and whose family is not apart from that of the type that is sent is one
// that the drivers read.
func TestWhatIsOfOneFamilyIsRead(t *testing.T) {
	ctx := context.Background()
	type reader struct {
		name   string
		goType func(said string, notNull bool) (string, bool)
		scan   func(query string, to any) error
	}
	pg, my, lite := testkit.PostgreSQL(t), testkit.MySQL(t), testkit.SQLite(t)
	database := pg.NewDatabase(t)
	conn, err := pgx.Connect(ctx, pg.URI(database))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(ctx) })
	postgresType := func(target gotype.Target) func(string, bool) (string, bool) {
		return func(said string, notNull bool) (string, bool) {
			for _, name := range []string{said, "pg_catalog." + said} {
				if text, ok := gotype.Postgres(name, target, notNull, false, true); ok {
					return text, true
				}
			}
			return "", false
		}
	}
	through := func(db *sql.DB) func(string, any) error {
		return func(query string, to any) error { return db.QueryRowContext(ctx, query).Scan(to) }
	}
	for engine, c := range map[string]struct {
		families dialect.Families
		readers  []reader
	}{
		"postgresql": {postgres.New().Traits().Families, []reader{
			{"pgx/v5", postgresType(gotype.PGX5), func(query string, to any) error { return conn.QueryRow(ctx, query).Scan(to) }},
			{"database/sql", postgresType(gotype.SQL), through(pg.Open(t, database))},
		}},
		"mysql": {mysql.New().Traits().Families, []reader{{"database/sql", func(said string, notNull bool) (string, bool) {
			return gotype.MySQL(said, -1, false, notNull, true)
		}, through(my.Open(t, my.NewDatabase(t)))}}},
		"sqlite": {sqlite.New().Traits().Families, []reader{{"database/sql", func(said string, notNull bool) (string, bool) {
			return gotype.SQLite(said, notNull, false, true)
		}, through(lite.Open(t, lite.NewDatabase(t)))}}},
	} {
		var names []string
		values := map[string]string{}
		for _, word := range strings.Fields(sent[engine]) {
			name, value, _ := strings.Cut(word, ":")
			names = append(names, name)
			values[name] = strings.ReplaceAll(value, "_", " ")
		}
		for _, from := range names {
			for _, to := range names {
				if c.families.Apart(types.Type{Name: from}, "", types.Type{Name: to}, "") {
					continue
				}
				value := "5"
				if strings.HasPrefix(to, "bool") {
					value = "true"
				}
				query := "SELECT " + strings.ReplaceAll(values[from], "{}", value)
				for _, r := range c.readers {
					for _, notNull := range []bool{true, false} {
						text, ok := r.goType(to, notNull)
						typ := goTypes[text]
						if !ok || typ == nil {
							if text != "interface{}" {
								t.Errorf("%s, %s: no Go type %q of %s here", engine, r.name, text, to)
							}
							continue
						}
						if err := r.scan(query, reflect.New(typ).Interface()); err != nil {
							t.Errorf("%s, %s: %s said to be %s (%s): %v", engine, r.name, from, to, text, err)
						}
					}
				}
			}
		}
	}
}
