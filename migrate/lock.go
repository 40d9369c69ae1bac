package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"reflect"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/covetsql/covetsql/migrate/history"
)

// lock is that of one runner at a time on one history table.
type lock struct {
	key   int64  // PostgreSQL
	name  string // MySQL
	lease *history.Lease
	held  bool
	stop  context.CancelFunc // of the lease's heart
	beats sync.WaitGroup
}

// leaseTime is how long a lease stands after its holder's last beat; there are six beats in that time. Should a holder that is
// alive lose it all the same, history.Table.Advance keeps the two from running one statement both.
var leaseTime = 6 * time.Second

// errWaiting says that the lock is another one's.
var errWaiting = errors.New("the lock is held")

// takeLock waits for the lock. session is what stays alive as long as the lock does: PostgreSQL's and MySQL's locks belong to
// it. alone says that something is to be done outside of transactions, which SQLite and a pooler need a lease for.
func (s *session) takeLock(ctx context.Context, alone bool) error {
	h := fnv.New64a()
	h.Write([]byte("covetsql migrate " + s.table.Name))
	l := &lock{key: int64(h.Sum64()), name: fmt.Sprintf("covetsql_migrate_%016x", h.Sum64())}
	if s.Engine == PostgreSQL {
		pooled, err := s.behindPooler(ctx)
		if err != nil {
			return &Error{Text: "the lock can't be taken", Err: err, State: "nothing was done"}
		}
		s.pooled = pooled
	}
	if (s.Engine == SQLite || s.pooled) && alone {
		name, _, err := s.Engine.Place(ctx, s.conn, history.LeaseTable)
		if err != nil {
			return err
		}
		l.lease = &history.Lease{Engine: s.Engine, Name: name, Owner: s.run}
	}
	s.lock = l
	return l.acquire(ctx, s)
}

// acquire waits until the lock is ours, by asking again and again: a session that waits in the server holds a snapshot, and
// CREATE INDEX CONCURRENTLY of the runner that has the lock would wait for that for ever.
func (l *lock) acquire(ctx context.Context, s *session) error {
	l.held = false
	told := false
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = 50*time.Millisecond, time.Second
	opts := []backoff.RetryOption{backoff.WithBackOff(pause), backoff.WithMaxElapsedTime(s.Wait)}
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		ok, err := l.try(ctx, s)
		if err != nil {
			if lockTimedOut(s.Engine, err) {
				return struct{}{}, errWaiting
			}
			return struct{}{}, backoff.Permanent(err)
		}
		if ok {
			return struct{}{}, nil
		}
		if !told {
			told = true
			s.tell(Event{Kind: Waiting, Text: l.holder(ctx, s)})
		}
		return struct{}{}, errWaiting
	}, opts...)
	switch {
	case err == nil:
		l.held = true
		if l.lease != nil {
			l.beat(s)
		}
		return nil
	case errors.Is(err, errWaiting):
		return &Error{Kind: ErrLocked, Text: "another runner is at work, and did not end in " + s.Wait.String(), Err: nil, State: "nothing was done by this one",
			Do: "wait for it; " + l.holder(ctx, s)}
	}
	return &Error{Text: "the lock can't be taken", Err: err, State: "nothing was done"}
}

func (l *lock) try(ctx context.Context, s *session) (ok bool, err error) {
	if l.lease != nil {
		if err := l.lease.Create(ctx, s.conn); err != nil {
			// PostgreSQL lets one of two fail that make a table at once; the other one made it.
			if state := stateOf(err); state == "23505" || state == "42P07" || state == "42710" {
				return false, nil
			}
			return false, err
		}
		return l.lease.Take(ctx, s.conn, leaseTime)
	}
	switch {
	case s.Engine == PostgreSQL && !s.pooled:
		err = s.conn.QueryRowContext(ctx, "SELECT pg_catalog.pg_try_advisory_lock($1)", l.key).Scan(&ok)
		return ok, err
	case s.Engine == MySQL:
		var n sql.NullInt64
		err = s.conn.QueryRowContext(ctx, "SELECT GET_LOCK(?, 0)", l.name).Scan(&n)
		return n.Int64 == 1, err
	}
	return true, nil // each transaction takes its own lock
}

// holder says who has the lock, as far as the server tells.
func (l *lock) holder(ctx context.Context, s *session) string {
	switch {
	case l.lease != nil:
		return fmt.Sprintf("its lease is in the table %s and ends %s after it died", history.LeaseTable, leaseTime)
	case s.Engine == PostgreSQL && !s.pooled:
		var pid int64
		var app, since sql.NullString
		err := s.conn.QueryRowContext(ctx, `SELECT l.pid, a.application_name, to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS') FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
			WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
			AND ((l.classid::bigint << 32) | l.objid::bigint) = $1 LIMIT 1`, l.key).Scan(&pid, &app, &since)
		if err == nil {
			return fmt.Sprintf("the lock is held by the server's process %d (%s, connected %s)", pid, app.String, since.String)
		}
	case s.Engine == MySQL:
		var id sql.NullInt64
		if err := s.conn.QueryRowContext(ctx, "SELECT IS_USED_LOCK(?)", l.name).Scan(&id); err == nil && id.Valid {
			return fmt.Sprintf("the lock is held by the server's connection %d", id.Int64)
		}
	}
	return "another runner has the lock"
}

// beat holds the lease on for as long as the lock is held.
func (l *lock) beat(s *session) {
	ctx, stop := context.WithCancel(context.Background())
	l.stop = stop
	l.beats.Add(1)
	go func() {
		defer l.beats.Done()
		tick := time.NewTicker(leaseTime / 6)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				// A beat that fails is made up by the next one; the lease stands for several.
				_, _ = l.lease.Take(ctx, s.DB, leaseTime)
			}
		}
	}()
}

// release lets the lock go. What can't be released (the connection is gone) the server has released.
func (s *session) release() {
	l := s.lock
	if l == nil || !l.held {
		return
	}
	l.held = false
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	switch {
	case l.lease != nil:
		l.stop()
		l.beats.Wait()
		if s.conn != nil {
			_ = l.lease.Release(ctx, s.conn)
		}
	case s.conn == nil:
	case s.Engine == PostgreSQL && !s.pooled:
		if _, err := s.conn.ExecContext(ctx, "SELECT pg_catalog.pg_advisory_unlock($1)", l.key); err != nil {
			s.discard()
		}
	case s.Engine == MySQL:
		if _, err := s.conn.ExecContext(ctx, "SELECT RELEASE_LOCK(?)", l.name); err != nil {
			s.discard()
		}
	}
}

// inTransaction takes the lock for a transaction where the session has none.
func (s *session) inTransaction(ctx context.Context, tx *sql.Tx) error {
	switch {
	case s.pooled:
		_, err := tx.ExecContext(ctx, "SELECT pg_catalog.pg_advisory_xact_lock($1)", s.lock.key)
		return err
	case s.Engine == SQLite:
		return s.writeLock(ctx, tx)
	}
	return nil
}

// writeLock takes SQLite's write lock, which is the whole database's, and waits for whoever has it.
func (s *session) writeLock(ctx context.Context, tx *sql.Tx) error {
	return s.patient(ctx, func() error { return s.table.Touch(ctx, tx) })
}

// patient does what SQLite's other writers may be in the way of, again and again until they are gone.
func (s *session) patient(ctx context.Context, fn func() error) error {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = 20*time.Millisecond, 500*time.Millisecond
	told := false
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := fn()
		if err != nil && (s.Engine != SQLite || !lockTimedOut(SQLite, err)) {
			return struct{}{}, backoff.Permanent(err)
		}
		if err != nil && !told {
			told = true
			s.tell(Event{Kind: Waiting, Text: "another connection is writing to the database"})
		}
		return struct{}{}, err
	}, backoff.WithBackOff(pause), backoff.WithMaxElapsedTime(s.Wait))
	if err != nil && s.Engine == SQLite && lockTimedOut(SQLite, err) {
		return &Error{Kind: ErrLocked, Text: "another connection writes to the database, and did not end in " + s.Wait.String(), State: "nothing was done", Do: "run again when it is done"}
	}
	return err
}

// behindPooler finds out whether two transactions of one connection may run in two sessions. What a driver was told at the start
// of its connection decides: poolers hand out a key of their own for cancelling, so the process that the driver knows is not the
// one that answers. A pooler in session mode does so too; taking it for one of transactions costs a lease and harms nothing.
//
// Where the driver doesn't say (only pgx does), sessions are watched: a second connection that is given the session of the
// first, which is open still, or a first one that has another session than before. Other clients of the pooler may make one such
// look come out as if there were none, so there are several.
func (s *session) behindPooler(ctx context.Context) (bool, error) {
	if s.Pooled {
		return true, nil
	}
	var pid int64
	if err := s.conn.QueryRowContext(ctx, backendPID).Scan(&pid); err != nil {
		return false, err
	}
	if told, ok := processOf(s.conn); ok {
		return told != pid, nil
	}
	for i := range 5 {
		if pooled, err := s.sessionsMove(ctx); err != nil || pooled {
			return pooled, err
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-time.After(time.Duration(i+rand.IntN(10)) * time.Millisecond):
		}
	}
	return false, nil
}

// backendPID asks for the process of the server that answers.
const backendPID = "SELECT pg_catalog.pg_backend_pid()"

// processOf is the server's process as the driver was told it when it connected. It asks through the methods of pgx's stdlib
// connection by their names, so that who embeds this package for another engine does not link pgx.
func processOf(conn *sql.Conn) (pid int64, ok bool) {
	_ = conn.Raw(func(driverConn any) error {
		v := result(reflect.ValueOf(driverConn).MethodByName("Conn"))
		if v.IsValid() {
			v = result(v.MethodByName("PgConn"))
		}
		if v.IsValid() {
			v = result(v.MethodByName("PID"))
		}
		if ok = v.IsValid() && v.CanUint(); ok {
			pid = int64(v.Uint())
		}
		return nil
	})
	return pid, ok
}

// result calls a method without parameters and with one result; the zero Value where there is no such method. Names of methods are
// constants, or the linker would keep each exported method of the whole program.
func result(method reflect.Value) reflect.Value {
	if !method.IsValid() || method.Type().NumIn() != 0 || method.Type().NumOut() != 1 {
		return reflect.Value{}
	}
	return method.Call(nil)[0]
}

// sessionsMove looks once whether sessions go from one connection to another.
func (s *session) sessionsMove(ctx context.Context) (bool, error) {
	if n := s.DB.Stats().MaxOpenConnections; n == 1 {
		return false, nil // there is no second connection to ask with
	}
	pid := func(q history.Querier) (n int64, err error) {
		err = q.QueryRowContext(ctx, backendPID).Scan(&n)
		return n, err
	}
	first, err := pid(s.conn)
	if err != nil {
		return false, err
	}
	short, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	other, err := s.DB.Conn(short)
	if err != nil {
		return false, nil // the server or the pool has no second one to give; it is asked for the lock then
	}
	defer other.Close()
	tx, err := other.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback() }()
	second, err := pid(tx)
	if err != nil {
		return false, err
	}
	third, err := pid(s.conn)
	if err != nil {
		return false, err
	}
	return first == second || first != third, nil
}
