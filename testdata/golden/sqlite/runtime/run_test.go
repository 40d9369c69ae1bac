package runtime

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/runtime/sqlite"
	"github.com/covetsql/covetsql/runtime/tx"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/runtime/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	std := SQLite(t)
	q := db.New(DirectSQLite(t, std))
	no := errors.New("no")
	OK(t, q.InTx(ctx, tx.Options{}, func(q *db.Queries) error {
		emma, err := q.AddBook(ctx, db.AddBookParams{Title: "Emma", Author: String("Austen"), Price: 12})
		OK(t, err)
		Same(t, emma.Author, String("Austen"))
		err = q.InTx(ctx, tx.Options{}, func(q *db.Queries) error {
			_, err := q.AddBook(ctx, db.AddBookParams{Title: "lost"})
			OK(t, err)
			return no
		})
		if !errors.Is(err, no) {
			t.Error(err)
		}
		return nil
	}))
	books, err := q.Books(ctx)
	OK(t, err)
	Same(t, len(books), 1)
	Want(t, books)(db.New(std).Books(ctx)) // another handle sees it
	if _, err := q.Book(ctx, 99); !errors.Is(err, sql.ErrNoRows) {
		t.Error(err)
	}
	if err := q.InTx(ctx, tx.Options{ReadOnly: true}, func(q *db.Queries) error {
		_, err := q.AddBook(ctx, db.AddBookParams{Title: "refused"})
		return err
	}); err == nil {
		t.Error("a read-only transaction wrote")
	}
	Want(t, books)(q.Books(ctx))
	if _, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "no", "folder.db"), sqlite.Options{}); err == nil {
		t.Error("a file that can't be there was opened")
	}
}
