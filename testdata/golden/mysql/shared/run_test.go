package shared

import (
	"context"
	"database/sql"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/shared/db"
)

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		q := db.New(conn)
		OK(t, q.AddAuthor(ctx, db.AddAuthorParams{ID: 1, Name: "Austen", Born: Int32(1775)}))
		OK(t, q.AddAuthor(ctx, db.AddAuthorParams{ID: 2, Name: "Homer"}))
		OK(t, q.AddBook(ctx, db.AddBookParams{ID: 1, AuthorID: 1, Title: "Emma"}))
		OK(t, q.AddBook(ctx, db.AddBookParams{ID: 2, AuthorID: 1, Title: "Persuasion"}))

		austen := db.AuthorCard{ID: 1, Name: "Austen", Books: 2}
		homer := db.AuthorCard{ID: 2, Name: "Homer"}
		Want(t, austen)(q.Card(ctx, 1))
		Want(t, []db.AuthorCard{austen, homer})(q.Cards(ctx))
		for card, err := range q.EachCard(ctx) {
			OK(t, err)
			Same(t, card, austen)
		}
		Want(t, &db.Author{ID: 1, Name: "AUSTEN", Born: Int32(1775)})(q.WriterOf(ctx, "Emma"))
		Want(t, db.Author{ID: 1, Name: "Austen", Born: Int32(1775)})(q.FirstBorn(ctx))
		Want[*db.Author](t, nil)(q.WriterOf(ctx, "Ulysses"))
		Want(t, []string{"Austen", "Homer"})(q.Names(ctx))
	})
}
