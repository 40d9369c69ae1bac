package mysql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"reflect"
	"strings"
	"sync"
	"time"
	"unsafe"

	"github.com/go-sql-driver/mysql"

	"github.com/covetsql/covetsql/runtime/dbsql"
	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/tx"
)

// driverConn is what the driver's connections do.
type driverConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.NamedValueChecker
	driver.SessionResetter
	driver.Validator
}

// Conn is a connection of the pool. Of its methods only those of runtime.Conn are for others.
type Conn struct {
	driver driverConn
	mu     sync.Mutex // held around each use of the driver's connection
	cache  cache
	status *uint16 // the server's status flags, as its last answer had them
	texts  bool    // statements go as text: the DSN has interpolateParams
	many   bool    // the DSN has multiStatements
	used   time.Time
	cut    func() // closes the network's connection, from any goroutine

	calls      []*Call // that are free
	running    *Call   // whose rows are open
	inTx       bool
	lost       error // how the transaction ended before its time
	half       error // how reading rows by the ordinary way failed so that the rest is not to be committed
	broken     bool
	generation uint64 // of transactions: what was begun in one is nothing in the next

	// The ordinary path within a transaction.
	std  *sql.DB
	rows dbsql.Open
}

// Of the protocol's status flags: SERVER_STATUS_IN_TRANS and SERVER_STATUS_AUTOCOMMIT.
const (
	inTrans    = 1
	autocommit = 2
)

func (o *Options) connect(ctx context.Context, c driver.Connector, cfg *mysql.Config) (*Conn, error) {
	dc, err := c.Connect(ctx)
	if err != nil {
		return nil, err
	}
	conn, ok := dc.(driverConn)
	if !ok {
		dc.Close()
		return nil, fmt.Errorf("covetsql: a connection of go-sql-driver is a %T, which this runtime does not know: use the version of the driver that covetsql's go.mod names", dc)
	}
	status, network, err := inside(dc)
	if err != nil {
		dc.Close()
		return nil, err
	}
	if *status&autocommit == 0 {
		dc.Close()
		return nil, errors.New("covetsql: sessions of this server or DSN have autocommit off, so that nothing outside of a transaction would ever be committed: put autocommit=1 into the DSN")
	}
	return &Conn{driver: conn, status: status, cut: func() { _ = network.Close() }, cache: cache{max: o.Statements},
		texts: cfg.InterpolateParams, many: cfg.MultiStatements, used: time.Now()}, nil
}

// inside gives the status flags and the network's connection of a connection of the driver, which tells of neither.
func inside(dc driver.Conn) (*uint16, net.Conn, error) {
	v := reflect.ValueOf(dc)
	if v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.Struct {
		status, network, raw := v.Elem().FieldByName("status"), v.Elem().FieldByName("netConn"), v.Elem().FieldByName("rawConn")
		conns := reflect.TypeFor[net.Conn]()
		if status.IsValid() && status.Kind() == reflect.Uint16 && network.IsValid() && network.Type() == conns && raw.IsValid() && raw.Type() == conns {
			c := *(*net.Conn)(unsafe.Pointer(raw.UnsafeAddr())) // below TLS
			if c == nil {
				c = *(*net.Conn)(unsafe.Pointer(network.UnsafeAddr()))
			}
			if c != nil {
				return (*uint16)(unsafe.Pointer(status.UnsafeAddr())), c, nil
			}
		}
	}
	return nil, nil, errors.New("covetsql: a connection of go-sql-driver does not have its status flags and its network's connection where this runtime knows them: use the version of the driver that covetsql's go.mod names")
}

// guard has the end of ctx cut the connection, which is the only way to end a statement; the driver does the same by another goroutine, which
// each query would have to wake. Whoever calls it calls done with what it gives.
func (c *Conn) guard(ctx context.Context) (stop func() bool) {
	if ctx.Done() == nil {
		return nil
	}
	return context.AfterFunc(ctx, c.cut)
}

// done ends a guard.
func (c *Conn) done(stop func() bool) {
	if stop != nil && !stop() {
		c.broken = true // it was cut, or will be
	}
}

// quiet keeps from the log that a connection was closed under the driver's hands: guard did so.
type quiet struct{ mysql.Logger }

func (q quiet) Print(v ...any) {
	for _, x := range v {
		if err, ok := x.(error); ok && errors.Is(err, net.ErrClosed) {
			return
		}
	}
	q.Logger.Print(v...)
}

func (c *Conn) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.std != nil {
		c.std.Close()
	}
	_ = c.driver.Close()
}

// unused is from when on a connection that lay in the pool is looked at before it is used: the server may have closed it, and what is
// sent then may be lost without a word.
const unused = 100 * time.Millisecond

// wake looks after a connection that lay unused.
func (c *Conn) wake(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.used) < unused {
		return nil
	}
	return c.driver.ResetSession(ctx)
}

// exec runs a text of the runtime's own.
func (c *Conn) exec(ctx context.Context, query string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	stop := c.guard(ctx)
	_, err := c.driver.ExecContext(context.Background(), query, nil)
	c.done(stop)
	if err != nil && ctx.Err() != nil && Fault(err).Gone {
		err = ctx.Err()
	}
	return err
}

// change runs a statement of the runtime's own with arguments.
func (c *Conn) change(ctx context.Context, query string, args ...string) error {
	call := c.call(ctx, nil, query)
	for _, a := range args {
		call.ArgString(a)
	}
	call.Exec()
	return call.End()
}

// unsupported are numbers of errors of statements that can't be prepared: ER_UNSUPPORTED_PS.
func unsupported(err error) bool {
	var e *mysql.MySQLError
	return errors.As(err, &e) && e.Number == 1295
}

// prepare gives a prepared statement; nil where the text is to be sent as it is. The caller holds the lock.
func (c *Conn) prepare(q *plan.Query, text string, args []driver.NamedValue) (*prepared, error) {
	if c.texts || c.many && len(args) == 0 {
		return nil, nil
	}
	if s := c.cache.get(q, text); s != nil {
		if s.takes(args) {
			return s, nil
		}
		if err := c.cache.forget(q, text); err != nil {
			return nil, err
		}
	}
	ds, err := c.driver.PrepareContext(context.Background(), text)
	if err != nil {
		if len(args) == 0 && unsupported(err) {
			return nil, nil
		}
		return nil, err
	}
	s, err := newPrepared(ds)
	if err != nil {
		return nil, err
	}
	s.takes(args)
	return s, c.cache.put(q, text, s)
}

var errImplicit = errors.New("the server committed it with a statement that it commits by itself, as it does with those that change the schema, or the statement ended it")

// checkOpen tells of a transaction that is not open any more, though it should be.
func (c *Conn) checkOpen() error {
	if !c.inTx || c.lost == nil {
		return nil
	}
	return &fault.Error{Fault: fault.Fault{Kind: fault.Aborted, Outcome: fault.NotDone},
		Err: fmt.Errorf("covetsql: the transaction is not open any more, so nothing is run in it: %w", c.lost)}
}

// note looks after a statement whether the transaction is still open; it gives the error of one that ended it.
func (c *Conn) note(err error) error {
	if !c.inTx || c.lost != nil {
		return err
	}
	if err != nil {
		if f := Fault(err); f.Kind == fault.Deadlock || f.Kind == fault.Serialization {
			c.lost = err // the server took it all back
		}
		return err
	}
	if *c.status&inTrans == 0 && c.driver.IsValid() {
		c.lost = errImplicit
		return &fault.Error{Fault: fault.Fault{Kind: fault.Aborted, Outcome: fault.Done},
			Err: fmt.Errorf("covetsql: the transaction is not open any more: %w; what was done before is committed, and can't be taken back", errImplicit)}
	}
	return nil
}

// cutOff is the error of a connection that was lost within a transaction, or before it began: the server takes it back, so that nothing was
// done.
func cutOff(err error) error {
	if f := Fault(err); f.Kind != fault.ConnectionLost {
		return err
	}
	return &fault.Error{Fault: fault.Fault{Kind: fault.ConnectionLost, Outcome: fault.NotDone, Again: true, Gone: true}, Err: err}
}

// commits tells of a query that may commit by itself, so that nobody knows what a lost connection leaves.
func commits(q *plan.Query) bool {
	if q == nil || q.Kind != plan.Read && q.Kind != plan.Write {
		return true
	}
	text := strings.TrimSpace(q.SQL)
	return text == "" || len(text) >= 4 && strings.EqualFold(text[:4], "CALL")
}

// letGo ends all that is open on the connection.
func (c *Conn) letGo() {
	c.rows.CloseAll(tx.ErrDone)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation++
	if c.std != nil {
		c.std.Close()
		c.std = nil
	}
	if c.running != nil {
		c.running.abandon(tx.ErrDone)
		c.running = nil
	}
}

// Gone tells that the connection can't be given out again.
func (c *Conn) Gone() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	// A transaction that a text began is the server's to take back, with the connection.
	return c.broken || !c.driver.IsValid() || !c.inTx && *c.status&inTrans != 0
}
