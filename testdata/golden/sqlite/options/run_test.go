package options

import (
	"context"
	"database/sql"
	"errors"
	"reflect"
	"strings"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/options/argument"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/options/prepared"
)

func TestPrepared(t *testing.T) {
	ctx := context.Background()
	conn := SQLite(t)
	prep, err := prepared.Prepare(ctx, conn)
	OK(t, err)
	defer func() { OK(t, prep.Close()) }()
	var q prepared.Querier = prep

	ann := prepared.Person{PersonID: 1, FullName: "Ann", NickName: Ptr("A")}
	Want(t, ann)(q.Add(ctx, prepared.AddParams(ann)))
	Want(t, prepared.Person{PersonID: 2, FullName: "Bob"})(q.Add(ctx, prepared.AddParams{PersonID: 2, FullName: "Bob"}))
	for range 2 {
		Want(t, ann)(q.Person(ctx, 1))
		Want(t, []prepared.CalledRow{{PersonID: 1, NickName: Ptr("A")}})(q.Called(ctx, prepared.CalledParams{NickName: Ptr("A")}))
		Want(t, []*string{Ptr("A"), nil})(q.Some(ctx, []int64{1, 2}))
		Want(t, []*string{})(q.Some(ctx, []int64{8}))
	}
	Want[int64](t, 1)(q.Remove(ctx, 1))
	_, err = q.Person(ctx, 1)
	if !errors.Is(err, sql.ErrNoRows) || !strings.Contains(err.Error(), "query Person") {
		t.Errorf("error %v", err)
	}
}

func TestArgument(t *testing.T) {
	ctx := context.Background()
	conn := SQLite(t)
	q := argument.New()

	ann := argument.Person{PersonID: 1, FullName: "Ann", NickName: Ptr("A")}
	Want(t, &ann)(q.Add(ctx, conn, &argument.AddParams{PersonID: 1, FullName: "Ann", NickName: Ptr("A")}))
	Want(t, &ann)(q.Person(ctx, conn, 1))
	Want(t, []*argument.CalledRow{{PersonID: 1, NickName: Ptr("A")}})(q.Called(ctx, conn, Ptr("A"), 0))
	Want(t, []*string{Ptr("A")})(q.Some(ctx, conn, []int64{1, 2}))
	Want[int64](t, 1)(q.Remove(ctx, conn, 1))
	field, _ := reflect.TypeFor[argument.Person]().FieldByName("NickName")
	Same(t, field.Tag, `db:"nick_name" x:"y"`)
}
