package tablefuncs

import (
	"context"
	"database/sql"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/tablefuncs/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(SQLite(t))
	Want(t, []db.TagsRow{{Title: "Emma", Tag: String("love")}, {Title: "Emma", Tag: String("novel")}})(q.Tags(ctx))
	Want(t, []string{"Beowulf", "Emma"})(q.Ordered(ctx, "[2, 1]"))
	Want(t, []db.ColumnsRow{{Name: "id", Type: "INTEGER", Pk: 1}, {Name: "title", Type: "TEXT", Pk: 0}, {Name: "tags", Type: "TEXT", Pk: 0}})(q.Columns(ctx))
	Want(t, []sql.NullString{String("Emma")})(q.Search(ctx, "clever"))
	Want(t, []db.RowidsRow{{ID: 1, Title: "Emma"}, {ID: 2, Title: "Beowulf"}})(q.Rowids(ctx))
}
