// Package project is what the verbs that compile share: the configuration found and loaded,
// the program compiled, diagnostics shown. It decides which exit code a list of diagnostics
// means.
package project

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/cache"
	"github.com/covetsql/covetsql/compiler/codegen"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/diag/report"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
)

// Options are what a verb that compiles is given.
type Options struct {
	IO *iostreams.Streams
	// File is the configuration; "" looks for one in the working folder.
	File string
	// Format is the form of diagnostics: text, json or github.
	Format string
}

// FileFlag chooses the configuration.
func (o *Options) FileFlag() cli.Flag {
	return &cli.StringFlag{Name: "file", Aliases: []string{"f"}, Usage: "the configuration (default: covetsql.yaml, else sqlc.yaml or sqlc.json)", Destination: &o.File}
}

// Flags are the flags of a verb that compiles and shows diagnostics.
func (o *Options) Flags() []cli.Flag {
	return []cli.Flag{
		o.FileFlag(),
		&cli.StringFlag{Name: "format", Value: "text", Usage: "how diagnostics are written: text, json or github", Destination: &o.Format},
		// sqlc's, for scripts that pass them; covetsql never asks a hosted service.
		&cli.BoolFlag{Name: "no-remote", Hidden: true},
		&cli.BoolFlag{Name: "remote", Hidden: true},
	}
}

// Load finds and loads the configuration. Problems in it are shown; the error is then the
// exit code.
func (o *Options) Load() (*config.Config, diag.List, error) {
	if o.Format != "" {
		if err := factory.OneOf("format", o.Format, "text", "json", "github"); err != nil {
			return nil, nil, err
		}
	}
	path := o.File
	if path == "" {
		found, err := config.Find(".")
		if err != nil {
			return nil, nil, fmt.Errorf("%w\n`covetsql init` writes one to start from; -f names another file", err)
		}
		path = found
	}
	c, list := config.Load(path)
	if c != nil {
		list = append(list, forbidden(c)...).Sorted()
	}
	if !list.HasErrors() {
		return c, list, nil
	}
	if err := o.Report(c, list); err != nil {
		return nil, nil, err
	}
	for _, d := range list {
		if d.Code == diag.FileUnreadable {
			return nil, nil, factory.Exit(factory.CouldNotRun)
		}
	}
	return nil, nil, factory.Exit(factory.Findings)
}

// Compile loads and compiles. The program's diagnostics hold those of the configuration too;
// nothing of them has been shown.
func (o *Options) Compile(ctx context.Context) (*compiler.Program, error) {
	return o.CompileWith(func(*config.Config) compiler.Options { return compiler.Options{Schema: live(ctx)} })
}

// CompileBound is Compile for those who judge queries part by part.
func (o *Options) CompileBound(ctx context.Context) (*compiler.Program, error) {
	return o.CompileWith(func(*config.Config) compiler.Options { return compiler.Options{Schema: live(ctx), KeepRel: true} })
}

// CompileWith is Compile with the compiler's options, which may depend on the configuration.
func (o *Options) CompileWith(options func(*config.Config) compiler.Options) (*compiler.Program, error) {
	c, list, err := o.Load()
	if err != nil {
		return nil, err
	}
	p := compiler.Compile(c, options(c))
	p.Diagnostics = append(list, p.Diagnostics...).Sorted()
	return p, nil
}

// CompileRemembering is Compile for generation with a memory, which the program is then to be generated with. Under
// noCache it remembers nothing of earlier runs.
func (o *Options) CompileRemembering(ctx context.Context, noCache bool) (p *compiler.Program, memory *codegen.Memory, err error) {
	p, err = o.CompileWith(func(c *config.Config) compiler.Options {
		var store *cache.Store
		if !noCache {
			store = Store(c)
		}
		memory = codegen.NewMemory(c.Dir, store)
		return memory.Options(compiler.Options{Schema: live(ctx)})
	})
	return p, memory, err
}

// CompileStrict is Compile as if every package were strict.
func (o *Options) CompileStrict(ctx context.Context) (*compiler.Program, error) {
	return o.CompileWith(func(c *config.Config) compiler.Options {
		c.Strict = true
		for i := range c.Packages {
			c.Packages[i].Strict = nil
		}
		return compiler.Options{Schema: live(ctx)}
	})
}

// Report writes diagnostics to standard error in the chosen form.
func (o *Options) Report(c *config.Config, list diag.List) error {
	if c != nil {
		list = rebase(list, c)
	}
	switch o.Format {
	case "json":
		return report.JSON(o.IO.Err, list)
	case "github":
		return report.GitHub(o.IO.Err, list)
	}
	return report.Text(o.IO.Err, list, report.Options{Color: o.IO.ErrColor})
}

// Finish shows diagnostics and gives the error that ends the run: nil where none of them is
// an error.
func (o *Options) Finish(c *config.Config, list diag.List) error {
	if err := o.Report(c, list); err != nil {
		return err
	}
	if !list.HasErrors() {
		return nil
	}
	for _, d := range list {
		if d.Code == diag.DatabaseFailed {
			return factory.Exit(factory.CouldNotRun)
		}
	}
	return factory.Exit(factory.Findings)
}

// rebase names files as the user sees them from where the command runs: the compiler names
// them from the configuration's folder.
func rebase(list diag.List, c *config.Config) diag.List {
	if c.Dir == "." || c.Dir == "" {
		return list
	}
	files := map[*source.File]*source.File{}
	move := func(s source.Span) source.Span {
		if s.File == nil || s.File == c.File || filepath.IsAbs(s.File.Path) {
			return s
		}
		moved := files[s.File]
		if moved == nil {
			moved = source.NewFile(filepath.ToSlash(filepath.Join(c.Dir, s.File.Path)), s.File.Text)
			files[s.File] = moved
		}
		s.File = moved
		return s
	}
	out := make(diag.List, len(list))
	for i, d := range list {
		d.Span = move(d.Span)
		d.Labels = append([]diag.Label(nil), d.Labels...)
		for j := range d.Labels {
			d.Labels[j].Span = move(d.Labels[j].Span)
		}
		d.Fixes = append([]diag.Fix(nil), d.Fixes...)
		for j, f := range d.Fixes {
			d.Fixes[j].Edits = append([]diag.Edit(nil), f.Edits...)
			for k := range f.Edits {
				d.Fixes[j].Edits[k].Span = move(f.Edits[k].Span)
			}
		}
		out[i] = d
	}
	return out
}
