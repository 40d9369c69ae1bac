package speed

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	sqlc "github.com/covetsql/covetsql/internal/speed/sqlc/sqlite"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/speed/db"
)

const rows = 1000

func TestFewerAllocationsThanSqlcs(t *testing.T) {
	ctx := context.Background()
	conn := SQLite(t)
	ours, err := db.Prepare(ctx, conn)
	OK(t, err)
	theirs, err := sqlc.Prepare(ctx, conn)
	OK(t, err)

	people, err := ours.People(ctx, rows)
	OK(t, err)
	same, err := theirs.People(ctx, rows)
	OK(t, err)
	Same(t, len(people), rows)
	for i := range people {
		Same(t, sqlc.Person(people[i]), same[i])
	}
	Want(t, people[6])(ours.Person(ctx, 7))

	a := testing.AllocsPerRun(5, func() { ours.People(ctx, rows) })
	b := testing.AllocsPerRun(5, func() { theirs.People(ctx, rows) })
	t.Logf("%v allocations, %v with sqlc's code", a, b)
	if b-a < rows-100 {
		t.Errorf("%v allocations, %v with sqlc's code", a, b)
	}

	// So many that the longest statement is sent twice, and others behind it.
	arrivals := make([]db.ArriveParams, 2*rows)
	for i := range arrivals {
		arrivals[i] = db.ArriveParams(people[i%rows])
	}
	Want[int64](t, 2*rows)(ours.Arrive(ctx, arrivals))
	Want[int64](t, 0)(ours.Arrive(ctx, nil))
	var different int
	OK(t, conn.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT id, name, email, bio, age, score, active FROM people WHERE id <= ? EXCEPT SELECT id, name, email, bio, age, score, active FROM arrivals) x", rows).Scan(&different))
	Same(t, different, 0)
}
