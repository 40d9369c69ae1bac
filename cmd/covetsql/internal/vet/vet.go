// Package vet is the verb `covetsql vet`.
package vet

import (
	"context"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/analyzer/database"
	"github.com/covetsql/covetsql/cmd/covetsql/internal/project"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
)

// Options are what the verb needs.
type Options struct {
	project.Options
	// Plans writes each plan that a rule asks for to standard output.
	Plans bool
	// Select, Ignore and FailOn overrule the configuration: lists of rules with commas between, and a severity.
	Select, Ignore, FailOn string
	// WriteBaseline writes the baseline of the configuration anew.
	WriteBaseline bool
	// NewFrom is a revision of git: findings that were there when the working tree parted from it are not shown.
	NewFrom string
	// Fix makes the fixes that are safe, UnsafeFixes the others too; with Diff they are shown, not made.
	Fix, UnsafeFixes, Diff bool
	// Go are patterns of packages, as the go command takes them, whose code is judged too; nil for none.
	Go []string
	// GoTests judges test files too.
	GoTests bool
	Live
}

// New makes the verb.
func New(io *iostreams.Streams) *cli.Command {
	o := &Options{Options: project.Options{IO: io}, Plans: project.Debugging("dumpexplain=1")}
	return &cli.Command{
		Name:      "vet",
		Usage:     "find what will be wrong or slow in queries, in the schema, and in the Go that calls them",
		ArgsUsage: "[packages of Go, as ./...]",
		Flags: append(o.Flags(),
			&cli.StringFlag{Name: "select", Usage: "the only rules that judge: codes, slugs, or beginnings of codes as CV41, with commas between", Destination: &o.Select},
			&cli.StringFlag{Name: "ignore", Usage: "rules that do not judge", Destination: &o.Ignore},
			&cli.StringFlag{Name: "fail-on", Usage: "the least severity that makes the exit code 1: error (default), warning, note or never", Destination: &o.FailOn},
			&cli.BoolFlag{Name: "write-baseline", Usage: "write the findings into the baseline, so that new ones alone are told", Destination: &o.WriteBaseline},
			&cli.StringFlag{Name: "new-from", Usage: "show what is new since the working tree parted from a revision of git, as origin/main", Destination: &o.NewFrom},
			&cli.BoolFlag{Name: "fix", Usage: "make the fixes that are safe, and judge again after them", Destination: &o.Fix},
			&cli.BoolFlag{Name: "unsafe-fixes", Usage: "make those too that need a reader", Destination: &o.UnsafeFixes},
			&cli.BoolFlag{Name: "diff", Usage: "show what --fix would change, and change nothing", Destination: &o.Diff},
			&cli.BoolFlag{Name: "tests", Usage: "judge the test files of the packages too", Destination: &o.GoTests},
			&cli.GenericFlag{Name: "database", Usage: "judge plans by the database at a `URI`; NAME=URI for the block of that name or the blocks of an engine", Value: (*uris)(&o.Databases)},
			&cli.BoolFlag{Name: "analyze", Usage: "run queries that only read, in transactions that are rolled back, to judge what really happens (PostgreSQL)", Destination: &o.Analyze},
			&cli.StringFlag{Name: "plan-file", Usage: "compare the plans with those in a `FILE`, which is kept beside the queries", Destination: &o.PlanFile},
			&cli.BoolFlag{Name: "update-plans", Usage: "write the plan file anew", Destination: &o.Update},
			&cli.BoolFlag{Name: "plans", Usage: "write the plans that rules ask for to standard output, as the database gives them", Destination: &o.Plans, Value: o.Plans}),
		Action: func(c *cli.Context) error {
			o.Go = c.Args().Slice()
			return Run(c.Context, o)
		},
	}
}

// Run compiles the queries, judges them and shows all findings with what the compiler has to say.
func Run(ctx context.Context, o *Options) error {
	if o.FailOn != "" {
		if err := factory.OneOf("fail-on", o.FailOn, config.FailOns...); err != nil {
			return err
		}
	}
	if o.WriteBaseline && (o.Fix || o.UnsafeFixes || o.Diff) {
		return factory.Usage("--write-baseline and --fix can not be given together")
	}
	if o.WriteBaseline && o.NewFrom != "" {
		return factory.Usage("--write-baseline writes all findings, --new-from shows a part of them: give one of the two")
	}
	if err := o.check(); err != nil {
		return err
	}
	j, err := o.judge(ctx)
	if err != nil {
		return err
	}
	if o.NewFrom != "" {
		if err := o.sinceRevision(ctx, j); err != nil {
			return err
		}
	}
	if o.Fix || o.UnsafeFixes || o.Diff {
		return o.fix(ctx, j)
	}
	if o.WriteBaseline {
		return o.writeBaseline(j)
	}
	return o.finish(j)
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
