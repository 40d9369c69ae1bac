package fragments

import (
	"context"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/fragments/db"
)

func TestRun(t *testing.T) {
	conn := PGX(t)
	ctx := context.Background()
	q := db.New(conn)
	OK(t, q.AddAuthor(ctx, db.AddAuthorParams{ID: 1, Name: "Austen"}))
	OK(t, q.AddAuthor(ctx, db.AddAuthorParams{ID: 2, Name: "Anonymous"}))
	OK(t, q.AddBook(ctx, db.AddBookParams{ID: 1, AuthorID: 1, Title: "Emma", Price: 9}))
	OK(t, q.AddBook(ctx, db.AddBookParams{ID: 2, AuthorID: 1, Title: "Persuasion", Price: 7, Hidden: true}))
	OK(t, q.AddBook(ctx, db.AddBookParams{ID: 3, AuthorID: 2, Title: "Beowulf"}))
	OK(t, q.AddBook(ctx, db.AddBookParams{ID: 4, AuthorID: 2, Title: "Genji", Price: 8, Hidden: true}))

	emma := db.Card{ID: 1, Title: "Emma", Author: "Austen", Price: 9}
	beowulf := db.Card{ID: 3, Title: "Beowulf", Author: "Anonymous"}
	Want(t, []db.Card{beowulf, emma})(q.Cards(ctx))
	Want(t, &emma)(q.CardOf(ctx, 1))
	Want[*db.Card](t, nil)(q.CardOf(ctx, 2))

	austen, most := "Austen", int32(5)
	Want(t, []string{"Beowulf", "Emma"})(q.Found(ctx, db.FoundParams{}))
	Want(t, []string{"Emma"})(q.Found(ctx, db.FoundParams{Author: &austen}))
	Want(t, int64(1))(q.CountFound(ctx, db.CountFoundParams{Most: &most}))
	Want(t, int64(0))(q.CountFound(ctx, db.CountFoundParams{Most: &most, Author: &austen}))
	Want(t, db.DoubledRow{ID: 1, Cost: 20})(q.Doubled(ctx, 1))
	Want(t, []db.ProlificRow{{Name: "Austen", Books: 2}, {Name: "Anonymous", Books: 2}})(q.Prolific(ctx))
}
