package json

import (
	"context"
	"database/sql"
	"encoding/json"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/json/db"
)

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		q := db.New(conn)

		body := json.RawMessage(`{"kind": "open", "user": {"name": "Ann"}, "items": [2, 1]}`)
		OK(t, q.Add(ctx, db.AddParams{ID: 1, Body: body, Raw: Ptr(json.RawMessage(`{}`))}))
		OK(t, q.Add(ctx, db.AddParams{ID: 2, Body: json.RawMessage(`{}`)}))
		events, err := q.Events(ctx)
		OK(t, err)
		Same(t, len(events), 2)
		Same(t, events[1], db.Event{ID: 2, Body: json.RawMessage(`{}`)})
		Want(t, []db.ExtractedRow{{User: Ptr(json.RawMessage(`{"name": "Ann"}`)), Kind: String("open"), Size: 3}, {}})(q.Extracted(ctx))
		Want(t, db.MadeRow{Made: json.RawMessage(`{"id": 1, "kind": "x"}`), List: json.RawMessage(`[1, 2]`), Valid: Boolean(true)})(q.Made(ctx, 1))
		Want(t, []db.ElementsRow{{ID: 1, N: Int32(2), Place: 1}, {ID: 1, N: Int32(1), Place: 2}})(q.Elements(ctx))
	})
}
