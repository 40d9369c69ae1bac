package tablefuncs

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/tablefuncs/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	Want(t, []int32{1, 2, 3})(q.Numbers(ctx, 3))
	Want[[]int32](t, nil)(q.Numbers(ctx, 0))
	Want(t, []db.DaysRow{{Day: Day("2026-05-02"), Books: 1}, {Day: Day("2026-05-03")}})(q.Days(ctx, db.DaysParams{First: Stamp("2026-05-02"), Last: Stamp("2026-05-03")}))
	Want(t, []db.OrderedRow{{Title: "Beowulf", Place: 1}, {Title: "Emma", Place: 2}})(q.Ordered(ctx, []int32{2, 1}))
	Want(t, []db.ZippedRow{{Number: Int4(1), Word: Text("a")}, {Number: Int4(2)}})(q.Zipped(ctx, db.ZippedParams{Numbers: []int32{1, 2}, Words: []string{"a"}}))
	Want(t, []string{"to", "be"})(q.Words(ctx, "to  be"))
	Want(t, []db.CheaperRow{{ID: 2, Title: "Beowulf"}})(q.Cheaper(ctx, 5))
	Want(t, []db.AllBooksRow{{ID: 1, Title: "Emma", Price: Int4(12)}, {ID: 2, Title: "Beowulf"}})(q.AllBooks(ctx))
	Want(t, []string{"Emma", "Beowulf"})(q.Titles(ctx))
	Want(t, []db.DoubledRow{{Price: Int4(24), ID: 2}, {ID: 4}})(q.Doubled(ctx))
}
