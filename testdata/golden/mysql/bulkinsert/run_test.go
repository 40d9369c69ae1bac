package bulkinsert

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/bulkinsert/db"
)

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		q := db.New(conn)
		Want[int64](t, 0)(q.AddReadings(ctx, nil))

		// Each size of statement, and what is left over.
		var want []db.Reading
		var rows []db.AddReadingsParams
		for i := range int32(512 + 2*64 + 3*8 + 5) {
			r := db.AddReadingsParams{ID: i, Place: "attic", Value: Float64(float64(i) / 4)}
			if i%3 == 0 {
				r.Value = sql.NullFloat64{}
			}
			rows = append(rows, r)
			want = append(want, db.Reading{ID: i, Place: r.Place, Value: r.Value})
		}
		Want(t, int64(len(rows)))(q.AddReadings(ctx, rows))
		Want(t, want)(q.Readings(ctx))

		// A statement that fails leaves those before it, and says so.
		n, err := q.AddReadings(ctx, []db.AddReadingsParams{{ID: 5000, Place: "cellar"}, {ID: 0, Place: "twice"}, {ID: 5001, Place: "never"}})
		if n != 1 || err == nil || !strings.HasPrefix(err.Error(), "query AddReadings: ") {
			t.Errorf("a key that is there: %d, %v", n, err)
		}
		tx, err := conn.BeginTx(ctx, nil)
		OK(t, err)
		_, err = q.WithTx(tx).AddReadings(ctx, []db.AddReadingsParams{{ID: 6000, Place: "cellar"}, {ID: 0, Place: "twice"}})
		if err == nil {
			t.Error("a key that is there was taken")
		}
		OK(t, tx.Rollback())
		readings, err := q.Readings(ctx)
		OK(t, err)
		Same(t, len(readings), len(rows)+1)

		Want[int64](t, 2)(q.AddNotes(ctx, []db.AddNotesParams{{ID: 7000, Note: "a long story that is cut"}, {ID: 7001, Note: "short"}}))
		readings, err = q.Readings(ctx)
		OK(t, err)
		Same(t, readings[len(readings)-2:], []db.Reading{{ID: 7000, Place: `here (or "there")`, Note: "a long story that is"}, {ID: 7001, Place: `here (or "there")`, Note: "short"}})

		_, err = q.SeePlaces(ctx, []db.SeePlacesParams{{Name: "attic", Seen: 1}, {Name: "cellar", Seen: 2}, {Name: "attic", Seen: 5}})
		OK(t, err)
		Want(t, []db.Place{{Name: "attic", Seen: 6}, {Name: "cellar", Seen: 2}})(q.Places(ctx))
		Want[int64](t, 2)(q.Names(ctx, []string{"hall", "roof"}))

		_, err = q.Rename(ctx, []db.RenameParams{{ID: 7000, Place: "x"}, {ID: 7001, Place: "y"}})
		OK(t, err)
		readings, err = q.Readings(ctx)
		OK(t, err)
		Same(t, readings[len(readings)-1], db.Reading{ID: 7001, Place: "y-7001-y"})
	})
}
