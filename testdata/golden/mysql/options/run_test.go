package options

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/options/prepared"
)

func TestPrepared(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		prep, err := prepared.Prepare(ctx, conn)
		OK(t, err)
		defer func() { OK(t, prep.Close()) }()
		var q prepared.Querier = prep

		ann := prepared.Person{ID: 1, Name: "Ann", State: prepared.PeopleStateOn}
		OK(t, q.Add(ctx, prepared.AddParams(ann)))
		for range 2 {
			Want(t, ann)(q.Person(ctx, 1))
			Want(t, []string{"Ann"})(q.Some(ctx, []int64{1, 2}))
		}
		Want[int64](t, 1)(q.SetPay(ctx, prepared.SetPayParams{ID: 1, Pay: Ptr("2.50")}))
		Want[int64](t, 0)(q.SetPay(ctx, prepared.SetPayParams{ID: 1, Pay: Ptr("1.00")}))
		Want(t, prepared.Person{ID: 1, Name: "Ann", Pay: Ptr("2.50"), State: prepared.PeopleStateOn})(q.Person(ctx, 1))
		if _, err = q.Person(ctx, 9); !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("error %v", err)
		}
		Same(t, prepared.AllPeopleStateValues(), []prepared.PeopleState{prepared.PeopleStateOn, prepared.PeopleStateOff})
		Same(t, prepared.PeopleState("x").Valid(), false)
	})
}
