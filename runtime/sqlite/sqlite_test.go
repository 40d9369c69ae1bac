package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/sqlite"
	"github.com/covetsql/covetsql/runtime/tx"
)

func openAt(t testing.TB, dsn string, o sqlite.Options) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(t.Context(), dsn, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return db
}

func exec(t testing.TB, h ordinary, query string, args ...any) {
	t.Helper()
	if _, err := h.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func one(t testing.TB, h ordinary, query string, args ...any) (v string) {
	t.Helper()
	if err := h.QueryRowContext(t.Context(), query, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

func TestConnectionsAreSetUp(t *testing.T) {
	pragmas := func(db *sqlite.DB, q *plan.Query) string {
		c := db.Call(t.Context(), q, q.SQL)
		var out []string
		if c.One() {
			out = []string{c.String(), c.String(), c.String(), c.String()}
		}
		if err := c.End(); err != nil {
			t.Fatal(err)
		}
		return strings.Join(out, " ")
	}
	const ask = `SELECT (SELECT journal_mode FROM pragma_journal_mode), (SELECT synchronous FROM pragma_synchronous),
		(SELECT foreign_keys FROM pragma_foreign_keys), (SELECT query_only FROM pragma_query_only)`
	read, write := plan.New(plan.Query{SQL: ask}), plan.New(plan.Query{SQL: ask, Kind: plan.Write})
	for _, c := range []struct {
		dsn    string
		o      sqlite.Options
		writer string
		reader string
	}{
		{"a.db", sqlite.Options{}, "wal 1 1 0", "wal 1 1 1"},
		{"b.db", sqlite.Options{Journal: "delete", Synchronous: "full", NoForeignKeys: true}, "delete 2 0 0", "delete 2 0 1"},
		{"c.db?_pragma=journal_mode(truncate)&_pragma=synchronous(extra)&_fk=0", sqlite.Options{}, "truncate 3 0 0", "delete 3 0 1"},
	} {
		dir := t.TempDir()
		db := openAt(t, filepath.Join(dir, c.dsn), c.o)
		exec(t, db, "CREATE TABLE made (i)")
		if got := pragmas(db, write); got != c.writer {
			t.Errorf("%s: the writer has %s, not %s", c.dsn, got, c.writer)
		}
		if got := pragmas(db, read); got != c.reader && !strings.HasPrefix(c.dsn, "c.db") {
			t.Errorf("%s: a reader has %s, not %s", c.dsn, got, c.reader)
		}
	}
	for _, o := range []sqlite.Options{{Journal: "x"}, {Synchronous: "1; DROP TABLE x"}, {Readers: -1}} {
		if _, err := sqlite.Open(t.Context(), ":memory:", o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
	if _, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "no", "such", "folder.db"), sqlite.Options{}); err == nil {
		t.Error("a database that can't be made was opened")
	}
}

func TestDatabasesInMemoryHaveOneConnection(t *testing.T) {
	for _, dsn := range []string{":memory:", "file::memory:", "file:shared?mode=memory&cache=shared"} {
		db := openAt(t, dsn, sqlite.Options{Wait: 5 * time.Second, Lifetime: time.Millisecond, Idle: time.Millisecond})
		exec(t, db, "CREATE TABLE v (i integer primary key)")
		done := make(chan error, 8)
		for w := range 8 {
			go func() {
				done <- db.InTx(t.Context(), tx.Options{}, func(s *sqlite.Tx) error {
					_, err := s.ExecContext(t.Context(), "INSERT INTO v VALUES (?)", w)
					return err
				})
			}()
		}
		for range 8 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		time.Sleep(50 * time.Millisecond)
		if n := one(t, db, "SELECT count(*) FROM v"); n != "8" {
			t.Errorf("%s: %s rows", dsn, n)
		}
		err := db.InTx(t.Context(), tx.Options{ReadOnly: true}, func(s *sqlite.Tx) error {
			_, err := s.ExecContext(t.Context(), "DELETE FROM v")
			return err
		})
		if sqlite.Fault(err).Kind != fault.ReadOnly {
			t.Errorf("%s: a write in a read-only transaction: %v", dsn, err)
		}
		exec(t, db, "DELETE FROM v")
		if s := db.Stats(); s.Writer.Max != 1 || s.Readers.Max != 0 {
			t.Errorf("%s: %+v", dsn, s)
		}
	}
}

func TestATransactionThatSQLiteEndedRunsNothingMore(t *testing.T) {
	db := openAt(t, filepath.Join(t.TempDir(), "t.db"), sqlite.Options{})
	ctx := t.Context()
	exec(t, db, "CREATE TABLE v (i integer primary key)")
	exec(t, db, "INSERT INTO v VALUES (1)")
	again := plan.New(plan.Query{SQL: "INSERT OR ROLLBACK INTO v VALUES (1)", Kind: plan.Write})
	next := plan.New(plan.Query{SQL: "INSERT INTO v VALUES (2)", Kind: plan.Write})
	ends := map[string]func(*sqlite.Tx){
		"direct": func(s *sqlite.Tx) {
			c := s.Call(ctx, again, again.SQL)
			c.Exec()
			if err := c.End(); sqlite.Fault(err).Kind != fault.Unique {
				t.Error(err)
			}
		},
		"ordinary": func(s *sqlite.Tx) { _, _ = s.ExecContext(ctx, again.SQL) },
		"COMMIT":   func(s *sqlite.Tx) { _, _ = s.ExecContext(ctx, "COMMIT") },
		"ROLLBACK": func(s *sqlite.Tx) { _, _ = s.ExecContext(ctx, "ROLLBACK") },
	}
	for what, end := range ends {
		err := db.InTx(ctx, tx.Options{}, func(s *sqlite.Tx) error {
			end(s)
			c := s.Call(ctx, next, next.SQL)
			c.Exec()
			if err := c.End(); err == nil {
				t.Errorf("%s: a statement ran outside of the transaction that it was meant for", what)
			}
			if _, err := s.ExecContext(ctx, next.SQL); err == nil {
				t.Errorf("%s: so it did by the ordinary way", what)
			}
			if err := s.InTx(ctx, tx.Options{}, func(*sqlite.Tx) error { return nil }); err == nil {
				t.Errorf("%s: a savepoint was set", what)
			}
			return nil
		})
		if !errors.Is(err, tx.ErrRolledBack) {
			t.Errorf("%s: told as committed: %v", what, err)
		}
		if n := one(t, db, "SELECT count(*) FROM v"); n != "1" {
			t.Errorf("%s: %s rows", what, n)
		}
	}
	// One that a text begins does not go back to the pool.
	exec(t, db, "BEGIN IMMEDIATE")
	if err := db.InTx(ctx, tx.Options{}, func(*sqlite.Tx) error { return nil }); err != nil {
		t.Error(err)
	}
}

func TestAnotherProcessesLockIsWaitedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "b.db")
	ours, theirs := openAt(t, path, sqlite.Options{Busy: 200 * time.Millisecond}), openAt(t, path, sqlite.Options{})
	ctx := t.Context()
	exec(t, ours, "CREATE TABLE v (i integer)")
	block := func() *sqlite.Tx {
		s, err := theirs.Begin(ctx, tx.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	insert := func(ctx context.Context, o tx.Options) error {
		return ours.InTx(ctx, o, func(s *sqlite.Tx) error {
			_, err := s.ExecContext(ctx, "INSERT INTO v VALUES (1)")
			return err
		})
	}

	s, start := block(), time.Now()
	err := insert(ctx, tx.Options{Tries: 1})
	if f := sqlite.Fault(err); f.Kind != fault.Busy || !f.Again || time.Since(start) < 150*time.Millisecond {
		t.Errorf("after %s: %+v, %v", time.Since(start), f, err)
	}
	// Reading goes on.
	if n := one(t, ours, "SELECT count(*) FROM v"); n != "0" {
		t.Error(n)
	}
	short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	start = time.Now()
	if err := insert(short, tx.Options{}); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 150*time.Millisecond {
		t.Errorf("the context's end did not end the waiting: after %s, %v", time.Since(start), err)
	}
	// What was not begun is tried again.
	time.AfterFunc(300*time.Millisecond, func() { _ = s.Rollback(context.Background()) })
	if err := insert(ctx, tx.Options{}); err != nil {
		t.Error(err)
	}
	// A statement of its own waits as well.
	s = block()
	time.AfterFunc(50*time.Millisecond, func() { _ = s.Rollback(context.Background()) })
	exec(t, ours, "INSERT INTO v VALUES (2)")
}

func TestTheOrdinaryWayFindsItsConnection(t *testing.T) {
	db := openAt(t, filepath.Join(t.TempDir(), "o.db"), sqlite.Options{})
	ctx := t.Context()
	exec(t, db, "CREATE TABLE v (i integer primary key, s text)")
	for i, query := range []string{
		"INSERT INTO v VALUES (?, 'x') RETURNING i", "-- a comment\nINSERT INTO v VALUES (?, 'x') RETURNING i",
		"WITH n AS (SELECT 1) INSERT INTO v SELECT ?, 'x' RETURNING i",
	} {
		if got := one(t, db, query, i); got != fmt.Sprint(i) {
			t.Errorf("%s: %s", query, got)
		}
	}
	for _, query := range []string{"SELECT count(*) FROM v", "/* a comment */ select count(*) from v", "WITH n AS (SELECT count(*) AS c FROM v) SELECT c FROM n"} {
		if got := one(t, db, query); got != "3" {
			t.Errorf("%s: %s", query, got)
		}
	}
	if _, err := db.QueryContext(ctx, "SELECT nothing"); err == nil {
		t.Error("a column that is not there was read")
	}
	st, err := db.PrepareContext(ctx, "SELECT s FROM v WHERE i = ?")
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for range 3 {
		var s string
		if err := st.QueryRowContext(ctx, 1).Scan(&s); err != nil || s != "x" {
			t.Error(s, err)
		}
	}
	if s := db.Stats(); s.Writer.Busy != 0 || s.Readers.Busy != 0 {
		t.Errorf("a prepared statement holds a connection: %+v", s)
	}
	if _, err := db.PrepareContext(ctx, "selekt"); err == nil {
		t.Error("a statement that is none was prepared")
	}
	rows, err := db.QueryContext(ctx, "SELECT i FROM v ORDER BY i")
	if err != nil {
		t.Fatal(err)
	}
	if s := db.Stats(); s.Readers.Busy != 1 {
		t.Errorf("open rows hold no reader: %+v", s)
	}
	rows.Close()
	if s := db.Stats(); s.Readers.Busy != 0 {
		t.Errorf("closed rows hold a reader: %+v", s)
	}
	// Rows that outlive their transaction are closed with it.
	s, err := db.Begin(ctx, tx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if rows, err = s.QueryContext(ctx, "SELECT i FROM v ORDER BY i"); err != nil || !rows.Next() {
		t.Fatal(err)
	}
	c := s.Call(ctx, nil, "SELECT i FROM v ORDER BY i")
	if !c.Next() {
		t.Fatal(c.End())
	}
	late := s.Call(ctx, nil, "SELECT 1")
	if err := s.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	if rows.Next() {
		t.Error("rows went on after their transaction")
	}
	if c.Next() {
		t.Error("a call went on after its transaction")
	}
	if err := c.End(); !errors.Is(err, tx.ErrDone) {
		t.Error(err)
	}
	if late.One() {
		t.Error("a call began after its transaction")
	}
	if err := late.End(); !errors.Is(err, tx.ErrDone) {
		t.Error(err)
	}
	rows.Close()
	exec(t, db, "DROP TABLE v") // nothing holds it
}

func TestStatementsOfAConnection(t *testing.T) {
	db := openAt(t, filepath.Join(t.TempDir(), "s.db"), sqlite.Options{Readers: 1, Statements: 2})
	ctx := t.Context()
	exec(t, db, "CREATE TABLE v (i integer, d text)")
	exec(t, db, "INSERT INTO v VALUES (1, '2024-01-02 03:04:05')")
	all := plan.New(plan.Query{SQL: "SELECT * FROM v", MaxRows: plan.Unbounded})
	count := func(h sqlite.Direct) (n int, value any) {
		c := h.Call(ctx, all, all.SQL)
		for c.Next() {
			c.Scan(new(any))
			c.Scan(&value)
			for n = 2; !c.Failed(); n++ {
				c.Scan(new(any))
				if n > 5 {
					break
				}
			}
		}
		err := c.End()
		if err == nil || !strings.Contains(err.Error(), "destination arguments in Scan") {
			t.Error(err)
		}
		return n, value
	}
	count(db)
	// The schema changes below a statement that is prepared.
	exec(t, db, "DROP TABLE v")
	exec(t, db, "CREATE TABLE v (i integer, d datetime)")
	exec(t, db, "INSERT INTO v VALUES (1, '2024-01-02 03:04:05')")
	c := db.Call(ctx, all, all.SQL)
	if !c.One() {
		t.Fatal(c.End())
	}
	_ = c.Int64()
	if got := c.Time(); got.Year() != 2024 {
		t.Errorf("the column's new type is not known: %v", got)
	}
	if err := c.End(); err != nil {
		t.Error(err)
	}
	// More texts than are kept, and one within itself.
	for i := range 10 {
		c := db.Call(ctx, nil, fmt.Sprintf("SELECT %d", i%4))
		if !c.One() || c.Int64() != int64(i%4) {
			t.Error("the wrong statement")
		}
		if err := c.End(); err != nil {
			t.Error(err)
		}
	}
	if err := db.InTx(ctx, tx.Options{}, func(s *sqlite.Tx) error {
		const twice = "SELECT value FROM json_each('[1,2,3]')"
		var got []int64
		a := s.Call(ctx, nil, twice)
		for a.Next() {
			b := s.Call(ctx, nil, twice)
			for b.Next() {
				got = append(got, b.Int64())
			}
			if err := b.End(); err != nil {
				return err
			}
			got = append(got, 10*a.Int64())
		}
		if fmt.Sprint(got) != "[1 2 3 10 1 2 3 20 1 2 3 30]" {
			t.Error(got)
		}
		return a.End()
	}); err != nil {
		t.Error(err)
	}
	// Several statements, and none.
	c = db.Call(ctx, nil, "INSERT INTO v VALUES (2, NULL); SELECT count(*) FROM v; -- the end")
	if !c.One() || c.Int64() != 2 {
		t.Error("the last statement's rows are not given")
	}
	if err := c.End(); err != nil {
		t.Error(err)
	}
	c = db.Call(ctx, nil, "-- nothing")
	c.Exec()
	if err := c.End(); err != nil {
		t.Error(err)
	}
}

func TestDatabasesInUTF16(t *testing.T) {
	db := openAt(t, filepath.Join(t.TempDir(), "u.db")+"?_pragma=encoding('UTF-16le')", sqlite.Options{})
	exec(t, db, "CREATE TABLE v (s text)")
	exec(t, db, "INSERT INTO v VALUES (?)", "é 漢 text")
	c := db.Call(t.Context(), plan.New(plan.Query{SQL: "SELECT s, s FROM v"}), "SELECT s, s FROM v")
	if !c.One() || c.String() != "é 漢 text" || string(c.Bytes()) != "é 漢 text" {
		t.Error("the text is another")
	}
	if err := c.End(); err != nil {
		t.Error(err)
	}
}

func TestTokensAreLookedFor(t *testing.T) {
	db := openAt(t, filepath.Join(t.TempDir(), "m.db"), sqlite.Options{})
	ctx := t.Context()
	if err := db.CreateCommitTable(ctx); err != nil {
		t.Fatal(err)
	}
	if err := db.InTx(ctx, tx.Options{Token: "done"}, func(*sqlite.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		token string
		known bool
	}{{"done", true}, {"never", false}, {"never", false}, {"done", true}} {
		pc, err := db.Core().Topology().Primary.Get(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		known, err := pc.C.Marked(ctx, c.token)
		pc.Put(false)
		if err != nil || known != c.known {
			t.Errorf("%s: %v, %v", c.token, known, err)
		}
	}
	if err := db.InTx(ctx, tx.Options{Token: "never"}, func(*sqlite.Tx) error { return nil }); err != nil {
		t.Errorf("what was not committed can't be run again: %v", err)
	}
}
