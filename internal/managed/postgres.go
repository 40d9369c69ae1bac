package managed

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/covetsql/covetsql/compiler/introspect/postgres"
)

// PostgreSQL's codes of errors that are expected.
const (
	duplicateDatabase = "42P04"
	uniqueViolation   = "23505" // the same, where both do it at the same moment
	objectInUse       = "55006" // the template, while another database is made of it
)

// makePostgres makes the database under another name and renames it when it is whole: whoever finds its name finds
// all of it, and two that make it at once do not disturb each other.
func makePostgres(ctx context.Context, server string, w wish) (string, error) {
	name := w.name
	uri := postgresURI(server, name)
	admin, err := postgres.Connect(ctx, server)
	if err != nil {
		return "", err
	}
	defer admin.Close(context.WithoutCancel(ctx))
	if w.shared {
		var there bool
		if err := admin.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = $1)", name).Scan(&there); err != nil {
			return "", fmt.Errorf("looking for the database %s: %w", name, said(err))
		}
		if there {
			return uri, nil
		}
	}
	making := name + "_" + strings.ToLower(rand.Text()[:10])
	if err := createPostgres(ctx, admin, making); err != nil {
		return "", fmt.Errorf("making the database %s: %w", making, said(err))
	}
	err = fillPostgres(ctx, postgresURI(server, making), w.schema)
	if err == nil {
		if err = exec(ctx, admin, "ALTER DATABASE "+quoted(making)+" RENAME TO "+quoted(name)); err == nil {
			return uri, nil
		}
		if c := code(err); c == duplicateDatabase || c == uniqueViolation { // made by somebody else meanwhile
			err = nil
		}
	}
	if dropped := exec(context.WithoutCancel(ctx), admin, "DROP DATABASE IF EXISTS "+quoted(making)); dropped != nil && err == nil {
		err = fmt.Errorf("dropping the database %s: %w", making, said(dropped))
	}
	return uri, said(err)
}

func createPostgres(ctx context.Context, admin *pgx.Conn, name string) error {
	const tries = 50
	for i := 1; ; i++ {
		err := exec(ctx, admin, "CREATE DATABASE "+quoted(name))
		if code(err) != objectInUse || i == tries {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// fillPostgres applies a schema over one connection, as psql would, each statement by itself.
func fillPostgres(ctx context.Context, uri string, schema []statement) error {
	conn, err := postgres.Connect(ctx, uri)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, s := range schema {
		if strings.EqualFold(s.TokenText(0), "copy") { // its rows stand in the file, for psql
			continue
		}
		if err := exec(ctx, conn, s.sql); err != nil {
			return &Refused{s.Statement, said(err)}
		}
	}
	return nil
}

// dropPostgres drops a scratch database, whoever is still connected; one that can't be dropped now is left behind.
func dropPostgres(ctx context.Context, server, name, _ string) {
	admin, err := postgres.Connect(ctx, server)
	if err != nil {
		return
	}
	defer admin.Close(ctx)
	exec(ctx, admin, "DROP DATABASE IF EXISTS "+quoted(name)+" WITH (FORCE)") //nolint:errcheck // nothing rests on it
}

func exec(ctx context.Context, conn *pgx.Conn, statement string) error {
	_, err := conn.Exec(ctx, statement, pgx.QueryExecModeSimpleProtocol)
	return err
}

func code(err error) string {
	var server *pgconn.PgError
	if errors.As(err, &server) {
		return server.Code
	}
	return ""
}

// said are a server's own words.
func said(err error) error {
	var refused *Refused
	var server *pgconn.PgError
	if !errors.As(err, &refused) && errors.As(err, &server) {
		return errors.New(server.Message)
	}
	return err
}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }

// postgresURI is the URI of another database of a server, which is named by a URI or by keywords and values.
func postgresURI(server, name string) string {
	if u, err := url.Parse(server); err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql") {
		u.Path, u.RawPath = "/"+name, ""
		return u.String()
	}
	return server + " dbname=" + name // of two the last one counts
}
