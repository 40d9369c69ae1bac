package migrate

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/rename"
)

// queries are those of the block, as far as they compile: a schema that is being changed may leave some behind.
func (t *target) queries() []*facts.Query {
	only := *t.config
	only.Packages = []config.Package{t.block}
	var out []*facts.Query
	for _, pkg := range compiler.Compile(&only, compiler.Options{KeepRel: true}).Packages {
		out = append(out, pkg.Queries()...)
	}
	return out
}

// oldSites are where the queries used columns when the last migration was written; nil where nobody wrote it down.
func oldSites(disk *file.Disk) (map[string][]string, error) {
	text, err := fs.ReadFile(disk.FS(), rename.SitesName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", rename.SitesName, err)
	}
	return rename.ReadSites(text)
}

// noteSites writes down where the queries use columns now, for the next migration. A project without queries needs no such file.
func (t *target) noteSites(disk *file.Disk) error {
	sites := rename.Sites(t.queries())
	if len(sites) == 0 {
		return nil
	}
	text := rename.WriteSites(sites)
	if was, err := fs.ReadFile(disk.FS(), rename.SitesName); err == nil && bytes.Equal(was, text) {
		return nil
	}
	return disk.Write([]file.Written{{Name: rename.SitesName, Text: string(text), Replace: true}})
}
