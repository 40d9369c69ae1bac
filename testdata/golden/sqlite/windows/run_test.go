package windows

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/windows/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(SQLite(t))

	Want(t, []db.RanksRow{{City: "Bath", Number: 1, Rank: 1, Percent: 0, Half: 1}, {City: "York", Number: 2, Rank: 1, Percent: 0.5, Half: 1}, {City: "Bath", Number: 3, Rank: 3, Percent: 1, Half: 2}})(q.Ranks(ctx))
	Want(t, []db.NeighboursRow{
		{Day: "2026-05-01", After: String("Bath")},
		{Day: "2026-05-02", Before: Int64(5), BeforeOrNone: 5, After: String("York")},
		{Day: "2026-05-03", Before: Int64(7), BeforeOrNone: 7},
	})(q.Neighbours(ctx))
	Want(t, []db.RunningRow{
		{Day: "2026-05-01", SoFar: 5, InCity: 2},
		{Day: "2026-05-02", SoFar: 12, Previous: Int64(5), InCity: 2},
		{Day: "2026-05-03", SoFar: 19, Previous: Int64(7), InCity: 1},
	})(q.Running(ctx))
}
