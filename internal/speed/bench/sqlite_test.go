package bench

import (
	"context"
	"database/sql"
	"testing"

	"entgo.io/ent/dialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite"

	sqlcsqlite "github.com/covetsql/covetsql/internal/speed/sqlc/sqlite"
	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/runtime/metrics"
	sqliteruntime "github.com/covetsql/covetsql/runtime/sqlite"
	"github.com/covetsql/covetsql/runtime/tx"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/speed/db"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/speed/onruntime"
)

// sqlite has one connection for all: gorm's driver for it is another one, and left out.
func sqlite(t testing.TB) *engine {
	s := testkit.SQLite(t)
	dsn := s.DSN(database(t, s, "sqlite")) + "&_pragma=journal_mode(wal)&_pragma=synchronous(1)"
	conn, err := sql.Open(s.Driver(), dsn)
	ok(t, err)
	t.Cleanup(func() { conn.Close() })
	conn.SetMaxOpenConns(1)
	// modernc's driver looks for each parameter of a statement among all: few rows at a time are faster.
	hand, err := sqlByHand(conn, people(), 10, question)
	ok(t, err)
	ours, err := db.Prepare(context.Background(), conn)
	ok(t, err)
	rows := make([]db.ArriveParams, 0, insertRows)
	for _, p := range people() {
		rows = append(rows, db.ArriveParams{
			ID: p.ID, Name: p.Name, Email: p.Email, Bio: p.Bio, Age: int64(p.Age), Score: p.Score, Active: p.Active, CreatedAt: p.CreatedAt,
		})
	}
	theirs, err := sqlcsqlite.Prepare(context.Background(), conn)
	ok(t, err)

	ctx := context.Background()
	managed, err := sqliteruntime.Open(ctx, dsn, sqliteruntime.Options{Readers: 1, Monitor: metrics.New(metrics.Options{})})
	ok(t, err)
	t.Cleanup(func() { ok(t, managed.Close(ctx)) })
	direct := onruntime.New(managed)
	given := make([]onruntime.ArriveParams, len(rows))
	for i, r := range rows {
		given[i] = onruntime.ArriveParams(r)
	}

	e := &engine{name: "SQLite", contenders: []contender{
		hand,
		{
			name: "covetsql",
			one: func(ctx context.Context, id int64) (string, error) {
				p, err := ours.Person(ctx, id)
				return p.Name, err
			},
			within: func(ctx context.Context, id int64) (name string, err error) {
				err = inTransaction(ctx, conn, func(tx *sql.Tx) error {
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
				return inTransaction(ctx, conn, func(tx *sql.Tx) error {
					_, err := ours.WithTx(tx).Arrive(ctx, rows)
					return err
				})
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
				return direct.InTx(ctx, tx.Options{}, func(q *onruntime.Queries) error {
					_, err := q.Arrive(ctx, given)
					return err
				})
			},
		},
		{
			name: "sqlc",
			one: func(ctx context.Context, id int64) (string, error) {
				p, err := theirs.Person(ctx, id)
				return p.Name, err
			},
			within: func(ctx context.Context, id int64) (name string, err error) {
				err = inTransaction(ctx, conn, func(tx *sql.Tx) error {
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
		},
		byBun(conn, sqlitedialect.New(), ormArrivals()),
		byEnt(conn, dialect.SQLite, ormArrivals()),
	}}
	e.arrivals(conn, "DELETE FROM arrivals")
	return e
}
