package dml_from

import (
	"context"
	"database/sql"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/dml_from/db"
)

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		q := db.New(conn)

		Want[int64](t, 1)(q.Apply(ctx, db.ApplyParams{Mark: "!", Least: 9}))
		Want[int64](t, 1)(q.Withdraw(ctx, "Emma!"))
		Want[int64](t, 0)(q.WithdrawUsing(ctx, 8))
		Want[int64](t, 1)(q.CopyBook(ctx, db.CopyBookParams{ID: 2}))
		Want[int64](t, 1)(q.CutPrices(ctx, 3))
		Want(t, []db.Book{{ID: 1, Title: "Emma!", Price: Int32(7)}, {ID: 2, Title: "Beowulf"}, {ID: 3, Title: "Iliad", Price: Int32(7)}, {ID: 12, Title: "Beowulf"}})(q.Books(ctx))
	})
}
