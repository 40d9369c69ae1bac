package returning

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/returning/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(SQLite(t))

	Want[int64](t, 1)(q.Add(ctx, db.AddParams{Title: "Write", Due: When("2026-05-04")}))
	Want(t, []db.AddManyRow{{Title: "A", OpenEnded: true}, {Title: "B", OpenEnded: true}})(q.AddMany(ctx, db.AddManyParams{First: "A", Second: "B"}))
	Want(t, db.Task{ID: 2, Title: "A", Due: When("2026-06-01")})(q.SetDue(ctx, db.SetDueParams{ID: 2, Due: When("2026-06-01")}))
	if _, err := q.SetDue(ctx, db.SetDueParams{ID: 9}); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("a missing task: %v", err)
	}
	Want(t, []db.FinishRow{{ID: 2, Title: "A"}, {ID: 3, Title: "B"}})(q.Finish(ctx, 1))
	Want[[]db.FinishRow](t, nil)(q.Finish(ctx, 1))
	Want(t, []db.Task{{ID: 2, Title: "A", Done: true}, {ID: 3, Title: "B", Done: true}})(q.Drop(ctx))
}
