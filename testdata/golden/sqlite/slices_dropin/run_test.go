package slices_dropin

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/slices_dropin/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(SQLite(t))

	for _, ids := range [][]int64{{1}, {1, 8}, {1, 7, 8}} {
		Want(t, []string{"Emma"})(q.Beside(ctx, db.BesideParams{Low: Int64(10), Ids: ids, High: Int64(20)}))
		Want[[]string](t, nil)(q.Beside(ctx, db.BesideParams{Low: Int64(10), Ids: ids, High: Int64(11)}))
	}
	Want[[]string](t, nil)(q.Beside(ctx, db.BesideParams{Low: Int64(10), High: Int64(20)}))
	Want(t, []string{"Emma", "Beowulf"})(q.Twice(ctx, []int64{1, 9, 50}))
	Want(t, []string{"Emma", "Beowulf"})(q.Repeated(ctx, db.RepeatedParams{Word: "Emma", Ids: []int64{3, 8}}))
}
