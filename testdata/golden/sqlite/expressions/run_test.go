package expressions

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/expressions/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(SQLite(t))

	Want(t, []db.Item{
		{ID: 1, Name: "Pen", Note: String("blue"), Price: 1.5, Rebate: Float64(0.5), Stock: Int64(10), Fresh: true, Added: Time("2026-05-01 10:00:00"), Sold: When("2026-05-03 12:30:00"), Photo: []byte{0, 255}},
		{ID: 2, Name: "Ink", Price: 4, Added: Time("2026-05-02 10:00:00")},
	})(q.Items(ctx))
	Want(t, []db.CaseRow{{Level: "many", Many: String("many"), Known: "known"}, {Level: "none", Known: "unknown"}})(q.Case(ctx))
	Want(t, []db.NullsRow{
		{Note: "blue", Stock: 10, IsBlue: true, Most: 2},
		{Note: "no note", Other: String("Ink"), Missing: true, Most: 4},
	})(q.Nulls(ctx))
	Want(t, []db.ProvedRow{{Note: "blue", More: 1.5}})(q.Proved(ctx))
	Want(t, []db.CastsRow{{ID: "1", Whole: 1, Stock: Float64(10)}, {ID: "2", Whole: 4}})(q.Casts(ctx))
	Want(t, []db.ArithmeticRow{
		{Double: 3, Paid: Float64(1), Half: 3.5, Odd: 1},
		{Double: 8, Halves: 1, Half: 3.5},
	})(q.Arithmetic(ctx))
	Want(t, []db.DatesRow{
		{Day: String("2026-05-01"), Year: String("2026"), Known: Boolean(true), Later: String("2026-05-02 10:00:00")},
		{Day: String("2026-05-02"), Known: Boolean(true), Later: String("2026-05-03 10:00:00")},
	})(q.Dates(ctx))
	Want(t, []db.TextsRow{
		{Upper: "PEN", Both: String("Pen blue"), Length: Int64(4), P: true, Initial: "P", Loud: "Pen!", Kind: "text"},
		{Upper: "INK", Initial: "I", Loud: "Ink!", Kind: "null"},
	})(q.Texts(ctx))
	got, err := q.Literals(ctx)
	OK(t, err)
	Same(t, got.One, 1)
	Same(t, got.Fraction, 1.5)
	Same(t, got.Text, "text")
	Same(t, got.Bytes, []byte{0})
	Want(t, []string{"Pen"})(q.Since(ctx, db.SinceParams{Added: Time("2026-04-30"), Fresh: true}))
	Want[[]string](t, nil)(q.Since(ctx, db.SinceParams{Added: Time("2026-05-02"), Fresh: true}))
}
