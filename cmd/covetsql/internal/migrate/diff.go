package migrate

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
	"github.com/covetsql/covetsql/migrate/draft"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/history"
	"github.com/covetsql/covetsql/migrate/plan"
)

// drafting are the flags of a verb that drafts a migration.
type drafting struct {
	*target
	Live, Check, Print, Plain, AllowDrop bool
	Drops                                cli.StringSlice
}

func newDiff(io *iostreams.Streams) *cli.Command {
	o := &drafting{target: newTarget(io)}
	return &cli.Command{
		Name:      "diff",
		Usage:     "write the migration that the schema files ask for",
		ArgsUsage: "[NAME]",
		Flags: append(append(o.folderFlags(), o.scratchFlags()...),
			&cli.BoolFlag{Name: "from-database", Usage: "compare with the database, not with what the migrations make", Destination: &o.Live},
			&cli.BoolFlag{Name: "check", Usage: "write nothing; exit code 3 where a migration is missing", Destination: &o.Check},
			&cli.BoolFlag{Name: "print", Usage: "write nothing; print the migration", Destination: &o.Print},
			&cli.BoolFlag{Name: "plain", Usage: "the fewest statements, for tables that may be locked while they run", Destination: &o.Plain},
			&cli.BoolFlag{Name: "allow-drop", Usage: "let go of the rows and columns that the schema files have no more", Destination: &o.AllowDrop},
			dropFlag(&o.Drops),
			&cli.StringFlag{Name: "database-env", Usage: "with --from-database: the environment variable that holds the database's URI", Destination: &o.DatabaseEnv},
			&cli.StringFlag{Name: "database-file", Usage: "with --from-database: a file that holds it", Destination: &o.DatabaseFile},
		),
		Action: o.action(func(ctx context.Context, c *cli.Context) error {
			if c.Args().Len() > 1 {
				return factory.Usage("one name is given to a migration; write it with underscores")
			}
			return o.run(ctx, c.Args().First())
		}),
	}
}

func (o *drafting) run(ctx context.Context, name string) error {
	disk, folder, err := o.open(!o.Check && !o.Print)
	if err != nil {
		return err
	}
	defer disk.Close()
	if err := folder.Verify(); err != nil {
		return &factory.ExitError{Code: factory.Findings, Err: err}
	}
	request, err := o.request(folder, disk.Path())
	if err != nil {
		return err
	}
	if request.Answers, err = o.answers(ctx, disk, meet(o.IO, "nothing was written")); err != nil {
		return err
	}
	d, err := drafted(ctx, request)
	if err != nil {
		return err
	}
	s := show{o.IO}
	s.renamed(d)
	if d.InSync() {
		fmt.Fprintf(o.IO.Err, "%v and %v are the same: there is nothing to migrate\n", request.From, request.To)
		if o.Check || o.Print {
			return nil
		}
		return o.fulfilled(disk, d)
	}
	if problems := s.draft(d); problems {
		return factory.Exit(factory.Findings)
	}
	switch {
	case o.Check:
		s.plan(d.Up)
		return factory.Exit(factory.Stale)
	case o.Print:
		s.script(d)
	default:
		if name == "" {
			name = named(d.Up)
		}
		_, files, err := folder.New(content(name, d, folder), time.Now())
		if err != nil {
			return err
		}
		if err := disk.Write(files); err != nil {
			return err
		}
		if err := o.emptyManifest(disk); err != nil {
			return err
		}
		if err := o.noteSites(disk); err != nil {
			return err
		}
		s.plan(d.Up)
		for _, f := range files {
			fmt.Fprintf(o.IO.Err, "wrote %s/%s\n", strings.TrimSuffix(disk.Path(), "/"), f.Name)
		}
		s.tried(d)
	}
	if len(d.Unmanaged) > 0 {
		return factory.Exit(factory.Findings)
	}
	return nil
}

// request says what is compared with what.
func (o *drafting) request(folder *file.Folder, path string) (draft.Request, error) {
	r := draft.Request{Options: plan.Options{Online: !o.Plain}}
	var err error
	if r.Scratch, err = o.scratch(); err != nil {
		return r, err
	}
	statements, list := compiler.SchemaStatements(o.config, o.block)
	if err := o.Finish(o.config, list); err != nil {
		return r, err
	}
	r.To = draft.Files{Name: "the schema files", Statements: statements}
	r.From = draft.Folder{Name: "the migrations in " + path, Folder: folder}
	if o.Live {
		r.From = o.live()
	}
	return r, nil
}

// live is the schema of the database, without the tables in which tools keep their history.
func (t *target) live() draft.Live {
	return draft.Live{Name: "the database", Read: func(ctx context.Context) (*catalog.Snapshot, error) {
		uri, err := t.uri()
		if err != nil {
			return nil, err
		}
		return readLive(ctx, t, uri)
	}}
}

// named calls a migration by what it does first.
func named(p plan.Plan) string {
	if len(p.Steps) == 0 {
		return "change"
	}
	o := p.Steps[0].About
	words := []string{"change", o.Kind, o.Table, o.Name}
	verb, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(p.Steps[0].SQL)), " ")
	switch {
	case verb == "create" || verb == "drop":
		words[0] = verb
	case strings.Contains(strings.ToUpper(p.Steps[0].SQL), " RENAME "):
		words[0] = "rename"
	}
	var out []string
	for _, w := range words {
		if w != "" {
			out = append(out, w)
		}
	}
	if len(p.Steps) > 1 {
		out = append(out, "and_more")
	}
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(strings.Join(out, "_")))
	if len(name) > 80 {
		name = name[:80]
	}
	return strings.Trim(name, "_")
}

// content is what is written of a draft for a folder. Where the form has a way to say it, statements that may share a transaction do, as
// they did when the draft was tried.
func content(name string, d *draft.Draft, f *file.Folder) file.Content {
	c := file.Content{Name: name, Up: statements(d.Up), Down: statements(d.Down), Seal: true}
	if d.Up.ForeignKeysOff || d.Down.ForeignKeysOff {
		c.Directives = append(c.Directives, "covet:foreign_keys off")
	}
	for _, s := range slices.Concat(d.Up.Steps, d.Down.Steps) {
		c.NoTransaction = c.NoTransaction || s.Alone || s.Batch
	}
	if c.NoTransaction && f.Dialect == token.PostgreSQL && (f.Form == file.Own || f.Form == file.GolangMigrate) {
		c.Up, c.Down = grouped(d.Up, c.Up), grouped(d.Down, c.Down)
	}
	return c
}

// grouped puts BEGIN and COMMIT around statements that stand together and may share a transaction.
func grouped(p plan.Plan, all []string) (out []string) {
	apart := func(s plan.Step) bool { return s.Alone || s.Batch }
	for i := 0; i < len(all); {
		n := i
		for n < len(all) && !apart(p.Steps[n]) {
			n++
		}
		switch {
		case n == i:
			out = append(out, all[i])
			n++
		case n == i+1:
			out = append(out, all[i])
		default:
			out = append(append(append(out, "BEGIN"), all[i:n]...), "COMMIT")
		}
		i = n
	}
	return out
}

// statements are those of a plan, each with what the runner and a reader are to know of it.
func statements(p plan.Plan) []string {
	var out []string
	for _, s := range p.Steps {
		var b strings.Builder
		if s.Why != "" {
			b.WriteString("-- " + oneLine(s.Why) + "\n")
		}
		for _, l := range s.Losses {
			if l.Rows {
				fmt.Fprintf(&b, "-- lost: %v: %s\n", oneLine(l.Object.String()), oneLine(l.What))
			}
		}
		if s.Batch {
			b.WriteString("-- covet:batch\n")
		}
		if s.Check != "" {
			b.WriteString("-- " + oneLine(s.Check) + "\n-- covet:check\n")
		}
		out = append(out, b.String()+s.SQL)
	}
	return out
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// withoutHistory leaves out the tables in which tools keep what was applied.
func withoutHistory(s *catalog.Snapshot) *catalog.Snapshot {
	return s.Without(func(t *catalog.Table) bool { return slices.Contains(history.Tables(), t.Name) })
}
