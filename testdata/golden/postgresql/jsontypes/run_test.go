package jsontypes

import (
	"context"
	"database/sql"
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/lib/pq"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/jsontypes/db"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/jsontypes/std"
)

const sense = `Sense & "Sensibility" \ é ☃`

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	emma := db.BookCard{ID: 1, Title: "Emma", Price: Numeric("9.50"), Mood: Ptr(db.MoodCalm)}
	Want(t, []db.AuthorsRow{
		{Name: "Austen", Books: []db.BookCard{emma, {ID: 2, Title: sense}}},
		{Name: "Homer", Books: []db.BookCard{}},
	})(q.Authors(ctx))
	Want(t, []db.RowsRow{
		{Name: "Austen", Books: []*db.RowsBooks{
			{ID: 1, AuthorID: 1, Title: "Emma", Price: Numeric("9.50"), Mood: Ptr(db.MoodCalm)}, {ID: 2, AuthorID: 1, Title: sense},
		}},
		{Name: "Homer", Books: []*db.RowsBooks{nil}},
	})(q.Rows(ctx))
	Want(t, []db.TitlesRow{
		{Name: "Austen", Books: []db.TitleCard{{Title: Ptr("Emma")}, {Title: Ptr(sense)}}},
		{Name: "Homer", Books: []db.TitleCard{{}}},
	})(q.Titles(ctx))
	Want(t, db.Library{
		Authors: []db.LibraryAuthor{
			{Name: "Austen", Books: []db.LibraryAuthorBook{{ID: 1, Title: "EMMA"}, {ID: 2, Title: `SENSE & "SENSIBILITY" \ É ☃`}}},
			{Name: "Homer", Books: []db.LibraryAuthorBook{}},
		},
		Prices: map[string]pgtype.Numeric{"1": Numeric("9.50"), "2": {}},
		Most:   db.LibraryMost{Price: Numeric("9.50")},
		Mixed:  json.RawMessage(`[1, "a"]`),
	})(q.Whole(ctx))
	Want(t, []db.MaybeRow{{Name: "Austen", Book: &emma}, {Name: "Homer"}})(q.Maybe(ctx))
	Want(t, db.KeysCard{
		X_1x: 1, A: 2, A_2: 3, UnmarshalJSON_2: []byte{0}, Book: db.KeysCardBook{ID: 4}, Books: []db.KeysCardBooks{{Title: "Emma"}},
	})(q.Keys(ctx))
	Want(t, []db.SingleRow{{N: Ptr(int32(1))}, {}})(q.SingleRows(ctx))
	Want(t, []int64{1, 2})(q.Ids(ctx, 0))
	Want[[]int64](t, nil)(q.Ids(ctx, 9))
	Want(t, &db.Single{ID: 2, AuthorID: 1, Title: sense})(q.FindBook(ctx, 2))
	Want[*db.Single](t, nil)(q.FindBook(ctx, 9))
	for book, err := range q.EachBook(ctx) {
		OK(t, err)
		Same(t, book, db.Single{ID: 1, AuthorID: 1, Title: "Emma", Price: Numeric("9.50"), Mood: Ptr(db.MoodCalm)})
		break
	}
	for _, kinds := range []func(context.Context, int32) ([]db.KindCard, error){q.Kinds, q.KindsB} {
		list, err := kinds(ctx, 3)
		OK(t, err)
		if f := list[0].F8; f == nil || !math.IsNaN(*f) || !list[0].N.NaN || !math.IsInf(*list[1].F8, -1) {
			t.Errorf("NaN and infinity: %v %v %v", f, list[0].N, list[1].F8)
		}
		list[0].F8, list[0].N, list[1].F8 = nil, pgtype.Numeric{}, nil
		key := pgtype.UUID{Bytes: [16]byte(uuid.MustParse("11111111-2222-3333-4444-555555555555")), Valid: true}
		doc := json.RawMessage(`{"a": [1]}`)
		Same(t, list, []db.KindCard{
			{
				ID: 1, Flag: true, Small: Ptr(int16(7)), F4: 1.5, Day: Day("2026-05-03"),
				At: pgtype.Timestamp{Time: Time("2026-05-03 09:00:00"), Valid: true}, Atz: pgtype.Timestamptz{Time: Time("2026-05-03 07:00:00").Add(500 * time.Millisecond), Valid: true},
				Body: []byte{0, 0xff}, Pic: []byte{}, Key: key, Tags: []*string{Ptr("a"), nil}, Nums: []*int32{Ptr(int32(1)), nil}, Doc: doc,
				Span: Ptr("[1,5)"), Took: Ptr("1 day"), Size: &db.KindCardSize{Width: Ptr(int32(1))}, Isbn: "1-2", AB: "x  ",
			},
			{
				ID: 2, F4: 0.1, N: Numeric("12345678901234567890.12345678901234567890"), Day: Day("2026-05-04"),
				At: pgtype.Timestamp{Time: Time("2026-05-04 10:30:00").Add(123456 * time.Microsecond), Valid: true}, Atz: Stamp("2026-05-04 10:30:00"),
				Body: []byte{}, Key: key, Tags: []*string{}, Doc: json.RawMessage("null"), Isbn: "3", AB: "xyz",
			},
			{
				ID: 3, F4: 0.1, F8: Ptr(1e300), N: Numeric("1000000000000000000000000000000"), Day: pgtype.Date{InfinityModifier: pgtype.Infinity, Valid: true},
				At:   pgtype.Timestamp{InfinityModifier: pgtype.NegativeInfinity, Valid: true},
				Atz:  pgtype.Timestamptz{InfinityModifier: pgtype.Infinity, Valid: true},
				Body: []byte{}, Key: key, Tags: []*string{}, Doc: json.RawMessage("null"), Isbn: "3", AB: "xyz",
			},
		})
	}
}

func TestRunWithDatabaseSQL(t *testing.T) {
	uri := PostgresURI(t)
	for _, driver := range []string{"pgx", "postgres"} {
		t.Run(driver, func(t *testing.T) {
			ctx := context.Background()
			conn, err := sql.Open(driver, uri)
			OK(t, err)
			defer conn.Close()
			q := std.New(conn)
			emma := std.BookCard{ID: 1, Title: "Emma", Price: Ptr("9.50"), Mood: Ptr(std.MoodCalm)}
			Want(t, []std.AuthorsRow{
				{Name: "Austen", Books: []std.BookCard{emma, {ID: 2, Title: sense}}},
				{Name: "Homer", Books: []std.BookCard{}},
			})(q.Authors(ctx))
			Want(t, []std.MaybeRow{{Name: "Austen", Book: &emma}, {Name: "Homer"}})(q.Maybe(ctx))
			rows, err := q.Rows(ctx)
			OK(t, err)
			Same(t, rows[1], std.RowsRow{Name: "Homer", Books: []*std.RowsBooks{nil}})
			Want(t, []int64{1, 2})(q.Ids(ctx, 0))
			Want[[]int64](t, nil)(q.Ids(ctx, 9))
			whole, err := q.Whole(ctx)
			OK(t, err)
			Same(t, whole.Prices, map[string]json.RawMessage{"1": json.RawMessage("9.50"), "2": json.RawMessage("null")})
			for _, kinds := range []func(context.Context, int32) ([]std.KindCard, error){q.Kinds, q.KindsB} {
				list, err := kinds(ctx, 2)
				OK(t, err)
				if f := list[0].F8; !math.IsNaN(*f) || list[0].N != "NaN" || !math.IsInf(*list[1].F8, -1) {
					t.Errorf("NaN and infinity: %v %v %v", f, list[0].N, list[1].F8)
				}
				list[1].F8 = nil
				Same(t, list[1], std.KindCard{
					ID: 2, F4: 0.1, N: "12345678901234567890.12345678901234567890", Day: Time("2026-05-04"),
					At: Time("2026-05-04 10:30:00").Add(123456 * time.Microsecond), Atz: Ptr(Time("2026-05-04 10:30:00")),
					Body: []byte{}, Key: uuid.MustParse("11111111-2222-3333-4444-555555555555"), Tags: []*string{}, Doc: json.RawMessage("null"), Isbn: "3", AB: "xyz",
				})
				if _, err := kinds(ctx, 3); err == nil {
					t.Error("infinity is no time.Time")
				}
			}
		})
	}
}
