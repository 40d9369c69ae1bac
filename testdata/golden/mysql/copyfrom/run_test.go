//go:build mysqltsv

package copyfrom

import (
	"context"
	"database/sql"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/copyfrom/db"
)

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, conn *sql.DB) {
		ctx := context.Background()
		q := db.New(conn)

		Want[int64](t, 0)(q.CopyBooks(ctx, nil))
		Want[int64](t, 2)(q.CopyBooks(ctx, []db.CopyBooksParams{
			{ID: 1, Title: "Emma", Author: String("Austen"), Price: String("12.90"), State: db.BooksStateNew, Fresh: true},
			{ID: 2, Title: "tab\tand\nline\\", State: db.BooksStateOld},
		}))
		Want(t, []db.Book{
			{ID: 1, Title: "Emma", Author: String("Austen"), Price: String("12.90"), State: db.BooksStateNew, Fresh: true},
			{ID: 2, Title: "tab\tand\nline\\", State: db.BooksStateOld},
		})(q.Books(ctx))
		Want[int64](t, 2)(q.CopyNotes(ctx, []string{"b", "a"}))
		Want(t, []string{"a", "b"})(q.Notes(ctx))
	})
}
