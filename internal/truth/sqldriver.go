package truth

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/types"
)

// sqlServer is a database behind database/sql: MySQL, MariaDB or SQLite, over one connection.
type sqlServer struct {
	conn    *sql.Conn
	mysql   bool
	mariadb bool
}

// MySQL takes a connection to a MySQL or MariaDB database.
func MySQL(conn *sql.Conn, mariadb bool) Server {
	return &sqlServer{conn: conn, mysql: true, mariadb: mariadb}
}

// SQLite takes a connection to a SQLite database.
func SQLite(conn *sql.Conn) Server { return &sqlServer{conn: conn} }

func (s *sqlServer) Exec(ctx context.Context, statement string) error {
	if s.mariadb {
		statement = mysqlCollation.ReplaceAllString(statement, "utf8mb4_bin")
	}
	_, err := s.conn.ExecContext(ctx, statement)
	return err
}

// mysqlCollation names collations that MariaDB has not.
var mysqlCollation = regexp.MustCompile(`utf8mb4_0900_\w+`)

func (s *sqlServer) Describe(ctx context.Context, q *facts.Query) (*Description, error) {
	d := &Description{}
	text := q.SQL
	for _, p := range q.Params {
		if p.Slice {
			text = expandSlices(text, map[string]int{p.Name: 1})
		}
	}
	err := s.conn.Raw(func(c any) error {
		st, err := c.(driver.ConnPrepareContext).PrepareContext(ctx, text)
		if err != nil {
			return err
		}
		defer st.Close()
		if n := st.NumInput(); n >= 0 {
			d.Params = make([]string, n)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// expandSlices replaces the marks of list parameters, as generated code does.
func expandSlices(text string, sizes map[string]int) string {
	for name, n := range sizes {
		mark := "/*SLICE:" + name + "*/?"
		with := "NULL"
		if n > 0 {
			with = strings.Repeat(",?", n)[1:]
		}
		text = strings.ReplaceAll(text, mark, with)
	}
	return text
}

func (s *sqlServer) Run(ctx context.Context, q *facts.Query, args []Arg) (*Answer, error) {
	return s.Try(ctx, q, Attempt{Args: args})
}

// Try runs a query in another state; triggers, which Freeze drops, stay away.
func (s *sqlServer) Try(ctx context.Context, q *facts.Query, attempt Attempt) (*Answer, error) {
	args := attempt.Args
	read := q.Kind == facts.Read && !q.Locks
	begin := "BEGIN"
	if s.mysql && read && attempt.State.Before == nil {
		begin = "START TRANSACTION READ ONLY"
	}
	if err := s.Exec(ctx, begin); err != nil {
		return nil, err
	}
	defer s.Exec(context.WithoutCancel(ctx), "ROLLBACK")
	for _, before := range attempt.State.Before { // a change that is refused leaves the state as it was
		if err := s.Exec(ctx, before); err != nil && ctx.Err() != nil {
			return nil, err
		}
	}
	if t := attempt.State.Empty; t != nil {
		if err := s.Exec(ctx, "DELETE FROM "+quote(t.Name, "`")); err != nil {
			return nil, err
		}
	}
	if !s.mysql && read {
		if err := s.Exec(ctx, "PRAGMA query_only = 1"); err != nil {
			return nil, err
		}
		defer s.Exec(context.WithoutCancel(ctx), "PRAGMA query_only = 0")
	}
	sizes := map[string]int{}
	var flat []any
	for i, p := range q.Params {
		if p.Slice {
			sizes[p.Name] = len(args[i].List)
		}
	}
	add := func(i int) {
		if args[i].Slice {
			for _, v := range args[i].List {
				flat = append(flat, s.goValue(v, q.Params[i].Type))
			}
			return
		}
		flat = append(flat, s.goValue(args[i].Value, q.Params[i].Type))
	}
	if s.mysql || len(sizes) > 0 && !strings.Contains(q.SQL, "?1") {
		for _, i := range q.Placeholders {
			add(i)
		}
	} else {
		for i := range args {
			add(i)
		}
	}
	rows, err := s.conn.QueryContext(ctx, expandSlices(q.SQL, sizes), flat...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	a := &Answer{}
	kinds, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	for _, k := range kinds {
		_, scale, decimal := k.DecimalSize()
		a.Columns = append(a.Columns, Column{Name: k.Name(), Type: s.typeName(k), Whole: s.mysql && decimal && scale == 0})
	}
	for rows.Next() {
		cells := make([]any, len(kinds))
		ptrs := make([]any, len(kinds))
		for i := range cells {
			ptrs[i] = &cells[i]
		}
		if err := rows.Scan(ptrs...); err != nil {
			return nil, err
		}
		out := make([]Value, len(kinds))
		for i, c := range cells {
			text := fmt.Sprint(c)
			if b, ok := c.([]byte); ok {
				text = string(b)
			}
			out[i] = Value{Null: c == nil, Text: text, Class: class(c)}
		}
		a.Rows = append(a.Rows, out)
	}
	return a, rows.Err()
}

// class is SQLite's storage class of a scanned value; times were text or numbers.
func class(v any) string {
	switch v.(type) {
	case int64, bool:
		return "INTEGER"
	case float64:
		return "REAL"
	case string:
		return "TEXT"
	case []byte:
		return "BLOB"
	}
	return ""
}

// typeName spells a result column's type as the compiler does.
func (s *sqlServer) typeName(k *sql.ColumnType) string {
	if !s.mysql {
		return k.DatabaseTypeName()
	}
	name := strings.ToLower(k.DatabaseTypeName())
	if u, ok := strings.CutPrefix(name, "unsigned "); ok {
		name = u + " unsigned"
	}
	return name
}

// goValue makes the Go value that a client would send for text of a type.
func (s *sqlServer) goValue(v *string, t types.Type) any {
	if v == nil {
		return nil
	}
	name := strings.ToLower(t.Name)
	switch {
	case strings.Contains(name, "int") || name == "year" || name == "bool" || name == "boolean":
		switch *v {
		case "t":
			return int64(1)
		case "f":
			return int64(0)
		}
		if n, err := strconv.ParseInt(*v, 10, 64); err == nil {
			return n
		}
	case name == "real" || name == "double" || name == "float" || name == "numeric" || name == "any":
		if n, err := strconv.ParseInt(*v, 10, 64); err == nil {
			return n
		}
		if f, err := strconv.ParseFloat(*v, 64); err == nil && !math.IsNaN(f) && !(s.mysql && math.IsInf(f, 0)) {
			return f
		}
	case strings.Contains(name, "blob") || strings.Contains(name, "binary"):
		return []byte(*v)
	}
	return *v
}

func (s *sqlServer) Relations(ctx context.Context) (map[string][]Column, error) {
	text := `SELECT table_name, column_name, column_type, is_nullable = 'NO' FROM information_schema.columns
		WHERE table_schema = database() ORDER BY table_name, ordinal_position`
	if !s.mysql {
		// A primary key forbids NULL only where it is the rowid, in STRICT and in WITHOUT ROWID tables.
		text = `SELECT m.name, i.name, i.type, i."notnull" OR i.pk > 0 AND (l.wr OR l.strict OR
			upper(i.type) = 'INTEGER' AND (SELECT count(*) FROM pragma_table_xinfo(m.name) WHERE pk > 0) = 1)
			FROM sqlite_master m JOIN pragma_table_xinfo(m.name) i JOIN pragma_table_list l ON l.name = m.name AND l.schema = 'main'
			WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%' AND i.hidden <> 1 AND l.type <> 'shadow' ORDER BY m.name, i.cid`
	}
	rows, err := s.conn.QueryContext(ctx, text)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string][]Column{}
	for rows.Next() {
		var table string
		var c Column
		if err := rows.Scan(&table, &c.Name, &c.Type, &c.NotNull); err != nil {
			return nil, err
		}
		out[table] = append(out[table], c)
	}
	return out, rows.Err()
}

func (s *sqlServer) Insert(ctx context.Context, t *catalog.Table, columns []*catalog.Column, values []*string) error {
	mark := "`"
	names, marks := make([]string, len(columns)), make([]string, len(columns))
	args := make([]any, len(columns))
	for i, c := range columns {
		names[i], marks[i] = quote(c.Name, mark), "?"
		args[i] = s.goValue(values[i], c.Type)
	}
	text := "INSERT INTO " + quote(t.Name, mark) + " (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(marks, ", ") + ")"
	_, err := s.conn.ExecContext(ctx, text, args...)
	return err
}

func (s *sqlServer) Freeze(ctx context.Context, in *catalog.Snapshot) error {
	var errs []string
	for _, sc := range in.Schemas {
		for _, tr := range sc.Triggers {
			if err := s.Exec(ctx, "DROP TRIGGER "+quote(tr.Name, "`")); err != nil {
				errs = append(errs, err.Error())
			}
		}
	}
	if !s.mysql {
		// SQLite checks foreign keys only for those who ask; the compiler must not trust them.
		if err := s.Exec(ctx, "PRAGMA foreign_keys = 0"); err != nil {
			errs = append(errs, err.Error())
		}
	}
	if errs != nil {
		return fmt.Errorf("%s", strings.Join(errs, "; "))
	}
	return nil
}
