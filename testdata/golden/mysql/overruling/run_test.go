package overruling

import (
	"context"
	"database/sql"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/overruling/db"
)

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		q := db.New(conn)

		Want(t, []db.MarksRow{{Name: String("Austen"), Title: "Emma"}, {Name: String("Homer"), Title: "Ilias"}})(q.Marks(ctx))
		Want(t, []db.LinesRow{{Name: "Austen", Spent: 2.5}})(q.Lines(ctx, 2))
		Want(t, []db.PositionsRow{{ID: 1, ID_2: 1}, {ID: 2, ID_2: 2}})(q.Positions(ctx))
		Want(t, []db.StarRow{{ID: 1, Name: "Austen", Bio: "English"}})(q.Star(ctx))
		Want(t, []bool{true, false})(q.InStock(ctx))
		Want(t, int64(400))(q.Pages(ctx, 1))
		Want(t, db.CountsRow{Max: 2, Count: 2})(q.Counts(ctx))
		Want(t, "English")(q.Bio(ctx, 1))
		if bio, err := q.Bio(ctx, 2); err == nil {
			t.Errorf("NULL was read as %q", bio)
		}
		Want(t, []sql.NullString{{}, String("English")})(q.Inside(ctx))
	})
}
