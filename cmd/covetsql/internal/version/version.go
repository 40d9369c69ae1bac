// Package version is the verb `covetsql version`.
package version

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/compiler/codegen/gowrite"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
)

// Options are what the verb needs.
type Options struct {
	Out io.Writer
}

// New makes the verb.
func New(io *iostreams.Streams) *cli.Command {
	o := &Options{Out: io.Out}
	return &cli.Command{
		Name:      "version",
		Usage:     "print the version",
		ArgsUsage: " ",
		Action: func(c *cli.Context) error {
			if err := factory.NoArguments(c); err != nil {
				return err
			}
			return Run(o)
		},
	}
}

// Run prints covetsql's version and what it was built with.
func Run(o *Options) error {
	_, err := fmt.Fprintf(o.Out, "covetsql %s (%s, %s/%s)\n", String(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// String is the version: the module's where it was installed as one, else the one that
// generated files name.
func String() string {
	info, ok := debug.ReadBuildInfo()
	if ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return gowrite.Version
}
