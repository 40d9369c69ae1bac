package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/tx"
)

func TestCodesAreSorted(t *testing.T) {
	dsn := database(t)
	db := begin(t, dsn, Options{})
	ctx := t.Context()
	for sql, want := range map[string]fault.Fault{
		"INSERT INTO account VALUES (1, 1)":                       {Kind: fault.Unique, Outcome: fault.NotDone},
		"UPDATE account SET balance = -1":                         {Kind: fault.Check, Outcome: fault.NotDone},
		"INSERT INTO account VALUES (9, NULL)":                    {Kind: fault.NotNull, Outcome: fault.NotDone},
		"SET statement_timeout = 10; SELECT pg_sleep(1)":          {Kind: fault.Timeout, Outcome: fault.NotDone},
		"SELECT pg_terminate_backend(pg_backend_pid())":           {Kind: fault.Unavailable, Gone: true},
		"SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(1)": {Kind: fault.Canceled, Outcome: fault.NotDone},
		"SELEC": {Kind: fault.Other, Outcome: fault.NotDone},
		"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$":            {Kind: fault.Serialization, Outcome: fault.NotDone, Again: true},
		"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$":            {Kind: fault.Deadlock, Outcome: fault.NotDone, Again: true},
		"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40003'; END $$":            {Kind: fault.Other},
		"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '08007'; END $$":            {Kind: fault.ConnectionLost},
		"BEGIN; SELECT 1/0; COMMIT":                                                  {Kind: fault.Other, Outcome: fault.NotDone},
		"EXECUTE nothing":                                                            {Kind: fault.PlanChanged, Outcome: fault.NotDone, Again: true},
		"BEGIN READ ONLY; UPDATE account SET balance = 1":                            {Kind: fault.ReadOnly, Outcome: fault.NotDone},
		"CREATE TABLE a (b bigint REFERENCES account); INSERT INTO a VALUES (12345)": {Kind: fault.ForeignKey, Outcome: fault.NotDone},
	} {
		c := raw(t, dsn)
		_, err := c.Exec(ctx, sql)
		if got := Fault(err); got != want {
			t.Errorf("%s: %+v, want %+v (%v)", sql, got, want, err)
		}
	}
	if _, err := db.Exec(ctx, "SELECT 1"); err != nil {
		t.Error(err)
	}
	if got := Fault(fmt.Errorf("x: %w", &pgconn.PgError{Code: "0A000", Routine: "RevalidateCachedQuery"})); got.Kind != fault.PlanChanged {
		t.Error(got)
	}
	if _, err := Open(ctx, "postgres://postgres@127.0.0.1:1/x?sslmode=disable", Options{}); Fault(err) != (fault.Fault{Kind: fault.Unavailable, Outcome: fault.NotDone, Again: true}) {
		t.Error(err)
	}
	if _, err := Open(ctx, "postgres://postgres:secret@127.0.0.1:x/x", Options{}); err == nil || strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
}

// through opens the database through a proxy.
func through(t testing.TB, dsn string, o Options) (*DB, *proxy) {
	t.Helper()
	p, via := between(t, dsn)
	return begin(t, via, o), p
}

// between puts a proxy before a server, and gives the address that leads through it.
func between(t testing.TB, dsn string) (*proxy, string) {
	t.Helper()
	at := strings.Index(dsn, "@") + 1
	end := at + strings.Index(dsn[at:], "/")
	p := newProxy(t, dsn[at:end])
	return p, dsn[:at] + p.listener.Addr().String() + dsn[end:]
}

// settled waits until the server has taken back what cut connections left.
func settled(t testing.TB, dsn string) {
	t.Helper()
	c := raw(t, dsn)
	defer c.Close(context.Background())
	for range 500 {
		var n int
		if err := c.QueryRow(context.Background(), "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the server's sessions do not end")
}

// first is what the first account holds.
func first(t testing.TB, dsn string) int64 {
	t.Helper()
	c := raw(t, dsn)
	defer c.Close(context.Background())
	var n int64
	if err := c.QueryRow(context.Background(), "SELECT balance FROM account WHERE id = 1").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// A connection is cut at each round of a transaction, in each way. What is told as done was done, once; what is told as not done was not;
// and a token tells which it was.
func TestATransactionIsCutAtEachStep(t *testing.T) {
	t.Parallel()
	for _, pooler := range []bool{false, true} {
		for _, kind := range []struct {
			name string
			o    tx.Options
			own  bool // by pgx's methods
		}{{"plain", tx.Options{}, false}, {"by pgx's methods", tx.Options{}, true}, {"with a token", tx.Options{Token: "t"}, false}, {"again", tx.Options{Repeatable: true}, false},
			{"again with a token", tx.Options{Repeatable: true, Token: "t"}, false}} {
			t.Run(fmt.Sprintf("%s, pooler %v", kind.name, pooler), func(t *testing.T) {
				dsn := database(t)
				ctx := t.Context()
				runs := 0
				pair := func(q *Tx) error {
					runs++
					if kind.own {
						for _, a := range []int{1, -1} {
							if _, err := q.Exec(ctx, "UPDATE account SET balance = balance + $1 WHERE id = $2", a, (3-a)/2); err != nil {
								return err
							}
						}
						return nil
					}
					if err := add(ctx, q, 1, 1); err != nil {
						return err
					}
					return add(ctx, q, 2, -1)
				}
				db, p := through(t, dsn, Options{Max: 1, Pooler: pooler})
				if err := db.CreateCommitTable(ctx); err != nil {
					t.Fatal(err)
				}
				want := int64(100)
				hits := 0
				for what := cutBefore; what < harmEnd; what++ {
					for step := 0; ; step++ {
						o := kind.o
						if o.Token != "" {
							o.Token = fmt.Sprintf("%s %d", what, step)
						}
						// Once without harm, so that all is prepared.
						p.arm(-1, pass)
						if err := db.InTx(ctx, tx.Options{}, pair); err != nil {
							t.Fatal(err)
						}
						want++
						runs = 0
						p.arm(step, what)
						err := db.InTx(ctx, o, pair)
						hit, rounds := p.was()
						if !hit {
							if err != nil {
								t.Fatal(err)
							}
							want++
							if rounds > step {
								t.Fatal("the proxy counts wrongly")
							}
							break
						}
						hits++
						settled(t, dsn)
						got := first(t, dsn)
						at := fmt.Sprintf("%s at step %d", what, step)
						if sum(t, dsn) != 200 {
							t.Fatalf("%s: half of a transaction is there", at)
						}
						switch {
						case err == nil && got != want+1:
							t.Errorf("%s: told as done, and done %d times", at, got-want)
						case errors.Is(err, tx.ErrCommitUnknown):
							if o.Token != "" {
								t.Errorf("%s: the token did not tell: %v", at, err)
							}
							if got != want && got != want+1 {
								t.Errorf("%s: done %d times", at, got-want)
							}
						case err != nil && got != want:
							t.Errorf("%s: told as not done, and done %d times: %v", at, got-want, err)
						}
						if err != nil && kind.o.Repeatable && kind.o.Token != "" {
							t.Errorf("%s: not tried again: %v", at, err)
						}
						if runs > 1 && !kind.o.Repeatable {
							t.Errorf("%s: the function ran %d times", at, runs)
						}
						want = got
					}
				}
				if hits < 8 {
					t.Errorf("only %d cuts", hits)
				}
				t.Logf("%d cuts", hits)
			})
		}
	}
}

// A statement on its own, cut at each of its rounds: one that may not be run twice is not, and one that may gives its rows.
func TestACallIsCut(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	const plus = "UPDATE account SET balance = balance + 1 WHERE id = 1"
	ways := map[string]func(db *DB) error{
		"a call":                   func(db *DB) error { return add(ctx, db, 1, 1) },
		"a call without arguments": func(db *DB) error { c := db.Call(ctx, nil, plus); c.Exec(); return c.End() },
		"a call that gives a row": func(db *DB) error {
			c := db.Call(ctx, nil, plus+" RETURNING id")
			c.One()
			c.Int64()
			return c.End()
		},
		"pgx's Exec":                   func(db *DB) error { _, err := db.Exec(ctx, pay.SQL, 1, 1); return err },
		"pgx's Exec without arguments": func(db *DB) error { _, err := db.Exec(ctx, plus); return err },
		"pgx's QueryRow":               func(db *DB) error { var n int64; return db.QueryRow(ctx, plus+" RETURNING id").Scan(&n) },
	}
	dsn := database(t)
	for name, way := range ways {
		for _, prepared := range []bool{true, false} {
			for what := cutBefore; what < harmEnd; what++ {
				for step := range 2 {
					db, p := through(t, dsn, Options{Max: 1})
					at := fmt.Sprintf("%s, %s, step %d, prepared %v", name, what, step, prepared)
					if prepared {
						if err := way(db); err != nil {
							t.Fatal(err)
						}
					}
					before := first(t, dsn)
					p.arm(step, what)
					err := way(db)
					hit, _ := p.was()
					p.arm(-1, pass)
					settled(t, dsn)
					got := first(t, dsn) - before
					if err == nil && got != 1 || got > 1 || err != nil && Fault(err).Outcome == fault.NotDone && got != 0 || !hit && err != nil {
						t.Errorf("%s: done %d times, %v", at, got, err)
					}
					p.arm(step, what)
					if n, err := holds(ctx, db, 1); n != before+got || err != nil {
						t.Errorf("%s: a read gives %d, %v", at, n, err)
					}
				}
			}
		}
	}
}

// Sessions are ended all the time while writers write: what was told as done is there, and no more than that and what nobody could tell of.
func TestNothingIsDoneTwiceWhileSessionsEnd(t *testing.T) {
	dsn := database(t)
	db := begin(t, dsn, Options{Max: 6})
	ctx := t.Context()
	stop := make(chan struct{})
	var done, unknown, not atomic.Int64
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				var err error
				if i%2 == 0 {
					err = add(ctx, db, 1, 1)
				} else {
					err = db.InTx(ctx, tx.Options{Repeatable: true}, func(q *Tx) error { return add(ctx, q, 1, 1) })
				}
				switch f := db.core.Fault(err); {
				case err == nil:
					done.Add(1)
				case f.Outcome == fault.NotDone:
					not.Add(1)
				default:
					unknown.Add(1)
				}
			}
		})
	}
	killer := raw(t, dsn)
	for end := time.Now().Add(2 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if _, err := killer.Exec(ctx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY random() LIMIT 1"); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	wg.Wait()
	settled(t, dsn)
	n := first(t, dsn) - 100
	t.Logf("%d told as done, %d as not, %d unknown; %d are there", done.Load(), not.Load(), unknown.Load(), n)
	if n < done.Load() || n > done.Load()+unknown.Load() {
		t.Errorf("%d are there", n)
	}
	if done.Load() == 0 || unknown.Load() == 0 {
		t.Error("nothing was ended")
	}
}

// A server that was restarted while connections lay unused is not noticed by anybody.
func TestAServerIsRestarted(t *testing.T) {
	p, err := testkit.StartPrivate("postgresql")
	if err != nil {
		t.Skip(err)
	}
	defer p.Close()
	prepare := func() {
		p.Exec(t, "postgres", schema)
	}
	prepare()
	ctx := t.Context()
	between, dsn := between(t, p.DSN("postgres"))
	db := begin(t, dsn, Options{Max: 4})
	use := func() {
		t.Helper()
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := db.InTx(ctx, noOptions, func(q *Tx) error {
					if err := add(ctx, q, 1, 1); err != nil {
						return err
					}
					time.Sleep(50 * time.Millisecond)
					return nil
				}); err != nil {
					t.Error(err)
				}
				if err := add(ctx, db, 1, 1); err != nil {
					t.Error(err)
				}
				if _, err := db.Exec(ctx, "UPDATE account SET balance = balance + 1 WHERE id = $1", 1); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	use()
	q, err := db.Begin(ctx, noOptions)
	if err != nil {
		t.Fatal(err)
	}
	if err := add(ctx, q, 1, 1); err != nil {
		t.Fatal(err)
	}
	if err := p.Restart(); err != nil {
		t.Fatal(err)
	}
	prepare()
	between.mu.Lock()
	between.target = fmt.Sprintf("%s:%d", p.Host, p.Port)
	between.mu.Unlock()
	time.Sleep(time.Duration(quiet) + 50*time.Millisecond)
	use()
	// The transaction that was open can't be committed, and says so.
	if err := q.Commit(ctx); err == nil {
		t.Error("a transaction of a server that is no more was committed")
	}
	if got := first(t, p.DSN("postgres")); got != 112 {
		t.Errorf("the account holds %d", got)
	}
}
