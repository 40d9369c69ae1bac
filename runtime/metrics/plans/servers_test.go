package plans_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/runtime/metrics/plans"
	"github.com/covetsql/covetsql/runtime/plan"
)

// explain asks a server for plans, as an adapter does.
func explain(engine string, db *sql.DB) func(context.Context, *plan.Query) (string, error) {
	return func(ctx context.Context, q *plan.Query) (text string, err error) {
		switch engine {
		case "postgresql":
			err = db.QueryRowContext(ctx, "EXPLAIN (FORMAT JSON) "+q.SQL).Scan(&text)
		case "sqlite":
			rows, err := db.QueryContext(ctx, "EXPLAIN QUERY PLAN "+q.SQL)
			if err != nil {
				return "", err
			}
			defer rows.Close()
			list := []map[string]any{}
			for rows.Next() {
				var id, parent, none int
				var detail string
				if err := rows.Scan(&id, &parent, &none, &detail); err != nil {
					return "", err
				}
				list = append(list, map[string]any{"id": id, "parent": parent, "detail": detail})
			}
			out, _ := json.Marshal(list)
			return string(out), rows.Err()
		default:
			err = db.QueryRowContext(ctx, "EXPLAIN FORMAT=JSON "+q.SQL).Scan(&text)
		}
		return text, err
	}
}

const (
	byAuthor = "SELECT title FROM book WHERE author = 3"
	joined   = "SELECT b.title FROM book b JOIN author a ON a.id = b.author WHERE a.name = 'x' ORDER BY b.price"
	grouped  = "SELECT author, count(*) FROM book WHERE price > (SELECT avg(price) FROM book c WHERE c.author = book.author) GROUP BY author"
	union    = "SELECT id FROM author UNION SELECT id FROM book"
)

// shapes are what a server does of its own accord, and after an index on book (author) was made.
var servers = []struct {
	name    string
	server  func(testing.TB) *testkit.Server
	setup   []string
	before  map[string]string
	indexed string // of byAuthor
}{
	{"PostgreSQL", testkit.PostgreSQL, nil, map[string]string{
		byAuthor: "Seq Scan on book, filter\n",
		union:    "Aggregate Hashed, group key of 1\n  Append\n    Seq Scan on author\n    Seq Scan on book\n",
	}, "Bitmap Heap Scan on book\n  Bitmap Index Scan using book_author, index condition\n"},
	{"MySQL", testkit.MySQL, []string{"SET explain_json_format_version = 2"}, map[string]string{
		byAuthor: "query access_type=filter\n  of table_name=book access_type=table\n",
	}, "query table_name=book access_type=index index_access_type=index_lookup index_name=book_author\n"},
	{"MySQL, first version", testkit.MySQL, []string{"SET explain_json_format_version = 1"}, map[string]string{
		byAuthor: "query\n  table table_name=book access_type=ALL\n",
	}, "query\n  table table_name=book access_type=ref key=book_author key_length=5 used_key_parts=[author]\n"},
	{"MariaDB", testkit.MariaDB, nil, map[string]string{
		byAuthor: "query\n  table table_name=book access_type=ALL\n",
		joined:   "query\n  filesort\n    temporary_table\n      table table_name=a access_type=ALL\n      block-nl-join join_type=BNL\n        table table_name=b access_type=ALL\n",
	}, "query\n  table table_name=book access_type=ref key=book_author key_length=5 used_key_parts=[author]\n"},
	{"SQLite", testkit.SQLite, nil, map[string]string{
		byAuthor: "query\n  SCAN book\n",
	}, "query\n  SEARCH book USING INDEX book_author (author=?)\n"},
}

func TestShapesOfRealPlans(t *testing.T) {
	for _, c := range servers {
		t.Run(c.name, func(t *testing.T) {
			s := c.server(t)
			db := s.Open(t, s.NewDatabase(t))
			db.SetMaxOpenConns(1)
			exec := func(text string) {
				t.Helper()
				if _, err := db.Exec(text); err != nil {
					t.Fatalf("%s: %v", text, err)
				}
			}
			for _, text := range append(c.setup, "CREATE TABLE author (id int PRIMARY KEY, name varchar(50))", "CREATE TABLE book (id int PRIMARY KEY, author int, title varchar(50), price int)") {
				exec(text)
			}
			many := "INSERT INTO book VALUES (0, 0, 'x', 0)"
			for i := 1; i < 2000; i++ {
				many += ", (" + itoa(i) + ", " + itoa(i%500) + ", 'a title', 1)"
			}
			exec(many)
			gather := map[string]string{"postgresql": "ANALYZE book", "sqlite": "ANALYZE book"}[s.Engine]
			if gather == "" {
				gather = "ANALYZE TABLE book"
			}
			exec(gather)
			ask := explain(s.Engine, db)
			shape := func(text string) plans.Shape {
				t.Helper()
				answer, err := ask(t.Context(), &plan.Query{SQL: text})
				if err != nil {
					t.Fatal(err)
				}
				out, err := plans.Of(s.Engine, answer)
				if err != nil {
					t.Fatalf("%v: %s", err, answer)
				}
				for _, constant := range []string{"3)", "'x'", "cost", "rows"} {
					if strings.Contains(string(out), constant) {
						t.Errorf("%q is no part of a shape: %s", constant, out)
					}
				}
				return out
			}
			seen := map[plans.Shape]string{}
			for _, text := range []string{byAuthor, joined, grouped, union} {
				got := shape(text)
				t.Logf("%s\n%s", text, got)
				if want, ok := c.before[text]; ok && string(got) != want {
					t.Errorf("%s:\n%s, not\n%s", text, got, want)
				}
				if other, ok := seen[got]; ok {
					t.Errorf("%s and %s have one shape: %s", text, other, got)
				}
				seen[got] = text
			}
			former := shape(byAuthor)
			if other := shape(strings.Replace(byAuthor, "3", "4711", 1)); other != former {
				t.Errorf("another constant is another shape:\n%s\n%s", former, other)
			}
			exec("CREATE INDEX book_author ON book (author)")
			exec(gather)
			indexed := shape(byAuthor)
			t.Logf("with an index:\n%s", indexed)
			if indexed == former || !strings.Contains(string(indexed), "book_author") || c.indexed != "" && string(indexed) != c.indexed {
				t.Errorf("with an index: %s", indexed)
			}
			exec("DELETE FROM book WHERE id > 1900")
			if again := shape(byAuthor); again != indexed {
				t.Errorf("fewer rows are another shape:\n%s\n%s", indexed, again)
			}
			exec("DROP INDEX book_author" + map[bool]string{true: " ON book"}[s.Engine == "mysql" || s.Engine == "mariadb"])
			if again := shape(byAuthor); again != former {
				t.Errorf("without the index the shape is another than before:\n%s\n%s", former, again)
			}
		})
	}
}

func TestPartitionsThatAreReadAlikeAreOne(t *testing.T) {
	s := testkit.PostgreSQL(t)
	db := s.NewDatabase(t)
	s.Exec(t, db, `CREATE TABLE ev (at int, x int) PARTITION BY RANGE (at);
		CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM (0) TO (10);
		CREATE TABLE ev2 PARTITION OF ev FOR VALUES FROM (10) TO (20);
		CREATE TABLE ev3 PARTITION OF ev FOR VALUES FROM (20) TO (30);
		CREATE INDEX ev_at ON ev (at)`)
	ask := explain("postgresql", s.Open(t, db))
	shapes := map[plans.Shape]bool{}
	for _, text := range []string{"SELECT * FROM ev WHERE at IN (3, 13)", "SELECT * FROM ev WHERE at IN (3, 13, 23)", "SELECT * FROM ev WHERE at > 15"} {
		answer, err := ask(t.Context(), &plan.Query{SQL: text})
		if err != nil {
			t.Fatal(err)
		}
		shape, err := plans.Of("postgresql", answer)
		if err != nil {
			t.Fatal(err)
		}
		shapes[shape] = true
	}
	const want = "Append\n  Bitmap Heap Scan on partitions of ev\n    Bitmap Index Scan using their index, index condition\n"
	if len(shapes) != 1 || !shapes[want] {
		t.Error(shapes)
	}
}
