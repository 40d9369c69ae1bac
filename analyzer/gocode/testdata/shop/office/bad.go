package office

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/covetsql/covetsql/analyzer/gocode/testdata/shop/my"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/shop/pg"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/shop/pq"
)

type store struct {
	q    *pg.Queries
	pool *pgxpool.Pool
	base string
}

func open(pool *pgxpool.Pool) *store { return &store{q: pg.New(pool), pool: pool} }

var shop = open(nil)

func (s *store) direct(ctx context.Context, id int64) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	q := s.q.WithTx(tx)
	if err := q.AddLogin(ctx, id); err != nil {
		return err
	}
	if err := s.q.DeleteOrder(ctx, id); err != nil { // want CV4312 DeleteOrder
		return err
	}
	return tx.Commit(ctx)
}

func (s *store) helper(ctx context.Context, id int64) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := s.q.WithTx(tx).AddLogin(ctx, id); err != nil {
		return err
	}
	if err := s.remove(ctx, id); err != nil { // want CV4312 DeleteOrder
		return err
	}
	return tx.Commit(ctx)
}

func (s *store) remove(ctx context.Context, id int64) error { return s.q.DeleteOrder(ctx, id) }

func (s *store) inTx(ctx context.Context, f func(q *pg.Queries) error) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := f(s.q.WithTx(tx)); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (s *store) callback(ctx context.Context, id int64) error {
	return s.inTx(ctx, func(q *pg.Queries) error {
		if err := q.AddLogin(ctx, id); err != nil {
			return err
		}
		return s.q.DeleteOrder(ctx, id) // want CV4312 DeleteOrder
	})
}

func (s *store) beginFunc(ctx context.Context, id int64) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := s.q.WithTx(tx).AddLogin(ctx, id); err != nil {
			return err
		}
		return s.q.DeleteOrder(ctx, id) // want CV4312 DeleteOrder
	})
}

func dbArgument(ctx context.Context, db *sql.DB, q *pq.Queries, id int64) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := q.SetOrderStatus(ctx, tx, pq.SetOrderStatusParams{ID: id, Status: "x"}); err != nil {
		return err
	}
	if err := q.SetOrderStatus(ctx, db, pq.SetOrderStatusParams{ID: id, Status: "y"}); err != nil { // want CV4312 SetOrderStatus
		return err
	}
	return tx.Commit()
}

func leak(ctx context.Context, db *sql.DB, q *my.Queries, id int64) error {
	tx, err := db.BeginTx(ctx, nil) // want CV4314 -
	if err != nil {
		return err
	}
	if err := q.WithTx(tx).DeleteOrder(ctx, id); err != nil {
		return err
	}
	return tx.Commit()
}

func leakOnOne(ctx context.Context, conn *pgx.Conn, q *pg.Queries, id int64) error {
	tx, err := conn.Begin(ctx) // want CV4314 -
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := q.WithTx(tx).DeleteOrder(ctx, id); err != nil {
		tx.Rollback(ctx)
		return err
	}
	if id == 0 {
		return nil
	}
	return tx.Commit(ctx)
}

func background(ctx context.Context, q *pg.Queries) error {
	_, err := q.GetUser(context.Background(), 1) // want CV4318 GetUser
	return err
}

func handler(q *pg.Queries) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = q.GetUser(context.TODO(), 1) // want CV4318 GetUser
	}
}

func first(ctx context.Context, q *pg.Queries) (string, error) {
	ts, err := q.ListTeams(ctx)
	if err != nil || len(ts) == 0 {
		return "", err
	}
	return ts[0].Name, nil // want CV4213 ListTeams
}

func latest(ctx context.Context, q *pg.Queries) string {
	ts, _ := q.ListTeams(ctx)
	return ts[len(ts)-1].Name // want CV4213 ListTeams
}

func thrown(ctx context.Context, q *pg.Queries) error {
	_, err := q.ListUsers(ctx) // want CV4307 ListUsers
	return err
}

func anyOrders(ctx context.Context, q *pg.Queries, id int64) (bool, error) {
	n, err := q.CountOrders(ctx, id) // want CV4310 CountOrders
	if err != nil {
		return false, err
	}
	return n > 0, nil
}

func logins(ctx context.Context, q *pg.Queries, id int64) error {
	u, err := q.GetUser(ctx, id)
	if err != nil {
		return err
	}
	return q.SetLogins(ctx, pg.SetLoginsParams{ID: id, Logins: u.Logins + 1}) // want CV4323 SetLogins
}

func loginsInVariable(ctx context.Context, q *pg.Queries, id int64) error {
	u, err := q.GetUser(ctx, id)
	if err != nil {
		return err
	}
	n := u.Logins
	if u.Role == "admin" {
		n += 2
	} else {
		n++
	}
	p := pg.SetLoginsParams{ID: id}
	p.Logins = n
	return q.SetLogins(ctx, p) // want CV4323 SetLogins
}

func register(ctx context.Context, q *pg.Queries, email, name string) (int64, error) {
	u, err := q.GetUserByEmail(ctx, email)
	if err == nil {
		return u.ID, nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return 0, err
	}
	return q.InsertUser(ctx, pg.InsertUserParams{TeamID: 1, Email: email, Name: name}) // want CV4311 InsertUser
}

func registerIf(ctx context.Context, q *pg.Queries, p pg.InsertUserParams) error {
	there, err := q.UserExists(ctx, p.Email)
	if err != nil {
		return err
	}
	if !there {
		_, err = q.InsertUser(ctx, pg.InsertUserParams{TeamID: 1, Email: p.Email, Name: p.Name}) // want CV4311 InsertUser
	}
	return err
}

func (s *store) pay(ctx context.Context, id int64) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := s.q.WithTx(tx).AddLogin(ctx, id); err != nil {
		return err
	}
	time.Sleep(time.Second)            // want CV4313 -
	if err := s.charge(); err != nil { // want CV4313 -
		return err
	}
	return tx.Commit(ctx)
}

func (s *store) charge() error {
	_, err := http.Get(s.base)
	return err
}

func byName(ctx context.Context, db *sql.DB, name string) error {
	_, err := db.ExecContext(ctx, "DELETE FROM users WHERE name = '"+name+"'") // want CV4319 -
	return err
}

func bySprintf(ctx context.Context, pool *pgxpool.Pool, r *http.Request) error {
	sql := fmt.Sprintf("SELECT * FROM users WHERE name = '%s'", r.FormValue("name"))
	_, err := pool.Exec(ctx, sql) // want CV4319 -
	return err
}

func byBuilder(ctx context.Context, pool *pgxpool.Pool, names []string) error {
	var b strings.Builder
	b.WriteString("SELECT * FROM users WHERE name IN (")
	for _, n := range names {
		b.WriteString("'" + n + "'")
	}
	_, err := pool.Exec(ctx, b.String()) // want CV4319 -
	return err
}

func byJoin(ctx context.Context, db *sql.DB, conds []string) error {
	_, err := db.ExecContext(ctx, "DELETE FROM users WHERE "+strings.Join(conds, " AND ")) // want CV4319 -
	return err
}

func rows(ctx context.Context, db *sql.DB) (n int, err error) {
	rows, err := db.QueryContext(ctx, "SELECT 1") // want CV4330 - CV4331 -
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		n++
	}
	return n, nil
}

func pgxRows(ctx context.Context, pool *pgxpool.Pool) (id int64, err error) {
	rows, err := pool.Query(ctx, "SELECT 1") // want CV4330 -
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		if err := rows.Scan(&id); err != nil {
			return 0, err
		}
	}
	return id, rows.Err()
}

func (s *store) order(ctx context.Context, user int64) error {
	id, err := s.q.InsertOrder(ctx, pg.InsertOrderParams{UserID: user, Status: "new"})
	if err != nil {
		return err
	}
	return s.q.InsertItem(ctx, pg.InsertItemParams{OrderID: id, Product: "x", Quantity: 1}) // want CV4332 InsertItem
}

func (s *store) usersFirst(ctx context.Context, id int64) error {
	return s.inTx2(ctx, id, true)
}

func (s *store) inTx2(ctx context.Context, id int64, _ bool) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	q := s.q.WithTx(tx)
	if err := q.AddLogin(ctx, id); err != nil {
		return err
	}
	if err := q.SetOrderStatus(ctx, pg.SetOrderStatusParams{ID: id, Status: "x"}); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (s *store) ordersFirst(ctx context.Context, id int64) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	q := s.q.WithTx(tx)
	if err := q.DeleteOrder(ctx, id); err != nil {
		return err
	}
	if err := q.SetLogins(ctx, pg.SetLoginsParams{ID: id}); err != nil { // want CV4409 SetLogins
		return err
	}
	return tx.Commit(ctx)
}
