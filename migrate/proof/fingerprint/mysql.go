package fingerprint

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// MySQL reads the print of the database that conn is connected to, of MySQL and of MariaDB: what SHOW CREATE says of every table, view,
// sequence, trigger, routine and event, and what information_schema says of each column besides. Counters are left out, and a
// DEFINER who is the connection's user; a sql_mode that is the server's own is not told.
func MySQL(ctx context.Context, conn *sql.Conn) (_ Print, err error) {
	m := &mysql{ctx: ctx, conn: conn, print: Print{}}
	var mode string
	if err := conn.QueryRowContext(ctx, "SELECT @@SESSION.sql_mode").Scan(&mode); err != nil {
		return nil, fmt.Errorf("reading the session's sql_mode: %w", err)
	}
	defer func() {
		_, back := conn.ExecContext(context.WithoutCancel(ctx), "SET SESSION sql_mode = ?", mode)
		err = errors.Join(err, back)
	}()
	for _, step := range []func() error{m.session, m.schema, m.relations, m.columns, m.routines, m.triggers, m.events, m.grants} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return m.print, nil
}

type mysql struct {
	ctx                  context.Context
	conn                 *sql.Conn
	database, user, mode string
	print                Print
}

func (m *mysql) session() error {
	var database sql.NullString
	if err := m.conn.QueryRowContext(m.ctx, "SELECT DATABASE(), CURRENT_USER(), @@GLOBAL.sql_mode").Scan(&database, &m.user, &m.mode); err != nil {
		return fmt.Errorf("reading which database and user the connection has: %w", err)
	}
	if m.database = database.String; m.database == "" {
		return errors.New("the connection has no database")
	}
	if at := strings.LastIndex(m.user, "@"); at >= 0 {
		m.user = backquoted(m.user[:at]) + "@" + backquoted(m.user[at+1:])
	}
	_, err := m.conn.ExecContext(m.ctx, "SET SESSION sql_mode = '', sql_quote_show_create = 1")
	return err
}

func backquoted(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

// rows gives a query's rows as texts; NULL is "\x00", which no text is.
func (m *mysql) rows(query string, args ...any) ([][]string, error) {
	rows, err := m.conn.QueryContext(m.ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out [][]string
	for rows.Next() {
		values, into, row := make([]sql.NullString, len(columns)), make([]any, len(columns)), make([]string, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		for i, v := range values {
			if row[i] = v.String; !v.Valid {
				row[i] = "\x00"
			}
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// show is what SHOW CREATE says of an object in its n-th column, with the sql_mode of the column mode, where that is not the server's.
func (m *mysql) show(kind, name string, n, mode int) (string, error) {
	rows, err := m.rows("SHOW CREATE " + kind + " " + backquoted(name))
	if err != nil {
		return "", err
	}
	if len(rows) != 1 || len(rows[0]) <= n || rows[0][n] == "\x00" {
		return "", fmt.Errorf("the server does not show %s %s; it takes the right to see its definition", strings.ToLower(kind), name)
	}
	text := strings.ReplaceAll(rows[0][n], backquoted(m.database)+".", "")
	text = strings.Replace(text, "DEFINER="+m.user+" ", "", 1)
	if mode > 0 && rows[0][mode] != m.mode {
		text = "sql_mode " + rows[0][mode] + "\n" + text
	}
	return text, nil
}

func (m *mysql) schema() error {
	text, err := m.show("DATABASE", m.database, 1, 0)
	m.print["database"] = strings.Replace(text, backquoted(m.database), "", 1)
	return err
}

var nextValue = regexp.MustCompile(` AUTO_INCREMENT=[0-9]+`)

func (m *mysql) relations() error {
	list, err := m.rows("SHOW FULL TABLES")
	if err != nil {
		return err
	}
	for _, t := range list {
		kind := map[string]string{"VIEW": "VIEW", "SEQUENCE": "SEQUENCE"}[t[1]]
		if kind == "" {
			kind = "TABLE"
		}
		text, err := m.show(kind, t[0], 1, 0)
		if err != nil {
			return err
		}
		if kind == "TABLE" {
			text = tableText(text)
		}
		m.print[strings.ToLower(t[1])+" "+t[0]] = text
	}
	return nil
}

// tableText is a table's statement with its keys and constraints in alphabetical order, as the order in which they were made is no part
// of the schema. Columns stay in theirs.
func tableText(text string) string {
	lines := strings.Split(text, "\n")
	var columns, rest, tail []string
	for i, line := range lines[1:] {
		if strings.HasPrefix(line, ")") {
			tail = lines[i+1:]
			break
		}
		line = strings.TrimSuffix(line, ",")
		if strings.HasPrefix(line, "  `") {
			columns = append(columns, line)
		} else {
			rest = append(rest, line)
		}
	}
	slices.Sort(rest)
	if len(tail) > 0 {
		head, comment, _ := strings.Cut(tail[0], "COMMENT=")
		tail = append([]string{nextValue.ReplaceAllString(head, "") + comment}, tail[1:]...)
	}
	return strings.Join(slices.Concat(lines[:1], columns, rest, tail), "\n")
}

// columns are those of information_schema, where the character set and the collation stand that a statement leaves out.
func (m *mysql) columns() error {
	rows, err := m.rows("SELECT * FROM information_schema.columns WHERE table_schema = ? AND table_name IN (SELECT table_name FROM information_schema.tables WHERE table_schema = ? AND table_type <> 'VIEW') ORDER BY table_name, ordinal_position", m.database, m.database)
	if err != nil {
		return err
	}
	for _, r := range rows {
		table, column := r[2], r[3]
		r[16] = "" // COLUMN_KEY follows from the keys, and of a key's columns the server may name either
		m.print["column "+table+"."+column] = strings.ReplaceAll(strings.Join(r[4:], " | "), backquoted(m.database)+".", "")
	}
	return nil
}

func (m *mysql) routines() error {
	list, err := m.rows("SELECT routine_type, routine_name FROM information_schema.routines WHERE routine_schema = ?", m.database)
	if err != nil {
		return err
	}
	for _, f := range list {
		mode := 1
		if f[0] == "LIBRARY" {
			mode = 0
		}
		if m.print[strings.ToLower(f[0])+" "+f[1]], err = m.show(f[0], f[1], 2, mode); err != nil {
			return err
		}
	}
	return nil
}

func (m *mysql) triggers() error {
	list, err := m.rows(`SELECT trigger_name, event_object_table, action_timing, event_manipulation FROM information_schema.triggers
		WHERE trigger_schema = ? ORDER BY event_object_table, action_timing, event_manipulation, action_order`, m.database)
	if err != nil {
		return err
	}
	turn := map[string]int{}
	for _, g := range list {
		text, err := m.show("TRIGGER", g[0], 2, 1)
		if err != nil {
			return err
		}
		event := strings.Join(g[1:], " ")
		turn[event]++
		m.print["trigger "+g[0]] = fmt.Sprintf("%s, number %d\n%s", event, turn[event], text)
	}
	return nil
}

// events are told without STARTS where that is the moment at which the event was made.
func (m *mysql) events() error {
	list, err := m.rows(`SELECT event_name, CASE WHEN abs(timestampdiff(SECOND, starts, created)) <= 1 OR abs(timestampdiff(SECOND, starts, last_altered)) <= 1 THEN date_format(starts, '%Y-%m-%d %H:%i:%s') END
		FROM information_schema.events WHERE event_schema = ?`, m.database)
	if err != nil {
		return err
	}
	for _, e := range list {
		text, err := m.show("EVENT", e[0], 3, 1)
		if err != nil {
			return err
		}
		m.print["event "+e[0]] = strings.Replace(text, " STARTS '"+e[1]+"'", "", 1)
	}
	return nil
}

// grants are the rights on tables and columns.
func (m *mysql) grants() error {
	for _, view := range []string{"table_privileges", "column_privileges"} {
		list, err := m.rows("SELECT * FROM information_schema."+view+" WHERE table_schema = ?", m.database)
		if err != nil {
			return err
		}
		for _, g := range list {
			m.print["grant "+g[0]+" "+strings.Join(g[3:], " ")] = ""
		}
	}
	return nil
}
