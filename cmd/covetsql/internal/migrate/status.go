package migrate

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
	runner "github.com/covetsql/covetsql/migrate"
)

func newStatus(io *iostreams.Streams) *cli.Command {
	r := newRunning(io)
	check := false
	return &cli.Command{
		Name:      "status",
		Usage:     "list the migrations with what the database has of each",
		ArgsUsage: " ",
		Flags: append(append(append(r.folderFlags(), r.databaseFlags()...), r.formatFlag()),
			&cli.BoolFlag{Name: "check", Usage: "exit code 3 unless all are applied and none was changed", Destination: &check}),
		Action: r.action(func(ctx context.Context, c *cli.Context) error {
			if err := factory.NoArguments(c); err != nil {
				return err
			}
			return r.with(func(run *runner.Runner, e *events) error {
				st, err := run.Status(ctx)
				if err != nil {
					return e.failed(err)
				}
				if e.json {
					e.encode(st)
				} else {
					e.status(st)
				}
				if len(st.Problems) > 0 {
					return factory.Exit(factory.Findings)
				}
				done := st.Count(runner.Applied) + st.Count(runner.Baseline) + st.Count(runner.Covered)
				if check && done < len(st.Items) {
					return factory.Exit(factory.Stale)
				}
				return nil
			})
		}),
	}
}

// colours of states on a terminal.
var colours = map[runner.State]string{
	runner.Applied: "32", runner.Baseline: "32", runner.Pending: "33", runner.Late: "33;1", runner.Partial: "31;1", runner.Changed: "31;1", runner.Missing: "31",
}

// advice is what to do about a state that is not as it should be.
var advice = []struct {
	state     runner.State
	one, many string
}{
	{runner.Partial, "a part of 1 migration ran; `covetsql migrate apply` goes on where it stopped", "parts of %d migrations ran; `covetsql migrate apply` goes on where they stopped"},
	{runner.Changed, "1 applied migration was changed since; put the file back, or `covetsql migrate repair --checksums` accepts it as it is",
		"%d applied migrations were changed since; put the files back, or `covetsql migrate repair --checksums` accepts them as they are"},
	{runner.Missing, "1 applied migration has no file; put the file back, or `covetsql migrate repair --missing` forgets it",
		"%d applied migrations have no file; put the files back, or `covetsql migrate repair --missing` forgets them"},
	{runner.Late, "1 migration is older than the newest applied one: `covetsql migrate apply --allow-late` runs it, or give it a newer version",
		"%d migrations are older than the newest applied one: `covetsql migrate apply --allow-late` runs them, or give them a newer version"},
	{runner.Pending, "1 migration is pending; `covetsql migrate apply` runs it", "%d migrations are pending; `covetsql migrate apply` runs them"},
	{runner.Ahead, "the database has 1 migration that is newer than these files", "the database has %d migrations that are newer than these files"},
}

func (e *events) status(st *runner.Status) {
	if len(st.Items) == 0 {
		e.line("%s has no migrations; `covetsql migrate diff` or `covetsql migrate new NAME` writes the first", e.dir)
		return
	}
	w := tabwriter.NewWriter(e.io.Out, 0, 4, 2, ' ', 0)
	for _, it := range st.Items {
		state := string(it.State)
		if it.State == runner.Partial {
			state = fmt.Sprintf("partial, %d of %d", it.Done, it.Total)
		}
		when := ""
		if !it.At.IsZero() {
			when = it.At.UTC().Format(time.DateTime) + " UTC"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", it.Version, it.Name, state, when, it.By)
	}
	w.Flush()
	for _, a := range advice {
		switch n := st.Count(a.state); {
		case n == 1:
			e.line("%s", e.colour(colours[a.state], a.one))
		case n > 1:
			e.line(e.colour(colours[a.state], a.many), n)
		}
	}
	for _, p := range st.Problems {
		e.line("%s %s", e.colour("31;1", "error:"), p)
	}
	if st.Foreign != "" {
		e.line("the table %s is kept up to date too", st.Foreign)
	}
	for _, name := range st.Ignored {
		e.line("%s is no migration and is passed over", name)
	}
}
