package windows

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/windows/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	Want(t, []db.RanksRow{
		{City: "Bath", Copies: 7, Number: 1, Rank: 1, Dense: 1, Percent: 0, Share: 1.0 / 3, Half: 1},
		{City: "York", Copies: 7, Number: 2, Rank: 2, Dense: 2, Percent: 0.5, Share: 2.0 / 3, Half: 1},
		{City: "Bath", Copies: 5, Number: 3, Rank: 3, Dense: 3, Percent: 1, Share: 1, Half: 2},
	})(q.Ranks(ctx))
	Want(t, []db.NeighboursRow{
		{Day: Day("2026-05-01"), BeforeOrNone: 0, After: Text("Bath")},
		{Day: Day("2026-05-02"), Before: Int4(5), BeforeOrNone: 5, After: Text("York")},
		{Day: Day("2026-05-03"), Before: Int4(7), BeforeOrNone: 7},
	})(q.Neighbours(ctx))
	Want(t, []db.RunningRow{
		{Day: Day("2026-05-01"), SoFar: 5, InCity: 2, Mean: Numeric("6.3333333333333333")},
		{Day: Day("2026-05-02"), SoFar: 12, Previous: Int8(5), InCity: 2, Mean: Numeric("6.3333333333333333")},
		{Day: Day("2026-05-03"), SoFar: 19, Previous: Int8(7), InCity: 1, Mean: Numeric("6.3333333333333333")},
	})(q.Running(ctx))
	Want(t, []db.EndsRow{{City: "Bath", First: 5, Last: 7, Second: Int4(7)}, {City: "York", First: 7, Last: 7}})(q.Ends(ctx))
}
