package dml_from

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/dml_from/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	rows, err := q.Apply(ctx)
	OK(t, err)
	if len(rows) == 2 && rows[0].ID == 2 { // UPDATE has no order
		rows[0], rows[1] = rows[1], rows[0]
	}
	Same(t, rows, []db.ApplyRow{{ID: 1, Price: 10, Ends: Day("2026-05-04")}, {ID: 2, Price: 8}})
	Want[int64](t, 1)(q.RaiseBy(ctx, db.RaiseByParams{More: 5, Title: "Emma"}))
	Want(t, []db.WithdrawRow{{Title: "Emma", Price: 10}})(q.Withdraw(ctx, "Emma"))
	Want[[]db.WithdrawRow](t, nil)(q.Withdraw(ctx, "Emma"))
	Want(t, db.SetBothRow{Title: "Emma!", Price: Int4(1)})(q.SetBoth(ctx, db.SetBothParams{Price: Int4(1), Source: 1, ID: 3}))
	Want[int64](t, 1)(q.Merge(ctx, db.MergeParams{ID: 2, Title: "Grendel"}))
	Want[int64](t, 1)(q.Merge(ctx, db.MergeParams{ID: 4, Title: "Odyssey"}))
	Want(t, []db.Book{{ID: 1, Title: "Emma", Price: Int4(15)}, {ID: 2, Title: "Grendel", Price: Int4(8)}, {ID: 3, Title: "Emma!", Price: Int4(1)}, {ID: 4, Title: "Odyssey"}})(q.Books(ctx))
}
