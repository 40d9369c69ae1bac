package commands

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/commands/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	conn := SQLite(t)
	q := db.New(conn)

	Want[[]db.Book](t, nil)(q.Books(ctx))
	if _, err := q.Book(ctx, 1); !errors.Is(err, sql.ErrNoRows) || !strings.HasPrefix(err.Error(), "query Book: ") {
		t.Errorf("a missing book: %v", err)
	}

	emma := db.Book{ID: 1, Title: "Emma", Author: String("Austen"), Price: 12}
	beowulf := db.Book{ID: 2, Title: "Beowulf", Price: 9}
	Want(t, emma)(q.AddBook(ctx, db.AddBookParams{Title: "Emma", Author: String("Austen"), Price: 12}))
	Want(t, beowulf)(q.AddBook(ctx, db.AddBookParams{Title: "Beowulf", Price: 9}))
	conn.SetMaxOpenConns(2)
	testMaybe(t, q, emma, beowulf)
	testIter(t, q, emma, beowulf)
	Want[int64](t, 3)(q.AddTitle(ctx, "Iliad"))

	Want(t, beowulf)(q.Book(ctx, 2))
	Want(t, sql.NullString{})(q.Author(ctx, "Beowulf"))
	Want(t, []db.Book{emma, beowulf, {ID: 3, Title: "Iliad"}})(q.Books(ctx))
	Want(t, []sql.NullString{String("Austen"), {}, {}})(q.Authors(ctx))
	Want(t, []db.TitlesRow{{Title: "Beowulf", Price: 9}, {Title: "Iliad"}})(q.Titles(ctx, 10))

	OK(t, q.Retitle(ctx, db.RetitleParams{ID: 2, Title: "Grendel"}))
	Want[int64](t, 1)(q.Discount(ctx, 10))
	Want[int64](t, 0)(q.Discount(ctx, 100))

	gone, err := q.Remove(ctx, "Austen")
	OK(t, err)
	Want[int64](t, 1)(gone.RowsAffected())

	tx, err := conn.BeginTx(ctx, nil)
	OK(t, err)
	OK(t, q.WithTx(tx).Retitle(ctx, db.RetitleParams{ID: 2, Title: "lost"}))
	OK(t, tx.Rollback())
	Want(t, db.Book{ID: 2, Title: "Grendel", Price: 9})(q.Book(ctx, 2))
}

func testMaybe(t *testing.T, q *db.Queries, emma, beowulf db.Book) {
	ctx := context.Background()
	Want(t, &beowulf)(q.FindBook(ctx, 2))
	Want[*db.Book](t, nil)(q.FindBook(ctx, 99))
	Want(t, Ptr(String("Austen")))(q.FindAuthor(ctx, 1))
	Want(t, &sql.NullString{})(q.FindAuthor(ctx, 2))     // a book without an author
	Want[*sql.NullString](t, nil)(q.FindAuthor(ctx, 99)) // no book
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
	var authors []sql.NullString
	for author, err := range q.EachAuthor(ctx) {
		OK(t, err)
		authors = append(authors, author)
	}
	Same(t, authors, []sql.NullString{String("Austen"), {}})
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
