package mysql

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
)

// objects reads what the compiler does not model: events, packages, libraries, and rights on single objects.
func (r *reader) objects(*[]string) error {
	for _, step := range []func() error{r.events, r.packages, r.libraries, r.grants} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// other adds what SHOW CREATE just gave as the last piece.
func (r *reader) other(kind string) *catalog.Object {
	p := r.pieces[len(r.pieces)-1]
	r.pieces = r.pieces[:len(r.pieces)-1]
	o := &catalog.Object{Kind: kind, Name: p.name, Definition: p.definition, SQLMode: p.mode, Drop: "DROP " + strings.ToUpper(kind) + " " + quote(p.name)}
	r.others = append(r.others, o)
	return o
}

// events adds the events. One without STARTS shows the moment at which it was made, which is no part of what was written.
func (r *reader) events() error {
	list, err := r.rows(`SELECT event_name, date_format(starts, '%Y-%m-%d %H:%i:%s'), coalesce(abs(timestampdiff(SECOND, starts, created)) <= 1 OR abs(timestampdiff(SECOND, starts, last_altered)) <= 1, 0)
		FROM information_schema.events WHERE event_schema = ? ORDER BY event_name`, r.database)
	if err != nil {
		return err
	}
	for _, e := range list {
		if err := r.showAt("EVENT", e[0], 3, 1); err != nil {
			return err
		}
		o := r.other("event")
		if e[2] == "1" {
			o.Definition = strings.Replace(o.Definition, " STARTS '"+e[1]+"'", "", 1)
		}
	}
	return nil
}

// packages are MariaDB's.
func (r *reader) packages() error {
	list, err := r.rows("SELECT routine_type, routine_name FROM information_schema.routines WHERE routine_schema = ? AND routine_type IN ('PACKAGE', 'PACKAGE BODY') ORDER BY routine_type, routine_name", r.database)
	if err != nil {
		return err
	}
	for _, f := range list {
		if err := r.show(f[0], f[1], 2); err != nil {
			return err
		}
		r.other(strings.ToLower(f[0]))
	}
	return nil
}

// libraries are those of MySQL 9.2 and later.
func (r *reader) libraries() error {
	known, err := r.rows("SELECT 1 FROM information_schema.tables WHERE table_schema = 'information_schema' AND table_name = 'LIBRARIES'")
	if err != nil || len(known) == 0 {
		return err
	}
	list, err := r.rows("SELECT library_name FROM information_schema.libraries WHERE library_schema = ? ORDER BY library_name", r.database)
	if err != nil {
		return err
	}
	for _, l := range list {
		if err := r.showAt("LIBRARY", l[0], 2, 1); err != nil {
			return err
		}
		r.other("library")
	}
	return nil
}

// grants are the rights on single tables and columns. Those on the database as a whole are the server's, not the schema's.
func (r *reader) grants() error {
	list, err := r.rows(`SELECT grantee, table_name, privilege_type, '' FROM information_schema.table_privileges WHERE table_schema = ?
		UNION ALL SELECT grantee, table_name, privilege_type, column_name FROM information_schema.column_privileges WHERE table_schema = ?
		ORDER BY 2, 1, 4, 3`, r.database, r.database)
	if err != nil {
		return err
	}
	for _, g := range list {
		column, on := "", ""
		if g[3] != "" {
			column, on = " ("+quote(g[3])+")", "."+g[3]
		}
		r.others = append(r.others, &catalog.Object{
			Kind: "grant", Table: g[1], Name: g[2] + on + " to " + g[0],
			Definition: "GRANT " + g[2] + column + " ON " + quote(g[1]) + " TO " + g[0], Drop: "REVOKE " + g[2] + column + " ON " + quote(g[1]) + " FROM " + g[0],
		})
	}
	return nil
}
