package jsoncolumns

import (
	"context"
	"database/sql"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/jsoncolumns/db"
	"github.com/covetsql/covetsql/testdata/golden/mysql/jsoncolumns/profile"
)

func TestRun(t *testing.T) {
	EachMySQL(t, run)
}

func run(t *testing.T, conn *sql.DB) {
	ctx := context.Background()
	q := db.New(conn)
	ann := db.User{ID: 1, Profile: profile.Profile{Name: "Ann", Likes: []string{`"a" \`, "☃"}}, Extra: &profile.Profile{Name: "x"}, Tags: map[string]int{"a": 1}}
	bob := db.User{ID: 2, Profile: profile.Profile{Name: "Bob"}}
	OK(t, q.Add(ctx, db.AddParams(ann)))
	OK(t, q.Add(ctx, db.AddParams(bob)))
	Want(t, []db.User{ann, bob})(q.Users(ctx))
	Want(t, ann.Extra)(q.Extra(ctx, 1))
	Want[*profile.Profile](t, nil)(q.Extra(ctx, 2))
	Want(t, []db.PairsRow{{ID: 1, Profile: ann.Profile, Other: bob.Profile, User: &bob}, {ID: 2, Profile: bob.Profile}})(q.Pairs(ctx))
	cid := ann
	cid.ID = 3
	Want[int64](t, 1)(q.AddMany(ctx, []db.AddManyParams{db.AddManyParams(cid)}))
}
