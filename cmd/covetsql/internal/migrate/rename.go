package migrate

import (
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/rename"
)

// newRename notes a rename for the next migration.
func newRename(io *iostreams.Streams) *cli.Command {
	t := newTarget(io)
	return &cli.Command{
		Name:      "rename",
		Usage:     "note that a name of the schema files is another one's new name, for the next migration",
		ArgsUsage: "OLD NEW",
		Flags:     t.folderFlags(),
		Action: t.action(func(ctx context.Context, c *cli.Context) error {
			r, err := rename.ParseRename(c.Args().Slice())
			if err != nil {
				return factory.Usage("%v", err)
			}
			disk, folder, err := t.open(true)
			if err != nil {
				return err
			}
			defer disk.Close()
			noted, err := manifest(disk)
			if err != nil {
				return &factory.ExitError{Code: factory.Findings, Err: err}
			}
			told, _ := t.directives() // what is wrong with them `migrate diff` says
			from, err := t.before(ctx, folder)
			if err != nil {
				return err
			}
			missing := rename.Missing(from, append(told, noted...), r)
			all, said, ok := rename.Note(noted, r, missing == nil)
			if !ok {
				return &factory.ExitError{Code: factory.Findings, Err: missing}
			}
			if len(all) == 0 {
				if err := disk.Remove(rename.ManifestName); err != nil {
					return err
				}
				fmt.Fprintf(io.Err, "%s\nremoved %s/%s, which says no more\n", said, strings.TrimSuffix(disk.Path(), "/"), rename.ManifestName)
				return nil
			}
			if err := disk.Write([]file.Written{{Name: rename.ManifestName, Text: rename.Manifest(all), Replace: true}}); err != nil {
				return err
			}
			if said == "" {
				said = fmt.Sprintf("the next `covetsql migrate diff` renames %v; write the new name into the schema file", r)
			}
			fmt.Fprintf(io.Err, "%s\nnoted in %s/%s, to be committed with the schema file\n", said, strings.TrimSuffix(disk.Path(), "/"), rename.ManifestName)
			return nil
		}),
	}
}

// before is the schema in which old names are looked for: what the migrations make, by their text; of a folder that is empty, the database's.
func (t *target) before(ctx context.Context, folder *file.Folder) (*catalog.Snapshot, error) {
	if len(folder.Migrations) > 0 {
		return t.schema(folder.Migrations)
	}
	if t.block.Database == nil || t.block.Database.URI == "" {
		return nil, factory.Usage("there are no migrations and no database, so nothing has an old name")
	}
	uri, err := t.uri()
	if err != nil {
		return nil, err
	}
	return readLive(ctx, t, uri)
}
