package migrate

import (
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
)

// newSquash puts several migrations into one.
func newSquash(io *iostreams.Streams) *cli.Command {
	t := newTarget(io)
	from, to := "", ""
	return &cli.Command{
		Name:      "squash",
		Usage:     "put several migrations into one, which databases that have them take for applied",
		ArgsUsage: "NAME",
		Flags: append(t.folderFlags(),
			&cli.StringFlag{Name: "from", Usage: "the first version (default: the oldest)", Destination: &from},
			&cli.StringFlag{Name: "to", Usage: "the last version (default: the newest)", Destination: &to},
		),
		Action: t.action(func(_ context.Context, c *cli.Context) error {
			if c.Args().Len() != 1 {
				return factory.Usage("the squashed migration needs a name")
			}
			disk, folder, err := t.open(false)
			if err != nil {
				return err
			}
			defer disk.Close()
			if n := len(folder.Migrations); n > 0 {
				from, to = or(from, folder.Migrations[0].Version), or(to, folder.Migrations[n-1].Version)
			}
			_, files, remove, err := folder.Squash(from, to, c.Args().First())
			if err != nil {
				return err
			}
			if err := disk.Write(files); err != nil {
				return err
			}
			if err := disk.Remove(remove...); err != nil {
				return err
			}
			dir := strings.TrimSuffix(disk.Path(), "/")
			for _, f := range files {
				fmt.Fprintf(io.Err, "wrote %s/%s\n", dir, f.Name)
			}
			for _, name := range remove {
				fmt.Fprintf(io.Err, "removed %s/%s\n", dir, name)
			}
			return nil
		}),
	}
}
