package enums

import (
	"context"
	"database/sql"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/enums/db"
)

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		q := db.New(conn)

		ann := db.Person{ID: 1, Mood: db.PeopleMoodVeryhappy, Wish: db.NullPeopleWish{PeopleWish: db.PeopleWishTea, Valid: true}, Likes: "red,blue"}
		bob := db.Person{ID: 2, Mood: db.PeopleMoodSoSo, Likes: ""}
		OK(t, q.Add(ctx, db.AddParams(ann)))
		OK(t, q.Add(ctx, db.AddParams(bob)))
		if err := q.Add(ctx, db.AddParams{ID: 3, Mood: "angry"}); err == nil {
			t.Error("a mood that there is not")
		}
		Want(t, []db.Person{ann, bob})(q.People(ctx))
		Want(t, []int32{1})(q.InMood(ctx, db.PeopleMoodVeryhappy))
		Want(t, []db.NullPeopleWish{{}, ann.Wish})(q.Wishes(ctx))
		Want(t, []int32{1, 2})(q.InMoods(ctx, []db.PeopleMood{db.PeopleMoodVeryhappy, db.PeopleMoodSoSo}))
	})
}
