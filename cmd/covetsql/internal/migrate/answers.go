package migrate

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
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
	out := draft.Answers{Directives: o.drops(), Drop: func(plan.Loss) bool { return o.AllowDrop }}
	statements, _ := compiler.SchemaStatements(o.config, o.block)
	seen := map[*source.File]bool{}
	var problems []error
	for _, s := range statements {
		if seen[s.File] {
			continue
		}
		seen[s.File] = true
		list, wrong := rename.Directives(s.File, o.known.Lex())
		out.Directives = append(out.Directives, list...)
		problems = append(problems, wrong...)
	}
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

// newRename notes a rename for the next migration.
func newRename(io *iostreams.Streams) *cli.Command {
	t := newTarget(io)
	return &cli.Command{
		Name:      "rename",
		Usage:     "note that a name of the schema files is another one's new name, for the next migration",
		ArgsUsage: "OLD NEW",
		Flags:     t.folderFlags(),
		Action: t.action(func(_ context.Context, c *cli.Context) error {
			r, err := rename.ParseRename(c.Args().Slice())
			if err != nil {
				return factory.Usage("%v", err)
			}
			disk, _, err := t.open(true)
			if err != nil {
				return err
			}
			defer disk.Close()
			list, err := manifest(disk)
			if err != nil {
				return &factory.ExitError{Code: factory.Findings, Err: err}
			}
			all := []rename.Rename{r}
			for _, d := range list {
				if d.Rename != r {
					all = append(all, d.Rename)
				}
			}
			if err := disk.Write([]file.Written{{Name: rename.ManifestName, Text: rename.Manifest(all), Replace: true}}); err != nil {
				return err
			}
			fmt.Fprintf(io.Err, "the next `covetsql migrate diff` renames %v; write the new name into the schema file\n", r)
			return nil
		}),
	}
}
