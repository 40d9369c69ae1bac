package arrays

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5/pgtype"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/arrays/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	conn := PGX(t)
	OK(t, db.RegisterTypes(ctx, conn)) // for the array of an enum
	q := db.New(conn)

	one := db.Note{ID: 1, Tags: []string{"a", "b,c"}, Scores: []int32{5, 6, 7}, Moods: []db.Mood{db.MoodOk, db.MoodSad}}
	Want(t, one)(q.Add(ctx, db.AddParams(one)))
	two := db.Note{ID: 2, Tags: []string{}}
	Want(t, two)(q.Add(ctx, db.AddParams(two)))
	if _, err := q.Add(ctx, db.AddParams{ID: 3}); err == nil {
		t.Error("tags may not be NULL")
	}

	Want(t, []int32{1})(q.Tagged(ctx, "b,c"))
	Want(t, []int32{1})(q.Overlapping(ctx, []string{"a", "z"}))
	Want[[]int32](t, nil)(q.Overlapping(ctx, []string{}))
	Want(t, []int32{1})(q.WithScores(ctx, []int32{7}))
	Want(t, []db.PartsRow{
		{First: Text("a"), Some: []int32{5, 6}, Length: Int4(2), Size: 2, Text: "a,b,c"},
		{},
	})(q.Parts(ctx))
	Want(t, db.GrowRow{Tags: []string{"x"}, Scores: []int32{1, 2}})(q.Grow(ctx, db.GrowParams{Tag: "x", ID: 2}))
	Want(t, db.LiteralRow{Numbers: []int64{1, 2}, Words: []string{"a", "b"}, Ids: []int32{1, 2}})(q.Literal(ctx))
	Want(t, []db.UnnestedRow{{ID: 1, Tag: Text("a")}, {ID: 1, Tag: Text("b,c")}, {ID: 2, Tag: Text("x")}})(q.Unnested(ctx))
	Want(t, db.NullElementsRow{
		Tags: []pgtype.Text{Text("a!"), Text("x!")}, Known: []string{"a!", "x!"}, Ids: []pgtype.Int4{Int4(2), Int4(7)},
		Others: []pgtype.Int4{{}, Int4(2)}, List: []pgtype.Text{Text("a!"), Text("x!")}, Notes: []int32{1, 2},
	})(q.NullElements(ctx))
	OK(t, q.Clear(ctx, 1))
	Want(t, db.NullElementsRow{
		Tags: []pgtype.Text{{}, Text("x!")}, Known: []string{"x!"}, Ids: []pgtype.Int4{Int4(2), Int4(7)},
		Others: []pgtype.Int4{{}, Int4(2)}, List: []pgtype.Text{{}, Text("x!")}, Notes: []int32{1, 2},
	})(q.NullElements(ctx))
	Want(t, []int32{7, 8})(q.AddMany(ctx, []int32{7, 8}))
}
