package speed

import (
	"context"
	"database/sql"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	. "github.com/covetsql/covetsql/internal/golden"
	sqlc "github.com/covetsql/covetsql/internal/speed/sqlc/pgx"
	sqlcstd "github.com/covetsql/covetsql/internal/speed/sqlc/std"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/speed/db"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/speed/std"
)

const rows = 1000

// Of a row's data the name, the email and two of three bios are allocated.
const data = rows*2 + rows*2/3 + 1

func TestManyAllocatesNothingARowButItsData(t *testing.T) {
	ctx := context.Background()
	conn := PGX(t)
	ours, theirs := db.New(conn), sqlc.New(conn)

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
	if a > data+100 { // the slice grows, and a query has its own
		t.Errorf("%v allocations for data of %d", a, data)
	}
	if b-a < 2*rows-100 {
		t.Errorf("%v allocations, %v with sqlc's code", a, b)
	}

	arrivals := make([]db.ArriveParams, rows)
	for i := range arrivals {
		arrivals[i] = db.ArriveParams(people[i])
	}
	Want[int64](t, rows)(ours.Arrive(ctx, arrivals))
	Want[int64](t, 0)(ours.Arrive(ctx, nil))
	var different int
	OK(t, conn.QueryRow(ctx, "SELECT count(*) FROM (SELECT * FROM people WHERE id <= $1 EXCEPT SELECT * FROM arrivals) x", rows).Scan(&different))
	Same(t, different, 0)
}

func TestFewerAllocationsThanSqlcsByDatabaseSQL(t *testing.T) {
	ctx := context.Background()
	conn, err := sql.Open("pgx", PostgresURI(t))
	OK(t, err)
	defer conn.Close()
	ours, err := std.Prepare(ctx, conn)
	OK(t, err)
	theirs, err := sqlcstd.Prepare(ctx, conn)
	OK(t, err)

	a := testing.AllocsPerRun(5, func() { ours.People(ctx, rows) })
	b := testing.AllocsPerRun(5, func() { theirs.People(ctx, rows) })
	t.Logf("%v allocations, %v with sqlc's code", a, b)
	if b-a < rows-100 {
		t.Errorf("%v allocations, %v with sqlc's code", a, b)
	}
}
