package ctes

import (
	"context"
	"database/sql"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/ctes/db"
)

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		q := db.New(conn)

		Want(t, []db.PlainRow{{Name: "BOB", ID: 2}, {Name: "CID", ID: 3}})(q.Plain(ctx, 1))
		Want(t, []db.TreeRow{{ID: 1, Name: "Ann", Depth: 1, Path: "Ann"}, {ID: 2, Name: "Bob", Depth: 2, Path: "Ann/Bob"}, {ID: 3, Name: "Cid", Depth: 3, Path: "Ann/Bob/Cid"}})(q.Tree(ctx))
		Want(t, []int64{1, 2, 3})(q.Counted(ctx, 3))
		Want(t, []db.BossesRow{{ID: Int32(2), Seen: 0}, {ID: Int32(1), Seen: 1}, {Seen: 2}})(q.Bosses(ctx, 2))
	})
}
