package sem_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/types"
	"github.com/covetsql/covetsql/internal/testkit"
)

// TestNoNullWhereNoneIsSaidToCome runs the queries of the goldens on real servers over
// random rows: a column that is said never to be NULL never is, and there are no more and no
// fewer rows than was said. Sections with the word "norun" are left out: their statement
// needs what the server does not have. Where "== rows" follows a schema, the queries run over
// those rows first, on MariaDB too.
func TestNoNullWhereNoneIsSaidToCome(t *testing.T) {
	if testing.Short() {
		t.Skip("needs servers")
	}
	files, _ := filepath.Glob("testdata/*.txt")
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			var server, second *testkit.Server
			switch engineOf(file) {
			case catalog.PostgreSQL:
				server = testkit.PostgreSQL(t)
			case catalog.MySQL:
				server = testkit.MySQL(t)
				second = testkit.MariaDB(t)
			default:
				server = testkit.SQLite(t)
			}
			w := &witness{engine: engineOf(file)}
			for _, s := range readSections(t, file) {
				switch {
				case s.word == "schema":
					w = &witness{engine: w.engine}
					w.open(t, server, s.body)
				case s.word == "rows":
					w.rows = s.body
					if second != nil {
						w.second = &witness{engine: w.engine, rows: s.body}
						w.second.open(t, second, w.schema)
					}
				case s.word == "query" && !strings.Contains(s.rest, "norun"):
					w.query(t, s)
				}
			}
		})
	}
}

type witness struct {
	engine catalog.Engine
	schema string
	// rows are SQL that stores what the queries run over first, second the other server that
	// they then run on, too.
	rows   string
	second *witness
	conn   *sql.Conn
}

func (w *witness) open(t *testing.T, server *testkit.Server, schema string) {
	name := server.NewDatabase(t)
	server.Exec(t, name, schema)
	dsn := server.DSN(name)
	if w.engine == catalog.PostgreSQL {
		dsn += "&default_query_exec_mode=simple_protocol"
	}
	db, err := sql.Open(server.Driver(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(); db.Close() })
	w.schema, w.conn = schema, conn
}

func (w *witness) exec(query string, args ...any) error {
	_, err := w.conn.ExecContext(context.Background(), query, args...)
	return err
}

// query runs one query over several random contents of the database.
func (w *witness) query(t *testing.T, s section) {
	words := strings.Fields(s.rest)
	command := ":many"
	for _, x := range words[1:] {
		if strings.HasPrefix(x, ":") {
			command = x
		}
	}
	q, _ := compile(t, w.engine, w.schema, "-- name: "+words[0]+" "+command+"\n"+strings.TrimRight(strings.TrimSpace(s.body), ";")+";\n")
	if q == nil {
		return // it is refused; the golden has the reason
	}
	ran := 0
	var failed error
	seen := make([]bool, len(q.Columns))
	if w.second != nil {
		w.second.query(t, s)
	}
	for seed := range 12 {
		r := rand.New(rand.NewSource(int64(seed)))
		if err := w.exec("BEGIN"); err != nil {
			t.Fatal(err)
		}
		switch {
		case seed > 0 || w.rows == "":
			w.fill(r, q.Catalog)
		case w.exec(w.rows) != nil:
			t.Fatalf("the rows can not be stored: %v", w.exec(w.rows))
		}
		nulls, n, err := w.run(r, q)
		if e := w.exec("ROLLBACK"); e != nil {
			t.Fatal(e)
		}
		if err != nil {
			failed = err
			continue
		}
		ran++
		for i, c := range q.Columns {
			_, c.Null = c.Proved()
			seen[i] = seen[i] || i < len(nulls) && nulls[i]
			if i < len(nulls) && nulls[i] && c.Null.IsNever() {
				t.Errorf("%s: column %s is NULL\n%s", q.Name, c.Name, q.SQL)
				return
			}
		}
		if len(q.Columns) > 0 && (int64(n) < q.Rows.Min || q.Rows.Max >= 0 && int64(n) > q.Rows.Max) {
			t.Errorf("%s: %d rows, said %v", q.Name, n, q.Rows)
			return
		}
	}
	for i, c := range q.Columns {
		if !seen[i] && !c.Null.IsNever() {
			t.Logf("%s: no NULL seen in %s, which may be by %q", q.Name, c.Name, c.Null.Reason.Text)
		}
	}
	if ran == 0 {
		t.Errorf("%s never ran: %v\n%s", q.Name, failed, q.SQL)
	}
}

// run runs q with random arguments and tells which columns were NULL in any row.
func (w *witness) run(r *rand.Rand, q *facts.Query) (nulls []bool, rows int, err error) {
	query := q.SQL
	var args []any
	one := func(i int) any {
		p := q.Params[i]
		if p.Nullable && r.Intn(2) == 0 {
			return nil
		}
		v := w.value(r, p.Type, nil, q.Catalog)
		if p.Type.IsArray() { // the generated code has no NULL in a slice
			v = strings.ReplaceAll(fmt.Sprint(v), "NULL", "1")
		}
		return v
	}
	if q.Source.Numbered() {
		for i := range q.Params {
			args = append(args, one(i))
		}
	} else {
		for _, i := range q.Placeholders {
			if q.Params[i].Slice {
				mark := "/*SLICE:" + q.Params[i].Name + "*/?"
				query = strings.Replace(query, mark, "?, ?", 1)
				args = append(args, one(i))
			}
			args = append(args, one(i))
		}
	}
	if len(q.Columns) == 0 {
		return nil, 0, w.exec(query, args...)
	}
	found, err := w.conn.QueryContext(context.Background(), query, args...)
	if err != nil {
		return nil, 0, err
	}
	defer found.Close()
	names, err := found.Columns()
	if err != nil {
		return nil, 0, err
	}
	nulls = make([]bool, len(names))
	row := make([]any, len(names))
	for i := range row {
		row[i] = new(any)
	}
	for found.Next() {
		if err := found.Scan(row...); err != nil {
			return nil, 0, err
		}
		rows++
		for i := range row {
			nulls[i] = nulls[i] || *row[i].(*any) == nil
		}
	}
	return nulls, rows, found.Err()
}

// fill inserts rows into every table; those that a constraint refuses are left out.
func (w *witness) fill(r *rand.Rand, in *catalog.Snapshot) {
	for _, sc := range in.Schemas {
		for _, table := range sc.Tables {
			if sc.Name != in.DefaultSchema {
				continue
			}
			if table.Kind == catalog.MaterializedView {
				w.exec("REFRESH MATERIALIZED VIEW " + table.Name)
			}
			if table.Kind != catalog.BaseTable && table.Kind != catalog.VirtualTable {
				continue
			}
			for range []int{0, 1, 3, 6}[r.Intn(4)] {
				var cols, marks []string
				var args []any
				for _, c := range table.Columns {
					if c.Generated != "" || c.Hidden {
						continue
					}
					var v any
					if c.NotNull || r.Intn(5) > 1 {
						v = w.value(r, c.Type, c, in)
					}
					cols = append(cols, c.Name)
					marks = append(marks, "?")
					if w.engine == catalog.PostgreSQL {
						marks[len(marks)-1] = fmt.Sprintf("$%d", len(marks))
					}
					args = append(args, v)
				}
				w.exec("SAVEPOINT one")
				if err := w.exec(fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table.Name, strings.Join(cols, ", "), strings.Join(marks, ", ")), args...); err != nil {
					w.exec("ROLLBACK TO SAVEPOINT one")
				}
			}
		}
	}
}

// value is a random value of a type, small enough to meet others.
func (w *witness) value(r *rand.Rand, t types.Type, c *catalog.Column, in *catalog.Snapshot) any {
	if t.IsArray() {
		var xs []string
		for range r.Intn(3) {
			x := strings.Trim(fmt.Sprint(w.value(r, t.Elem(), nil, in)), "()")
			if r.Intn(4) == 0 {
				x = "NULL"
			} else if x == "" {
				x = `""`
			}
			xs = append(xs, x)
		}
		return "{" + strings.Join(xs, ",") + "}"
	}
	if d := in.Type(t.Schema, t.Name); d != nil {
		switch {
		case len(d.Values) > 0:
			return d.Values[r.Intn(len(d.Values))]
		case len(d.Columns) > 0:
			var xs []string
			for _, f := range d.Columns {
				x := ""
				if r.Intn(3) > 0 {
					x = fmt.Sprint(w.value(r, f.Type, nil, in))
				}
				xs = append(xs, x)
			}
			return "(" + strings.Join(xs, ",") + ")"
		case d.Name == "email":
			return "a@b"
		case d.Base.Known():
			return w.value(r, d.Base, nil, in)
		}
	}
	pick := func(list ...any) any { return list[r.Intn(len(list))] }
	if c != nil && len(c.EnumValues) > 0 {
		return c.EnumValues[r.Intn(len(c.EnumValues))]
	}
	if c != nil && strings.EqualFold(c.Declared, "JSON") {
		return pick(`{}`, `{"a": null}`, `{"a": {"a": 1}}`, `[{"name": "x"}, {}]`)
	}
	switch strings.ToLower(t.Name) {
	case "int8", "int4", "int2", "integer", "bigint", "int", "smallint", "tinyint", "oid":
		if c != nil && c.Identity == "" && r.Intn(4) == 0 {
			return 2000 + r.Intn(3)
		}
		return 1 + r.Intn(4)
	case "numeric", "float8", "float4", "decimal", "double", "real":
		return pick(0.5, 1.5, 2, 3)
	case "bool":
		if w.engine == catalog.PostgreSQL {
			return pick("true", "false")
		}
		return r.Intn(2)
	case "timestamptz", "timestamp", "date", "datetime":
		return pick("2001-01-02", "2010-05-06", "2100-01-01")
	case "interval":
		return "1 day"
	case "uuid":
		return pick("00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002")
	case "json", "jsonb":
		return pick(`{}`, `{"a": null}`, `{"a": {"a": 1}, "k": "x"}`, `[1, null]`)
	case "int4range", "int8range":
		return pick("empty", "[1,3)", "(,3)", "[1,)")
	}
	return pick("x", "", "ab", "1", "y")
}
