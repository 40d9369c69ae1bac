package options

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

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

// A connection that dies takes its prepared statements with it; the next one prepares them anew.
func TestPreparedStatementsSurviveTheirConnections(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		killer, err := conn.Conn(ctx)
		OK(t, err)
		defer killer.Close()
		q, err := prepared.Prepare(ctx, conn)
		OK(t, err)
		defer q.Close()
		ann := prepared.Person{ID: 1, Name: "Ann", State: prepared.PeopleStateOn}
		OK(t, q.Add(ctx, prepared.AddParams(ann)))
		for range 3 {
			Want(t, ann)(q.Person(ctx, 1))
			killOthers(t, killer)
			got, err := q.Person(ctx, 1)
			if err != nil { // one call may say that the connection is dead
				t.Log(err)
				got, err = q.Person(ctx, 1)
			}
			Want(t, ann)(got, err)
		}
	})
}

// killOthers ends the connections of a database but its own.
func killOthers(t *testing.T, conn *sql.Conn) {
	t.Helper()
	ctx := context.Background()
	const others = " FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()"
	var id int
	OK(t, conn.QueryRowContext(ctx, "SELECT MIN(id)"+others).Scan(&id))
	_, err := conn.ExecContext(ctx, fmt.Sprint("KILL ", id))
	OK(t, err)
	for left := 1; left > 0; time.Sleep(time.Millisecond) {
		OK(t, conn.QueryRowContext(ctx, "SELECT COUNT(*)"+others).Scan(&left))
	}
}
