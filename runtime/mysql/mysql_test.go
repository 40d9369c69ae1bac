package mysql_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/mysql"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/tx"
)

func TestDDLThatCommitsIsToldOf(t *testing.T) {
	servers(t, func(t *testing.T, s *testkit.Server) {
		_, db, _ := cutDB(t, s)
		ctx := t.Context()
		ddl := plan.New(plan.Query{Name: "Make", SQL: "CREATE TABLE IF NOT EXISTS made (i INT)", Kind: plan.Schema})
		for what, end := range map[string]func(*mysql.Tx) error{
			"direct": func(t *mysql.Tx) error {
				c := t.Call(ctx, ddl, ddl.SQL)
				c.Exec()
				return c.End()
			},
			"ordinary": func(t *mysql.Tx) error { _, err := t.ExecContext(ctx, ddl.SQL); return err },
			"COMMIT":   func(t *mysql.Tx) error { _, err := t.ExecContext(ctx, "COMMIT"); return err },
		} {
			if err := run(ctx, db, setOne, 0); err != nil {
				t.Fatal(err)
			}
			for _, swallow := range []bool{false, true} {
				err := db.InTx(ctx, tx.Options{Tries: 1}, func(s *mysql.Tx) error {
					if err := run(ctx, s, setOne, 1); err != nil {
						return err
					}
					err := end(s)
					if err == nil || !strings.Contains(err.Error(), "committed") {
						t.Errorf("%s: the statement does not tell: %v", what, err)
					}
					if err := run(ctx, s, setOne, 2); err == nil {
						t.Errorf("%s: a statement ran outside of the transaction that it was meant for", what)
					}
					if swallow {
						return nil
					}
					return err
				})
				if err == nil || errors.Is(err, tx.ErrRolledBack) || errors.Is(err, tx.ErrCommitUnknown) {
					t.Errorf("%s: %v", what, err)
				}
				if n := soonN(t, db); n != 1 {
					t.Errorf("%s: n is %d", what, n)
				}
			}
		}
	})
}

func TestHalfATransactionIsNotCommitted(t *testing.T) {
	servers(t, func(t *testing.T, s *testkit.Server) {
		behind, db, _ := cutDB(t, s)
		ctx := t.Context()
		if _, err := db.ExecContext(ctx, "INSERT INTO item VALUES (2, 0)"); err != nil {
			t.Fatal(err)
		}
		setTwo := plan.New(plan.Query{Name: "SetTwo", SQL: "UPDATE item SET n = ? WHERE id = 2", Kind: plan.Write, Idempotent: true})
		holder, err := db.Begin(ctx, tx.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := run(ctx, holder, setTwo, 9); err != nil {
			t.Fatal(err)
		}
		for what, wait := range map[string]func(*mysql.Tx) error{
			"direct": func(s *mysql.Tx) error { return run(ctx, s, setTwo, 1) },
			"ordinary": func(s *mysql.Tx) error {
				_, err := s.ExecContext(ctx, "UPDATE item SET n = 1 WHERE id = 2")
				return err
			},
			"reading": func(s *mysql.Tx) error {
				rows, err := s.QueryContext(ctx, "SELECT n FROM item WHERE id = 2 FOR UPDATE")
				if err != nil {
					return err
				}
				defer rows.Close()
				for rows.Next() {
				}
				return rows.Err()
			},
		} {
			err := behind.InTx(ctx, tx.Options{Tries: 1}, func(s *mysql.Tx) error {
				if _, err := s.ExecContext(ctx, "SET innodb_lock_wait_timeout = 1"); err != nil {
					return err
				}
				if err := run(ctx, s, setOne, 1); err != nil {
					return err
				}
				if err := wait(s); mysql.Fault(err).Kind != fault.LockTimeout {
					t.Errorf("%s: %v", what, err)
				}
				return nil // swallowed
			})
			if !errors.Is(err, tx.ErrRolledBack) || mysql.Fault(err).Kind != fault.LockTimeout {
				t.Errorf("%s: told as committed: %v", what, err)
			}
			if n := soonN(t, db); n != 0 {
				t.Errorf("%s: half of it was committed: %d", what, n)
			}
			// In a savepoint it is taken back, and the rest stays.
			if err := behind.InTx(ctx, tx.Options{Tries: 1}, func(s *mysql.Tx) error {
				if _, err := s.ExecContext(ctx, "SET innodb_lock_wait_timeout = 1"); err != nil {
					return err
				}
				if err := run(ctx, s, setOne, 0); err != nil {
					return err
				}
				if err := s.InTx(ctx, tx.Options{}, func(p *mysql.Tx) error { return run(ctx, p, setTwo, 1) }); err == nil {
					t.Error("the lock was had")
				}
				return nil
			}); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := holder.Rollback(ctx); err != nil {
			t.Fatal(err)
		}
	})
}

func TestDeadlocksAreRunAgain(t *testing.T) {
	servers(t, func(t *testing.T, s *testkit.Server) {
		_, db, _ := cutDB(t, s)
		ctx := t.Context()
		if _, err := db.ExecContext(ctx, "INSERT INTO item VALUES (2, 0)"); err != nil {
			t.Fatal(err)
		}
		add := plan.New(plan.Query{Name: "Add", SQL: "UPDATE item SET n = n + 1 WHERE id = ?", Kind: plan.Write})
		const times = 15
		ended := make(chan error, 2)
		tries := make(chan struct{}, 1000)
		for first := range int64(2) {
			go func() {
				for range times {
					if err := db.InTx(ctx, tx.Options{Repeatable: true, Tries: 50}, func(s *mysql.Tx) error {
						tries <- struct{}{}
						if err := run(ctx, s, add, 1+first); err != nil {
							return err
						}
						return run(ctx, s, add, 2-first)
					}); err != nil {
						ended <- err
						return
					}
				}
				ended <- nil
			}()
		}
		for range 2 {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
		if n := soonN(t, db); n != 2*times {
			t.Errorf("n is %d, not %d, after %d tries", n, 2*times, len(tries))
		}
		// One that is swallowed commits nothing, and runs nothing outside.
		other, err := db.Begin(ctx, tx.Options{})
		if err != nil {
			t.Fatal(err)
		}
		err = db.InTx(ctx, tx.Options{Tries: 1}, func(s *mysql.Tx) error {
			if err := run(ctx, s, add, 1); err != nil {
				return err
			}
			for range 5 { // the heavier one stays
				if err := run(ctx, other, add, 2); err != nil {
					return err
				}
			}
			if _, err := other.ExecContext(ctx, "INSERT INTO item VALUES (3, 0), (4, 0), (5, 0), (6, 0)"); err != nil {
				return err
			}
			waits := make(chan error, 1)
			go func() { waits <- run(ctx, other, add, 1) }()
			err := run(ctx, s, add, 2)
			if mysql.Fault(err).Kind == fault.Deadlock {
				if err := run(ctx, s, add, 1); err == nil {
					t.Error("a statement ran outside of the transaction that it was meant for")
				}
			}
			<-waits
			return nil
		})
		if err != nil && !errors.Is(err, tx.ErrRolledBack) {
			t.Error(err)
		}
		_ = other.Rollback(ctx)
	})
}

func TestAStatementKeepsNoTypeOfAnotherCall(t *testing.T) {
	servers(t, func(t *testing.T, s *testkit.Server) {
		_, db, _ := cutDB(t, s)
		for _, v := range []any{1.5, "text", nil, int64(7), "more", 2.5, []byte("bytes")} {
			c := db.Call(t.Context(), nil, "SELECT ?")
			c.Arg(v)
			var got any
			if c.One() {
				c.Scan(&got)
			}
			if err := c.End(); err != nil {
				t.Error(err)
			}
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			if b, ok := got.([]byte); ok {
				got = string(b)
			}
			if got != v && v != 1.5 && v != 2.5 {
				t.Errorf("%v came back as %v", v, got)
			}
		}
	})
}

func TestSessionsWithoutAutocommitAreRefused(t *testing.T) {
	servers(t, func(t *testing.T, s *testkit.Server) {
		if _, err := mysql.Open(t.Context(), dsn(s.DSN(s.NewDatabase(t)), "autocommit=0"), mysql.Options{}); err == nil || !strings.Contains(err.Error(), "autocommit=1") {
			t.Errorf("%v", err)
		}
	})
}

func TestExecOfWhatGivesRows(t *testing.T) {
	servers(t, func(t *testing.T, s *testkit.Server) {
		_, db, _ := cutDB(t, s)
		for range 2 { // the second time nothing is told of the columns on MariaDB
			c := db.Call(t.Context(), readOne, readOne.SQL)
			c.ArgInt64(1)
			c.Exec()
			if err := c.End(); err != nil {
				t.Error(err)
			}
		}
		if n, err := readN(t.Context(), db); err != nil || n != 0 {
			t.Error(n, err)
		}
	})
}
