package project

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	mysqldialect "github.com/covetsql/covetsql/compiler/dialect/mysql"
	postgresdialect "github.com/covetsql/covetsql/compiler/dialect/postgres"
	sqlitedialect "github.com/covetsql/covetsql/compiler/dialect/sqlite"
	"github.com/covetsql/covetsql/compiler/introspect/ddl"
	"github.com/covetsql/covetsql/compiler/introspect/mysql"
	"github.com/covetsql/covetsql/compiler/introspect/postgres"
	"github.com/covetsql/covetsql/compiler/introspect/sqlite"
	"github.com/covetsql/covetsql/compiler/source"
)

// engine is what a live database needs.
type engine struct {
	dialect dialect.Dialect
	read    func(ctx context.Context, uri string, d dialect.Dialect) (*catalog.Snapshot, error)
}

var engines = map[catalog.Engine]engine{
	catalog.PostgreSQL: {postgresdialect.New(), func(ctx context.Context, uri string, _ dialect.Dialect) (*catalog.Snapshot, error) {
		return postgres.Read(ctx, uri)
	}},
	catalog.MySQL:  {mysqldialect.New(), mysql.Read},
	catalog.SQLite: {sqlitedialect.New(), sqlite.Read},
}

// ReadSchema reads the schema of a live database. ${VARIABLES} in the URI are expanded now;
// one that is not set is an error. No error holds the URI.
func ReadSchema(ctx context.Context, e catalog.Engine, uri string) (*catalog.Snapshot, dialect.Dialect, error) {
	en, ok := engines[e]
	if !ok {
		return nil, nil, fmt.Errorf("there is no engine %q", e)
	}
	uri, err := Expand(uri)
	if err != nil {
		return nil, nil, err
	}
	s, err := en.read(ctx, uri, en.dialect)
	return s, en.dialect, err
}

// ReadURI is ReadSchema of a URI whose variables were expanded.
func ReadURI(ctx context.Context, e catalog.Engine, uri string) (*catalog.Snapshot, error) {
	en, ok := engines[e]
	if !ok {
		return nil, fmt.Errorf("there is no engine %q", e)
	}
	return en.read(ctx, uri, en.dialect)
}

// Dialect is the dialect of an engine, nil where there is none.
func Dialect(e catalog.Engine) dialect.Dialect { return engines[e].dialect }

// Expand puts the values of ${VARIABLES} into a URI. A $ without a brace is one: passwords have them.
func Expand(uri string) (string, error) { return expand(uri, os.LookupEnv) }

var variable = regexp.MustCompile(`\$\{[A-Za-z_][A-Za-z0-9_]*\}`)

func expand(uri string, lookup func(string) (string, bool)) (string, error) {
	var missing []string
	out := variable.ReplaceAllStringFunc(uri, func(v string) string {
		name := v[len("${") : len(v)-len("}")]
		value, ok := lookup(name)
		if !ok {
			missing = append(missing, name)
		}
		return value
	})
	if len(missing) > 0 {
		return "", fmt.Errorf("the URI needs %s, which the environment does not set", strings.Join(missing, ", "))
	}
	return out, nil
}

// live gives the schema of a package that has no schema files but a database. A package with
// files is compiled from them alone, so that a build needs no network and no secret.
func live(ctx context.Context) func(config.Package) (*catalog.Snapshot, diag.List) {
	return func(p config.Package) (*catalog.Snapshot, diag.List) {
		if len(p.Schema) > 0 || p.Database == nil || p.Database.URI == "" {
			return nil, nil
		}
		if onlyManaged() {
			return nil, diag.List{unusable(p, errors.New("SQLCDEBUG=databases=managed forbids to connect to it"))}
		}
		s, d, err := ReadSchema(ctx, p.Engine, p.Database.URI)
		if err != nil {
			return nil, diag.List{diag.New(diag.DatabaseFailed, p.Database.Span, "the schema can not be read from the database: %v", err).
				WithHelp("`covetsql introspect -o schema.sql` writes the schema of a database to a file, so that builds need none")}
		}
		// Through its DDL the schema gets what a server does not list as the user's own: system
		// catalogs, the members of extensions, and whether a view's columns may be NULL.
		text := source.NewFile("the schema of the database", ddl.Write(s, d.Quote))
		typed, list := compiler.ReadSchema(text, p.Engine)
		if typed != nil {
			typed.Flavor = s.Flavor
		}
		return typed, list
	}
}
