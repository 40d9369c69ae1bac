package postgres

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/plan"
)

type book struct {
	ID            int64
	Title, Author string
	Pages         int32
	Price         float64
	Note          pgtype.Text
	Lent          bool
	Added         time.Time
}

func (b *book) read(c *Call) {
	b.ID, b.Title, b.Author, b.Pages, b.Price, b.Note, b.Lent, b.Added =
		c.Int64(), c.String(), c.String(), c.Int32(), c.Float64(), c.PgText(), c.Bool(), c.Time()
}

func (b *book) into() []any {
	return []any{&b.ID, &b.Title, &b.Author, &b.Pages, &b.Price, &b.Note, &b.Lent, &b.Added}
}

func TestRowsAreThoseOfPgx(t *testing.T) {
	dsn := database(t)
	db := begin(t, dsn, Options{})
	ctx := t.Context()
	for _, id := range []int64{1, 2, 1000} {
		var want, got book
		if err := db.QueryRow(ctx, oneBook.SQL, id).Scan(want.into()...); err != nil {
			t.Fatal(err)
		}
		c := db.Call(ctx, oneBook, oneBook.SQL)
		c.ArgInt64(id)
		if c.One() {
			got.read(c)
		}
		if err := c.End(); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v\nwant %+v", got, want)
		}
	}
	c := db.Call(ctx, manyBooks, manyBooks.SQL)
	c.ArgInt64(300)
	n := 0
	for c.Next() {
		var b book
		if b.read(c); b.ID != int64(n+1) || b.Title != fmt.Sprintf("title of %d", n+1) {
			t.Fatalf("row %d is %+v", n, b)
		}
		n++
	}
	if err := c.End(); err != nil || n != 300 {
		t.Fatal(n, err)
	}
	if s := db.Stats(); s.Busy != 0 {
		t.Errorf("connections are out: %+v", s)
	}
}

// column reads a value by a typed method, and pgx's way.
type column struct {
	expression string
	typed      func(*Call) any
	into       func() any
}

func of[T any](expression string, typed func(*Call) T) column {
	return column{expression, func(c *Call) any { return typed(c) }, func() any { return new(T) }}
}

// Each typed method over each type that may come gives what pgx's Scan gives: values and errors.
func TestColumnsAreThoseOfPgx(t *testing.T) {
	db := begin(t, database(t), Options{})
	ctx := t.Context()
	expressions := []string{"true", "false", "1::int2", "-7::int4", "70000::int4", "1::int8", "5000000000::int8", "-1.5::float4", "'NaN'::float8", "1e300::float8", "''::text", "'héllo'::varchar",
		"'ab'::char(5)", "'x'::name", "'{\"a\": 1}'::json", "'{\"a\": 1}'::jsonb", "'\\x00ff'::bytea", "''::bytea", "timestamptz '2024-02-29 12:00:00.123456+02'", "timestamptz 'infinity'",
		"timestamptz '1583-05-06 07:08:09.5+00'", "timestamp '1999-12-31 23:59:59.999999'", "timestamp '-infinity'", "date '2024-02-29'", "date '1800-01-01'", "date 'infinity'",
		"'00000000-0000-0000-0000-0000000000ff'::uuid", "1.50::numeric", "'{1,2}'::int4[]", "interval '1 day'", "12::\"char\"", "'a'::mood", "1::oid", "'1.2.3.4'::inet",
		"null::bool", "null::int2", "null::int4", "null::int8", "null::float4", "null::float8", "null::text", "null::bytea", "null::timestamptz", "null::timestamp", "null::date", "null::uuid", "null::mood"}
	if _, err := db.Exec(ctx, "CREATE TYPE mood AS ENUM ('a', 'b')"); err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, e := range expressions {
		for _, m := range []column{of(e, (*Call).Bool), of(e, (*Call).Int16), of(e, (*Call).Int32), of(e, (*Call).Int64), of(e, (*Call).Float32), of(e, (*Call).Float64), of(e, (*Call).String),
			of(e, (*Call).Bytes), of(e, (*Call).Time), of(e, (*Call).PgText), of(e, (*Call).PgBool), of(e, (*Call).PgInt2), of(e, (*Call).PgInt4), of(e, (*Call).PgInt8), of(e, (*Call).PgFloat4),
			of(e, (*Call).PgFloat8), of(e, (*Call).PgTimestamptz), of(e, (*Call).PgTimestamp), of(e, (*Call).PgDate), of(e, (*Call).PgUUID)} {
			sql := "SELECT " + e + " AS v"
			want := m.into()
			wantErr := db.QueryRow(ctx, sql).Scan(want)
			c := db.Call(ctx, nil, sql)
			var got any
			if c.One() {
				got = m.typed(c)
			}
			err := c.End()
			tried++
			// For a NULL of a type that does not fit at all pgx tries its types in the order of a map: its answer varies.
			for range 100 {
				if fmt.Sprint(err) == fmt.Sprint(wantErr) {
					break
				}
				wantErr = db.QueryRow(ctx, sql).Scan(want)
			}
			if fmt.Sprint(err) != fmt.Sprint(wantErr) {
				t.Errorf("%s into %T: error %v, pgx's %v", e, want, err, wantErr)
			}
			if w := reflect.ValueOf(want).Elem().Interface(); err == nil && !same(got, w) {
				t.Errorf("%s into %T: %#v, pgx's %#v", e, want, got, w)
			}
		}
	}
	t.Logf("%d pairs", tried)
}

func same(a, b any) bool {
	if reflect.DeepEqual(a, b) {
		return true
	}
	return fmt.Sprintf("%#v", a) == fmt.Sprintf("%#v", b) // NaN
}

// argument gives a value by a typed method, and pgx's way.
type argument struct {
	value any
	typed func(*Call)
}

func arg[T any](v T, typed func(*Call, T)) argument {
	return argument{v, func(c *Call) { typed(c, v) }}
}

// Each typed method with each type of parameter has the server see what pgx has it see, or gives the same error.
func TestArgumentsAreThoseOfPgx(t *testing.T) {
	db := begin(t, database(t), Options{})
	ctx := t.Context()
	if _, err := db.Exec(ctx, "CREATE TYPE mood AS ENUM ('a', 'b')"); err != nil {
		t.Fatal(err)
	}
	day := time.Date(2024, 2, 29, 23, 30, 1, 123456789, time.FixedZone("", 3600))
	arguments := []argument{arg(true, (*Call).ArgBool), arg(int16(-3), (*Call).ArgInt16), arg(int32(70000), (*Call).ArgInt32), arg(int64(5_000_000_000), (*Call).ArgInt64), arg(int64(7), (*Call).ArgInt64),
		arg(float32(1.5), (*Call).ArgFloat32), arg(math.Inf(-1), (*Call).ArgFloat64), arg(2.25, (*Call).ArgFloat64), arg("", (*Call).ArgString), arg("a", (*Call).ArgString), arg("12", (*Call).ArgString),
		arg([]byte(nil), (*Call).ArgBytes), arg([]byte{}, (*Call).ArgBytes), arg([]byte("12"), (*Call).ArgBytes), arg(day, (*Call).ArgTime), arg(time.Time{}, (*Call).ArgTime),
		arg(any(nil), (*Call).Arg), arg(any((*int)(nil)), (*Call).Arg), arg(any(uint8(4)), (*Call).Arg), arg(any([]int32{1, 2}), (*Call).Arg), arg(any(map[string]int{"a": 1}), (*Call).Arg),
		arg(pgtype.Text{}, (*Call).ArgPgText), arg(pgtype.Text{String: "a", Valid: true}, (*Call).ArgPgText), arg(pgtype.Bool{Bool: true, Valid: true}, (*Call).ArgPgBool), arg(pgtype.Bool{}, (*Call).ArgPgBool),
		arg(pgtype.Int2{Int16: 2, Valid: true}, (*Call).ArgPgInt2), arg(pgtype.Int4{Int32: 2, Valid: true}, (*Call).ArgPgInt4), arg(pgtype.Int8{Int64: 2, Valid: true}, (*Call).ArgPgInt8), arg(pgtype.Int8{}, (*Call).ArgPgInt8),
		arg(pgtype.Float4{Float32: 2, Valid: true}, (*Call).ArgPgFloat4), arg(pgtype.Float8{Float64: 2, Valid: true}, (*Call).ArgPgFloat8),
		arg(pgtype.Timestamptz{Time: day, Valid: true}, (*Call).ArgPgTimestamptz), arg(pgtype.Timestamptz{InfinityModifier: pgtype.Infinity, Valid: true}, (*Call).ArgPgTimestamptz),
		arg(pgtype.Timestamp{Time: day, Valid: true}, (*Call).ArgPgTimestamp), arg(pgtype.Timestamp{}, (*Call).ArgPgTimestamp), arg(pgtype.Date{Time: day, Valid: true}, (*Call).ArgPgDate),
		arg(pgtype.Date{InfinityModifier: pgtype.NegativeInfinity, Valid: true}, (*Call).ArgPgDate), arg(pgtype.UUID{Bytes: [16]byte{1, 15: 2}, Valid: true}, (*Call).ArgPgUUID), arg(pgtype.UUID{}, (*Call).ArgPgUUID)}
	for _, typ := range strings.Fields("bool int2 int4 int8 float4 float8 numeric text varchar name bytea json jsonb timestamptz timestamp date time uuid int4[] mood interval oid") {
		for i, a := range arguments {
			sql := fmt.Sprintf("SELECT coalesce(($1::%s)::text, 'NULL')", typ)
			var want, got string
			wantErr := db.QueryRow(ctx, sql, a.value).Scan(&want)
			c := db.Call(ctx, nil, sql)
			a.typed(c)
			if c.One() {
				got = c.String()
			}
			if err := c.End(); got != want || fmt.Sprint(err) != fmt.Sprint(wantErr) {
				t.Errorf("%s, argument %d (%#v): %q %v, pgx's %q %v", typ, i, a.value, got, err, want, wantErr)
			}
		}
	}
}

func TestErrorsAreThoseOfPgx(t *testing.T) {
	db := begin(t, database(t), Options{})
	ctx := t.Context()
	cases := []struct {
		name   string
		pgx    func() error
		direct func() error
	}{
		{"no row", func() error { var n int64; return db.QueryRow(ctx, "SELECT id FROM book WHERE id < 0").Scan(&n) },
			func() error { c := db.Call(ctx, nil, "SELECT id FROM book WHERE id < 0"); c.One(); return c.End() }},
		{"syntax", func() error { _, err := db.Exec(ctx, "SELEC $1", 1); return err },
			func() error { c := db.Call(ctx, nil, "SELEC $1"); c.ArgInt64(1); c.Exec(); return c.End() }},
		{"syntax without arguments", func() error { _, err := db.Exec(ctx, "SELEC"); return err }, func() error { c := db.Call(ctx, nil, "SELEC"); c.Exec(); return c.End() }},
		{"too few arguments for rows", func() error { return db.QueryRow(ctx, oneBook.SQL).Scan() }, func() error { c := db.Call(ctx, oneBook, oneBook.SQL); c.One(); return c.End() }},
		{"too many arguments", func() error { _, err := db.Exec(ctx, pay.SQL, 1, 2, 3); return err },
			func() error {
				c := db.Call(ctx, pay, pay.SQL)
				c.ArgInt64(1)
				c.ArgInt64(2)
				c.ArgInt64(3)
				c.Exec()
				return c.End()
			}},
		{"unique", func() error { _, err := db.Exec(ctx, "INSERT INTO account VALUES ($1, $2)", 1, 2); return err },
			func() error {
				c := db.Call(ctx, nil, "INSERT INTO account VALUES ($1, $2)")
				c.ArgInt64(1)
				c.ArgInt64(2)
				c.Exec()
				return c.End()
			}},
		{"too few columns read", func() error { var a, b int64; return db.QueryRow(ctx, "SELECT 1::int8, 2::int8, 3::int8").Scan(&a, &b) },
			func() error {
				c := db.Call(ctx, nil, "SELECT 1::int8, 2::int8, 3::int8")
				c.One()
				c.Int64()
				c.Int64()
				return c.End()
			}},
		{"too many columns read", func() error { var a, b int64; return db.QueryRow(ctx, "SELECT 1::int8").Scan(&a, &b) },
			func() error { c := db.Call(ctx, nil, "SELECT 1::int8"); c.One(); c.Int64(); c.Int64(); return c.End() }},
		{"a later row fails", func() error {
			var a int64
			return db.QueryRow(ctx, "SELECT 10 / (3 - n) FROM generate_series(1::int8, 3) n").Scan(&a)
		},
			func() error {
				c := db.Call(ctx, nil, "SELECT 10 / (3 - n) FROM generate_series(1::int8, 3) n")
				c.One()
				c.Int64()
				return c.End()
			}},
	}
	for _, k := range cases {
		for range 2 {
			want, got := k.pgx(), k.direct()
			if want == nil || got == nil || want.Error() != got.Error() || reflect.TypeOf(want) != reflect.TypeOf(got) || code(want) != code(got) {
				t.Errorf("%s: %T %v, pgx's %T %v", k.name, got, got, want, want)
			}
		}
	}
	if s := db.Stats(); s.Busy != 0 {
		t.Errorf("connections are out: %+v", s)
	}
}

func TestExecTellsWhatWasDone(t *testing.T) {
	db := begin(t, database(t), Options{})
	c := db.Call(t.Context(), pay, pay.SQL)
	c.ArgInt64(5)
	c.ArgInt64(1)
	c.Exec()
	if c.RowsAffected() != 1 || c.Tag().String() != "UPDATE 1" {
		t.Error(c.RowsAffected(), c.Tag())
	}
	if err := c.End(); err != nil {
		t.Fatal(err)
	}
	c = db.Call(t.Context(), nil, "DELETE FROM account")
	c.Exec()
	if n, err := c.RowsAffected(), c.End(); n != 2 || err != nil {
		t.Error(n, err)
	}
}

// Statements whose result changed are prepared anew outside of a transaction, without an error.
func TestAStatementIsPreparedAnewAfterItsTableChanged(t *testing.T) {
	for _, pooler := range []bool{false, true} {
		db := begin(t, database(t), Options{Max: 1, Pooler: pooler})
		ctx := t.Context()
		q := plan.New(plan.Query{Name: "All", SQL: "SELECT * FROM account WHERE id = $1", Kind: plan.Read})
		read := func(want int) {
			t.Helper()
			c := db.Call(ctx, q, q.SQL)
			c.ArgInt64(1)
			n := 0
			if c.One() {
				for n = range len(c.kinds) {
					var v any
					c.Scan(&v)
				}
				n++
			}
			if err := c.End(); err != nil || n != want {
				t.Errorf("pooler %v: %d columns, %v", pooler, n, err)
			}
		}
		read(2)
		for _, ddl := range []string{"ALTER TABLE account ADD COLUMN more text DEFAULT 'x'", "ALTER TABLE account ALTER COLUMN balance TYPE numeric"} {
			if _, err := db.Exec(ctx, ddl); err != nil {
				t.Fatal(err)
			}
			read(3)
		}
		if _, err := db.Exec(ctx, "DEALLOCATE ALL"); err != nil {
			t.Fatal(err)
		}
		read(3)
		// In a transaction the error comes, and the transaction can be tried again.
		err := db.InTx(ctx, noOptions, func(q2 *Tx) error {
			if _, err := q2.Exec(ctx, "SELECT 1"); err != nil {
				return err
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestStatementsAreBounded(t *testing.T) {
	db := begin(t, database(t), Options{Max: 1, Statements: 3})
	for i := range 10 {
		c := db.Call(t.Context(), nil, fmt.Sprintf("SELECT $1::int8 + %d", i))
		c.ArgInt64(1)
		if !c.One() || c.Int64() != int64(i+1) {
			t.Error("wrong sum")
		}
		if err := c.End(); err != nil {
			t.Fatal(err)
		}
	}
	var n int
	if err := db.QueryRow(t.Context(), "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'covetsql%'").Scan(&n); err != nil || n != 3 {
		t.Errorf("%d statements are prepared, %v", n, err)
	}
}

// A call that is open in a transaction keeps others off its connection, and spoils nothing.
func TestACallInATransactionIsAlone(t *testing.T) {
	db := begin(t, database(t), Options{Max: 1})
	ctx := t.Context()
	err := db.InTx(ctx, noOptions, func(tx *Tx) error {
		c := tx.Call(ctx, manyBooks, manyBooks.SQL)
		c.ArgInt64(500)
		n := 0
		for c.Next() {
			var b book
			b.read(c)
			if n++; b.ID != int64(n) {
				t.Fatalf("row %d is %+v", n, b)
			}
			if _, err := holds(ctx, tx, 1); err == nil || err.Error() != "conn busy" {
				t.Fatal(err)
			}
			if _, err := tx.Exec(ctx, "SELECT 1"); err == nil || err.Error() != "conn busy" {
				t.Fatal(err)
			}
		}
		if err := c.End(); err != nil || n != 500 {
			t.Fatal(n, err)
		}
		got, err := holds(ctx, tx, 1)
		if got != 100 {
			t.Error(got)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestCanceledCallsAreToldAsPgxDoes(t *testing.T) {
	db := begin(t, database(t), Options{Max: 1})
	const sleep = "SELECT pg_sleep(10)::text"
	direct := func(ctx context.Context) error {
		c := db.Call(ctx, nil, sleep)
		c.One()
		return c.End()
	}
	pgxs := func(ctx context.Context) error { var s string; return db.QueryRow(ctx, sleep).Scan(&s) }
	for name, make := range map[string]func() (context.Context, context.CancelFunc){
		"a deadline": func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(t.Context(), 50*time.Millisecond)
		},
		"one that is over": func() (context.Context, context.CancelFunc) { return context.WithTimeout(t.Context(), -1) },
		"canceled": func() (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(50*time.Millisecond, cancel)
			return ctx, cancel
		},
		"canceled before": func() (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			return ctx, cancel
		},
	} {
		for range 2 { // prepared or not
			var told [2]error
			for i, run := range []func(context.Context) error{direct, pgxs} {
				ctx, cancel := make()
				told[i] = run(ctx)
				cancel()
			}
			if fmt.Sprint(told[0]) != fmt.Sprint(told[1]) || pgconn.Timeout(told[0]) != pgconn.Timeout(told[1]) || Fault(told[0]) != Fault(told[1]) || Fault(told[0]).Kind != fault.Canceled {
				t.Errorf("%s: %v, pgx's %v", name, told[0], told[1])
			}
			if n, err := holds(t.Context(), db, 1); n != 100 || err != nil {
				t.Error(n, err)
			}
		}
	}
}

// Contexts end at any moment, and no call ever sees what was meant for another.
func TestContextsEndAtAnyMoment(t *testing.T) {
	dsn := database(t)
	db := begin(t, dsn, Options{Max: 1})
	ended := 0
	for i := range 400 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rand.IntN(1500))*time.Microsecond)
		defer cancel()
		n := 0
		c := db.Call(ctx, manyBooks, manyBooks.SQL)
		c.ArgInt64(200)
		for c.Next() {
			var b book
			if b.read(c); !c.Failed() && b.ID != int64(n+1) {
				t.Fatalf("row %d is %+v", n, b)
			}
			n++
		}
		if err := c.End(); err == nil && n != 200 {
			t.Fatal(n)
		} else if err != nil {
			ended++
		}
		err := db.InTx(ctx, noOptions, func(q *Tx) error {
			if err := add(ctx, q, 1, 1); err != nil {
				return err
			}
			return add(ctx, q, 2, -1)
		})
		if err == nil {
			continue
		}
		cancel()
		if i%20 == 0 && sum(t, dsn) != 200 {
			t.Fatal("half of a transaction is there")
		}
		if n, err := holds(t.Context(), db, 1); n < 100 || err != nil {
			t.Fatal(n, err)
		}
	}
	settled(t, dsn)
	if got := sum(t, dsn); got != 200 || ended == 0 {
		t.Error(got, ended)
	}
	t.Logf("%d of 400 ended", ended)
}
