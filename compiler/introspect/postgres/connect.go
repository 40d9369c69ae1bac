package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Connect connects to the database that a URI or a keyword/value string names. No error holds the URI or its password.
func Connect(ctx context.Context, uri string) (*pgx.Conn, error) {
	config, err := parse(uri)
	if err != nil {
		return nil, err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connecting to PostgreSQL at %s, port %d: %s", config.Host, config.Port, reason(err, config.Password))
	}
	return conn, nil
}

// Check tells whether a URI or a keyword/value string can be understood. The driver's own error shows what it took for no password.
func Check(uri string) error {
	_, err := parse(uri)
	return err
}

func parse(uri string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(uri)
	if err != nil {
		return nil, errors.New("the database's URI can not be understood; it should look like postgres://user:password@host:5432/database")
	}
	return config, nil
}

// reason is an error's own words; a driver puts the whole connection string in front.
func reason(err error, password string) string {
	var server *pgconn.PgError
	if errors.As(err, &server) {
		return server.Message
	}
	text := err.Error()
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			break
		}
		err, text = inner, inner.Error()
	}
	if password != "" {
		text = strings.ReplaceAll(text, password, "***")
	}
	return text
}
