// Package introspect is the verb `covetsql introspect`: a live database's schema as DDL.
package introspect

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/cmd/covetsql/internal/project"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/introspect/ddl"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
)

// Options are what the verb needs.
type Options struct {
	project.Options
	// Engine and URI name the database; without them the configuration does.
	Engine, URI string
	// Package chooses a block of the configuration where several have a database.
	Package string
	// Out is the file to write; "" is standard output.
	Out string
}

// New makes the verb.
func New(io *iostreams.Streams) *cli.Command {
	o := &Options{Options: project.Options{IO: io}}
	return &cli.Command{
		Name:      "introspect",
		Usage:     "write the schema of a live database as DDL",
		ArgsUsage: " ",
		Flags: []cli.Flag{
			o.FileFlag(),
			&cli.StringFlag{Name: "engine", Usage: "postgresql, mysql or sqlite (default: as the URI begins)", Destination: &o.Engine},
			&cli.StringFlag{Name: "uri", Usage: "the database (default: database.uri of the configuration); ${VARIABLES} are expanded", Destination: &o.URI},
			&cli.StringFlag{Name: "package", Usage: "the configuration's block, where several have a database", Destination: &o.Package},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "the file to write (default: standard output)", Destination: &o.Out},
		},
		Action: func(c *cli.Context) error {
			if err := factory.NoArguments(c); err != nil {
				return err
			}
			return Run(c.Context, o)
		},
	}
}

// schemes tell the engine by how a URI begins.
var schemes = map[string]catalog.Engine{
	"postgres": catalog.PostgreSQL, "postgresql": catalog.PostgreSQL, "mysql": catalog.MySQL, "mariadb": catalog.MySQL,
	"sqlite": catalog.SQLite, "sqlite3": catalog.SQLite, "file": catalog.SQLite,
}

// Run reads the database and writes its schema. A file that is there is replaced only when
// the whole schema is known.
func Run(ctx context.Context, o *Options) error {
	engine, uri, err := o.database()
	if err != nil {
		return err
	}
	s, d, err := project.ReadSchema(ctx, engine, uri)
	if err != nil {
		return err
	}
	text := ddl.Write(s, d.Quote)
	if o.Out == "" {
		_, err := io.WriteString(o.IO.Out, text)
		return err
	}
	return replace(o.Out, text)
}

// database is the one that the flags name, or else the configuration.
func (o *Options) database() (catalog.Engine, string, error) {
	if o.Engine != "" {
		if err := factory.OneOf("engine", o.Engine, "postgresql", "mysql", "sqlite"); err != nil {
			return "", "", err
		}
	}
	if o.URI != "" {
		if o.Engine != "" {
			return catalog.Engine(o.Engine), o.URI, nil
		}
		scheme, _, _ := strings.Cut(o.URI, ":")
		if e, ok := schemes[scheme]; ok {
			return e, o.URI, nil
		}
		return "", "", factory.Usage("the URI does not tell the engine; give --engine postgresql, mysql or sqlite")
	}
	c, list, err := o.Load()
	if err != nil {
		return "", "", err
	}
	if err := o.Report(c, list); err != nil {
		return "", "", err
	}
	var found []config.Package
	var names []string
	for _, p := range c.Packages {
		name := p.Name
		if name == "" && p.Go != nil {
			name = p.Go.Package
		}
		if p.Database == nil || p.Database.URI == "" ||
			o.Engine != "" && p.Engine != catalog.Engine(o.Engine) || o.Package != "" && name != o.Package {
			continue
		}
		found = append(found, p)
		names = append(names, name)
	}
	switch len(found) {
	case 0:
		return "", "", factory.Usage("%s names no such database; give --uri, or add database: {uri: …} to a block", c.File.Path)
	case 1:
		return found[0].Engine, found[0].Database.URI, nil
	}
	for _, p := range found[1:] {
		if p.Engine != found[0].Engine || p.Database.URI != found[0].Database.URI {
			return "", "", factory.Usage("several blocks have a database; choose one with --package (%s) or --engine", strings.Join(names, ", "))
		}
	}
	return found[0].Engine, found[0].Database.URI, nil
}

// replace writes a file whole or not at all.
func replace(path, text string) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already where all went well
	if _, err := f.WriteString(text); err != nil {
		f.Close()
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}
