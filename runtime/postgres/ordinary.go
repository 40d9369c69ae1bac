package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/pool"
)

// lease is a connection for one statement that came by pgx's interface. query is nil where nobody knows the statement.
type lease struct {
	*pool.Conn[*conn]
	db    *DB
	query *plan.Query
}

// get gives a connection for such a statement.
func (d *DB) get(ctx context.Context, q *plan.Query) (lease, error) {
	held, err := d.core.Get(ctx, q)
	if err != nil {
		return lease{}, err
	}
	if err := held.C.wake(ctx, now()); err != nil {
		held.Put(held.C.Gone())
		return lease{}, err
	}
	return lease{held, d, q}, nil
}

// free gives the connection back. A statement that nobody knows may have written anything.
func (l lease) free() {
	l.C.used = now()
	l.Put(l.C.Gone())
	l.db.core.Ran(l.query)
}

// undone tells of an error after which a statement outside of a transaction can be sent on a new connection: nothing of it was sent on this
// one, which was open before.
func undone(ctx context.Context, cn *conn, err error) bool {
	return err != nil && ctx.Err() == nil && cn.pc.IsClosed() && Fault(err).Outcome == fault.NotDone && cn.redial(ctx) == nil
}

// Exec is pgx's.
func (d *DB) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	held, err := d.get(ctx, plan.Find(sql))
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	defer held.free()
	tag, err := held.C.pg.Exec(ctx, sql, args...)
	if undone(ctx, held.C, err) {
		return held.C.pg.Exec(ctx, sql, args...)
	}
	return tag, err
}

// Query is pgx's. The rows hold a connection until they are closed or read to their end.
func (d *DB) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	held, err := d.get(ctx, plan.Find(sql))
	if err != nil {
		return noRows{err: err}, err
	}
	held.Opened(pool.Here("rows"))
	return d.query(ctx, held, sql, args)
}

func (d *DB) query(ctx context.Context, held lease, sql string, args []any) (pgx.Rows, error) {
	r, err := held.C.pg.Query(ctx, sql, args...)
	if undone(ctx, held.C, err) {
		r, err = held.C.pg.Query(ctx, sql, args...)
	}
	if err != nil {
		held.free()
		return r, err
	}
	return &rows{Rows: r, held: &held}, nil
}

// QueryRow is pgx's.
func (d *DB) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	held, err := d.get(ctx, plan.Find(sql))
	if err != nil {
		return noRows{err: err}
	}
	r, _ := d.query(ctx, held, sql, args) // the error is in the rows too
	return row{r}
}

// SendBatch is pgx's. A batch that begins a transaction is refused: InTx begins one that is ended for certain.
func (d *DB) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	held, err := d.get(ctx, nil)
	if err != nil {
		return pgx.FailedBatchResults(b, err)
	}
	held.Opened(pool.Here("a batch"))
	r := held.C.pg.SendBatch(ctx, b)
	if r.Tx() != nil {
		_ = r.Close()
		_, _ = held.C.pg.Exec(ctx, "rollback")
		held.free()
		return pgx.FailedBatchResults(b, errors.New("covetsql: a batch that begins a transaction is sent within InTx, without Batch.BeginTx"))
	}
	return &batch{BatchResults: r, held: &held}
}

// CopyFrom is pgx's.
func (d *DB) CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, source pgx.CopyFromSource) (int64, error) {
	held, err := d.get(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer held.free()
	return held.C.pg.CopyFrom(ctx, table, columns, source)
}

// rows are pgx's rows that give their connection back as they end.
type rows struct {
	pgx.Rows
	held *lease
}

func (r *rows) free() {
	if held := r.held; held != nil {
		r.held = nil
		held.free()
	}
}

func (r *rows) Close() {
	r.Rows.Close()
	r.free()
}

func (r *rows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.Close()
	return false
}

func (r *rows) Scan(into ...any) error {
	err := r.Rows.Scan(into...)
	if err != nil {
		r.Close()
	}
	return err
}

func (r *rows) Values() ([]any, error) {
	v, err := r.Rows.Values()
	if err != nil {
		r.Close()
	}
	return v, err
}

// row is the first of rows.
type row struct{ pgx.Rows }

// Scan does as pgx's rows of QueryRow do.
func (r row) Scan(into ...any) error {
	defer r.Rows.Close()
	if err := r.Rows.Err(); err != nil {
		return err
	}
	for _, d := range into {
		if _, ok := d.(*pgtype.DriverBytes); ok {
			return errors.New("cannot scan into *pgtype.DriverBytes from QueryRow")
		}
	}
	if !r.Rows.Next() {
		if err := r.Rows.Err(); err != nil {
			return err
		}
		return pgx.ErrNoRows
	}
	_ = r.Rows.Scan(into...) // Err tells it
	r.Rows.Close()
	return r.Rows.Err()
}

// batch is pgx's batch that gives its connection back as it ends.
type batch struct {
	pgx.BatchResults
	held *lease
}

func (b *batch) Close() error {
	err := b.BatchResults.Close()
	if held := b.held; held != nil {
		b.held = nil
		held.free()
	}
	return err
}

// noRows are rows that could not be asked for.
type noRows struct{ err error }

func (noRows) Close()                                       {}
func (r noRows) Err() error                                 { return r.err }
func (noRows) CommandTag() pgconn.CommandTag                { return pgconn.CommandTag{} }
func (noRows) FieldDescriptions() []pgconn.FieldDescription { return nil }
func (noRows) Next() bool                                   { return false }
func (r noRows) Scan(...any) error                          { return r.err }
func (r noRows) Values() ([]any, error)                     { return nil, r.err }
func (noRows) RawValues() [][]byte                          { return nil }
func (noRows) Conn() *pgx.Conn                              { return nil }
func (noRows) TypeMap() *pgtype.Map                         { return nil }
