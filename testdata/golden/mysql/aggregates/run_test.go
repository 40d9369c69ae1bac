package aggregates

import (
	"context"
	"database/sql"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/aggregates/db"
)

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		q := db.New(conn)

		Want(t, db.TotalsRow{})(q.Totals(ctx))
		Want(t, db.TotalsKnownRow{Copies: "0"})(q.TotalsKnown(ctx))
		Want[[]db.ByCityRow](t, nil)(q.ByCity(ctx))

		for _, s := range []db.AddSaleParams{
			{ID: 1, City: "Bath", Seller: String("Ann"), Copies: 3, Price: "1.50", Weight: 0.5},
			{ID: 2, City: "Bath", Seller: String("Bob"), Copies: 7, Price: "2.50", Weight: 1.5},
			{ID: 3, City: "York", Copies: 2, Price: "1.00", Weight: 1},
		} {
			OK(t, q.AddSale(ctx, s))
		}
		Want(t, db.TotalsRow{
			Sales: 3, Sellers: 2, Copies: String("12"), Revenue: String("5.00"), Mean: String("4.0000"), Weight: Float64(1),
			First: String("Bath"), Dearest: String("2.50"), Names: String("Ann,Bob"),
		})(q.Totals(ctx))
		Want(t, db.TotalsKnownRow{Copies: "12", Last: 3})(q.TotalsKnown(ctx))
		Want(t, []db.ByCityRow{{City: "Bath", Sales: 2, Copies: "10", Seller: String("Ann")}, {City: "York", Sales: 1, Copies: "2"}})(q.ByCity(ctx))
		Want(t, []db.HavingMoreRow{{City: "Bath", Copies: 7}})(q.HavingMore(ctx, 5))
		Want(t, []db.RollupRow{{City: String("Bath"), Copies: String("10")}, {City: String("York"), Copies: String("2")}, {Copies: String("12")}})(q.Rollup(ctx))
		Want(t, db.BitsRow{Bits: 7, Cities: 2})(q.Bits(ctx))
	})
}
