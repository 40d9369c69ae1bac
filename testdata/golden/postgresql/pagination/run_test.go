package pagination

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	_ "github.com/jackc/pgx/v5/stdlib"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/pagination/db"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/pagination/std"
)

// explained tells how the last query that was sent is run.
type explained struct {
	*pgx.Conn
	query string
	args  []any
}

func (e *explained) Query(ctx context.Context, query string, args ...any) (pgx.Rows, error) {
	e.query, e.args = query, args
	return e.Conn.Query(ctx, query, args...)
}

func (e *explained) plan(t *testing.T) string {
	ctx := context.Background()
	_, err := e.Conn.Exec(ctx, "SET enable_seqscan = off; SET enable_bitmapscan = off")
	OK(t, err)
	rows, err := e.Conn.Query(ctx, "EXPLAIN "+e.query, e.args...)
	OK(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	OK(t, err)
	return strings.Join(lines, "\n")
}

func author(i int) pgtype.UUID { return pgtype.UUID{Bytes: [16]byte{15: byte(i)}, Valid: true} }

func stamp(i int) pgtype.Timestamp { return pgtype.Timestamp{Time: micro(i), Valid: true} }

// micro is a time with microseconds.
func micro(i int) time.Time {
	return Time("2024-02-03 04:05:06").Add(time.Duration(i) * time.Microsecond)
}

func TestRun(t *testing.T) {
	conn := &explained{Conn: PGX(t)}
	ctx := context.Background()
	q := db.New(conn)
	for i, name := range []string{"Austen", "Homer", "Anonymous"} {
		OK(t, q.AddAuthor(ctx, db.AddAuthorParams{ID: author(i), Name: name}))
	}
	for i := range 60 {
		OK(t, q.AddBook(ctx, db.AddBookParams{
			ID: int64(i*7%60 + 1), AuthorID: author(i % 3), Title: []string{"Emma", "emma", "Iliad", "Émile", ""}[i%5],
			Price: Numeric(fmt.Sprintf("%d.10", i%20)), Mood: []db.Mood{db.MoodSad, db.MoodOk, db.MoodHappy}[i%3],
			CreatedAt: pgtype.Timestamptz{Time: micro(i / 4), Valid: true}, Born: stamp(i / 9), Day: Day(fmt.Sprintf("2024-01-%02d", 1+i/7)),
		}))
	}
	latest := Walk(t, db.ParseLatestCursor, func(after, before *db.LatestCursor, size int) ([]db.LatestRow, *db.LatestCursor, *db.LatestCursor, bool, error) {
		p, err := q.Latest(ctx, db.LatestParams{Least: Numeric("5"), After: after, Before: before, PageSize: size})
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
	moods := Walk(t, db.ParseMoodsCursor, func(after, before *db.MoodsCursor, size int) ([]db.MoodsRow, *db.MoodsCursor, *db.MoodsCursor, bool, error) {
		p, err := q.Moods(ctx, db.MoodsParams{After: after, Before: before, PageSize: size})
		return p.Items, p.First, p.Last, p.More, err
	})
	Same(t, len(moods), 60)

	// A request's cursor is a text.
	page, err := q.Latest(ctx, db.LatestParams{Least: Numeric("5"), PageSize: 10})
	OK(t, err)
	next := page.Last.String()
	after, err := db.ParseLatestCursor(next)
	OK(t, err)
	page, err = q.Latest(ctx, db.LatestParams{Least: Numeric("5"), After: &after, PageSize: 10})
	OK(t, err)
	Same(t, page.Items, latest[10:20])
	Same(t, page.More, true)

	for _, text := range []string{"", "%", "bnVsbA", "WyJMYXRlc3QiXQ", "WyJMYXRlc3QiLG51bGwsMV0", db.EverythingCursor{ID: 1}.String()} {
		if c, err := db.ParseLatestCursor(text); err == nil {
			t.Errorf("%q is a cursor: %v", text, c)
		}
	}
	if _, err := q.Latest(ctx, db.LatestParams{Least: Numeric("5"), After: page.First, Before: page.Last, PageSize: 10}); err == nil {
		t.Error("between two cursors")
	}
	if _, err := q.Latest(ctx, db.LatestParams{Least: Numeric("5")}); err == nil {
		t.Error("a page without a size")
	}

	_, err = q.Latest(ctx, db.LatestParams{Least: Numeric("5"), After: page.Last, PageSize: 3})
	OK(t, err)
	plan := conn.plan(t)
	if !strings.Contains(plan, "Index Scan using books_created") || !strings.Contains(plan, "Index Cond: (ROW(created_at, id) > ROW(") || strings.Contains(plan, "Sort") {
		t.Errorf("no index serves the page: %s", plan)
	}
}

func TestDatabaseSQL(t *testing.T) {
	conn, err := sql.Open("pgx", PostgresURI(t))
	OK(t, err)
	defer conn.Close()
	ctx := context.Background()
	q := std.New(conn)
	for i, name := range []string{"Austen", "Homer", "Anonymous"} {
		OK(t, q.AddAuthor(ctx, std.AddAuthorParams{ID: uuid.UUID{15: byte(i)}, Name: name}))
	}
	for i := range 60 {
		OK(t, q.AddBook(ctx, std.AddBookParams{
			ID: int64(i*7%60 + 1), AuthorID: uuid.UUID{15: byte(i % 3)}, Title: []string{"Emma", "emma", "Iliad", "Émile", ""}[i%5],
			Price: fmt.Sprintf("%d.10", i%20), Mood: []std.Mood{std.MoodSad, std.MoodOk, std.MoodHappy}[i%3],
			CreatedAt: micro(i / 4), Born: micro(i / 9), Day: Time(fmt.Sprintf("2024-01-%02d", 1+i/7)),
		}))
	}
	latest := Walk(t, std.ParseLatestCursor, func(after, before *std.LatestCursor, size int) ([]std.LatestRow, *std.LatestCursor, *std.LatestCursor, bool, error) {
		p, err := q.Latest(ctx, std.LatestParams{Least: "5", After: after, Before: before, PageSize: size})
		return p.Items, p.First, p.Last, p.More, err
	})
	Same(t, len(latest), 45)
	titles := Walk(t, std.ParseTitlesCursor, func(after, before *std.TitlesCursor, size int) ([]std.Book, *std.TitlesCursor, *std.TitlesCursor, bool, error) {
		p, err := q.Titles(ctx, std.TitlesParams{After: after, Before: before, PageSize: size})
		return p.Items, p.First, p.Last, p.More, err
	})
	Same(t, len(titles), 60)
	ids := Walk(t, std.ParseEverythingCursor, func(after, before *std.EverythingCursor, size int) ([]int64, *std.EverythingCursor, *std.EverythingCursor, bool, error) {
		p, err := q.Everything(ctx, std.EverythingParams{After: after, Before: before, PageSize: size})
		return p.Items, p.First, p.Last, p.More, err
	})
	for i, id := range ids {
		Same(t, id, int64(i+1))
	}
	homer := "Homer"
	for author, want := range map[*string]int{nil: 60, &homer: 20} {
		wanted := Walk(t, std.ParseWantedCursor, func(after, before *std.WantedCursor, size int) ([]std.WantedRow, *std.WantedCursor, *std.WantedCursor, bool, error) {
			p, err := q.Wanted(ctx, std.WantedParams{Author: author, After: after, Before: before, PageSize: size})
			return p.Items, p.First, p.Last, p.More, err
		})
		Same(t, len(wanted), want)
	}
	dear := Walk(t, std.ParseDearCursor, func(after, before *std.DearCursor, size int) ([]std.DearRow, *std.DearCursor, *std.DearCursor, bool, error) {
		p, err := q.Dear(ctx, std.DearParams{Author: "Homer", After: after, Before: before, PageSize: size})
		return p.Items, p.First, p.Last, p.More, err
	})
	Same(t, len(dear), 52)
	prolific := Walk(t, std.ParseProlificCursor, func(after, before *std.ProlificCursor, size int) ([]std.ProlificRow, *std.ProlificCursor, *std.ProlificCursor, bool, error) {
		p, err := q.Prolific(ctx, std.ProlificParams{After: after, Before: before, PageSize: size})
		return p.Items, p.First, p.Last, p.More, err
	})
	Same(t, len(prolific), 3)
	named := Walk(t, std.ParseNamedCursor, func(after, before *std.NamedCursor, size int) ([]string, *std.NamedCursor, *std.NamedCursor, bool, error) {
		p, err := q.Named(ctx, std.NamedParams{After: after, Before: before, PageSize: size})
		return p.Items, p.First, p.Last, p.More, err
	})
	Same(t, len(named), 8)
	moods := Walk(t, std.ParseMoodsCursor, func(after, before *std.MoodsCursor, size int) ([]std.MoodsRow, *std.MoodsCursor, *std.MoodsCursor, bool, error) {
		p, err := q.Moods(ctx, std.MoodsParams{After: after, Before: before, PageSize: size})
		return p.Items, p.First, p.Last, p.More, err
	})
	Same(t, len(moods), 60)
}
