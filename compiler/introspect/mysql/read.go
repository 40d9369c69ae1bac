// Package mysql reads the schema of a live MySQL or MariaDB database into a catalog snapshot:
// the server writes its objects as statements (SHOW CREATE), which are read with the dialect.
package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/introspect/ddl"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/types"
)

// Read reads the schema of the database that a URI (mysql://user:password@host:3306/database)
// or the driver's own form (user:password@tcp(host:3306)/database) names. d is MySQL's
// dialect. Views have the columns that the server lists; whether they may be NULL is not
// known. Names have no database in front, as in a file. No error holds the password.
func Read(ctx context.Context, uri string, d dialect.Dialect) (*catalog.Snapshot, error) {
	config, err := Parse(uri)
	if err != nil {
		return nil, err
	}
	if config.DBName == "" {
		return nil, errors.New("the database's URI names no database")
	}
	db, err := Open(config)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connecting to MySQL at %s: %w", config.Addr, err)
	}
	defer conn.Close()
	r := &reader{ctx: ctx, conn: conn, database: config.DBName, d: d}
	s, err := r.read()
	if err != nil {
		return nil, fmt.Errorf("reading the schema of database %s: %w", config.DBName, err)
	}
	return s, nil
}

type reader struct {
	ctx      context.Context
	conn     *sql.Conn
	database string
	d        dialect.Dialect
	pieces   []*piece
	// user is who reads, as DEFINER names it; mode the sql_mode that sessions have by themselves.
	user, mode string
	others     []*catalog.Object
}

func (r *reader) read() (*catalog.Snapshot, error) {
	if err := r.conn.QueryRowContext(r.ctx, "SELECT current_user(), @@GLOBAL.sql_mode").Scan(&r.user, &r.mode); err != nil {
		return nil, err
	}
	// Names are written in backquotes, which no mode turns into others.
	if _, err := r.conn.ExecContext(r.ctx, "SET SESSION sql_mode = '', sql_quote_show_create = 1"); err != nil {
		return nil, err
	}
	var version string
	if err := r.conn.QueryRowContext(r.ctx, "SELECT version()").Scan(&version); err != nil {
		return nil, err
	}
	var views []string
	for _, step := range []func(*[]string) error{r.tables, r.views, r.routines, r.triggers, r.objects} {
		if err := step(&views); err != nil {
			return nil, err
		}
	}
	s, err := r.understand()
	if err != nil {
		return nil, err
	}
	if strings.Contains(version, "MariaDB") {
		s.Flavor = "mariadb"
		jsonColumns(s)
	}
	if err := r.viewColumns(s, views); err != nil {
		return nil, err
	}
	return s, r.define(s)
}

// rows runs a query and gives its rows as texts.
func (r *reader) rows(query string, args ...any) ([][]string, error) {
	rows, err := r.conn.QueryContext(r.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out [][]string
	for rows.Next() {
		values := make([]sql.NullString, len(columns))
		into := make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		row := make([]string, len(columns))
		for i, v := range values {
			row[i] = v.String
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// definer is who made a view or routine, which is no part of the schema.
var definer = regexp.MustCompile("(?i)\\bDEFINER\\s*=\\s*`(?:[^`]|``)*`@`(?:[^`]|``)*`\\s+")

func quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

// show adds the statement that SHOW CREATE gives in its n-th column; the sql_mode, where there is one, stands in the column before.
func (r *reader) show(kind, name string, n int) error { return r.showAt(kind, name, n, n-1) }

// showAt is show with the column of the sql_mode, 0 for none.
func (r *reader) showAt(kind, name string, n, mode int) error {
	rows, err := r.rows("SHOW CREATE " + kind + " " + quote(name))
	if err != nil {
		return fmt.Errorf("%s %s: %w", strings.ToLower(kind), name, err)
	}
	if len(rows) != 1 || n >= len(rows[0]) || rows[0][n] == "" {
		return fmt.Errorf("%s %s: the server does not show it; it takes the right to see its definition", strings.ToLower(kind), name)
	}
	p := &piece{kind: kind, name: name, definition: r.definition(rows[0][n])}
	if mode > 0 && rows[0][mode] != r.mode {
		p.mode = rows[0][mode]
	}
	r.pieces = append(r.pieces, p)
	return nil
}

// unqualified takes the database's own name off a statement's names. Names stand in backquotes.
func unqualified(text, database string) string {
	var b strings.Builder
	prefix := quote(database) + "."
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case strings.HasPrefix(text[i:], prefix):
			i += len(prefix)
		case strings.HasPrefix(text[i:], "/*") && !strings.HasPrefix(text[i:], "/*!") && !strings.HasPrefix(text[i:], "/*M!"), c == '#', strings.HasPrefix(text[i:], "-- "):
			stop := "\n"
			if c == '/' {
				stop = "*/"
			}
			end := len(text)
			if n := strings.Index(text[i:], stop); n >= 0 {
				end = i + n
			}
			b.WriteString(text[i:end])
			i = end
		case c == '\'' || c == '"' || c == '`':
			end := i + 1
			for end < len(text) {
				if text[end] == '\\' && c != '`' {
					end += 2
					continue
				}
				if text[end] == c {
					if end+1 < len(text) && text[end+1] == c {
						end += 2
						continue
					}
					break
				}
				end++
			}
			end = min(end+1, len(text))
			b.WriteString(text[i:end])
			i = end
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

// tables adds the tables, those that others refer to first.
func (r *reader) tables(views *[]string) error {
	list, err := r.rows("SHOW FULL TABLES")
	if err != nil {
		return err
	}
	refers := map[string][]string{}
	keys, err := r.rows(`SELECT table_name, referenced_table_name FROM information_schema.key_column_usage
		WHERE table_schema = ? AND referenced_table_schema = table_schema AND referenced_table_name IS NOT NULL`, r.database)
	if err != nil {
		return err
	}
	for _, k := range keys {
		refers[k[0]] = append(refers[k[0]], k[1])
	}
	kinds := map[string]string{}
	var names []string
	for _, t := range list {
		switch t[1] {
		case "VIEW":
			*views = append(*views, t[0])
		case "SEQUENCE":
			if err := r.show("SEQUENCE", t[0], 1); err != nil {
				return err
			}
		case "BASE TABLE", "SYSTEM VERSIONED":
			kinds[t[0]] = t[1]
			names = append(names, t[0])
		}
	}
	done := map[string]bool{}
	var add func(name string) error
	add = func(name string) error {
		if done[name] || kinds[name] == "" {
			return nil
		}
		done[name] = true
		for _, ref := range refers[name] {
			if err := add(ref); err != nil {
				return err
			}
		}
		return r.show("TABLE", name, 1)
	}
	for _, name := range names {
		if err := add(name); err != nil {
			return err
		}
	}
	return nil
}

// views adds the views so that each comes after those it reads.
func (r *reader) views(views *[]string) error {
	texts, err := r.rows("SELECT table_name, view_definition FROM information_schema.views WHERE table_schema = ?", r.database)
	if err != nil {
		return err
	}
	body := map[string]string{}
	for _, v := range texts {
		body[v[0]] = v[1]
	}
	done := map[string]bool{}
	var add func(name string) error
	add = func(name string) error {
		if done[name] {
			return nil
		}
		done[name] = true
		for _, other := range *views {
			if other != name && strings.Contains(body[name], quote(other)) {
				if err := add(other); err != nil {
					return err
				}
			}
		}
		return r.show("VIEW", name, 1)
	}
	for _, name := range *views {
		if err := add(name); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) routines(*[]string) error {
	list, err := r.rows("SELECT routine_type, routine_name FROM information_schema.routines WHERE routine_schema = ? AND routine_type IN ('FUNCTION', 'PROCEDURE') ORDER BY routine_name", r.database)
	if err != nil {
		return err
	}
	for _, f := range list {
		if err := r.show(f[0], f[1], 2); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) triggers(*[]string) error {
	list, err := r.rows("SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = ? ORDER BY event_object_table, action_timing, event_manipulation, action_order", r.database)
	if err != nil {
		return err
	}
	for _, g := range list {
		if err := r.show("TRIGGER", g[0], 2); err != nil {
			return err
		}
	}
	return nil
}

// jsonColumns gives MariaDB's JSON its name back: there it is LONGTEXT with a check.
func jsonColumns(s *catalog.Snapshot) {
	for _, t := range s.Schema("").Tables {
		t.Constraints = slices.DeleteFunc(t.Constraints, func(k *catalog.Constraint) bool {
			name, ok := strings.CutPrefix(strings.ToLower(k.Expr), "json_valid(")
			if k.Kind != ir.Check || !ok {
				return false
			}
			c := t.Column(strings.Trim(strings.TrimSuffix(name, ")"), "`"), true)
			if c == nil || c.Type.Name != "longtext" {
				return false
			}
			c.Type, c.Declared, c.Charset, c.Collation = types.Type{Name: "json"}, "json", "", ""
			return true
		})
	}
}

// viewColumns fills the views' columns from what the server says of them.
func (r *reader) viewColumns(s *catalog.Snapshot, views []string) error {
	if len(views) == 0 {
		return nil
	}
	list, err := r.rows(`SELECT c.table_name, c.column_name, c.column_type FROM information_schema.columns c JOIN information_schema.views v
		ON v.table_schema = c.table_schema AND v.table_name = c.table_name WHERE c.table_schema = ? ORDER BY c.table_name, c.ordinal_position`, r.database)
	if err != nil {
		return err
	}
	for _, name := range views {
		if t := s.Table("", name); t != nil {
			t.Columns = nil
		}
	}
	for _, row := range list {
		t := s.Table("", row[0])
		if t == nil {
			continue
		}
		t.Columns = append(t.Columns, r.viewColumn(t, row[1], row[2]))
	}
	return nil
}

// viewColumn is a column of a type that is spelled as information_schema does.
func (r *reader) viewColumn(t *catalog.Table, name, columnType string) *catalog.Column {
	c := &catalog.Column{Name: name, Declared: columnType, Table: t, Span: t.Span}
	s, _ := ddl.Read(source.NewFile("type", "CREATE TABLE t (c "+columnType+");"), r.d)
	if probe := s.Table("", "t"); probe != nil && len(probe.Columns) == 1 {
		c.Type, c.EnumValues = probe.Columns[0].Type, probe.Columns[0].EnumValues
	}
	return c
}
