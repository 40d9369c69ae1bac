package joins

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/joins/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	Want(t, []db.InnerRow{{Title: "Emma", Name: "Austen", Born: Int4(1775)}})(q.Inner(ctx))
	Want(t, []db.LeftRow{
		{Title: "Emma", Name: Text("Austen"), Born: Int4(1775)},
		{Title: "Beowulf"},
	})(q.Left(ctx))
	Want(t, []db.RightRow{{Title: Text("Emma"), Name: "Austen"}, {Name: "Homer"}})(q.Right(ctx))
	Want(t, []db.FullRow{{Title: Text("Emma"), Name: Text("Austen")}, {Title: Text("Beowulf")}, {Name: Text("Homer")}})(q.Full(ctx))
	Want(t, []db.CrossRow{{Title: "Emma", Name: "Austen"}, {Title: "Emma", Name: "Homer"}, {Title: "Beowulf", Name: "Austen"}, {Title: "Beowulf", Name: "Homer"}})(q.Cross(ctx))
	Want(t, []db.LeftNeededRow{{Title: "Emma", Name: "Austen"}})(q.LeftNeeded(ctx))
	Want(t, []db.LeftOfInnerRow{
		{Name: "Austen", Title: Text("Emma"), Copies: Int4(3)},
		{Name: "Austen", Title: Text("Emma"), Copies: Int4(4)},
		{Name: "Homer"},
	})(q.LeftOfInner(ctx))
	Want(t, []db.UsingRow{{ID: 1, Title: "Emma"}, {ID: 2, Title: "Beowulf", Other: Text("Beowulf")}})(q.Using(ctx))
	Want(t, []db.FullUsingRow{{ID: 1, Title: Text("Emma"), Name: Text("Austen")}, {ID: 2, Title: Text("Beowulf"), Name: Text("Homer")}})(q.FullUsing(ctx))
	Want(t, []db.LateralRow{{Title: "Emma", Copies: Int8(7), Total: 2}, {Title: "Beowulf"}})(q.Lateral(ctx))
	Want(t, []db.LateralLeftRow{{Title: "Emma", Copies: Int4(4)}, {Title: "Beowulf"}})(q.LateralLeft(ctx))
	Want(t, []db.StarRow{
		{ID: 1, AuthorID: Int4(1), Title: "Emma", ID_2: Int4(1), Name: Text("Austen"), Born: Int4(1775)},
		{ID: 2, Title: "Beowulf"},
	})(q.Star(ctx))
	Want(t, []db.SelfJoinRow{{Title: "Emma", Next: Text("Beowulf")}, {Title: "Beowulf"}})(q.SelfJoin(ctx))
}
