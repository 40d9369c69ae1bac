package views

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/views/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	Want(t, []db.Shelf{{ID: 1, Title: "Emma", Author: Text("Austen"), Twice: 24}, {ID: 2, Title: "Beowulf", Twice: 18}})(q.Shelf(ctx))
	Want(t, []db.Total{{Author: "Austen", Books: 1, Revenue: Int8(12)}, {Author: "Homer"}})(q.Totals(ctx, 0))
	Want[[]string](t, nil)(q.Cheap(ctx))
	OK(t, q.Refresh(ctx))
	Want(t, []string{"Beowulf"})(q.Cheap(ctx))
	Want(t, []db.JoinedRow{{Title: "Emma", Books: Int8(1)}, {Title: "Beowulf"}})(q.Joined(ctx))
}
