package main

import (
	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/cmd/covetsql/internal/absent"
	"github.com/covetsql/covetsql/cmd/covetsql/internal/check"
	"github.com/covetsql/covetsql/cmd/covetsql/internal/createdb"
	"github.com/covetsql/covetsql/cmd/covetsql/internal/dev"
	"github.com/covetsql/covetsql/cmd/covetsql/internal/diff"
	"github.com/covetsql/covetsql/cmd/covetsql/internal/explain"
	"github.com/covetsql/covetsql/cmd/covetsql/internal/generate"
	"github.com/covetsql/covetsql/cmd/covetsql/internal/initialize"
	"github.com/covetsql/covetsql/cmd/covetsql/internal/inspect"
	"github.com/covetsql/covetsql/cmd/covetsql/internal/introspect"
	"github.com/covetsql/covetsql/cmd/covetsql/internal/migrate"
	"github.com/covetsql/covetsql/cmd/covetsql/internal/migrateconfig"
	"github.com/covetsql/covetsql/cmd/covetsql/internal/version"
	"github.com/covetsql/covetsql/cmd/covetsql/internal/vet"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
)

// app is the command line with all verbs, in the order that the help lists them.
func app(io *iostreams.Streams) *factory.App {
	return &factory.App{
		Name:  "covetsql",
		Usage: "SQL files in, checked and typed Go out",
		IO:    io,
		Verbs: []*cli.Command{
			initialize.New(io),
			generate.New(io),
			diff.New(io),
			check.New(io),
			vet.New(io),
			inspect.New(io),
			introspect.New(io),
			migrate.New(io),
			migrate.NewSchema(io),
			createdb.New(io),
			explain.New(io),
			dev.New(io),
			migrateconfig.New(io),
			version.New(io),
		},
		Redirect: absent.Verb,
	}
}
