package fingerprint

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/migrate/diff/sqlite/definition"
)

// Querier is a database, a connection or a transaction.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// SQLite reads the print of the main database of a connection: the statements that it keeps, by their tokens, and beside them what its
// pragmas say of columns, keys, indexes and foreign keys, which is what the engine itself understood. The order of columns
// is left out, and so are user_version and application_id, which are the application's.
func SQLite(ctx context.Context, db Querier) (Print, error) {
	l := &lite{ctx: ctx, db: db, names: map[string]bool{}}
	if err := l.read(); err != nil {
		return nil, fmt.Errorf("reading the database's own account of its schema: %w", err)
	}
	return l.print, nil
}

type lite struct {
	ctx   context.Context
	db    Querier
	names map[string]bool
	print Print
}

// known tells whether there is a relation or a column of that name.
func (l *lite) known(folded string) bool { return l.names[folded] }

// rows gives a query's rows, NULL as "NULL".
func (l *lite) rows(query string, args ...any) (out [][]string, err error) {
	rows, err := l.db.QueryContext(l.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		values, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		row := make([]string, len(columns))
		for i, v := range values {
			if row[i] = v.String; !v.Valid {
				row[i] = "NULL"
			}
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

func (l *lite) read() error {
	objects, err := l.rows(`SELECT s.type, s.name, s.tbl_name, s.sql FROM sqlite_schema AS s
		WHERE s.sql IS NOT NULL AND s.name NOT LIKE 'sqlite\_%' ESCAPE '\'
		AND s.tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow')
		ORDER BY s.type = 'table' DESC`)
	if err != nil {
		return err
	}
	for _, o := range objects {
		if o[0] == "table" || o[0] == "view" {
			l.names[definition.Fold(o[1])] = true
		}
	}
	columns, err := l.rows(`SELECT c.name FROM sqlite_schema AS s, pragma_table_xinfo(s.name) AS c WHERE s.type = 'table'`)
	if err != nil {
		return err
	}
	for _, c := range columns {
		l.names[definition.Fold(c[0])] = true
	}
	l.print = Print{}
	for _, o := range objects {
		kind, name, table, text := o[0], o[1], o[2], o[3]
		key, value := kind+" "+definition.Fold(name), ""
		switch {
		case kind == "table" && strings.HasPrefix(strings.ToUpper(text), "CREATE VIRTUAL"):
			value = definition.Canonical(text, l.known)
		case kind == "table":
			if value, err = l.table(name, text); err != nil {
				return fmt.Errorf("table %s: %w", name, err)
			}
		case kind == "index":
			if value, err = l.index(name, table, text); err != nil {
				return fmt.Errorf("index %s: %w", name, err)
			}
		default:
			value = definition.Canonical(text, l.known)
		}
		l.print[key] = value
	}
	return nil
}

func (l *lite) table(name, text string) (string, error) {
	t, err := definition.ReadTable(text)
	if err != nil {
		return "", err
	}
	lines := []string{t.Canonical()}
	add := func(what string, rows [][]string) {
		var said []string
		for _, r := range rows {
			said = append(said, what+" "+strings.Join(r, " | "))
		}
		slices.Sort(said)
		lines = append(lines, said...)
	}
	columns, err := l.rows(`SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?)`, name)
	if err != nil {
		return "", err
	}
	for _, c := range columns {
		c[0], c[1] = definition.Fold(c[0]), definition.Expression(c[1], func(string) bool { return true })
		c[3] = strings.Trim(definition.Expression(c[3], func(string) bool { return false }), "'")
	}
	add("has", columns)
	list, err := l.rows(`SELECT ncol, wr, strict FROM pragma_table_list WHERE schema = 'main' AND name = ?`, name)
	if err != nil {
		return "", err
	}
	add("is", list)
	keys, err := l.rows(`SELECT x.origin, x."unique", x.partial, (SELECT group_concat(coalesce(lower(i.name), '') || ' ' || i.desc || ' ' || lower(i.coll), ', ')
		FROM pragma_index_xinfo(x.name) AS i WHERE i.key) FROM pragma_index_list(?) AS x WHERE x.origin <> 'c'`, name)
	if err != nil {
		return "", err
	}
	add("keeps", keys)
	foreign, err := l.rows(`SELECT group_concat(lower("from") || ' to ' || lower(coalesce("to", '')), ', '), lower("table"), on_update, on_delete, match
		FROM (SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq) GROUP BY id, "table", on_update, on_delete, match`, name)
	if err != nil {
		return "", err
	}
	add("refers", foreign)
	return strings.Join(lines, "\n"), nil
}

func (l *lite) index(name, table, text string) (string, error) {
	columns, err := l.rows("SELECT name FROM pragma_table_xinfo(?)", table)
	if err != nil {
		return "", err
	}
	of := map[string]bool{}
	for _, c := range columns {
		of[definition.Fold(c[0])] = true
	}
	x := definition.ReadIndex(text, func(folded string) bool { return of[folded] })
	parts, err := l.rows(`SELECT lower(coalesce(name, '')), desc, lower(coll) FROM pragma_index_xinfo(?) WHERE key ORDER BY seqno`, name)
	if err != nil {
		return "", err
	}
	lines := []string{x.Canonical}
	for _, p := range parts {
		lines = append(lines, strings.Join(p, " "))
	}
	return strings.Join(lines, "\n"), nil
}
