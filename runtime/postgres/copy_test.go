package postgres

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/covetsql/covetsql/runtime/fault"
)

var bookColumns = []string{"id", "title", "author", "pages", "price", "note", "lent", "added"}

func makeBooks(first, n int) []book {
	list := make([]book, n)
	for i := range list {
		id := first + i
		list[i] = book{ID: int64(id), Title: fmt.Sprintf("copied title %d", id), Author: "somebody", Pages: int32(id % 700), Price: float64(id) / 3, Lent: id%2 == 0,
			Note: pgtype.Text{String: "a note", Valid: id%3 == 0}, Added: time.Date(2024, 2, 29, 1, 2, 3, id*1000, time.UTC)}
	}
	return list
}

func (b *book) copy(c *Copy) {
	c.ArgInt64(b.ID)
	c.ArgString(b.Title)
	c.ArgString(b.Author)
	c.ArgInt32(b.Pages)
	c.ArgFloat64(b.Price)
	c.ArgPgText(b.Note)
	c.ArgBool(b.Lent)
	c.ArgTime(b.Added)
	c.EndRow()
}

func copyIn(ctx context.Context, h Direct, list []book) (int64, error) {
	c := h.Copy(ctx, copyBooks, pgx.Identifier{"book"}, bookColumns)
	for i := range list {
		list[i].copy(c)
	}
	return c.End()
}

func TestCopiedRowsAreThere(t *testing.T) {
	dsn := database(t)
	db := begin(t, dsn, Options{Max: 1})
	ctx := t.Context()
	next := 2000
	count := func(h handle, first int) (n int) {
		t.Helper()
		if err := h.QueryRow(ctx, "SELECT count(*) FROM book WHERE id >= $1", first).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, size := range []int{0, 1, 7, 1000, 50_000} {
		list := makeBooks(next, size)
		if n, err := copyIn(ctx, db, list); n != int64(size) || err != nil {
			t.Fatal(n, err)
		}
		if n := count(db, next); n != size {
			t.Errorf("%d rows of %d are there", n, size)
		}
		for _, want := range list[:min(3, size)] {
			var got book
			if err := db.QueryRow(ctx, oneBook.SQL, want.ID).Scan(got.into()...); err != nil {
				t.Fatal(err)
			}
			got.Added, want.Note.String = got.Added.UTC(), got.Note.String
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v\nwant %+v", got, want)
			}
		}
		next += size
	}
	// In a transaction that is taken back, as its first statement and later.
	for range 2 {
		_ = db.InTx(ctx, noOptions, func(q *Tx) error {
			for range 2 {
				if n, err := copyIn(ctx, q, makeBooks(next, 3000)); n != 3000 || err != nil {
					t.Error(n, err)
				}
				if n := count(q, next); n != 3000 {
					t.Errorf("%d rows of 3000 are there", n)
				}
				next += 3000
			}
			return context.Canceled
		})
	}
	if n := count(db, next-12000); n != 0 {
		t.Errorf("%d rows were not taken back", n)
	}
}

// A copy in which something is wrong copies nothing, is told of as pgx tells of it, and leaves the connection fit for use.
func TestAWrongCopyCopiesNothing(t *testing.T) {
	dsn := database(t)
	db := begin(t, dsn, Options{Max: 1})
	ctx := t.Context()
	rows := func(list []book, change func(i int, row []any)) pgx.CopyFromSource {
		return pgx.CopyFromSlice(len(list), func(i int) ([]any, error) {
			b := list[i]
			row := []any{b.ID, b.Title, b.Author, b.Pages, b.Price, b.Note, b.Lent, b.Added}
			change(i, row)
			return row, nil
		})
	}
	for _, size := range []int{10, 20_000} {
		for _, at := range []int{0, 5, size - 1} {
			list := makeBooks(2000, size)
			// A key that is there.
			twice := append([]book(nil), list...)
			twice[at].ID = 1
			n, err := copyIn(ctx, db, twice)
			_, want := db.CopyFrom(ctx, pgx.Identifier{"book"}, bookColumns, rows(twice, func(int, []any) {}))
			if n != 0 || fmt.Sprint(err) != fmt.Sprint(want) {
				t.Errorf("%d rows, %v, pgx's %v", n, err, want)
			}
			// A value that does not fit.
			c := db.Copy(ctx, copyBooks, pgx.Identifier{"book"}, bookColumns)
			for i := range list {
				if i == at {
					c.ArgInt64(1)
					c.Arg(math.Pi)
					c.Arg([]int{1})
				}
				list[i].copy(c)
			}
			n, err = c.End()
			_, want = db.CopyFrom(ctx, pgx.Identifier{"book"}, bookColumns, rows(list, func(i int, row []any) {
				if i == at {
					row[1] = math.Pi
					row[2] = []int{1}
				}
			}))
			if n != 0 || fmt.Sprint(err) != fmt.Sprint(want) {
				t.Errorf("%d rows, %v, pgx's %v", n, err, want)
			}
		}
	}
	c := db.Copy(ctx, copyBooks, pgx.Identifier{"nowhere"}, bookColumns)
	c.ArgInt64(1)
	c.EndRow()
	_, err := c.End()
	if _, want := db.CopyFrom(ctx, pgx.Identifier{"nowhere"}, bookColumns, rows(nil, nil)); fmt.Sprint(err) != fmt.Sprint(want) {
		t.Errorf("%v, pgx's %v", err, want)
	}
	if n, err := holds(ctx, db, 1); n != 100 || err != nil {
		t.Error(n, err)
	}
}

// Values whose types have no binary form in Go are read as text, as pgx does.
func TestCopiedValuesOfAnyType(t *testing.T) {
	dsn := database(t)
	db := begin(t, dsn, Options{Max: 1})
	ctx := t.Context()
	if _, err := db.Exec(ctx, `CREATE TABLE copied (n numeric, d date, u uuid, j jsonb, l int4[], i interval, b bytea, s varchar)`); err != nil {
		t.Fatal(err)
	}
	columns := []string{"n", "d", "u", "j", "l", "i", "b", "s"}
	for i, row := range [][]any{
		{"1.50", "2024-02-29", "00000000-0000-0000-0000-0000000000ff", `{"a": 1}`, "{1,2}", "1 day", []byte{0, 1}, "x"},
		{nil, nil, nil, nil, nil, nil, nil, nil},
		{int64(4), time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC), pgtype.UUID{Valid: true}, map[string]any{"a": nil}, []int32{3}, time.Hour, []byte{}, pgtype.Text{String: "y", Valid: true}},
	} {
		if _, err := db.CopyFrom(ctx, pgx.Identifier{"copied"}, columns, pgx.CopyFromRows([][]any{row})); err != nil {
			t.Fatal(i, err)
		}
		c := db.Copy(ctx, copyBooks, pgx.Identifier{"copied"}, columns)
		for _, v := range row {
			if s, ok := v.(string); ok {
				c.ArgString(s)
				continue
			}
			c.Arg(v)
		}
		c.EndRow()
		if n, err := c.End(); n != 1 || err != nil {
			t.Error(i, n, err)
		}
	}
	var kinds int
	if err := db.QueryRow(ctx, "SELECT count(*) FROM (SELECT DISTINCT copied::text FROM copied) x").Scan(&kinds); err != nil || kinds != 3 {
		t.Errorf("%d different rows, %v: want 3, each copied both ways", kinds, err)
	}
}

func TestACanceledCopy(t *testing.T) {
	dsn := database(t)
	db := begin(t, dsn, Options{Max: 1})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c := db.Copy(ctx, copyBooks, pgx.Identifier{"book"}, bookColumns)
	for i, b := range makeBooks(2000, 20_000) {
		if i == 10_000 {
			cancel()
		}
		b.copy(c)
	}
	copied, err := c.End()
	if err == nil && copied != 20_000 || err != nil && (copied != 0 || Fault(err).Outcome != fault.Unknown) {
		t.Error(copied, err)
	}
	var n int
	if err := db.QueryRow(t.Context(), "SELECT count(*) FROM book").Scan(&n); err != nil || n != 1000 && n != 21_000 { // its end may have been on its way
		t.Error(n, err)
	}
}
