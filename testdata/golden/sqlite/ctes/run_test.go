package ctes

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/ctes/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(SQLite(t))

	Want(t, []db.PlainRow{{Name: "BOB", ID: 2}, {Name: "CID", ID: 3}})(q.Plain(ctx, 1))
	Want(t, []db.TreeRow{{ID: 1, Name: "Ann", Depth: 1, Path: "Ann"}, {ID: 2, Name: "Bob", Depth: 2, Path: "Ann/Bob"}, {ID: 3, Name: "Cid", Depth: 3, Path: "Ann/Bob/Cid"}})(q.Tree(ctx))
	Want(t, []int64{1, 2, 3})(q.Counted(ctx, 3))
	Want(t, []db.BossesRow{{ID: Int64(2), Seen: 0}, {ID: Int64(1), Seen: 1}, {Seen: 2}})(q.Bosses(ctx, 2))
	Want[int64](t, 1)(q.Promote(ctx, 1))
	Want[int64](t, 0)(q.Promote(ctx, 1))
}
