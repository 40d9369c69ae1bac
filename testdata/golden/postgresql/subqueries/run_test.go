package subqueries

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/subqueries/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	Want(t, []db.ScalarRow{{Name: "Austen", Cheapest: Text("Persuasion"), Books: 2, Dearest: Int4(12)}, {Name: "Homer"}})(q.Scalar(ctx))
	Want(t, []db.ExistsRow{{Name: "Austen", Cheap: true}, {Name: "Homer"}})(q.Exists(ctx, 10))
	Want(t, []string{"Austen"})(q.In(ctx, 10))
	Want(t, []string{"Homer"})(q.NotIn(ctx))
	Want(t, []string{"Emma"})(q.Any(ctx))
	Want(t, []db.DerivedRow{{Name: "Austen", Total: Int8(21)}, {Name: "Homer"}})(q.Derived(ctx, 20))
	Want(t, []string{"Emma"})(q.Rows(ctx))
	Want(t, []db.ArrayRow{{Name: "Austen", Titles: []string{"Emma", "Persuasion"}}, {Name: "Homer", Titles: []string{}}})(q.Array(ctx))
	Want(t, []db.InsertFromRow{{Title: "On Homer", Price: 13}})(q.InsertFrom(ctx, db.InsertFromParams{ID: 3, Name: "Homer"}))
}
