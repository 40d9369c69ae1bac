package subqueries

import (
	"context"
	"database/sql"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/subqueries/db"
)

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		q := db.New(conn)

		Want(t, []db.ScalarRow{{Name: "Austen", Cheapest: String("Persuasion"), Books: 2, Dearest: Int32(12)}, {Name: "Homer"}})(q.Scalar(ctx))
		Want(t, []db.HasCheapRow{{Name: "Austen", Cheap: true}, {Name: "Homer"}})(q.HasCheap(ctx, 10))
		Want(t, []string{"Austen"})(q.Writers(ctx, 10))
		Want(t, []db.DerivedRow{{Name: "Austen", Most: Int32(12)}, {Name: "Homer"}})(q.Derived(ctx, 10))
		Want(t, []db.BothRow{{Title: "Austen"}, {Title: "Emma", Price: Int32(12)}, {Title: "Homer"}, {Title: "Persuasion", Price: Int32(9)}})(q.Both(ctx))
		Want(t, []int32{2})(q.NoBooks(ctx))
	})
}
