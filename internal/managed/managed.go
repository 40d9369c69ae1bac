// Package managed makes databases of a schema: on a server of PostgreSQL or MySQL, or as a file of SQLite. One that is
// named by its schema's content is made once and found again. It knows nothing of configurations.
package managed

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/token"
)

// Refused is what a server has against a statement of the schema.
type Refused struct {
	Statement *token.Statement
	Err       error
}

func (r *Refused) Error() string { return r.Err.Error() }
func (r *Refused) Unwrap() error { return r.Err }

// NeedsServer tells whether databases of an engine are made on a server.
func NeedsServer(e catalog.Engine) bool { return engines[e].onServer }

// wish is the database that is to be made.
type wish struct {
	name string
	// shared: one of that name that is there already will do.
	shared bool
	// defaults are the database's own properties, as the server shows them behind its name; "" leaves them to the server.
	defaults string
	schema   []statement
}

// statement is one of the schema, and what is sent of it.
type statement struct {
	*token.Statement
	sql string
}

// engines are how databases are made. make gives the URI of the database. passed are the first words of statements about databases
// as a whole, which are not run: the one that is made is the one that they mean.
var engines = map[catalog.Engine]struct {
	make     func(ctx context.Context, server string, w wish) (uri string, err error)
	onServer bool
	passed   []string
	instead  func(*token.Statement) string // what is run instead of a passed one, "" for nothing
	remove   func(uri string)              // what is not kept for the next run
	drop     func(ctx context.Context, server, name, uri string)
}{
	catalog.PostgreSQL: {makePostgres, true, []string{"create database", "drop database", "alter database"}, nil, nil, dropPostgres},
	catalog.MySQL: {makeMySQL, true, []string{
		"use", "create database", "drop database", "alter database", "create schema", "drop schema", "alter schema"}, characterSet, nil, dropMySQL},
	catalog.SQLite: {makeSQLite, false, []string{"attach", "detach"}, nil, removeSQLite,
		func(_ context.Context, _, _, uri string) { removeSQLite(uri) }},
}

// Shared gives the URI of a database that has a schema and whose rows nobody changes. It is made where it is not
// there; the next run with the same schema finds it. No error holds the server's URI or its password.
// done is to be called when the database is not used any more.
func Shared(ctx context.Context, e catalog.Engine, server string, schema []*token.Statement) (uri string, done func(), err error) {
	uri, err = create(ctx, e, server, wish{name: "covetsql_managed_" + content(e, schema), shared: true}, schema)
	done = func() {}
	if remove := engines[e].remove; remove != nil && err == nil {
		done = func() { remove(uri) }
	}
	return uri, done, err
}

// New gives the URI of a new database that has a schema, for whoever asks to use and to drop.
func New(ctx context.Context, e catalog.Engine, server string, schema []*token.Statement) (uri string, err error) {
	name := fmt.Sprintf("covetsql_createdb_%d_%s", time.Now().UnixNano(), content(e, schema))
	return create(ctx, e, server, wish{name: name}, schema)
}

// Scratch gives the URI of a new database that has a schema, for whoever tries something and drops it afterwards by calling
// drop. defaults are what MySQL and MariaDB show of a database behind its name (SHOW CREATE DATABASE: its character set, collation and
// encryption), which the new one gets; "" leaves them to the server.
func Scratch(ctx context.Context, e catalog.Engine, server, defaults string, schema []*token.Statement) (uri string, drop func(), err error) {
	name := fmt.Sprintf("covetsql_scratch_%d_%s", time.Now().UnixNano(), strings.ToLower(rand.Text()[:8]))
	if uri, err = create(ctx, e, server, wish{name: name, defaults: defaults}, schema); err != nil {
		return "", nil, err
	}
	return uri, func() { engines[e].drop(context.WithoutCancel(ctx), server, name, uri) }, nil
}

func create(ctx context.Context, e catalog.Engine, server string, w wish, schema []*token.Statement) (string, error) {
	en, ok := engines[e]
	if !ok {
		return "", fmt.Errorf("there is no engine %q", e)
	}
	for _, s := range schema {
		sql := text(s)
		if begins(s, en.passed) {
			if sql = ""; en.instead != nil {
				sql = en.instead(s)
			}
		}
		if sql != "" {
			w.schema = append(w.schema, statement{s, sql})
		}
	}
	return en.make(ctx, server, w)
}

// begins tells whether a statement begins with any of some words.
func begins(s *token.Statement, with []string) bool {
	for _, words := range with {
		i := 0
		for _, w := range strings.Fields(words) {
			if i >= len(s.Tokens) || !strings.EqualFold(s.TokenText(i), w) {
				i = -1
				break
			}
			i++
		}
		if i > 0 {
			return true
		}
	}
	return false
}

// content names a schema by what is in it.
func content(e catalog.Engine, schema []*token.Statement) string {
	h := sha256.New()
	h.Write([]byte(e))
	for _, s := range schema {
		fmt.Fprintf(h, "\x00%s", text(s))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// text is what a server is sent of a statement: comments stay, they may be MySQL's that are run.
func text(s *token.Statement) string { return strings.TrimSpace(s.Raw.Text()) }
