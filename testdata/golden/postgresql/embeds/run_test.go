package embeds

import (
	"context"
	"database/sql"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/embeds/db"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/embeds/std"
)

func TestPgx(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	austen := db.Author{ID: 1, Name: "Austen", Names: []string{"Jane"}, Mood: db.MoodOk, Born: Day("1775-12-16")}
	homer := db.Author{ID: 2, Name: "Homer", Names: []string{}, Mood: db.MoodSad}
	one, two := db.Book{ID: 1, AuthorID: Int4(1)}, db.Book{ID: 2}
	Want(t, []db.LeftsRow{{ID: 1, Author: &austen}, {ID: 2}})(q.Lefts(ctx))
	Want(t, []db.FullsRow{{Book: &one, Author: &austen}, {Book: &two}, {Author: &homer}})(q.Fulls(ctx))
	Want(t, []db.NeededRow{{Book: one, Author: austen}})(q.Needed(ctx))
	Want(t, []db.TwoRow{{Book: one, Book_2: &two}, {Book: two}})(q.Two(ctx))
	Want(t, db.OneRow{Book: one, Note: &db.Note{BookID: Int4(1)}})(q.One(ctx, 1))
	Want(t, db.OneRow{Book: two})(q.One(ctx, 2))
}

func TestStandard(t *testing.T) {
	ctx := context.Background()
	conn, err := sql.Open("pgx", PostgresURI(t))
	OK(t, err)
	defer conn.Close()
	q, err := std.Prepare(ctx, conn)
	OK(t, err)
	defer q.Close()

	austen := std.Author{ID: 1, Name: "Austen", Names: []string{"Jane"}, Mood: std.MoodOk, Born: When("1775-12-16")}
	homer := std.Author{ID: 2, Name: "Homer", Names: []string{}, Mood: std.MoodSad}
	one, two := std.Book{ID: 1, AuthorID: Int32(1)}, std.Book{ID: 2}
	Want(t, []std.LeftsRow{{ID: 1, Author: &austen}, {ID: 2}})(q.Lefts(ctx))
	Want(t, []std.FullsRow{{Book: &one, Author: &austen}, {Book: &two}, {Author: &homer}})(q.Fulls(ctx))
	Want(t, std.OneRow{Book: one, Note: &std.Note{BookID: Int32(1)}})(q.One(ctx, 1))
	Want(t, std.OneRow{Book: two})(q.One(ctx, 2))
}
