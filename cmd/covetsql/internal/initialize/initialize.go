// Package initialize is the verb `covetsql init`.
package initialize

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
)

//go:embed covetsql.yaml
var template string

// Options are what the verb needs.
type Options struct {
	Out    io.Writer
	File   string
	Engine string
}

// drivers are what the generated code uses on each engine unless told otherwise.
var drivers = map[string]string{"postgresql": "pgx/v5", "mysql": "database/sql", "sqlite": "database/sql"}

// New makes the verb.
func New(io *iostreams.Streams) *cli.Command {
	o := &Options{Out: io.Out}
	return &cli.Command{
		Name:      "init",
		Usage:     "write a covetsql.yaml to start from",
		ArgsUsage: " ",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "file", Aliases: []string{"f"}, Value: config.Names[0], Usage: "the file to write", Destination: &o.File},
			&cli.StringFlag{Name: "engine", Value: "postgresql", Usage: "postgresql, mysql or sqlite", Destination: &o.Engine},
		},
		Action: func(c *cli.Context) error {
			if err := factory.NoArguments(c); err != nil {
				return err
			}
			return Run(o)
		},
	}
}

// Run writes the configuration. A file that is there is never touched.
func Run(o *Options) error {
	if err := factory.OneOf("engine", o.Engine, "postgresql", "mysql", "sqlite"); err != nil {
		return err
	}
	text := strings.NewReplacer("{{engine}}", o.Engine, "{{sql_package}}", drivers[o.Engine]).Replace(template)
	f, err := os.OpenFile(o.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already and stays as it is", o.File)
	}
	if err != nil {
		return err
	}
	if _, err := f.WriteString(text); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	fmt.Fprintf(o.Out, "Wrote %s.\n", o.File)
	for _, name := range config.Names {
		if strings.HasPrefix(name, "sqlc.") {
			if _, err := os.Stat(filepath.Join(filepath.Dir(o.File), name)); err == nil {
				fmt.Fprintf(o.Out, "%s is here too. covetsql reads it as it is; now %s goes first.\n", name, o.File)
				return nil
			}
		}
	}
	fmt.Fprintf(o.Out, "Next: put the schema into schema.sql and queries into query.sql, then run `covetsql generate`.\n")
	return nil
}
