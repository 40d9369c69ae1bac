package aggregates

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/aggregates/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(SQLite(t))

	Want(t, db.TotalsRow{})(q.Totals(ctx))
	Want(t, db.TotalsKnownRow{})(q.TotalsKnown(ctx))
	Want[[]db.ByCityRow](t, nil)(q.ByCity(ctx))
	Want(t, db.LargestRow{})(q.Largest(ctx))

	for _, s := range []db.AddSaleParams{
		{ID: 1, City: "Bath", Seller: String("Ann"), Copies: 3, Price: 1.5},
		{ID: 2, City: "Bath", Seller: String("Bob"), Copies: 7, Price: 2.5},
		{ID: 3, City: "York", Copies: 2, Price: 1},
	} {
		OK(t, q.AddSale(ctx, s))
	}
	Want(t, db.TotalsRow{
		Sales: 3, Sellers: 2, Copies: Int64(12), Revenue: Float64(5), Mean: Float64(4), First: String("Bath"),
		Dearest: Float64(2.5), Total: 12, Names: String("Ann,Bob"),
	})(q.Totals(ctx))
	Want(t, db.TotalsKnownRow{Copies: 12, Dearest: 2.5})(q.TotalsKnown(ctx))
	Want(t, []db.ByCityRow{{City: "Bath", Sales: 2, Copies: 10, Seller: String("Ann")}, {City: "York", Sales: 1, Copies: 2}})(q.ByCity(ctx))
	Want(t, []db.HavingRow{{City: "Bath", Copies: 10}})(q.Having(ctx, 5))
	Want(t, []db.FilteredRow{{City: "Bath", Large: 1, Copies: Int64(7)}, {City: "York"}})(q.Filtered(ctx))
	Want(t, db.LargestRow{City: String("Bath"), Copies: Int64(7)})(q.Largest(ctx))
}
