// Package check is the verb `covetsql check`.
package check

import (
	"context"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/cmd/covetsql/internal/project"
	"github.com/covetsql/covetsql/compiler/codegen"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
)

// Options are what the verb needs.
type Options struct {
	project.Options
}

// New makes the verb. sqlc calls it compile.
func New(io *iostreams.Streams) *cli.Command {
	o := &Options{Options: project.Options{IO: io}}
	return &cli.Command{
		Name:      "check",
		Aliases:   []string{"compile"},
		Usage:     "compile the queries and write nothing",
		ArgsUsage: " ",
		Flags:     o.Flags(),
		Action: func(c *cli.Context) error {
			if err := factory.NoArguments(c); err != nil {
				return err
			}
			return Run(c.Context, o)
		},
	}
}

// Run compiles everything that generate would, the Go included, and shows all problems.
func Run(ctx context.Context, o *Options) error {
	p, err := o.Compile(ctx)
	if err != nil {
		return err
	}
	list := p.Diagnostics
	if !list.HasErrors() {
		_, more := codegen.GenerateAll(p, nil)
		list = append(list, more...).Sorted()
	}
	return o.Finish(p.Config, list)
}
