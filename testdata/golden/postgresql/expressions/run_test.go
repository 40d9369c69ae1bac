package expressions

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/expressions/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	Want(t, []db.CaseRow{{Level: "many", Many: Text("many"), Label: Text("blue")}, {Level: "none", Label: Text("Ink")}})(q.Case(ctx))
	Want(t, []db.NullsRow{
		{Note: "blue", Either: Text("blue"), Other: pgtype.Text{}, Missing: false, Differs: false, Most: 10},
		{Note: "no note", Other: Text("Ink"), Missing: true, Differs: true, Most: 3},
	})(q.Nulls(ctx))
	Want(t, []db.ProvedRow{{Note: "blue", More: Numeric("1.50")}})(q.Proved(ctx))
	Want(t, []db.CastsRow{
		{ID: "1", Whole: 2, Stock: Int8(10), Day: Day("2026-05-01"), Seven: 7},
		{ID: "2", Whole: 4, Day: Day("2026-05-02"), Seven: 7},
	})(q.Casts(ctx))
	Want(t, []db.ArithmeticRow{
		{Double: Numeric("3.00"), Paid: Numeric("1.00"), Thirds: Int4(3), Whole: 3, Half: Numeric("3.5000000000000000"), Odd: true, Rounded: Numeric("1.5"), Square: 1},
		{Double: Numeric("8.00"), Whole: 3, Half: Numeric("3.5000000000000000"), Rounded: Numeric("4.0"), Square: 4},
	})(q.Arithmetic(ctx))
	Want(t, []db.DatesRow{
		{
			Day: Stamp("2026-05-01"), Year: Numeric("2026"),
			Lasted: pgtype.Interval{Days: 2, Microseconds: (2*time.Hour + 30*time.Minute).Microseconds(), Valid: true},
			Later:  Stamp("2026-05-02 10:00:00"), Before: Day("2026-05-31"), After: Day("2026-06-08"), Month: Text("2026-05"),
		},
		{Day: Stamp("2026-05-02"), Later: Stamp("2026-05-03 10:00:00"), Month: Text("2026-05")},
	})(q.Dates(ctx))
	Want(t, []db.TextsRow{
		{Upper: "PEN", Both: Text("Pen blue"), Joined: "Penblue", Length: Int4(4), P: true, Loud: "Pen!", Initial: "P"},
		{Upper: "INK", Joined: "Ink", Loud: "Ink!", Initial: "I"},
	})(q.Texts(ctx))
	Want(t, []db.LogicRow{
		{Many: Bool(true), Yes: Bool(true), Sure: true, Listed: true, Maybe: Bool(true)},
		{Yes: Bool(true)},
	})(q.Logic(ctx))
	got, err := q.Literals(ctx)
	OK(t, err)
	Same(t, got.One, 1)
	Same(t, got.Fraction, Numeric("1.5"))
	Same(t, got.Text, "text")
	Same(t, got.Yes, true)
	Same(t, got.Large, 3000000000)
	Same(t, got.Never, false)
	Want(t, []int32{1, 2})(q.Rows(ctx, db.RowsParams{Name: "Pen", Price: Numeric("1.5"), Least: 0}))
}
