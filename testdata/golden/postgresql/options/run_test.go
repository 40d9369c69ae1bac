package options

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/options/pointers"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/options/prepared"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/options/tags"
)

func TestTags(t *testing.T) {
	ctx := context.Background()
	var q tags.Querier = tags.New(PGX(t))

	Want(t, []tags.CalledRow{})(q.Called(ctx, tags.CalledParams{}))
	ann, err := q.Add(ctx, tags.AddParams{PersonID: 1, FullName: "Ann", Mood: Ptr(tags.MoodOk)})
	OK(t, err)
	Same(t, ann, tags.People{PersonID: 1, FullName: "Ann", Mood: Ptr(tags.MoodOk)})
	b, err := json.Marshal(ann)
	OK(t, err)
	Same(t, string(b), `{"personID":1,"fullName":"Ann","nickName":null,"mood":"ok"}`)
	Same(t, tags.MoodOk.Valid(), true)
	Same(t, tags.Mood("angry").Valid(), false)
	Same(t, tags.AllMoodValues(), []tags.Mood{tags.MoodSad, tags.MoodOk})
	Same(t, strings.HasPrefix(tags.Person, "-- name: Person :one\n"), true)
}

func TestPointers(t *testing.T) {
	ctx := context.Background()
	conn := PGX(t)
	q := pointers.New()

	ann := pointers.Person{PersonID: 1, FullName: "Ann", NickName: Ptr("A"), Mood: Ptr(pointers.MoodOk)}
	Want(t, &ann)(q.Add(ctx, conn, &pointers.AddParams{PersonID: 1, FullName: "Ann", NickName: Ptr("A"), Mood: Ptr(pointers.MoodOk)}))
	Want(t, &pointers.Person{PersonID: 2, FullName: "Bob"})(q.Add(ctx, conn, &pointers.AddParams{PersonID: 2, FullName: "Bob"}))
	Want(t, &ann)(q.Person(ctx, conn, &pointers.PersonParams{PersonID: 1}))
	_, err := q.Person(ctx, conn, &pointers.PersonParams{PersonID: 9})
	if !errors.Is(err, pgx.ErrNoRows) || !strings.Contains(err.Error(), "query Person") {
		t.Errorf("error %v", err)
	}
	Want(t, []*pointers.CalledRow{{PersonID: 1, NickName: Ptr("A")}})(q.Called(ctx, conn, &pointers.CalledParams{FullName: "Ann"}))
	Want[int64](t, 1)(q.Rename(ctx, conn, &pointers.RenameParams{PersonID: 2, FullName: "Bobby"}))
	Want[int64](t, 2)(q.AddAll(ctx, conn, []*pointers.AddAllParams{{PersonID: 3, FullName: "Cid"}, {PersonID: 4, FullName: "Dan"}}))
	q.RemoveAll(ctx, conn, []*pointers.RemoveAllParams{{PersonID: 1}, {PersonID: 3}}).Exec(func(_ int, err error) { OK(t, err) })
	var found []*pointers.Person
	q.FindAll(ctx, conn, []*pointers.FindAllParams{{PersonID: 2}, {PersonID: 4}}).QueryRow(func(_ int, p *pointers.Person, err error) {
		OK(t, err)
		found = append(found, p)
	})
	Same(t, found, []*pointers.Person{{PersonID: 2, FullName: "Bobby"}, {PersonID: 4, FullName: "Dan"}})
}

func TestPrepared(t *testing.T) {
	ctx := context.Background()
	conn, err := sql.Open("pgx", PostgresURI(t))
	OK(t, err)
	defer conn.Close()
	prep, err := prepared.Prepare(ctx, conn)
	OK(t, err)
	defer func() { OK(t, prep.Close()) }()
	var q prepared.Querier = prep

	ann := prepared.Person{PersonID: 1, FullName: "Ann", NickName: String("A"), Mood: prepared.NullMood{Mood: prepared.MoodSad, Valid: true}}
	Want(t, ann)(q.Add(ctx, prepared.AddParams(ann)))
	for range 2 {
		Want(t, ann)(q.Person(ctx, 1))
		Want(t, []prepared.CalledRow{{PersonID: 1, NickName: String("A")}})(q.Called(ctx, "Ann", 0))
	}
	tx, err := conn.BeginTx(ctx, nil)
	OK(t, err)
	Want[int64](t, 1)(prep.WithTx(tx).Rename(ctx, 1, "Nan"))
	Want(t, "Nan")(name(prep.WithTx(tx).Person(ctx, 1)))
	OK(t, tx.Rollback())
	Want(t, "Ann")(name(q.Person(ctx, 1)))
	OK(t, q.Remove(ctx, 1))
	_, err = q.Person(ctx, 1)
	if !errors.Is(err, sql.ErrNoRows) || !strings.Contains(err.Error(), "query Person") {
		t.Errorf("error %v", err)
	}
}

func name(p prepared.Person, err error) (string, error) { return p.FullName, err }
