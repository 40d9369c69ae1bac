// Package generate is the verb `covetsql generate`.
package generate

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/cmd/covetsql/internal/project"
	"github.com/covetsql/covetsql/compiler/codegen"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
)

// Options are what the verb needs.
type Options struct {
	project.Options
	// Check compares with the files on disk instead of writing them.
	Check bool
}

// New makes the verb.
func New(io *iostreams.Streams) *cli.Command {
	o := &Options{Options: project.Options{IO: io}}
	return &cli.Command{
		Name:      "generate",
		Usage:     "compile the queries and write the Go",
		ArgsUsage: " ",
		Flags: append(o.Flags(),
			&cli.BoolFlag{Name: "check", Usage: "write nothing; list files that are not up to date and exit 3", Destination: &o.Check}),
		Action: func(c *cli.Context) error {
			if err := factory.NoArguments(c); err != nil {
				return err
			}
			return Run(c.Context, o)
		},
	}
}

// Run compiles and writes. Nothing is written where anything has an error; a file that has its
// content already is not touched.
func Run(ctx context.Context, o *Options) error {
	p, err := o.Compile(ctx)
	if err != nil {
		return err
	}
	list := append(p.Diagnostics, notGenerated(p.Config)...)
	var files []codegen.File
	if !list.HasErrors() {
		var more diag.List
		files, more = codegen.GenerateAll(p)
		list = append(list, more...)
	}
	list = list.Sorted()
	if list.HasErrors() {
		return o.Finish(p.Config, list)
	}
	if o.Check {
		stale := codegen.Stale(p.Config.Dir, files)
		for _, path := range stale {
			fmt.Fprintf(o.IO.Out, "stale: %s\n", path)
		}
		if err := o.Finish(p.Config, list); err != nil || len(stale) == 0 {
			return err
		}
		return factory.Exit(factory.Stale)
	}
	changed, more := codegen.Write(p.Config.Dir, files)
	for _, path := range changed {
		fmt.Fprintf(o.IO.Out, "wrote %s\n", path)
	}
	if err := o.Finish(p.Config, append(list, more...).Sorted()); err != nil {
		return err
	}
	return nil
}

// notGenerated says which outputs of the configuration are not made, so that nothing is
// dropped in silence.
func notGenerated(c *config.Config) diag.List {
	var out diag.List
	for _, p := range c.Packages {
		for _, g := range p.Codegen {
			out.Add(diag.New(diag.OutputNotMade, g.Span, "the plugin %q is not run: covetsql writes Go alone", g.Plugin).
				WithHelp("keep sqlc for this plugin; both tools read the same file"))
		}
		if p.JSON != nil {
			out.Add(diag.New(diag.OutputNotMade, p.Span, "gen.json is not written").
				WithHelp("`covetsql inspect --format json` prints what is known of every query"))
		}
	}
	return out
}
