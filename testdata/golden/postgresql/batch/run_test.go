package batch

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/batch/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	calls := 0
	q.AddBook(ctx, []db.AddBookParams{
		{ID: 1, Title: "Emma", Author: Text("Austen")},
		{ID: 2, Title: "Persuasion", Author: Text("Austen")},
		{ID: 3, Title: "Beowulf"},
	}).Exec(func(i int, err error) {
		Same(t, i, calls)
		calls++
		OK(t, err)
	})
	Same(t, calls, 3)

	type book struct {
		Book    db.Book
		Missing bool
	}
	var books []book
	q.Book(ctx, []int32{3, 9, 1}).QueryRow(func(i int, b db.Book, err error) {
		books = append(books, book{b, errors.Is(err, pgx.ErrNoRows)})
	})
	Same(t, books, []book{
		{Book: db.Book{ID: 3, Title: "Beowulf"}},
		{Missing: true},
		{Book: db.Book{ID: 1, Title: "Emma", Author: Text("Austen")}},
	})

	var authors []pgtype.Text
	q.AuthorOf(ctx, []string{"Beowulf", "Emma"}).QueryRow(func(i int, a pgtype.Text, err error) {
		OK(t, err)
		authors = append(authors, a)
	})
	Same(t, authors, []pgtype.Text{{}, Text("Austen")})

	var lists [][]db.TitlesByRow
	q.TitlesBy(ctx, []string{"Austen", "nobody"}).Query(func(i int, rows []db.TitlesByRow, err error) {
		OK(t, err)
		lists = append(lists, rows)
	})
	Same(t, lists, [][]db.TitlesByRow{{{ID: 1, Title: "Emma"}, {ID: 2, Title: "Persuasion"}}, nil})
}

func TestAnErrorEndsTheBatch(t *testing.T) {
	q := db.New(PGX(t))
	var errs []error
	q.AddBook(context.Background(), []db.AddBookParams{
		{ID: 1, Title: "Emma"},
		{ID: 1, Title: "Persuasion"},
		{ID: 2, Title: "Sanditon"},
	}).Exec(func(i int, err error) { errs = append(errs, err) })
	var pe *pgconn.PgError
	if len(errs) != 3 || errs[0] != nil || !errors.As(errs[1], &pe) || pe.Code != "23505" || errs[2] == nil || !strings.HasPrefix(errs[1].Error(), "query AddBook: ") {
		t.Errorf("errors %v", errs)
	}
}

func TestAClosedBatchSaysSo(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))
	r := q.Book(ctx, []int32{1, 2})
	OK(t, r.Close())
	calls := 0
	r.QueryRow(func(i int, b db.Book, err error) {
		calls++
		if !errors.Is(err, db.ErrBatchAlreadyClosed) {
			t.Errorf("error %v", err)
		}
	})
	Same(t, calls, 2)
}
