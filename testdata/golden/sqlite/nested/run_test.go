package nested

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"testing"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/sqlite/nested/db"
)

func TestRun(t *testing.T) {
	ctx := context.Background()
	q := db.New(SQLite(t))
	Want(t, []db.AuthorsRow(nil))(q.Authors(ctx))
	Want[*db.CheapestRow](t, nil)(q.Cheapest(ctx, db.CheapestParams{ID: 1, Limit: 1}))

	OK(t, q.AddPublisher(ctx, db.AddPublisherParams{ID: 1, Name: "Egerton"}))
	OK(t, q.AddAuthor(ctx, db.AddAuthorParams{ID: 1, Name: "Austen", Born: Int64(1775)}))
	OK(t, q.AddAuthor(ctx, db.AddAuthorParams{ID: 2, Name: "Homer"}))
	OK(t, q.AddAuthor(ctx, db.AddAuthorParams{ID: 3, Name: "Sappho"}))
	OK(t, q.AddAuthor(ctx, db.AddAuthorParams{ID: 4, Name: "Homer"})) // a namesake
	add := func(id, author int64, publisher int64, title string, price int64) db.Book {
		b := db.Book{ID: id, AuthorID: Int64(author), Title: title}
		if publisher > 0 {
			b.PublisherID = Int64(publisher)
		}
		if price > 0 {
			b.Price = Int64(price)
		}
		OK(t, q.AddBook(ctx, db.AddBookParams(b)))
		return b
	}
	sense := add(1, 1, 1, "Sense", 9)
	iliad := add(2, 2, 0, "Iliad", 7)
	emma := add(3, 1, 0, "Emma", 0)
	odyssey := add(4, 2, 1, "Odyssey", 5)
	again := add(5, 4, 0, "Margites", 7)
	OK(t, q.AddBook(ctx, db.AddBookParams{ID: 6, Title: "Beowulf"})) // nobody's
	for reader, stars := range map[string]int64{"ann": 5, "bob": 3} {
		OK(t, q.AddReview(ctx, db.AddReviewParams{BookID: 1, Reader: reader, Stars: stars}))
	}
	OK(t, q.AddReview(ctx, db.AddReviewParams{BookID: 4, Reader: "ann", Stars: 4}))
	laurel := db.Prize{AuthorID: 2, Year: 1900, Name: "Laurel"}
	wreath := db.Prize{AuthorID: 2, Year: 1901, Name: "Laurel"}
	lyre := db.Prize{AuthorID: 3, Year: 1900, Name: "Lyre"}
	for _, p := range []db.Prize{laurel, wreath, lyre} {
		OK(t, q.AddPrize(ctx, db.AddPrizeParams(p)))
	}

	Want(t, []db.AuthorsRow{
		{ID: 1, Name: "Austen", Books: []db.Book{emma, sense}},
		{ID: 2, Name: "Homer", Books: []db.Book{iliad, odyssey}},
		{ID: 4, Name: "Homer", Books: []db.Book{again}},
		{ID: 3, Name: "Sappho"},
	})(q.Authors(ctx))
	inAnyOrder, err := q.AuthorsInAnyOrder(ctx)
	OK(t, err)
	books := map[int64][]db.Book{}
	for _, a := range inAnyOrder {
		books[a.ID] = a.Books
	}
	Same(t, len(inAnyOrder), 4)
	Same(t, books, map[int64][]db.Book{1: {emma, sense}, 2: {iliad, odyssey}, 3: nil, 4: {again}})

	var each []db.EachAuthorRow
	for a, err := range q.EachAuthor(ctx) {
		OK(t, err)
		each = append(each, a)
	}
	Same(t, each, []db.EachAuthorRow{
		{ID: 1, Name: "Austen", Books: []db.Book{sense, emma}},
		{ID: 2, Name: "Homer", Books: []db.Book{iliad, odyssey}},
		{ID: 4, Name: "Homer", Books: []db.Book{again}},
	})
	for a, err := range q.EachAuthor(ctx) {
		OK(t, err)
		Same(t, a, each[0])
		break // the connection is free again
	}

	Want(t, db.AuthorRow{Author: db.Author{ID: 1, Name: "Austen", Born: Int64(1775)}, Books: []db.Book{sense, emma}})(q.Author(ctx, 1))
	Want(t, db.AuthorRow{Author: db.Author{ID: 3, Name: "Sappho"}})(q.Author(ctx, 3))
	if _, err := q.Author(ctx, 99); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("an author who is not there: %v", err)
	}

	egerton := &db.Publisher{ID: 1, Name: "Egerton"}
	catalog, err := q.Catalog(ctx)
	OK(t, err)
	slices.SortFunc(catalog, func(a, b db.CatalogRow) int { return int(a.ID - b.ID) })
	Same(t, catalog, []db.CatalogRow{
		{ID: 1, Name: "Austen", Books: []db.CatalogBooksRow{
			{Book: emma},
			{Book: sense, Publisher: egerton, Reviews: []db.Review{{BookID: 1, Reader: "ann", Stars: 5}, {BookID: 1, Reader: "bob", Stars: 3}}},
		}},
		{ID: 2, Name: "Homer", Prizes: []db.Prize{laurel, wreath}, Books: []db.CatalogBooksRow{
			{Book: iliad},
			{Book: odyssey, Publisher: egerton, Reviews: []db.Review{{BookID: 4, Reader: "ann", Stars: 4}}},
		}},
		{ID: 3, Name: "Sappho", Prizes: []db.Prize{lyre}},
		{ID: 4, Name: "Homer", Books: []db.CatalogBooksRow{{Book: again}}},
	})

	shelf, err := q.Shelf(ctx)
	OK(t, err)
	Same(t, shelf[0], db.ShelfRow{ID: 1, Name: "Austen", Books: []db.ShelfBooksRow{
		{ID: 1, Title: String("SENSE"), Price: Int64(9), Publisher: &db.ShelfBooksPublisherRow{ID: 1, Name: "Egerton"}},
		{ID: 3, Title: String("EMMA")},
	}})
	Same(t, shelf[2], db.ShelfRow{ID: 3, Name: "Sappho"})

	Want(t, []db.PageRow{
		{ID: 1, Name: "Austen", Born: Int64(1775), Books: []db.Book{sense, emma}},
		{ID: 2, Name: "Homer", Books: []db.Book{iliad, odyssey}},
	})(q.Page(ctx, 2))
	Want(t, &db.CheapestRow{ID: 2, Books: []db.CheapestBooksRow{{Book: odyssey, Publisher: *egerton}}})(
		q.Cheapest(ctx, db.CheapestParams{ID: 2, Limit: 1}))
	Want(t, []db.SearchedRow{
		{ID: 2, Name: "Homer", Books: []db.Book{odyssey, iliad}},
		{ID: 4, Name: "Homer", Books: []db.Book{again}},
	})(q.Searched(ctx, db.SearchedParams{Name: Ptr("Homer"), By: db.SearchedByTitleDesc}))
	Want(t, []db.SearchedRow{{ID: 2, Name: "Homer", Books: []db.Book{odyssey}}})(q.Searched(ctx, db.SearchedParams{Most: Ptr(int64(5))}))
	Want(t, []db.AuthorBooks{{ID: 1, Name: "Austen", Books: []db.Book{sense, emma}}})(q.Born(ctx, 1700))
	Want(t, []db.AuthorBooks{{ID: 2, Name: "Homer", Books: []db.Book{iliad, odyssey}}, {ID: 4, Name: "Homer", Books: []db.Book{again}}})(q.Unborn(ctx))
	Want(t, []db.RatedRow{
		{ID: 1, Name: "Austen", Books: []db.RatedBooksRow{{ID: 1, Title: "Sense", Reviews: 2}, {ID: 3, Title: "Emma"}}},
		{ID: 2, Name: "Homer", Books: []db.RatedBooksRow{{ID: 2, Title: "Iliad"}, {ID: 4, Title: "Odyssey", Reviews: 1}}},
		{ID: 4, Name: "Homer", Books: []db.RatedBooksRow{{ID: 5, Title: "Margites"}}},
	})(q.Rated(ctx))
}

// Drivers give an empty blob as nil, as they do NULL.
func TestARowWithAnEmptyBlobIsThere(t *testing.T) {
	ctx := context.Background()
	q := db.New(SQLite(t))
	for id, name := range []string{"Austen", "Homer"} {
		OK(t, q.AddAuthor(ctx, db.AddAuthorParams{ID: int64(id + 1), Name: name}))
	}
	for _, hash := range []string{"", "a"} {
		OK(t, q.AddBlob(ctx, db.AddBlobParams{Hash: []byte(hash), AuthorID: 1}))
	}
	rows, err := q.Blobs(ctx)
	OK(t, err)
	Same(t, len(rows), 2)
	for i, want := range []int{2, 0} {
		Same(t, []int{len(rows[i].Blobs), len(rows[i].Others), len(rows[i].Hashes)}, []int{want, want, want})
	}
	of, err := q.BlobOf(ctx)
	OK(t, err)
	Same(t, len(of), 3)
	Same(t, []bool{of[0].Blob != nil, of[1].Blob != nil, of[2].Blob != nil}, []bool{true, true, false})
}
