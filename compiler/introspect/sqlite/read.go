// Package sqlite reads the schema of an SQLite database file into a catalog snapshot. SQLite
// keeps its schema as the statements that made it, so reading means to parse those.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	_ "modernc.org/sqlite" // the engine itself

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/introspect/ddl"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
)

// Read reads the schema of a database file, which is opened for reading alone: a path,
// file:path or sqlite://path. d is SQLite's dialect. Views have the columns that the engine
// lists; whether they may be NULL is not known. Spans are of the statements as the database
// keeps them, in a file of the database's name.
func Read(ctx context.Context, uri string, d dialect.Dialect) (*catalog.Snapshot, error) {
	db, path, err := Open(uri)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	s, err := read(ctx, db, path, d)
	if err != nil {
		return nil, fmt.Errorf("reading the schema of %s: %w", path, err)
	}
	return s, nil
}

// Open opens a database file, named as for Read, for reading alone.
func Open(uri string) (db *sql.DB, path string, err error) {
	if path, err = pathOf(uri); err != nil {
		return nil, "", err
	}
	db, err = sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: "mode=ro"}).String())
	if err != nil {
		return nil, "", fmt.Errorf("opening %s: %w", path, err)
	}
	return db, path, nil
}

// pathOf is the file that a URI names.
func pathOf(uri string) (string, error) {
	path := uri
	for _, prefix := range []string{"sqlite3://", "sqlite://", "sqlite3:", "sqlite:", "file://", "file:"} {
		if rest, ok := strings.CutPrefix(uri, prefix); ok {
			path, _, _ = strings.Cut(rest, "?")
			break
		}
	}
	if path == "" || path == ":memory:" {
		return "", errors.New("an SQLite database is named by the path of its file")
	}
	if info, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("there is no database file: %w", err)
	} else if info.IsDir() {
		return "", fmt.Errorf("%s is a folder, not a database file", path)
	}
	return path, nil
}

// object is a row of sqlite_schema.
type object struct{ kind, name, table, sql string }

func read(ctx context.Context, db *sql.DB, path string, d dialect.Dialect) (*catalog.Snapshot, error) {
	// One transaction sees one schema.
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	objects, err := list(ctx, tx)
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	ends := make([]int, len(objects))
	for i, o := range objects {
		text.WriteString(o.sql + "\n;\n") // the text of a view may end in a comment
		ends[i] = text.Len()
	}
	s, diags := ddl.Read(source.NewFile(path, text.String()), d)
	for _, problem := range diags {
		if problem.Severity == diag.Error {
			at, _ := slices.BinarySearch(ends, int(problem.Span.Start)+1)
			if at < len(objects) && objects[at].kind == "index" && problem.Code == diag.UnknownColumn {
				continue // a name in double quotes that is no column's is a string to SQLite
			}
			return nil, fmt.Errorf("a statement that the database keeps was not understood: %v", problem)
		}
	}
	define(s, objects)
	return s, viewColumns(ctx, tx, s, d)
}

// define gives each object the statement that the database keeps of it.
func define(s *catalog.Snapshot, objects []object) {
	main := s.Schema("main")
	triggers := make(map[string]*catalog.Trigger, len(main.Triggers))
	for _, t := range main.Triggers {
		triggers[strings.ToLower(t.Name)] = t
	}
	for _, o := range objects {
		table := s.Table("main", o.table)
		switch {
		case o.kind == "trigger":
			if t := triggers[strings.ToLower(o.name)]; t != nil {
				t.Definition = o.sql
			}
		case table == nil: // the caller sees an object without a definition
		case o.kind == "index":
			at := slices.IndexFunc(table.Indexes, func(x *catalog.Index) bool { return strings.EqualFold(x.Name, o.name) })
			if at < 0 { // it was not understood
				at = len(table.Indexes)
				table.Indexes = append(table.Indexes, &catalog.Index{Name: o.name, Method: "btree"})
			}
			table.Indexes[at].Definition = o.sql
		default:
			table.Definition = o.sql
		}
	}
}

// list gives the statements in an order in which they can be run: the engine's own tables and
// the shadows of virtual tables are left out, and a renamed table may stand behind its indexes.
func list(ctx context.Context, tx *sql.Tx) ([]object, error) {
	rows, err := tx.QueryContext(ctx, `SELECT type, name, tbl_name, sql FROM sqlite_schema
		WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
		AND name NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow')
		AND NOT (type = 'index' AND tbl_name IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'))
		ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 WHEN 'view' THEN 3 ELSE 4 END, rowid`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []object
	for rows.Next() {
		var o object
		if err := rows.Scan(&o.kind, &o.name, &o.table, &o.sql); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, rows.Err()
}

// usable tells what the engine has against a view, which may mention what was dropped since.
func usable(ctx context.Context, tx *sql.Tx, view string) error {
	rows, err := tx.QueryContext(ctx, "EXPLAIN SELECT * FROM main."+quote(view))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() { //nolint:revive // the plan doesn't matter
	}
	return rows.Err()
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// viewColumns fills the views' columns from what the engine says of them. A view that can't be used has none.
func viewColumns(ctx context.Context, tx *sql.Tx, s *catalog.Snapshot, d dialect.Dialect) error {
	for _, t := range s.Schema("main").Tables {
		if t.Kind != catalog.View {
			continue
		}
		t.Columns = nil
		if err := usable(ctx, tx, t.Name); err != nil {
			if ctx.Err() != nil {
				return err
			}
			continue
		}
		rows, err := tx.QueryContext(ctx, "SELECT name, type FROM pragma_table_xinfo(?)", t.Name)
		if err != nil {
			return fmt.Errorf("view %s: %w", t.Name, err)
		}
		for rows.Next() {
			c := &catalog.Column{Table: t, Span: t.Span}
			if err := rows.Scan(&c.Name, &c.Declared); err != nil {
				rows.Close()
				return err
			}
			c.Type = d.Type(ir.TypeName{Raw: c.Declared, Name: ir.Name{Parts: []ir.Ident{{Name: c.Declared}}}}, s)
			t.Columns = append(t.Columns, c)
		}
		rows.Close()
		if err := rows.Err(); err != nil {
			return fmt.Errorf("view %s: %w", t.Name, err)
		}
	}
	return nil
}
