package tx

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"

	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/db"
	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/lite"
)

func (s *Store) bad1(ctx context.Context, id int64) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		q := s.WithTx(tx)
		if err := q.SetRole(ctx, db.SetRoleParams{ID: id, Role: "x"}); err != nil {
			return err
		}
		return s.DeleteMember(ctx, id) // want CV4312 DeleteMember
	})
}

func (s *Store) bad2(ctx context.Context, id int64) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := s.WithTx(tx).DeleteMember(ctx, id); err != nil {
		return err
	}
	if err := s.helper(ctx, id); err != nil { // want CV4312 AddJob
		return err
	}
	return tx.Commit(ctx)
}

func (s *Store) helper(ctx context.Context, id int64) error {
	_, err := s.AddJob(ctx, db.AddJobParams{MemberID: id})
	return err
}

func (s *Store) bad3(ctx context.Context, id int64) error {
	if err := s.SetRole(ctx, db.SetRoleParams{ID: id, Role: "x"}); err != nil {
		return err
	}
	if _, err := s.AddJob(ctx, db.AddJobParams{MemberID: id}); err != nil {
		return err
	}
	return nil
}

func bad4(ctx context.Context, d *sql.DB) error {
	tx, err := d.BeginTx(ctx, nil) // want CV4314 -
	if err != nil {
		return err
	}
	q := lite.New(tx)
	if err := q.AddNote(ctx, lite.AddNoteParams{Title: "x"}); err != nil {
		return err
	}
	return tx.Commit()
}

// a store of its own over the transaction, and the other one used
func (s *Store) bad5(ctx context.Context, id int64) error {
	return s.withTx(ctx, func(t *Store) error {
		if err := t.SetRole(ctx, db.SetRoleParams{ID: id, Role: "x"}); err != nil {
			return err
		}
		return s.DeleteMember(ctx, id) // want CV4312 DeleteMember
	})
}
