package postgres

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/tx"
)

// schema holds a table with the row of the benchmarks, and one of what else there is.
const schema = `
CREATE TABLE book (
	id bigint PRIMARY KEY, title text NOT NULL, author text NOT NULL, pages integer NOT NULL, price double precision NOT NULL,
	note text, lent boolean NOT NULL, added timestamptz NOT NULL
);
INSERT INTO book SELECT n, 'title of ' || n, 'author of ' || n, n % 500, n / 4.0, CASE WHEN n % 2 = 0 THEN 'note of ' || n END, n % 3 = 0,
	timestamptz '2024-02-29 12:00:00.123456+00' + n * interval '1 minute' FROM generate_series(1, 1000) n;
CREATE TABLE account (id bigint PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0));
INSERT INTO account VALUES (1, 100), (2, 100);
`

// database gives the address of a database with the schema.
func database(t testing.TB) string {
	t.Helper()
	s := testkit.PostgreSQL(t)
	name := s.NewDatabase(t)
	s.Exec(t, name, schema)
	return s.DSN(name)
}

func begin(t testing.TB, dsn string, o Options) *DB {
	t.Helper()
	db, err := Open(t.Context(), dsn, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := db.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return db
}

// raw is a connection of pgx's own, beside.
func raw(t testing.TB, dsn string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	return c
}

// The queries of the tests.
var (
	oneBook   = plan.New(plan.Query{Name: "Book", SQL: "SELECT id, title, author, pages, price, note, lent, added FROM book WHERE id = $1", Kind: plan.Read})
	manyBooks = plan.New(plan.Query{Name: "Books", SQL: "SELECT id, title, author, pages, price, note, lent, added FROM book WHERE id <= $1 ORDER BY id", Kind: plan.Read})
	copyBooks = plan.New(plan.Query{Name: "CopyBooks", Kind: plan.Write})
	pay       = plan.New(plan.Query{Name: "Pay", SQL: "UPDATE account SET balance = balance + $1 WHERE id = $2", Kind: plan.Write})
	balance   = plan.New(plan.Query{Name: "Balance", SQL: "SELECT balance FROM account WHERE id = $1", Kind: plan.Read})
)

// sum is what the accounts hold.
func sum(t testing.TB, dsn string) int64 {
	t.Helper()
	var n int64
	c := raw(t, dsn)
	defer c.Close(context.Background())
	if err := c.QueryRow(t.Context(), "SELECT sum(balance) FROM account").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// handle is DB and Tx.
type handle interface {
	Direct
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func add(ctx context.Context, h Direct, id, amount int64) error {
	c := h.Call(ctx, pay, pay.SQL)
	c.ArgInt64(amount)
	c.ArgInt64(id)
	c.Exec()
	return c.End()
}

func holds(ctx context.Context, h Direct, id int64) (int64, error) {
	c := h.Call(ctx, balance, balance.SQL)
	c.ArgInt64(id)
	var n int64
	if c.One() {
		n = c.Int64()
	}
	return n, c.End()
}

var noOptions = tx.Options{}
