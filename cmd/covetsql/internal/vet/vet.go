// Package vet is the verb `covetsql vet`.
package vet

import (
	"context"
	"fmt"
	"sync"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/analyzer"
	"github.com/covetsql/covetsql/analyzer/database"
	"github.com/covetsql/covetsql/analyzer/rules"
	"github.com/covetsql/covetsql/cmd/covetsql/internal/project"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
)

// Options are what the verb needs.
type Options struct {
	project.Options
	// Plans writes each plan that a rule asks for to standard output.
	Plans bool
}

// New makes the verb.
func New(io *iostreams.Streams) *cli.Command {
	o := &Options{Options: project.Options{IO: io}, Plans: project.Debugging("dumpexplain=1")}
	return &cli.Command{
		Name:      "vet",
		Usage:     "judge the queries by the rules of the configuration",
		ArgsUsage: " ",
		Flags: append(o.Flags(),
			&cli.BoolFlag{Name: "plans", Usage: "write the plans that rules ask for to standard output, as the database gives them", Destination: &o.Plans, Value: o.Plans}),
		Action: func(c *cli.Context) error {
			if err := factory.NoArguments(c); err != nil {
				return err
			}
			return Run(c.Context, o)
		},
	}
}

// Run compiles the queries, judges them and shows all findings with what the compiler has to say.
func Run(ctx context.Context, o *Options) error {
	p, err := o.CompileBound(ctx)
	if err != nil {
		return err
	}
	d := &databases{config: p.Config}
	defer d.close()
	options := analyzer.Options{Open: d.open}
	for _, r := range rules.All {
		if !r.Off {
			options.Rules = append(options.Rules, r)
		}
	}
	if o.Plans {
		var mutex sync.Mutex
		options.Plan = func(q *facts.Query, plan []byte) {
			mutex.Lock()
			defer mutex.Unlock()
			fmt.Fprintf(o.IO.Out, "%s\n%s\n", q.Name, plan)
		}
	}
	found := analyzer.Vet(ctx, p, options)
	return o.Finish(p.Config, append(p.Diagnostics, found...).Sorted())
}

// databases are those of a configuration's blocks.
type databases struct {
	config *config.Config
	done   []func()
}

func (d *databases) open(ctx context.Context, p *compiler.Package) (database.Database, diag.List) {
	uri, done, list := project.Database(ctx, d.config, p.Config)
	if list.HasErrors() {
		return nil, list
	}
	d.done = append(d.done, done)
	db, err := database.Open(ctx, p.Config.Engine, uri)
	if err != nil {
		return nil, diag.List{diag.New(diag.DatabaseFailed, p.Config.Database.Span, "the database can not be used: %s", err)}
	}
	return db, nil
}

func (d *databases) close() {
	for _, done := range d.done {
		done()
	}
}
