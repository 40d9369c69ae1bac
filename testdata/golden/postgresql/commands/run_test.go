package commands

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/commands/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	conn := PGX(t)
	q := db.New(conn)

	Want[[]db.Book](t, nil)(q.Books(ctx))
	if _, err := q.Book(ctx, 1); !errors.Is(err, pgx.ErrNoRows) {
		t.Errorf("a missing book: %v", err)
	}

	emma := db.Book{ID: 1, Title: "Emma", Author: Text("Austen"), Price: 12}
	beowulf := db.Book{ID: 2, Title: "Beowulf", Price: 9}
	Want(t, emma)(q.AddBook(ctx, db.AddBookParams{Title: "Emma", Author: Text("Austen"), Price: 12}))
	Want(t, beowulf)(q.AddBook(ctx, db.AddBookParams{Title: "Beowulf", Price: 9}))

	Want(t, beowulf)(q.Book(ctx, 2))
	Want(t, pgtype.Text{})(q.Author(ctx, "Beowulf"))
	Want(t, []db.Book{emma, beowulf})(q.Books(ctx))
	Want(t, []pgtype.Text{Text("Austen"), {}})(q.Authors(ctx))
	Want(t, []db.TitlesRow{{Title: "Beowulf", Price: 9}})(q.Titles(ctx, 10))

	OK(t, q.Retitle(ctx, db.RetitleParams{ID: 2, Title: "Grendel"}))
	Want[int64](t, 1)(q.Discount(ctx, 10))
	Want[int64](t, 0)(q.Discount(ctx, 100))
	Want(t, []db.TitlesRow{{Title: "Emma", Price: 2}, {Title: "Grendel", Price: 9}})(q.Titles(ctx, 10))

	gone, err := q.Remove(ctx, "Austen")
	OK(t, err)
	Same(t, gone.String(), "DELETE 1")

	tx, err := conn.Begin(ctx)
	OK(t, err)
	OK(t, q.WithTx(tx).Retitle(ctx, db.RetitleParams{ID: 2, Title: "lost"}))
	OK(t, tx.Rollback(ctx))
	Want(t, db.Book{ID: 2, Title: "Grendel", Price: 9})(q.Book(ctx, 2))
}
