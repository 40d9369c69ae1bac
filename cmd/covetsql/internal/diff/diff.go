// Package diff is the verb `covetsql diff`: what generate would change.
package diff

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sort"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/cmd/covetsql/internal/project"
	"github.com/covetsql/covetsql/compiler/codegen"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/plugin"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
)

// New makes the verb.
func New(io *iostreams.Streams) *cli.Command {
	o := &project.Options{IO: io}
	return &cli.Command{
		Name:      "diff",
		Usage:     "show what generate would change",
		ArgsUsage: " ",
		Flags:     o.Flags(),
		Action: func(c *cli.Context) error {
			if err := factory.NoArguments(c); err != nil {
				return err
			}
			return Run(c.Context, o)
		},
	}
}

// Run prints a unified diff from each generated file as it is to what generate would write, and
// ends with exit code 3 where there is one.
func Run(ctx context.Context, o *project.Options) error {
	p, err := o.Compile(ctx)
	if err != nil {
		return err
	}
	list := p.Diagnostics
	var files []codegen.File
	if !list.HasErrors() {
		var more diag.List
		plugins := &plugin.Runner{}
		defer plugins.Close(context.WithoutCancel(ctx))
		files, more = codegen.GenerateWith(ctx, p, nil, plugins)
		list = append(list, more...).Sorted()
	}
	if err := o.Finish(p.Config, list); err != nil {
		return err
	}
	sort.Slice(files, func(i, j int) bool { return files[i].Path < files[j].Path })
	stale := false
	for _, f := range files {
		old, err := os.ReadFile(filepath.Join(p.Config.Dir, filepath.FromSlash(f.Path)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if text := diff.Diff("a/"+f.Path, old, "b/"+f.Path, f.Content); text != nil {
			stale = true
			if _, err := o.IO.Out.Write(text); err != nil {
				return err
			}
		}
	}
	if stale {
		return factory.Exit(factory.Stale)
	}
	return nil
}
