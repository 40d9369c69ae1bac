// Package types reads a row of every type and writes it back; the server then says whether both are the same.
package types

import (
	"context"
	"database/sql"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/types/db"
)

// copied reads the rows 1 and 2, writes them as 11 and 12, and has the server compare.
func copied[Row, Params any](
	t *testing.T, read func(context.Context) ([]Row, error), params func(Row) Params,
	add func(context.Context, Params) error, same func(context.Context) (int64, error),
) {
	t.Helper()
	ctx := context.Background()
	rows, err := read(ctx)
	if err != nil {
		t.Error("reading:", err)
		return
	}
	Same(t, len(rows), 2)
	for _, r := range rows {
		if err := add(ctx, params(r)); err != nil {
			t.Error("writing:", err)
		}
	}
	Want[int64](t, 2)(same(ctx))
}

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		q := db.New(conn)
		t.Run("numbers", func(t *testing.T) {
			copied(t, q.Numbers, func(r db.Number) db.AddNumbersParams { r.ID += 10; return db.AddNumbersParams(r) }, q.AddNumbers, q.SameNumbers)
		})
		t.Run("texts", func(t *testing.T) {
			copied(t, q.Texts, func(r db.Text) db.AddTextsParams { r.ID += 10; return db.AddTextsParams(r) }, q.AddTexts, q.SameTexts)
		})
		t.Run("bytes", func(t *testing.T) {
			copied(t, q.Bytes, func(r db.Byte) db.AddBytesParams { r.ID += 10; return db.AddBytesParams(r) }, q.AddBytes, q.SameBytes)
		})
		t.Run("times", func(t *testing.T) {
			copied(t, q.Times, func(r db.Time) db.AddTimesParams { r.ID += 10; return db.AddTimesParams(r) }, q.AddTimes, q.SameTimes)
		})
		t.Run("shapes", func(t *testing.T) {
			copied(t, q.Shapes, func(r db.Shape) db.AddShapesParams { r.ID += 10; return db.AddShapesParams(r) }, q.AddShapes, q.SameShapes)
		})
	})
}
