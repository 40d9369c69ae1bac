package windows

import (
	"context"
	"database/sql"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/windows/db"
)

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		q := db.New(conn)

		Want(t, []db.RanksRow{{City: "Bath", Number: 1, Place: 1, Percent: 0, Half: 1}, {City: "York", Number: 2, Place: 1, Percent: 0.5, Half: 1}, {City: "Bath", Number: 3, Place: 3, Percent: 1, Half: 2}})(q.Ranks(ctx))
		Want(t, []db.NeighboursRow{
			{Day: Time("2026-05-01"), Following: String("Bath")},
			{Day: Time("2026-05-02"), Previous: Int32(5), Following: String("York")},
			{Day: Time("2026-05-03"), Previous: Int32(7)},
		})(q.Neighbours(ctx))
		Want(t, []db.RunningRow{
			{Day: Time("2026-05-01"), SoFar: "5", InCity: 2},
			{Day: Time("2026-05-02"), SoFar: "12", Previous: Int32(5), InCity: 2},
			{Day: Time("2026-05-03"), SoFar: "19", Previous: Int32(7), InCity: 1},
		})(q.Running(ctx))
	})
}
