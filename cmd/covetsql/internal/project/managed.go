package project

import (
	"context"
	"errors"
	"strings"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/internal/managed"
)

// Database gives the URI of a block's database: the one that it names, or one that is made of its schema. done is to be called
// when it is not used any more; it is nil where the list has errors.
func Database(ctx context.Context, c *config.Config, p config.Package) (uri string, done func(), list diag.List) {
	if !p.Database.Managed && !(p.Engine == catalog.SQLite && inMemory(p.Database.URI)) {
		if onlyManaged() {
			return "", nil, diag.List{unusable(p, errors.New("SQLCDEBUG=databases=managed forbids to connect to it"))}
		}
		uri, err := Expand(p.Database.URI)
		if err != nil {
			return "", nil, diag.List{unusable(p, err)}
		}
		return uri, func() {}, nil
	}
	list = makeDatabase(c, p, func(server string, schema []*token.Statement) (err error) {
		uri, done, err = managed.Shared(ctx, p.Engine, server, schema)
		return err
	})
	return uri, done, list
}

// NewDatabase makes a database of a block's schema, which stays until somebody drops it.
func NewDatabase(ctx context.Context, c *config.Config, p config.Package) (uri string, list diag.List) {
	list = makeDatabase(c, p, func(server string, schema []*token.Statement) (err error) {
		uri, err = managed.New(ctx, p.Engine, server, schema)
		return err
	})
	return uri, list
}

func makeDatabase(c *config.Config, p config.Package, by func(server string, schema []*token.Statement) error) diag.List {
	server, problem := serverOf(c, p)
	if problem != nil {
		return diag.List{*problem}
	}
	schema, list := compiler.SchemaStatements(c, p)
	if list.HasErrors() {
		return list
	}
	err := by(server, schema)
	var refused *managed.Refused
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		return diag.List{diag.New(diag.SchemaRefused, refused.Statement.Span, "the database does not take this statement: %s", refused.Err).
			WithLabel(p.Database.Span, "the database is made of the schema")}
	}
	return diag.List{unusable(p, err)}
}

// serverOf is the first server of a block's engine.
func serverOf(c *config.Config, p config.Package) (string, *diag.Diagnostic) {
	if !managed.NeedsServer(p.Engine) {
		return "", nil
	}
	for _, s := range c.Servers {
		if s.Engine != p.Engine || strings.TrimSpace(s.URI) == "" {
			continue
		}
		uri, err := Expand(s.URI)
		if err != nil {
			d := diag.New(diag.DatabaseFailed, s.Span, "the server can not be used: %s", err)
			return "", &d
		}
		return uri, nil
	}
	d := diag.New(diag.ConfigInvalid, p.Database.Span, "a managed database needs a server, and none of %s is under servers", p.Engine).
		WithHelp("add to the file: servers: [{engine: %s, uri: …}]; databases are made on that server", p.Engine)
	return "", &d
}

func unusable(p config.Package, err error) diag.Diagnostic {
	return diag.New(diag.DatabaseFailed, p.Database.Span, "the database can not be used: %s", err)
}

// inMemory tells whether a URI of SQLite's names no file: such a database has no schema but the files'.
func inMemory(uri string) bool { return uri == ":memory:" || strings.Contains(uri, "mode=memory") }
