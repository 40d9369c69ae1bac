package migrate

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/covetsql/covetsql/internal/testkit"
)

func folder(files map[string]string) fs.FS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

// own is a folder of our own form: version_name -> up, and with a ! in front the down side.
func own(files ...string) fs.FS {
	m := map[string]string{"covet.sum": ""}
	for i := 0; i < len(files); i += 2 {
		if name, ok := strings.CutPrefix(files[i], "!"); ok {
			m[name+".down.sql"] = files[i+1]
		} else {
			m[files[i]+".up.sql"] = files[i+1]
		}
	}
	return folder(m)
}

type server struct {
	*testkit.Server
	engine Engine
}

func servers(t *testing.T) map[string]func(testing.TB) server {
	return map[string]func(testing.TB) server{
		"postgresql": func(t testing.TB) server { return server{testkit.PostgreSQL(t), PostgreSQL} },
		"mysql":      func(t testing.TB) server { return server{testkit.MySQL(t), MySQL} },
		"mariadb":    func(t testing.TB) server { return server{testkit.MariaDB(t), MySQL} },
		"sqlite":     func(t testing.TB) server { return server{testkit.SQLite(t), SQLite} },
	}
}

// everywhere runs a test on all engines.
func everywhere(t *testing.T, test func(t *testing.T, s server, db *sql.DB)) {
	for name, get := range servers(t) {
		t.Run(name, func(t *testing.T) {
			s := get(t)
			test(t, s, s.Open(t, s.NewDatabase(t)))
		})
	}
}

func apply(t *testing.T, r *Runner) *Report {
	t.Helper()
	rep, err := r.Apply(context.Background(), ApplyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func count(t *testing.T, db *sql.DB, query string) (n int) {
	t.Helper()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func run(t *testing.T, db *sql.DB, query string) {
	t.Helper()
	if _, err := db.Exec(query); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func states(t *testing.T, r *Runner) string {
	t.Helper()
	st, err := r.Status(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, it := range st.Items {
		out = append(out, it.Version+" "+string(it.State))
	}
	return strings.Join(out, ", ")
}

func steps_(rep *Report) string {
	var out []string
	for _, s := range rep.Steps {
		out = append(out, s.Version)
	}
	return strings.Join(out, " ")
}

func wantError(t *testing.T, err error, kind error, texts ...string) {
	t.Helper()
	if err == nil || (kind != nil && !errors.Is(err, kind)) {
		t.Fatalf("%v, want %v", err, kind)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("%v\nlacks %q", err, text)
		}
	}
}

func TestUpAndDown(t *testing.T) {
	everywhere(t, func(t *testing.T, s server, db *sql.DB) {
		ctx := context.Background()
		r := &Runner{DB: db, Engine: s.engine, FS: own(
			"1_a", "CREATE TABLE a (id int PRIMARY KEY);\nINSERT INTO a VALUES (1), (2);", "!1_a", "DROP TABLE a;",
			"2_b", "ALTER TABLE a ADD COLUMN b int;", "!2_b", "ALTER TABLE a DROP COLUMN b;",
			"3_c", "UPDATE a SET b = 7;\n-- covet:check\nSELECT id FROM a WHERE b IS NULL;", "!3_c", "UPDATE a SET b = NULL;")}
		if got := states(t, r); got != "1 pending, 2 pending, 3 pending" {
			t.Fatal(got)
		}
		dry, err := r.Apply(ctx, ApplyOptions{DryRun: true})
		if err != nil || len(dry.Steps) != 3 || len(dry.Steps[0].Statements) != 2 || states(t, r) != "1 pending, 2 pending, 3 pending" {
			t.Fatalf("%+v %v", dry, err)
		}
		if rep, err := r.Apply(ctx, ApplyOptions{To: "2"}); err != nil || steps_(rep) != "1 2" || rep.Current != "2" {
			t.Fatalf("%+v %v", rep, err)
		}
		if rep := apply(t, r); steps_(rep) != "3" {
			t.Fatalf("%+v", rep)
		}
		if rep := apply(t, r); len(rep.Steps) != 0 || rep.Current != "3" {
			t.Fatalf("%+v", rep)
		}
		if n := count(t, db, "SELECT COUNT(*) FROM a WHERE b = 7"); n != 2 {
			t.Errorf("%d rows", n)
		}
		rep, err := r.Down(ctx, 2, false)
		if err != nil || steps_(rep) != "3 2" || states(t, r) != "1 applied, 2 pending, 3 pending" {
			t.Fatalf("%+v %v %s", rep, err, states(t, r))
		}
		apply(t, r)
		if rep, err = r.Down(ctx, 3, false); err != nil || states(t, r) != "1 pending, 2 pending, 3 pending" {
			t.Fatalf("%+v %v", rep, err)
		}
	})
}

func TestAnErrorLeavesNothingOrSaysWhat(t *testing.T) {
	everywhere(t, func(t *testing.T, s server, db *sql.DB) {
		files := []string{"1_a", "CREATE TABLE a (id int PRIMARY KEY);", "2_b", "CREATE TABLE b (id int);\n\nCREATE TABLE a (id int); -- password 'hunter2'\nCREATE TABLE c (id int);"}
		r := &Runner{DB: db, Engine: s.engine, FS: own(files...)}
		rep, err := r.Apply(context.Background(), ApplyOptions{})
		wantError(t, err, nil, "2_b.up.sql:3: statement 2 of 3 failed (CREATE TABLE a (id int))")
		if steps_(rep) != "1" {
			t.Errorf("%+v", rep)
		}
		if s.engine == MySQL {
			wantError(t, err, nil, "1 of 3 statements took effect", "goes on with this statement")
			if got := states(t, r); got != "1 applied, 2 partial" {
				t.Error(got)
			}
		} else {
			wantError(t, err, nil, "nothing of the migration is there")
			if got := states(t, r); got != "1 applied, 2 pending" {
				t.Error(got)
			}
		}
		// The statement that failed is corrected; those before it ran.
		files[3] = strings.Replace(files[3], "TABLE a", "TABLE a2", 1)
		r.FS = own(files...)
		apply(t, r)
		if n := count(t, db, "SELECT COUNT(*) FROM a2") + count(t, db, "SELECT COUNT(*) FROM b") + count(t, db, "SELECT COUNT(*) FROM c"); n != 0 {
			t.Error(n)
		}
		if s.engine == MySQL { // a statement that ran may not change
			files = append(files, "3_d", "CREATE TABLE d (id int);\nCREATE TABLE a (id int);")
			r.FS = own(files...)
			_, err = r.Apply(context.Background(), ApplyOptions{})
			wantError(t, err, nil, "statement 2 of 2")
			files[5] = "CREATE TABLE d2 (id int);\nCREATE TABLE d3 (id int);"
			r.FS = own(files...)
			_, err = r.Apply(context.Background(), ApplyOptions{})
			wantError(t, err, ErrChanged, "the first statement ran already")
		}
	})
}

func TestChangedLateAndMissingFilesAreRefused(t *testing.T) {
	everywhere(t, func(t *testing.T, s server, db *sql.DB) {
		ctx := context.Background()
		a, b, c := "CREATE TABLE a (id int);", "CREATE TABLE b (id int);", "CREATE TABLE c (id int);"
		r := &Runner{DB: db, Engine: s.engine, FS: own("1_a", a, "3_c", c)}
		apply(t, r)
		r.FS = own("1_a", "CREATE TABLE a (id bigint);", "3_c", c)
		_, err := r.Apply(ctx, ApplyOptions{})
		wantError(t, err, ErrChanged, "1_a.up.sql", "repair --checksums")
		if changes, err := r.Repair(ctx, RepairOptions{Checksums: true}); err != nil || len(changes) != 1 {
			t.Fatal(changes, err)
		}
		apply(t, r)
		r.FS = own("1_a", "CREATE TABLE a (id bigint);", "2_b", b, "3_c", c)
		if got := states(t, r); got != "1 applied, 2 late, 3 applied" {
			t.Error(got)
		}
		_, err = r.Apply(ctx, ApplyOptions{})
		wantError(t, err, ErrLate, "2_b.up.sql", "--allow-late")
		r.AllowLate = true
		if rep := apply(t, r); steps_(rep) != "2" {
			t.Errorf("%+v", rep)
		}
		// The last one applied is undone first.
		r.FS = own("1_a", "CREATE TABLE a (id bigint);", "2_b", b, "!2_b", "DROP TABLE b", "3_c", c)
		if rep, err := r.Down(ctx, 1, false); err != nil || steps_(rep) != "2" {
			t.Errorf("%+v %v", rep, err)
		}
		_, err = r.Down(ctx, 1, false)
		wantError(t, err, ErrNoDown, "says nothing of the way back")
		// A file that is gone matters when something is to be applied; a newer program's files do not.
		r.FS = own("1_a", "CREATE TABLE a (id bigint);")
		if got := states(t, r); got != "1 applied, 3 ahead" {
			t.Error(got)
		}
		apply(t, r)
		r.FS = own("3_c", c, "4_d", "CREATE TABLE d (id int)")
		_, err = r.Apply(ctx, ApplyOptions{})
		wantError(t, err, ErrMissing, "version 1")
		if _, err := r.Repair(ctx, RepairOptions{Missing: true}); err != nil {
			t.Fatal(err)
		}
		apply(t, r)
	})
}

func TestTwoRunnersOneWaits(t *testing.T) {
	everywhere(t, func(t *testing.T, s server, db *sql.DB) {
		slow := map[Engine]string{PostgreSQL: "SELECT pg_sleep(0.7);", MySQL: "DO SLEEP(0.7);",
			SQLite: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500000) SELECT count(*) FROM n;"}[s.engine]
		files := own("1_a", "CREATE TABLE a (id int);\n"+slow+"\nINSERT INTO a VALUES (1);", "2_b", "INSERT INTO a VALUES (2);\n"+slow, "3_c", "CREATE TABLE c (id int);")
		done := make(chan *Report, 4)
		for range 4 {
			go func() {
				r := &Runner{DB: db, Engine: s.engine, FS: files}
				rep, err := r.Apply(context.Background(), ApplyOptions{})
				if err != nil {
					t.Error(err)
				}
				done <- rep
			}()
		}
		ran := 0
		for range 4 {
			if rep := <-done; rep != nil {
				ran += len(rep.Steps)
				if rep.Current != "3" { // a runner that waited told of the version from before
					t.Errorf("a runner says that the database is at version %q", rep.Current)
				}
			}
		}
		if ran != 3 {
			t.Errorf("%d migrations ran", ran)
		}
		if n := count(t, db, "SELECT COUNT(*) FROM a"); n != 2 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestWaitingEnds(t *testing.T) {
	for _, name := range []string{"postgresql", "mysql", "mariadb"} {
		t.Run(name, func(t *testing.T) {
			s := servers(t)[name](t)
			db := s.Open(t, s.NewDatabase(t))
			slow := map[Engine]string{PostgreSQL: "SELECT pg_sleep(3);", MySQL: "DO SLEEP(3);"}[s.engine]
			r := &Runner{DB: db, Engine: s.engine, FS: own("1_a", slow)}
			done := make(chan error)
			go func() { _, err := r.Apply(context.Background(), ApplyOptions{}); done <- err }()
			time.Sleep(time.Second)
			other := *r
			var seen []Event
			other.Wait, other.OnEvent = 400*time.Millisecond, func(e Event) { seen = append(seen, e) }
			_, err := other.Apply(context.Background(), ApplyOptions{})
			wantError(t, err, ErrLocked, "the lock is held by the server's")
			if len(seen) == 0 || seen[0].Kind != Waiting {
				t.Errorf("%+v", seen)
			}
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}

func TestGoFunctions(t *testing.T) {
	everywhere(t, func(t *testing.T, s server, db *sql.DB) {
		ctx := context.Background()
		broken := errors.New("broken")
		fail := true
		r := &Runner{DB: db, Engine: s.engine, FS: own("1_a", "CREATE TABLE a (id int);", "3_c", "INSERT INTO a VALUES (3);"), Options: Options{Funcs: []Func{
			{Version: "2", Name: "fill", Up: func(ctx context.Context, tx *sql.Tx) error {
				if _, err := tx.ExecContext(ctx, "INSERT INTO a VALUES (2)"); err != nil {
					return err
				}
				if fail {
					return broken
				}
				return nil
			}, Down: func(ctx context.Context, tx *sql.Tx) error {
				_, err := tx.ExecContext(ctx, "DELETE FROM a WHERE id = 2")
				return err
			}},
			{Version: "4", Name: "outside", UpDB: func(ctx context.Context, db *sql.DB) error {
				_, err := db.ExecContext(ctx, "INSERT INTO a VALUES (4)")
				return err
			}},
		}}}
		_, err := r.Apply(ctx, ApplyOptions{})
		wantError(t, err, broken)
		if n := count(t, db, "SELECT COUNT(*) FROM a"); n != 0 || states(t, r) != "1 applied, 2 pending, 3 pending, 4 pending" {
			t.Error(n, states(t, r))
		}
		fail = false
		if rep := apply(t, r); steps_(rep) != "2 3 4" {
			t.Errorf("%+v", rep)
		}
		if n := count(t, db, "SELECT COUNT(*) FROM a"); n != 3 {
			t.Error(n)
		}
	})
}

func TestBatchesRunUntilNothingChanges(t *testing.T) {
	everywhere(t, func(t *testing.T, s server, db *sql.DB) {
		limit := "id IN (SELECT id FROM a WHERE b IS NULL LIMIT 3)"
		update := "UPDATE a SET b = 1 WHERE " + limit
		if s.engine == MySQL {
			update = "UPDATE a SET b = 1 WHERE b IS NULL LIMIT 3"
		}
		var rounds []int64
		r := &Runner{DB: db, Engine: s.engine, Options: Options{OnEvent: func(e Event) {
			if e.Kind == BatchRound {
				rounds = append(rounds, e.Rows)
			}
		}}, FS: own("1_a", "CREATE TABLE a (id int PRIMARY KEY, b int);\nINSERT INTO a (id) VALUES (1),(2),(3),(4),(5),(6),(7);", "2_b", "-- covet:transaction none\n-- covet:batch\n"+update+";\n")}
		apply(t, r)
		if !slices.Equal(rounds, []int64{3, 6, 7}) || count(t, db, "SELECT COUNT(*) FROM a WHERE b = 1") != 7 {
			t.Error(rounds)
		}
	})
}

func TestBaseline(t *testing.T) {
	everywhere(t, func(t *testing.T, s server, db *sql.DB) {
		run(t, db, "CREATE TABLE a (id int)")
		r := &Runner{DB: db, Engine: s.engine, FS: own("1_a", "CREATE TABLE a (id int);", "2_b", "CREATE TABLE b (id int)")}
		if _, err := r.Baseline(context.Background(), "1"); err != nil {
			t.Fatal(err)
		}
		if rep := apply(t, r); steps_(rep) != "2" || states(t, r) != "1 baseline, 2 applied" {
			t.Errorf("%+v %s", rep, states(t, r))
		}
		_, err := r.Baseline(context.Background(), "1")
		wantError(t, err, nil, "has a history of 2")
	})
}

// What a file sets for its session must not reach the next file, nor the history (golang-migrate #719).
func TestSettingsOfAFileStayInIt(t *testing.T) {
	everywhere(t, func(t *testing.T, s server, db *sql.DB) {
		elsewhere := s.NewDatabase(t)
		set := map[Engine]string{
			PostgreSQL: "CREATE SCHEMA other; SELECT pg_catalog.set_config('search_path', '', false); SET lock_timeout = '7s';",
			MySQL:      "SET SESSION sql_mode = 'ANSI_QUOTES', foreign_key_checks = 0;\nUSE " + elsewhere + ";",
			SQLite:     "PRAGMA recursive_triggers = 1;",
		}[s.engine]
		look := map[Engine]string{
			PostgreSQL: "CREATE TABLE b AS SELECT 1 AS x WHERE current_setting('lock_timeout') = '0';",
			MySQL:      "CREATE TABLE b AS SELECT 1 AS x FROM (SELECT 1 AS y) t WHERE @@foreign_key_checks = 1 AND @@sql_mode NOT LIKE '%ANSI%';",
			SQLite:     "CREATE TABLE b AS SELECT 1 AS x WHERE (SELECT recursive_triggers FROM pragma_recursive_triggers) = 0;",
		}[s.engine]
		r := &Runner{DB: db, Engine: s.engine, FS: own("1_a", set, "2_b", look)}
		apply(t, r)
		if n := count(t, db, "SELECT COUNT(*) FROM b"); n != 1 {
			t.Error("settings of the first file are those of the second")
		}
	})
}

func TestSecretsAreInNoError(t *testing.T) {
	for _, text := range []string{"dial postgres://app:hunter2@db:5432/x failed", "password=hunter2 host=x", "app:hunter2@tcp(db:3306)/x", "syntax error near IDENTIFIED BY 'hunter2'"} {
		if got := (&Error{Text: "x", Err: errors.New(text)}).Error(); strings.Contains(got, "hunter2") {
			t.Error(got)
		}
	}
	if got := brief("CREATE USER a PASSWORD 'hunter2' /* hunter2 */", (&Runner{Engine: PostgreSQL}).dialect()); strings.Contains(got, "hunter2") {
		t.Error(got)
	}
}

// A procedure that failed may have done a part of its work: nothing is guessed.
func TestWhatCantBeKnownIsAsked(t *testing.T) {
	for _, name := range []string{"postgresql", "mysql", "mariadb"} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			s := servers(t)[name](t)
			db := s.Open(t, s.NewDatabase(t))
			r := &Runner{DB: db, Engine: s.engine, FS: own("1_a", "-- covet:transaction none\nCREATE TABLE a (id int);\nCALL p();\nINSERT INTO a VALUES (1);")}
			_, err := r.Apply(ctx, ApplyOptions{})
			wantError(t, err, nil, "statement 2 of 3 failed (CALL p())")
			_, err = r.Apply(ctx, ApplyOptions{})
			wantError(t, err, ErrUnknown, "1_a.up.sql:3", "repair --version 1 --statement done, or again")
			if _, err = r.Repair(ctx, RepairOptions{Version: "1", Statement: "perhaps"}); err == nil {
				t.Error("taken")
			}
			if changes, err := r.Repair(ctx, RepairOptions{Version: "1", Statement: "done"}); err != nil || len(changes) != 1 {
				t.Fatal(changes, err)
			}
			apply(t, r)
			if n := count(t, db, "SELECT COUNT(*) FROM a"); n != 1 {
				t.Error(n)
			}
		})
	}
}

// A file of the other kind beside a statement that runs alone is refused before anything is run.
func TestAloneAmongOthersIsRefused(t *testing.T) {
	s := servers(t)["postgresql"](t)
	db := s.Open(t, s.NewDatabase(t))
	r := &Runner{DB: db, Engine: PostgreSQL, FS: own("1_a", "CREATE TABLE a (id int);", "2_b", "ALTER TABLE a ADD b int;\nCREATE INDEX CONCURRENTLY ON a (b);")}
	_, err := r.Apply(context.Background(), ApplyOptions{})
	wantError(t, err, nil, "2_b.up.sql:2", "-- covet:transaction none")
	if got := states(t, r); got != "1 pending, 2 pending" {
		t.Error(got)
	}
}

// A new database starts with Atlas's last checkpoint; one that has a history goes past it.
func TestCheckpoints(t *testing.T) {
	everywhere(t, func(t *testing.T, s server, db *sql.DB) {
		files := map[string]string{"1_a.sql": "CREATE TABLE a (id int);", "2_b.sql": "CREATE TABLE b (id int);"}
		old := &Runner{DB: s.Open(t, s.NewDatabase(t)), Engine: s.engine, FS: folder(files), Options: Options{Form: "atlas"}}
		apply(t, old)
		files["3_checkpoint.sql"] = "-- atlas:checkpoint\n\nCREATE TABLE a (id int);\nCREATE TABLE b (id int);"
		files["4_c.sql"] = "CREATE TABLE c (id int);"
		fresh := &Runner{DB: db, Engine: s.engine, FS: folder(files), Options: Options{Form: "atlas"}}
		old.FS = fresh.FS
		if got := states(t, old); got != "1 applied, 2 applied, 3 covered, 4 pending" {
			t.Error(got)
		}
		if rep := apply(t, old); steps_(rep) != "4" {
			t.Errorf("%+v", rep)
		}
		if rep := apply(t, fresh); steps_(rep) != "3 4" {
			t.Errorf("%+v", rep)
		}
		for _, r := range []*Runner{old, fresh} {
			if rep := apply(t, r); len(rep.Steps) != 0 {
				t.Errorf("%+v", rep)
			}
		}
		if got := states(t, fresh); got != "1 baseline, 2 baseline, 3 applied, 4 applied" {
			t.Error(got)
		}
	})
}

// Repeatable migrations of Flyway's run when they changed, baseline migrations on new databases alone.
func TestFlywaysOtherKinds(t *testing.T) {
	everywhere(t, func(t *testing.T, s server, db *sql.DB) {
		files := map[string]string{"V1__a.sql": "CREATE TABLE a (id int);", "B2__all.sql": "CREATE TABLE a (id int);\nCREATE TABLE b (id int);", "V2__b.sql": "CREATE TABLE b (id int);", "V3__c.sql": "CREATE TABLE c (id int);",
			"R__view.sql": "DROP VIEW IF EXISTS v;\nCREATE VIEW v AS SELECT id FROM a;"}
		r := &Runner{DB: db, Engine: s.engine, FS: folder(files)}
		if rep := apply(t, r); steps_(rep) != "2 3 R__view.sql" {
			t.Fatalf("%+v", rep)
		}
		if rep := apply(t, r); len(rep.Steps) != 0 {
			t.Errorf("%+v", rep)
		}
		files["R__view.sql"] += "\n-- again"
		r.FS = folder(files)
		if rep := apply(t, r); steps_(rep) != "R__view.sql" {
			t.Errorf("%+v", rep)
		}
	})
}
