package mysql_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/runtime/mysql"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/tx"
)

// cutter is a way to a server that is cut at a command: before the server gets it, or after, before its answer comes.
type cutter struct {
	net.Listener
	server string
	mu     sync.Mutex
	left   int // commands until the cut; below 0: none
	before bool
	cut    bool
	conns  sync.WaitGroup
}

func newCutter(t *testing.T, server string) *cutter {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{Listener: l, server: server, left: -1}
	t.Cleanup(func() { l.Close(); c.conns.Wait() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			c.conns.Go(func() { c.carry(client) })
		}
	}()
	return c
}

// arm has the n-th command from now on, from 0, cut.
func (c *cutter) arm(n int, before bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left, c.before, c.cut = n, before, false
}

// command tells whether the connection is to be cut at a command.
func (c *cutter) command() (cut, before bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left < 0 {
		return false, false
	}
	if c.left--; c.left >= 0 {
		return false, false
	}
	c.cut = true
	return true, c.before
}

func (c *cutter) carry(client net.Conn) {
	defer client.Close()
	c.mu.Lock()
	address := c.server
	c.mu.Unlock()
	server, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer server.Close()
	var drop sync.Mutex
	dropped := false
	go func() {
		buf := make([]byte, 64<<10)
		for {
			n, err := server.Read(buf)
			drop.Lock()
			gone := dropped
			drop.Unlock()
			if n > 0 && !gone {
				if _, err := client.Write(buf[:n]); err != nil {
					return
				}
			}
			if err != nil || gone {
				client.Close()
				return
			}
		}
	}()
	buf := make([]byte, 64<<10)
	for {
		n, err := client.Read(buf)
		if err != nil {
			return
		}
		cut, before := c.command()
		if cut && before {
			return
		}
		if cut {
			drop.Lock()
			dropped = true
			drop.Unlock()
		}
		if _, err := server.Write(buf[:n]); err != nil {
			return
		}
		if cut {
			time.Sleep(100 * time.Millisecond) // the server does what it was told
			return
		}
	}
}

var (
	addOne  = plan.New(plan.Query{Name: "AddOne", SQL: "UPDATE item SET n = n + ? WHERE id = 1", Kind: plan.Write})
	setOne  = plan.New(plan.Query{Name: "SetOne", SQL: "UPDATE item SET n = ? WHERE id = 1", Kind: plan.Write, Idempotent: true})
	readOne = plan.New(plan.Query{Name: "ReadOne", SQL: "SELECT n FROM item WHERE id = ?", MaxRows: 1})
)

func run(ctx context.Context, d mysql.Direct, q *plan.Query, arg int64) error {
	c := d.Call(ctx, q, q.SQL)
	c.ArgInt64(arg)
	c.Exec()
	return c.End()
}

func readN(ctx context.Context, d mysql.Direct) (n int64, err error) {
	c := d.Call(ctx, readOne, readOne.SQL)
	c.ArgInt64(1)
	if c.One() {
		n = c.Int64()
	}
	return n, c.End()
}

// cutDB is a database behind a cutter, and one beside it.
func cutDB(t *testing.T, s *testkit.Server) (behind, beside *mysql.DB, c *cutter) {
	server := fmt.Sprintf("%s:%d", s.Host, s.Port)
	direct := s.DSN(s.NewDatabase(t))
	c = newCutter(t, server)
	through := strings.Replace(direct, server, c.Addr().String(), 1)
	if through == direct {
		t.Fatalf("%s does not name %s", direct, server)
	}
	open := func(dsn string) *mysql.DB {
		db, err := mysql.Open(t.Context(), dsn, mysql.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close(context.Background()) })
		return db
	}
	beside = open(direct)
	if _, err := beside.ExecContext(t.Context(), "CREATE TABLE item (id BIGINT PRIMARY KEY, n BIGINT NOT NULL) ENGINE=InnoDB"); err != nil {
		t.Fatal(err)
	}
	if _, err := beside.ExecContext(t.Context(), "INSERT INTO item VALUES (1, 0)"); err != nil {
		t.Fatal(err)
	}
	if err := beside.CreateCommitTable(t.Context()); err != nil {
		t.Fatal(err)
	}
	return open(through), beside, c
}

// soonN is what the row has once nobody holds it any more.
func soonN(t *testing.T, db *mysql.DB) int64 {
	t.Helper()
	var n int64
	if err := db.InTx(t.Context(), tx.Options{}, func(s *mysql.Tx) error {
		return s.QueryRowContext(t.Context(), "SELECT n FROM item WHERE id = 1 FOR UPDATE").Scan(&n)
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestATransactionThatIsCutIsToldAsItIs(t *testing.T) {
	servers(t, func(t *testing.T, s *testkit.Server) {
		behind, beside, c := cutDB(t, s)
		ctx := t.Context()
		unknown := 0
		for _, o := range []tx.Options{{}, {Repeatable: true}, {Token: "t"}, {Token: "r", Repeatable: true}} {
			for _, before := range []bool{true, false} {
				for step := 0; ; step++ {
					if err := run(ctx, beside, setOne, 0); err != nil {
						t.Fatal(err)
					}
					opts := o
					if o.Token != "" {
						opts.Token = fmt.Sprint(o.Token, before, step)
					}
					c.arm(step, before)
					tries, hooks := 0, 0
					err := behind.InTx(ctx, opts, func(s *mysql.Tx) error {
						tries++
						s.AfterCommit(func() { hooks++ })
						return run(ctx, s, addOne, 1)
					})
					c.mu.Lock()
					cut := c.cut
					c.left = -1
					c.mu.Unlock()
					n := soonN(t, beside)
					what := fmt.Sprintf("%+v, cut at command %d, before the server had it: %v: n is %d after %d tries, told: %v", opts, step, before, n, tries, err)
					switch {
					case err == nil && n != 1:
						t.Errorf("told as committed: %s", what)
					case errors.Is(err, tx.ErrCommitUnknown):
						unknown++
						if o.Token != "" {
							t.Errorf("a token does not tell: %s", what)
						}
						if n != 0 && n != 1 {
							t.Errorf("done twice: %s", what)
						}
					case err != nil && n != 0:
						t.Errorf("told as not committed: %s", what)
					}
					if hooks > 1 || err != nil && hooks > 0 {
						t.Errorf("%d hooks: %s", hooks, what)
					}
					if err != nil && o.Repeatable && o.Token != "" {
						t.Errorf("it could have been run again: %s", what)
					}
					if !cut {
						break // it has no more commands
					}
				}
			}
		}
		if unknown == 0 {
			t.Error("no cut fell into a commit")
		}
	})
}

func TestAQueryThatIsCutRunsOnceMoreWhereItMay(t *testing.T) {
	servers(t, func(t *testing.T, s *testkit.Server) {
		behind, beside, c := cutDB(t, s)
		ctx := t.Context()
		for _, before := range []bool{true, false} {
			for _, q := range []*plan.Query{readOne, setOne, addOne} {
				for step := range 2 { // the preparation, and the execution
					if err := run(ctx, beside, setOne, 0); err != nil {
						t.Fatal(err)
					}
					behind.Core().Topology().Primary.Drop() // a new connection prepares
					if err := ping(ctx, behind); err != nil {
						t.Fatal(err)
					}
					c.arm(step, before)
					err := run(ctx, behind, q, 1)
					c.arm(-1, before)
					n := soonN(t, beside)
					switch {
					case tx.Safe(q) && err != nil:
						t.Errorf("%s, cut at %d, %v: it could have been run again: %v", q.Name, step, before, err)
					case q == addOne && (n > 1 || err == nil && n != 1):
						t.Errorf("%s, cut at %d, %v: n is %d, told: %v", q.Name, step, before, n, err)
					}
				}
			}
		}
	})
}

// ping opens a connection, where there is none, by a text that prepares nothing for others.
func ping(ctx context.Context, db *mysql.DB) error {
	c := db.Call(ctx, nil, "DO 1")
	c.Exec()
	return c.End()
}

func TestIdleConnectionsThatAreCutAreReplaced(t *testing.T) {
	servers(t, func(t *testing.T, s *testkit.Server) {
		behind, beside, _ := cutDB(t, s)
		ctx := t.Context()
		kill := func() {
			t.Helper()
			var id int64
			for range 4 { // whatever lies in the pool
				c := behind.Call(ctx, nil, "SELECT CONNECTION_ID()")
				if c.One() {
					id = c.Int64()
				}
				if err := c.End(); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := beside.ExecContext(ctx, fmt.Sprintf("KILL %d", id)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(200 * time.Millisecond)
		}
		for i := range 3 {
			kill()
			if err := run(ctx, behind, addOne, 1); err != nil {
				t.Errorf("a write after the connection was killed: %v", err)
			}
			kill()
			if err := behind.InTx(ctx, tx.Options{}, func(s *mysql.Tx) error { return run(ctx, s, addOne, 1) }); err != nil {
				t.Errorf("a transaction after the connection was killed: %v", err)
			}
			kill()
			if _, err := behind.ExecContext(ctx, addOne.SQL, 1); err != nil {
				t.Errorf("the ordinary way after the connection was killed: %v", err)
			}
			if n, err := readN(ctx, behind); err != nil || n != int64(3*(i+1)) {
				t.Errorf("%d, %v", n, err)
			}
		}
	})
}
