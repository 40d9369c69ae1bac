package bench

import (
	"context"
	"database/sql"
	"testing"

	"entgo.io/ent/dialect"
	_ "github.com/go-sql-driver/mysql"
	"github.com/uptrace/bun/dialect/mysqldialect"
	gormmysql "gorm.io/driver/mysql"

	sqlcmysql "github.com/covetsql/covetsql/internal/speed/sqlc/mysql"
	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/runtime/metrics"
	mysqlruntime "github.com/covetsql/covetsql/runtime/mysql"
	"github.com/covetsql/covetsql/runtime/tx"
	"github.com/covetsql/covetsql/testdata/golden/mysql/speed/db"
	"github.com/covetsql/covetsql/testdata/golden/mysql/speed/onruntime"
)

func mySQL(t testing.TB) *engine {
	s := testkit.MySQL(t)
	name := database(t, s, "mysql")
	open := func() *sql.DB {
		db := s.Open(t, name)
		db.SetMaxOpenConns(1)
		return db
	}
	hand, err := sqlByHand(open(), people(), perBatch, question)
	ok(t, err)
	conn := open()
	ours, err := db.Prepare(context.Background(), conn)
	ok(t, err)
	rows := make([]db.ArriveParams, 0, insertRows)
	for _, p := range people() {
		rows = append(rows, db.ArriveParams(p))
	}
	their := open()
	theirs, err := sqlcmysql.Prepare(context.Background(), their)
	ok(t, err)
	g, err := byGorm(gormmysql.New(gormmysql.Config{Conn: open()}), ormArrivals())
	ok(t, err)

	ctx := context.Background()
	managed, err := mysqlruntime.Open(ctx, s.DSN(name), mysqlruntime.Options{Max: 1, Monitor: metrics.New(metrics.Options{})})
	ok(t, err)
	t.Cleanup(func() { ok(t, managed.Close(ctx)) })
	direct := onruntime.New(managed)
	given := make([]onruntime.ArriveParams, 0, insertRows)
	for _, r := range rows {
		given = append(given, onruntime.ArriveParams(r))
	}

	e := &engine{name: "MySQL", contenders: []contender{
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
				err = inTransaction(ctx, their, func(tx *sql.Tx) error {
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
		g,
		byBun(open(), mysqldialect.New(), ormArrivals()),
		byEnt(open(), dialect.MySQL, ormArrivals()),
	}}
	e.arrivals(open(), "TRUNCATE TABLE arrivals")
	return e
}
