package migrate

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
	"github.com/covetsql/covetsql/migrate/file"
)

// newCreate makes an empty migration, to be written by hand.
func newCreate(io *iostreams.Streams) *cli.Command {
	t := newTarget(io)
	return &cli.Command{
		Name:      "new",
		Usage:     "write an empty migration, to be filled by hand",
		ArgsUsage: "NAME",
		Flags:     t.folderFlags(),
		Action: t.action(func(_ context.Context, c *cli.Context) error {
			if c.Args().Len() != 1 {
				return factory.Usage("a new migration needs a name, as in: covetsql migrate new add_users")
			}
			disk, folder, err := t.open(true)
			if err != nil {
				return err
			}
			defer disk.Close()
			_, files, err := folder.New(file.Content{Name: c.Args().First(), Up: []string{}, Down: []string{}}, time.Now())
			if err != nil {
				return err
			}
			if err := disk.Write(files); err != nil {
				return err
			}
			for _, f := range files {
				fmt.Fprintf(io.Err, "wrote %s/%s\n", strings.TrimSuffix(disk.Path(), "/"), f.Name)
			}
			return nil
		}),
	}
}

// newHash writes the list of checksums anew.
func newHash(io *iostreams.Streams) *cli.Command {
	t := newTarget(io)
	check := false
	return &cli.Command{
		Name:      "hash",
		Usage:     "write the checksums of the folder's files anew, after one was changed on purpose",
		ArgsUsage: " ",
		Flags:     append(t.folderFlags(), &cli.BoolFlag{Name: "check", Usage: "write nothing; exit code 3 where the files are not those of the list", Destination: &check}),
		Action: t.action(func(_ context.Context, c *cli.Context) error {
			if err := factory.NoArguments(c); err != nil {
				return err
			}
			disk, folder, err := t.open(false)
			if err != nil {
				return err
			}
			defer disk.Close()
			if check {
				if err := folder.Verify(); err != nil {
					return &factory.ExitError{Code: factory.Stale, Err: err}
				}
				return nil
			}
			name, text, ok := folder.Hash()
			if !ok {
				return factory.Usage("folders of %s's form have no list of checksums; the database's history keeps them", folder.Form)
			}
			if err := disk.Write([]file.Written{{Name: name, Text: text, Replace: true}}); err != nil {
				return err
			}
			fmt.Fprintf(io.Err, "wrote %s/%s\n", strings.TrimSuffix(disk.Path(), "/"), name)
			return nil
		}),
	}
}
