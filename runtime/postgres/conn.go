package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/tx"
)

// conn is a connection: pgx's, what it has prepared, and the one call that may be open on it.
type conn struct {
	db      *DB
	pg      *pgx.Conn
	pc      *pgconn.PgConn // of pg
	types   *pgtype.Map    // of pg
	watcher watcher
	pooled  bool // behind a pooler in transaction mode: nothing is prepared by name

	statements statements
	call       Call
	aside      exchange // of what is no call: BEGIN by itself, COMMIT
	copyBuffer []byte

	inTx bool
	// pending is the BEGIN that goes with the transaction's first statement; "" where none is to be sent.
	pending string
	// begun is the transaction's BEGIN, sent or not.
	begun string
	// spoilt is why the transaction can't be committed, though the server has not been told to begin it.
	spoilt error
	// used is when it was last in use (now's time).
	used int64
}

var epoch = time.Now()

// now is the process's own time, in nanoseconds. It reads one clock, where time.Now reads two.
func now() int64 { return int64(time.Since(epoch)) }

// closeTime is how long the end of a connection may take.
const closeTime = 5 * time.Second

// quiet is how long a connection lies unused before it is looked at whether it is alive.
const quiet = int64(500 * time.Millisecond)

func (d *DB) connect(ctx context.Context) (*conn, error) {
	cn := &conn{db: d, pooled: d.pooled}
	cn.statements.limit = d.options.Statements
	if err := cn.dial(ctx); err != nil {
		return nil, err
	}
	return cn, nil
}

// dial connects, and forgets what an earlier connection had prepared.
func (cn *conn) dial(ctx context.Context) error {
	pg, err := pgx.ConnectConfig(ctx, cn.db.config)
	if err != nil {
		return err
	}
	if after := cn.db.options.AfterConnect; after != nil {
		if err := after(ctx, pg); err != nil {
			cut(pg)
			return err
		}
	}
	cn.pg, cn.pc, cn.types = pg, pg.PgConn(), pg.TypeMap()
	cn.watcher = watcherOf(cn.db.config, cn.pc)
	cn.statements.forget()
	cn.used = now()
	return nil
}

// close closes the connection. What pgx still does about one that broke is waited for, so that the server does not get another one too many.
func (cn *conn) close() {
	cut(cn.pg)
	select {
	case <-cn.pc.CleanupDone():
	case <-time.After(closeTime):
	}
}

func cut(pg *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	_ = pg.Close(ctx)
}

// redial replaces a connection that is dead.
func (cn *conn) redial(ctx context.Context) error {
	old := cn.pg
	if err := cn.dial(ctx); err != nil {
		return err
	}
	cut(old)
	return nil
}

// wake sees to it that a connection which lay unused for a while is alive: a server that was restarted meanwhile is not noticed
// before something is sent, and then nobody knows whether it was done.
func (cn *conn) wake(ctx context.Context, start int64) error {
	if start-cn.used < quiet && !cn.pc.IsClosed() {
		return nil
	}
	if !cn.pc.IsClosed() {
		switch look(cn.pc.Conn()) {
		case alive:
			return nil
		case unsure:
			if cn.pc.Ping(ctx) == nil {
				return nil
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	return cn.redial(ctx)
}

// sessionMoves finds out whether a pooler stands before the server: its process numbers are not the server's.
func (cn *conn) sessionMoves(ctx context.Context) (bool, error) {
	r := cn.pc.ExecParams(ctx, "SELECT pg_catalog.pg_backend_pid()::text", nil, nil, nil, nil).Read()
	if r.Err != nil {
		return false, r.Err
	}
	return len(r.Rows) == 1 && string(r.Rows[0][0]) != fmt.Sprint(cn.pc.PID()), nil
}

// simple runs a text without arguments, and gives the tag of its last statement.
func (cn *conn) simple(ctx context.Context, sql string) (pgconn.CommandTag, error) {
	return cn.aside.simple(ctx, cn, sql)
}

// begins are the texts by the levels that PostgreSQL knows; the snapshot of its repeatable read is that of tx.Snapshot.
// Manual: "SET TRANSACTION", and 13.2.1: read uncommitted is read committed.
var begins = map[tx.Isolation]string{
	tx.Default: "begin", tx.ReadUncommitted: "begin isolation level read committed", tx.ReadCommitted: "begin isolation level read committed",
	tx.RepeatableRead: "begin isolation level repeatable read", tx.Snapshot: "begin isolation level repeatable read",
	tx.Serializable: "begin isolation level serializable",
}

// Begin implements runtime.Conn: the BEGIN goes with the first statement, in one round trip.
func (cn *conn) Begin(ctx context.Context, o tx.Options) error {
	text, ok := begins[o.Isolation]
	if !ok {
		return fmt.Errorf("covetsql: there is no isolation level %d", o.Isolation)
	}
	if o.ReadOnly {
		text += " read only"
	}
	if o.Deferrable {
		if o.Isolation != tx.Serializable || !o.ReadOnly {
			return tx.Refused("PostgreSQL", "deferrable", "it defers those alone that are serializable and read only")
		}
		text += " deferrable"
	}
	if err := cn.wake(ctx, now()); err != nil {
		return err
	}
	cn.pending, cn.begun, cn.inTx, cn.spoilt = text, text, true, nil
	return nil
}

// flush sends the BEGIN that waits, before a statement that it can't go with.
func (cn *conn) flush(ctx context.Context) error {
	if cn.pending == "" {
		return nil
	}
	_, err := cn.simple(ctx, cn.pending)
	if err != nil && ctx.Err() == nil && cn.pc.IsClosed() && cn.redial(ctx) == nil {
		_, err = cn.simple(ctx, cn.pending)
	}
	if err != nil {
		cn.spoilt = err
		return err
	}
	cn.pending = ""
	return nil
}

// Commit implements runtime.Conn.
func (cn *conn) Commit(ctx context.Context) error {
	if cn.call.open {
		return errBusy
	}
	if cn.spoilt != nil {
		return &fault.Error{Fault: Fault(cn.spoilt), Err: fmt.Errorf("%w: %w", tx.ErrRolledBack, cn.spoilt)}
	}
	if cn.pending != "" { // nothing was done
		cn.pending, cn.inTx = "", false
		return nil
	}
	if cn.pc.IsClosed() { // before anything was said of a commit
		return uncommitted(pgconn.ErrConnClosed)
	}
	if !cn.pc.IsBusy() && cn.pc.TxStatus() == 'I' {
		return fmt.Errorf("covetsql: a statement of the transaction ended it: %w", tx.ErrDone)
	}
	tag, err := cn.simple(ctx, "commit")
	if err != nil {
		return err
	}
	cn.inTx = false
	if tag.String() == "ROLLBACK" {
		return tx.ErrRolledBack
	}
	return nil
}

// Rollback implements runtime.Conn.
func (cn *conn) Rollback(ctx context.Context) error {
	cn.inTx, cn.spoilt = false, nil
	if cn.pending != "" && !cn.call.open {
		cn.pending = ""
		return nil
	}
	if cn.pc.IsBusy() || cn.call.open {
		// Somebody reads rows of it, and ends that later: so the connection is not another's then. What it leaves the server takes back.
		_ = cn.pg.Close(ctx)
		return nil
	}
	_, err := cn.simple(ctx, "rollback")
	return err
}

// Savepoint implements runtime.Conn.
func (cn *conn) Savepoint(ctx context.Context, depth int) error {
	if err := cn.flush(ctx); err != nil {
		return uncommitted(err)
	}
	return cn.savepoint(ctx, "savepoint ", depth)
}

// Release implements runtime.Conn.
func (cn *conn) Release(ctx context.Context, depth int) error {
	return cn.savepoint(ctx, "release savepoint ", depth)
}

// RollbackTo implements runtime.Conn.
func (cn *conn) RollbackTo(ctx context.Context, depth int) error {
	return cn.savepoint(ctx, "rollback to savepoint ", depth)
}

func (cn *conn) savepoint(ctx context.Context, what string, depth int) error {
	if cn.call.open {
		return errBusy
	}
	_, err := cn.simple(ctx, fmt.Sprintf("%scovetsql_%d", what, depth))
	return uncommitted(err)
}

// Gone implements runtime.Conn: a connection is given out again where it waits for a statement, outside of a transaction.
func (cn *conn) Gone() bool {
	return cn.pc.IsClosed() || cn.pc.IsBusy() || cn.pc.TxStatus() != 'I' || cn.inTx || cn.call.open
}

// CommitTable is the table of transactions' tokens (tx.Options.Token). What is older than the longest time for which a client may ask
// may be deleted.
const CommitTable = `CREATE TABLE IF NOT EXISTS covetsql_commit (
	token text PRIMARY KEY,
	at timestamptz NOT NULL DEFAULT now()
)`

const mark = "INSERT INTO covetsql_commit (token) VALUES ($1)"

// Mark implements runtime.Conn.
func (cn *conn) Mark(ctx context.Context, token string) error {
	if err := cn.flush(ctx); err != nil {
		return uncommitted(err)
	}
	return uncommitted(cn.pc.ExecParams(ctx, mark, [][]byte{[]byte(token)}, nil, nil, nil).Read().Err)
}

// Marked implements runtime.Conn. It inserts the token itself: that waits for a transaction which has it and is open still (manual,
// INSERT, ON CONFLICT), and does nothing where one with it was committed. Then it takes the insertion back, so that the transaction can be
// tried again with the same token.
func (cn *conn) Marked(ctx context.Context, token string) (bool, error) {
	if _, err := cn.simple(ctx, "begin isolation level read committed read write"); err != nil {
		return false, err
	}
	r := cn.pc.ExecParams(ctx, mark+" ON CONFLICT (token) DO NOTHING", [][]byte{[]byte(token)}, nil, nil, nil).Read()
	_, err := cn.simple(ctx, "rollback")
	if err := errors.Join(r.Err, err); err != nil {
		return false, err
	}
	if tag := r.CommandTag.String(); !strings.HasPrefix(tag, "INSERT ") {
		return false, fmt.Errorf("covetsql: an INSERT was answered by %q", tag)
	}
	return r.CommandTag.RowsAffected() == 0, nil
}
