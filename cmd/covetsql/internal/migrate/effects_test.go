package migrate

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/internal/iostreams"
	"github.com/covetsql/covetsql/internal/testkit"
)

// projectOf writes files to a folder of their own, which is the one of the test from then on.
func projectOf(t *testing.T, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

// covetsql runs the verb and gives what it writes.
func covetsql(t *testing.T, args ...string) (out, told string, err error) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	io := &iostreams.Streams{In: strings.NewReader(""), Out: &stdout, Err: &stderr}
	app := &cli.App{Commands: []*cli.Command{New(io)}, ExitErrHandler: func(*cli.Context, error) {}, Writer: &stderr, ErrWriter: &stderr}
	err = app.RunContext(context.Background(), append([]string{"covetsql", "migrate"}, args...))
	return stdout.String(), stderr.String(), err
}

func has(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(text, w) {
			t.Errorf("does not say %q:\n%s", w, text)
		}
	}
}

func hasNot(t *testing.T, text string, wrong ...string) {
	t.Helper()
	for _, w := range wrong {
		if strings.Contains(text, w) {
			t.Errorf("says %q:\n%s", w, text)
		}
	}
}

const ofPostgres = `version: "2"
sql:
  - engine: postgresql
    schema: migrations
    queries: queries.sql
    database: {uri: "${LIVE_URL}"}
    migrations: {dir: migrations, form: golang-migrate, scratch: "${SCRATCH_URL}"}
`

// What each statement of a run locks, writes anew and loses is told before it runs, of the database as it is: tables without rows, and those
// that the same run makes, are not spoken of, under whatever name they go then.
func TestApplyTellsWhatEachStatementDoes(t *testing.T) {
	server := testkit.PostgreSQL(t)
	db := server.NewDatabase(t)
	t.Setenv("LIVE_URL", server.URI(db))
	server.Exec(t, db, `CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL); INSERT INTO users VALUES (1, 'a@example.com'); CREATE TABLE bare (id bigint PRIMARY KEY, note text);`)
	projectOf(t, map[string]string{
		"covetsql.yaml":                 ofPostgres,
		"queries.sql":                   "-- name: CountUsers :one\nSELECT count(*) FROM users;\n",
		"migrations/000001_init.up.sql": "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);\nCREATE TABLE bare (id bigint PRIMARY KEY, note text);\n",
		"migrations/000002_shrink.up.sql": "ALTER TABLE users ALTER COLUMN email TYPE varchar(40);\nCREATE INDEX users_email ON users (email);\n" +
			"ALTER TABLE bare ALTER COLUMN note TYPE varchar(10);\nALTER TABLE bare RENAME TO bald;\nALTER TABLE users RENAME TO people;\nCREATE TABLE fresh (id int PRIMARY KEY);\n",
		"migrations/000002_shrink.down.sql": "DROP TABLE fresh;\nALTER TABLE people RENAME TO users;\nALTER TABLE bald RENAME TO bare;\nDROP INDEX users_email;\n",
		"migrations/000003_more.up.sql":     "ALTER TABLE bald ALTER COLUMN id TYPE int;\nALTER TABLE people DROP COLUMN email;\nALTER TABLE fresh ALTER COLUMN id TYPE bigint;\n",
	})
	if _, told, err := covetsql(t, "baseline", "1"); err != nil {
		t.Fatalf("%v\n%s", err, told)
	}
	_, told, err := covetsql(t, "apply", "--dry-run")
	if err != nil {
		t.Fatalf("%v\n%s", err, told)
	}
	has(t, told, "warning[CV6001] 000002_shrink.up.sql:1: ", "warning[CV6003]", "warning[CV6010]", "would apply 2 shrink", "ACCESS EXCLUSIVE on users; rewrite users", "SHARE on users; build index users users_email",
		"only tables that are new, or have no rows", "ACCESS EXCLUSIVE on people; loses column public.people.email (the values of the column)")
	hasNot(t, told, "on bare", "on bald", "on fresh", "of bare", "of bald")
	out, told, err := covetsql(t, "apply", "--dry-run", "--format", "json")
	if err != nil {
		t.Fatal(err, told)
	}
	has(t, out, `"event":"effect"`, `"mode":"ACCESS EXCLUSIVE","blocks_reads":true,"blocks_writes":true`, `"kind":"rewrite","table":"users"`, `"event":"finding"`, `"code":"CV6003"`)
	if _, told, err = covetsql(t, "apply"); err != nil {
		t.Fatal(err, told)
	}
	has(t, told, "(ACCESS EXCLUSIVE on users; rewrite users; build index users users_pkey)")
	if at, ran := strings.Index(told, "warning[CV6010]"), strings.Index(told, "applying"); at < 0 || at > ran {
		t.Errorf("the warnings come before the first statement:\n%s", told)
	}
	if _, told, err = covetsql(t, "apply", "--dry-run"); err != nil {
		t.Fatal(err, told)
	}
	has(t, told, "there is nothing to do")
}

// Nothing of a table that can't be looked into soon, or whose rows a policy hides, is taken for empty.
func TestATableIsEmptyOnlyWhereThatIsKnown(t *testing.T) {
	server := testkit.PostgreSQL(t)
	db := server.NewDatabase(t)
	t.Setenv("LIVE_URL", server.URI(db))
	server.Exec(t, db, "CREATE TABLE locked (id int); CREATE TABLE later (id int);")
	hold := server.Open(t, db)
	tx, err := hold.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // the database goes with the test
	if _, err := tx.Exec("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	projectOf(t, map[string]string{
		"covetsql.yaml": ofPostgres, "queries.sql": "-- name: One :one\nSELECT 1;\n",
		"migrations/000001_init.up.sql": "ALTER TABLE locked ALTER COLUMN id TYPE bigint;\nINSERT INTO later SELECT generate_series(1, 9);\nALTER TABLE later ALTER COLUMN id TYPE bigint;\n",
	})
	_, told, err := covetsql(t, "apply", "--dry-run")
	if err != nil {
		t.Fatal(err, told)
	}
	has(t, told, "ACCESS EXCLUSIVE on locked; rewrite locked", "ACCESS EXCLUSIVE on later; rewrite later")
}

// MySQL's and MariaDB's ways of an ALTER TABLE are told, and so is what is lost.
func TestApplyTellsOfMySQL(t *testing.T) {
	for name, start := range map[string]func(testing.TB) *testkit.Server{"mysql": testkit.MySQL, "mariadb": testkit.MariaDB} {
		t.Run(name, func(t *testing.T) {
			server := start(t)
			db := server.NewDatabase(t)
			t.Setenv("LIVE_URL", server.URI(db))
			server.Exec(t, db, "CREATE TABLE users (id bigint PRIMARY KEY, email varchar(40) NOT NULL); INSERT INTO users VALUES (1, 'a@example.com'); CREATE TABLE bare (id bigint PRIMARY KEY, note text);")
			projectOf(t, map[string]string{
				"covetsql.yaml": strings.Replace(ofPostgres, "postgresql", "mysql", 1), "queries.sql": "-- name: CountUsers :one\nSELECT count(*) FROM users;\n",
				"migrations/000001_shrink.up.sql": "ALTER TABLE users MODIFY email varchar(20) NOT NULL;\nALTER TABLE bare MODIFY note varchar(10);\nRENAME TABLE bare TO bald, users TO people;\nALTER TABLE people DROP COLUMN email;\nALTER TABLE bald DROP COLUMN note;\n",
			})
			_, told, err := covetsql(t, "apply", "--dry-run")
			if err != nil {
				t.Fatal(err, told)
			}
			has(t, told, "warning[CV6050] 000001_shrink.up.sql:1: ", "ACCESS EXCLUSIVE on users; ALGORITHM=COPY, LOCK=SHARED; copy users", "warning[CV6010] 000001_shrink.up.sql:4: ")
			hasNot(t, told, "on bare", "on bald", "copy bare", "of bald")
		})
	}
}
