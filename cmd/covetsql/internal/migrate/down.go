package migrate

import (
	"context"
	"strconv"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
	runner "github.com/covetsql/covetsql/migrate"
)

func newDown(io *iostreams.Streams) *cli.Command {
	r := newRunning(io)
	return &cli.Command{
		Name:      "down",
		Usage:     "take back the last migration, or the last N",
		ArgsUsage: "[N]",
		Flags: append(r.runFlags(),
			&cli.BoolFlag{Name: "allow-drop", Usage: "let go of the rows and columns that the way back drops, deletes or truncates", Destination: &r.AllowDrop}),
		Action: r.action(func(ctx context.Context, c *cli.Context) error {
			n := 1
			if c.Args().Present() {
				var err error
				if n, err = strconv.Atoi(c.Args().First()); err != nil || n < 1 || c.Args().Len() > 1 {
					return factory.Usage("%q is not a number of migrations; covetsql migrate down 2 takes back the last two", c.Args().First())
				}
			}
			return r.with(func(run *runner.Runner, e *events) error {
				run.Approve = r.approve(ctx)
				return r.both(ctx, run, e, func(run *runner.Runner, dry bool) (*runner.Report, error) { return run.Down(ctx, n, dry) })
			})
		}),
	}
}

// approve lets be lost what the flag or who sits at the terminal says.
func (r *running) approve(ctx context.Context) func([]runner.Loss) error {
	if r.AllowDrop {
		return nil
	}
	p := meet(r.IO, "nothing was undone")
	if p == nil {
		return runner.Refuse
	}
	return func(lost []runner.Loss) error {
		for _, l := range lost {
			p.line("%s %v", p.colour("31;1", "lost:"), l)
		}
		ok, err := p.yes(ctx, "no migration brings that back. Go on?")
		if err == nil && !ok {
			err = p.left("it was not approved")
		}
		return err
	}
}
