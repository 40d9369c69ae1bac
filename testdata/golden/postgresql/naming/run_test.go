package naming

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/naming/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	Want(t, []int32{1})(q.Range(ctx, 1))
	Want(t, "person")(q.Type(ctx, "person"))
	Want(t, "http://a")(q.Select(ctx, "ann@example.com"))
	Want[int64](t, 1)(q.Len(ctx))
	Want(t, "1")(q.String(ctx, "http://a"))
	Want[int32](t, 1)(q.Context(ctx, "person"))
	Want(t, []int32{1})(q.Err(ctx, "person"))
	Want[int32](t, 1)(q.Q(ctx, 1))

	ann := db.Human{ID: 1, HomeURL: "http://a", Mail: "ann@example.com", WeirdCol: "w", Second: "second", Type: "person"}
	Want(t, []db.Human{ann})(q.Whole(ctx))
	Want(t, []db.Human{ann})(q.Listed(ctx))
	Want(t, []db.Human{ann})(q.Aliased(ctx))
	Want(t, []db.FewerRow{{ID: 1, Mail: "ann@example.com"}})(q.Fewer(ctx))
	Want(t, []db.DoubledRow{{ID: 1, ID_2: 1, ID_3: 1, Column4: 1, Column5: 2, Count: 1}})(q.Doubled(ctx))
	Want(t, []string{"978"})(q.News(ctx))
	Want(t, []db.BusRow{{ID: 7, ID_2: 8}})(q.Bus(ctx))
	Want(t, []db.OddRow{{Strange: db.Strange{ID: 8}, Bus: db.Bus{ID: 7}, Mail: "ann@example.com"}})(q.Odd(ctx))
}
