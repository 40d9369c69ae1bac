package pagination

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/mysql/pagination/db"
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
	rows, err := e.DB.Query("EXPLAIN FORMAT=TRADITIONAL "+e.query, e.args...)
	OK(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	OK(t, err)
	var out []string
	for rows.Next() {
		cells, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		OK(t, rows.Scan(into...))
		for i, c := range columns {
			out = append(out, strings.ToLower(c)+"="+cells[i].String)
		}
	}
	return strings.Join(out, " ")
}

func TestRun(t *testing.T) {
	EachMySQL(t, func(t *testing.T, std *sql.DB) {
		conn := &explained{DB: std}
		ctx := context.Background()
		q := db.New(conn)
		day := time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC)
		for i, name := range []string{"Austen", "Homer", "Anonymous"} {
			OK(t, q.AddAuthor(ctx, db.AddAuthorParams{ID: int64(i + 1), Name: name}))
		}
		for i := range 60 {
			OK(t, q.AddBook(ctx, db.AddBookParams{
				ID: int64(i*7%60 + 1), AuthorID: int64(i%3 + 1), Title: []string{"Emma", "emma", "Iliad", "Émile", ""}[i%5],
				Price:     fmt.Sprintf("%d.10", i%20),
				CreatedAt: day.Add(time.Duration(i/4) * time.Microsecond), Day: day.AddDate(0, 0, i/7),
			}))
		}
		latest := Walk(t, db.ParseLatestCursor, func(after, before *db.LatestCursor, size int) ([]db.LatestRow, *db.LatestCursor, *db.LatestCursor, bool, error) {
			p, err := q.Latest(ctx, db.LatestParams{Least: "5", After: after, Before: before, PageSize: size})
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
		Same(t, len(named), 7)
		days := Walk(t, db.ParseDaysCursor, func(after, before *db.DaysCursor, size int) ([]db.DaysRow, *db.DaysCursor, *db.DaysCursor, bool, error) {
			p, err := q.Days(ctx, db.DaysParams{After: after, Before: before, PageSize: size})
			return p.Items, p.First, p.Last, p.More, err
		})
		Same(t, len(days), 60)

		// A request's cursor is a text.
		page, err := q.Latest(ctx, db.LatestParams{Least: "5", PageSize: 10})
		OK(t, err)
		next := page.Last.String()
		after, err := db.ParseLatestCursor(next)
		OK(t, err)
		page, err = q.Latest(ctx, db.LatestParams{Least: "5", After: &after, PageSize: 10})
		OK(t, err)
		Same(t, page.Items, latest[10:20])
		Same(t, page.More, true)

		for _, text := range []string{"", "%", "bnVsbA", "WyJMYXRlc3QiXQ", "WyJMYXRlc3QiLG51bGwsMV0", db.EverythingCursor{ID: 1}.String()} {
			if c, err := db.ParseLatestCursor(text); err == nil {
				t.Errorf("%q is a cursor: %v", text, c)
			}
		}
		if _, err := q.Latest(ctx, db.LatestParams{Least: "5", After: page.First, Before: page.Last, PageSize: 10}); err == nil {
			t.Error("between two cursors")
		}
		if _, err := q.Latest(ctx, db.LatestParams{Least: "5"}); err == nil {
			t.Error("a page without a size")
		}

		for i := range 1000 {
			OK(t, q.AddBook(ctx, db.AddBookParams{ID: int64(i + 1000), AuthorID: 1, Price: "7", CreatedAt: day.AddDate(0, 0, i), Day: day}))
		}
		_, err = std.Exec("ANALYZE TABLE books")
		OK(t, err)
		_, err = q.Latest(ctx, db.LatestParams{Least: "5", After: page.Last, PageSize: 3})
		OK(t, err)
		if plan := conn.plan(t); !strings.Contains(plan, "type=range") || !strings.Contains(plan, " key=books_created ") || strings.Contains(plan, "filesort") {
			t.Errorf("no index serves the page: %s", plan)
		}
	})
}
