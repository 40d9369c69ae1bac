// Package createdb is the verb `covetsql createdb`.
package createdb

import (
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/cmd/covetsql/internal/project"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
)

// Options are what the verb needs.
type Options struct {
	project.Options
	// Block chooses one of several blocks by its name.
	Block string
}

// New makes the verb.
func New(io *iostreams.Streams) *cli.Command {
	o := &Options{Options: project.Options{IO: io}}
	return &cli.Command{
		Name:      "createdb",
		Usage:     "make a database of the schema on the configured server and print its URI",
		ArgsUsage: " ",
		Flags: append(o.Flags(),
			&cli.StringFlag{Name: "queryset", Usage: "the name of the block, where several have a managed database", Destination: &o.Block}),
		Action: func(c *cli.Context) error {
			if err := factory.NoArguments(c); err != nil {
				return err
			}
			return Run(c.Context, o)
		},
	}
}

// Run makes the database. Its URI, with the password that the server's has, is all that goes to standard output.
func Run(ctx context.Context, o *Options) error {
	c, list, err := o.Load()
	if err != nil {
		return err
	}
	p, err := o.choose(c)
	if err != nil {
		return err
	}
	uri, more := project.NewDatabase(ctx, c, *p)
	if err := o.Finish(c, append(list, more...).Sorted()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(o.IO.Out, uri)
	return err
}

// choose finds the one block that has a managed database.
func (o *Options) choose(c *config.Config) (*config.Package, error) {
	var found []*config.Package
	var names []string
	for i := range c.Packages {
		p := &c.Packages[i]
		if p.Database != nil && p.Database.Managed && (o.Block == "" || p.Name == o.Block) {
			found = append(found, p)
			names = append(names, p.Name)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return nil, factory.Usage("several blocks have a managed database; choose one by its name with --queryset (%s)", strings.Join(names, ", "))
	case o.Block != "":
		return nil, factory.Usage("no block called %q has database: {managed: true}", o.Block)
	}
	return nil, factory.Usage("no block of %s has database: {managed: true}", c.File.Path)
}
