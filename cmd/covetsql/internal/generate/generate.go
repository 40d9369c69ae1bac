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
	"github.com/covetsql/covetsql/compiler/plugin"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
)

// Options are what the verb needs.
type Options struct {
	project.Options
	// Check compares with the files on disk instead of writing them.
	Check bool
	// NoCache computes everything, and keeps nothing for the next run.
	NoCache bool
	// Watch runs again whenever a file changes that the result depends on.
	Watch bool
	// Strictness lists where strict types differ from sqlc's instead of writing files.
	Strictness bool
}

// New makes the verb.
func New(io *iostreams.Streams) *cli.Command {
	o := &Options{Options: project.Options{IO: io}}
	return &cli.Command{
		Name:      "generate",
		Usage:     "compile the queries, write the Go and run the plugins",
		ArgsUsage: " ",
		Flags: append(o.Flags(),
			&cli.BoolFlag{Name: "check", Usage: "write nothing; list files that are not up to date and exit 3", Destination: &o.Check},
			&cli.BoolFlag{Name: "no-cache", Usage: "compute everything, whatever earlier runs kept", Destination: &o.NoCache},
			&cli.BoolFlag{Name: "watch", Usage: "run again whenever a file changes, until interrupted", Destination: &o.Watch},
			&cli.BoolFlag{Name: "report", Usage: "write nothing; list where strict types differ from sqlc's, and why", Destination: &o.Strictness}),
		Action: func(c *cli.Context) error {
			if err := factory.NoArguments(c); err != nil {
				return err
			}
			if o.Watch {
				if o.Check || o.Strictness {
					return factory.Usage("--watch writes, --check and --report do not: choose one")
				}
				return Watch(c.Context, o)
			}
			return Run(c.Context, o)
		},
	}
}

// Run compiles and writes. Nothing is written where anything has an error; a file that has its
// content already is not touched.
func Run(ctx context.Context, o *Options) error {
	if o.Strictness {
		return runReport(ctx, o)
	}
	_, wrote, err := run(ctx, o)
	for _, path := range wrote {
		fmt.Fprintf(o.IO.Out, "wrote %s\n", path)
	}
	return err
}

// run is Run, but for the names of files that were written. The configuration is nil where it could not be loaded.
func run(ctx context.Context, o *Options) (c *config.Config, wrote []string, err error) {
	p, memory, err := o.CompileRemembering(ctx, o.NoCache)
	if err != nil {
		return nil, nil, err
	}
	list := p.Diagnostics
	var files []codegen.File
	if !list.HasErrors() {
		var more diag.List
		plugins := &plugin.Runner{}
		defer plugins.Close(context.WithoutCancel(ctx))
		files, more = codegen.GenerateWith(ctx, p, memory, plugins)
		if memory.Failed() {
			plain := *o
			plain.NoCache = true
			return run(ctx, &plain)
		}
		list = append(list, more...)
	}
	list = list.Sorted()
	if list.HasErrors() {
		return p.Config, nil, o.Finish(p.Config, list)
	}
	if o.Check {
		stale := codegen.Stale(p.Config.Dir, files)
		for _, path := range stale {
			fmt.Fprintf(o.IO.Out, "stale: %s\n", path)
		}
		if err := o.Finish(p.Config, list); err != nil || len(stale) == 0 {
			return p.Config, nil, err
		}
		return p.Config, nil, factory.Exit(factory.Stale)
	}
	wrote, more := codegen.Write(p.Config.Dir, files)
	if len(more) == 0 {
		memory.Save()
	}
	return p.Config, wrote, o.Finish(p.Config, append(list, more...).Sorted())
}
