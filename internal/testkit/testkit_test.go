package testkit

import (
	"os"
	"strings"
	"testing"
)

var servers = map[string]func(testing.TB) *Server{"postgresql": PostgreSQL, "mysql": MySQL, "mariadb": MariaDB, "sqlite": SQLite}

func TestEveryServerAnswersAndKeepsDatabasesApart(t *testing.T) {
	for name, get := range servers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := get(t)
			if s.Engine != name || s.Version == "" {
				t.Errorf("engine %q version %q", s.Engine, s.Version)
			}
			t.Logf("%s %s at %s", s.Engine, s.Version, s.URI("x"))
			one, two := s.NewDatabase(t), s.NewDatabase(t)
			s.Exec(t, one, "CREATE TABLE a (id int primary key, name varchar(10)); INSERT INTO a VALUES (1, 'naïve'), (2, NULL);")
			s.Exec(t, two, "CREATE TABLE a (id int primary key);")
			var n int
			var text string
			if err := s.Open(t, one).QueryRow("SELECT count(*), min(name) FROM a").Scan(&n, &text); err != nil || n != 2 || text != "naïve" {
				t.Errorf("%d %q %v", n, text, err)
			}
			if err := s.Open(t, two).QueryRow("SELECT count(*) FROM a").Scan(&n); err != nil || n != 0 {
				t.Errorf("the other database has %d rows, %v", n, err)
			}
		})
	}
}

func TestADatabaseIsDroppedWithItsTest(t *testing.T) {
	for _, get := range []func(testing.TB) *Server{PostgreSQL} {
		s := get(t)
		var name string
		t.Run("inner", func(t *testing.T) {
			name = s.NewDatabase(t)
			s.Exec(t, name, "CREATE TABLE a (id int)")
		})
		var n int
		err := s.Open(t, "postgres").QueryRow("SELECT count(*) FROM pg_database WHERE datname = $1", name).Scan(&n)
		if err != nil || n != 0 {
			t.Errorf("%s is still there (%v)", name, err)
		}
	}
}

func TestTheSecondCallGivesTheSameServer(t *testing.T) {
	a, b := PostgreSQL(t), PostgreSQL(t)
	if a != b {
		t.Error("two servers")
	}
	if !strings.HasPrefix(a.URI("db"), "postgres://postgres@127.0.0.1:") {
		t.Error(a.URI("db"))
	}
	if os.Getuid() == 0 && a.Port == 5432 {
		t.Error("this is the machine's own server")
	}
}
