// Nothing here deserves a finding.
package tx

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/db"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/lite"
)

type Store struct {
	*db.Queries
	pool *pgxpool.Pool
	log  func(string)
}

// pgx.BeginFunc
func (s *Store) A(ctx context.Context, id int64) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		q := s.WithTx(tx)
		if err := q.SetRole(ctx, db.SetRoleParams{ID: id, Role: "x"}); err != nil {
			return err
		}
		return q.DeleteMember(ctx, id)
	})
}

// deferred rollback, commit
func (s *Store) B(ctx context.Context, id int64) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	q := s.Queries.WithTx(tx)
	if err := q.SetRole(ctx, db.SetRoleParams{ID: id, Role: "x"}); err != nil {
		return err
	}
	if err := q.DeleteMember(ctx, id); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// read outside before the tx
func (s *Store) C(ctx context.Context, id int64) error {
	m, err := s.GetMember(ctx, id)
	if err != nil {
		return err
	}
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	q := s.WithTx(tx)
	if err := q.SetRole(ctx, db.SetRoleParams{ID: m.ID, Role: "x"}); err != nil {
		return err
	}
	if err := q.DeleteMember(ctx, id); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// passed down
func (s *Store) D(ctx context.Context, ids [2]int64) (err error) {
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.Serializable})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback(ctx))
		}
	}()
	q := db.New(tx)
	if err = step1(ctx, q, ids[0]); err != nil {
		return err
	}
	if err = step2(ctx, q, ids[1]); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func step1(ctx context.Context, q *db.Queries, id int64) error {
	return q.SetRole(ctx, db.SetRoleParams{ID: id, Role: "a"})
}
func step2(ctx context.Context, q *db.Queries, id int64) error { return q.DeleteMember(ctx, id) }

// a helper of its own
func (s *Store) withTx(ctx context.Context, f func(*Store) error) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := f(&Store{Queries: s.WithTx(tx), pool: s.pool, log: s.log}); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (s *Store) E(ctx context.Context, a, b int64) error {
	return s.withTx(ctx, func(s *Store) error {
		if err := s.SetRole(ctx, db.SetRoleParams{ID: a, Role: "x"}); err != nil {
			return err
		}
		return s.DeleteMember(ctx, b)
	})
}

func (s *Store) E2(ctx context.Context, a, b int64) error {
	return s.withTx(ctx, func(t *Store) error {
		if err := t.both(ctx, a, b); err != nil {
			return err
		}
		return t.DeleteMember(ctx, b)
	})
}

func (s *Store) both(ctx context.Context, a, b int64) error {
	m, err := s.GetMember(ctx, a)
	if err != nil {
		return err
	}
	return s.SetRole(ctx, db.SetRoleParams{ID: b, Role: m.Role})
}

// manual rollback on each way
func F(ctx context.Context, d *sql.DB, refs [2]string) error {
	tx, err := d.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	q := lite.New(d).WithTx(tx)
	if err := q.AddNote(ctx, lite.AddNoteParams{Title: refs[0]}); err != nil {
		tx.Rollback()
		return err
	}
	if err := q.AddNote(ctx, lite.AddNoteParams{Title: refs[1]}); err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit()
}

// a commit after a branch; a rollback for dry runs
func G(ctx context.Context, d *sql.DB, dry bool) error {
	tx, err := d.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	q := lite.New(tx)
	err = q.AddNote(ctx, lite.AddNoteParams{Title: "x"})
	if err != nil || dry {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// audit entries that must survive the rollback are written beside the tx, after it
func (s *Store) H(ctx context.Context, id int64) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		return s.WithTx(tx).DeleteMember(ctx, id)
	})
	if err != nil {
		_, _ = s.AddJob(ctx, db.AddJobParams{MemberID: id, State: "failed"})
		return err
	}
	return nil
}

// reads only
func (s *Store) I(ctx context.Context, id int64) (m db.Member, t db.Team, err error) {
	if m, err = s.GetMember(ctx, id); err != nil {
		return
	}
	t, err = s.GetTeam(ctx, m.TeamID)
	return
}

// either or
func (s *Store) J(ctx context.Context, id int64, gone bool) error {
	if gone {
		return s.DeleteMember(ctx, id)
	}
	return s.SetRole(ctx, db.SetRoleParams{ID: id, Role: "x"})
}

func (s *Store) J2(ctx context.Context, id int64, op string) error {
	switch op {
	case "delete":
		if err := s.DeleteMember(ctx, id); err != nil {
			return err
		}
	case "role":
		if err := s.SetRole(ctx, db.SetRoleParams{ID: id, Role: "x"}); err != nil {
			return err
		}
	}
	return nil
}

// a write, then a best-effort one whose error is only logged
func (s *Store) K(ctx context.Context, id int64) error {
	if err := s.SetRole(ctx, db.SetRoleParams{ID: id, Role: "x"}); err != nil {
		return err
	}
	if _, err := s.AddJob(ctx, db.AddJobParams{MemberID: id, State: "audit"}); err != nil {
		s.log(err.Error())
	}
	return nil
}

// a job's states around long work: two writes that must not be one transaction
func (s *Store) L(ctx context.Context, work func(db.Job) error) error {
	j, err := s.ClaimJob(ctx)
	if err != nil {
		return err
	}
	if err := work(j); err != nil {
		return err
	}
	time.Sleep(time.Second)
	return s.DeleteMember(ctx, j.MemberID)
}

// given queries: who calls decides
func M(ctx context.Context, q db.Querier, id int64) error {
	if err := q.SetRole(ctx, db.SetRoleParams{ID: id, Role: "x"}); err != nil {
		return err
	}
	return q.DeleteMember(ctx, id)
}

func CallM(ctx context.Context, pool *pgxpool.Pool) error {
	return pgx.BeginTxFunc(ctx, pool, pgx.TxOptions{}, func(tx pgx.Tx) error { return M(ctx, db.New(tx), 1) })
}

// a conn of its own with a tx
func N(ctx context.Context, pool *pgxpool.Pool, id int64) error {
	return pool.AcquireFunc(ctx, func(c *pgxpool.Conn) error {
		tx, err := c.Begin(ctx)
		if err != nil {
			return err
		}
		defer tx.Rollback(ctx)
		q := db.New(tx)
		if err := q.DeleteMember(ctx, id); err != nil {
			return err
		}
		_, err = q.AddJob(ctx, db.AddJobParams{MemberID: id})
		if err != nil {
			return err
		}
		return tx.Commit(ctx)
	})
}

// returned to the caller
func Open(ctx context.Context, pool *pgxpool.Pool) (pgx.Tx, *db.Queries, error) {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return nil, nil, err
	}
	return tx, db.New(tx), nil
}

type unit struct {
	tx pgx.Tx
	q  *db.Queries
}

func Begin(ctx context.Context, pool *pgxpool.Pool) (*unit, error) {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return &unit{tx, db.New(tx)}, nil
}
func (u *unit) do(ctx context.Context, id int64) error {
	if err := u.q.DeleteMember(ctx, id); err != nil {
		return err
	}
	return u.q.SetRole(ctx, db.SetRoleParams{ID: id})
}
func (u *unit) end(ctx context.Context) error { return u.tx.Commit(ctx) }

func UseUnit(ctx context.Context, pool *pgxpool.Pool) error {
	u, err := Begin(ctx, pool)
	if err != nil {
		return err
	}
	defer u.tx.Rollback(ctx)
	if err := u.do(ctx, 3); err != nil {
		return err
	}
	return u.end(ctx)
}

// savepoint
func Nested(ctx context.Context, tx pgx.Tx, id int64) error {
	sub, err := tx.Begin(ctx)
	if err != nil {
		return err
	}
	q := db.New(sub)
	if err := q.DeleteMember(ctx, id); err != nil {
		return sub.Rollback(ctx)
	}
	return sub.Commit(ctx)
}

// a test's transaction that is rolled back always; a read-only tx
func ReadOnly(ctx context.Context, pool *pgxpool.Pool, team pgtype.UUID) ([]db.Member, error) {
	tx, err := pool.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, err
	}
	defer tx.Rollback(ctx)
	return db.New(tx).MembersOfTeam(ctx, team)
}

// tx stored in a context-like param struct; q variable that is either
func Maybe(ctx context.Context, q *db.Queries, tx pgx.Tx, id int64) error {
	if tx != nil {
		q = q.WithTx(tx)
	}
	if err := q.DeleteMember(ctx, id); err != nil {
		return err
	}
	return q.SetRole(ctx, db.SetRoleParams{ID: id})
}

// goto-like retry of a serializable tx
func Retry(ctx context.Context, pool *pgxpool.Pool, id int64) error {
	for {
		tx, err := pool.Begin(ctx)
		if err != nil {
			return err
		}
		q := db.New(tx)
		if err = q.DeleteMember(ctx, id); err == nil {
			err = tx.Commit(ctx)
		} else {
			tx.Rollback(ctx)
		}
		if err == nil {
			return nil
		}
	}
}
