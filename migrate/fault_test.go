package migrate

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// faulty are folders of every kind of statement that a runner may die at, by engine, and what the database has when all ran,
// however often it died in between: queries and their counts.
var faulty = map[Engine]struct {
	files  []string
	expect map[string]int
	empty  string // counts what is left after all was undone
}{
	PostgreSQL: {
		files: []string{
			"1_a", "CREATE TABLE a (id int PRIMARY KEY, b int);\nINSERT INTO a SELECT i, NULL FROM generate_series(1, 10) i;", "!1_a", "DROP TABLE a;",
			"2_b", "-- covet:transaction none\nCREATE INDEX CONCURRENTLY a_b ON a (b);\nINSERT INTO a VALUES (11, 0);\nCREATE UNIQUE INDEX CONCURRENTLY ON a (id, b);\nDROP INDEX CONCURRENTLY a_b;\n" +
				"-- covet:batch\nUPDATE a SET b = 5 WHERE id IN (SELECT id FROM a WHERE b IS NULL LIMIT 4);\nREINDEX TABLE CONCURRENTLY a;\nINSERT INTO a VALUES (12, 0);",
			"!2_b", "-- covet:transaction none\nDELETE FROM a WHERE id > 10;\nDROP INDEX CONCURRENTLY a_id_b_idx;\nUPDATE a SET b = NULL;",
			"3_c", "BEGIN;\nINSERT INTO a VALUES (13, 0);\nINSERT INTO a VALUES (14, 0);\nCOMMIT;\nVACUUM a;\nBEGIN;\nINSERT INTO a VALUES (15, 0);\nEND;", "!3_c", "DELETE FROM a WHERE id > 12;",
		},
		expect: map[string]int{
			"SELECT count(*) FROM a": 15, "SELECT count(*) FROM a WHERE b = 5": 10,
			"SELECT count(*) FROM pg_index WHERE indrelid = 'a'::regclass AND indisvalid": 2, "SELECT count(*) FROM pg_index WHERE NOT indisvalid": 0,
		},
		empty: "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE 'covetsql%'",
	},
	MySQL: {
		files: []string{
			"1_a", "CREATE TABLE a (id int PRIMARY KEY, b int);\nINSERT INTO a (id) VALUES (1), (2), (3);\nINSERT INTO a (id) VALUES (4);", "!1_a", "DROP TABLE a;",
			"2_b", "SET @x = 9;\nALTER TABLE a ADD COLUMN c int NOT NULL DEFAULT 1;\nINSERT INTO a VALUES (5, @x, 0);\nCREATE INDEX a_c ON a (c);\nCREATE TABLE t (i int);\nINSERT INTO t VALUES (1);\nRENAME TABLE t TO u;\n" +
				"CREATE VIEW v AS SELECT id FROM a;\nCREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END;\nDROP PROCEDURE p;\nCREATE TRIGGER g BEFORE INSERT ON u FOR EACH ROW SET NEW.i = NEW.i + 1;\nINSERT INTO u VALUES (2);\nALTER TABLE u RENAME TO w, ADD COLUMN j int;\nDROP INDEX a_c ON a;",
			"!2_b", "DROP VIEW v;\nDROP TABLE w;\nDELETE FROM a WHERE id = 5;\nALTER TABLE a DROP COLUMN c;",
			"3_c", "INSERT INTO a VALUES (6, 0, 0);\nINSERT INTO a VALUES (7, 0, 0);\n-- covet:batch\nUPDATE a SET b = 5 WHERE b IS NULL LIMIT 2;", "!3_c", "DELETE FROM a WHERE id > 5;\nUPDATE a SET b = NULL WHERE id < 5",
		},
		expect: map[string]int{
			"SELECT count(*) FROM a": 7, "SELECT count(*) FROM a WHERE b = 5": 4, "SELECT count(*) FROM a WHERE b = 9 AND c = 0": 1, "SELECT sum(i) FROM w": 4, "SELECT count(*) FROM w": 2, "SELECT count(*) FROM v": 7,
			"SELECT count(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND index_name = 'a_c'": 0,
			"SELECT count(*) FROM information_schema.routines WHERE routine_schema = DATABASE() AND routine_name = 'p'": 0,
		},
		empty: "SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name NOT LIKE 'covetsql%'",
	},
	SQLite: {
		files: []string{
			"1_a", "CREATE TABLE a (id INTEGER PRIMARY KEY, b int);\nINSERT INTO a (id) VALUES (1), (2), (3);\nCREATE TABLE k (a int REFERENCES a (id) ON DELETE CASCADE);\nINSERT INTO k VALUES (1), (2);", "!1_a", "DROP TABLE k; DROP TABLE a;",
			"2_b", "-- covet:foreign_keys off\nCREATE TABLE n (id INTEGER PRIMARY KEY, b int NOT NULL DEFAULT 0);\nINSERT INTO n (id) SELECT id FROM a;\nDROP TABLE a;\nALTER TABLE n RENAME TO a;", "!2_b", "UPDATE a SET b = 0;",
			"3_c", "-- covet:transaction none\nINSERT INTO a VALUES (4, 0);\nVACUUM;\nINSERT INTO a VALUES (5, 0);\n-- covet:batch\nUPDATE a SET b = 5 WHERE id IN (SELECT id FROM a WHERE b = 0 LIMIT 2);", "!3_c", "-- covet:transaction none\nDELETE FROM a WHERE id > 3;\nVACUUM;\nUPDATE a SET b = 1;",
		},
		expect: map[string]int{"SELECT count(*) FROM a": 5, "SELECT count(*) FROM a WHERE b = 5": 5, "SELECT count(*) FROM k": 2},
		empty:  "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'covetsql%' AND name NOT LIKE 'sqlite%'",
	},
}

// TestRunnerInAnotherProcess is what the fault tests start: it runs the folder and dies where it is told.
func TestRunnerInAnotherProcess(t *testing.T) {
	at, err := strconv.Atoi(os.Getenv("COVETSQL_DIE_AT"))
	if err != nil {
		t.Skip("it is started by the fault tests")
	}
	leaseTime = 300 * time.Millisecond
	n := 0
	fault = func(where string) {
		if n++; n == at {
			fmt.Println("died at", where)
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	engine := Engine(os.Getenv("COVETSQL_ENGINE"))
	db, err := sql.Open(os.Getenv("COVETSQL_DRIVER"), os.Getenv("COVETSQL_DSN"))
	if err != nil {
		t.Fatal(err)
	}
	r := &Runner{DB: db, Engine: engine, FS: faultyFolder(engine)}
	if os.Getenv("COVETSQL_WAY") == "down" {
		_, err = r.Down(context.Background(), 3, false)
	} else {
		_, err = r.Apply(context.Background(), ApplyOptions{})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// shortLease lets the lease of a runner that died end soon.
func shortLease(t *testing.T) {
	was := leaseTime
	leaseTime = 300 * time.Millisecond
	t.Cleanup(func() { leaseTime = was })
}

func faultyFolder(e Engine) fs.FS { return own(faulty[e].files...) }

// child runs another process; where it died, or "" where it came to its end.
func child(t *testing.T, s server, db, way string, at int) string {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestRunnerInAnotherProcess$", "-test.v")
	cmd.Env = append(os.Environ(), "COVETSQL_DIE_AT="+strconv.Itoa(at), "COVETSQL_ENGINE="+string(s.engine), "COVETSQL_DRIVER="+s.Driver(), "COVETSQL_DSN="+s.DSN(db), "COVETSQL_WAY="+way)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	_, where, died := strings.Cut(out.String(), "died at ")
	if died {
		where, _, _ = strings.Cut(where, "\n")
		return where
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	return ""
}

// stride is 1 with COVETSQL_FAULTS=all in the environment; a short run dies at every fifth place.
func stride() int {
	if os.Getenv("COVETSQL_FAULTS") == "all" {
		return 1
	}
	return 5
}

func TestKilledAnywhereARunConverges(t *testing.T) {
	shortLease(t)
	for name, get := range servers(t) {
		t.Run(name, func(t *testing.T) {
			s := get(t)
			want := faulty[s.engine]
			for at, ended := 1, false; !ended; at += stride() {
				db := s.NewDatabase(t)
				where := child(t, s, db, "up", at)
				ended = where == ""
				conn, err := sql.Open(s.Driver(), s.DSN(db))
				if err != nil {
					t.Fatal(err)
				}
				r := &Runner{DB: conn, Engine: s.engine, FS: faultyFolder(s.engine)}
				if _, err := r.Apply(context.Background(), ApplyOptions{}); err != nil {
					t.Errorf("killed at %d (%s): %v", at, where, err)
					conn.Close()
					continue
				}
				if got := states(t, r); got != "1 applied, 2 applied, 3 applied" {
					t.Errorf("killed at %d (%s): %s", at, where, got)
				}
				for query, n := range want.expect {
					if got := count(t, conn, query); got != n {
						t.Errorf("killed at %d (%s): %s gives %d, not %d", at, where, query, got, n)
					}
				}
				conn.Close()
			}
		})
	}
}

func TestKilledAnywhereTheWayBackConverges(t *testing.T) {
	shortLease(t)
	for name, get := range servers(t) {
		t.Run(name, func(t *testing.T) {
			s := get(t)
			for at, ended := 1, false; !ended; at += stride() {
				db := s.NewDatabase(t)
				conn, err := sql.Open(s.Driver(), s.DSN(db))
				if err != nil {
					t.Fatal(err)
				}
				r := &Runner{DB: conn, Engine: s.engine, FS: faultyFolder(s.engine)}
				apply(t, r)
				conn.Close()
				where := child(t, s, db, "down", at)
				ended = where == ""
				if conn, err = sql.Open(s.Driver(), s.DSN(db)); err != nil {
					t.Fatal(err)
				}
				r.DB = conn
				if _, err := r.Down(context.Background(), 3, false); err != nil {
					t.Errorf("killed at %d (%s): %v", at, where, err)
				} else if n := count(t, conn, faulty[s.engine].empty); n != 0 || states(t, r) != "1 pending, 2 pending, 3 pending" {
					t.Errorf("killed at %d (%s): %d tables are left, %s", at, where, n, states(t, r))
				}
				conn.Close()
			}
		})
	}
}

// Killed while the server works for it, the runner's session lives on: the next one waits for it and then looks.
func TestKilledWithinAStatementARunConverges(t *testing.T) {
	for _, name := range []string{"postgresql", "mysql", "mariadb"} {
		t.Run(name, func(t *testing.T) {
			s := servers(t)[name](t)
			dbname := s.NewDatabase(t)
			db := s.Open(t, dbname)
			ctx := context.Background()
			r := &Runner{DB: db, Engine: s.engine, FS: faultyFolder(s.engine)}
			if _, err := r.Apply(ctx, ApplyOptions{To: "1"}); err != nil {
				t.Fatal(err)
			}
			// Somebody's transaction keeps the statement waiting.
			tx, err := s.Open(t, dbname).Begin()
			if err != nil {
				t.Fatal(err)
			}
			block := map[Engine]string{PostgreSQL: "INSERT INTO a VALUES (100)", MySQL: "SELECT * FROM a"}[s.engine]
			if _, err := tx.Exec(block); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(os.Args[0], "-test.run=^TestRunnerInAnotherProcess$")
			cmd.Env = append(os.Environ(), "COVETSQL_DIE_AT=0", "COVETSQL_ENGINE="+string(s.engine), "COVETSQL_DRIVER="+s.Driver(), "COVETSQL_DSN="+s.DSN(dbname), "COVETSQL_WAY=up")
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			waiting := map[Engine]string{
				PostgreSQL: "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'",
				MySQL:      "SELECT count(*) FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE 'ALTER TABLE%'",
			}[s.engine]
			for deadline := time.Now().Add(30 * time.Second); count(t, db, waiting) == 0; time.Sleep(50 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatal("the statement never waited")
				}
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // it was killed
			go func() { time.Sleep(300 * time.Millisecond); _ = tx.Rollback() }()
			apply(t, r)
			for query, n := range faulty[s.engine].expect {
				if got := count(t, db, query); got != n {
					t.Errorf("%s gives %d, not %d", query, got, n)
				}
			}
			if got := states(t, r); got != "1 applied, 2 applied, 3 applied" {
				t.Error(got)
			}
		})
	}
}
