package managed_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/go-sql-driver/mysql"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/internal/managed"
	"github.com/covetsql/covetsql/internal/testkit"
)

func statements(t *testing.T, e catalog.Engine, schema string) []*token.Statement {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "schema.sql"), []byte(schema), 0o644); err != nil {
		t.Fatal(err)
	}
	out, list := compiler.SchemaStatements(&config.Config{Dir: dir}, config.Package{Engine: e, Schema: []string{"schema.sql"}})
	if list.HasErrors() {
		t.Fatal(list)
	}
	return out
}

// servers are the servers with the URI that a configuration would name them by.
func servers(t *testing.T) map[string]*testkit.Server {
	return map[string]*testkit.Server{"postgresql": testkit.PostgreSQL(t), "mysql": testkit.MySQL(t), "mariadb": testkit.MariaDB(t)}
}

func engine(name string) catalog.Engine {
	if name == "mariadb" {
		return catalog.MySQL
	}
	return catalog.Engine(name)
}

// admin is the database that a server's own URI names, and a connection to it.
func admin(t *testing.T, s *testkit.Server) (uri string, db *sql.DB) {
	t.Helper()
	name := s.NewDatabase(t)
	return s.URI(name), s.Open(t, name)
}

// named is the name of a database by its URI. It is dropped when the test ends.
func named(t *testing.T, s *testkit.Server, db *sql.DB, uri string) string {
	t.Helper()
	name := uri[strings.LastIndex(uri, "/")+1:]
	name, _, _ = strings.Cut(name, "?")
	t.Cleanup(func() {
		if _, err := db.Exec("DROP DATABASE IF EXISTS " + name); err != nil {
			t.Log(err)
		}
	})
	return name
}

// distinct makes a test's schema one that no other run has.
func distinct(t *testing.T, s *testkit.Server) string {
	return "t" + s.NewDatabase(t)
}

func TestASchemasDatabaseIsMadeOnceAndFoundAgain(t *testing.T) {
	ctx := context.Background()
	for kind, s := range servers(t) {
		t.Run(kind, func(t *testing.T) {
			server, db := admin(t, s)
			table := distinct(t, s)
			schema := statements(t, engine(kind), "CREATE TABLE "+table+" (id int PRIMARY KEY);\nINSERT INTO "+table+" VALUES (7);\n")
			uris := make([]string, 4)
			var wg sync.WaitGroup
			for i := range uris {
				wg.Go(func() {
					var err error
					if uris[i], _, err = managed.Shared(ctx, engine(kind), server, schema); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			name := named(t, s, db, uris[0])
			for _, u := range uris {
				if u != uris[0] || !strings.HasPrefix(name, "covetsql_managed_") {
					t.Errorf("made %q", uris)
				}
			}
			var n int
			if err := s.Open(t, name).QueryRow("SELECT sum(id) FROM " + table).Scan(&n); err != nil || n != 7 {
				t.Errorf("rows sum up to %d: %v", n, err)
			}
			s.Exec(t, name, "INSERT INTO "+table+" VALUES (1);")
			again, _, err := managed.Shared(ctx, engine(kind), server, schema)
			if err != nil || again != uris[0] {
				t.Errorf("another one: %s %v", again, err)
			}
			if err := s.Open(t, name).QueryRow("SELECT sum(id) FROM " + table).Scan(&n); err != nil || n != 8 {
				t.Errorf("it was made anew: rows sum up to %d: %v", n, err)
			}
			fresh, err := managed.New(ctx, engine(kind), server, schema)
			if err != nil || fresh == again {
				t.Errorf("a new one: %s %v", fresh, err)
			}
			if made := named(t, s, db, fresh); !strings.HasPrefix(made, "covetsql_createdb_") || len(made) > 63 {
				t.Errorf("its name is %q", made)
			}
		})
	}
}

func TestOfARefusedSchemaNothingStays(t *testing.T) {
	for kind, s := range servers(t) {
		t.Run(kind, func(t *testing.T) {
			server, db := admin(t, s)
			table := distinct(t, s)
			schema := statements(t, engine(kind), "CREATE TABLE "+table+" (id int PRIMARY KEY);\nCREATE INDEX i ON "+table+" (nosuch);\n")
			before := databases(t, kind, db)
			_, _, err := managed.Shared(context.Background(), engine(kind), server, schema)
			var refused *managed.Refused
			if !errors.As(err, &refused) || refused.Statement != schema[1] || !strings.Contains(err.Error(), "nosuch") {
				t.Errorf("refused: %v", err)
			}
			if after := databases(t, kind, db); after[table] != before[table] {
				t.Errorf("databases of the schema: %v", after)
			}
		})
	}
}

// databases counts managed databases by a table that they have; PostgreSQL's are counted together.
func databases(t *testing.T, kind string, db *sql.DB) map[string]int {
	t.Helper()
	query := "SELECT table_name, count(*) FROM information_schema.tables WHERE table_schema LIKE 'covetsql%' GROUP BY table_name"
	if kind == "postgresql" {
		query = "SELECT datname, 1 FROM pg_database WHERE datname LIKE 'covetsql_managed\\_%\\_%'" // those that are not finished
	}
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var name string
		var n int
		if err := rows.Scan(&name, &n); err != nil {
			t.Fatal(err)
		}
		out[name] = n
	}
	return out
}

// A run that was killed leaves a database that is made anew.
func TestAHalfMadeDatabaseOfMySQLIsMadeAnew(t *testing.T) {
	s := testkit.MySQL(t)
	server, db := admin(t, s)
	table := distinct(t, s)
	schema := statements(t, catalog.MySQL, "CREATE TABLE "+table+" (id int PRIMARY KEY);\nCREATE TABLE "+table+"_more (id int PRIMARY KEY);\n")
	uri, _, err := managed.Shared(context.Background(), catalog.MySQL, server, schema)
	if err != nil {
		t.Fatal(err)
	}
	name := named(t, s, db, uri)
	s.Exec(t, name, "DROP TABLE "+table+"_more; CREATE TABLE covetsql_unfinished (x int)")
	if _, _, err := managed.Shared(context.Background(), catalog.MySQL, server, schema); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := db.QueryRow("SELECT count(*) FROM information_schema.tables WHERE table_schema = ?", name).Scan(&n); err != nil || n != 2 {
		t.Errorf("it has %d tables: %v", n, err)
	}
}

// A dump that makes and chooses its database changes the one that is made, and no other.
func TestADumpChangesNoOtherDatabaseOfMySQL(t *testing.T) {
	s := testkit.MySQL(t)
	server, db := admin(t, s)
	other, table := s.NewDatabase(t), distinct(t, s)
	s.Exec(t, other, "CREATE TABLE keep (id int)")
	schema := statements(t, catalog.MySQL, fmt.Sprintf("DROP DATABASE IF EXISTS %s;\nCREATE DATABASE %s;\nUSE `%s`;\nCREATE TABLE %s (id int);\n", other, other, other, table))
	uri, _, err := managed.Shared(context.Background(), catalog.MySQL, server, schema)
	if err != nil {
		t.Fatal(err)
	}
	s.Exec(t, named(t, s, db, uri), "SELECT * FROM "+table)
	s.Exec(t, other, "SELECT * FROM keep")
	schema = statements(t, catalog.MySQL, fmt.Sprintf("CREATE TABLE %s (id int);\nDROP TABLE IF EXISTS `%s`.keep;\n", table, other))
	if _, _, err = managed.Shared(context.Background(), catalog.MySQL, server, schema); err == nil || !strings.Contains(err.Error(), other+", which is another database") {
		t.Errorf("%v", err)
	}
	s.Exec(t, other, "SELECT * FROM keep")
}

// What no transaction may hold, and what looks like several statements, runs as it does with psql.
func TestEachStatementRunsByItself(t *testing.T) {
	s := testkit.PostgreSQL(t)
	server, db := admin(t, s)
	table := distinct(t, s)
	schema := statements(t, catalog.PostgreSQL, `CREATE DATABASE nosuch;
CREATE TYPE mood AS ENUM ('a');
ALTER TYPE mood ADD VALUE 'b';
CREATE TABLE `+table+` (id int, m mood DEFAULT 'b');
CREATE INDEX CONCURRENTLY i ON `+table+` (id);
COPY `+table+` (id) FROM stdin;
1
\.
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO `+table+` VALUES (1); RETURN 1; END $$;
`)
	uri, _, err := managed.Shared(context.Background(), catalog.PostgreSQL, server, schema)
	if err != nil {
		t.Fatal(err)
	}
	s.Exec(t, named(t, s, db, uri), "SELECT f()")
}

func TestSQLitesDatabaseIsAFileThatGoes(t *testing.T) {
	schema := statements(t, catalog.SQLite, "ATTACH 'x.db' AS x;\nCREATE TABLE t (id integer);\n")
	uri, done, err := managed.Shared(context.Background(), catalog.SQLite, "", schema)
	if err != nil {
		t.Fatal(err)
	}
	path := strings.TrimPrefix(uri, "file:")
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
	done()
	if _, err := os.Stat(filepath.Dir(path)); err == nil {
		t.Errorf("%s is still there", path)
	}
}

// A password goes into the URI that was asked for, and into nothing else.
func TestNoErrorHoldsAPassword(t *testing.T) {
	const secret = "geh%20eim"
	for kind, s := range servers(t) {
		uris := []string{
			fmt.Sprintf("%s://nobody:%s@%s:%d/none", map[string]string{"postgresql": "postgres"}[kind]+map[string]string{"mysql": "mysql", "mariadb": "mariadb"}[kind], secret, s.Host, s.Port),
			fmt.Sprintf("%s://nobody:%s@%s:1/none", kind, secret, s.Host),
			fmt.Sprintf("%s://nobody:%s@%s:port/none", kind, secret, s.Host),
			fmt.Sprintf("nobody:%s@tcp(%s:1)/none", secret, s.Host),
			"password=" + secret + " host=127.0.0.1 port=1 user=u",
			"://" + secret,
		}
		for _, uri := range uris {
			for _, schema := range []string{"SELECT 1;"} {
				_, err := managed.New(context.Background(), engine(kind), uri, statements(t, engine(kind), schema))
				if err == nil {
					continue // PostgreSQL trusts whoever asks
				}
				plain, _ := url.PathUnescape(secret)
				if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), plain) {
					t.Errorf("%s: %v", kind, err)
				}
			}
		}
	}
}

// The URI that is given has the form and the settings that the server's has.
func TestTheURIHasTheServersForm(t *testing.T) {
	s := testkit.MySQL(t)
	_, db := admin(t, s)
	table := distinct(t, s)
	schema := statements(t, catalog.MySQL, "CREATE TABLE "+table+" (id int PRIMARY KEY);\n")
	uri, _, err := managed.Shared(context.Background(), catalog.MySQL, fmt.Sprintf("root@tcp(%s:%d)/?parseTime=true", s.Host, s.Port), schema)
	if err != nil {
		t.Fatal(err)
	}
	named(t, s, db, uri)
	if c, err := mysql.ParseDSN(uri); err != nil || !c.ParseTime || !strings.HasPrefix(c.DBName, "covetsql_managed_") {
		t.Errorf("%s: %v", uri, err)
	}
	p := testkit.PostgreSQL(t)
	server, pdb := admin(t, p)
	words := fmt.Sprintf("host=%s port=%d user=postgres dbname=%s sslmode=disable", p.Host, p.Port, server[strings.LastIndex(server, "/")+1:strings.Index(server, "?")])
	uri, _, err = managed.Shared(context.Background(), catalog.PostgreSQL, words, statements(t, catalog.PostgreSQL, "CREATE TABLE "+table+" (id int PRIMARY KEY);\n"))
	if err != nil {
		t.Fatal(err)
	}
	name := uri[strings.LastIndex(uri, "dbname=")+len("dbname="):]
	t.Cleanup(func() { pdb.Exec("DROP DATABASE IF EXISTS " + name) })
	p.Exec(t, name, "SELECT * FROM "+table)
}
