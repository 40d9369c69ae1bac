package postgres

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/runtime/tx"
)

// Behind PgBouncer in transaction mode, with fewer sessions than connections, all goes as without it: its process numbers tell of it.
func TestStatementsSurviveAPooler(t *testing.T) {
	s := testkit.PostgreSQL(t)
	name := s.NewDatabase(t)
	s.Exec(t, name, schema)
	behind := testkit.StartPgBouncer(t, s, 3)
	db := begin(t, behind.DSN(name), Options{Max: 12})
	if !db.pooled {
		t.Fatal("the pooler was not found out")
	}
	if db := begin(t, s.DSN(name), Options{Max: 1}); db.pooled {
		t.Fatal("a pooler was found out where there is none")
	}
	ctx := t.Context()
	if err := db.CreateCommitTable(ctx); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for g := range 12 {
		wg.Go(func() {
			for i := range 40 {
				id := int64(1 + (g*40+i)%1000)
				var want, got book
				if err := db.QueryRow(ctx, oneBook.SQL, id).Scan(want.into()...); err != nil {
					t.Error(err)
					return
				}
				c := db.Call(ctx, oneBook, oneBook.SQL)
				c.ArgInt64(id)
				if c.One() {
					got.read(c)
				}
				if err := c.End(); err != nil || got != want {
					t.Errorf("%+v, want %+v, %v", got, want, err)
					return
				}
				// Other statements of other connections come between: unnamed statements are never another's.
				c = db.Call(ctx, nil, fmt.Sprintf("SELECT $1::int8 + %d, $2::text", i%7))
				c.ArgInt64(id)
				c.ArgString("x")
				if c.One() {
					if n, s := c.Int64(), c.String(); n != id+int64(i%7) || s != "x" {
						t.Error(n, s)
					}
				}
				if err := c.End(); err != nil {
					t.Error(err)
				}
				err := db.InTx(ctx, tx.Options{Repeatable: true, Token: fmt.Sprintf("%d %d", g, i)}, func(q *Tx) error {
					if err := add(ctx, q, 1, 1); err != nil {
						return err
					}
					_, err := q.Exec(ctx, "UPDATE account SET balance = balance - $1 WHERE id = $2", 1, 1)
					if err != nil {
						return err
					}
					return q.InTx(ctx, noOptions, func(s *Tx) error { return add(ctx, s, 2, 1) })
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := sum(t, s.DSN(name)); got != 200+12*40 {
		t.Errorf("the accounts hold %d", got)
	}
	if n, err := copyIn(ctx, db, makeBooks(2000, 5000)); n != 5000 || err != nil {
		t.Error(n, err)
	}
	b := &pgx.Batch{}
	b.Queue("SELECT $1::int8", 1)
	b.Queue("SELECT $1::text", "a")
	if err := db.SendBatch(ctx, b).Close(); err != nil {
		t.Error(err)
	}
	var prepared int
	if err := db.QueryRow(ctx, "SELECT count(*) FROM pg_prepared_statements WHERE name <> ''").Scan(&prepared); err != nil || prepared != 0 {
		t.Errorf("%d statements are prepared by name, %v", prepared, err)
	}
	// A table that changes, and statements that knew it before.
	s.Exec(t, name, "ALTER TABLE book ALTER COLUMN pages TYPE bigint")
	for range 3 {
		c := db.Call(ctx, oneBook, oneBook.SQL)
		c.ArgInt64(7)
		if c.One() {
			c.Int64()
			_ = c.String()
			_ = c.String()
			if n := c.Int64(); n != 7 {
				t.Error(n)
			}
			c.Float64()
			c.PgText()
			c.Bool()
			c.Time()
		}
		if err := c.End(); err != nil {
			t.Error(err)
		}
	}
	// The pooler lets idle sessions go.
	time.Sleep(time.Duration(quiet) + 50*time.Millisecond)
	if n, err := holds(ctx, db, 1); n != 100 || err != nil {
		t.Error(n, err)
	}
}
