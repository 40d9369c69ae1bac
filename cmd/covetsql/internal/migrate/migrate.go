// Package migrate is the verb `covetsql migrate` with its verbs: migrations made, read, tried, applied and taken back.
package migrate

import (
	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/internal/iostreams"
)

// New makes the verb.
func New(io *iostreams.Streams) *cli.Command {
	return &cli.Command{
		Name:  "migrate",
		Usage: "change schemas: make migrations, try them, apply them, take them back",
		Subcommands: []*cli.Command{
			newDiff(io), newCreate(io), newStatus(io), newApply(io), newDown(io), newLint(io), newRename(io), newSquash(io), newHash(io), newBaseline(io), newRepair(io),
		},
	}
}
