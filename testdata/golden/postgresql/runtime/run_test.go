package runtime

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/runtime/cache"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/postgres"
	"github.com/covetsql/covetsql/runtime/tx"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/runtime/db"
)

func open(t *testing.T, o postgres.Options) (*db.Queries, *postgres.DB) {
	ctx := context.Background()
	d, err := postgres.Open(ctx, PostgresURI(t), o)
	OK(t, err)
	t.Cleanup(func() { OK(t, d.Close(ctx)) })
	return db.New(d), d
}

func TestRun(t *testing.T) {
	ctx := context.Background()
	q, _ := open(t, postgres.Options{})
	n, err := q.CopyBooks(ctx, []db.CopyBooksParams{{Title: "Emma", Author: Text("Austen"), Price: 12}, {Title: "Beowulf", Price: 9}})
	OK(t, err)
	Same(t, n, 2)
	emma := db.Book{ID: 1, Title: "Emma", Author: Text("Austen"), Price: 12}
	beowulf := db.Book{ID: 2, Title: "Beowulf", Price: 9}
	Want(t, []db.Book{emma, beowulf})(q.Books(ctx))
	if _, err := q.Book(ctx, 99); !errors.Is(err, pgx.ErrNoRows) {
		t.Error(err)
	}
	Want(t, &emma)(q.FindBook(ctx, 1))
	Want[*db.Book](t, nil)(q.FindBook(ctx, 99))
	Want(t, []pgtype.Text{Text("Austen"), {}})(q.Authors(ctx))
	for range 20 { // the rows of a loop that is left are closed
		for book, err := range q.EachBook(ctx, 0) {
			OK(t, err)
			Same(t, book, emma)
			break
		}
	}
	tag, err := q.Remove(ctx, "Austen")
	OK(t, err)
	Same(t, tag.String(), "DELETE 1")
}

func TestTransactions(t *testing.T) {
	ctx := context.Background()
	q, _ := open(t, postgres.Options{})
	no := errors.New("no")
	after := 0
	OK(t, q.InTx(ctx, tx.Options{Isolation: tx.Serializable}, func(q *db.Queries) error {
		if _, err := q.AddBook(ctx, db.AddBookParams{Title: "Emma", Price: 12}); err != nil {
			return err
		}
		q.Tx().AfterCommit(func() { after++ })
		if err := q.InTx(ctx, tx.Options{}, func(q *db.Queries) error {
			OK(t, q.SetTitle(ctx, db.SetTitleParams{ID: 1, Title: "lost"}))
			return no
		}); !errors.Is(err, no) {
			t.Error(err)
		}
		for book, err := range q.EachBook(ctx, 0) { // what is written is seen
			OK(t, err)
			Same(t, book.Title, "Emma")
		}
		return nil
	}))
	Same(t, after, 1)
	if err := q.InTx(ctx, tx.Options{}, func(q *db.Queries) error {
		OK(t, q.SetTitle(ctx, db.SetTitleParams{ID: 1, Title: "lost"}))
		return no
	}); !errors.Is(err, no) {
		t.Error(err)
	}
	Want(t, db.Book{ID: 1, Title: "Emma", Price: 12})(q.Book(ctx, 1))
	drivers := PGX(t)
	if err := db.New(drivers).InTx(ctx, tx.Options{}, nil); !errors.Is(err, tx.ErrNone) {
		t.Error(err)
	}
	if q.Tx() != nil {
		t.Error("outside of a transaction there is one")
	}
}

func TestRowsAreKeptUntilTheirTableIsWritten(t *testing.T) {
	ctx := context.Background()
	c, err := cache.New(cache.Options{})
	OK(t, err)
	m := metrics.New(metrics.Options{})
	q, d := open(t, postgres.Options{Cache: c, Monitor: m})
	_, err = q.AddBook(ctx, db.AddBookParams{Title: "Emma", Price: 12})
	OK(t, err)
	for range 3 {
		Want(t, []string{"Emma"})(q.Cheap(ctx, 20))
		Want[[]string](t, nil)(q.Cheap(ctx, 1))
	}
	calls := func() (n uint64) {
		for _, s := range m.Snapshot().Queries {
			if s.Name == "Cheap" {
				n = s.Calls
			}
		}
		return n
	}
	Same(t, calls(), 2)
	OK(t, q.SetTitle(ctx, db.SetTitleParams{ID: 1, Title: "Persuasion"}))
	Want(t, []string{"Persuasion"})(q.Cheap(ctx, 20))
	OK(t, q.InTx(ctx, tx.Options{}, func(in *db.Queries) error {
		OK(t, in.SetTitle(ctx, db.SetTitleParams{ID: 1, Title: "Lady Susan"}))
		Want(t, []string{"Lady Susan"})(in.Cheap(ctx, 20)) // a transaction sees what it wrote
		Want(t, []string{"Persuasion"})(q.Cheap(ctx, 20))  // and nobody else does
		return nil
	}))
	Want(t, []string{"Lady Susan"})(q.Cheap(ctx, 20))
	// A statement that nobody knows may have written anything.
	_, err = d.Exec(ctx, "UPDATE books SET title = 'Sanditon'")
	OK(t, err)
	Want(t, []string{"Sanditon"})(q.Cheap(ctx, 20))
	// It is not there for queries that do not ask for it.
	Want(t, []db.TitlesRow{{Title: "Sanditon", Price: 12}})(q.Titles(ctx, 20))
}

func TestAClassOfQueriesHasItsLimit(t *testing.T) {
	ctx := context.Background()
	q, _ := open(t, postgres.Options{Max: 4, Wait: 50 * time.Millisecond, Classes: map[string]int{"reports": 1}})
	_, err := q.AddBook(ctx, db.AddBookParams{Title: "Emma", Price: 12})
	OK(t, err)
	Want(t, []db.ReportRow{{Books: 1}})(q.Report(ctx))
	release := make(chan bool)
	held := make(chan bool)
	go func() {
		_ = q.InTx(ctx, tx.Options{}, func(*db.Queries) error {
			close(held)
			<-release
			return nil
		})
	}()
	<-held // a transaction is of no class
	Want(t, []db.ReportRow{{Books: 1}})(q.Report(ctx))
	close(release)
}

func TestWhatIsKnownOfQueries(t *testing.T) {
	known := map[string]*plan.Query{}
	for _, q := range plan.All() {
		known[q.Name] = q
	}
	if q := known["SetTitle"]; q == nil || q.Kind != plan.Write || !q.Idempotent || len(q.Touches) != 1 {
		t.Errorf("%+v", q)
	}
	if q := known["AddBook"]; q == nil || q.Idempotent {
		t.Errorf("%+v", q)
	}
	if q := known["Cheap"]; q == nil || q.Kind != plan.Read || q.Cache.Fresh != time.Minute || q.MaxRows != plan.Unbounded {
		t.Errorf("%+v", q)
	}
	if q := known["Book"]; q == nil || q.MaxRows != 1 {
		t.Errorf("%+v", q)
	}
	if q := known["Report"]; q == nil || q.Class != "reports" {
		t.Errorf("%+v", q)
	}
}
