package overruling

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5/pgtype"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/overruling/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	Want(t, []db.MarksRow{{Name: Text("Austen"), Title: "Emma"}, {Name: Text("Homer"), Title: "Ilias"}})(q.Marks(ctx))
	Want(t, []db.LinesRow{{Name: "Austen", Spent: 2.5}})(q.Lines(ctx, 2))
	Want(t, []db.PositionsRow{{ID: 1, ID_2: 1}, {ID: 2, ID_2: 2}})(q.Positions(ctx))
	Want(t, []db.StarRow{{ID: 1, Name: "Austen", Bio: "English"}})(q.Star(ctx))
	Want(t, []db.Mood{db.MoodGlad, db.MoodSad})(q.Moods(ctx))
	Want(t, int32(400))(q.Pages(ctx, 1))
	Want(t, db.ReturnedRow{Name: Text("Sappho"), Bio: "Greek"})(q.Returned(ctx, db.ReturnedParams{ID: 3, Name: "Sappho", Bio: Text("Greek")}))
	Want(t, "English")(q.Bio(ctx, 1))
	if bio, err := q.Bio(ctx, 2); err == nil {
		t.Errorf("NULL was read as %q", bio)
	}
	Want(t, []pgtype.Text{Text("English"), Text("Greek"), {}})(q.Inside(ctx))
}
