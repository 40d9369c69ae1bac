package plan

import (
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/internal/testkit"
)

var update = flag.Bool("update", false, "write the goldens")

const shop = `
CREATE TABLE customer (id int PRIMARY KEY, name varchar(40) NOT NULL, city varchar(40));
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL, state varchar(10) NOT NULL, placed int NOT NULL, total int NOT NULL);
CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX orders_placed ON orders (placed);
`

var statements = []string{
	"SELECT name FROM customer WHERE city = 'c1'",
	"SELECT name FROM customer WHERE id = 1",
	"SELECT id FROM orders WHERE customer_id = 5",
	"SELECT id FROM orders WHERE customer_id = 5 AND state = 's1' ORDER BY total LIMIT 5",
	"SELECT c.name, o.id FROM customer c JOIN orders o ON o.customer_id = c.id WHERE c.id = 4",
	"SELECT c.name, o.id FROM customer c, orders o WHERE c.city < o.state",
	"SELECT city, count(*) FROM customer GROUP BY city ORDER BY 2 DESC",
	"SELECT DISTINCT city FROM customer",
	"SELECT c.name, (SELECT max(o.total) FROM orders o WHERE o.state = c.city) AS m FROM customer c",
	"SELECT max(total), (SELECT count(*) FROM customer) FROM orders",
	"SELECT id FROM orders WHERE customer_id = 5 OR id = 3",
	"SELECT name FROM customer UNION ALL SELECT state FROM orders ORDER BY 1 LIMIT 3",
	"SELECT * FROM (SELECT customer_id, sum(total) AS s FROM orders GROUP BY customer_id) d WHERE s > 5",
	"SELECT id, row_number() OVER (PARTITION BY customer_id ORDER BY total) FROM orders",
	"WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n",
	"UPDATE orders SET total = 1 WHERE state = 's1'",
	"DELETE FROM orders WHERE customer_id = 5",
	"INSERT INTO customer (id, name) SELECT id + 1000000, state FROM orders WHERE total = 4",
	"SELECT name FROM customer WHERE 1 = 0",
	"SELECT c.name, o.id FROM customer c LEFT JOIN orders o ON o.customer_id = c.id ORDER BY c.name",
}

// filled is a database of the shop with rows and the engine's statistics.
func filled(t *testing.T, s *testkit.Server) *sql.DB {
	db := s.NewDatabase(t)
	s.Exec(t, db, shop)
	c := s.Open(t, db)
	c.SetMaxOpenConns(1)
	series := "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT "
	customer, orders := " i, 'n', NULL FROM n WHERE i <= 2000", " i, i % 2000 + 1, 's', i, i FROM n"
	fill := map[string][]string{
		"postgresql": {"INSERT INTO customer " + series + customer, "INSERT INTO orders " + series + orders, "ANALYZE"},
		"sqlite":     {"INSERT INTO customer " + series + customer, "INSERT INTO orders " + series + orders, "ANALYZE"},
		"mysql":      {"SET SESSION cte_max_recursion_depth = 100000", "INSERT INTO customer " + series + customer, "INSERT INTO orders " + series + orders, "ANALYZE TABLE customer, orders"},
		"mariadb":    {"SET SESSION max_recursive_iterations = 100000", "INSERT INTO customer " + series + customer, "INSERT INTO orders " + series + orders, "ANALYZE TABLE customer, orders"},
	}
	for _, q := range fill[s.Engine] {
		if _, err := c.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// explained is what a server says of a statement.
func explained(t *testing.T, s *testkit.Server, c *sql.DB, statement string) []byte {
	if s.Engine != "sqlite" {
		var text []byte
		explain := map[string]string{"postgresql": "EXPLAIN (FORMAT JSON, VERBOSE) "}[s.Engine]
		if explain == "" {
			explain = "EXPLAIN FORMAT=JSON "
		}
		if err := c.QueryRow(explain + statement).Scan(&text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	rows, err := c.Query("EXPLAIN QUERY PLAN " + statement)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	list := []SQLiteRow{}
	for rows.Next() {
		var r SQLiteRow
		var unused int
		if err := rows.Scan(&r.ID, &r.Parent, &unused, &r.Detail); err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// What each engine says of the same statements, as trees: goldens, made by real servers with -update.
func TestPlansOfAllEnginesAreReadIntoOneForm(t *testing.T) {
	for _, c := range []struct {
		golden string
		server *testkit.Server
		set    string
	}{
		{"postgresql", testkit.PostgreSQL(t), ""}, {"mariadb", testkit.MariaDB(t), ""}, {"sqlite", testkit.SQLite(t), ""},
		{"mysql-1", testkit.MySQL(t), "SET SESSION explain_json_format_version = 1"}, {"mysql-2", testkit.MySQL(t), "SET SESSION explain_json_format_version = 2"},
	} {
		t.Run(c.golden, func(t *testing.T) {
			e := catalog.Engine(strings.TrimSuffix(strings.TrimSuffix(c.golden, "-1"), "-2"))
			if e == "mariadb" {
				e = catalog.MySQL
			}
			db := filled(t, c.server)
			if c.set != "" {
				if _, err := db.Exec(c.set); err != nil {
					t.Fatal(err)
				}
			}
			var out strings.Builder
			var raw []json.RawMessage
			for _, q := range statements {
				text := explained(t, c.server, db, q)
				raw = append(raw, text)
				out.WriteString(q + "\n")
				p, err := Read(e, text)
				var nothing *Nothing
				switch {
				case errors.As(err, &nothing):
					out.WriteString("  nothing: " + nothing.Said + "\n")
				case err != nil:
					t.Errorf("%s: %s\n%s", q, err, text)
				default:
					for line := range strings.Lines(p.Shape()) {
						out.WriteString("  " + line)
					}
				}
				out.WriteByte('\n')
			}
			file := filepath.Join("testdata", c.golden+".txt")
			if *update {
				text, err := json.MarshalIndent(raw, "", " ")
				if err == nil {
					err = os.WriteFile(filepath.Join("testdata", c.golden+".json"), append(text, '\n'), 0o644)
				}
				if err == nil {
					err = os.WriteFile(file, []byte(out.String()), 0o644)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if out.String() != string(want) {
				t.Errorf("got\n%s\nwant\n%s", out.String(), want)
			}
		})
	}
}

func TestParallelAndCorrelatedPlansAreReadAsWhatTheyAre(t *testing.T) {
	const gather = `[{"Plan": {"Node Type": "Gather", "Workers Planned": 2, "Plan Rows": 1000, "Plans": [
		{"Node Type": "Seq Scan", "Parallel Aware": true, "Relation Name": "t", "Alias": "t", "Plan Rows": 417, "Filter": "(hashed SubPlan 1)",
		"Plans": [{"Node Type": "Seq Scan", "Parent Relationship": "SubPlan", "Subplan Name": "SubPlan 1", "Relation Name": "u", "Alias": "u", "Plan Rows": 5}]}]}}]`
	p, err := Read(catalog.PostgreSQL, []byte(gather))
	if err != nil {
		t.Fatal(err)
	}
	if want := "scan t filter (hashed SubPlan 1) rows=1001\n  subplan rows=5\n    scan u rows=5\n"; p.String() != want {
		t.Errorf("%s", p)
	}
	const measured = `[{"Plan": {"Node Type": "Sort", "Plan Rows": 10, "Actual Rows": 20, "Actual Loops": 3, "Sort Method": "external merge", "Sort Space Used": 640, "Sort Space Type": "Disk"}}]`
	p, err = Read(catalog.PostgreSQL, []byte(measured))
	if err != nil || !p.Analyzed || p.Root.Actual.Rows != 60 || p.Root.Actual.Disk != 640 {
		t.Errorf("%v %+v", err, p.Root.Actual)
	}
}

func TestLinesOfSQLiteOfAllAges(t *testing.T) {
	for detail, want := range map[string]string{
		"SCAN TABLE author AS a": "scan author as a",
		"SCAN my table":          "scan my table",
		"SEARCH TABLE author USING INTEGER PRIMARY KEY (rowid=?)": "lookup author on rowid=?",
		"SEARCH author USING INTEGER PRIMARY KEY (rowid>?)":       "index author on rowid>?",
		"SEARCH a USING COVERING INDEX i (x=? AND y>?)":           "index a by i alone on x=? AND y>?",
		"SEARCH o USING INDEX i (x=?) LEFT-JOIN":                  "index o by i on x=?",
		"SCAN o USING COVERING INDEX i":                           "full index o by i alone",
		"SEARCH o USING AUTOMATIC COVERING INDEX (x=?)":           "automatic index o alone on x=?",
		"SEARCH o USING AUTOMATIC PARTIAL COVERING INDEX (x=?)":   "automatic index o alone on x=?",
		"SCAN f VIRTUAL TABLE INDEX 0:M1":                         "function f",
		"SCAN 3 CONSTANT ROWS":                                    "rows",
		"USE TEMP B-TREE FOR RIGHT PART OF ORDER BY":              "sort",
		"CORRELATED SCALAR SUBQUERY 3":                            "subplan for each row",
		"SEARCH o USING PRIMARY KEY (a=? AND b=?)":                "lookup o on a=? AND b=?",
		"SOMETHING NEW": "other",
	} {
		if got := sqliteNode(detail).line(true); got != want {
			t.Errorf("%s: %s, want %s", detail, got, want)
		}
	}
}

func TestWhatIsNoPlanIsAnError(t *testing.T) {
	for _, c := range []struct {
		engine     catalog.Engine
		text, want string
	}{
		{catalog.PostgreSQL, "[]", "the plan is no JSON object"}, {catalog.PostgreSQL, "{}", "the plan has no Plan"}, {catalog.PostgreSQL, "x", "the plan is not JSON: invalid character 'x' looking for beginning of value"},
		{catalog.MySQL, "{}", "the plan has no query_block"}, {catalog.MySQL, `{"query_block": {"message": "Impossible WHERE"}}`, "Impossible WHERE"},
		{catalog.SQLite, `[{"id": 2, "parent": 7}]`, "the plan has no row 7"}, {catalog.SQLite, `[{"id": 2}, {"id": 2}]`, "the plan has the row 2 twice"},
	} {
		if _, err := Read(c.engine, []byte(c.text)); err == nil || err.Error() != c.want {
			t.Errorf("%s %s: %v", c.engine, c.text, err)
		}
	}
}

// No text makes a reader panic or run on, whatever server it says it comes from.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var list []json.RawMessage
		if err := json.Unmarshal(text, &list); err != nil {
			f.Fatal(err)
		}
		for _, raw := range list {
			f.Add([]byte(raw))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for e := range readers {
			if p, err := Read(e, text); err == nil && p.String() == "" {
				t.Error("a plan of nothing")
			}
		}
	})
}
