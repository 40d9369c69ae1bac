package testkit

import (
	"database/sql"
	"fmt"
	"os"
)

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
