package mysql_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	drv "github.com/go-sql-driver/mysql"

	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/runtime/mysql"
	"github.com/covetsql/covetsql/runtime/plan"
)

// The direct way gives the values and the errors of database/sql over prepared statements of the same driver: each column type, each stored
// value, each Go type, read and written.

type named string

type scanned struct{ got any }

func (s *scanned) Scan(v any) error {
	if b, ok := v.([]byte); ok {
		if string(b) == "refused" {
			return errors.New("not that one")
		}
		v = string(b)
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
	direct func(*mysql.Call) any
}

func typed[T any](name string, direct func(*mysql.Call) T) into {
	return into{name, scanInto[T], func(c *mysql.Call) any { return direct(c) }}
}

func scanInto[T any](scan func(any) error) (any, error) {
	var v T
	err := scan(&v)
	return v, err
}

func anyOf[T any]() into {
	return typed(fmt.Sprintf("Scan(*%s)", reflect.TypeFor[T]()), func(c *mysql.Call) T {
		var v T
		c.Scan(&v)
		return v
	})
}

var intos = []into{
	typed("Bool", (*mysql.Call).Bool), typed("Int16", (*mysql.Call).Int16), typed("Int32", (*mysql.Call).Int32), typed("Int64", (*mysql.Call).Int64),
	typed("Float32", (*mysql.Call).Float32), typed("Float64", (*mysql.Call).Float64), typed("String", (*mysql.Call).String),
	typed("Bytes", (*mysql.Call).Bytes), typed("Time", (*mysql.Call).Time),
	typed("NullString", (*mysql.Call).NullString), typed("NullInt16", (*mysql.Call).NullInt16), typed("NullInt32", (*mysql.Call).NullInt32),
	typed("NullInt64", (*mysql.Call).NullInt64), typed("NullFloat64", (*mysql.Call).NullFloat64), typed("NullBool", (*mysql.Call).NullBool),
	typed("NullTime", (*mysql.Call).NullTime),
	anyOf[any](), anyOf[int8](), anyOf[uint8](), anyOf[uint64](), anyOf[int](), anyOf[*string](), anyOf[*int64](), anyOf[*time.Time](), anyOf[named](),
	anyOf[scanned](), anyOf[*scanned](), anyOf[sql.Null[uint16]](), anyOf[sql.NullByte](), anyOf[struct{}](), anyOf[[]byte](),
}

// stored are values by the type of their column.
var stored = map[string][]string{
	"TINYINT": {"0", "1", "2", "-128"}, "TINYINT UNSIGNED": {"255"}, "SMALLINT": {"-32768"}, "SMALLINT UNSIGNED": {"65535"}, "MEDIUMINT": {"-8388608"},
	"INT": {"-2147483648"}, "INT UNSIGNED": {"4294967295"}, "BIGINT": {"9223372036854775807", "-9223372036854775808"},
	"BIGINT UNSIGNED": {"7", "18446744073709551615"}, "FLOAT": {"0.1", "16777217", "-1e30"}, "DOUBLE": {"0.1", "1e300"}, "DECIMAL(20,5)": {"12345.67890", "-1"},
	"BIT(8)": {"b'10101010'"}, "BIT(1)": {"b'1'"}, "BOOLEAN": {"TRUE"}, "CHAR(10)": {"'text'"}, "VARCHAR(200)": {"''", "'12'", "'1.5'", "'true'", "'refused'", "'é 漢 😀'"},
	"TEXT": {"'text'", "repeat('x', 70000)"}, "BINARY(4)": {"x'00ff'"}, "VARBINARY(10)": {"x'00ff'", "''"}, "BLOB": {"x'00ff'", "'12'"}, "ENUM('a','b')": {"'b'"}, "SET('a','b')": {"'a,b'"},
	"DATE": {"'2024-01-02'", "'0000-00-00'"}, "DATETIME": {"'2024-01-02 03:04:05'", "'2024-01-02 00:00:00'", "'0000-00-00 00:00:00'"}, "DATETIME(6)": {"'2024-01-02 03:04:05.678901'"},
	"TIMESTAMP NULL": {"'2024-01-02 03:04:05'"}, "TIMESTAMP(3) NULL": {"'2024-01-02 03:04:05.678'"}, "TIME": {"'03:04:05'", "'-123:04:05'"}, "TIME(6)": {"'03:04:05.678901'"}, "YEAR": {"2024"}, "JSON": {`'{"a": 1}'`},
}

var dsns = []string{"", "parseTime=true", "parseTime=true&loc=Europe%2FVienna&time_zone=%27%2B03%3A00%27"}

func dsn(base, options string) string {
	if options == "" {
		return base
	}
	if strings.Contains(base, "?") {
		return base + "&" + options
	}
	return base + "?" + options
}

func opened(t testing.TB, s *testkit.Server, options string) (*mysql.DB, *sql.DB) {
	t.Helper()
	text := dsn(s.DSN(s.NewDatabase(t)), options)
	db, err := mysql.Open(t.Context(), text, mysql.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	std, err := sql.Open("mysql", text)
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

func TestColumnsAreReadAsByDatabaseSQL(t *testing.T) {
	servers(t, func(t *testing.T, s *testkit.Server) {
		for _, options := range dsns {
			db, std := opened(t, s, options)
			ctx := t.Context()
			one, err := std.Conn(ctx) // one session, so that its sql_mode stays
			if err != nil {
				t.Fatal(err)
			}
			defer one.Close()
			for _, statement := range []string{"SET sql_mode = ''", "CREATE TABLE v (id INT PRIMARY KEY)"} {
				if _, err := one.ExecContext(ctx, statement); err != nil {
					t.Fatal(err)
				}
			}
			type cell struct{ column, what string }
			cells := map[int][]cell{0: nil}
			n := 0
			for typ, values := range stored {
				column := fmt.Sprintf("c%d", n)
				n++
				if _, err := one.ExecContext(ctx, fmt.Sprintf("ALTER TABLE v ADD %s %s", column, typ)); err != nil {
					t.Fatalf("%s: %v", typ, err)
				}
				for id, v := range append([]string{"NULL"}, values...) {
					if _, err := one.ExecContext(ctx, fmt.Sprintf("INSERT INTO v (id, %[1]s) VALUES (%[2]d, %[3]s) ON DUPLICATE KEY UPDATE %[1]s = %[3]s", column, id, v)); err != nil {
						t.Fatalf("%s in %s: %v", v, typ, err)
					}
					cells[id] = append(cells[id], cell{column, v + " in " + typ})
				}
			}
			for id, row := range cells {
				for _, cl := range row {
					query := "SELECT " + cl.column + " FROM v WHERE id = ?"
					st, err := std.PrepareContext(ctx, query)
					if err != nil {
						t.Fatal(err)
					}
					for _, to := range intos {
						want, wantErr := to.scan(func(dst any) error { return st.QueryRowContext(ctx, id).Scan(dst) })
						c := db.Call(ctx, nil, query)
						c.ArgInt64(int64(id))
						var got any
						if c.One() {
							got = to.direct(c)
						}
						if err := c.End(); text(err) != text(wantErr) || err == nil && !reflect.DeepEqual(want, got) {
							t.Errorf("%s: %s read by %s: %#v, %s; database/sql gives %#v, %s", options, cl.what, to.name, got, text(err), want, text(wantErr))
						}
					}
					st.Close()
				}
			}
		}
	})
}

func TestArgumentsAreWrittenAsByDatabaseSQL(t *testing.T) {
	type arg struct {
		v    any
		give func(*mysql.Call)
	}
	when := time.Date(2024, 1, 2, 3, 4, 5, 678_900_000, time.FixedZone("CEST", 7200))
	var args []arg
	add := func(v any, give func(*mysql.Call)) { args = append(args, arg{v, give}) }
	add(true, func(c *mysql.Call) { c.ArgBool(true) })
	add(int16(-3), func(c *mysql.Call) { c.ArgInt16(-3) })
	add(int32(3), func(c *mysql.Call) { c.ArgInt32(3) })
	add(int64(math.MinInt64), func(c *mysql.Call) { c.ArgInt64(math.MinInt64) })
	add(float32(0.1), func(c *mysql.Call) { c.ArgFloat32(0.1) })
	add(0.1, func(c *mysql.Call) { c.ArgFloat64(0.1) })
	add("", func(c *mysql.Call) { c.ArgString("") })
	add("a\x00b 漢", func(c *mysql.Call) { c.ArgString("a\x00b 漢") })
	add([]byte(nil), func(c *mysql.Call) { c.ArgBytes(nil) })
	add([]byte{}, func(c *mysql.Call) { c.ArgBytes([]byte{}) })
	add([]byte{0, 1}, func(c *mysql.Call) { c.ArgBytes([]byte{0, 1}) })
	add(when, func(c *mysql.Call) { c.ArgTime(when) })
	add(time.Time{}, func(c *mysql.Call) { c.ArgTime(time.Time{}) })
	add(sql.NullString{}, func(c *mysql.Call) { c.ArgNullString(sql.NullString{}) })
	add(sql.NullString{String: "s", Valid: true}, func(c *mysql.Call) { c.ArgNullString(sql.NullString{String: "s", Valid: true}) })
	add(sql.NullInt16{Int16: 1, Valid: true}, func(c *mysql.Call) { c.ArgNullInt16(sql.NullInt16{Int16: 1, Valid: true}) })
	add(sql.NullInt32{Int32: 1, Valid: true}, func(c *mysql.Call) { c.ArgNullInt32(sql.NullInt32{Int32: 1, Valid: true}) })
	add(sql.NullInt64{}, func(c *mysql.Call) { c.ArgNullInt64(sql.NullInt64{}) })
	add(sql.NullFloat64{Float64: 2, Valid: true}, func(c *mysql.Call) { c.ArgNullFloat64(sql.NullFloat64{Float64: 2, Valid: true}) })
	add(sql.NullBool{Bool: true, Valid: true}, func(c *mysql.Call) { c.ArgNullBool(sql.NullBool{Bool: true, Valid: true}) })
	add(sql.NullTime{Time: when, Valid: true}, func(c *mysql.Call) { c.ArgNullTime(sql.NullTime{Time: when, Valid: true}) })
	s := "pointed at"
	for _, v := range []any{nil, true, 1, int8(1), uint8(200), uint64(math.MaxUint64), float32(0.1), "any", []byte("any"), when, named("n"), &s, (*string)(nil),
		valued{"v"}, valued{nil}, valued{"refused"}, valued{uint64(math.MaxUint64)}, struct{}{}, []string{"x"}, sql.Null[int64]{V: 4, Valid: true}, sql.Null[string]{}, sql.Named("x", 1)} {
		add(v, func(c *mysql.Call) { c.Arg(v) })
	}
	servers(t, func(t *testing.T, server *testkit.Server) {
		for _, options := range append(dsns, "interpolateParams=true") {
			db, std := opened(t, server, options)
			ctx := t.Context()
			for i, a := range args {
				for _, query := range []string{"SELECT CONCAT_WS(' ', HEX(CAST(? AS CHAR)), ?)", "SELECT ? IS NULL, ?"} {
					var want, got [2]any
					scan := []any{&want[0], &want[1]}
					if strings.Contains(query, "CONCAT") {
						scan = scan[:1]
					}
					wantErr := std.QueryRowContext(ctx, query, a.v, a.v).Scan(scan...)
					c := db.Call(ctx, nil, query)
					a.give(c)
					a.give(c)
					if c.One() {
						for j := range scan {
							c.Scan(&got[j])
						}
					}
					if err := c.End(); !reflect.DeepEqual(want, got) || text(err) != text(wantErr) {
						t.Errorf("%s: argument %d, %T(%v), with %s: %q, %s; database/sql gives %q, %s", options, i, a.v, a.v, query, got, text(err), want, text(wantErr))
					}
				}
			}
		}
	})
}

func TestErrorsAreTheDriversOwn(t *testing.T) {
	servers(t, func(t *testing.T, server *testkit.Server) {
		db, std := opened(t, server, "")
		ctx := t.Context()
		for _, statement := range []string{"CREATE TABLE p (id INT PRIMARY KEY, u VARCHAR(10) UNIQUE, n INT NOT NULL, c INT CHECK (c > 0)) ENGINE=InnoDB",
			"CREATE TABLE f (id INT, FOREIGN KEY (id) REFERENCES p (id)) ENGINE=InnoDB", "INSERT INTO p VALUES (1, 'u', 1, 1)"} {
			if _, err := std.ExecContext(ctx, statement); err != nil {
				t.Fatal(err)
			}
		}
		for _, query := range []string{
			"INSERT INTO p VALUES (?, 'v', 1, 1)", "INSERT INTO p VALUES (2, 'u', ?, 1)", "INSERT INTO p VALUES (3, 'w', NULL, ?)", "INSERT INTO p VALUES (4, 'w', 1, ? - 5)",
			"INSERT INTO f VALUES (? + 7)", "SELEKT ?", "SELECT nothing, ? FROM p", "SELECT ?, ?", "SELECT 1", "INSERT INTO missing VALUES (?)", "SELECT id FROM p WHERE id = ? + 100",
			"INSERT INTO p VALUES (5, 'a text that is too long', ?, 1)", "SELECT n FROM p WHERE id = ? FOR UPDATE",
		} {
			var wantErr error
			if !strings.HasPrefix(query, "SELECT") { // the driver's Exec of such a one waits for ever on MariaDB
				_, wantErr = std.ExecContext(ctx, query, 1)
			} else if rows, err := std.QueryContext(ctx, query, 1); err != nil {
				wantErr = err
			} else {
				rows.Close()
			}
			c := db.Call(ctx, plan.New(plan.Query{SQL: query, Kind: plan.Write}), query)
			c.ArgInt64(1)
			c.Exec()
			err := c.End()
			var a, b *drv.MySQLError
			if text(err) != text(wantErr) || errors.As(err, &a) != errors.As(wantErr, &b) || a != nil && a.Number != b.Number {
				t.Errorf("%s: Exec: %s; database/sql gives %s", query, text(err), text(wantErr))
			}
			var x, y any
			wantErr = std.QueryRowContext(ctx, query, 1).Scan(&x)
			c = db.Call(ctx, nil, query)
			c.ArgInt64(1)
			if c.One() {
				c.Scan(&y)
			}
			if err := c.End(); text(err) != text(wantErr) || !reflect.DeepEqual(x, y) {
				t.Errorf("%s: One: %v, %s; database/sql gives %v, %s", query, y, text(err), x, text(wantErr))
			}
		}
	})
}
