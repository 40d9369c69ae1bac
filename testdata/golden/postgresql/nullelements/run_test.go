package nullelements

import (
	"context"
	"database/sql"
	"testing"

	"github.com/jackc/pgx/v5/pgtype"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/lib/pq"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/nullelements/db"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/nullelements/pointers"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/nullelements/std"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))
	span := pgtype.Range[pgtype.Int4]{Lower: Int4(1), Upper: Int4(5), LowerType: pgtype.Inclusive, UpperType: pgtype.Exclusive, Valid: true}
	empty := pgtype.Range[pgtype.Int4]{LowerType: pgtype.Empty, UpperType: pgtype.Empty, Valid: true}
	notes := []db.Note{
		{ID: 1, Tags: []pgtype.Text{Text("a"), {}, Text("{,\"}")}, Nums: []pgtype.Int4{{}}, Days: []pgtype.Date{{}, {InfinityModifier: pgtype.Infinity, Valid: true}},
			Spans: []pgtype.Range[pgtype.Int4]{span, {}, empty}, Known: []string{"k"}, Other: []int32{1}},
		{ID: 2, Tags: []pgtype.Text{}, Known: []string{}},
	}
	for _, n := range notes {
		Want(t, n)(q.Add(ctx, db.AddParams(n)))
	}
	Want(t, notes)(q.Notes(ctx))
	Want(t, db.MadeRow{
		Tags: []pgtype.Text{Text("a"), {}, Text("{,\"}"), Text("x")}, Nums: []pgtype.Int4{{}}, Part: []pgtype.Int4{{}}, Known: []string{"k", "x"},
		Both: []pgtype.Text{Text("k"), Text("a"), {}, Text("{,\"}")}, Added: []pgtype.Text{Text("k"), Text("a")}, Split: []string{"a", "b"}, List: []string{"k"},
	})(q.Made(ctx, 1))
	Want(t, []int32{1, 2})(q.Tagged(ctx, db.TaggedParams{Tag: "a", Ids: []int32{2}}))
	if _, err := q.Add(ctx, db.AddParams{ID: 3, Tags: []pgtype.Text{}, Known: []string{}, Other: []int32{}}); err != nil {
		t.Error(err)
	}
}

func TestRunWithPointers(t *testing.T) {
	ctx := context.Background()
	q := pointers.New(PGX(t))
	note := pointers.Note{ID: 1, Tags: []*string{Ptr("a"), nil}, Nums: []*int32{nil, Ptr(int32(1))}, Known: []string{"k"}}
	Want(t, note)(q.Add(ctx, pointers.AddParams(note)))
}

func TestRunWithDatabaseSQL(t *testing.T) {
	for _, driver := range []string{"pgx", "postgres"} {
		t.Run(driver, func(t *testing.T) {
			ctx := context.Background()
			conn, err := sql.Open(driver, PostgresURI(t))
			OK(t, err)
			defer conn.Close()
			q := std.New(conn)
			note := std.Note{
				ID: 1, Tags: []sql.NullString{String("a"), {}, String("{,\"}")}, Nums: []sql.NullInt32{{}, Int32(1)}, Days: []sql.NullString{{}, String("infinity")},
				Spans: []sql.NullString{String("[1,5)"), {}, String("empty")}, Known: []string{"k"}, Other: []int32{1},
			}
			Want(t, note)(q.Add(ctx, std.AddParams(note)))
			Want(t, []std.Note{note})(q.Notes(ctx))
		})
	}
}
