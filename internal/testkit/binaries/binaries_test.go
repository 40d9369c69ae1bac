package binaries

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// program writes a script that says a version, as a server does.
func program(t *testing.T, path, says string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\necho '"+says+"'\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestTheNewestServerIsTaken(t *testing.T) {
	root := t.TempDir()
	for _, v := range []string{"9.6", "15", "17"} {
		program(t, filepath.Join(root, "usr/lib/postgresql", v, "bin/postgres"), "postgres (PostgreSQL) "+v+".1")
		if v != "17" { // only the client of 17 is there
			program(t, filepath.Join(root, "usr/lib/postgresql", v, "bin/initdb"), "")
		}
	}
	s, ok := inRoot(PostgreSQL, root)
	if !ok || s.Version != "15.1" || !strings.Contains(s.Init, "/15/") {
		t.Errorf("%+v %v", s, ok)
	}
}

func TestMariaDBsMysqldIsNotMySQL(t *testing.T) {
	root := t.TempDir()
	program(t, filepath.Join(root, "usr/sbin/mysqld"), "mysqld  Ver 10.11.6-MariaDB for debian-linux-gnu")
	if s, ok := inRoot(MySQL, root); ok {
		t.Errorf("taken for MySQL: %+v", s)
	}
	program(t, filepath.Join(root, "usr/sbin/mysqld"), "mysqld  Ver 8.4.3 for Linux on x86_64")
	if s, ok := inRoot(MySQL, root); !ok || s.Version != "8.4.3" {
		t.Errorf("%+v %v", s, ok)
	}
}

func TestAMissingServerNamesItsPackage(t *testing.T) {
	t.Setenv("COVETSQL_TESTKIT_CACHE", t.TempDir())
	t.Setenv("PATH", t.TempDir())
	if _, ok := inRoot(MySQL, "/"); ok {
		t.Skip("MySQL is installed on this machine")
	}
	_, err := Find(MySQL)
	if !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "mysql-server-core") || !strings.Contains(err.Error(), "internal/testkit/install mysql") {
		t.Errorf("%v", err)
	}
}

func TestFetchedServersOfAnotherFolderAreFound(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("COVETSQL_TESTKIT_CACHE", cache)
	program(t, filepath.Join(cache, "mariadb/usr/sbin/mariadbd"), "mariadbd  Ver 11.8.1-MariaDB for Linux")
	program(t, filepath.Join(cache, "mariadb/usr/bin/mariadb-install-db"), "")
	if s, ok := inRoot(MariaDB, Root(MariaDB)); !ok || s.Version != "11.8.1-MariaDB" {
		t.Errorf("%+v %v", s, ok)
	}
}
