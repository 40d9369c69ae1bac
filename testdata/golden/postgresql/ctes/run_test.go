package ctes

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/ctes/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	Want(t, []db.PlainRow{{Name: "BOB", ID: 2}, {Name: "CID", ID: 3}})(q.Plain(ctx, 1))
	Want(t, []db.TreeRow{
		{ID: 1, Name: "Ann", Depth: 1, Path: "Ann"},
		{ID: 2, Name: "Bob", Depth: 2, Path: "Ann/Bob"},
		{ID: 3, Name: "Cid", Depth: 3, Path: "Ann/Bob/Cid"},
	})(q.Tree(ctx))
	Want(t, []int32{1, 2, 3})(q.Counted(ctx, 3))
	Want(t, []db.BossesRow{{ID: Int4(2), Seen: 0}, {ID: Int4(1), Seen: 1}, {Seen: 2}})(q.Bosses(ctx, 2))
	Want(t, []db.Leaver{{ID: 3, Name: "Cid"}})(q.Dismiss(ctx, 3))
	Want[[]db.Leaver](t, nil)(q.Dismiss(ctx, 3))
	Want(t, db.HireRow{Name: "Dan", Boss: Text("Ann")})(q.Hire(ctx, db.HireParams{ID: 4, Boss: Int4(1), Name: "Dan"}))
	Want(t, db.HireRow{Name: "Eve"})(q.Hire(ctx, db.HireParams{ID: 5, Name: "Eve"}))
	if _, err := q.Hire(ctx, db.HireParams{ID: 5, Name: "Eve"}); err == nil || errors.Is(err, pgx.ErrNoRows) {
		t.Errorf("a duplicate: %v", err)
	}
	Want(t, []db.MaterializedRow{{X: 1, Y: 2}})(q.Materialized(ctx))
}
