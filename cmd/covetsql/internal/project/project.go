// Package project is what the verbs that compile share: the configuration found and loaded,
// the program compiled, diagnostics shown. It decides which exit code a list of diagnostics
// means.
package project

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/cmd/covetsql/internal/version"
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
	// Format is the form of diagnostics, one of report.Formats.
	Format string
	// Output is a file that they are written to instead of standard error; "-" is standard output.
	Output string
}

// FileFlag chooses the configuration.
func (o *Options) FileFlag() cli.Flag {
	return &cli.StringFlag{Name: "file", Aliases: []string{"f"}, Usage: "the configuration (default: covetsql.yaml, else sqlc.yaml or sqlc.json)", Destination: &o.File}
}

// Flags are the flags of a verb that compiles and shows diagnostics.
func (o *Options) Flags() []cli.Flag {
	return []cli.Flag{
		o.FileFlag(),
		&cli.StringFlag{Name: "format", Value: "text", Usage: "how diagnostics are written: " + report.FormatList(), Destination: &o.Format},
		&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "a file for them; - is standard output (default: standard error)", Destination: &o.Output},
		// sqlc's, for scripts that pass them; covetsql never asks a hosted service.
		&cli.BoolFlag{Name: "no-remote", Hidden: true},
		&cli.BoolFlag{Name: "remote", Hidden: true},
	}
}

// Load finds and loads the configuration. Problems in it are shown; the error is then the
// exit code.
func (o *Options) Load() (*config.Config, diag.List, error) {
	if o.Format != "" {
		if err := factory.OneOf("format", o.Format, report.Formats()...); err != nil {
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

// Report writes diagnostics in the chosen form.
func (o *Options) Report(c *config.Config, list diag.List) error {
	return o.ReportRun(c, report.Run{Found: list, Hindered: list.HasErrors()})
}

// ReportRun is Report with what forms for tools tell beside the findings.
func (o *Options) ReportRun(c *config.Config, r report.Run) error {
	if c != nil {
		r.Found = rebase(r.Found, c)
		ignored := slices.Clone(r.Ignored)
		for i := range ignored {
			ignored[i].Diagnostic = rebase(diag.List{ignored[i].Diagnostic}, c)[0]
		}
		r.Ignored = ignored
	}
	r.Version = version.String()
	options := report.Options{Color: o.IO.ErrColor && o.Output == ""}
	switch o.Output {
	case "":
		return report.Write(o.IO.Err, o.Format, r, options)
	case "-":
		return report.Write(o.IO.Out, o.Format, r, options)
	}
	var b bytes.Buffer
	if err := report.Write(&b, o.Format, r, options); err != nil {
		return err
	}
	if err := os.WriteFile(o.Output, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("the diagnostics can not be written: %w", err)
	}
	if o.Format == "text" || o.Format == "" {
		return nil
	}
	return report.Text(o.IO.Err, r.Found, report.Options{Color: o.IO.ErrColor}) // who reads the log sees them too
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
