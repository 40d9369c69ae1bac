// Command ledger shows what covetsql's runtime does for a generated package: transactions that are retried and taken back, rows that are
// kept in memory until their table is written, limits for classes of queries, and figures of each query. It runs on SQLite, in a folder
// of its own, and needs nothing but itself.
package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/covetsql/covetsql/examples/ledger/ledger"
	"github.com/covetsql/covetsql/runtime/cache"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/sqlite"
	"github.com/covetsql/covetsql/runtime/tx"
)

//go:embed schema.sql
var schema string

func main() {
	dir, err := os.MkdirTemp("", "ledger")
	if err == nil {
		defer os.RemoveAll(dir)
		err = run(context.Background(), filepath.Join(dir, "ledger.db"), os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "ledger:", err)
		os.Exit(1)
	}
}

// run opens a ledger in a file and goes through the chapters.
func run(ctx context.Context, file string, out io.Writer) error {
	rows, err := cache.New(cache.Options{MaxRows: 10_000})
	if err != nil {
		return err
	}
	figures := metrics.New(metrics.Options{Slow: time.Second})
	db, err := sqlite.Open(ctx, file, sqlite.Options{
		Wait:    5 * time.Second,              // for a connection; the error tells who has them
		Held:    time.Minute,                  // a transaction that is open for longer is told of, with its place
		Classes: map[string]int{"reports": 1}, // one report at a time
		Cache:   rows,
		Monitor: figures,
	})
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return err
	}
	b := &books{q: ledger.New(db), db: db, rows: rows, figures: figures, out: out}
	for _, chapter := range []func(context.Context) error{b.open, b.transfer, b.savepoint, b.readOnly, b.token, b.kept, b.told} {
		if err := chapter(ctx); err != nil {
			return err
		}
	}
	return nil
}

type books struct {
	q       *ledger.Queries
	db      *sqlite.DB
	rows    *cache.Cache
	figures *metrics.Registry
	out     io.Writer
	ann, bo int64
}

func (b *books) say(format string, args ...any) { fmt.Fprintf(b.out, format+"\n", args...) }

// open opens two accounts, or none.
func (b *books) open(ctx context.Context) error {
	return b.q.InTx(ctx, tx.Options{}, func(q *ledger.Queries) error {
		ann, err := q.Open(ctx, ledger.OpenParams{Owner: "Ann", Balance: 100})
		if err != nil {
			return err
		}
		bo, err := q.Open(ctx, ledger.OpenParams{Owner: "Bo", Balance: 10})
		if err != nil {
			return err
		}
		b.ann, b.bo = ann.ID, bo.ID
		q.Tx().AfterCommit(func() { b.say("Ann has 100, Bo has 10.") })
		return nil
	})
}

// pay moves an amount, or nothing: what fails within is taken back with all that came before it.
func pay(ctx context.Context, q *ledger.Queries, payer, payee, amount int64) error {
	// The three change what they find, so that only the author can know that the whole may be run again from its start.
	return q.InTx(ctx, tx.Options{Repeatable: true}, func(q *ledger.Queries) error {
		if err := q.Change(ctx, ledger.ChangeParams{ID: payee, Amount: amount}); err != nil {
			return err
		}
		if err := q.Change(ctx, ledger.ChangeParams{ID: payer, Amount: -amount}); err != nil {
			return err
		}
		return q.Note(ctx, ledger.NoteParams{Payer: payer, Payee: payee, Amount: amount})
	})
}

func (b *books) balances(ctx context.Context) (string, error) {
	ann, err := b.q.Balance(ctx, b.ann)
	if err != nil {
		return "", err
	}
	bo, err := b.q.Balance(ctx, b.bo)
	return fmt.Sprintf("Ann %d, Bo %d", ann, bo), err
}

// transfer pays twice; the second time there is not enough.
func (b *books) transfer(ctx context.Context) error {
	if err := pay(ctx, b.q, b.ann, b.bo, 30); err != nil {
		return err
	}
	if err := pay(ctx, b.q, b.bo, b.ann, 1000); err == nil {
		return errors.New("more was paid than there was")
	}
	text, err := b.balances(ctx)
	b.say("A transfer of 30 is done, one of 1000 is taken back: %s.", text)
	return err
}

// savepoint takes a part back, and goes on.
func (b *books) savepoint(ctx context.Context) error {
	err := b.q.InTx(ctx, tx.Options{}, func(q *ledger.Queries) error {
		if err := q.Change(ctx, ledger.ChangeParams{ID: b.bo, Amount: 1}); err != nil {
			return err
		}
		// A transaction within a transaction is a savepoint. Its options are the outer one's.
		part := q.InTx(ctx, tx.Options{}, func(q *ledger.Queries) error {
			return q.Change(ctx, ledger.ChangeParams{ID: b.bo, Amount: -1000})
		})
		b.say("A part is taken back (%t), the rest stays.", part != nil)
		return nil
	})
	if err != nil {
		return err
	}
	text, err := b.balances(ctx)
	b.say("  %s", text)
	return err
}

// readOnly can't write, on any engine.
func (b *books) readOnly(ctx context.Context) error {
	err := b.q.InTx(ctx, tx.Options{ReadOnly: true}, func(q *ledger.Queries) error {
		return q.Rename(ctx, ledger.RenameParams{ID: b.ann, Owner: "Nobody"})
	})
	b.say("A read-only transaction refuses to write: %t.", err != nil)
	return nil
}

// token lets a commit whose answer is lost be looked up instead of guessed.
func (b *books) token(ctx context.Context) error {
	if err := b.db.CreateCommitTable(ctx); err != nil {
		return err
	}
	err := b.q.InTx(ctx, tx.Options{Token: "rename-1"}, func(q *ledger.Queries) error {
		return q.Rename(ctx, ledger.RenameParams{ID: b.bo, Owner: "Beau"})
	})
	if errors.Is(err, tx.ErrCommitUnknown) {
		b.say("It is not known whether Bo was renamed.") // only where the database could not be asked either
	}
	return err
}

// kept shows rows that are answered from memory.
func (b *books) kept(ctx context.Context) error {
	for range 3 {
		if _, err := b.q.Owners(ctx); err != nil {
			return err
		}
	}
	if err := b.q.Rename(ctx, ledger.RenameParams{ID: b.bo, Owner: "Bo"}); err != nil {
		return err
	}
	owners, err := b.q.Owners(ctx)
	st := b.rows.Stats()
	b.say("Owners: %v. Asked for four times: %d from memory, %d from the database, as one was renamed.", owners, st.Hits, st.Misses)
	return err
}

// told shows what is known of each query.
func (b *books) told(ctx context.Context) error {
	if _, err := b.q.Turnover(ctx); err != nil {
		return err
	}
	b.say("How often three of the queries went to the database:")
	for _, name := range []string{"Change", "Owners", "Turnover"} {
		for _, s := range b.figures.Snapshot().Queries {
			if s.Name == name {
				b.say("  %s: %d", s.Name, s.Calls)
			}
		}
	}
	return nil
}
