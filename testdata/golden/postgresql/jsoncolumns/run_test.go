package jsoncolumns

import (
	"context"
	"database/sql"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/lib/pq"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/jsoncolumns/db"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/jsoncolumns/profile"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/jsoncolumns/std"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))
	ann := db.User{ID: 1, Profile: profile.Profile{Name: "Ann", Likes: []string{`"a" \`, "☃"}}, Extra: &profile.Profile{Name: "x"}, Tags: map[string]int{"a": 1}}
	bob := db.User{ID: 2, Profile: profile.Profile{Name: "Bob"}}
	OK(t, q.Add(ctx, db.AddParams(ann)))
	OK(t, q.Add(ctx, db.AddParams(bob)))
	Want(t, []db.User{ann, bob})(q.Users(ctx))
	Want(t, ann.Extra)(q.Extra(ctx, 1))
	Want[*profile.Profile](t, nil)(q.Extra(ctx, 2))
	Want(t, []db.PairsRow{{ID: 1, Profile: ann.Profile, Other: bob.Profile, User: &bob}, {ID: 2, Profile: bob.Profile}})(q.Pairs(ctx))
}

func TestRunWithDatabaseSQL(t *testing.T) {
	for _, driver := range []string{"pgx", "postgres"} {
		t.Run(driver, func(t *testing.T) { standard(t, driver) })
	}
}

func standard(t *testing.T, driver string) {
	ctx := context.Background()
	conn, err := sql.Open(driver, PostgresURI(t))
	OK(t, err)
	defer conn.Close()
	q := std.New(conn)
	ann := std.User{ID: 1, Profile: profile.Profile{Name: "Ann", Likes: []string{`"a" \`, "☃"}}, Extra: &profile.Profile{Name: "x"}, Tags: map[string]int{"a": 1}}
	bob := std.User{ID: 2, Profile: profile.Profile{Name: "Bob"}}
	OK(t, q.Add(ctx, std.AddParams(ann)))
	OK(t, q.Add(ctx, std.AddParams(bob)))
	Want(t, []std.User{ann, bob})(q.Users(ctx))
	Want(t, ann.Extra)(q.Extra(ctx, 1))
	Want[*profile.Profile](t, nil)(q.Extra(ctx, 2))
	Want(t, []std.PairsRow{{ID: 1, Profile: ann.Profile, Other: bob.Profile, User: &bob}, {ID: 2, Profile: bob.Profile}})(q.Pairs(ctx))
}
