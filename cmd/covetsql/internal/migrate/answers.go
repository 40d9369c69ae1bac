package migrate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/migrate/draft"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/plan"
	"github.com/covetsql/covetsql/migrate/rename"
)

// answers are what the schema files, the manifest of renames and who sits at the terminal say.
func (o *drafting) answers(ctx context.Context, disk *file.Disk, who *person) (draft.Answers, error) {
	out := draft.Answers{Drop: func(plan.Loss) bool { return o.AllowDrop }}
	var err error
	if out.Named, err = dropping(o.Drops.Value()); err != nil {
		return out, err
	}
	var problems []error
	out.Directives, problems = o.directives()
	list, err := manifest(disk)
	if err != nil {
		problems = append(problems, err)
	}
	out.Directives = append(out.Directives, list...)
	if disk != nil {
		if out.OldSites, err = oldSites(disk); err != nil {
			problems = append(problems, err)
		}
		if out.OldSites != nil {
			out.NewSites = rename.Sites(o.queries())
		}
	}
	if len(problems) > 0 {
		return out, &factory.ExitError{Code: factory.Findings, Err: errors.Join(problems...)}
	}
	if who != nil && !o.Check {
		out.Ask, out.AskValue, out.AskLoss = who.renamed(ctx), who.value(ctx), who.loss(ctx)
	}
	return out, nil
}

// directives are those of the schema files.
func (t *target) directives() (out []rename.Directive, problems []error) {
	statements, _ := compiler.SchemaStatements(t.config, t.block)
	seen := map[*source.File]bool{}
	for _, s := range statements {
		if seen[s.File] {
			continue
		}
		seen[s.File] = true
		list, wrong := rename.Directives(s.File, t.known.Lex())
		out, problems = append(out, list...), append(problems, wrong...)
	}
	return out, problems
}

// manifest reads what covetsql migrate rename wrote; without a folder there is none.
func manifest(disk *file.Disk) ([]rename.Directive, error) {
	if disk == nil {
		return nil, nil
	}
	text, err := fs.ReadFile(disk.FS(), rename.ManifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", rename.ManifestName, err)
	}
	return rename.ReadManifest(source.NewFile(disk.Path()+"/"+rename.ManifestName, string(text)))
}

// fulfilled takes the lines out of the manifest whose renames the old schema has.
func (o *drafting) fulfilled(disk *file.Disk, d *draft.Draft) error {
	list, err := manifest(disk)
	if err != nil || len(list) == 0 {
		return err
	}
	var left []rename.Rename
	for _, x := range list {
		if !slices.ContainsFunc(d.Done, func(y rename.Directive) bool { return y.Once && y.Span.Start == x.Span.Start }) {
			left = append(left, x.Rename)
		}
	}
	if len(left) == len(list) {
		return nil
	}
	name := strings.TrimSuffix(disk.Path(), "/") + "/" + rename.ManifestName
	if len(left) == 0 {
		fmt.Fprintf(o.IO.Err, "removed %s, whose renames are done\n", name)
		return disk.Remove(rename.ManifestName)
	}
	fmt.Fprintf(o.IO.Err, "took the renames that are done out of %s\n", name)
	return disk.Write([]file.Written{{Name: rename.ManifestName, Text: rename.Manifest(left), Replace: true}})
}

// emptyManifest takes the manifest away once the migration that runs it was written.
func (o *drafting) emptyManifest(disk *file.Disk) error {
	if _, err := fs.Stat(disk.FS(), rename.ManifestName); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return disk.Remove(rename.ManifestName)
}

// dropFlag names what may be lost.
func dropFlag(to *cli.StringSlice) cli.Flag {
	return &cli.StringSliceFlag{Name: "drop", Destination: to,
		Usage: "let go of one thing with what is in it: users, users.email, or with its kind in front: 'index users.users_email', 'enum value mood.sad', 'view v'; may be repeated"}
}

// dropping reads what --drop names.
func dropping(words []string) (out []rename.Named, err error) {
	for _, word := range words {
		n, ok := rename.ParseNamed(word)
		if !ok {
			return nil, factory.Usage("--drop %q is no name; write users, users.email, or a kind in front: 'index users.users_email'", word)
		}
		out = append(out, n)
	}
	return out, nil
}

// drafted makes a draft. What the user wrote and has to mend is a finding.
func drafted(ctx context.Context, r draft.Request) (*draft.Draft, error) {
	d, err := draft.Make(ctx, r)
	var wrong *rename.Error
	if errors.As(err, &wrong) {
		return nil, &factory.ExitError{Code: factory.Findings, Err: err}
	}
	return d, err
}
