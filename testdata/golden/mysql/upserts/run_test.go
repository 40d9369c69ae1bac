package upserts

import (
	"context"
	"database/sql"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/upserts/db"
)

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		q := db.New(conn)

		// MySQL counts an updated row twice.
		Want[int64](t, 1)(q.Put(ctx, db.PutParams{Isbn: "1", Copies: 3}))
		Want[int64](t, 2)(q.Put(ctx, db.PutParams{Isbn: "1", Copies: 2, Note: String("new")}))
		Want(t, db.Stock{Isbn: "1", Copies: 5, Note: String("new")})(q.Stock(ctx, "1"))
		Want[int64](t, 2)(q.PutLess(ctx, db.PutLessParams{Isbn: "1", Copies: 9, Less: 4}))
		Want(t, db.Stock{Isbn: "1", Copies: 1, Note: String("new")})(q.Stock(ctx, "1"))
		Want[int64](t, 0)(q.IgnoreOld(ctx, db.IgnoreOldParams{Isbn: "1", Copies: 8}))
		Want[int64](t, 2)(q.Replaced(ctx, db.ReplacedParams{Isbn: "1", Copies: 7}))
		Want(t, db.Stock{Isbn: "1", Copies: 7})(q.Stock(ctx, "1"))
		Want[int64](t, 1)(q.SetOne(ctx, db.SetOneParams{Isbn: "2", Copies: 7}))
	})
}
