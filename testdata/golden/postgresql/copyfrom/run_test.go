package copyfrom

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/copyfrom/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	Want[int64](t, 0)(q.CopyBooks(ctx, nil))
	Want[int64](t, 2)(q.CopyBooks(ctx, []db.CopyBooksParams{
		{ID: 1, Title: "Emma", Author: Text("Austen"), Price: Numeric("12.90"), Published: Day("1815-12-23"), Tags: []string{"novel", "love"}},
		{ID: 2, Title: "tab\tand\nline", Tags: []string{}},
	}))
	Want(t, []db.Book{
		{ID: 1, Title: "Emma", Author: Text("Austen"), Price: Numeric("12.90"), Published: Day("1815-12-23"), Tags: []string{"novel", "love"}},
		{ID: 2, Title: "tab\tand\nline", Tags: []string{}},
	})(q.Books(ctx))

	Want[int64](t, 2)(q.CopyNotes(ctx, []string{"b", "a"}))
	Want(t, []string{"a", "b"})(q.Notes(ctx))

	Want[int64](t, 2)(q.CopyMoods(ctx, []db.NullMood{{Mood: db.MoodOk, Valid: true}, {}}))
	Want(t, []db.NullMood{{}, {Mood: db.MoodOk, Valid: true}})(q.Moods(ctx))
}

func TestAnErrorCopiesNothing(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))
	_, err := q.CopyBooks(ctx, []db.CopyBooksParams{{ID: 1, Title: "Emma", Tags: []string{}}, {ID: 1, Title: "twice", Tags: []string{}}})
	var pe *pgconn.PgError
	if !errors.As(err, &pe) || pe.Code != "23505" || !strings.HasPrefix(err.Error(), "query CopyBooks: ") {
		t.Errorf("error %v", err)
	}
	Want[[]db.Book](t, nil)(q.Books(ctx))
}
