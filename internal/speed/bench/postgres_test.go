package bench

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun/dialect/pgdialect"
	gormpg "gorm.io/driver/postgres"

	sqlcpgx "github.com/covetsql/covetsql/internal/speed/sqlc/pgx"
	sqlcstd "github.com/covetsql/covetsql/internal/speed/sqlc/std"
	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/postgres"
	"github.com/covetsql/covetsql/runtime/tx"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/speed/db"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/speed/onruntime"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/speed/std"
)

// people are rows to insert.
func people() []sqlPerson {
	out := make([]sqlPerson, insertRows)
	for i := range out {
		n := int64(i + 1)
		out[i] = sqlPerson{
			ID: n, Name: fmt.Sprint("Name ", n), Email: fmt.Sprintf("name%d@example.com", n), Age: int32(n % 90), Score: float64(n) / 7,
			Active: n%2 == 0, CreatedAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Minute),
		}
		if n%3 > 0 {
			out[i].Bio = sql.NullString{String: fmt.Sprintf("Born as number %d, and content with it.", n), Valid: true}
		}
	}
	return out
}

func ormArrivals() []ormArrival {
	var out []ormArrival
	for _, p := range people() {
		a := ormArrival{ID: p.ID, Name: p.Name, Email: p.Email, Age: p.Age, Score: p.Score, Active: p.Active, CreatedAt: p.CreatedAt}
		if p.Bio.Valid {
			a.Bio = &p.Bio.String
		}
		out = append(out, a)
	}
	return out
}

func pgxPeople() (out []pgxPerson) {
	for _, p := range people() {
		out = append(out, pgxPerson{
			ID: p.ID, Name: p.Name, Email: p.Email, Bio: pgtype.Text{String: p.Bio.String, Valid: p.Bio.Valid}, Age: p.Age, Score: p.Score,
			Active: p.Active, CreatedAt: pgtype.Timestamptz{Time: p.CreatedAt, Valid: true},
		})
	}
	return out
}

// pool opens a database/sql pool of one connection.
func pool(t testing.TB, config *pgx.ConnConfig) *sql.DB {
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

func postgreSQL(t testing.TB) *engine {
	ctx := context.Background()
	s := testkit.PostgreSQL(t)
	uri := s.URI(database(t, s, "postgresql"))
	// Each contender has a connection of its own: a server's process that was asked just before answers sooner.
	connect := func() *pgx.Conn {
		conn, err := pgx.Connect(ctx, uri)
		ok(t, err)
		t.Cleanup(func() { conn.Close(ctx) })
		return conn
	}
	config, err := pgx.ParseConfig(uri)
	ok(t, err)
	rows := pgxPeople()

	conn, theirConn := connect(), connect()
	ours := db.New(conn)
	our := make([]db.ArriveParams, len(rows))
	theirs := sqlcpgx.New(theirConn)
	their := make([]sqlcpgx.ArriveParams, len(rows))
	for i, r := range rows {
		our[i], their[i] = db.ArriveParams(r), sqlcpgx.ArriveParams(r)
	}
	ourPool, theirPool := pool(t, config), pool(t, config)
	ourStd, err := std.Prepare(ctx, ourPool)
	ok(t, err)
	theirStd, err := sqlcstd.Prepare(ctx, theirPool)
	ok(t, err)
	hand, err := sqlByHand(pool(t, config), people(), perBatch, dollar)
	ok(t, err)
	g, err := byGorm(gormpg.New(gormpg.Config{Conn: pool(t, config)}), ormArrivals())
	ok(t, err)
	// Bun writes arguments into the text, which is of no use to a cache of statements.
	simple := config.Copy()
	simple.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol

	managed, err := postgres.Open(ctx, uri, postgres.Options{Max: 1, Monitor: metrics.New(metrics.Options{})})
	ok(t, err)
	t.Cleanup(func() { ok(t, managed.Close(ctx)) })
	direct := onruntime.New(managed)
	given := make([]onruntime.ArriveParams, len(rows))
	for i, r := range rows {
		given[i] = onruntime.ArriveParams(r)
	}

	e := &engine{name: "PostgreSQL", contenders: []contender{
		pgxByHand(connect(), rows),
		pgxTuned(connect(), rows),
		{
			name: "covetsql, pgx",
			one: func(ctx context.Context, id int64) (string, error) {
				p, err := ours.Person(ctx, id)
				return p.Name, err
			},
			within: func(ctx context.Context, id int64) (name string, err error) {
				err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
					p, err := ours.WithTx(tx).Person(ctx, id)
					name = p.Name
					return err
				})
				return name, err
			},
			many: func(ctx context.Context, upTo int64) (int, error) {
				list, err := ours.People(ctx, upTo)
				return len(list), err
			},
			arrive: func(ctx context.Context) error {
				_, err := ours.Arrive(ctx, our)
				return err
			},
		},
		{
			name: "covetsql, runtime",
			one: func(ctx context.Context, id int64) (string, error) {
				p, err := direct.Person(ctx, id)
				return p.Name, err
			},
			within: func(ctx context.Context, id int64) (name string, err error) {
				err = direct.InTx(ctx, tx.Options{}, func(q *onruntime.Queries) error {
					p, err := q.Person(ctx, id)
					name = p.Name
					return err
				})
				return name, err
			},
			many: func(ctx context.Context, upTo int64) (int, error) {
				list, err := direct.People(ctx, upTo)
				return len(list), err
			},
			arrive: func(ctx context.Context) error {
				_, err := direct.Arrive(ctx, given)
				return err
			},
		},
		{
			name: "sqlc, pgx",
			one: func(ctx context.Context, id int64) (string, error) {
				p, err := theirs.Person(ctx, id)
				return p.Name, err
			},
			within: func(ctx context.Context, id int64) (name string, err error) {
				err = pgx.BeginFunc(ctx, theirConn, func(tx pgx.Tx) error {
					p, err := theirs.WithTx(tx).Person(ctx, id)
					name = p.Name
					return err
				})
				return name, err
			},
			many: func(ctx context.Context, upTo int64) (int, error) {
				list, err := theirs.People(ctx, upTo)
				return len(list), err
			},
			arrive: func(ctx context.Context) error {
				_, err := theirs.Arrive(ctx, their)
				return err
			},
		},
		hand,
		{
			name: "covetsql, database/sql",
			one: func(ctx context.Context, id int64) (string, error) {
				p, err := ourStd.Person(ctx, id)
				return p.Name, err
			},
			within: func(ctx context.Context, id int64) (name string, err error) {
				err = inTransaction(ctx, ourPool, func(tx *sql.Tx) error {
					p, err := ourStd.WithTx(tx).Person(ctx, id)
					name = p.Name
					return err
				})
				return name, err
			},
			many: func(ctx context.Context, upTo int64) (int, error) {
				list, err := ourStd.People(ctx, upTo)
				return len(list), err
			},
		},
		{
			name: "sqlc, database/sql",
			one: func(ctx context.Context, id int64) (string, error) {
				p, err := theirStd.Person(ctx, id)
				return p.Name, err
			},
			within: func(ctx context.Context, id int64) (name string, err error) {
				err = inTransaction(ctx, theirPool, func(tx *sql.Tx) error {
					p, err := theirStd.WithTx(tx).Person(ctx, id)
					name = p.Name
					return err
				})
				return name, err
			},
			many: func(ctx context.Context, upTo int64) (int, error) {
				list, err := theirStd.People(ctx, upTo)
				return len(list), err
			},
		},
		g,
		byBun(pool(t, simple), pgdialect.New(), ormArrivals()),
		byEnt(pool(t, config), dialect.Postgres, ormArrivals()),
	}}
	e.arrivals(pool(t, config), "TRUNCATE arrivals")
	return e
}
