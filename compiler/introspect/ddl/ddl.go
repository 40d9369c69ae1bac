// Package ddl writes a catalog snapshot as a file of DDL that the engine executes and that
// the compiler reads back to an equal snapshot. It knows each engine's spelling of what the
// catalog models; where the catalog comes from it does not know.
package ddl

import (
	"fmt"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

// Quoter writes an identifier so that it names exactly name in an engine's SQL, as
// dialect.Dialect's Quote does.
type Quoter func(name string) string

// Write gives the DDL of a snapshot: types before the tables that use them, foreign keys
// behind all tables, views behind what they read, one statement a paragraph. The system's own
// schemas and the members of extensions are not written.
func Write(s *catalog.Snapshot, quote Quoter) string {
	w := &writer{s: s, quote: quote}
	engines[s.Engine](w)
	return w.b.String()
}

var engines = map[catalog.Engine]func(*writer){
	catalog.PostgreSQL: (*writer).postgres,
	catalog.MySQL:      (*writer).mysql,
	catalog.SQLite:     (*writer).sqlite,
}

type writer struct {
	s     *catalog.Snapshot
	quote Quoter
	b     strings.Builder
}

// statement writes one statement and its semicolon.
func (w *writer) statement(format string, args ...any) {
	if w.b.Len() > 0 {
		w.b.WriteString("\n")
	}
	fmt.Fprintf(&w.b, format, args...)
	w.b.WriteString(";\n")
}

// name is an object's name with its schema, where that is not the default one.
func (w *writer) name(schema, name string) string {
	if schema == "" || schema == w.s.DefaultSchema {
		return w.quote(name)
	}
	return w.quote(schema) + "." + w.quote(name)
}

func (w *writer) names(list []string) string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = w.quote(n)
	}
	return strings.Join(out, ", ")
}

// text is a string literal. Backslashes stand for themselves.
func text(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// bracketed puts an expression in brackets, unless it stands in them as a whole.
func bracketed(expr string) string {
	expr = strings.TrimSpace(expr)
	if enclosed(expr) {
		return expr
	}
	return "(" + expr + ")"
}

// enclosed tells whether the first bracket of an expression is closed by its last character.
func enclosed(expr string) bool {
	if !strings.HasPrefix(expr, "(") || !strings.HasSuffix(expr, ")") {
		return false
	}
	depth := 0
	var in rune
	for i, c := range expr {
		switch {
		case in != 0:
			if c == in {
				in = 0
			}
		case c == '\'' || c == '"' || c == '`':
			in = c
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 && i < len(expr)-1 {
				return false
			}
		}
	}
	return depth == 0
}

// body writes the lines inside CREATE TABLE (…).
func body(lines []string) string {
	if len(lines) == 0 {
		return "()"
	}
	return "(\n  " + strings.Join(lines, ",\n  ") + "\n)"
}

// foreignKey is FOREIGN KEY (…) REFERENCES … with its actions.
func (w *writer) foreignKey(k *catalog.Constraint) string {
	s := fmt.Sprintf("FOREIGN KEY (%s) REFERENCES %s", w.names(k.Columns), w.name(k.RefSchema, k.RefTable))
	if len(k.RefColumns) > 0 {
		s += " (" + w.names(k.RefColumns) + ")"
	}
	if k.Match != "" {
		s += " MATCH " + k.Match
	}
	if k.OnUpdate != "" {
		s += " ON UPDATE " + k.OnUpdate
	}
	if k.OnDelete != "" {
		s += " ON DELETE " + k.OnDelete
	}
	return s
}

func (w *writer) constraintName(k *catalog.Constraint) string {
	if k.Name == "" {
		return ""
	}
	return "CONSTRAINT " + w.quote(k.Name) + " "
}

func timing(k *catalog.Constraint) string {
	s := ""
	if k.Deferrable {
		s += " DEFERRABLE"
	}
	if k.InitiallyDeferred {
		s += " INITIALLY DEFERRED"
	}
	return s
}

func isView(t *catalog.Table) bool {
	return t.Kind == catalog.View || t.Kind == catalog.MaterializedView
}

var keyWords = map[ir.ConstraintKind]string{ir.PrimaryKey: "PRIMARY KEY", ir.Unique: "UNIQUE"}
