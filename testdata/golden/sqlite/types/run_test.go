// Package types reads a row of every type and writes it back; the server then says whether both are the same.
package types

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/types/db"
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
	q := db.New(SQLite(t))
	t.Run("numbers", func(t *testing.T) {
		copied(t, q.Numbers, func(r db.Number) db.AddNumbersParams { r.ID += 10; return db.AddNumbersParams(r) }, q.AddNumbers, q.SameNumbers)
	})
	t.Run("texts", func(t *testing.T) {
		copied(t, q.Texts, func(r db.Text) db.AddTextsParams { r.ID += 10; return db.AddTextsParams(r) }, q.AddTexts, q.SameTexts)
	})
	t.Run("times", func(t *testing.T) {
		copied(t, q.Times, func(r db.Time) db.AddTimesParams { r.ID += 10; return db.AddTimesParams(r) }, q.AddTimes, sameTimes(q))
	})
	t.Run("others", func(t *testing.T) {
		copied(t, q.Others, func(r db.Other) db.AddOthersParams { r.ID += 10; return db.AddOthersParams(r) }, q.AddOthers, q.SameOthers)
	})
}

// sameTimes compares in Go: the driver writes a time in another form than the schema has it.
func sameTimes(q *db.Queries) func(context.Context) (int64, error) {
	return func(ctx context.Context) (n int64, err error) {
		rows, err := q.Times(ctx)
		for _, a := range rows {
			for _, b := range rows {
				if b.ID == a.ID+10 && a.DNot.Equal(b.DNot) && a.DNull == b.DNull && a.DtNot.Equal(b.DtNot) && a.DtNull == b.DtNull &&
					a.TsNot.Equal(b.TsNot) && a.TsNull == b.TsNull && a.TNot == b.TNot && a.TNull == b.TNull {
					n++
				}
			}
		}
		return n, err
	}
}
