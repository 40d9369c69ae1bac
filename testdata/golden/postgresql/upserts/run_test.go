package upserts

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/upserts/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	Want(t, db.Stock{Isbn: "1", Copies: 3})(q.Put(ctx, db.PutParams{Isbn: "1", Copies: 3}))
	Want(t, db.Stock{Isbn: "1", Copies: 5, Note: Text("new")})(q.Put(ctx, db.PutParams{Isbn: "1", Copies: 2, Note: Text("new")}))
	Want(t, db.Stock{Isbn: "1", Copies: 6, Note: Text("new")})(q.Put(ctx, db.PutParams{Isbn: "1", Copies: 1}))
	Want(t, db.PutNewRow{Isbn: "2", Copies: 9})(q.PutNew(ctx, db.PutNewParams{Isbn: "2", Copies: 9}))
	if _, err := q.PutNew(ctx, db.PutNewParams{Isbn: "2", Copies: 1}); !errors.Is(err, pgx.ErrNoRows) {
		t.Errorf("an old one: %v", err)
	}
	Want[int64](t, 0)(q.PutSmaller(ctx, db.PutSmallerParams{Isbn: "2", Copies: 10}))
	Want[int64](t, 1)(q.PutSmaller(ctx, db.PutSmallerParams{Isbn: "2", Copies: 8}))
	Want(t, db.PutOrRow{Copies: 7, Inserted: true})(q.PutOr(ctx, db.PutOrParams{Isbn: "3", Copies: 7, Note: Text("x"), Less: 1}))
	Want(t, db.PutOrRow{Note: Text("x"), Copies: 6})(q.PutOr(ctx, db.PutOrParams{Isbn: "3", Copies: 7, Note: Text("x"), Less: 1}))
}
