// Package conformance is what each adapter's transactions, pools and handles have to do, whatever the engine: its tests call Run. It knows no
// engine but by what a Target says of it.
package conformance

import (
	"bytes"
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/tx"
)

// Handle runs statements, in a database or in a transaction of it.
type Handle interface {
	// Exec runs a statement by the direct way; Int gives the first column of its first row.
	Exec(ctx context.Context, q *plan.Query, args ...any) error
	Int(ctx context.Context, q *plan.Query, args ...any) (int64, error)
	// ExecText and IntText do so by the ordinary way.
	ExecText(ctx context.Context, sql string, args ...any) error
	IntText(ctx context.Context, sql string, args ...any) (int64, error)
	// Each reads the first column of each row by the direct way, and ends where fn gives false.
	Each(ctx context.Context, q *plan.Query, fn func(int64) bool) error
	InTx(ctx context.Context, o tx.Options, fn func(Tx) error) error
}

// Tx is a transaction.
type Tx interface {
	Handle
	// Savepoint sets one that is in the caller's hands.
	Savepoint(ctx context.Context) (Tx, error)
	Commit(ctx context.Context) error
	Rollback(ctx context.Context) error
	AfterCommit(func())
	AfterRollback(func())
}

// DB is a database.
type DB interface {
	Handle
	Begin(ctx context.Context, o tx.Options) (Tx, error)
	CreateCommitTable(ctx context.Context) error
	Fault(err error) fault.Fault
	Close(ctx context.Context) error
}

// Options are what a test asks of a database's pools.
type Options struct {
	// Max is how many connections write at most, where the engine has more than one; 0 is four.
	Max     int
	Wait    time.Duration
	Held    time.Duration
	Classes map[string]int
	Logger  *slog.Logger
}

// Anomaly is something that a level of isolation may let happen (Berenson et al., A Critique of ANSI SQL Isolation Levels, 1995).
type Anomaly string

// The anomalies that are looked for.
const (
	DirtyRead     Anomaly = "dirty read (P1)"
	NonRepeatable Anomaly = "non-repeatable read (P2)"
	LostUpdate    Anomaly = "lost update (P4)"
	WriteSkew     Anomaly = "write skew (A5B)"
)

// Level is what an engine says of a level.
type Level struct {
	Refused bool
	Lets    []Anomaly
}

// Target is an engine under test.
type Target struct {
	// Open opens a new database with a table `item (id, n)`: integers, id its key, with no rows.
	Open func(t *testing.T, o Options) DB
	// Arg is how the n-th parameter is written, from 1.
	Arg func(n int) string
	// Sleep is a query that runs for some ten seconds.
	Sleep string
	// Levels are all levels of tx.
	Levels map[tx.Isolation]Level
	// Deferrable tells that deferrable transactions are had.
	Deferrable bool
}

// queries are those of the tests, in the engine's own words.
type queries struct{ insert, set, get, count, sum, ids, sleep, classed, fails *plan.Query }

func (target *Target) queries() queries {
	one, two := target.Arg(1), target.Arg(2)
	return queries{
		insert:  plan.New(plan.Query{Name: "Insert", SQL: "INSERT INTO item (id, n) VALUES (" + one + ", " + two + ")", Kind: plan.Write}),
		set:     plan.New(plan.Query{Name: "Set", SQL: "UPDATE item SET n = " + one + " WHERE id = " + two, Kind: plan.Write, Idempotent: true}),
		get:     plan.New(plan.Query{Name: "Get", SQL: "SELECT n FROM item WHERE id = " + one, MaxRows: 1}),
		count:   plan.New(plan.Query{Name: "Count", SQL: "SELECT count(*) FROM item", MaxRows: 1}),
		sum:     plan.New(plan.Query{Name: "Sum", SQL: "SELECT sum(n) FROM item WHERE id IN (1, 2)", MaxRows: 1}),
		ids:     plan.New(plan.Query{Name: "IDs", SQL: "SELECT id FROM item ORDER BY id", MaxRows: plan.Unbounded}),
		sleep:   plan.New(plan.Query{Name: "Sleep", SQL: target.Sleep, MaxRows: 1}),
		classed: plan.New(plan.Query{Name: "Report", SQL: "SELECT id FROM item", Class: "reports", MaxRows: plan.Unbounded}),
		fails:   plan.New(plan.Query{Name: "Fails", SQL: "INSERT INTO item (id, n) VALUES (1, 1)", Kind: plan.Write, Idempotent: true}),
	}
}

// Run runs the suite.
func Run(t *testing.T, target Target) {
	q := target.queries()
	for _, test := range []struct {
		name string
		run  func(*testing.T, *Target, queries)
	}{
		{"commit", commits}, {"rollback", rollsBack}, {"panic", panics}, {"goexit", goexit}, {"byHand", byHand},
		{"savepoints", savepoints}, {"outerWhileInner", outerWhileInner}, {"outerEndsFirst", outerEndsFirst}, {"endedByHand", endedByHand}, {"done", done}, {"hooks", hooks},
		{"readOnly", readOnly}, {"levels", levels}, {"anomalies", anomalies}, {"deferrable", deferrable},
		{"retry", retry}, {"canceled", canceled}, {"interrupted", interrupted}, {"failedStatement", failedStatement},
		{"ordinaryWay", ordinaryWay}, {"rowsLeftOpen", rowsLeftOpen}, {"held", held}, {"lost", lost}, {"poolTimeout", poolTimeout}, {"classes", classes},
		{"closing", closing}, {"concurrent", concurrent}, {"token", token},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, &target, q) })
	}
}

// open opens a database with rows 1 and 2, both of n = 0.
func (target *Target) open(t *testing.T, q queries, o Options) DB {
	t.Helper()
	db := target.Open(t, o)
	for id := range 2 {
		if err := db.Exec(t.Context(), q.insert, id+1, 0); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// n is what a row has.
func n(t *testing.T, h Handle, q queries, id int) int64 {
	t.Helper()
	v, err := h.Int(t.Context(), q.get, id)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func expect(t *testing.T, what string, got, want any) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, not %v", what, got, want)
	}
}

// journal is a log that a test reads.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.String()
}

// soon waits until something holds, five seconds at most.
func soon(ok func() bool) bool {
	for range 500 {
		if ok() {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}
