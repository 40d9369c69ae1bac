package overrides

import (
	"context"
	"testing"

	"github.com/google/uuid"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/overrides/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	one, two := uuid.MustParse("00000000-0000-0000-0000-000000000001"), uuid.MustParse("00000000-0000-0000-0000-000000000002")
	first := db.Order{ID: one, Total: 250, Placed: Time("2026-05-04 10:00:00")}
	Want(t, first)(q.Place(ctx, db.PlaceParams(first)))
	second := db.Order{
		ID: two, Parent: uuid.NullUUID{UUID: one, Valid: true}, Total: 100, Rate: Numeric("0.19"), Note: Ptr("fast"),
		Labels: []string{"a"}, Placed: Time("2026-05-04 10:00:00"), Shipped: Ptr(Time("2026-05-05 10:00:00")),
	}
	Want(t, second)(q.Place(ctx, db.PlaceParams(second)))
	Want(t, []db.OrdersRow{{ID: one, Total: 250}})(q.Orders(ctx, db.OrdersParams{Least: 1}))
	Want(t, []db.OrdersRow{{ID: two, Total: 100, Note: Ptr("fast"), Shipped: second.Shipped}})(q.Orders(ctx, db.OrdersParams{Note: Ptr("fast")}))
	Want[int64](t, 350)(q.Sum(ctx))
}
