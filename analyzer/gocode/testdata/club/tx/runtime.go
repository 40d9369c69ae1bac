package tx

import (
	"context"

	"github.com/covetsql/covetsql/analyzer/gocode/testdata/club/rt"
	"github.com/covetsql/covetsql/runtime/sqlite"
	"github.com/covetsql/covetsql/runtime/tx"
)

type kept struct {
	q  *rt.Queries
	db *sqlite.DB
}

func (k kept) bad(ctx context.Context) error {
	return k.q.InTx(ctx, tx.Options{}, func(q *rt.Queries) error {
		if err := q.AddNote(ctx, rt.AddNoteParams{Title: "x"}); err != nil {
			return err
		}
		return k.q.AddNote(ctx, rt.AddNoteParams{Title: "y"}) // want CV4312 AddNote
	})
}

func (k kept) leak(ctx context.Context, much bool) error {
	t, err := k.db.Begin(ctx, tx.Options{}) // want CV4314 -
	if err != nil {
		return err
	}
	if err := rt.New(t).AddNote(ctx, rt.AddNoteParams{Title: "x"}); err != nil {
		return err
	}
	return t.Commit(ctx)
}

func (k kept) good(ctx context.Context) error {
	return k.q.InTx(ctx, tx.Options{}, func(q *rt.Queries) error {
		if err := q.AddNote(ctx, rt.AddNoteParams{Title: "x"}); err != nil {
			return err
		}
		return q.InTx(ctx, tx.Options{}, func(q *rt.Queries) error {
			return q.AddNote(ctx, rt.AddNoteParams{Title: "y"})
		})
	})
}

func (k kept) alsoGood(ctx context.Context) error {
	t, err := k.db.Begin(ctx, tx.Options{})
	if err != nil {
		return err
	}
	defer t.Rollback(ctx)
	if err := rt.New(t).AddNote(ctx, rt.AddNoteParams{Title: "x"}); err != nil {
		return err
	}
	return t.Commit(ctx)
}
