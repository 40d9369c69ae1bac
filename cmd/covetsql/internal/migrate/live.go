package migrate

import (
	"context"

	"github.com/covetsql/covetsql/cmd/covetsql/internal/project"
	"github.com/covetsql/covetsql/compiler/catalog"
)

// readLive introspects a database, without the tables in which tools keep their history.
func readLive(ctx context.Context, t *target, uri string) (*catalog.Snapshot, error) {
	s, err := project.ReadURI(ctx, t.block.Engine, uri)
	if err != nil {
		return nil, err
	}
	return withoutHistory(s), nil
}
