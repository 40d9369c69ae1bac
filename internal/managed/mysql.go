package managed

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"

	driver "github.com/go-sql-driver/mysql"

	"github.com/covetsql/covetsql/compiler/introspect/mysql"
	"github.com/covetsql/covetsql/compiler/token"
)

// unfinished is the table that a database has until all of its schema is there. A database can not be renamed.
const unfinished = "covetsql_unfinished"

// makeMySQL makes the database under a lock of the server. One that another run left half made is made anew.
func makeMySQL(ctx context.Context, server string, w wish) (string, error) {
	name := w.name
	config, err := mysql.Parse(server)
	if err != nil {
		return "", err
	}
	uri := mysqlURI(server, config, name)
	db, err := mysql.Open(config)
	if err != nil {
		return "", err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return "", fmt.Errorf("connecting to MySQL at %s: %w", config.Addr, mysqlSaid(err))
	}
	defer conn.Close()
	var locked sql.NullInt64
	if err := conn.QueryRowContext(ctx, "SELECT GET_LOCK(?, 600)", name).Scan(&locked); err != nil || locked.Int64 != 1 {
		return "", fmt.Errorf("waiting for another run that makes the database %s: %w", name, mysqlSaid(err))
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "DO RELEASE_LOCK(?)", name) //nolint:errcheck // the connection's end frees it too
	if w.shared {
		var tables, half int
		if err := conn.QueryRowContext(ctx, "SELECT COUNT(*), COALESCE(SUM(table_name = ?), 0) FROM information_schema.tables WHERE table_schema = ?", unfinished, name).Scan(&tables, &half); err != nil {
			return "", fmt.Errorf("looking for the database %s: %w", name, mysqlSaid(err))
		}
		if tables > 0 && half == 0 {
			return uri, nil
		}
	}
	if err := foreign(ctx, conn, name, w.schema); err != nil {
		return "", err
	}
	for _, statement := range []string{"DROP DATABASE IF EXISTS " + name, "CREATE DATABASE " + name + " " + w.defaults, "USE " + name, "CREATE TABLE " + unfinished + " (x INT)"} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return "", fmt.Errorf("making the database %s: %w", name, mysqlSaid(err))
		}
	}
	if err := fillMySQL(ctx, conn, name, w.schema); err != nil {
		conn.ExecContext(context.WithoutCancel(ctx), "DROP DATABASE IF EXISTS "+name) //nolint:errcheck // what went wrong before is what counts
		return "", err
	}
	return uri, nil
}

func fillMySQL(ctx context.Context, conn *sql.Conn, name string, schema []statement) error {
	for _, s := range schema {
		if _, err := conn.ExecContext(ctx, s.sql); err != nil {
			return &Refused{s.Statement, mysqlSaid(err)}
		}
	}
	if _, err := conn.ExecContext(ctx, "DROP TABLE "+name+"."+unfinished); err != nil {
		return fmt.Errorf("finishing the database %s: %w", name, mysqlSaid(err))
	}
	return nil
}

// dropMySQL drops a scratch database; one that can't be dropped now is left behind.
func dropMySQL(ctx context.Context, server, name, _ string) {
	config, err := mysql.Parse(server)
	if err != nil {
		return
	}
	db, err := mysql.Open(config)
	if err != nil {
		return
	}
	defer db.Close()
	db.ExecContext(ctx, "DROP DATABASE IF EXISTS "+name) //nolint:errcheck // nothing rests on it
}

// characterSet gives what a statement that makes or alters a database says of its character set and collation, as a statement about the
// database in use; "" where it says nothing. What is made behind it rests on it.
func characterSet(s *token.Statement) string {
	set, collation := "", ""
	for i := 2; i < len(s.Tokens); i++ {
		var to *string
		switch word := s.TokenText(i); {
		case strings.EqualFold(word, "collate"):
			to = &collation
		case strings.EqualFold(word, "charset"):
			to = &set
		case strings.EqualFold(word, "character") && i+1 < len(s.Tokens) && strings.EqualFold(s.TokenText(i+1), "set"):
			to = &set
			i++
		default:
			continue
		}
		if i+1 < len(s.Tokens) && s.TokenText(i+1) == "=" {
			i++
		}
		if i++; i < len(s.Tokens) {
			*to = s.TokenText(i)
		}
	}
	out := ""
	if set != "" {
		out += " CHARACTER SET " + set
	}
	if collation != "" {
		out += " COLLATE " + collation
	}
	if out == "" {
		return ""
	}
	return "ALTER DATABASE" + out
}

// foreign refuses a schema that names another database of the server: it would be changed.
func foreign(ctx context.Context, conn *sql.Conn, name string, schema []statement) error {
	rows, err := conn.QueryContext(ctx, "SELECT schema_name FROM information_schema.schemata")
	if err != nil {
		return mysqlSaid(err)
	}
	defer rows.Close()
	others := map[string]bool{}
	for rows.Next() {
		var other string
		if err := rows.Scan(&other); err != nil {
			return err
		}
		switch other = strings.ToLower(other); other {
		case name, "information_schema", "performance_schema":
		default:
			others[other] = true
		}
	}
	for _, s := range schema {
		for i := range len(s.Tokens) - 1 {
			before := i > 0 && s.TokenText(i-1) == "."
			if other := strings.Trim(s.TokenText(i), "`"); !before && s.TokenText(i+1) == "." && others[strings.ToLower(other)] {
				return &Refused{s.Statement, fmt.Errorf("it names %s, which is another database of the server and stays as it is", other)}
			}
		}
	}
	return rows.Err()
}

// mysqlURI is the URI of another database of a server, in the form that the server's has.
func mysqlURI(server string, config *driver.Config, name string) string {
	if u, err := url.Parse(server); err == nil && strings.Contains(server, "://") {
		u.Path, u.RawPath = "/"+name, ""
		return u.String()
	}
	c := config.Clone()
	c.DBName = name
	return c.FormatDSN()
}

// mysqlSaid are a server's own words.
func mysqlSaid(err error) error {
	var server *driver.MySQLError
	if errors.As(err, &server) {
		return errors.New(server.Message)
	}
	if err == nil {
		return errors.New("it takes too long")
	}
	return err
}
