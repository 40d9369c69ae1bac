package scanning

import (
	"context"
	"database/sql"
	"math"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"

	. "github.com/covetsql/covetsql/internal/golden"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/scanning/db"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/scanning/pointers"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/scanning/std"
	"github.com/covetsql/covetsql/testdata/golden/postgresql/scanning/tags"
)

var (
	emma = db.Book{ID: 1, AuthorID: Int4(1), Title: "Emma", Price: Int4(12), Tags: tags.Tags{"novel": true, "love": true},
		Facts: map[string]string{"pages": "474"}, Raw: []byte("abc")}
	iliad = db.Book{ID: 2, AuthorID: Int4(2), Title: "Iliad", Tags: tags.Tags{"war": true},
		Facts: map[string]string{"songs": "24"}}
	beowulf = db.Book{ID: 3, Title: "Beowulf", Price: Int4(8), Tags: tags.Tags{}, Facts: map[string]string{}, Raw: []byte{}}
	edda    = db.Book{ID: 4, AuthorID: Int4(3), Title: "Edda", Tags: tags.Tags{"myth": true},
		Facts: map[string]string{"parts": "2"}, Raw: []byte("xyzxyz")}
)

func TestNoRowHasWhatIsAnothers(t *testing.T) {
	ctx := context.Background()
	q := db.New(PGX(t))

	Want(t, []db.Book{emma, iliad, beowulf, edda})(q.Books(ctx))
	var each []db.Book
	for b, err := range q.EachBook(ctx) {
		OK(t, err)
		each = append(each, b)
	}
	Same(t, each, []db.Book{emma, iliad, beowulf, edda})
	Want(t, []tags.Tags{emma.Tags, iliad.Tags, {}, edda.Tags})(q.Tags(ctx))
	Want(t, []pgtype.Int4{Int4(12), {}, Int4(8), {}})(q.Prices(ctx))
	Want(t, [][]byte{[]byte("abc"), nil, {}, []byte("xyzxyz")})(q.Raws(ctx))
	Want(t, []db.NamesRow{{Names: []string{"Jane"}, Name: "Austen"}, {Names: []string{}, Name: "Homer"}, {Names: []string{"A", "N"}, Name: "Anon"}})(q.Names(ctx))
	austen := db.Author{ID: 1, Name: "Austen", Names: []string{"Jane"}}
	anon := db.Author{ID: 3, Name: "Anon", Names: []string{"A", "N"}}
	Want(t, []db.WritersRow{
		{ID: 1, Author: &austen}, {ID: 2, Author: &db.Author{ID: 2, Name: "Homer", Names: []string{}}}, {ID: 3, Author: nil}, {ID: 4, Author: &anon},
	})(q.Writers(ctx))
	Want(t, []db.NoAuthorRow{{Author: &anon}})(q.NoAuthor(ctx, 4))

	Want(t, []db.CheapestRow{{ID: 3, Title: "Beowulf"}, {ID: 1, Title: "Emma"}})(q.Cheapest(ctx, 20))
	Want[[]db.CheapestRow](t, nil)(q.Cheapest(ctx, 1))
	Want(t, []string{"Emma", "Iliad"})(q.Max(ctx, 2))
	Want(t, []string{"Emma", "Iliad", "Beowulf", "Edda"})(q.Max(ctx, math.MaxInt32))
	Want[[]string](t, nil)(q.Max(ctx, 0))
	Want(t, []pgtype.Int4{{}, Int4(8)})(q.Min(ctx, db.MinParams{Min: 2, Make: 2}))
	Want(t, []pgtype.Int4{Int4(2)})(q.New(ctx, 2))
	Want(t, []string{"Edda"})(q.Append(ctx, 3))
	Want(t, []string{"Emma"})(q.Into(ctx, 1))
	Want(t, []string{"Iliad"})(q.I(ctx, 2))
	for row, err := range q.Row(ctx, 3) {
		OK(t, err)
		Same(t, row, db.RowRow{ID: 3, Title: "Beowulf"})
	}
}

func TestEachPointerIsToARowOfItsOwn(t *testing.T) {
	ctx := context.Background()
	q := pointers.New(PGX(t))

	Want(t, []*pointers.CheapestRow{{ID: 3, Title: "Beowulf"}, {ID: 1, Title: "Emma"}})(q.Cheapest(ctx, 20))
	Want(t, []*pointers.CheapestRow{})(q.Cheapest(ctx, 1))
	Want(t, []*int32{Ptr[int32](12), nil, Ptr[int32](8), nil})(q.Prices(ctx))
	var titles []*pointers.Book
	for b, err := range q.EachBook(ctx) {
		OK(t, err)
		titles = append(titles, b)
	}
	Same(t, titles[0].Title+titles[1].Title+titles[3].Title, "EmmaIliadEdda")
}

// prepared opens a database with room for so many connections, and prepares all queries.
func prepared(t *testing.T, connections int) (*sql.DB, *std.Queries) {
	t.Helper()
	conn, err := sql.Open("pgx", PostgresURI(t))
	OK(t, err)
	t.Cleanup(func() { conn.Close() })
	conn.SetMaxOpenConns(connections)
	q, err := std.Prepare(context.Background(), conn)
	OK(t, err)
	t.Cleanup(func() { OK(t, q.Close()) })
	return conn, q
}

func TestNoRowHasWhatIsAnothersByDatabaseSQL(t *testing.T) {
	ctx := context.Background()
	_, q := prepared(t, 1)

	books, err := q.Books(ctx)
	OK(t, err)
	var all []tags.Tags
	var raws [][]byte
	for _, b := range books {
		all, raws = append(all, b.Tags), append(raws, b.Raw)
	}
	Same(t, all, []tags.Tags{emma.Tags, iliad.Tags, {}, edda.Tags})
	Same(t, raws, [][]byte{[]byte("abc"), nil, {}, []byte("xyzxyz")})
	Want(t, all)(q.Tags(ctx))
	Want(t, raws)(q.Raws(ctx))
	Want(t, []std.NamesRow{{Names: []string{"Jane"}, Name: "Austen"}, {Names: []string{}, Name: "Homer"}, {Names: []string{"A", "N"}, Name: "Anon"}})(q.Names(ctx))
	Want(t, []sql.NullInt32{Int32(12), {}, Int32(8), {}})(q.Prices(ctx))
	writers, err := q.Writers(ctx)
	OK(t, err)
	Same(t, writers[1].Author.Names, []string{})
	Same(t, writers[2].Author, nil)
	Same(t, writers[3].Author.Names, []string{"A", "N"})
}

// panics tells that a call does.
func panics(t *testing.T, call func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	call()
}

// A pool of one connection has none left where a panic keeps it.
func TestAPanicOfAScannerGivesTheConnectionBack(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	config, err := pgxpool.ParseConfig(PostgresURI(t))
	OK(t, err)
	config.MaxConns = 1
	pool, err := pgxpool.NewWithConfig(ctx, config)
	OK(t, err)
	defer pool.Close()
	q := db.New(pool)
	OK(t, q.Spoil(ctx, 2))
	for range 3 {
		panics(t, func() { q.Books(ctx) })
		panics(t, func() {
			for range q.EachBook(ctx) {
			}
		})
	}
	Want(t, []string{"Emma"})(q.Into(ctx, 1))
}

// database/sql's Rows can not be closed any more when Scan has panicked: who tries waits forever.
func TestAPanicOfAScannerIsSeenByDatabaseSQL(t *testing.T) {
	ctx := context.Background()
	conn, err := sql.Open("pgx", PostgresURI(t))
	OK(t, err)
	s := std.New(conn) // left open: its connection is lost
	OK(t, s.Spoil(ctx, 2))
	panics(t, func() { s.Books(ctx) })
	Want(t, []string{"Emma"})(s.Into(ctx, 1))
}

// killOthers ends the connections of a database but its own.
func killOthers(t *testing.T, conn *sql.Conn) {
	t.Helper()
	const text = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
	var killed int
	OK(t, conn.QueryRowContext(context.Background(), "SELECT count(pg_terminate_backend(pid)) "+text).Scan(&killed))
	if killed == 0 {
		t.Fatal("there was nothing to kill")
	}
	for left := 1; left > 0; time.Sleep(time.Millisecond) {
		OK(t, conn.QueryRowContext(context.Background(), "SELECT count(*) "+text).Scan(&left))
	}
}

// A connection that dies takes its prepared statements with it; the next one prepares them anew.
func TestPreparedStatementsSurviveTheirConnections(t *testing.T) {
	ctx := context.Background()
	uri := PostgresURI(t)
	killer, err := sql.Open("pgx", uri)
	OK(t, err)
	defer killer.Close()
	kill, err := killer.Conn(ctx)
	OK(t, err)
	defer kill.Close()

	conn, err := sql.Open("pgx", uri)
	OK(t, err)
	defer conn.Close()
	s, err := std.Prepare(ctx, conn)
	OK(t, err)
	defer s.Close()
	pool, err := pgxpool.New(ctx, uri)
	OK(t, err)
	defer pool.Close()
	q := db.New(pool)

	for range 3 {
		Want(t, []string{"Emma"})(s.Into(ctx, 1))
		Want(t, []string{"Emma"})(q.Into(ctx, 1))
		killOthers(t, kill)
		goesOn(t, "database/sql", s.Into)
		goesOn(t, "pgxpool", q.Into)
	}
}

// goesOn calls a query whose connection is dead: one call may say so, the next one has a new connection.
func goesOn(t *testing.T, name string, into func(context.Context, int32) ([]string, error)) {
	t.Helper()
	got, err := into(context.Background(), 1)
	if err != nil {
		t.Logf("%s: %v", name, err)
		got, err = into(context.Background(), 1)
	}
	Want(t, []string{"Emma"})(got, err)
}
