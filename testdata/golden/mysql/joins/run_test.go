package joins

import (
	"context"
	"database/sql"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/joins/db"
)

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		q := db.New(conn)

		born := sql.Null[uint32]{V: 1775, Valid: true}
		Want(t, []db.InnerJoinRow{{Title: "Emma", Name: "Austen", Born: born}})(q.InnerJoin(ctx))
		Want(t, []db.LeftJoinRow{{Title: "Emma", Name: String("Austen"), Born: born}, {Title: "Beowulf"}})(q.LeftJoin(ctx))
		Want(t, []db.RightJoinRow{{Title: String("Emma"), Name: "Austen"}, {Name: "Homer"}})(q.RightJoin(ctx))
		Want(t, []db.LeftNeededRow{{Title: "Emma", Name: "Austen"}})(q.LeftNeeded(ctx))
		Want(t, []db.NestedRow{{Name: "Austen", Title: String("Emma"), Next: String("Beowulf")}, {Name: "Homer"}})(q.Nested(ctx))
		Want(t, []db.JoinUsingRow{{ID: 1, Title: "Emma", Name: String("Austen")}, {ID: 2, Title: "Beowulf", Name: String("Homer")}})(q.JoinUsing(ctx))
		Want(t, []db.StarRow{{ID: 1, AuthorID: Int32(1), Title: "Emma", ID_2: Int32(1), Name: String("Austen"), Born: born}, {ID: 2, Title: "Beowulf"}})(q.Star(ctx))
	})
}
