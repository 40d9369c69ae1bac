package composites

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/lib/pq"
	"github.com/sqlc-dev/pqtype"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/composites/db"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/composites/std"
)

// odd is what the text of a composite value has to quote.
const odd = `a"b\c,(d) ☃ '{}' `

var key = uuid.MustParse("11111111-2222-3333-4444-555555555555")

func TestRun(t *testing.T) {
	conn := PGX(t)
	t.Run("not registered", func(t *testing.T) { people(t, conn) })
	OK(t, db.RegisterTypes(context.Background(), conn))
	t.Run("registered", func(t *testing.T) {
		people(t, conn)
		parcels(t, conn)
	})
}

func people(t *testing.T, conn *pgx.Conn) {
	ctx := context.Background()
	tx, err := conn.Begin(ctx)
	OK(t, err)
	defer tx.Rollback(ctx)
	q := db.New(tx)
	Want(t, []db.CitiesRow{{City: Text("Bath")}, {City: Text("York"), WorkZip: Text("HU1")}})(q.Cities(ctx))
	Want(t, []int32{2})(q.From(ctx, "York"))
	Want(t, []db.HomesRow{
		{Home: db.Place{City: Text("Bath"), Zip: Text("BA1")}},
		{Home: db.Place{City: Text("York")}, Work: &db.Place{City: Text("Hull"), Zip: Text("HU1")}},
	})(q.Homes(ctx))
	Want(t, []db.TextsRow{{Home: "(Bath,BA1)"}, {Home: "(York,)", Work: Text("(Hull,HU1)")}})(q.Texts(ctx))
	Want[int64](t, 1)(q.Move(ctx, db.MoveParams{City: "Hull", Zip: "HU2", ID: 1}))
	Want(t, []int32{1})(q.From(ctx, "Hull"))
	OK(t, q.AddPerson(ctx, db.AddPersonParams{ID: 3, Home: db.Place{City: Text(odd), Zip: Text("")}, Work: &db.Place{}}))
	homes, err := q.Homes(ctx)
	OK(t, err)
	Same(t, homes[2], db.HomesRow{Home: db.Place{City: Text(odd), Zip: Text("")}, Work: &db.Place{}})

	moved := &db.People{ID: Int4(7), Home: &db.Place{City: Text("Rye")}}
	Want(t, []db.Move{{ID: 1, Person: moved}})(q.Moves(ctx))
	OK(t, q.AddMove(ctx, db.AddMoveParams{ID: 2, Person: moved}))
	Want(t, []db.Move{{ID: 1, Person: moved}, {ID: 2, Person: moved}})(q.Moves(ctx))

	for _, p := range []*db.ParcelComposite{nil, {}, full()} {
		Want(t, db.PostRow{Parcel: p, City: Text(odd)})(q.Post(ctx, db.PostParams{Parcel: p, Place: db.Place{City: Text(odd)}}))
	}
}

func full() *db.ParcelComposite {
	return &db.ParcelComposite{
		N: Int4(-5), Value_: Numeric("1.50"), F8: Float8(0.1), Flag: Bool(true), Sent: Stamp("2026-05-04 10:30:00"), Day: Day("2026-05-04"),
		At: pgtype.Timestamp{InfinityModifier: pgtype.Infinity, Valid: true}, Mood: db.NullMood{Mood: db.MoodDark, Valid: true},
		Tags: []pgtype.Text{Text(odd), {}, Text("")}, Body: []byte{0, 0xff, '\\'}, To: &db.Place{City: Text(odd)}, Doc: []byte(`{"a": "b\"c"}`),
		Key: pgtype.UUID{Bytes: key, Valid: true}, Index_: pgtype.Int2{Int16: 7, Valid: true}, Isbn: Text(odd), Note: Text(""),
	}
}

func parcels(t *testing.T, conn *pgx.Conn) {
	ctx := context.Background()
	q := db.New(conn)
	for i, p := range []*db.ParcelComposite{nil, {}, full()} {
		row := db.Parcel{ID: int32(i), Parcel: p, Places: []db.Place{{City: Text(odd)}, {}}}
		Want(t, row)(q.AddParcel(ctx, db.AddParcelParams(row)))
		want := db.ParcelOfRow{Parcel: p}
		if p != nil {
			want.Place = p.To
		}
		Want(t, want)(q.ParcelOf(ctx, int32(i)))
	}
	Want(t, db.WrittenRow{Places: `{"(\"a\"\"b\\\\c,(d) ☃ '{}' \",)","(,)"}`})(q.Written(ctx, 0))
	Want(t, db.Parcel{ID: 9, Places: []db.Place{}})(q.AddParcel(ctx, db.AddParcelParams{ID: 9, Places: []db.Place{}}))
}

func TestRunWithDatabaseSQL(t *testing.T) {
	for _, driver := range []string{"pgx", "postgres"} {
		t.Run(driver, func(t *testing.T) {
			ctx := context.Background()
			conn, err := sql.Open(driver, PostgresURI(t))
			OK(t, err)
			defer conn.Close()
			q := std.New(conn)
			Want(t, []std.HomesRow{
				{Home: std.Place{City: String("Bath"), Zip: String("BA1")}},
				{Home: std.Place{City: String("York")}, Work: &std.Place{City: String("Hull"), Zip: String("HU1")}},
			})(q.Homes(ctx))
			OK(t, q.AddPerson(ctx, std.AddPersonParams{ID: 3, Home: std.Place{City: String(odd), Zip: String("")}, Work: &std.Place{}}))
			homes, err := q.Homes(ctx)
			OK(t, err)
			Same(t, homes[2], std.HomesRow{Home: std.Place{City: String(odd), Zip: String("")}, Work: &std.Place{}})
			full := &std.ParcelComposite{
				N: Int32(-5), Value_: String("1.50"), F8: Float64(0.1), Flag: Boolean(true), Sent: When("2026-05-04 10:30:00"), Day: When("2026-05-04"),
				At: sql.NullTime{Time: Time("2026-05-04 10:30:00").Add(123456 * time.Microsecond), Valid: true}, Mood: std.NullMood{Mood: std.MoodDark, Valid: true},
				Tags: []sql.NullString{String(odd), {}, String("")}, Body: []byte{0, 0xff, '\\'}, To: &std.Place{City: String(odd)},
				Doc: pqtype.NullRawMessage{RawMessage: []byte(`{"a": "b\"c"}`), Valid: true}, Key: uuid.NullUUID{UUID: key, Valid: true},
				Index_: Int16(7), Isbn: String(odd), Note: String(""),
			}
			for i, p := range []*std.ParcelComposite{nil, {}, full} {
				Want(t, std.PostRow{Parcel: p, City: String(odd)})(q.Post(ctx, std.PostParams{Parcel: p, Place: std.Place{City: String(odd)}}))
				row := std.Parcel{ID: int32(i), Parcel: p, Places: []std.Place{{City: String(odd)}, {}}}
				Want(t, row)(q.AddParcel(ctx, std.AddParcelParams(row)))
			}
		})
	}
}
