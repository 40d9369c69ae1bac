// Package golden serves the tests of testdata/golden: it applies a topic's schema to a real
// server and compares what generated code returns. It knows nothing of the compiler, so that
// generated code is tested as an application has it.
package golden

import (
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/covetsql/covetsql/internal/testkit"
)

// fresh makes a database with the schema.sql of the folder that the test runs in.
func fresh(t testing.TB, s *testkit.Server) string {
	t.Helper()
	schema, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	db := s.NewDatabase(t)
	s.Exec(t, db, string(schema))
	return db
}

// PostgresURI names a new PostgreSQL database with the topic's schema.
func PostgresURI(t testing.TB) string {
	t.Helper()
	s := testkit.PostgreSQL(t)
	return s.URI(fresh(t, s))
}

// PGX connects to a new PostgreSQL database with the topic's schema.
func PGX(t testing.TB) *pgx.Conn {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, PostgresURI(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(ctx) })
	return conn
}

// SQLite opens a new SQLite database with the topic's schema.
func SQLite(t testing.TB) *sql.DB {
	t.Helper()
	s := testkit.SQLite(t)
	return s.Open(t, fresh(t, s))
}

// addresses are those of the databases that EachMySQL opened, by their *sql.DB.
var addresses sync.Map

// EachMySQL runs a test on MySQL and on MariaDB, each with the topic's schema.
func EachMySQL(t *testing.T, run func(t *testing.T, conn *sql.DB)) {
	t.Helper()
	for name, server := range map[string]func(testing.TB) *testkit.Server{"MySQL": testkit.MySQL, "MariaDB": testkit.MariaDB} {
		t.Run(name, func(t *testing.T) {
			s := server(t)
			db := fresh(t, s)
			conn := s.Open(t, db)
			addresses.Store(conn, s.DSN(db))
			run(t, conn)
		})
	}
}

// OK ends the test at an error.
func OK(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Want compares the result of a call, which follows in parentheses: Want(t, 3)(q.Count(ctx)).
// Values are the same where they are deeply equal or have the same JSON, in which times of one
// instant and numerics of one text are the same.
func Want[T any](t testing.TB, want T) func(got T, err error) {
	return func(got T, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("error %v, want %s", err, text(want))
			return
		}
		Same(t, got, want)
	}
}

// Same compares two values as Want does.
func Same[T any](t testing.TB, got, want T) {
	t.Helper()
	if reflect.DeepEqual(got, want) {
		return
	}
	if g, w := text(got), text(want); g != w {
		t.Errorf("\n got %s\nwant %s", g, w)
	}
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // no type of a generated struct
	}
	return string(b)
}

// Text is a text that is not NULL.
func Text(s string) pgtype.Text { return pgtype.Text{String: s, Valid: true} }

// Int4 is an integer that is not NULL.
func Int4(n int32) pgtype.Int4 { return pgtype.Int4{Int32: n, Valid: true} }

// Int8 is a bigint that is not NULL.
func Int8(n int64) pgtype.Int8 { return pgtype.Int8{Int64: n, Valid: true} }

// Bool is a boolean that is not NULL.
func Bool(b bool) pgtype.Bool { return pgtype.Bool{Bool: b, Valid: true} }

// Float8 is a double precision that is not NULL.
func Float8(f float64) pgtype.Float8 { return pgtype.Float8{Float64: f, Valid: true} }

// Numeric is a numeric by its text.
func Numeric(s string) pgtype.Numeric {
	var n pgtype.Numeric
	if err := n.Scan(s); err != nil {
		panic(err)
	}
	return n
}

// Day is a date by its text, 2026-05-04.
func Day(s string) pgtype.Date { return pgtype.Date{Time: Time(s), Valid: true} }

// Stamp is a timestamptz in UTC by its text.
func Stamp(s string) pgtype.Timestamptz { return pgtype.Timestamptz{Time: Time(s), Valid: true} }

// Time is a time in UTC: 2026-05-04 or 2026-05-04 10:30:00.
func Time(s string) time.Time {
	layout := "2006-01-02 15:04:05"
	v, err := time.Parse(layout[:len(s)], s)
	if err != nil {
		panic(err)
	}
	return v
}

// String is a text of database/sql that is not NULL.
func String(s string) sql.NullString { return sql.NullString{String: s, Valid: true} }

// Int16 is an int16 that is not NULL.
func Int16(n int16) sql.NullInt16 { return sql.NullInt16{Int16: n, Valid: true} }

// Int32 is an int32 that is not NULL.
func Int32(n int32) sql.NullInt32 { return sql.NullInt32{Int32: n, Valid: true} }

// Int64 is an int64 that is not NULL.
func Int64(n int64) sql.NullInt64 { return sql.NullInt64{Int64: n, Valid: true} }

// Float64 is a float64 that is not NULL.
func Float64(f float64) sql.NullFloat64 { return sql.NullFloat64{Float64: f, Valid: true} }

// Boolean is a bool that is not NULL.
func Boolean(b bool) sql.NullBool { return sql.NullBool{Bool: b, Valid: true} }

// When is a time that is not NULL.
func When(s string) sql.NullTime { return sql.NullTime{Time: Time(s), Valid: true} }

// Ptr points to a value.
func Ptr[T any](v T) *T { return &v }
