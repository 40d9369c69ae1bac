package migrate

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/cmd/covetsql/internal/project"
	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
	"github.com/covetsql/covetsql/migrate/draft"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/plan"
	"github.com/covetsql/covetsql/migrate/proof"
)

// NewSchema makes the verb schema: schemas compared, and a database brought to one without files of migrations.
func NewSchema(io *iostreams.Streams) *cli.Command {
	return &cli.Command{
		Name:        "schema",
		Usage:       "compare schemas; bring a database to the schema files without migrations",
		Subcommands: []*cli.Command{newSchemaDiff(io), newSchemaApply(io)},
	}
}

func newSchemaDiff(io *iostreams.Streams) *cli.Command {
	o := &drafting{target: newTarget(io)}
	return &cli.Command{
		Name:  "diff",
		Usage: "print what turns one schema into another",
		ArgsUsage: "A B   each one of: files (the block's schema files), migrations (the block's folder), database (the block's database), " +
			"env:VARIABLE (the URI of a database), the path of a file or folder of DDL",
		Flags: append(append(o.folderFlags(), o.scratchFlags()...),
			&cli.BoolFlag{Name: "plain", Usage: "the fewest statements, for tables that may be locked while they run", Destination: &o.Plain}),
		Action: o.action(func(ctx context.Context, c *cli.Context) error {
			if c.Args().Len() != 2 {
				return factory.Usage("give the two schemas, as in: covetsql schema diff database files")
			}
			r := draft.Request{Options: plan.Options{Online: !o.Plain, Backfill: nil}, Answers: draft.Answers{Drop: func(plan.Loss) bool { return true }}}
			var err error
			if r.Scratch, err = o.scratch(); err != nil {
				return err
			}
			if r.From, err = o.named(c.Args().Get(0), r.Scratch); err != nil {
				return err
			}
			if r.To, err = o.named(c.Args().Get(1), r.Scratch); err != nil {
				return err
			}
			return o.compare(ctx, r)
		}),
	}
}

// compare prints the way from one schema to the other. Exit code 3: there is a difference; 1: one that nobody plans.
func (o *drafting) compare(ctx context.Context, r draft.Request) error {
	d, err := drafted(ctx, r)
	if err != nil {
		return err
	}
	s := show{o.IO}
	if d.InSync() {
		s.line("%v and %v are the same", r.From, r.To)
		return nil
	}
	s.draft(d)
	for _, statement := range statements(d.Up) {
		fmt.Fprintf(o.IO.Out, "%s;\n", statement)
	}
	if len(d.Unmanaged)+len(d.Questions)+len(d.Open) > 0 || d.Report != nil && !d.Report.OK() {
		return factory.Exit(factory.Findings)
	}
	return factory.Exit(factory.Stale)
}

// named finds a schema by what the command line calls it.
func (o *drafting) named(word string, s proof.Scratch) (draft.Schema, error) {
	switch variable, isEnv := strings.CutPrefix(word, "env:"); {
	case word == "files":
		statements, list := compiler.SchemaStatements(o.config, o.block)
		if err := o.Finish(o.config, list); err != nil {
			return nil, err
		}
		return draft.Files{Name: "the schema files", Statements: statements}, nil
	case word == "migrations":
		dir, err := o.dir()
		if err != nil {
			return nil, err
		}
		return o.folderAt(dir)
	case word == "database":
		return o.live(), nil
	case isEnv:
		uri, ok := os.LookupEnv(variable)
		if !ok {
			return nil, fmt.Errorf("the environment variable %s is not set", variable)
		}
		return draft.Live{Name: "the database of " + variable, Read: func(ctx context.Context) (*catalog.Snapshot, error) { return readLive(ctx, o.target, uri) }}, nil
	case strings.Contains(word, "://"):
		return nil, factory.Usage("a database's URI holds a password, which every user of the machine can see; put it into the environment and write env:VARIABLE")
	}
	if _, err := os.Stat(word); err != nil {
		return nil, factory.Usage("%q is no schema: there is no such file, and it is none of files, migrations, database, env:VARIABLE", word)
	}
	path, err := filepath.Abs(word)
	if err != nil {
		return nil, err
	}
	block := config.Package{Engine: o.block.Engine, Schema: []string{path}}
	statements, list := compiler.SchemaStatements(&config.Config{File: o.config.File}, block)
	if err := o.Finish(nil, list); err != nil {
		return nil, err
	}
	return draft.Files{Name: word, Statements: statements}, nil
}

func (o *drafting) folderAt(dir string) (draft.Schema, error) {
	disk, err := file.OpenDisk(dir)
	if err != nil {
		return nil, err
	}
	defer disk.Close()
	folder, err := file.Open(disk.FS(), file.Options{Form: file.Form(o.Form), Dialect: o.known.Lex()})
	if err != nil {
		return nil, err
	}
	return draft.Folder{Name: "the migrations in " + dir, Folder: folder}, nil
}

func newSchemaApply(io *iostreams.Streams) *cli.Command {
	o := &drafting{target: newTarget(io)}
	yes := false
	return &cli.Command{
		Name:      "apply",
		Usage:     "bring the database to the schema files, after the plan was approved",
		ArgsUsage: " ",
		Flags: append(append(append([]cli.Flag{o.FileFlag(), o.folderFlags()[1]}, o.databaseFlags()...), o.scratchFlags()...),
			&cli.BoolFlag{Name: "approve", Usage: "run the plan without asking", Destination: &yes},
			&cli.BoolFlag{Name: "plain", Usage: "the fewest statements, for tables that may be locked while they run", Destination: &o.Plain},
			&cli.BoolFlag{Name: "allow-drop", Usage: "let go of the rows and columns that the schema files have no more", Destination: &o.AllowDrop},
			dropFlag(&o.Drops),
		),
		Action: o.action(func(ctx context.Context, c *cli.Context) error {
			if err := factory.NoArguments(c); err != nil {
				return err
			}
			return o.applySchema(ctx, yes)
		}),
	}
}

// applySchema drafts, shows, asks, and runs.
func (o *drafting) applySchema(ctx context.Context, approved bool) error {
	s, err := o.scratch()
	if err != nil {
		return err
	}
	r := draft.Request{Scratch: s, From: o.live(), Options: plan.Options{Online: !o.Plain}}
	if r.To, err = o.named("files", s); err != nil {
		return err
	}
	who := meet(o.IO, "nothing was done")
	if r.Answers, err = o.answers(ctx, nil, who); err != nil {
		return err
	}
	d, err := drafted(ctx, r)
	if err != nil {
		return err
	}
	out := show{o.IO}
	if d.InSync() {
		out.line("the database has the schema of the files: there is nothing to do")
		return nil
	}
	if out.draft(d) {
		return factory.Exit(factory.Findings)
	}
	out.plan(d.Up)
	out.tried(d)
	if !approved {
		if who == nil {
			out.line("nothing was done: nobody is there to approve the plan; --approve runs it without asking")
			return factory.Exit(factory.Findings)
		}
		ok, err := who.yes(ctx, "run it on the database?")
		if err == nil && !ok {
			err = who.left("it was not approved")
		}
		if err != nil {
			return err
		}
	}
	uri, err := o.uri()
	if err != nil {
		return err
	}
	db, err := opens[o.block.Engine](uri)
	if err != nil {
		return err
	}
	live, err := proof.Over(ctx, project.Dialect(o.block.Engine), uri, db)
	if err != nil {
		return err
	}
	defer live.Close()
	if err := live.Apply(ctx, d.Up); err != nil {
		return fmt.Errorf("%w\nwhat ran before it in its transaction was taken back; run `covetsql schema apply` again once the reason is gone", err)
	}
	out.line("the database has the schema of the files")
	if len(d.Unmanaged) > 0 {
		return factory.Exit(factory.Findings)
	}
	return nil
}
