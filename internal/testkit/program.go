package testkit

import (
	"database/sql"
	"fmt"
	"os"

	"github.com/covetsql/covetsql/internal/testkit/binaries"
)

// Start gives a server of PostgreSQL, MySQL or MariaDB to a program that is no test: the
// same one that tests share.
func Start(engine string) (*Server, error) {
	mutex.Lock()
	defer mutex.Unlock()
	e := binaries.Engine(engine)
	s := started[e]
	if s == nil {
		s = &share{}
		s.server, s.err = connect(e)
		started[e] = s
	}
	return s.server, s.err
}

// Restart gives a server in the place of one that died.
func Restart(engine string) (*Server, error) {
	mutex.Lock()
	delete(started, binaries.Engine(engine))
	mutex.Unlock()
	return Start(engine)
}

// CreateDatabase makes an empty database whose name begins with prefix, and a function that
// drops it.
func (s *Server) CreateDatabase(prefix string) (name string, drop func() error, err error) {
	name = fmt.Sprintf("%s_%d_%d", prefix, os.Getpid(), serial.Add(1))
	db := ""
	if s.Engine == "postgresql" {
		db = "postgres"
	}
	admin, err := sql.Open(s.Driver(), s.DSN(db))
	if err != nil {
		return "", nil, err
	}
	if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
		admin.Close()
		return "", nil, err
	}
	return name, func() error {
		defer admin.Close()
		statement := "DROP DATABASE " + name
		if s.Engine == "postgresql" {
			statement += " WITH (FORCE)"
		}
		_, err := admin.Exec(statement)
		return err
	}, nil
}
