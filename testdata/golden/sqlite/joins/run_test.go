package joins

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/joins/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(SQLite(t))

	Want(t, []db.InnerRow{{Title: "Emma", Name: "Austen", Born: Int64(1775)}})(q.Inner(ctx))
	Want(t, []db.LeftRow{{Title: "Emma", Name: String("Austen"), Born: Int64(1775)}, {Title: "Beowulf"}})(q.Left(ctx))
	Want(t, []db.RightRow{{Title: String("Emma"), Name: "Austen"}, {Name: "Homer"}})(q.Right(ctx))
	Want(t, []db.FullRow{{Title: String("Emma"), Name: String("Austen")}, {Title: String("Beowulf")}, {Name: String("Homer")}})(q.Full(ctx))
	Want(t, []db.LeftNeededRow{{Title: "Emma", Name: "Austen"}})(q.LeftNeeded(ctx))
	Want(t, []db.UsingRow{{ID: 1, Title: "Emma", Name: String("Austen")}, {ID: 2, Title: "Beowulf", Name: String("Homer")}})(q.Using(ctx))
	Want(t, []db.StarRow{
		{ID: 1, AuthorID: Int64(1), Title: "Emma", ID_2: Int64(1), Name: String("Austen"), Born: Int64(1775)},
		{ID: 2, Title: "Beowulf"},
	})(q.Star(ctx))
	Want(t, []db.SelfJoinRow{{Title: "Emma", Next: String("Beowulf")}, {Title: "Beowulf"}})(q.SelfJoin(ctx))
}
