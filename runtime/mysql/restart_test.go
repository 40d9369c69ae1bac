package mysql_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/runtime/mysql"
	"github.com/covetsql/covetsql/runtime/tx"
)

func TestAServerThatWasKilledAndStartedAgainIsUsedAgain(t *testing.T) {
	s, err := testkit.StartPrivate("mariadb")
	if err != nil {
		t.Skip(err)
	}
	defer s.Close()
	ctx := t.Context()
	address := func() string { return fmt.Sprintf("%s:%d", s.Host, s.Port) }
	c := newCutter(t, address())
	// Killed servers lose all that they had here, so the database is made anew.
	fill := func() {
		db, err := mysql.Open(ctx, fmt.Sprintf("root@tcp(%s)/", address()), mysql.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close(ctx)
		for _, statement := range []string{"CREATE DATABASE IF NOT EXISTS again", "CREATE TABLE IF NOT EXISTS again.item (id BIGINT PRIMARY KEY, n BIGINT NOT NULL) ENGINE=InnoDB",
			"REPLACE INTO again.item VALUES (1, 0)"} {
			if _, err := db.ExecContext(ctx, statement); err != nil {
				t.Fatal(err)
			}
		}
	}
	fill()
	db, err := mysql.Open(ctx, fmt.Sprintf("root@tcp(%s)/again", c.Addr()), mysql.Options{Max: 4})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	open := func() (all []*mysql.Tx) { // as many connections as the pool has
		for range 4 {
			s, err := db.Begin(ctx, tx.Options{})
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, s)
		}
		return all
	}
	for _, s := range open() {
		if err := s.Rollback(ctx); err != nil {
			t.Fatal(err)
		}
	}
	held := open()
	if err := run(ctx, held[0], addOne, 1); err != nil {
		t.Fatal(err)
	}
	if err := s.Restart(); err != nil {
		t.Fatal(err)
	}
	fill()
	c.mu.Lock()
	c.server = address()
	c.mu.Unlock()
	if err := run(ctx, held[0], addOne, 1); err == nil {
		t.Error("a transaction outlived its server")
	}
	for _, s := range held {
		if err := s.Rollback(ctx); err != nil {
			t.Errorf("a transaction whose server is gone: %v", err)
		}
	}
	if err := run(ctx, db, addOne, 1); err != nil {
		t.Errorf("a write: %v", err)
	}
	if err := db.InTx(ctx, tx.Options{}, func(s *mysql.Tx) error { return run(ctx, s, addOne, 1) }); err != nil {
		t.Errorf("a transaction: %v", err)
	}
	if n, err := readN(ctx, db); err != nil || n != 2 {
		t.Errorf("n is %d: %v", n, err)
	}
}
