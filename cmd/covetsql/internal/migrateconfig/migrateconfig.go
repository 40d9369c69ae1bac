// Package migrateconfig is the verb `covetsql migrate-config`: from sqlc's configuration to a
// covetsql.yaml.
package migrateconfig

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/cmd/covetsql/internal/project"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
)

// Options are what the verb needs. Out is the file to write; "" is a covetsql.yaml beside the
// configuration.
type Options struct {
	project.Options
	Out string
}

// New makes the verb.
func New(io *iostreams.Streams) *cli.Command {
	o := &Options{Options: project.Options{IO: io}}
	return &cli.Command{
		Name:      "migrate-config",
		Usage:     "write a covetsql.yaml that means what an sqlc.yaml does",
		ArgsUsage: " ",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "file", Aliases: []string{"f"}, Usage: "sqlc's configuration (default: sqlc.yaml, sqlc.yml or sqlc.json)", Destination: &o.File},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "the file to write, - for standard output (default: covetsql.yaml beside it)", Destination: &o.Out},
		},
		Action: func(c *cli.Context) error {
			if err := factory.NoArguments(c); err != nil {
				return err
			}
			return Run(o)
		},
	}
}

// Run writes the file and says what is other than before. A file that is there is never touched.
func Run(o *Options) error {
	if o.File == "" {
		found, err := config.Find(".")
		if err != nil {
			return err
		}
		o.File = found
	}
	if filepath.Base(o.File) == config.Names[0] {
		return factory.Usage("%s is covetsql's own already; -f names sqlc's", o.File)
	}
	c, list, err := o.Load()
	if err != nil {
		return err
	}
	text, notes, more := config.Migrate(c.File)
	if more.HasErrors() {
		return o.Finish(c, append(list, more...))
	}
	if o.Out == "" {
		o.Out = filepath.Join(filepath.Dir(o.File), config.Names[0])
	}
	if o.Out == "-" {
		_, err := o.IO.Out.Write(text)
		return err
	}
	f, err := os.OpenFile(o.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already and stays as it is; -o names another file", o.Out)
	}
	if err != nil {
		return err
	}
	if _, err = f.Write(text); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	fmt.Fprintf(o.IO.Out, "Wrote %s; %s stays as it is, for sqlc.\n", o.Out, o.File)
	for _, n := range notes {
		fmt.Fprintf(o.IO.Out, "- %s\n", n)
	}
	return nil
}
