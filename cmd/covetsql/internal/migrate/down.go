package migrate

import (
	"context"
	"fmt"
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
				return r.both(ctx, run, e, func(run *runner.Runner, dry bool) (*runner.Report, error) { return run.Down(ctx, n, dry) })
			})
		}),
	}
}

// approve lets be lost what the flag or the one at the terminal says.
func (r *running) approve(lost []runner.Loss) error {
	if r.AllowDrop {
		return nil
	}
	if !interactive(r.IO) {
		return runner.Refuse(lost)
	}
	s := show{r.IO}
	for _, l := range lost {
		s.line("%s %v", s.colour("31;1", "lost:"), l)
	}
	ok, err := confirm(r.IO, "no migration brings that back. Go on?")
	if err == nil && !ok {
		err = fmt.Errorf("nothing was undone")
	}
	return err
}
