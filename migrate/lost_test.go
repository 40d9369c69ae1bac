package migrate

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
)

// at lets something happen at one place of a run.
func at(t *testing.T, where string, do func()) {
	var once sync.Once
	fault = func(w string) {
		if w == where {
			once.Do(do)
		}
	}
	t.Cleanup(func() { fault = func(string) {} })
}

func TestASessionEndedAtCommitIsRolledBackAndSaid(t *testing.T) {
	for _, name := range []string{"postgresql", "mysql", "mariadb"} {
		t.Run(name, func(t *testing.T) {
			s := servers(t)[name](t)
			dbname := s.NewDatabase(t)
			db, other := s.Open(t, dbname), s.Open(t, dbname)
			files := own("1_a", "CREATE TABLE a (id int);", "2_b", "INSERT INTO a VALUES (1);")
			r := &Runner{DB: db, Engine: s.engine, FS: own("1_a", "CREATE TABLE a (id int);")}
			apply(t, r)
			r.FS = files
			at(t, "written", func() {
				if s.engine == PostgreSQL {
					if _, err := other.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'"); err != nil {
						t.Error(err)
					}
					return
				}
				var id int
				if err := other.QueryRow("SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID() AND command = 'Sleep' ORDER BY id LIMIT 1").Scan(&id); err != nil {
					t.Error(err)
				}
				if _, err := other.Exec(fmt.Sprintf("KILL %d", id)); err != nil {
					t.Error(err)
				}
			})
			_, err := r.Apply(context.Background(), ApplyOptions{})
			wantError(t, err, ErrLost, "nothing of the migration is there", "run again")
			if rep := apply(t, r); steps_(rep) != "2" || count(t, db, "SELECT COUNT(*) FROM a") != 1 {
				t.Errorf("%+v", rep)
			}
		})
	}
}

// cutter is a proxy that, once armed, lets one more request through and loses its answer with the connection.
type cutter struct {
	net.Listener
	target string
	armed  atomic.Bool
}

func newCutter(t *testing.T, target string) *cutter {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	c := &cutter{Listener: l, target: target}
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", target)
			if err != nil {
				client.Close()
				return
			}
			go func() { _, _ = io.Copy(server, client); server.Close() }()
			go func() {
				defer client.Close()
				defer server.Close()
				buf := make([]byte, 64<<10)
				for {
					n, err := server.Read(buf)
					if err != nil || c.armed.CompareAndSwap(true, false) {
						return // the answer was given, and is lost
					}
					if _, err := client.Write(buf[:n]); err != nil {
						return
					}
				}
			}()
		}
	}()
	return c
}

func TestACommitWhoseAnswerIsLostIsFoundOut(t *testing.T) {
	for _, name := range []string{"postgresql", "mysql", "mariadb"} {
		t.Run(name, func(t *testing.T) {
			s := servers(t)[name](t)
			dbname := s.NewDatabase(t)
			for i, where := range []string{"written", "written 2"} {
				c := newCutter(t, fmt.Sprintf("%s:%d", s.Host, s.Port))
				dsn := strings.Replace(s.DSN(dbname), fmt.Sprintf("%s:%d", s.Host, s.Port), c.Addr().String(), 1)
				db, err := sql.Open(s.Driver(), dsn)
				if err != nil {
					t.Fatal(err)
				}
				defer db.Close()
				none := ""
				if i == 1 {
					none = "-- covet:transaction none\n"
				}
				files := []string{"1_a", "CREATE TABLE a (id int);", "2_b", "INSERT INTO a VALUES (1);"}
				r := &Runner{DB: db, Engine: s.engine, FS: own(files[:2]...)}
				apply(t, r)
				if i == 1 {
					files = append(files, "3_c", none+"INSERT INTO a VALUES (2);\nINSERT INTO a VALUES (3);\nINSERT INTO a VALUES (4);")
				}
				r.FS = own(files...)
				at(t, where, func() { c.armed.Store(true) })
				if rep := apply(t, r); len(rep.Steps) != 1 {
					t.Errorf("%+v", rep)
				}
				if n := count(t, db, "SELECT COUNT(*) FROM a"); n != []int{1, 4}[i] {
					t.Errorf("%s: %d rows", where, n)
				}
			}
		})
	}
}

func TestAFullDiskLeavesNothing(t *testing.T) {
	s := testSQLite(t)
	dbname := s.NewDatabase(t)
	small, err := sql.Open("sqlite", s.DSN(dbname)+"&_pragma=max_page_count(30)")
	if err != nil {
		t.Fatal(err)
	}
	defer small.Close()
	fill := "INSERT INTO a SELECT randomblob(1000) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) SELECT i FROM n);"
	files := own("1_a", "CREATE TABLE a (b blob);", "2_b", "CREATE TABLE c (x int);\n"+fill+"\nCREATE TABLE d (x int);", "3_c", "-- covet:transaction none\nINSERT INTO c VALUES (1);\n"+fill+"\nINSERT INTO c VALUES (2);")
	r := &Runner{DB: small, Engine: SQLite, FS: files}
	_, err = r.Apply(context.Background(), ApplyOptions{})
	wantError(t, err, nil, "statement 2 of 3", "full", "nothing of the migration is there")
	if got := states(t, r); got != "1 applied, 2 pending, 3 pending" {
		t.Error(got)
	}
	if _, err := small.Exec("SELECT 1 FROM c"); err == nil {
		t.Error("a part of the migration is there")
	}
	middle, err := sql.Open("sqlite", s.DSN(dbname)+"&_pragma=max_page_count(140)")
	if err != nil {
		t.Fatal(err)
	}
	defer middle.Close()
	r.DB = middle
	_, err = r.Apply(context.Background(), ApplyOptions{})
	wantError(t, err, nil, "3_c.up.sql:3", "full", "1 of 3 statements took effect")
	db := s.Open(t, dbname)
	r.DB = db
	shortLease(t)
	apply(t, r)
	if n := count(t, db, "SELECT count(*) FROM c"); n != 2 || count(t, db, "SELECT count(*) FROM a") != 600 {
		t.Error(n)
	}
}

// A lock that is held by somebody else is waited for a while, given up, and tried again.
func TestLocksAreTriedAgain(t *testing.T) {
	for _, name := range []string{"postgresql", "mysql", "mariadb"} {
		t.Run(name, func(t *testing.T) {
			s := servers(t)[name](t)
			dbname := s.NewDatabase(t)
			db, other := s.Open(t, dbname), s.Open(t, dbname)
			run(t, db, "CREATE TABLE a (id int)")
			run(t, db, "INSERT INTO a VALUES (1)")
			tx, err := other.Begin()
			if err != nil {
				t.Fatal(err)
			}
			var x int
			if err := tx.QueryRow("SELECT id FROM a").Scan(&x); err != nil { // holds a lock of the table's shape
				t.Fatal(err)
			}
			go func() { time.Sleep(1500 * time.Millisecond); _ = tx.Rollback() }()
			var retries int
			r := &Runner{DB: db, Engine: s.engine, FS: own("1_a", "-- covet:lock_timeout 200ms\nALTER TABLE a ADD COLUMN b int;"), Options: Options{OnEvent: func(e Event) {
				if e.Kind == Retry {
					retries++
				}
			}}}
			apply(t, r)
			if retries == 0 {
				t.Error("nothing was tried again")
			}
		})
	}
}

// An index that a failed build left invalid is dropped and built again.
func TestAnInvalidIndexIsBuiltAgain(t *testing.T) {
	s := servers(t)["postgresql"](t)
	db := s.Open(t, s.NewDatabase(t))
	run(t, db, "CREATE TABLE a (id int)")
	run(t, db, "INSERT INTO a VALUES (1), (1)")
	for _, name := range []string{"a_id", ""} {
		r := &Runner{DB: db, Engine: PostgreSQL, FS: own("1_a", "CREATE UNIQUE INDEX CONCURRENTLY "+name+" ON a (id);"), Options: Options{Table: "h_" + name}}
		_, err := r.Apply(context.Background(), ApplyOptions{})
		wantError(t, err, nil, "1_a.up.sql:1", "goes on with this statement")
		if n := count(t, db, "SELECT count(*) FROM pg_index WHERE NOT indisvalid"); n != 0 {
			t.Errorf("%d invalid indexes are left", n)
		}
		run(t, db, "DELETE FROM a WHERE ctid = (SELECT max(ctid) FROM a)")
		apply(t, r)
		if n := count(t, db, "SELECT count(*) FROM pg_index WHERE indrelid = 'a'::regclass AND indisvalid"); n != 1 {
			t.Errorf("%d indexes", n)
		}
		var index string
		if err := db.QueryRow("SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'a'::regclass").Scan(&index); err != nil {
			t.Fatal(err)
		}
		run(t, db, "DROP INDEX "+index)
		run(t, db, "INSERT INTO a VALUES (1)")
	}
	// One that an earlier failure of somebody else's left is not taken for there by IF NOT EXISTS.
	_, _ = db.Exec("CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id)")
	run(t, db, "DELETE FROM a")
	r := &Runner{DB: db, Engine: PostgreSQL, FS: own("1_a", "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a_id ON a (id);"), Options: Options{Table: "h3"}}
	apply(t, r)
	if n := count(t, db, "SELECT count(*) FROM pg_index WHERE indrelid = 'a'::regclass AND indisvalid"); n != 1 {
		t.Errorf("%d indexes", n)
	}
}

// pooler gives each transaction of a client any of a few sessions of the server, as PgBouncer does in its transaction mode.
func pooler(t *testing.T, target, user, db string) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	type session struct {
		net.Conn
		front *pgproto3.Frontend
	}
	var mu sync.Mutex
	var idle []*session
	take := func() (*session, error) {
		mu.Lock()
		defer mu.Unlock()
		if n := len(idle); n > 0 {
			s := idle[n-1]
			idle = idle[:n-1]
			return s, nil
		}
		c, err := net.Dial("tcp", target)
		if err != nil {
			return nil, err
		}
		s := &session{c, pgproto3.NewFrontend(c, c)}
		s.front.Send(&pgproto3.StartupMessage{ProtocolVersion: pgproto3.ProtocolVersion30, Parameters: map[string]string{"user": user, "database": db}})
		if err := s.front.Flush(); err != nil {
			return nil, err
		}
		for {
			m, err := s.front.Receive()
			if err != nil {
				return nil, err
			}
			if _, ok := m.(*pgproto3.ReadyForQuery); ok {
				return s, nil
			}
		}
	}
	serve := func(c net.Conn) {
		defer c.Close()
		back := pgproto3.NewBackend(c, c)
		if _, err := back.ReceiveStartupMessage(); err != nil {
			return
		}
		back.Send(&pgproto3.AuthenticationOk{})
		for k, v := range map[string]string{"server_version": "15.0", "client_encoding": "UTF8", "standard_conforming_strings": "on"} {
			back.Send(&pgproto3.ParameterStatus{Name: k, Value: v})
		}
		back.Send(&pgproto3.BackendKeyData{ProcessID: 1, SecretKey: []byte{0, 0, 0, 1}})
		back.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
		if back.Flush() != nil {
			return
		}
		var s *session
		defer func() {
			if s != nil {
				s.Close() // the client went within a transaction
			}
		}()
		for {
			m, err := back.Receive()
			if err != nil {
				return
			}
			if _, end := m.(*pgproto3.Terminate); end {
				return
			}
			if s == nil {
				if s, err = take(); err != nil {
					return
				}
			}
			s.front.Send(m)
			switch m.(type) {
			case *pgproto3.Query, *pgproto3.Sync:
			default:
				continue
			}
			if s.front.Flush() != nil {
				return
			}
			for {
				m, err := s.front.Receive()
				if err != nil {
					return
				}
				back.Send(m)
				ready, ok := m.(*pgproto3.ReadyForQuery)
				if !ok {
					continue
				}
				if back.Flush() != nil {
					return
				}
				if ready.TxStatus == 'I' {
					mu.Lock()
					idle = append(idle, s)
					s = nil
					mu.Unlock()
				}
				break
			}
		}
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	return l.Addr().String()
}

func TestBehindATransactionPooler(t *testing.T) {
	shortLease(t)
	s := servers(t)["postgresql"](t)
	dbname := s.NewDatabase(t)
	addr := pooler(t, fmt.Sprintf("%s:%d", s.Host, s.Port), "postgres", dbname)
	db, err := sql.Open("pgx", fmt.Sprintf("postgres://postgres@%s/%s?sslmode=disable&default_query_exec_mode=exec", addr, dbname))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx := context.Background()
	r := &Runner{DB: db, Engine: PostgreSQL}
	sess, err := r.open(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	if pooled, err := sess.behindPooler(ctx); err != nil || !pooled {
		t.Errorf("the pooler was not found out: %v", err)
	}
	if pooled, err := sess.sessionsMove(ctx); err != nil || !pooled {
		t.Errorf("the pooler was not found out by its sessions: %v", err)
	}
	sess.close()
	direct := &Runner{DB: s.Open(t, dbname), Engine: PostgreSQL}
	if sess, err = direct.open(ctx, ""); err != nil {
		t.Fatal(err)
	}
	if pooled, err := sess.behindPooler(ctx); err != nil || pooled {
		t.Errorf("the server was taken for a pooler: %v", err)
	}
	if pooled, err := sess.sessionsMove(ctx); err != nil || pooled {
		t.Errorf("the server was taken for a pooler by its sessions: %v", err)
	}
	sess.close()
	files := own("1_a", "CREATE TABLE a (id int);\nSELECT pg_sleep(0.2);\nINSERT INTO a VALUES (1);", "2_b", "-- covet:transaction none\nINSERT INTO a VALUES (2);\nCREATE INDEX CONCURRENTLY a_id ON a (id);\nINSERT INTO a VALUES (3);", "3_c", "INSERT INTO a VALUES (4);")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			r := &Runner{DB: db, Engine: PostgreSQL, FS: files}
			if _, err := r.Apply(ctx, ApplyOptions{}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := count(t, direct.DB, "SELECT count(*) FROM a"); n != 4 {
		t.Errorf("%d rows", n)
	}
	r.FS = files
	if got := states(t, r); got != "1 applied, 2 applied, 3 applied" {
		t.Error(got)
	}
}
