package sqlite_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	drv "modernc.org/sqlite"

	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/sqlite"
)

// The direct way gives the values and the errors of database/sql over the same driver: each declared type, each stored value, each Go
// type, read and written.

type named string

type scanned struct{ got any }

func (s *scanned) Scan(v any) error {
	if v == "refused" {
		return errors.New("not that one")
	}
	s.got = v
	return nil
}

type valued struct{ v driver.Value }

func (v valued) Value() (driver.Value, error) {
	if v.v == "refused" {
		return nil, errors.New("not that one")
	}
	return v.v, nil
}

// into are the Go types that a column is read into: by database/sql, and by the method of the direct way.
type into struct {
	name   string
	scan   func(func(any) error) (any, error)
	direct func(*sqlite.Call) any
}

func typed[T any](name string, direct func(*sqlite.Call) T) into {
	return into{name, scanInto[T], func(c *sqlite.Call) any { return direct(c) }}
}

func scanInto[T any](scan func(any) error) (any, error) {
	var v T
	err := scan(&v)
	return v, err
}

func anyOf[T any]() into {
	return typed(fmt.Sprintf("Scan(*%s)", reflect.TypeFor[T]()), func(c *sqlite.Call) T {
		var v T
		c.Scan(&v)
		return v
	})
}

var intos = []into{
	typed("Bool", (*sqlite.Call).Bool), typed("Int16", (*sqlite.Call).Int16), typed("Int32", (*sqlite.Call).Int32), typed("Int64", (*sqlite.Call).Int64),
	typed("Float32", (*sqlite.Call).Float32), typed("Float64", (*sqlite.Call).Float64), typed("String", (*sqlite.Call).String),
	typed("Bytes", (*sqlite.Call).Bytes), typed("Time", (*sqlite.Call).Time),
	typed("NullString", (*sqlite.Call).NullString), typed("NullInt16", (*sqlite.Call).NullInt16), typed("NullInt32", (*sqlite.Call).NullInt32),
	typed("NullInt64", (*sqlite.Call).NullInt64), typed("NullFloat64", (*sqlite.Call).NullFloat64), typed("NullBool", (*sqlite.Call).NullBool),
	typed("NullTime", (*sqlite.Call).NullTime),
	anyOf[any](), anyOf[int8](), anyOf[uint8](), anyOf[uint64](), anyOf[int](), anyOf[*string](), anyOf[*int64](), anyOf[*time.Time](), anyOf[named](),
	anyOf[scanned](), anyOf[*scanned](), anyOf[sql.Null[uint16]](), anyOf[sql.NullByte](), anyOf[struct{}](), anyOf[string](), anyOf[[]byte](),
	anyOf[bool](), anyOf[float32](), anyOf[time.Time](),
}

var stored = []string{
	"NULL", "0", "1", "2", "-1", "32768", "2147483648", "9223372036854775807", "-9223372036854775808", "1700000000", "1700000000000",
	"0.0", "1.5", "1e300", "9e999", "-9e999", "16777217.0", "0.1", "3.0", "''", "'text'", "'12'", "'1.5'", "'true'", "'T'", "'refused'", "'é 漢'", "'a' || char(0) || 'b'",
	"x''", "x'00ff'", "x'3132'", "zeroblob(3)", "CAST('bytes' AS BLOB)",
	"'2024-01-02'", "'2024-02-30'", "'2024-01-02 03:04:05'", "'2024-01-02T03:04:05'", "'2024-01-02 03:04:05.123456'", "'2024-01-02T03:04:05Z'",
	"'2024-01-02 03:04:05+02:00'", "'2024-01-02 03:04'", "'2024-13-02 03:04:05'", "'2024-01-31 24:00:00'", "'2024-02-29 23:59:59'", "'2024-01-02 03:04:05 +0000 UTC'",
	"'2024-01-02 03:04:05.5 +0200 CEST m=+12.5'", "'0000-01-02 03:04:05'", "' 2024-01-02 03:04:05'", "'2024-01-02 3:04:05'", "'2024-01-02 03:04:0x'",
}

var declared = []string{"", "INTEGER", "TEXT", "REAL", "BLOB", "NUMERIC", "BOOLEAN", "DATE", "DATETIME", "TIMESTAMP", "datetime", "TIME", "VARCHAR(10)", "DECIMAL(10,2)", "TIMESTAMP WITH TIME ZONE"}

// bearing are those that a DSN's options bear on.
var bearing = []string{"", "INTEGER", "TEXT", "DATE", "datetime", "TIMESTAMP"}

var dsns = []string{"", "?_inttotime=1", "?_texttotime=1", "?_timezone=Europe%2FVienna", "?_inttotime=1&_time_integer_format=unix_micro", "?_time_integer_format=unix_milli", "?_time_format=sqlite", "?_error_rc=1"}

func opened(t testing.TB, dsn string) (*sqlite.DB, *sql.DB) {
	t.Helper()
	dsn = filepath.Join(t.TempDir(), "d.db") + dsn
	db, err := sqlite.Open(t.Context(), dsn, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	std, err := sql.Open("sqlite", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { std.Close() })
	return db, std
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return fmt.Sprintf("%T %s", err, err)
}

// same compares values; NaNs are equal, times in all that they show.
func same(a, b any) bool {
	if x, ok := a.(float64); ok && math.IsNaN(x) {
		y, ok := b.(float64)
		return ok && math.IsNaN(y)
	}
	if reflect.DeepEqual(a, b) {
		return true
	}
	return fmt.Sprintf("%T %#v", a, a) == fmt.Sprintf("%T %#v", b, b) && !strings.Contains(fmt.Sprintf("%#v", a), "0x")
}

func TestColumnsAreReadAsByDatabaseSQL(t *testing.T) {
	for _, dsn := range dsns {
		t.Run(dsn, func(t *testing.T) {
			db, std := opened(t, dsn)
			ctx := t.Context()
			declared := declared
			if dsn != "" {
				declared = bearing
			}
			var columns []string
			for i, d := range declared {
				columns = append(columns, fmt.Sprintf("c%d %s", i, d))
			}
			if _, err := std.Exec("CREATE TABLE v (" + strings.Join(columns, ", ") + ", n integer)"); err != nil {
				t.Fatal(err)
			}
			for n, v := range stored {
				if _, err := std.Exec(fmt.Sprintf("INSERT INTO v VALUES (%s%d)", strings.Repeat(v+", ", len(declared)), n)); err != nil {
					t.Fatalf("%s: %v", v, err)
				}
			}
			differ := 0
			for n, v := range stored {
				for i, d := range append(append([]string{}, declared...), "expression") {
					expr := fmt.Sprintf("c%d", i)
					if d == "expression" {
						expr = "max(c2) AS e"
					}
					query := fmt.Sprintf("SELECT %s FROM v WHERE n = %d", expr, n)
					rows, err := std.QueryContext(ctx, query)
					if err != nil {
						t.Fatal(err)
					}
					rows.Next()
					for _, to := range intos {
						want, wantErr := to.scan(func(dst any) error { return rows.Scan(dst) })
						c := db.Call(ctx, nil, query)
						var got any
						if c.One() {
							got = to.direct(c)
						}
						err := c.End()
						if text(err) != text(wantErr) || err == nil && !same(want, got) {
							t.Errorf("%s stored in a column %q, read by %s: %#v, %s; database/sql gives %#v, %s", v, d, to.name, got, text(err), want, text(wantErr))
							if differ++; differ > 20 {
								t.FailNow()
							}
						}
					}
					rows.Close()
				}
			}
		})
	}
}

func TestRowsOfManyAreReadAsByDatabaseSQL(t *testing.T) {
	db, std := opened(t, "")
	ctx := t.Context()
	if _, err := std.Exec("CREATE TABLE v (id integer primary key, s text, d datetime)"); err != nil {
		t.Fatal(err)
	}
	for i := range 200 {
		if _, err := std.Exec("INSERT INTO v VALUES (?, ?, ?)", i, strings.Repeat("x", i), time.Unix(int64(i), 0).UTC()); err != nil {
			t.Fatal(err)
		}
	}
	const query = "SELECT s, d, id FROM v ORDER BY id"
	var want, got []string
	rows, err := std.QueryContext(ctx, query)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var s string
		var d time.Time
		var id int64
		if err := rows.Scan(&s, &d, &id); err != nil {
			t.Fatal(err)
		}
		want = append(want, fmt.Sprint(s, d, id))
	}
	c := db.Call(ctx, nil, query)
	var kept []string
	for c.Next() {
		s := c.String()
		kept = append(kept, s)
		got = append(got, fmt.Sprint(s, c.Time(), c.Int64()))
	}
	if err := c.End(); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(want, got) {
		t.Errorf("%q\n%q", want, got)
	}
	for i, s := range kept {
		if s != strings.Repeat("x", i) {
			t.Errorf("the text of row %d changed afterwards: %q", i, s)
		}
	}
}

// given are arguments, and the method that takes them.
func given() map[string]struct {
	v    any
	give func(*sqlite.Call)
} {
	type arg = struct {
		v    any
		give func(*sqlite.Call)
	}
	out := map[string]arg{}
	add := func(v any, give func(*sqlite.Call)) {
		out[fmt.Sprintf("%d %T(%v) by its method", len(out), v, v)] = arg{v, give}
	}
	when := time.Date(2024, 1, 2, 3, 4, 5, 678_900_000, time.FixedZone("CEST", 7200))
	add(true, func(c *sqlite.Call) { c.ArgBool(true) })
	add(int16(-3), func(c *sqlite.Call) { c.ArgInt16(-3) })
	add(int32(3), func(c *sqlite.Call) { c.ArgInt32(3) })
	add(int64(math.MinInt64), func(c *sqlite.Call) { c.ArgInt64(math.MinInt64) })
	add(float32(0.1), func(c *sqlite.Call) { c.ArgFloat32(0.1) })
	add(0.1, func(c *sqlite.Call) { c.ArgFloat64(0.1) })
	add(math.NaN(), func(c *sqlite.Call) { c.ArgFloat64(math.NaN()) })
	add(math.Inf(1), func(c *sqlite.Call) { c.ArgFloat64(math.Inf(1)) })
	add("", func(c *sqlite.Call) { c.ArgString("") })
	add("text", func(c *sqlite.Call) { c.ArgString("text") })
	add("a\x00b", func(c *sqlite.Call) { c.ArgString("a\x00b") })
	add([]byte(nil), func(c *sqlite.Call) { c.ArgBytes(nil) })
	add([]byte{}, func(c *sqlite.Call) { c.ArgBytes([]byte{}) })
	add([]byte{0, 1}, func(c *sqlite.Call) { c.ArgBytes([]byte{0, 1}) })
	add(when, func(c *sqlite.Call) { c.ArgTime(when) })
	add(sql.NullString{}, func(c *sqlite.Call) { c.ArgNullString(sql.NullString{}) })
	add(sql.NullString{String: "s", Valid: true}, func(c *sqlite.Call) { c.ArgNullString(sql.NullString{String: "s", Valid: true}) })
	add(sql.NullInt16{Int16: 1, Valid: true}, func(c *sqlite.Call) { c.ArgNullInt16(sql.NullInt16{Int16: 1, Valid: true}) })
	add(sql.NullInt32{Int32: 1, Valid: true}, func(c *sqlite.Call) { c.ArgNullInt32(sql.NullInt32{Int32: 1, Valid: true}) })
	add(sql.NullInt64{}, func(c *sqlite.Call) { c.ArgNullInt64(sql.NullInt64{}) })
	add(sql.NullFloat64{Float64: 2, Valid: true}, func(c *sqlite.Call) { c.ArgNullFloat64(sql.NullFloat64{Float64: 2, Valid: true}) })
	add(sql.NullBool{Bool: true, Valid: true}, func(c *sqlite.Call) { c.ArgNullBool(sql.NullBool{Bool: true, Valid: true}) })
	add(sql.NullTime{Time: when, Valid: true}, func(c *sqlite.Call) { c.ArgNullTime(sql.NullTime{Time: when, Valid: true}) })
	s := "pointed at"
	for _, v := range []any{nil, true, 1, int8(1), uint8(200), uint64(math.MaxUint64), uint64(7), float32(0.1), "any", []byte("any"), []byte(nil), []byte{}, when, named("n"), &s, (*string)(nil),
		valued{"v"}, valued{nil}, valued{"refused"}, valued{complex(1, 2)}, struct{}{}, []string{"x"}, sql.Null[int64]{V: 4, Valid: true}, sql.Null[string]{}, sql.Named("1x", 1)} {
		out[fmt.Sprintf("%d %T(%v) by Arg", len(out), v, v)] = arg{v, func(c *sqlite.Call) { c.Arg(v) }}
	}
	return out
}

func TestArgumentsAreWrittenAsByDatabaseSQL(t *testing.T) {
	for _, dsn := range dsns {
		db, std := opened(t, dsn)
		ctx := t.Context()
		for name, a := range given() {
			for _, query := range []string{"SELECT typeof(?1) || ' ' || quote(?1)", "SELECT typeof(?) || ' ' || quote(?2) AS x"} {
				var want, got string
				wantErr := std.QueryRowContext(ctx, query, a.v, a.v).Scan(&want)
				c := db.Call(ctx, nil, query)
				a.give(c)
				a.give(c)
				if c.One() {
					got = c.String()
				}
				if err := c.End(); got != want || text(err) != text(wantErr) {
					t.Errorf("%s with %s: %q, %s; database/sql gives %q, %s", name, query, got, text(err), want, text(wantErr))
				}
			}
		}
	}
}

func TestErrorsAreTheDriversOwn(t *testing.T) {
	for _, dsn := range []string{"?_pragma=foreign_keys(1)", "?_pragma=foreign_keys(1)&_error_rc=1"} {
		db, std := opened(t, dsn)
		ctx := t.Context()
		if _, err := std.Exec(`CREATE TABLE p (id integer primary key, u text unique, n text not null default '', c integer check (c > 0));
			CREATE TABLE f (id integer references p(id), d integer references p(id) DEFERRABLE INITIALLY DEFERRED); INSERT INTO p VALUES (1, 'u', 'n', 1);
			CREATE TRIGGER tr BEFORE DELETE ON p BEGIN SELECT raise(abort, 'kept'); END; CREATE TABLE s (i integer) STRICT`); err != nil {
			t.Fatal(err)
		}
		for _, query := range []string{
			"INSERT INTO p (id) VALUES (1)", "INSERT INTO p (id, u) VALUES (2, 'u')", "INSERT INTO p (n) VALUES (NULL)", "INSERT INTO p (c) VALUES (0)",
			"INSERT INTO f (id) VALUES (7)", "INSERT INTO f (d) VALUES (7)", "DELETE FROM p", "INSERT INTO s VALUES ('x')", "INSERT INTO p (id) VALUES ('x')", "selekt", "SELECT nothing", "SELECT ?1, ?2", "SELECT :name",
			"SELECT abs(-9223372036854775808)", "COMMIT", "SELECT json('x')", "INSERT INTO missing VALUES (1)", "SELECT load_extension('x')",
			"INSERT INTO f (d) VALUES (7) RETURNING 1", "SELECT 1; selekt", "SELECT zeroblob(2000000000)",
		} {
			_, wantErr := std.ExecContext(ctx, query, 1)
			c := db.Call(ctx, plan.New(plan.Query{SQL: query, Kind: plan.Write}), query)
			c.ArgInt64(1)
			c.Exec()
			err := c.End()
			if text(err) != text(wantErr) {
				t.Errorf("%s: Exec: %s; database/sql gives %s", query, text(err), text(wantErr))
			}
			var a, b *drv.Error
			if errors.As(err, &a) != errors.As(wantErr, &b) || a != nil && (a.Code() != b.Code() || a.Error() != b.Error()) {
				t.Errorf("%s: %v; database/sql gives %v", query, a, b)
			}
			var n any
			wantErr = std.QueryRowContext(ctx, query, 1).Scan(&n)
			c = db.Call(ctx, plan.New(plan.Query{SQL: query, Kind: plan.Write}), query)
			c.ArgInt64(1)
			if c.One() {
				c.Scan(&n)
			}
			if err := c.End(); text(err) != text(wantErr) {
				t.Errorf("%s: One: %s; database/sql gives %s", query, text(err), text(wantErr))
			}
		}
	}
}
