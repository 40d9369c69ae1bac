package aggregates

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/aggregates/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	Want(t, db.TotalsRow{})(q.Totals(ctx))
	Want(t, db.TotalsKnownRow{Copies: 0, Dearest: Numeric("0")})(q.TotalsKnown(ctx))
	Want[[]db.ByCityRow](t, nil)(q.ByCity(ctx))
	Want(t, []db.RollupRow{{Level: 1}})(q.Rollup(ctx))
	Want(t, db.ListsRow{})(q.Lists(ctx))
	Want[int64](t, 0)(q.Distinct(ctx))

	for _, s := range []db.AddSaleParams{
		{ID: 1, City: "Bath", Seller: Text("Ann"), Copies: 3, Price: Numeric("1.50"), Weight: 0.5},
		{ID: 2, City: "Bath", Seller: Text("Bob"), Copies: 7, Price: Numeric("2.50"), Weight: 1.5},
		{ID: 3, City: "York", Seller: Text("Cid"), Copies: 2, Price: Numeric("1.00"), Weight: 1},
	} {
		OK(t, q.AddSale(ctx, s))
	}
	Want(t, db.TotalsRow{
		Sales: 3, Sellers: 3, Copies: Int8(12), Revenue: Numeric("5.00"), Mean: Numeric("4.0000000000000000"),
		Weight: Float8(1), First: Text("Bath"), Dearest: Numeric("2.50"),
	})(q.Totals(ctx))
	Want(t, db.TotalsKnownRow{Copies: 12, Dearest: Numeric("2.50")})(q.TotalsKnown(ctx))
	Want(t, []db.ByCityRow{
		{City: "Bath", Sales: 2, Copies: 10, Seller: Text("Ann"), Large: true},
		{City: "York", Sales: 1, Copies: 2, Seller: Text("Cid"), Large: false},
	})(q.ByCity(ctx))
	Want(t, []db.HavingRow{{City: "Bath", Copies: 10}})(q.Having(ctx, 5))
	Want(t, []db.FilteredRow{{City: "Bath", Large: 1, Copies: Int8(7)}, {City: "York"}})(q.Filtered(ctx))
	Want(t, []db.RollupRow{{City: Text("Bath"), Copies: Int8(10), Level: 0}, {City: Text("York"), Copies: Int8(2), Level: 0}, {Copies: Int8(12), Level: 1}})(q.Rollup(ctx))
	Want(t, db.ListsRow{Cities: []string{"Bath", "Bath", "York"}, Text: Text("Bath,Bath,York")})(q.Lists(ctx))
	Want(t, []db.ListsByCityRow{{City: "Bath", Copies: []int32{3, 7}, Sellers: Text("Ann,Bob")}, {City: "York", Copies: []int32{2}, Sellers: Text("Cid")}})(q.ListsByCity(ctx))
	Want[int64](t, 2)(q.Distinct(ctx))
	Want(t, Float8(3))(q.Median(ctx))

	OK(t, q.AddSale(ctx, db.AddSaleParams{ID: 4, City: "Hull", Copies: 1, Price: Numeric("1"), Weight: 1}))
	Want(t, []db.ByCityRow{
		{City: "Bath", Sales: 2, Copies: 10, Seller: Text("Ann"), Large: true},
		{City: "Hull", Sales: 1, Copies: 1},
		{City: "York", Sales: 1, Copies: 2, Seller: Text("Cid"), Large: false},
	})(q.ByCity(ctx))
}
