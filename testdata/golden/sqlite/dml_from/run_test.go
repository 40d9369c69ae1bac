package dml_from

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/dml_from/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(SQLite(t))

	Want[int64](t, 1)(q.Apply(ctx, 8))
	Want(t, []db.ApplyReturningRow{{ID: 1, Price: 10}, {ID: 2, Price: 8}})(q.ApplyReturning(ctx))
	Want[int64](t, 1)(q.Withdraw(ctx, "Emma"))
	Want[int64](t, 0)(q.Withdraw(ctx, "Emma"))
	Want[int64](t, 1)(q.Copy(ctx, 3))
}
