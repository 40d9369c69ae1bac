package json

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/json/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	Want(t, db.AllRow{List: []byte("[]")})(q.All(ctx, 0))
	OK(t, q.Add(ctx, db.AddParams{ID: 1, Body: []byte(`{"kind": "open", "user": {"name": "Ann"}, "n": 3, "items": [2, 1]}`), Raw: []byte(`{"a":  1}`)}))
	OK(t, q.Add(ctx, db.AddParams{ID: 2, Body: []byte(`{"kind": null}`)}))
	Want(t, []db.Event{
		{ID: 1, Body: []byte(`{"n": 3, "kind": "open", "user": {"name": "Ann"}, "items": [2, 1]}`), Raw: []byte(`{"a":  1}`)},
		{ID: 2, Body: []byte(`{"kind": null}`)},
	})(q.Events(ctx))
	Want(t, []db.ReadRow{{User: []byte(`{"name": "Ann"}`), Kind: Text("open"), Name: Text("Ann"), N: Int4(3)}, {}})(q.Read(ctx))
	Want(t, []int32{1})(q.With(ctx, db.WithParams{Part: []byte(`{"n": 3}`), Key: "user"}))
	Want[[]int32](t, nil)(q.With(ctx, db.WithParams{Part: []byte(`{"n": 4}`), Key: "user"}))
	Want(t, db.MakeRow{Made: []byte(`{"id": 2, "kind": null}`), Number: []byte("2"), Kind: "object"})(q.Make(ctx, 2))
	Want(t, db.AllRow{Ids: []byte("[1, 2]"), List: []byte("[1, 2]")})(q.All(ctx, 0))
	Want(t, []db.ElementsRow{{ID: 1, Value: []byte("1")}, {ID: 1, Value: []byte("2")}})(q.Elements(ctx))
	Want(t, []db.PairsRow{{Key: "a", Value: Text("1")}, {Key: "b"}})(q.Pairs(ctx))
	Want(t, []byte(`{"kind": "shut"}`))(q.Set(ctx, db.SetParams{Kind: "shut", ID: 2}))
}
