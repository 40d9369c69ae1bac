package sqlcommenter_test

import (
	"context"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/runtime/metrics/sqlcommenter"
	"github.com/covetsql/covetsql/runtime/plan"
)

var (
	getBook   = plan.New(plan.Query{Name: "GetBook", Package: "books", SQL: "-- name: GetBook :one\nSELECT * FROM book WHERE id = $1\n"})
	commented = plan.New(plan.Query{Name: "Commented", Package: "books", SQL: "-- name: Commented :one\nSELECT 1 -- one\n"})
	built     = plan.New(plan.Query{Name: "Built", Package: "books"})
)

func TestStatementsAreTagged(t *testing.T) {
	tags := map[string]string{"route": "/books/{id}", "db_driver": "pgx", "it's": "'*/; DROP TABLE book --", "q?": "$1 :a @b %s é"}
	const comment = "/*db_driver='pgx',it%27s='%27%2A%2F%3B%20DROP%20TABLE%20book%20--',q%3F='%241%20%3Aa%20%40b%20%25s%20%C3%A9',route='%2Fbooks%2F%7Bid%7D'*/"
	for _, c := range []struct{ text, want string }{
		{"SELECT 1", "SELECT 1 " + comment},
		{"SELECT 1\n", "SELECT 1 " + comment},
		{"SELECT 1 ; \n", "SELECT 1 " + comment + ";"},
		{"SELECT 1 -- one", "SELECT 1 -- one\n" + comment},
		{"SELECT 1 -- one;", "SELECT 1 -- one;\n" + comment},
		{"SELECT 1 # one", "SELECT 1 # one\n" + comment},
		{"-- name: A :one\nSELECT 1;", "-- name: A :one\nSELECT 1 " + comment + ";"},
		{"", ""},
		{" \n", " \n"},
	} {
		if got := sqlcommenter.Append(c.text, tags); got != c.want {
			t.Errorf("%q: %q, not %q", c.text, got, c.want)
		}
	}
	if got := sqlcommenter.Append("SELECT 1", nil); got != "SELECT 1" {
		t.Error(got)
	}
}

func TestTextsOfQueriesStay(t *testing.T) {
	c := sqlcommenter.New(sqlcommenter.Options{Driver: "pgx", Application: "shop", Tags: map[string]string{"team": "a", "query": "no"}})
	const want = "-- name: GetBook :one\nSELECT * FROM book WHERE id = $1 /*application='shop',db_driver='pgx',package='books',query='GetBook',team='a'*/"
	for range 2 {
		if text, keep := c.SQL(t.Context(), getBook); text != want || !keep {
			t.Error(text, keep)
		}
	}
	if n := testing.AllocsPerRun(100, func() { c.SQL(t.Context(), getBook) }); n != 0 {
		t.Errorf("%g allocations", n)
	}
	later := plan.New(plan.Query{Name: "Later", SQL: "SELECT 2"})
	if text, _ := c.SQL(t.Context(), later); text != "SELECT 2 /*application='shop',db_driver='pgx',query='Later',team='a'*/" {
		t.Error(text)
	}
	if text, _ := c.SQL(t.Context(), commented); text != commented.SQL {
		t.Errorf("a statement with a comment is changed: %s", text)
	}
	if text, _ := sqlcommenter.New(sqlcommenter.Options{Commented: true}).SQL(t.Context(), commented); text != "-- name: Commented :one\nSELECT 1 -- one\n/*package='books',query='Commented'*/" {
		t.Error(text)
	}
	if text := c.Tag(t.Context(), built, "SELECT 3"); !strings.HasPrefix(text, "SELECT 3 /*") || !strings.Contains(text, "query='Built'") {
		t.Error(text)
	}
}

type routeKey struct{}

func TestRoutesAreBoundedAndTracesAreNotKept(t *testing.T) {
	c := sqlcommenter.New(sqlcommenter.Options{Routes: 3,
		Route: func(ctx context.Context) string { s, _ := ctx.Value(routeKey{}).(string); return s },
		Traceparent: func(ctx context.Context) string {
			if ctx.Value(routeKey{}) == "/sampled" {
				return "00-01000000000000000000000000000000-0100000000000000-01"
			}
			return ""
		}})
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			for range 2 {
				text, keep := c.SQL(context.WithValue(t.Context(), routeKey{}, fmt.Sprint(i)), getBook)
				if !keep || strings.Contains(text, "route=") && !strings.Contains(text, fmt.Sprintf("route='%d'", i)) {
					t.Error(text, keep)
				}
			}
		})
	}
	wg.Wait()
	texts := map[string]bool{}
	for i := range 20 {
		text, _ := c.SQL(context.WithValue(t.Context(), routeKey{}, fmt.Sprint(i)), getBook)
		texts[text] = true
	}
	if len(texts) != 4 {
		t.Errorf("%d texts", len(texts))
	}
	text, keep := c.SQL(context.WithValue(t.Context(), routeKey{}, "/sampled"), getBook)
	if keep || !strings.HasSuffix(text, "/*package='books',query='GetBook',route='%2Fsampled',traceparent='00-01000000000000000000000000000000-0100000000000000-01'*/") {
		t.Error(text, keep)
	}
}

// parse reads the tags of a text's last comment.
func parse(t *testing.T, text string) map[string]string {
	t.Helper()
	_, list, ok := strings.Cut(text, "/*")
	list, rest, ok2 := strings.Cut(list, "*/")
	if !ok || !ok2 || strings.Trim(rest, ";") != "" {
		t.Fatalf("no comment, or something after it: %q", text)
	}
	tags := map[string]string{}
	for pair := range strings.SplitSeq(list, ",") {
		key, value, _ := strings.Cut(pair, "=")
		k, err := url.PathUnescape(key)
		v, err2 := url.PathUnescape(strings.TrimSuffix(strings.TrimPrefix(value, "'"), "'"))
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		tags[k] = v
	}
	return tags
}

func FuzzAppend(f *testing.F) {
	f.Add("a", "'*/", "b", "\x00\n--")
	f.Fuzz(func(t *testing.T, a, b, c, d string) {
		tags := map[string]string{a: b, c: d}
		if got := parse(t, sqlcommenter.Append("SELECT 1", tags)); !reflect.DeepEqual(got, tags) {
			t.Errorf("%q: %q", tags, got)
		}
	})
}

func TestServersRunWhatIsTaggedAndKeepTheComment(t *testing.T) {
	tags := map[string]string{"!": "50000 SELECT 1", "+": "hint", "quote": "it's */ over", "params": "$1 ? :a @b"}
	for _, c := range []struct {
		server *testkit.Server
		own    string // the text of the statement itself, with one parameter
	}{
		{testkit.PostgreSQL(t), "SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid() AND 1 = $1"},
		{testkit.MySQL(t), "SELECT info FROM information_schema.processlist WHERE id = connection_id() AND 1 = ?;"},
		{testkit.MariaDB(t), "SELECT info FROM information_schema.processlist WHERE id = connection_id() AND 1 = ?"},
		{testkit.SQLite(t), "SELECT 'none' WHERE 1 = ?;"},
	} {
		t.Run(c.server.Engine, func(t *testing.T) {
			db := c.server.Open(t, c.server.NewDatabase(t))
			var text string
			if err := db.QueryRow(sqlcommenter.Append(c.own, tags), 1).Scan(&text); err != nil {
				t.Fatal(err)
			}
			if text == "none" {
				return
			}
			if got := parse(t, text); !reflect.DeepEqual(got, tags) {
				t.Errorf("%s: %q", text, got)
			}
		})
	}
}

func ExampleNew() {
	c := sqlcommenter.New(sqlcommenter.Options{Driver: "pgx"})
	text, _ := c.SQL(context.Background(), getBook)
	fmt.Println(text)
	// Output:
	// -- name: GetBook :one
	// SELECT * FROM book WHERE id = $1 /*db_driver='pgx',package='books',query='GetBook'*/
}

func BenchmarkSQL(b *testing.B) {
	c := sqlcommenter.New(sqlcommenter.Options{Driver: "pgx"})
	for b.Loop() {
		c.SQL(b.Context(), getBook)
	}
}
