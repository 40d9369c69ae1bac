package office

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/covetsql/covetsql/analyzer/gocode/testdata/shop/my"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/shop/pg"
)

func (s *store) before(ctx context.Context, id int64) error {
	if _, err := s.q.GetUser(ctx, id); err != nil {
		return err
	}
	if _, err := http.Get(s.base); err != nil {
		return err
	}
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if err := s.q.WithTx(tx).AddLogin(ctx, id); err != nil {
		return err
	}
	if err := removeWith(ctx, s.q.WithTx(tx), id); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	time.Sleep(time.Second)
	return s.q.DeleteOrder(ctx, id)
}

func removeWith(ctx context.Context, q *pg.Queries, id int64) error { return q.DeleteOrder(ctx, id) }

func removeIn(ctx context.Context, tx pgx.Tx, id int64) error {
	return pg.New(tx).DeleteOrder(ctx, id)
}

func (s *store) handedOn(ctx context.Context, id int64) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := removeIn(ctx, tx, id); err != nil {
		return err
	}
	if err := pg.New(tx).AddLogin(ctx, id); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (s *store) withCallback(ctx context.Context, id int64) error {
	return s.inTx(ctx, func(q *pg.Queries) error {
		if err := q.AddLogin(ctx, id); err != nil {
			return err
		}
		return removeWith(ctx, q, id)
	})
}

// clone has the transaction in a field.
func (s *store) clone(tx pgx.Tx) *clone { return &clone{q: s.q.WithTx(tx)} }

type clone struct{ q *pg.Queries }

func (c *clone) remove(ctx context.Context, id int64) error { return c.q.DeleteOrder(ctx, id) }

func (c *clone) order(ctx context.Context, user int64) error {
	id, err := c.q.InsertOrder(ctx, pg.InsertOrderParams{UserID: user})
	if err != nil {
		return err
	}
	return c.q.InsertItem(ctx, pg.InsertItemParams{OrderID: id})
}

func (s *store) cloned(ctx context.Context, id int64) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	c := s.clone(tx)
	if err := c.remove(ctx, id); err != nil {
		return err
	}
	if err := c.order(ctx, id); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func eachWay(ctx context.Context, db *sql.DB, q *my.Queries, id int64) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := q.WithTx(tx).DeleteOrder(ctx, id); err != nil {
		if rb := tx.Rollback(); rb != nil {
			return fmt.Errorf("%w, %w", err, rb)
		}
		return err
	}
	return tx.Commit()
}

func returned(ctx context.Context, db *sql.DB) (*sql.Tx, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return tx, nil
}

func main2(q *pg.Queries) {
	_, _ = q.GetUser(context.Background(), 1)
}

func fails(ctx context.Context, q *pg.Queries, id int64) error {
	_, err := q.GetUser(ctx, id)
	if err != nil {
		_ = q.AddLogin(context.Background(), id)
	}
	<-ctx.Done()
	return q.DeleteOrder(context.Background(), id)
}

func spawned(ctx context.Context, q *pg.Queries) {
	go func() {
		_, _ = q.GetUser(context.Background(), 1)
	}()
	defer func() { _ = q.AddLogin(context.Background(), 1) }()
}

func exactlyOne(ctx context.Context, q *pg.Queries) (string, error) {
	ts, err := q.ListTeams(ctx)
	if err != nil {
		return "", err
	}
	if len(ts) != 1 {
		return "", errors.New("not one")
	}
	return ts[0].Name, nil
}

func ordered(ctx context.Context, q *pg.Queries) int64 {
	us, _ := q.ListUsers(ctx)
	return us[0].ID
}

func shown(ctx context.Context, q *pg.Queries, id int64) (string, error) {
	n, err := q.CountOrders(ctx, id)
	if n > 0 {
		return strconv.FormatInt(n, 10), err
	}
	return "none", err
}

func limit(ctx context.Context, q *pg.Queries, id int64) (bool, error) {
	n, err := q.CountOrders(ctx, id)
	return n > 5, err
}

func locked(ctx context.Context, q *pg.Queries, id int64) error {
	u, err := q.GetUserForUpdate(ctx, id)
	if err != nil {
		return err
	}
	return q.SetLogins(ctx, pg.SetLoginsParams{ID: id, Logins: u.Logins + 1})
}

func replaced(ctx context.Context, q *pg.Queries, id, logins int64) error {
	u, err := q.GetUser(ctx, id)
	if err != nil {
		return err
	}
	return q.SetLogins(ctx, pg.SetLoginsParams{ID: u.ID, Logins: logins + 1})
}

func taken(ctx context.Context, q *pg.Queries, email, other string) (int64, error) {
	if _, err := q.GetUserByEmail(ctx, email); !errors.Is(err, pgx.ErrNoRows) {
		return 0, err
	}
	return q.InsertUser(ctx, pg.InsertUserParams{TeamID: 1, Email: other, Name: "x"})
}

func upsert(ctx context.Context, q *pg.Queries, name string) error {
	_, err := q.GetSetting(ctx, name)
	if errors.Is(err, pgx.ErrNoRows) {
		return q.UpsertSetting(ctx, pg.UpsertSettingParams{Name: name, Value: "x"})
	}
	return err
}

type column string

const (
	byID   column = "id"
	byTime column = "created_at"
)

const table = "users"

func sorted(ctx context.Context, pool *pgxpool.Pool, c column, n int, desc bool) error {
	sql := "SELECT * FROM " + table + " ORDER BY " + string(c)
	if desc {
		sql += " DESC"
	}
	sql += " LIMIT " + strconv.Itoa(n) + fmt.Sprintf(" OFFSET %d", n)
	_, err := pool.Exec(ctx, sql)
	return err
}

func placeholders(ctx context.Context, db *sql.DB, ids []any) error {
	sql := "DELETE FROM users WHERE id IN (" + strings.TrimSuffix(strings.Repeat("?,", len(ids)), ",") + ")"
	_, err := db.ExecContext(ctx, sql, ids...)
	return err
}

func quoted(ctx context.Context, pool *pgxpool.Pool, schema string) error {
	_, err := pool.Exec(ctx, "SET search_path TO "+pgx.Identifier{schema}.Sanitize())
	return err
}

func optional(ctx context.Context, db *sql.DB, name string, age int) error {
	var conds []string
	var args []any
	if name != "" {
		conds = append(conds, "name = ?")
		args = append(args, name)
	}
	if age > 0 {
		conds = append(conds, "age = ?")
		args = append(args, age)
	}
	_, err := db.ExecContext(ctx, "DELETE FROM users WHERE "+strings.Join(conds, " AND "), args...)
	return err
}

func run(ctx context.Context, db *sql.DB, sql string) error {
	_, err := db.ExecContext(ctx, sql)
	return err
}

func runs(ctx context.Context, db *sql.DB) error { return truncate(ctx, db, "users") }

func truncate(ctx context.Context, db *sql.DB, t string) error {
	return run(ctx, db, "DELETE FROM "+t)
}

func closed(ctx context.Context, db *sql.DB) (n int, err error) {
	rows, err := db.QueryContext(ctx, "SELECT 1")
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

func collected(ctx context.Context, pool *pgxpool.Pool) ([]int64, error) {
	rows, err := pool.Query(ctx, "SELECT 1")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

func twoWrites(ctx context.Context, q *pg.Queries, user int64) error {
	id, err := q.InsertOrder(ctx, pg.InsertOrderParams{UserID: user})
	if err != nil {
		return err
	}
	return q.InsertItem(ctx, pg.InsertItemParams{OrderID: id})
}

var _ = []column{byID, byTime}
