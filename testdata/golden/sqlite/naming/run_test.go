package naming

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/naming/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(SQLite(t))

	Want(t, []int64{1})(q.Range(ctx, 1))
	Want(t, "person")(q.Type(ctx, "person"))
	Want(t, "http://a")(q.Sql(ctx, "ann@example.com"))
	Want(t, []int64{1})(q.Query(ctx, []int64{1, 2}))
	Want(t, []string{"ann@example.com"})(q.Strings(ctx, []int64{1, 2}))
	Want(t, []db.Person{{ID: 1, HomeURL: "http://a", Mail: "ann@example.com", WeirdCol: "w", Type: "person"}})(q.Whole(ctx))
	Want(t, []db.DoubledRow{{ID: 1, ID_2: 1, ID_3: 1, Column4: 1, Column5: 2, Count: 1}})(q.Doubled(ctx))
}
