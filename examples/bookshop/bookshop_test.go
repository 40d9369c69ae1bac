package main

import (
	"bytes"
	"context"
	"database/sql"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/codegen"
	"github.com/covetsql/covetsql/compiler/config"
	mysqlshop "github.com/covetsql/covetsql/examples/bookshop/mysql/shop"
	pgshop "github.com/covetsql/covetsql/examples/bookshop/postgresql/shop"
	"github.com/covetsql/covetsql/internal/testkit"
)

var update = flag.Bool("update", false, "write the expected files anew")

func TestTheStoryIsToldAsExpected(t *testing.T) {
	var out bytes.Buffer
	if err := run(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	const path = "testdata/story.txt"
	if *update {
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("told:\n%s\nwant:\n%s", out.String(), want)
	}
}

func TestTheCommittedGoIsWhatTheSQLGives(t *testing.T) {
	c, list := config.Load("covetsql.yaml")
	if len(list) > 0 {
		t.Fatal(list)
	}
	p := compiler.Compile(c, compiler.Options{})
	if len(p.Diagnostics) > 0 {
		t.Fatal(p.Diagnostics)
	}
	files, list := codegen.GenerateAll(p, nil)
	if len(list) > 0 {
		t.Fatal(list)
	}
	if *update {
		if _, list := codegen.Write(".", files); len(list) > 0 {
			t.Fatal(list)
		}
	}
	if stale := codegen.Stale(".", files); len(stale) > 0 {
		t.Errorf("run `make generate`: stale are %q", stale)
	}
}

func text(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.FromSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// the day of the story in short: two authors, three books, one sale, one that is too large.
var monday = time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)

func TestTheShopRunsOnPostgreSQL(t *testing.T) {
	server := testkit.PostgreSQL(t)
	db := server.NewDatabase(t)
	server.Exec(t, db, text(t, "postgresql/schema.sql"))
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, server.URI(db))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	q := pgshop.New(conn)

	austen, err := q.AddAuthor(ctx, pgshop.AddAuthorParams{Name: "Jane Austen", Born: pgtype.Int4{Int32: 1775, Valid: true}})
	check(t, err)
	_, err = q.AddAuthor(ctx, pgshop.AddAuthorParams{Name: "Homer"})
	check(t, err)
	emma, err := q.AddBook(ctx, pgshop.AddBookParams{AuthorID: pgtype.Int8{Int64: austen.ID, Valid: true}, Title: "Emma", Price: 1290, Published: 1815})
	check(t, err)
	beowulf, err := q.AddBook(ctx, pgshop.AddBookParams{Title: "Beowulf", Price: 990, Published: 1000})
	check(t, err)
	for _, want := range []int32{3, 6} {
		copies, err := q.Deliver(ctx, pgshop.DeliverParams{BookID: emma.ID, Copies: 3})
		check(t, err)
		same(t, "copies after a delivery", copies, want)
	}
	_, err = q.Deliver(ctx, pgshop.DeliverParams{BookID: beowulf.ID, Copies: 1})
	check(t, err)
	taken, err := q.Take(ctx, pgshop.TakeParams{BookID: emma.ID, Copies: 2})
	check(t, err)
	same(t, "rows of a sale", taken, 1)
	taken, err = q.Take(ctx, pgshop.TakeParams{BookID: emma.ID, Copies: 9})
	check(t, err)
	same(t, "rows of a sale that is too large", taken, 0)
	check(t, q.RecordSale(ctx, pgshop.RecordSaleParams{BookID: emma.ID, Copies: 2, SoldAt: pgtype.Timestamptz{Time: monday, Valid: true}}))

	found, err := q.Search(ctx, pgshop.SearchParams{})
	check(t, err)
	same(t, "all books", found, []pgshop.SearchRow{
		{Title: "Beowulf", Price: 990, Copies: pgtype.Int4{Int32: 1, Valid: true}},
		{Title: "Emma", Author: pgtype.Text{String: "Jane Austen", Valid: true}, Price: 1290, Copies: pgtype.Int4{Int32: 4, Valid: true}},
	})
	most := pgshop.Cents(1300)
	found, err = q.Search(ctx, pgshop.SearchParams{Word: pgtype.Text{String: "mm", Valid: true}, MaxPrice: &most})
	check(t, err)
	same(t, "books with mm", len(found), 1)

	author, price := "Jane Austen", pgshop.Cents(1000)
	browsed, err := q.Browse(ctx, pgshop.BrowseParams{Sort: pgshop.BrowseSortTitleDesc})
	check(t, err)
	same(t, "books by title", browsed, []pgshop.BrowseRow{{Title: "Emma", Price: 1290}, {Title: "Beowulf", Price: 990}})
	browsed, err = q.Browse(ctx, pgshop.BrowseParams{Author: &author, MaxPrice: &price})
	check(t, err)
	same(t, "books of an author for less", len(browsed), 0)
	page, err := q.Listing(ctx, pgshop.ListingParams{PageSize: 1})
	check(t, err)
	same(t, "first page", page.Items, []pgshop.ListingRow{{ID: beowulf.ID, Title: "Beowulf", Price: 990}})
	page, err = q.Listing(ctx, pgshop.ListingParams{After: page.Last, PageSize: 1})
	check(t, err)
	same(t, "second page", page.Items, []pgshop.ListingRow{{ID: emma.ID, Title: "Emma", Price: 1290}})
	same(t, "more pages", page.More, false)

	catalogue, err := q.Catalogue(ctx)
	check(t, err)
	copies := int32(4)
	same(t, "catalogue", catalogue, []pgshop.CatalogueRow{{Name: "Jane Austen", Books: []pgshop.CatalogueBook{{Title: "Emma", Price: 1290, Copies: &copies}}}})

	authors, err := q.AuthorSummary(ctx)
	check(t, err)
	same(t, "authors", authors, []pgshop.AuthorSummaryRow{
		{Name: "Homer"},
		{Name: "Jane Austen", Born: pgtype.Int4{Int32: 1775, Valid: true}, Books: 1, Revenue: pgtype.Int8{Int64: 2580, Valid: true}},
	})
	shelf, err := q.Shelf(ctx)
	check(t, err)
	same(t, "authors with books", len(shelf), 2)
	same(t, "Homer's books", len(shelf[0].Books), 0)
	same(t, "Austen's book", shelf[1].Books[0].Title, "Emma")
	same(t, "its sales", len(shelf[1].Books[0].Sales), 1)
	best, err := q.BestSellers(ctx, 5)
	check(t, err)
	same(t, "best sellers", best, []pgshop.BestSellersRow{{Title: "Emma", Copies: 2, Place: 1}})
	offer, err := q.OfferOf(ctx, "Emma")
	check(t, err)
	same(t, "an offer", offer, &pgshop.Offer{Title: "Emma", Price: 1290, Copies: 4})
	offer, err = q.OfferOf(ctx, "Ulysses")
	check(t, err)
	same(t, "no offer", offer, nil)
	spot := &pgshop.Spot{Room: pgtype.Text{String: "front", Valid: true}, Shelf: pgtype.Int4{Int32: 3, Valid: true}}
	check(t, q.Shelve(ctx, pgshop.ShelveParams{Spot: spot, BookID: emma.ID}))
	stands, err := q.WhereIs(ctx, "Emma")
	check(t, err)
	same(t, "where Emma stands", **stands, *spot)
	week := pgtype.Range[pgtype.Date]{
		Lower: pgtype.Date{Time: monday, Valid: true}, Upper: pgtype.Date{Time: monday.AddDate(0, 0, 7), Valid: true},
		LowerType: pgtype.Inclusive, UpperType: pgtype.Exclusive, Valid: true,
	}
	check(t, q.Promote(ctx, pgshop.PromoteParams{Days: week, Percent: 10}))
	promotion, err := q.PromotionOn(ctx, pgtype.Date{Time: monday.AddDate(0, 0, 6), Valid: true})
	check(t, err)
	same(t, "the week's percent", promotion.Percent, 10)
	same(t, "its end", promotion.Days.Upper.Time.Weekday(), monday.Weekday())
	same(t, "authors, one unknown", promotion.Authors, []pgtype.Text{{}, {String: "Jane Austen", Valid: true}})
	promotion, err = q.PromotionOn(ctx, pgtype.Date{Time: monday.AddDate(0, 0, 7), Valid: true})
	check(t, err)
	same(t, "no promotion", promotion, nil)
	offers, err := q.Offers(ctx)
	check(t, err)
	same(t, "offers", offers, []pgshop.Offer{{Title: "Beowulf", Price: 990, Copies: 1}, {Title: "Emma", Price: 1290, Copies: 4}})
	for sale, err := range q.EachSale(ctx) {
		check(t, err)
		same(t, "a sale", sale.Title, "Emma")
	}
	titles, err := q.Titles(ctx, []int64{beowulf.ID, emma.ID})
	check(t, err)
	same(t, "titles", titles, []pgshop.TitlesRow{{ID: emma.ID, Title: "Emma"}, {ID: beowulf.ID, Title: "Beowulf"}})
	gone, err := q.DropUnsold(ctx)
	check(t, err)
	same(t, "unsold", gone, []pgshop.DropUnsoldRow{{BookID: beowulf.ID, Copies: 1}})
}

func TestTheShopRunsOnMySQL(t *testing.T)   { mysqlDay(t, testkit.MySQL(t)) }
func TestTheShopRunsOnMariaDB(t *testing.T) { mysqlDay(t, testkit.MariaDB(t)) }

func mysqlDay(t *testing.T, server *testkit.Server) {
	db := server.NewDatabase(t)
	server.Exec(t, db, text(t, "mysql/schema.sql"))
	ctx := context.Background()
	q := mysqlshop.New(server.Open(t, db))

	austen, err := q.AddAuthor(ctx, mysqlshop.AddAuthorParams{Name: "Jane Austen", Born: sql.NullInt32{Int32: 1775, Valid: true}})
	check(t, err)
	_, err = q.AddAuthor(ctx, mysqlshop.AddAuthorParams{Name: "Homer"})
	check(t, err)
	emma, err := q.AddBook(ctx, mysqlshop.AddBookParams{AuthorID: sql.NullInt64{Int64: austen, Valid: true}, Title: "Emma", Price: 1290, Published: 1815})
	check(t, err)
	beowulf, err := q.AddBook(ctx, mysqlshop.AddBookParams{Title: "Beowulf", Price: 990, Published: 1000})
	check(t, err)
	for _, want := range []int32{3, 6} {
		check(t, q.Deliver(ctx, mysqlshop.DeliverParams{BookID: emma, Copies: 3}))
		copies, err := q.Copies(ctx, emma)
		check(t, err)
		same(t, "copies after a delivery", copies, want)
	}
	check(t, q.Deliver(ctx, mysqlshop.DeliverParams{BookID: beowulf, Copies: 1}))
	taken, err := q.Take(ctx, mysqlshop.TakeParams{BookID: emma, Copies: 2})
	check(t, err)
	same(t, "rows of a sale", taken, 1)
	taken, err = q.Take(ctx, mysqlshop.TakeParams{BookID: emma, Copies: 9})
	check(t, err)
	same(t, "rows of a sale that is too large", taken, 0)
	check(t, q.RecordSale(ctx, mysqlshop.RecordSaleParams{BookID: emma, Copies: 2, SoldAt: monday}))

	found, err := q.Search(ctx, mysqlshop.SearchParams{})
	check(t, err)
	same(t, "all books", found, []mysqlshop.SearchRow{
		{Title: "Beowulf", Price: 990, Copies: sql.NullInt32{Int32: 1, Valid: true}},
		{Title: "Emma", Author: sql.NullString{String: "Jane Austen", Valid: true}, Price: 1290, Copies: sql.NullInt32{Int32: 4, Valid: true}},
	})
	author, price := "Jane Austen", int64(1000)
	browsed, err := q.Browse(ctx, mysqlshop.BrowseParams{Sort: mysqlshop.BrowseSortTitleDesc})
	check(t, err)
	same(t, "books by title", browsed, []mysqlshop.BrowseRow{{Title: "Emma", Price: 1290}, {Title: "Beowulf", Price: 990}})
	browsed, err = q.Browse(ctx, mysqlshop.BrowseParams{Author: &author, MaxPrice: &price})
	check(t, err)
	same(t, "books of an author for less", len(browsed), 0)
	page, err := q.Listing(ctx, mysqlshop.ListingParams{PageSize: 1})
	check(t, err)
	same(t, "first page", page.Items, []mysqlshop.ListingRow{{ID: beowulf, Title: "Beowulf", Price: 990}})
	page, err = q.Listing(ctx, mysqlshop.ListingParams{After: page.Last, PageSize: 1})
	check(t, err)
	same(t, "second page", page.Items, []mysqlshop.ListingRow{{ID: emma, Title: "Emma", Price: 1290}})
	same(t, "more pages", page.More, false)

	catalogue, err := q.Catalogue(ctx)
	check(t, err)
	copies := int32(4)
	same(t, "catalogue", catalogue, []mysqlshop.CatalogueRow{{Name: "Jane Austen", Books: []mysqlshop.CatalogueBook{{Title: "Emma", Price: 1290, Copies: &copies}}}})

	authors, err := q.AuthorSummary(ctx)
	check(t, err)
	same(t, "authors", authors, []mysqlshop.AuthorSummaryRow{
		{Name: "Homer"},
		{Name: "Jane Austen", Born: sql.NullInt32{Int32: 1775, Valid: true}, Books: 1, Revenue: sql.NullInt64{Int64: 2580, Valid: true}},
	})
	shelf, err := q.Shelf(ctx)
	check(t, err)
	same(t, "authors with books", len(shelf), 2)
	same(t, "Homer's books", len(shelf[0].Books), 0)
	same(t, "Austen's book", shelf[1].Books[0].Title, "Emma")
	same(t, "its sales", len(shelf[1].Books[0].Sales), 1)
	best, err := q.BestSellers(ctx, 5)
	check(t, err)
	same(t, "best sellers", best, []mysqlshop.BestSellersRow{{Title: "Emma", Copies: 2, Place: 1}})
	offer, err := q.OfferOf(ctx, "Emma")
	check(t, err)
	same(t, "an offer", offer, &mysqlshop.Offer{Title: "Emma", Price: 1290, Copies: 4})
	offer, err = q.OfferOf(ctx, "Ulysses")
	check(t, err)
	same(t, "no offer", offer, nil)
	_, err = q.Restock(ctx, []mysqlshop.RestockParams{{BookID: emma, Copies: 2}, {BookID: beowulf, Copies: 1}})
	check(t, err)
	offers, err := q.Offers(ctx)
	check(t, err)
	same(t, "offers", offers, []mysqlshop.Offer{{Title: "Beowulf", Price: 990, Copies: 2}, {Title: "Emma", Price: 1290, Copies: 6}})
	for sale, err := range q.EachSale(ctx) {
		check(t, err)
		same(t, "a sale", sale.Title, "Emma")
	}
	titles, err := q.Titles(ctx, []int64{beowulf, emma})
	check(t, err)
	same(t, "titles", titles, []mysqlshop.TitlesRow{{ID: emma, Title: "Emma"}, {ID: beowulf, Title: "Beowulf"}})
	gone, err := q.DropUnsold(ctx)
	check(t, err)
	same(t, "unsold", gone, 1)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %+v, want %+v", what, got, want)
	}
}
