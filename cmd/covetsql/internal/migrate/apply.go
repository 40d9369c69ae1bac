package migrate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
	runner "github.com/covetsql/covetsql/migrate"
	"github.com/covetsql/covetsql/migrate/file"
)

// running is what verbs that run migrations are given.
type running struct {
	*target
	To                string
	DryRun, AllowLate bool
	AllowDrop         bool
	Pooled            bool
	LockTimeout, Wait time.Duration
	Output            string
}

func newRunning(io *iostreams.Streams) *running { return &running{target: newTarget(io)} }

// formatFlag chooses how progress and results are shown.
func (r *running) formatFlag() cli.Flag {
	return &cli.StringFlag{Name: "format", Value: "text", Usage: "how progress and result are written: text (for people, standard error), json (a line an event, standard output)", Destination: &r.Output}
}

func (r *running) runFlags() []cli.Flag {
	return append(append(r.folderFlags(), r.databaseFlags()...),
		&cli.BoolFlag{Name: "dry-run", Usage: "show what would run; the database is only read, in a transaction that can't write", Destination: &r.DryRun},
		durationFlag("lock-timeout", &r.LockTimeout, 3*time.Second, "how long a statement waits for a lock before it is tried again later, as in 3s or 500ms; 0 waits as the server does"),
		durationFlag("wait", &r.Wait, 0, "how long to wait for another runner, as in 30s or 5m (default: until it is done)"),
		&cli.BoolFlag{Name: "pooled", Usage: "the connection goes through a pooler that gives each transaction another session", Destination: &r.Pooled},
		r.formatFlag(),
	)
}

// with runs f with a runner over the block's folder and database.
func (r *running) with(f func(*runner.Runner, *events) error) error {
	if err := factory.OneOf("format", r.Output, "text", "json"); err != nil {
		return err
	}
	disk, folder, err := r.open(false)
	if err != nil {
		return err
	}
	defer disk.Close()
	db, err := r.database()
	if err != nil {
		return err
	}
	defer db.Close()
	e := &events{show: show{r.IO}, json: r.Output == "json", dir: disk.Path(), folder: folder}
	return f(&runner.Runner{DB: db, Engine: runners[r.block.Engine], FS: disk.FS(), Options: runner.Options{
		Form: file.Form(r.Form), AllowLate: r.AllowLate, LockTimeout: r.LockTimeout, Wait: r.Wait, Pooled: r.Pooled, OnEvent: e.tell,
	}}, e)
}

// both runs f dry, tells what it would do to the database, and runs it where that is wanted.
func (r *running) both(ctx context.Context, run *runner.Runner, e *events, f func(run *runner.Runner, dry bool) (*runner.Report, error)) error {
	dry := *run
	dry.OnEvent = nil
	report, err := f(&dry, true)
	switch {
	case err == nil:
		r.foresee(ctx, e, report)
		e.warn(r.DryRun)
	case r.DryRun:
		return e.failed(err)
	} // else what hinders it is told as it runs
	if !r.DryRun {
		report, err = f(run, false)
	}
	return e.done(report, err)
}

func newApply(io *iostreams.Streams) *cli.Command {
	r := newRunning(io)
	return &cli.Command{
		Name:      "apply",
		Usage:     "run the migrations that the database has not",
		ArgsUsage: " ",
		Flags: append(r.runFlags(),
			&cli.StringFlag{Name: "to", Usage: "the last version to run", Destination: &r.To},
			&cli.BoolFlag{Name: "allow-late", Usage: "run migrations that are older than the newest applied one, as happens after a merge", Destination: &r.AllowLate},
		),
		Action: r.action(func(ctx context.Context, c *cli.Context) error {
			if err := factory.NoArguments(c); err != nil {
				return err
			}
			return r.with(func(run *runner.Runner, e *events) error {
				return r.both(ctx, run, e, func(run *runner.Runner, dry bool) (*runner.Report, error) {
					return run.Apply(ctx, runner.ApplyOptions{To: r.To, DryRun: dry})
				})
			})
		}),
	}
}

func newBaseline(io *iostreams.Streams) *cli.Command {
	r := newRunning(io)
	return &cli.Command{
		Name:      "baseline",
		Usage:     "say that a database has all migrations up to a version already; nothing is run",
		ArgsUsage: "VERSION",
		Flags:     append(append(r.folderFlags(), r.databaseFlags()...), r.formatFlag()),
		Action: r.action(func(ctx context.Context, c *cli.Context) error {
			if c.Args().Len() != 1 {
				return factory.Usage("give the last version that the database has already")
			}
			return r.with(func(run *runner.Runner, e *events) error {
				report, err := run.Baseline(ctx, c.Args().First())
				if err == nil && !e.json {
					e.line("the database is taken to have all up to version %s", report.Current)
					return nil
				}
				return e.done(report, err)
			})
		}),
	}
}

func newRepair(io *iostreams.Streams) *cli.Command {
	r := newRunning(io)
	var o runner.RepairOptions
	return &cli.Command{
		Name:      "repair",
		Usage:     "correct the history of a database by what you know of it; nothing is run",
		ArgsUsage: " ",
		Flags: append(append(append(r.folderFlags(), r.databaseFlags()...), r.formatFlag()),
			&cli.BoolFlag{Name: "checksums", Usage: "accept the files of applied migrations as they are now", Destination: &o.Checksums},
			&cli.BoolFlag{Name: "missing", Usage: "forget applied migrations whose files are gone", Destination: &o.Missing},
			&cli.StringFlag{Name: "applied", Usage: "the version that is there whole", Destination: &o.Applied},
			&cli.StringFlag{Name: "forget", Usage: "the version that is not there at all", Destination: &o.Forget},
			&cli.StringFlag{Name: "version", Usage: "with --statement: the version that ran in part", Destination: &o.Version},
			&cli.StringFlag{Name: "statement", Usage: "done: the statement whose end is not known took effect; again: it did not", Destination: &o.Statement},
		),
		Action: r.action(func(ctx context.Context, c *cli.Context) error {
			if err := factory.NoArguments(c); err != nil {
				return err
			}
			if o == (runner.RepairOptions{}) {
				return factory.Usage("say what is to be corrected: --checksums, --missing, --applied V, --forget V, or --version V --statement done")
			}
			return r.with(func(run *runner.Runner, e *events) error {
				changes, err := run.Repair(ctx, o)
				for _, change := range changes {
					e.line("%s", change)
				}
				if err == nil && len(changes) == 0 {
					e.line("there was nothing to correct")
				}
				return e.failed(err)
			})
		}),
	}
}

// events shows progress.
type events struct {
	show
	json     bool
	dir      string
	folder   *file.Folder
	foreseen *foreseen
}

func (e *events) tell(ev runner.Event) {
	if e.json {
		e.encode(ev)
		return
	}
	name := ev.Version
	if ev.Name != "" {
		name += " " + ev.Name
	}
	way := "applying"
	if ev.Down {
		way = "taking back"
	}
	switch ev.Kind {
	case runner.Begin:
		e.line("%s %s", e.colour("1", way), name)
	case runner.Resume:
		e.line("%s %s, where it stopped: statement %d of %d", e.colour("1", "going on with"), name, ev.Statement, ev.Statements)
	case runner.Ran:
		if what := e.foreseen.shortly(ev.Version, ev.Statement); what != "" {
			e.line("  %s  %s  %s", took(ev.Took), ev.SQL, e.colour("2", "("+what+")"))
			return
		}
		e.line("  %s  %s", took(ev.Took), ev.SQL)
	case runner.BatchRound:
		e.line("  %s so far  %s", plural(int(ev.Rows), "row"), ev.SQL)
	case runner.End:
		e.line("  %s in %s", e.colour("32", "done"), took(ev.Took))
	case runner.TakenOver:
		e.line("%s was applied before: %s", name, ev.Text)
	default: // waiting, retry, cleaned: the text says all
		text := ev.Text
		if text == "" {
			text = string(ev.Kind)
		}
		e.line("  %s", e.colour("33", text))
	}
}

func took(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%4d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

func (e *events) encode(v any) {
	if text, err := json.Marshal(v); err == nil {
		fmt.Fprintf(e.io.Out, "%s\n", text)
	}
}

// done tells how a run ended.
func (e *events) done(r *runner.Report, err error) error {
	if err != nil {
		return e.failed(err)
	}
	if e.json {
		e.encode(r)
		return nil
	}
	if r.DryRun {
		for i, s := range r.Steps {
			way := "would apply"
			if s.Down {
				way = "would take back"
			}
			mode := "in one transaction"
			if !s.Transaction {
				mode = "each statement by itself"
			}
			e.line("%s %s %s (%s)", e.colour("1", way), s.Version, s.Name, mode)
			for k, statement := range s.Statements {
				e.line("  %s:%d  %s", s.Path, statement.Line, oneLine(statement.SQL))
				if what := e.foreseen.effect(s.Version, e.foreseen.steps[i].first+k); what != "" {
					e.line("      %s", e.colour("2", what))
				}
				for _, what := range statement.Loses {
					e.line("      %s %s", e.colour("31", "lost:"), what)
				}
			}
		}
	}
	switch {
	case len(r.Steps) == 0:
		e.line("there is nothing to do: the database is at version %s", or(r.Current, "0"))
	case !r.DryRun:
		e.line("the database is at version %s", or(r.Current, "0"))
	}
	return nil
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// failed gives the exit code of an error of the runner: what the user can settle is a finding; a database that can't be reached is none.
func (e *events) failed(err error) error {
	if err == nil || errors.Is(err, runner.ErrConnect) {
		return err
	}
	return &factory.ExitError{Code: factory.Findings, Err: err}
}
