// Command bookshop is a day in a small bookshop: a program on SQLite whose SQL is checked and
// typed by covetsql. It keeps its database in memory and needs nothing but itself.
package main

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"io"
	"os"
	"time"

	_ "modernc.org/sqlite"

	"github.com/covetsql/covetsql/examples/bookshop/sqlite/shop"
)

//go:embed sqlite/schema.sql
var schema string

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bookshop:", err)
		os.Exit(1)
	}
}

// run opens a shop and tells its day.
func run(ctx context.Context, out io.Writer) error {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // each connection would have a memory of its own
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return err
	}
	s := &story{q: shop.New(db), db: db, out: out}
	for _, chapter := range []func(context.Context) error{s.open, s.sell, s.lookBack, s.close} {
		if err := chapter(ctx); err != nil {
			return err
		}
	}
	return nil
}

type story struct {
	q   *shop.Queries
	db  *sql.DB
	out io.Writer
	now time.Time
}

func (s *story) say(format string, args ...any) { fmt.Fprintf(s.out, format+"\n", args...) }

// open fills the shelves.
func (s *story) open(ctx context.Context) error {
	s.now = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	s.say("Monday, nine o'clock. The books arrive:")
	austen, err := s.q.AddAuthor(ctx, shop.AddAuthorParams{Name: "Jane Austen", Born: sql.NullInt64{Int64: 1775, Valid: true}})
	if err != nil {
		return err
	}
	melville, err := s.q.AddAuthor(ctx, shop.AddAuthorParams{Name: "Herman Melville", Born: sql.NullInt64{Int64: 1819, Valid: true}})
	if err != nil {
		return err
	}
	if _, err := s.q.AddAuthor(ctx, shop.AddAuthorParams{Name: "Homer"}); err != nil {
		return err
	}
	for _, b := range []struct {
		author sql.NullInt64
		title  string
		price  int64
		year   int64
		copies int64
	}{
		{known(austen.ID), "Emma", 1290, 1815, 5},
		{known(austen.ID), "Persuasion", 1150, 1817, 2},
		{known(melville.ID), "Moby-Dick", 1890, 1851, 3},
		{sql.NullInt64{}, "Beowulf", 990, 1000, 1}, // nobody knows who wrote it
	} {
		//covetsql:ignore missing-transaction a shop that opens can begin anew
		book, err := s.q.AddBook(ctx, shop.AddBookParams{AuthorID: b.author, Title: b.title, Price: b.price, Published: b.year})
		if err != nil {
			return err
		}
		//covetsql:ignore missing-transaction a book may be known before copies of it come
		copies, err := s.q.Deliver(ctx, shop.DeliverParams{BookID: book.ID, Copies: b.copies})
		if err != nil {
			return err
		}
		s.say("  %-10s %7s  %d on the shelf", book.Title, money(book.Price), copies)
	}
	if _, err := s.q.Restock(ctx, []shop.RestockParams{{BookID: 1, Copies: 1}, {BookID: 3, Copies: 2}}); err != nil {
		return err
	}
	s.say("A late box brings more of two; the cheapest are now")
	offers, err := s.q.Offers(ctx)
	if err != nil {
		return err
	}
	for _, o := range offers[:2] {
		s.say("  %-10s %7s  %d on the shelf", o.Title, money(o.Price), o.Copies)
	}
	return nil
}

// sell takes orders; the last one is too large.
func (s *story) sell(ctx context.Context) error {
	s.say("\nCustomers come:")
	for _, order := range []struct{ book, copies int64 }{{1, 2}, {3, 1}, {1, 1}, {2, 5}} {
		s.now = s.now.Add(time.Hour)
		if err := s.order(ctx, order.book, order.copies); err != nil {
			return err
		}
	}
	for _, title := range []string{"Moby-Dick", "Ulysses"} {
		offer, err := s.q.OfferOf(ctx, title)
		switch {
		case err != nil:
			return err
		case offer == nil:
			s.say("  %s? We have never had it.", title)
		default:
			s.say("  %s? For %s, and %d are left.", title, money(offer.Price), offer.Copies)
		}
	}
	return nil
}

// order sells copies of a book, or none where there are not enough.
func (s *story) order(ctx context.Context, book, copies int64) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	q := s.q.WithTx(tx)
	titles, err := q.Titles(ctx, []int64{book})
	if err != nil {
		return err
	}
	taken, err := q.Take(ctx, shop.TakeParams{BookID: book, Copies: copies})
	if err != nil {
		return err
	}
	if taken == 0 {
		s.say("  %s  %d × %s: not enough on the shelf", s.now.Format("15:04"), copies, titles[0].Title)
		return nil
	}
	if err := q.RecordSale(ctx, shop.RecordSaleParams{BookID: book, Copies: copies, SoldAt: s.now}); err != nil {
		return err
	}
	s.say("  %s  %d × %s", s.now.Format("15:04"), copies, titles[0].Title)
	return tx.Commit()
}

// lookBack reads what the day has brought.
func (s *story) lookBack(ctx context.Context) error {
	s.say("\nThe till's roll:")
	for sale, err := range s.q.EachSale(ctx) {
		if err != nil {
			return err
		}
		s.say("  %s  %d × %s", sale.SoldAt.Format("15:04"), sale.Copies, sale.Title)
	}
	s.say("\nThe best sellers:")
	best, err := s.q.BestSellers(ctx, 3)
	if err != nil {
		return err
	}
	for _, b := range best {
		s.say("  %d. %s, %d sold", b.Place, b.Title, b.Copies)
	}
	s.say("\nBy author:")
	authors, err := s.q.AuthorSummary(ctx)
	if err != nil {
		return err
	}
	for _, a := range authors {
		born, revenue := "born nobody knows when", "nothing sold"
		if a.Born.Valid {
			born = fmt.Sprintf("born %d", a.Born.Int64)
		}
		if a.Revenue.Valid { // a sum over no rows is NULL, and the type says so
			revenue = money(a.Revenue.Int64)
		}
		s.say("  %-15s %d books, %s (%s)", a.Name, a.Books, revenue, born)
	}
	s.say("\nThe catalogue:")
	catalogue, err := s.q.Catalogue(ctx)
	if err != nil {
		return err
	}
	for _, a := range catalogue {
		s.say("  %s", a.Name)
		for _, b := range a.Books {
			s.say("    %s, %s", b.Title, money(b.Price))
		}
	}
	shelf, err := s.q.Shelf(ctx)
	if err != nil {
		return err
	}
	for _, a := range shelf {
		for _, b := range a.Books {
			for _, sale := range b.Sales {
				s.say("  %s: %s of %s's %s", sale.SoldAt.Format("15:04"), copies(sale.Copies), a.Name, b.Title)
			}
		}
	}
	s.say("\nSomething under 12.00?")
	found, err := s.q.Search(ctx, shop.SearchParams{MaxPrice: sql.NullInt64{Int64: 1200, Valid: true}})
	if err != nil {
		return err
	}
	for _, b := range found {
		author := "anonymous"
		if b.Author.Valid {
			author = b.Author.String
		}
		s.say("  %s by %s for %s, %d left", b.Title, author, money(b.Price), b.Copies.Int64)
	}
	s.say("\nWhat is there of Jane Austen, the dearest first?")
	author := "Jane Austen"
	books, err := s.q.Browse(ctx, shop.BrowseParams{Author: &author, Sort: shop.BrowseSortPriceDesc})
	if err != nil {
		return err
	}
	for _, b := range books {
		s.say("  %s for %s", b.Title, money(b.Price))
	}
	s.say("\nAnd all books, two at a time:")
	for page := (shop.ListingPage{More: true}); page.More; {
		if page, err = s.q.Listing(ctx, shop.ListingParams{After: page.Last, PageSize: 2}); err != nil {
			return err
		}
		for _, b := range page.Items {
			s.say("  %s for %s", b.Title, money(b.Price))
		}
		s.say("  --")
	}
	return nil
}

// close sends back what nobody wanted.
func (s *story) close(ctx context.Context) error {
	s.say("\nIn the evening what nobody bought goes back:")
	gone, err := s.q.DropUnsold(ctx)
	if err != nil {
		return err
	}
	ids := make([]int64, len(gone))
	for i, g := range gone {
		ids[i] = g.BookID
	}
	titles, err := s.q.Titles(ctx, ids)
	if err != nil {
		return err
	}
	for _, t := range titles {
		s.say("  %s", t.Title)
	}
	return nil
}

func known(id int64) sql.NullInt64 { return sql.NullInt64{Int64: id, Valid: true} }

func copies(n int64) string {
	if n == 1 {
		return "a copy"
	}
	return fmt.Sprintf("%d copies", n)
}

// money writes cents.
func money(cents int64) string { return fmt.Sprintf("%d.%02d", cents/100, cents%100) }
