package migrate

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/cmd/covetsql/internal/revision"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/diag/report"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
	"github.com/covetsql/covetsql/migrate/breaks"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/hazard"
)

// linting is what the verb lint is given.
type linting struct {
	*target
	Since, FailOn    string
	Deployed         string
	Last             int
	All, Down, Locks bool
	Ask              bool
}

func newLint(io *iostreams.Streams) *cli.Command {
	o := &linting{target: newTarget(io)}
	return &cli.Command{
		Name:      "lint",
		Usage:     "say what migrations lock, write anew, lose and break, and the safe way",
		ArgsUsage: " ",
		Flags: append(append(o.folderFlags(), o.scratchFlags()...),
			&cli.IntFlag{Name: "last", Value: 1, Usage: "how many of the newest migrations are judged", Destination: &o.Last},
			&cli.StringFlag{Name: "since", Usage: "judge all that are newer than this version", Destination: &o.Since},
			&cli.BoolFlag{Name: "all", Usage: "judge all", Destination: &o.All},
			&cli.BoolFlag{Name: "down", Usage: "judge the ways back too", Destination: &o.Down},
			&cli.StringFlag{Name: "deployed", Usage: "the revision that runs now: which of its queries a migration breaks, and which of yours wait for it", Destination: &o.Deployed},
			&cli.BoolFlag{Name: "locks", Usage: "list each statement with its locks and its work", Destination: &o.Locks},
			&cli.BoolFlag{Name: "ask", Usage: "replay the migrations on a scratch database and ask the server of each statement; it is listed as by --locks, with the answer", Destination: &o.Ask},
			&cli.StringFlag{Name: "fail-on", Value: "error", Usage: "the least severity that gives exit code 1: " + strings.Join(config.FailOns, ", "), Destination: &o.FailOn},
			&cli.StringFlag{Name: "format", Value: "text", Usage: "how findings are written: " + report.FormatList(), Destination: &o.Format},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "a file for them; - is standard output (default: standard error)", Destination: &o.Output},
		),
		Action: o.action(func(ctx context.Context, c *cli.Context) error {
			if err := factory.NoArguments(c); err != nil {
				return err
			}
			if err := factory.OneOf("fail-on", o.FailOn, config.FailOns...); err != nil {
				return err
			}
			return o.run(ctx)
		}),
	}
}

func (o *linting) run(ctx context.Context) error {
	disk, folder, err := o.open(false)
	if err != nil {
		return err
	}
	defer disk.Close()
	if o.Since != "" && folder.Find(o.Since) == nil {
		return factory.Usage("the folder has no version %s; `covetsql migrate status` lists them", o.Since)
	}
	if err := folder.Problem(); err != nil {
		o.IO.Err.Write([]byte(err.Error() + "\n")) //nolint:errcheck // it is judged by what can be read
	}
	if err := folder.Verify(); err != nil {
		o.IO.Err.Write([]byte(err.Error() + "\n")) //nolint:errcheck // a migration that is still being written is judged too
	}
	from := max(0, len(folder.Migrations)-o.Last)
	switch {
	case o.All:
		from = 0
	case o.Since != "":
		from = slices.Index(folder.Migrations, folder.Find(o.Since)) + 1
	}
	for _, m := range folder.Migrations {
		for _, f := range []*source.File{m.Up.File, m.Down.File} {
			if f != nil && !strings.HasPrefix(f.Path, disk.Path()) {
				f.Path = path.Join(disk.Path(), f.Path)
			}
		}
	}
	queries := o.queries()
	deployed, remove, err := o.deployed(ctx)
	if err != nil {
		return err
	}
	defer remove()
	var server *asking
	if o.Ask {
		if server, err = o.newAsking(ctx, folder.Migrations[:from]); err != nil {
			return err
		}
		defer server.close(ctx)
	}
	var list diag.List
	ignores := &ignores{dialect: o.known.Lex()}
	for i := from; i < len(folder.Migrations); i++ {
		m := folder.Migrations[i]
		before, err := o.schema(folder.Migrations[:i])
		if err != nil {
			return err
		}
		// Our own runner gives every statement a timeout; other tools run their own folders without one.
		options := hazard.Options{Queries: queries, LockTimeout: folder.Form == file.Own}
		if server != nil {
			options.Version = server.version
		}
		ignores.read(m.Up)
		list.Add(hazard.Lint(m.Up, before, options)...)
		if deployed != nil {
			list.Add(breaks.Find(m.Up, before, breaks.Options{Deployed: deployed, Coming: o.config, Hazard: options, Uses: o.uses})...)
		}
		if o.Locks || o.Ask {
			differs, err := o.locks(ctx, m, before, options, server)
			if err != nil {
				return err
			}
			list.Add(differs...)
		}
		if o.Down && m.Down.Exists() {
			after, err := o.schema(folder.Migrations[:i+1])
			if err != nil {
				return err
			}
			ignores.read(m.Down)
			list.Add(hazard.Lint(m.Down, after, options)...)
		}
	}
	list, ignored := ignores.apply(list.Sorted(), func(c *diag.Code) bool {
		switch c {
		case diag.QueryBroken, diag.QueryTooEarly, diag.QueryChanged:
			return deployed != nil
		case diag.NoLockTimeout:
			return folder.Form != file.Own
		case diag.ServerDiffers:
			return server != nil
		case diag.IndexStillUsed:
			return len(queries) > 0
		}
		return true
	})
	if err := o.ReportRun(nil, report.Run{Found: list.Sorted(), Ignored: ignored, Hindered: list.HasErrors()}); err != nil {
		return err
	}
	for _, d := range list {
		if fails(d.Severity, o.FailOn) {
			return factory.Exit(factory.Findings)
		}
	}
	return nil
}

// fails tells whether a finding is as bad as the least that makes a run fail.
func fails(s diag.Severity, on string) bool {
	switch on {
	case "error":
		return s == diag.Error
	case "warning":
		return s == diag.Error || s == diag.Warning
	case "note":
		return true
	}
	return false
}

// schema is what migrations make, by their text: no server is needed.
func (t *target) schema(migrations []*file.Migration) (*catalog.Snapshot, error) {
	var b strings.Builder
	for _, m := range migrations {
		if m.Checkpoint {
			b.Reset()
		}
		for _, s := range m.Up.Statements {
			b.WriteString(s.SQL + ";\n")
		}
	}
	s, list := compiler.ReadSchema(source.NewFile("the migrations before", b.String()), t.block.Engine)
	if s == nil {
		return nil, fmt.Errorf("the schema before the migration can't be known: %v", list[0])
	}
	return s, nil
}

// uses tells whether a block of either version is the one that is migrated.
func (o *linting) uses(p config.Package) bool {
	return p.Engine == o.block.Engine && p.Name == o.block.Name
}

// deployed is the configuration of the revision that runs now, with its files, nil where none was named. remove takes the files away.
func (o *linting) deployed(ctx context.Context) (c *config.Config, remove func(), err error) {
	remove = func() {}
	if o.Deployed == "" {
		return nil, remove, nil
	}
	base, err := revision.Find(ctx, "--deployed", filepath.Dir(o.config.File.Path), o.Deployed)
	if err != nil {
		return nil, remove, err
	}
	dir, err := os.MkdirTemp("", "covetsql-lint-*")
	if err != nil {
		return nil, remove, err
	}
	remove = func() { os.RemoveAll(dir) }
	_, c, err = base.Config(dir, o.config.File.Path)
	if err == nil && c == nil {
		err = fmt.Errorf("%s has no configuration of covetsql that can be used", o.Deployed)
	}
	return c, remove, err
}

// locks lists what each statement of a migration holds and does, with what the server says of it where it is asked; the differences are
// findings.
func (o *linting) locks(ctx context.Context, m *file.Migration, before *catalog.Snapshot, options hazard.Options, server *asking) (diag.List, error) {
	if server != nil {
		options.TimeZone = server.timeZone
	}
	statements := hazard.Statements(m.Up, before, options)
	var answers []string
	var differs diag.List
	if server != nil {
		var err error
		if answers, differs, err = server.side(ctx, statements); err != nil {
			return nil, err
		}
	}
	for i, s := range statements {
		fmt.Fprintf(o.IO.Out, "%s:%d  %s\n", m.Up.File.Path, s.Line(), clip(oneLine(s.SQL)))
		fmt.Fprintf(o.IO.Out, "  %s\n", strings.Join(holds(s), "; "))
		if server != nil {
			fmt.Fprintf(o.IO.Out, "  the server: %s\n", answers[i])
		}
	}
	return differs, nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > 100 {
		return string(r[:97]) + " …"
	}
	return s
}
