package commands

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/commands/db"
)

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		q := db.New(conn)

		Want[[]db.Book](t, nil)(q.Books(ctx))
		if _, err := q.Book(ctx, 1); !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("a missing book: %v", err)
		}
		Want[int64](t, 1)(q.AddBook(ctx, db.AddBookParams{Title: "Emma", Author: String("Austen"), Price: 12}))
		Want[int64](t, 2)(q.AddBook(ctx, db.AddBookParams{Title: "Beowulf", Price: 9}))

		emma := db.Book{ID: 1, Title: "Emma", Author: String("Austen"), Price: 12}
		beowulf := db.Book{ID: 2, Title: "Beowulf", Price: 9}
		Want(t, beowulf)(q.Book(ctx, 2))
		Want(t, sql.NullString{})(q.Author(ctx, "Beowulf"))
		Want(t, []db.Book{emma, beowulf})(q.Books(ctx))
		Want(t, []sql.NullString{String("Austen"), {}})(q.Authors(ctx))
		Want(t, []db.TitlesRow{{Title: "Beowulf", Price: 9}})(q.Titles(ctx, 10))

		OK(t, q.Retitle(ctx, db.RetitleParams{ID: 2, Title: "Grendel"}))
		Want[int64](t, 1)(q.Discount(ctx, db.DiscountParams{Price: 10}))
		Want[int64](t, 0)(q.Discount(ctx, db.DiscountParams{Price: 100}))

		gone, err := q.Remove(ctx, "Austen")
		OK(t, err)
		Want[int64](t, 1)(gone.RowsAffected())

		tx, err := conn.BeginTx(ctx, nil)
		OK(t, err)
		OK(t, q.WithTx(tx).Retitle(ctx, db.RetitleParams{ID: 2, Title: "lost"}))
		OK(t, tx.Rollback())
		Want(t, db.Book{ID: 2, Title: "Grendel", Price: 9})(q.Book(ctx, 2))
	})
}
