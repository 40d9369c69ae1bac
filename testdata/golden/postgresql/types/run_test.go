// Package types reads a row of every type and writes it back; the server then says whether both are the same.
package types

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	pgx4 "github.com/jackc/pgx/v4"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/lib/pq"

	. "github.com/covetsql/covetsql/internal/golden"
	v4 "github.com/covetsql/covetsql/testdata/golden/postgresql/types/pgx4"
	v5 "github.com/covetsql/covetsql/testdata/golden/postgresql/types/pgx5"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/types/pointers"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/types/std"
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
	want := int64(2)
	if strings.Contains(t.Name(), "PQ/texts") {
		want = 1 // lib/pq sends a nil []byte as an empty one, not as NULL
	}
	Want(t, want)(same(ctx))
}

func TestPgx5(t *testing.T) {
	q := v5.New(PGX(t))
	t.Run("numbers", func(t *testing.T) {
		copied(t, q.Numbers, func(r v5.Number) v5.AddNumbersParams { r.ID += 10; return v5.AddNumbersParams(r) }, q.AddNumbers, q.SameNumbers)
	})
	t.Run("texts", func(t *testing.T) {
		copied(t, q.Texts, func(r v5.Text) v5.AddTextsParams { r.ID += 10; return v5.AddTextsParams(r) }, q.AddTexts, q.SameTexts)
	})
	t.Run("times", func(t *testing.T) {
		copied(t, q.Times, func(r v5.Time) v5.AddTimesParams { r.ID += 10; return v5.AddTimesParams(r) }, q.AddTimes, q.SameTimes)
	})
	t.Run("nets", func(t *testing.T) {
		copied(t, q.Nets, func(r v5.Net) v5.AddNetsParams { r.ID += 10; return v5.AddNetsParams(r) }, q.AddNets, q.SameNets)
	})
	t.Run("shapes", func(t *testing.T) {
		copied(t, q.Shapes, func(r v5.Shape) v5.AddShapesParams { r.ID += 10; return v5.AddShapesParams(r) }, q.AddShapes, q.SameShapes)
	})
	t.Run("ranges", func(t *testing.T) {
		copied(t, q.Ranges, func(r v5.Range) v5.AddRangesParams { r.ID += 10; return v5.AddRangesParams(r) }, q.AddRanges, q.SameRanges)
	})
	t.Run("lists", func(t *testing.T) {
		copied(t, q.Lists, func(r v5.List) v5.AddListsParams { r.ID += 10; return v5.AddListsParams(r) }, q.AddLists, q.SameLists)
	})
	t.Run("clocks", func(t *testing.T) {
		copied(t, q.Clocks, func(r v5.Clock) v5.AddClocksParams { r.ID += 10; return v5.AddClocksParams(r) }, q.AddClocks, q.SameClocks)
	})
	t.Run("more", func(t *testing.T) {
		copied(t, q.More, func(r v5.More) v5.AddMoreParams { r.ID += 10; return v5.AddMoreParams(r) }, q.AddMore, q.SameMore)
	})
}

func TestPointers(t *testing.T) {
	q := pointers.New(PGX(t))
	t.Run("numbers", func(t *testing.T) {
		copied(t, q.Numbers, func(r pointers.Number) pointers.AddNumbersParams { r.ID += 10; return pointers.AddNumbersParams(r) }, q.AddNumbers, q.SameNumbers)
	})
	t.Run("texts", func(t *testing.T) {
		copied(t, q.Texts, func(r pointers.Text) pointers.AddTextsParams { r.ID += 10; return pointers.AddTextsParams(r) }, q.AddTexts, q.SameTexts)
	})
	t.Run("times", func(t *testing.T) {
		copied(t, q.Times, func(r pointers.Time) pointers.AddTimesParams { r.ID += 10; return pointers.AddTimesParams(r) }, q.AddTimes, q.SameTimes)
	})
	t.Run("nets", func(t *testing.T) {
		copied(t, q.Nets, func(r pointers.Net) pointers.AddNetsParams { r.ID += 10; return pointers.AddNetsParams(r) }, q.AddNets, q.SameNets)
	})
	t.Run("shapes", func(t *testing.T) {
		copied(t, q.Shapes, func(r pointers.Shape) pointers.AddShapesParams { r.ID += 10; return pointers.AddShapesParams(r) }, q.AddShapes, q.SameShapes)
	})
	t.Run("ranges", func(t *testing.T) {
		copied(t, q.Ranges, func(r pointers.Range) pointers.AddRangesParams { r.ID += 10; return pointers.AddRangesParams(r) }, q.AddRanges, q.SameRanges)
	})
	t.Run("lists", func(t *testing.T) {
		copied(t, q.Lists, func(r pointers.List) pointers.AddListsParams { r.ID += 10; return pointers.AddListsParams(r) }, q.AddLists, q.SameLists)
	})
	t.Run("clocks", func(t *testing.T) {
		copied(t, q.Clocks, func(r pointers.Clock) pointers.AddClocksParams { r.ID += 10; return pointers.AddClocksParams(r) }, q.AddClocks, q.SameClocks)
	})
	t.Run("more", func(t *testing.T) {
		copied(t, q.More, func(r pointers.More) pointers.AddMoreParams { r.ID += 10; return pointers.AddMoreParams(r) }, q.AddMore, q.SameMore)
	})
}

func TestPgx4(t *testing.T) {
	ctx := context.Background()
	conn, err := pgx4.Connect(ctx, PostgresURI(t))
	OK(t, err)
	defer conn.Close(ctx)
	q := v4.New(conn)
	t.Run("numbers", func(t *testing.T) {
		copied(t, q.Numbers, func(r v4.Number) v4.AddNumbersParams { r.ID += 10; return v4.AddNumbersParams(r) }, q.AddNumbers, q.SameNumbers)
	})
	t.Run("texts", func(t *testing.T) {
		copied(t, q.Texts, func(r v4.Text) v4.AddTextsParams { r.ID += 10; return v4.AddTextsParams(r) }, q.AddTexts, q.SameTexts)
	})
	t.Run("times", func(t *testing.T) {
		copied(t, q.Times, func(r v4.Time) v4.AddTimesParams { r.ID += 10; return v4.AddTimesParams(r) }, q.AddTimes, q.SameTimes)
	})
	t.Run("nets", func(t *testing.T) {
		copied(t, q.Nets, func(r v4.Net) v4.AddNetsParams { r.ID += 10; return v4.AddNetsParams(r) }, q.AddNets, q.SameNets)
	})
	t.Run("shapes", func(t *testing.T) {
		copied(t, q.Shapes, func(r v4.Shape) v4.AddShapesParams { r.ID += 10; return v4.AddShapesParams(r) }, q.AddShapes, q.SameShapes)
	})
	t.Run("ranges", func(t *testing.T) {
		copied(t, q.Ranges, func(r v4.Range) v4.AddRangesParams { r.ID += 10; return v4.AddRangesParams(r) }, q.AddRanges, q.SameRanges)
	})
	t.Run("lists", func(t *testing.T) {
		copied(t, q.Lists, func(r v4.List) v4.AddListsParams { r.ID += 10; return v4.AddListsParams(r) }, q.AddLists, q.SameLists)
	})
	t.Run("clocks", func(t *testing.T) {
		copied(t, q.Clocks, func(r v4.Clock) v4.AddClocksParams { r.ID += 10; return v4.AddClocksParams(r) }, q.AddClocks, q.SameClocks)
	})
}

func TestPQ(t *testing.T)     { standard(t, "postgres") }
func TestStdlib(t *testing.T) { standard(t, "pgx") }

func standard(t *testing.T, driver string) {
	conn, err := sql.Open(driver, PostgresURI(t))
	OK(t, err)
	defer conn.Close()
	q := std.New(conn)
	t.Run("numbers", func(t *testing.T) {
		copied(t, q.Numbers, func(r std.Number) std.AddNumbersParams { r.ID += 10; return std.AddNumbersParams(r) }, q.AddNumbers, q.SameNumbers)
	})
	t.Run("texts", func(t *testing.T) {
		copied(t, q.Texts, func(r std.Text) std.AddTextsParams { r.ID += 10; return std.AddTextsParams(r) }, q.AddTexts, q.SameTexts)
	})
	t.Run("times", func(t *testing.T) {
		copied(t, q.Times, func(r std.Time) std.AddTimesParams { r.ID += 10; return std.AddTimesParams(r) }, q.AddTimes, q.SameTimes)
	})
	t.Run("nets", func(t *testing.T) {
		copied(t, q.Nets, func(r std.Net) std.AddNetsParams { r.ID += 10; return std.AddNetsParams(r) }, q.AddNets, q.SameNets)
	})
	t.Run("shapes", func(t *testing.T) {
		copied(t, q.Shapes, func(r std.Shape) std.AddShapesParams { r.ID += 10; return std.AddShapesParams(r) }, q.AddShapes, q.SameShapes)
	})
	t.Run("ranges", func(t *testing.T) {
		copied(t, q.Ranges, func(r std.Range) std.AddRangesParams { r.ID += 10; return std.AddRangesParams(r) }, q.AddRanges, q.SameRanges)
	})
	t.Run("lists", func(t *testing.T) {
		copied(t, q.Lists, func(r std.List) std.AddListsParams { r.ID += 10; return std.AddListsParams(r) }, q.AddLists, q.SameLists)
	})
}
