package expressions

import (
	"context"
	"database/sql"
	"math"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/expressions/db"
)

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		q := db.New(conn)

		Want(t, []db.Item{
			{
				ID: 1, Name: "Pen", Note: String("blue"), Price: "1.50", Rebate: String("0.50"), Stock: Int32(10), Fresh: true,
				Added: Time("2026-05-01 10:00:00"), Sold: When("2026-05-03 12:30:00"), Opens: String("09:30:00"), Made: Int16(2026),
				Photo: []byte{0, 255}, Size: Ptr[uint64](math.MaxUint64),
			},
			{ID: 2, Name: "Ink", Price: "4.00", Added: Time("2026-05-02 10:00:00")},
		})(q.Items(ctx))
		Want(t, []db.CasesRow{{Level: "many", Many: String("many"), Known: "known"}, {Level: "none", Known: "unknown"}})(q.Cases(ctx))
		Want(t, []db.NullsRow{
			{Note: "blue", Stock: 10, IsBlue: true, Most: 2},
			{Note: "no note", Other: String("Ink"), Missing: true, Most: 2},
		})(q.Nulls(ctx))
		Want(t, []db.ProvedRow{{Note: "blue", Rebate: "0.50"}})(q.Proved(ctx))
		Want(t, []db.CastsRow{
			{ID: "1", Whole: 2, Note: String("blue"), Day: When("2026-05-01")},
			{ID: "2", Whole: 4, Day: When("2026-05-02")},
		})(q.Casts(ctx))
		Want(t, []db.ArithmeticRow{
			{Double: "3.00", Paid: String("1.00"), More: Int64(11), Half: "0.5000", Odd: 1},
			{Double: "8.00", Half: "1.0000", Halves: 1},
		})(q.Arithmetic(ctx))
		Want(t, []db.DatesRow{
			{Day: When("2026-05-01"), Year: Int64(2026), Days: Int64(2), Later: When("2026-05-02 10:00:00"), Month: "2026-05"},
			{Day: When("2026-05-02"), Later: When("2026-05-03 10:00:00"), Month: "2026-05"},
		})(q.Dates(ctx))
		Want(t, []db.TextsRow{
			{Upper: "PEN", Two: String("Pen blue"), Joined: "Pen blue", Length: Int64(4), P: true, Initial: "P"},
			{Upper: "INK", Joined: "Ink", Initial: "I"},
		})(q.Texts(ctx))
		Want(t, []string{"Pen"})(q.Since(ctx, db.SinceParams{Added: Time("2026-04-30"), Fresh: true}))
	})
}
