package drivers

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgtype"
	pgx4 "github.com/jackc/pgx/v4"
	pgx5 "github.com/jackc/pgx/v5"
	pgtype5 "github.com/jackc/pgx/v5/pgtype"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/lib/pq"
	"github.com/sqlc-dev/pqtype"

	. "github.com/covetsql/covetsql/internal/golden"
	v4 "github.com/covetsql/covetsql/testdata/golden/postgresql/drivers/pgx4"
	v5 "github.com/covetsql/covetsql/testdata/golden/postgresql/drivers/pgx5"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/drivers/std"
)

var key = uuid.MustParse("00000000-0000-0000-0000-000000000001")

func TestPgx5(t *testing.T) {
	ctx := context.Background()
	q := v5.New(PGX(t))

	full := v5.Thing{
		ID: 1, Name: "Pen", Mood: v5.NullMood{Mood: v5.MoodOk, Valid: true}, Price: Numeric("1.50"), Weight: Float8(0.5), OnSale: Bool(true),
		Tags: []string{"a", "b"}, Sizes: []int32{1, 2}, Data: []byte(`{"a": 1}`), Raw: []byte{0, 255},
		Key: pgtype5.UUID{Bytes: key, Valid: true}, Day: Day("2026-05-04"), At: Stamp("2026-05-04 10:00:00"),
	}
	empty := v5.Thing{ID: 2, Name: "Ink", Tags: []string{}}
	OK(t, q.Add(ctx, v5.AddParams(full)))
	OK(t, q.Add(ctx, v5.AddParams(empty)))
	Want(t, []v5.Thing{full, empty})(q.Things(ctx))
	if _, err := q.Thing(ctx, 9); !errors.Is(err, pgx5.ErrNoRows) {
		t.Errorf("error %v", err)
	}
	Want(t, []string{"Pen", "Ink"})(q.Some(ctx, []int64{1, 2, 3}))
	Want(t, v5.ListsRow{
		Moods: []pgtype5.Text{Text("ok"), {}}, Weights: []pgtype5.Float8{Float8(0.5), {}}, Keys: []pgtype5.UUID{{Bytes: key, Valid: true}, {}},
		Days: []pgtype5.Date{Day("2026-05-04"), {}}, Known: []pgtype5.Date{Day("2026-05-04")},
	})(q.Lists(ctx))
	Want(t, v5.TotalsRow{Things: 2, Price: Numeric("1.50"), Latest: Stamp("2026-05-04 10:00:00"), Names: []string{"Pen", "Ink"}})(q.Totals(ctx, 0))
	Want(t, v5.TotalsRow{})(q.Totals(ctx, 9))
	Want[int64](t, 1)(q.Rename(ctx, v5.RenameParams{ID: 1, Name: "Pencil"}))
	gone, err := q.Remove(ctx, 1)
	OK(t, err)
	Same(t, gone.RowsAffected(), 1)
	Want[int64](t, 2)(q.CopyNames(ctx, []v5.CopyNamesParams{{ID: 5, Name: "a", Tags: []string{}, Price: Numeric("2.50")}, {ID: 6, Name: "b", Tags: []string{}, Price: pgtype5.Numeric{}}}))
	q.RenameAll(ctx, []v5.RenameAllParams{{ID: 5, Name: "A"}, {ID: 6, Name: "B"}}).Exec(func(_ int, err error) { OK(t, err) })
	var found []v5.FindRow
	q.Find(ctx, []int64{6, 5}).QueryRow(func(_ int, r v5.FindRow, err error) {
		OK(t, err)
		found = append(found, r)
	})
	Same(t, found, []v5.FindRow{{Name: "B", Price: pgtype5.Numeric{}}, {Name: "A", Price: Numeric("2.50")}})
	var after [][]int64
	q.After(ctx, []int64{5, 9}).Query(func(_ int, ids []int64, err error) {
		OK(t, err)
		after = append(after, ids)
	})
	Same(t, after, [][]int64{{6}, nil})
}

func TestPgx4(t *testing.T) {
	ctx := context.Background()
	conn, err := pgx4.Connect(ctx, PostgresURI(t))
	OK(t, err)
	defer conn.Close(ctx)
	q := v4.New(conn)

	numeric := func(s string) (n pgtype.Numeric) {
		OK(t, n.Set(s))
		return n
	}
	full := v4.AddParams{
		ID: 1, Name: "Pen", Mood: v4.NullMood{Mood: v4.MoodOk, Valid: true}, Price: numeric("1.50"), Weight: Float64(0.5), OnSale: Boolean(true),
		Tags: []string{"a", "b"}, Sizes: []int32{1, 2}, Data: pgtype.JSONB{Bytes: []byte(`{"a": 1}`), Status: pgtype.Present}, Raw: []byte{0, 255},
		Key: uuid.NullUUID{UUID: key, Valid: true}, Day: When("2026-05-04"), At: When("2026-05-04 10:00:00"),
	}
	null := pgtype.Numeric{Status: pgtype.Null}
	empty := v4.AddParams{ID: 2, Name: "Ink", Price: null, Tags: []string{}, Data: pgtype.JSONB{Status: pgtype.Null}}
	OK(t, q.Add(ctx, full))
	OK(t, q.Add(ctx, empty))
	things, err := q.Things(ctx)
	OK(t, err)
	Same(t, things, []v4.Thing{v4.Thing(full), v4.Thing(empty)})
	if _, err := q.Thing(ctx, 9); !errors.Is(err, pgx4.ErrNoRows) {
		t.Errorf("error %v", err)
	}
	Want(t, []string{"Pen", "Ink"})(q.Some(ctx, []int64{1, 2, 3}))
	Want(t, v4.ListsRow{
		Moods: []*string{Ptr("ok"), nil}, Weights: []*float64{Ptr(0.5), nil}, Keys: []*uuid.UUID{&key, nil},
		Days: []*time.Time{Ptr(Time("2026-05-04")), nil}, Known: []time.Time{Time("2026-05-04")},
	})(q.Lists(ctx))
	Want(t, v4.TotalsRow{Things: 2, Price: numeric("1.50"), Latest: When("2026-05-04 10:00:00"), Names: []string{"Pen", "Ink"}})(q.Totals(ctx, 0))
	Want(t, v4.TotalsRow{Price: null})(q.Totals(ctx, 9))
	Want[int64](t, 1)(q.Rename(ctx, v4.RenameParams{ID: 1, Name: "Pencil"}))
	gone, err := q.Remove(ctx, 1)
	OK(t, err)
	Same(t, gone.RowsAffected(), 1)
	Want[int64](t, 2)(q.CopyNames(ctx, []v4.CopyNamesParams{{ID: 5, Name: "a", Tags: []string{}, Price: numeric("2.50")}, {ID: 6, Name: "b", Tags: []string{}, Price: null}}))
	q.RenameAll(ctx, []v4.RenameAllParams{{ID: 5, Name: "A"}, {ID: 6, Name: "B"}}).Exec(func(_ int, err error) { OK(t, err) })
	var found []v4.FindRow
	q.Find(ctx, []int64{6, 5}).QueryRow(func(_ int, r v4.FindRow, err error) {
		OK(t, err)
		found = append(found, r)
	})
	Same(t, found, []v4.FindRow{{Name: "B", Price: null}, {Name: "A", Price: numeric("2.50")}})
	var after [][]int64
	q.After(ctx, []int64{5, 9}).Query(func(_ int, ids []int64, err error) {
		OK(t, err)
		after = append(after, ids)
	})
	Same(t, after, [][]int64{{6}, nil})
}

func TestPQ(t *testing.T)     { standard(t, "postgres") }
func TestStdlib(t *testing.T) { standard(t, "pgx") }

func standard(t *testing.T, driver string) {
	ctx := context.Background()
	conn, err := sql.Open(driver, PostgresURI(t))
	OK(t, err)
	defer conn.Close()
	q := std.New(conn)

	full := std.Thing{
		ID: 1, Name: "Pen", Mood: std.NullMood{Mood: std.MoodOk, Valid: true}, Price: String("1.50"), Weight: Float64(0.5), OnSale: Boolean(true),
		Tags: []string{"a", "b"}, Sizes: []int32{1, 2}, Data: pqtype.NullRawMessage{RawMessage: json.RawMessage(`{"a": 1}`), Valid: true}, Raw: []byte{0, 255},
		Key: uuid.NullUUID{UUID: key, Valid: true}, Day: When("2026-05-04"), At: When("2026-05-04 10:00:00"),
	}
	empty := std.Thing{ID: 2, Name: "Ink", Tags: []string{}}
	OK(t, q.Add(ctx, std.AddParams(full)))
	OK(t, q.Add(ctx, std.AddParams(empty)))
	if driver == "postgres" {
		empty.Raw = []byte{} // lib/pq sends a nil []byte as an empty one, not as NULL
	}
	Want(t, []std.Thing{full, empty})(q.Things(ctx))
	if _, err := q.Thing(ctx, 9); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("error %v", err)
	}
	Want(t, []string{"Pen", "Ink"})(q.Some(ctx, []int64{1, 2, 3}))
	Want(t, std.ListsRow{
		Moods: []sql.NullString{String("ok"), {}}, Weights: []sql.NullFloat64{Float64(0.5), {}}, Keys: []uuid.NullUUID{{UUID: key, Valid: true}, {}},
		Days: []sql.NullString{String("2026-05-04"), {}}, Known: []string{"2026-05-04"},
	})(q.Lists(ctx))
	Want(t, std.TotalsRow{Things: 2, Price: String("1.50"), Latest: When("2026-05-04 10:00:00"), Names: []string{"Pen", "Ink"}})(q.Totals(ctx, 0))
	Want(t, std.TotalsRow{})(q.Totals(ctx, 9))
	Want[int64](t, 1)(q.Rename(ctx, std.RenameParams{ID: 1, Name: "Pencil"}))
	gone, err := q.Remove(ctx, 1)
	OK(t, err)
	Want[int64](t, 1)(gone.RowsAffected())
}
