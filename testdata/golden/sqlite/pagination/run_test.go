package pagination

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/pagination/db"
)

// explained tells how the last query that was sent is run.
type explained struct {
	*sql.DB
	query string
	args  []any
}

func (e *explained) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	e.query, e.args = query, args
	return e.DB.QueryContext(ctx, query, args...)
}

func (e *explained) plan(t *testing.T) string {
	rows, err := e.DB.Query("EXPLAIN QUERY PLAN "+e.query, e.args...)
	OK(t, err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		OK(t, rows.Scan(&id, &parent, &unused, &detail))
		out = append(out, detail)
	}
	return strings.Join(out, "\n")
}

func TestRun(t *testing.T) {
	conn := &explained{DB: SQLite(t)}
	ctx := context.Background()
	q := db.New(conn)
	for i, name := range []string{"Austen", "Homer", "Anonymous"} {
		OK(t, q.AddAuthor(ctx, db.AddAuthorParams{ID: int64(i + 1), Name: name}))
	}
	for i := range 60 {
		OK(t, q.AddBook(ctx, db.AddBookParams{
			ID: int64(i*7%60 + 1), AuthorID: int64(i%3 + 1), Title: []string{"Emma", "emma", "Iliad", "Émile", ""}[i%5],
			Price: int64(i % 20), CreatedAt: fmt.Sprintf("2024-01-%02d", 1+i/4),
		}))
	}
	latest := Walk(t, db.ParseLatestCursor, func(after, before *db.LatestCursor, size int) ([]db.LatestRow, *db.LatestCursor, *db.LatestCursor, bool, error) {
		p, err := q.Latest(ctx, db.LatestParams{Least: 5, After: after, Before: before, PageSize: size})
		return p.Items, p.First, p.Last, p.More, err
	})
	Same(t, len(latest), 45)
	titles := Walk(t, db.ParseTitlesCursor, func(after, before *db.TitlesCursor, size int) ([]db.Book, *db.TitlesCursor, *db.TitlesCursor, bool, error) {
		p, err := q.Titles(ctx, db.TitlesParams{After: after, Before: before, PageSize: size})
		return p.Items, p.First, p.Last, p.More, err
	})
	Same(t, len(titles), 60)
	ids := Walk(t, db.ParseEverythingCursor, func(after, before *db.EverythingCursor, size int) ([]int64, *db.EverythingCursor, *db.EverythingCursor, bool, error) {
		p, err := q.Everything(ctx, db.EverythingParams{After: after, Before: before, PageSize: size})
		return p.Items, p.First, p.Last, p.More, err
	})
	for i, id := range ids {
		Same(t, id, int64(i+1))
	}
	homer := "Homer"
	for author, want := range map[*string]int{nil: 60, &homer: 20} {
		wanted := Walk(t, db.ParseWantedCursor, func(after, before *db.WantedCursor, size int) ([]db.WantedRow, *db.WantedCursor, *db.WantedCursor, bool, error) {
			p, err := q.Wanted(ctx, db.WantedParams{Author: author, After: after, Before: before, PageSize: size})
			return p.Items, p.First, p.Last, p.More, err
		})
		Same(t, len(wanted), want)
	}
	dear := Walk(t, db.ParseDearCursor, func(after, before *db.DearCursor, size int) ([]db.DearRow, *db.DearCursor, *db.DearCursor, bool, error) {
		p, err := q.Dear(ctx, db.DearParams{Author: "Homer", After: after, Before: before, PageSize: size})
		return p.Items, p.First, p.Last, p.More, err
	})
	Same(t, len(dear), 52)
	prolific := Walk(t, db.ParseProlificCursor, func(after, before *db.ProlificCursor, size int) ([]db.ProlificRow, *db.ProlificCursor, *db.ProlificCursor, bool, error) {
		p, err := q.Prolific(ctx, db.ProlificParams{After: after, Before: before, PageSize: size})
		return p.Items, p.First, p.Last, p.More, err
	})
	Same(t, len(prolific), 3)
	named := Walk(t, db.ParseNamedCursor, func(after, before *db.NamedCursor, size int) ([]string, *db.NamedCursor, *db.NamedCursor, bool, error) {
		p, err := q.Named(ctx, db.NamedParams{After: after, Before: before, PageSize: size})
		return p.Items, p.First, p.Last, p.More, err
	})
	Same(t, len(named), 8)

	// A request's cursor is a text.
	page, err := q.Latest(ctx, db.LatestParams{Least: 5, PageSize: 10})
	OK(t, err)
	next := page.Last.String()
	after, err := db.ParseLatestCursor(next)
	OK(t, err)
	page, err = q.Latest(ctx, db.LatestParams{Least: 5, After: &after, PageSize: 10})
	OK(t, err)
	Same(t, page.Items, latest[10:20])
	Same(t, page.More, true)

	for _, text := range []string{"", "%", "bnVsbA", "WyJMYXRlc3QiXQ", "WyJMYXRlc3QiLG51bGwsMV0", db.EverythingCursor{ID: 1}.String()} {
		if c, err := db.ParseLatestCursor(text); err == nil {
			t.Errorf("%q is a cursor: %v", text, c)
		}
	}
	if _, err := q.Latest(ctx, db.LatestParams{Least: 5, After: page.First, Before: page.Last, PageSize: 10}); err == nil {
		t.Error("between two cursors")
	}
	if _, err := q.Latest(ctx, db.LatestParams{Least: 5}); err == nil {
		t.Error("a page without a size")
	}

	_, err = q.Latest(ctx, db.LatestParams{Least: 5, Before: page.Last, PageSize: 3})
	OK(t, err)
	Same(t, conn.plan(t), "SEARCH books USING INDEX books_created (created_at<?)") // and no B-tree to sort with
}

// Drivers give an empty blob as nil, and nil is NULL.
func TestPagesByAnEmptyBlob(t *testing.T) {
	q, ctx := db.New(SQLite(t)), context.Background()
	for i, hash := range []string{"b", "", "a", "\x00", ""} {
		OK(t, q.AddFile(ctx, db.AddFileParams{Path: fmt.Sprint(i), Hash: []byte(hash)}))
	}
	hashes := Walk(t, db.ParseHashesCursor, func(after, before *db.HashesCursor, size int) ([]db.HashesRow, *db.HashesCursor, *db.HashesCursor, bool, error) {
		p, err := q.Hashes(ctx, db.HashesParams{After: after, Before: before, PageSize: size})
		return p.Items, p.First, p.Last, p.More, err
	})
	Same(t, len(hashes), 5)
	page, err := q.Hashes(ctx, db.HashesParams{PageSize: 1})
	OK(t, err)
	page, err = q.Hashes(ctx, db.HashesParams{After: page.Last, PageSize: 9})
	OK(t, err)
	Same(t, len(page.Items), 4)
}
