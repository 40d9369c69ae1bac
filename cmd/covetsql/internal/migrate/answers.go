package migrate

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
	"github.com/covetsql/covetsql/migrate/draft"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/plan"
	"github.com/covetsql/covetsql/migrate/rename"
)

// answers are what the schema files, the manifest of renames and the one at the terminal say.
func (o *drafting) answers(disk *file.Disk) (draft.Answers, error) {
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
	if interactive(o.IO) && !o.Check {
		out.Ask = ask(o.IO)
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

// confirm asks a question of yes or no; only a yes is one.
func confirm(io *iostreams.Streams, question string) (bool, error) {
	fmt.Fprintf(io.Err, "%s [y/n] ", question)
	text, err := bufio.NewReader(io.In).ReadString('\n')
	if err != nil {
		return false, fmt.Errorf("the question was not answered: %w", err)
	}
	text = strings.ToLower(strings.TrimSpace(text))
	return text == "y" || text == "yes", nil
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

// interactive tells whether a person sits at both ends.
func interactive(io *iostreams.Streams) bool {
	in, ok := io.In.(*os.File)
	if !ok || !io.ErrColor {
		return false
	}
	info, err := in.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// ask puts the question of a rename to the person at the terminal. Only a yes is one; the end of the input ends the run.
func ask(io *iostreams.Streams) func(rename.Candidate) (bool, error) {
	lines := bufio.NewReader(io.In)
	s := show{io}
	return func(c rename.Candidate) (bool, error) {
		s.line("%s was %v renamed? (%.0f %%)", s.colour("36;1", "question:"), plain(c.Rename, c.Schema), 100*c.P)
		for _, e := range c.Evidence {
			s.line("  %s", e)
		}
		fmt.Fprintf(io.Err, "  yes renames it and keeps what is in it; no drops the old and makes the new: [y/n] ")
		for {
			text, err := lines.ReadString('\n')
			switch strings.ToLower(strings.TrimSpace(text)) {
			case "y", "yes":
				return true, nil
			case "n", "no":
				return false, nil
			}
			if err != nil {
				return false, fmt.Errorf("the question was not answered: %w", err)
			}
			fmt.Fprint(io.Err, "  y or n: ")
		}
	}
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
