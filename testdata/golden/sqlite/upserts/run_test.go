package upserts

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/upserts/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(SQLite(t))

	Want(t, db.Stock{Isbn: "1", Copies: 3})(q.Put(ctx, db.PutParams{Isbn: "1", Copies: 3}))
	Want(t, db.Stock{Isbn: "1", Copies: 5, Note: String("new")})(q.Put(ctx, db.PutParams{Isbn: "1", Copies: 2, Note: String("new")}))
	Want(t, db.Stock{Isbn: "1", Copies: 6, Note: String("new")})(q.Put(ctx, db.PutParams{Isbn: "1", Copies: 1}))
	Want[int64](t, 1)(q.PutNew(ctx, db.PutNewParams{Isbn: "2", Copies: 9}))
	Want[int64](t, 0)(q.PutNew(ctx, db.PutNewParams{Isbn: "2", Copies: 1}))
	Want[int64](t, 0)(q.PutSmaller(ctx, db.PutSmallerParams{Isbn: "2", Copies: 10}))
	Want[int64](t, 1)(q.PutSmaller(ctx, db.PutSmallerParams{Isbn: "2", Copies: 8}))
	Want[int64](t, 0)(q.Ignore(ctx, db.IgnoreParams{Isbn: "2", Copies: 8}))
	Want(t, db.Stock{Isbn: "1", Copies: 1})(q.Replace(ctx, db.ReplaceParams{Isbn: "1", Copies: 1}))
}
