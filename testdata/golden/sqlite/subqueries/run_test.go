package subqueries

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/subqueries/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(SQLite(t))

	Want(t, []db.ScalarRow{{Name: "Austen", Cheapest: String("Persuasion"), Books: 2, Dearest: Int64(12)}, {Name: "Homer"}})(q.Scalar(ctx))
	Want(t, []db.ExistsRow{{Name: "Austen", Cheap: true}, {Name: "Homer"}})(q.Exists(ctx, 10))
	Want(t, []string{"Austen"})(q.In(ctx, 10))
	Want(t, []db.DerivedRow{{Name: "Austen", Total: Int64(21)}, {Name: "Homer"}})(q.Derived(ctx, 20))
	Want(t, []db.UnionRow{{Title: "Austen"}, {Title: "Emma", Price: Int64(12)}, {Title: "Homer"}, {Title: "Persuasion", Price: Int64(9)}})(q.Union(ctx))
	Want(t, []int64{2})(q.Except(ctx))
}
