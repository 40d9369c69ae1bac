// Package inspect is the verb `covetsql inspect`: what the compiler found of every query, for
// people and for tools.
package inspect

import (
	"context"
	"encoding/json"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/cmd/covetsql/internal/project"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
)

// Options are what the verb needs. Format is that of the listing: text or json.
type Options struct {
	project.Options
	Listing     string
	Diagnostics bool
}

// New makes the verb.
func New(io *iostreams.Streams) *cli.Command {
	o := &Options{Options: project.Options{IO: io}}
	return &cli.Command{
		Name:      "inspect",
		Usage:     "show columns, parameters, nullability and effects of every query",
		ArgsUsage: "[query ...]",
		Flags: []cli.Flag{
			o.FileFlag(),
			&cli.StringFlag{Name: "format", Value: "text", Usage: "text or json", Destination: &o.Listing},
			&cli.BoolFlag{Name: "diagnostics", Usage: "put diagnostics into the JSON instead of standard error", Destination: &o.Diagnostics},
		},
		Action: func(c *cli.Context) error { return Run(c.Context, o, c.Args().Slice()) },
	}
}

// Run lists the queries with the given names, or all. Queries with errors are missing from the
// listing and reported.
func Run(ctx context.Context, o *Options, names []string) error {
	if err := factory.OneOf("format", o.Listing, "text", "json"); err != nil {
		return err
	}
	if o.Diagnostics && o.Listing != "json" {
		return factory.Usage("--diagnostics goes with --format json")
	}
	p, err := o.Compile(ctx)
	if err != nil {
		return err
	}
	l, err := listing(p, names)
	if err != nil {
		return err
	}
	if o.Diagnostics {
		l.attach(p.Diagnostics)
	}
	if o.Listing == "json" {
		e := json.NewEncoder(o.IO.Out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		err = e.Encode(l)
	} else {
		err = l.text(o.IO.Out)
	}
	if err != nil {
		return err
	}
	if o.Diagnostics {
		if p.Diagnostics.HasErrors() {
			return factory.Exit(factory.Findings)
		}
		return nil
	}
	return o.Finish(p.Config, p.Diagnostics)
}
