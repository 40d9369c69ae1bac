// Package binaries finds the programs of database servers on this machine, or fetches them
// into a cache folder without installing anything. It starts none of them.
package binaries

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// Engine is a server that tests can have.
type Engine string

// The engines. SQLite needs no programs.
const (
	PostgreSQL Engine = "postgresql"
	MariaDB    Engine = "mariadb"
	MySQL      Engine = "mysql"
	// PgBouncer is no engine of its own: it stands before PostgreSQL.
	PgBouncer Engine = "pgbouncer"
)

// Engines are all engines, and what stands before them.
var Engines = []Engine{PostgreSQL, MariaDB, MySQL, PgBouncer}

// Set is an installed server.
type Set struct {
	Engine Engine
	// Server is the server's program, Init the one that makes a data folder (MySQL's server
	// does that itself).
	Server, Init string
	// Base is the folder that holds bin, sbin and share.
	Base string
	// Fetched tells that the set lies in the cache.
	Fetched bool
	Version string
}

// ErrNotFound is wrapped where a server is not on this machine.
var ErrNotFound = errors.New("not on this machine")

// packages are what a person would install by hand.
var packages = map[Engine]string{
	PostgreSQL: "postgresql",
	MariaDB:    "mariadb-server-core",
	PgBouncer:  "pgbouncer",
	MySQL:      "mysql-server-core (Debian unstable) or mysql-server-core-8.0 (Ubuntu)",
}

// Find looks for a server among the machine's own programs, then in the cache.
func Find(e Engine) (Set, error) {
	if s, ok := inRoot(e, "/"); ok {
		return s, nil
	}
	if s, ok := inPath(e); ok {
		return s, nil
	}
	if s, ok := inRoot(e, Root(e)); ok {
		s.Fetched = true
		return s, nil
	}
	return Set{}, fmt.Errorf("%s is %w; run `go run ./internal/testkit/install %s`, or install the package %s",
		e, ErrNotFound, e, packages[e])
}

// Cache is the folder of fetched servers. The superuser's is outside its home, because
// PostgreSQL runs as another user then.
func Cache() string {
	if dir := os.Getenv("COVETSQL_TESTKIT_CACHE"); dir != "" {
		return dir
	}
	if os.Getuid() == 0 {
		return "/var/cache/covetsql-testkit"
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "covetsql-testkit")
}

// Root is where a fetched server's files lie, as they would under /.
func Root(e Engine) string { return filepath.Join(Cache(), string(e)) }

// programs are a server's names and those of what makes its data folder.
var programs = map[Engine]struct{ server, init string }{
	PostgreSQL: {"postgres", "initdb"},
	MariaDB:    {"mariadbd", "mariadb-install-db"},
	MySQL:      {"mysqld", ""},
	PgBouncer:  {"pgbouncer", ""},
}

// inPath looks where other systems than Debian have their programs.
func inPath(e Engine) (Set, bool) {
	names := programs[e]
	s := Set{Engine: e}
	var err error
	if s.Server, err = exec.LookPath(names.server); err != nil {
		return s, false
	}
	if names.init != "" {
		if s.Init, err = exec.LookPath(names.init); err != nil {
			return s, false
		}
	}
	s.Base = filepath.Dir(filepath.Dir(s.Server))
	return s.confirm()
}

func inRoot(e Engine, root string) (Set, bool) {
	s := Set{Engine: e, Base: filepath.Join(root, "usr")}
	switch e {
	case PostgreSQL:
		bin, ok := newest(filepath.Join(root, "usr/lib/postgresql/*/bin"))
		if !ok {
			return s, false
		}
		s.Server, s.Init = filepath.Join(bin, "postgres"), filepath.Join(bin, "initdb")
	case MariaDB:
		s.Server, s.Init = filepath.Join(root, "usr/sbin/mariadbd"), filepath.Join(root, "usr/bin/mariadb-install-db")
	case MySQL:
		s.Server = filepath.Join(root, "usr/sbin/mysqld")
	case PgBouncer:
		s.Server = filepath.Join(root, "usr/sbin/pgbouncer")
	}
	for _, program := range []string{s.Server, s.Init} {
		if program == "" {
			continue
		}
		if info, err := os.Stat(program); err != nil || info.Mode()&0o111 == 0 {
			return s, false
		}
	}
	return s.confirm()
}

// confirm asks the program what it is.
func (s Set) confirm() (Set, bool) {
	out, err := exec.Command(s.Server, "--version").Output()
	if err != nil {
		return s, false
	}
	// Packages of MariaDB bring a mysqld of their own.
	if s.Engine == MySQL && strings.Contains(string(out), "MariaDB") {
		return s, false
	}
	s.Version = regexp.MustCompile(`\d+(\.\d+)+(-MariaDB)?`).FindString(string(out))
	return s, true
}

// newest picks of folders that differ in a version number the highest.
func newest(pattern string) (string, bool) {
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) == 0 {
		return "", false
	}
	number := func(path string) float64 {
		n, err := strconv.ParseFloat(filepath.Base(filepath.Dir(path)), 64)
		if err != nil {
			return 0
		}
		return n
	}
	sort.Slice(found, func(i, j int) bool { return number(found[i]) < number(found[j]) })
	for i := len(found) - 1; i >= 0; i-- {
		// A client's package has a folder too, without a server.
		if _, err := os.Stat(filepath.Join(found[i], "initdb")); err == nil {
			return found[i], true
		}
	}
	return "", false
}
