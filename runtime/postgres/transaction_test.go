package postgres

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/tx"
)

func TestLevelsAreThoseOfTheServer(t *testing.T) {
	db := begin(t, database(t), Options{Max: 1})
	ctx := t.Context()
	level := plan.New(plan.Query{Name: "Level", SQL: "SELECT current_setting('transaction_isolation') || ' ' || current_setting('transaction_read_only') || ' ' || current_setting('transaction_deferrable')"})
	for o, want := range map[tx.Options]string{
		{}:                                       "read committed off off",
		{Isolation: tx.ReadUncommitted}:          "read committed off off",
		{Isolation: tx.ReadCommitted}:            "read committed off off",
		{Isolation: tx.RepeatableRead}:           "repeatable read off off",
		{Isolation: tx.Snapshot, ReadOnly: true}: "repeatable read on off",
		{Isolation: tx.Serializable}:             "serializable off off",
		{Isolation: tx.Serializable, ReadOnly: true, Deferrable: true}: "serializable on on",
	} {
		for range 2 { // the first time the statement is prepared, the second it goes with BEGIN
			err := db.InTx(ctx, o, func(q *Tx) error {
				c := q.Call(ctx, level, level.SQL)
				c.One()
				if got := c.String(); got != want {
					t.Errorf("%+v: %q, want %q", o, got, want)
				}
				return c.End()
			})
			if err != nil {
				t.Error(err)
			}
		}
		// And so for what goes pgx's way.
		err := db.InTx(ctx, o, func(q *Tx) error {
			var got string
			err := q.QueryRow(ctx, level.SQL).Scan(&got)
			if got != want {
				t.Errorf("%+v: %q, want %q", o, got, want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	if err := db.InTx(ctx, tx.Options{Deferrable: true}, func(*Tx) error { return nil }); err == nil || !strings.Contains(err.Error(), "PostgreSQL has no deferrable transactions") {
		t.Error(err)
	}
}

func TestReadOnlyIsEnforced(t *testing.T) {
	dsn := database(t)
	db := begin(t, dsn, Options{})
	err := db.InTx(t.Context(), tx.Options{ReadOnly: true}, func(q *Tx) error { return add(t.Context(), q, 1, 5) })
	if Fault(err).Kind != fault.ReadOnly || sum(t, dsn) != 200 {
		t.Error(err)
	}
}

func TestTransactionsAreCommittedOrTakenBack(t *testing.T) {
	dsn := database(t)
	db := begin(t, dsn, Options{Max: 2})
	ctx := t.Context()
	mine := errors.New("mine")
	var after []string
	note := func(q *Tx, name string) {
		q.AfterCommit(func() { after = append(after, name+" committed") })
		q.AfterRollback(func() { after = append(after, name+" taken back") })
	}
	steps := []struct {
		name string
		fn   func(q *Tx) error
		want int64
		err  error
	}{
		{"committed", func(q *Tx) error { return add(ctx, q, 1, 1) }, 201, nil},
		{"an error", func(q *Tx) error { return errors.Join(add(ctx, q, 1, 1), mine) }, 201, mine},
		{"nothing done", func(q *Tx) error { return nil }, 201, nil},
		{"a failed statement whose error is dropped", func(q *Tx) error {
			if err := add(ctx, q, 1, 1); err != nil {
				return err
			}
			_ = add(ctx, q, 1, -1000)
			return nil
		}, 201, tx.ErrRolledBack},
		{"a failed first statement whose error is dropped", func(q *Tx) error { _ = add(ctx, q, 1, -1000); return nil }, 201, tx.ErrRolledBack},
		{"a first statement that can't be prepared", func(q *Tx) error {
			c := q.Call(ctx, nil, "UPDATE nowhere SET a = $1")
			c.ArgInt64(1)
			c.Exec()
			_ = c.End()
			return nil
		}, 201, tx.ErrRolledBack},
		{"a first statement by pgx that can't be prepared", func(q *Tx) error { _, _ = q.Exec(ctx, "UPDATE nowhere SET a = $1", 1); return nil }, 201, tx.ErrRolledBack},
		{"a savepoint taken back", func(q *Tx) error {
			if err := add(ctx, q, 1, 1); err != nil {
				return err
			}
			if err := q.InTx(ctx, noOptions, func(s *Tx) error { return add(ctx, s, 1, -1000) }); Fault(err).Kind != fault.Check {
				t.Error(err)
			}
			return q.InTx(ctx, noOptions, func(s *Tx) error { return add(ctx, s, 2, 1) })
		}, 203, nil},
		{"a savepoint first", func(q *Tx) error {
			_ = q.InTx(ctx, noOptions, func(s *Tx) error { _ = add(ctx, s, 1, 1); return mine })
			return nil
		}, 203, nil},
		{"ended by a statement", func(q *Tx) error {
			if err := add(ctx, q, 1, 1); err != nil {
				return err
			}
			_, err := q.Exec(ctx, "ROLLBACK")
			return err
		}, 203, tx.ErrDone},
	}
	for _, s := range steps {
		for range 2 {
			if s.want != 201 && s.want != 203 || s.name == "committed" && sum(t, dsn) == 201 || s.name == "a savepoint taken back" && sum(t, dsn) == 203 {
				break
			}
			err := db.InTx(ctx, noOptions, s.fn)
			if s.err == nil && err != nil || s.err != nil && !errors.Is(err, s.err) {
				t.Errorf("%s: %v, want %v", s.name, err, s.err)
			}
			if got := sum(t, dsn); got != s.want {
				t.Errorf("%s: the accounts hold %d, want %d", s.name, got, s.want)
			}
		}
	}
	_ = db.InTx(ctx, noOptions, func(q *Tx) error { note(q, "a"); return nil })
	_ = db.InTx(ctx, noOptions, func(q *Tx) error {
		note(q, "b")
		_ = q.InTx(ctx, noOptions, func(s *Tx) error { note(s, "c"); return mine })
		return mine
	})
	func() {
		defer func() { _ = recover() }()
		_ = db.InTx(ctx, noOptions, func(q *Tx) error { note(q, "d"); _ = add(ctx, q, 1, 7); panic("oh") })
	}()
	if got := strings.Join(after, ", "); got != "a committed, c taken back, b taken back, d taken back" {
		t.Error(got)
	}
	if got := sum(t, dsn); got != 203 {
		t.Error(got)
	}
	if s := db.Stats(); s.Busy != 0 {
		t.Errorf("connections are out: %+v", s)
	}
}

// Writers that can't be put in order are run again, and none is lost.
func TestTransactionsAreRunAgain(t *testing.T) {
	dsn := database(t)
	db := begin(t, dsn, Options{Max: 8})
	ctx := t.Context()
	var tries atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				err := db.InTx(ctx, tx.Options{Isolation: tx.Serializable, Repeatable: true, Tries: 1000}, func(q *Tx) error {
					tries.Add(1)
					n, err := holds(ctx, q, 1)
					if err != nil {
						return err
					}
					m, err := holds(ctx, q, 2)
					if err != nil {
						return err
					}
					if n > m {
						return add(ctx, q, 2, 1)
					}
					return add(ctx, q, 1, 1)
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := sum(t, dsn); got != 240 {
		t.Errorf("the accounts hold %d after 40 transactions", got)
	}
	t.Logf("%d tries for 40 transactions", tries.Load())
}

func TestTokensTellWhatWasCommitted(t *testing.T) {
	dsn := database(t)
	db := begin(t, dsn, Options{Max: 4})
	ctx := t.Context()
	if err := db.CreateCommitTable(ctx); err != nil {
		t.Fatal(err)
	}
	marked := func(token string) (bool, error) {
		held, err := db.core.Get(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer held.Put(held.C.Gone())
		return held.C.Marked(ctx, token)
	}
	if err := db.InTx(ctx, tx.Options{Token: "one"}, func(q *Tx) error { return add(ctx, q, 1, 1) }); err != nil {
		t.Fatal(err)
	}
	if ok, err := marked("one"); !ok || err != nil {
		t.Error(ok, err)
	}
	for range 2 {
		if ok, err := marked("two"); ok || err != nil {
			t.Error(ok, err)
		}
	}
	// The same once more is refused.
	if err := db.InTx(ctx, tx.Options{Token: "one"}, func(q *Tx) error { return add(ctx, q, 1, 1) }); Fault(err).Kind != fault.Unique || sum(t, dsn) != 201 {
		t.Error(err)
	}
	// One that is open is waited for.
	for _, commit := range []bool{true, false} {
		token := map[bool]string{true: "three", false: "four"}[commit]
		other := raw(t, dsn)
		if _, err := other.Exec(ctx, "begin; insert into covetsql_commit (token) values ('"+token+"')"); err != nil {
			t.Fatal(err)
		}
		told := make(chan bool)
		go func() {
			ok, err := marked(token)
			if err != nil {
				t.Error(err)
			}
			told <- ok
		}()
		select {
		case <-told:
			t.Error("an open transaction was not waited for")
		case <-time.After(100 * time.Millisecond):
		}
		if _, err := other.Exec(ctx, map[bool]string{true: "commit", false: "rollback"}[commit]); err != nil {
			t.Fatal(err)
		}
		if got := <-told; got != commit {
			t.Errorf("%s: %v", token, got)
		}
	}
}

// A BEGIN that the server refuses takes the statement that goes with it along.
func TestARefusedBeginRunsNothing(t *testing.T) {
	dsn := database(t)
	db := begin(t, dsn, Options{Max: 1})
	ctx := t.Context()
	if err := add(ctx, db, 1, 0); err != nil { // it is prepared
		t.Fatal(err)
	}
	begins[77] = "begin isolation level nowhere"
	defer delete(begins, 77)
	err := db.InTx(ctx, tx.Options{Isolation: 77}, func(q *Tx) error {
		if err := add(ctx, q, 1, 1); code(err) != "42601" {
			t.Error(err)
		}
		return nil
	})
	if !errors.Is(err, tx.ErrRolledBack) || sum(t, dsn) != 200 {
		t.Error(err)
	}
	if err := add(ctx, db, 1, 1); err != nil || sum(t, dsn) != 201 {
		t.Error(err)
	}
}

func TestOrdinaryMethodsAreThoseOfPgx(t *testing.T) {
	dsn := database(t)
	db := begin(t, dsn, Options{Max: 1, Wait: time.Second})
	ctx := t.Context()
	use := func(h handle) {
		t.Helper()
		rows, err := h.Query(ctx, "SELECT id FROM book ORDER BY id LIMIT 3")
		if err != nil {
			t.Fatal(err)
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil || len(ids) != 3 {
			t.Error(ids, err)
		}
		var n int64
		if err := h.QueryRow(ctx, "SELECT 1 WHERE false").Scan(&n); !errors.Is(err, pgx.ErrNoRows) {
			t.Error(err)
		}
		if rows, err := h.Query(ctx, "SELECT $1::int8", []string{"x"}); err == nil || rows.Err() == nil {
			t.Error(err)
		}
	}
	use(db)
	err := db.InTx(ctx, noOptions, func(q *Tx) error { use(q); return nil })
	if err != nil {
		t.Error(err)
	}
	b := &pgx.Batch{}
	b.Queue("UPDATE account SET balance = balance + 1")
	b.Queue("SELECT sum(balance) FROM account")
	r := db.SendBatch(ctx, b)
	if _, err := r.Exec(); err != nil {
		t.Fatal(err)
	}
	var total int64
	if err := r.QueryRow().Scan(&total); err != nil || total != 202 {
		t.Error(total, err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	b = &pgx.Batch{}
	b.BeginTx(pgx.TxOptions{})
	b.Queue("UPDATE account SET balance = balance + 1")
	if err := db.SendBatch(ctx, b).Close(); err == nil || !strings.Contains(err.Error(), "InTx") {
		t.Error(err)
	}
	if n, err := db.CopyFrom(ctx, pgx.Identifier{"account"}, []string{"id", "balance"}, pgx.CopyFromRows([][]any{{int64(7), int64(8)}})); n != 1 || err != nil {
		t.Error(n, err)
	}
	if got := sum(t, dsn); got != 210 {
		t.Error(got)
	}
	// Rows that are not closed hold the connection, and whoever waits is told.
	rows, err := db.Query(ctx, "SELECT 1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(ctx, "SELECT 1"); Fault(err).Kind != fault.PoolTimeout || !strings.Contains(err.Error(), "TestOrdinaryMethodsAreThoseOfPgx") {
		t.Error(err)
	}
	rows.Close()
	if s := db.Stats(); s.Busy != 0 {
		t.Errorf("connections are out: %+v", s)
	}
}

// What an application does with an open iterator in a transaction that it ends is told, and harms nobody.
func TestATransactionThatEndsUnderACall(t *testing.T) {
	dsn := database(t)
	db := begin(t, dsn, Options{Max: 1})
	ctx := t.Context()
	q, err := db.Begin(ctx, noOptions)
	if err != nil {
		t.Fatal(err)
	}
	if err := add(ctx, q, 1, 1); err != nil {
		t.Fatal(err)
	}
	c := q.Call(ctx, manyBooks, manyBooks.SQL)
	c.ArgInt64(500)
	c.Next()
	if err := q.Commit(ctx); err == nil || err.Error() != "conn busy" {
		t.Error(err)
	}
	if n, err := holds(ctx, db, 1); n != 100 || err != nil {
		t.Error(n, err)
	}
	if err := c.End(); err == nil {
		t.Error("the rows ended without an error")
	}
	if n, err := holds(ctx, db, 1); n != 100 || err != nil {
		t.Error(n, err)
	}
}

func TestACanceledTransactionIsTakenBack(t *testing.T) {
	dsn := database(t)
	db := begin(t, dsn, Options{Max: 1})
	ctx, cancel := context.WithCancel(t.Context())
	err := db.InTx(ctx, noOptions, func(q *Tx) error {
		if err := add(ctx, q, 1, 1); err != nil {
			return err
		}
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) || errors.Is(err, tx.ErrCommitUnknown) || sum(t, dsn) != 200 {
		t.Error(err)
	}
}
