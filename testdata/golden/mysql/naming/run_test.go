package naming

import (
	"context"
	"database/sql"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/naming/db"
)

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		q := db.New(conn)

		Want(t, []int32{1})(q.Range(ctx, 1))
		Want(t, "person")(q.Type(ctx, "person"))
		Want(t, "http://a")(q.Select(ctx, "ann@example.com"))
		Want(t, []int32{1})(q.Query(ctx, []int32{1, 2}))
		Want(t, []db.Person{{ID: 1, HomeURL: "http://a", Mail: "ann@example.com", WeirdCol: "w", Type: "person"}})(q.Whole(ctx))
		Want(t, []db.DoubledRow{{ID: 1, ID_2: 1, ID_3: 1, Count: 1}})(q.Doubled(ctx))
	})
}
