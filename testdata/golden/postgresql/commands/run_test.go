package commands

import (
	"context"
	"errors"
	"strings"
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
	if _, err := q.Book(ctx, 1); !errors.Is(err, pgx.ErrNoRows) || !strings.HasPrefix(err.Error(), "query Book: ") {
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
	testMaybe(t, q, emma, beowulf)
	testIter(t, q, emma, beowulf)

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

func testMaybe(t *testing.T, q *db.Queries, emma, beowulf db.Book) {
	ctx := context.Background()
	Want(t, &beowulf)(q.FindBook(ctx, 2))
	Want[*db.Book](t, nil)(q.FindBook(ctx, 99))
	Want(t, Ptr(Text("Austen")))(q.FindAuthor(ctx, 1))
	Want(t, &pgtype.Text{})(q.FindAuthor(ctx, 2))     // a book without an author
	Want[*pgtype.Text](t, nil)(q.FindAuthor(ctx, 99)) // no book
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if book, err := q.FindBook(gone, 2); book != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("of a context that has ended: %v, %v", book, err)
	}
}

func testIter(t *testing.T, q *db.Queries, emma, beowulf db.Book) {
	ctx := context.Background()
	var books []db.Book
	for book, err := range q.EachBook(ctx, 0) {
		if err != nil {
			t.Fatal(err)
		}
		books = append(books, book)
	}
	Same(t, books, []db.Book{emma, beowulf})
	var authors []pgtype.Text
	for author, err := range q.EachAuthor(ctx) {
		OK(t, err)
		authors = append(authors, author)
	}
	Same(t, authors, []pgtype.Text{Text("Austen"), {}})
	for range 100 { // a loop that is left closes its rows: the connection is free for the next
		for book, err := range q.EachBook(ctx, 0) {
			OK(t, err)
			Same(t, book, emma)
			break
		}
	}
	for range q.EachBook(ctx, 1000) {
		t.Error("a book for more than 1000")
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	failures := 0
	for _, err := range q.EachBook(gone, 0) {
		if failures++; !errors.Is(err, context.Canceled) {
			t.Errorf("of a context that has ended: %v", err)
		}
	}
	Same(t, failures, 1)
	func() {
		defer func() { _ = recover() }()
		for range q.EachBook(ctx, 0) {
			panic("in the loop")
		}
	}()
	Want(t, emma)(q.Book(ctx, 1))
}
