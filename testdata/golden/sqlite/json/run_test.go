package json

import (
	"context"
	"database/sql"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/json/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(SQLite(t))

	OK(t, q.Add(ctx, db.AddParams{ID: 1, Body: `{"kind": "open", "user": {"name": "Ann"}, "n": 3, "items": [2, 1]}`, Raw: String("{}")}))
	OK(t, q.Add(ctx, db.AddParams{ID: 2, Body: `{}`}))
	Want(t, []db.Event{
		{ID: 1, Body: `{"kind": "open", "user": {"name": "Ann"}, "n": 3, "items": [2, 1]}`, Raw: String("{}")},
		{ID: 2, Body: `{}`},
	})(q.Events(ctx))
	Want(t, []db.ReadRow{{Kind: "open", Name: "Ann", User: String(`{"name":"Ann"}`)}, {}})(q.Read(ctx))
	Want(t, []sql.NullInt64{Int64(3), {}})(q.Numbers(ctx))
	Want(t, db.MakeRow{Made: `{"id":1,"kind":"x"}`, List: "[1,2]", Valid: Int64(1)})(q.Make(ctx, 1))
	Want(t, db.MakeRow{Made: `{"id":2,"kind":"x"}`, List: "[1,2]"})(q.Make(ctx, 2))
	Want(t, []db.ElementsRow{{ID: 1, Value: Int64(1)}, {ID: 1, Value: Int64(2)}})(q.Elements(ctx))
	Want(t, []db.KeysRow{{Key: "a", Type: "integer"}, {Key: "b", Type: "null"}})(q.Keys(ctx))
	Want(t, "[1,2]")(q.Grouped(ctx, 0))
	Want(t, "[]")(q.Grouped(ctx, 9))
}
