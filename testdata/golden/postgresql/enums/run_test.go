package enums

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/enums/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	conn := PGX(t)
	// pgx asks the application to register the arrays of its own types.
	types, err := conn.LoadTypes(ctx, []string{"mood", "_mood"})
	OK(t, err)
	conn.TypeMap().RegisterTypes(types)
	q := db.New(conn)

	Want(t, db.BestRow{Worst: db.MoodSad})(q.Best(ctx))
	ann := db.Person{
		ID: 1, Mood: db.MoodVeryhappy, Wish: db.NullMood{Mood: db.MoodSoSo, Valid: true},
		Size: db.NullShopSize{ShopSize: db.ShopSizeM, Valid: true}, Email: Text("ann@example.com"), Age: 30,
	}
	Want(t, ann)(q.Add(ctx, db.AddParams(ann)))
	bob := db.Person{ID: 2, Mood: db.MoodValue2, Age: 40}
	Want(t, bob)(q.Add(ctx, db.AddParams(bob)))
	_, err = q.Add(ctx, db.AddParams{ID: 3, Mood: "angry"})
	var pe *pgconn.PgError
	if !errors.As(err, &pe) || pe.Code != "22P02" {
		t.Errorf("a mood that there is not: %v", err)
	}
	Want(t, []int32{1})(q.InMood(ctx, db.MoodVeryhappy))
	Want(t, []int32{1, 2})(q.InMoods(ctx, []db.Mood{db.MoodVeryhappy, db.MoodValue2}))
	Want(t, []db.MoodsRow{{Mood: db.MoodValue2}, {Mood: ann.Mood, Wish: ann.Wish}})(q.Moods(ctx))
	Want(t, db.BestRow{Best: db.NullMood{Mood: db.MoodVeryhappy, Valid: true}, Worst: db.MoodSad})(q.Best(ctx))
	Want(t, []db.ContactRow{{Email: Text("ann@example.com"), Age: 30, Next: 31}, {Age: 40, Next: 41}})(q.Contact(ctx))
}
