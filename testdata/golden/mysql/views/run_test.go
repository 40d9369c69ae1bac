package views

import (
	"context"
	"database/sql"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/views/db"
)

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		q := db.New(conn)

		Want(t, []db.Shelf{{ID: 1, Title: "Emma", Author: String("Austen"), Twice: 24}, {ID: 2, Title: "Beowulf", Twice: 18}})(q.Shelf(ctx))
		Want(t, []db.Total{{Author: "Austen", Books: 1, Dearest: Int32(12)}, {Author: "Homer"}})(q.Totals(ctx, 0))
		Want(t, []db.JoinedRow{{Title: "Emma", Books: Int64(1)}, {Title: "Beowulf"}})(q.Joined(ctx))
	})
}
