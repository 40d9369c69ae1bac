package returning

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/returning/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	Want(t, db.AddRow{ID: 1, Slug: "write"})(q.Add(ctx, db.AddParams{Title: "Write", Due: Day("2026-05-04")}))
	Want(t, db.Task{ID: 2, Title: "Read", Slug: Text("read")})(q.AddDefaults(ctx, "Read"))
	Want(t, []db.AddManyRow{{Title: "A", OpenEnded: true}, {Title: "B", OpenEnded: true}})(q.AddMany(ctx, db.AddManyParams{First: "A", Second: "B"}))
	Want(t, Day("2026-06-01"))(q.SetDue(ctx, db.SetDueParams{ID: 3, Due: Day("2026-06-01")}))
	if _, err := q.SetDue(ctx, db.SetDueParams{ID: 9}); !errors.Is(err, pgx.ErrNoRows) {
		t.Errorf("a missing task: %v", err)
	}
	Want(t, []db.FinishRow{{ID: 3, Title: "A"}, {ID: 4, Title: "B"}})(q.Finish(ctx, 2))
	Want[[]db.FinishRow](t, nil)(q.Finish(ctx, 2))
	Want(t, []db.Task{
		{ID: 3, Title: "A", Done: true, Slug: Text("a")},
		{ID: 4, Title: "B", Done: true, Slug: Text("b")},
	})(q.Drop(ctx))
}
