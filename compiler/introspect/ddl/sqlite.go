package ddl

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

func (w *writer) sqlite() {
	for _, sc := range w.s.Schemas {
		if sc.Name != w.s.DefaultSchema {
			continue // temp lives with a connection, attached files are databases of their own
		}
		for _, t := range sc.Tables {
			switch t.Kind {
			case catalog.BaseTable:
				w.liteTable(t)
			case catalog.VirtualTable:
				args := ""
				if len(t.ModuleArgs) > 0 {
					args = "(" + strings.Join(t.ModuleArgs, ", ") + ")"
				}
				w.statement("CREATE VIRTUAL TABLE %s USING %s%s", w.quote(t.Name), t.Module, args)
			}
			w.liteIndexes(t)
		}
		for _, t := range sc.Tables {
			if t.Kind == catalog.View {
				columns := make([]string, len(t.Columns))
				for i, c := range t.Columns {
					columns[i] = c.Name
				}
				head := w.quote(t.Name)
				if len(columns) > 0 {
					head += " (" + w.names(columns) + ")"
				}
				w.statement("CREATE VIEW %s AS\n%s", head, strings.TrimRight(t.Text, " \n;"))
			}
		}
		for _, g := range sc.Triggers {
			w.statement("%s", strings.TrimSuffix(strings.TrimSpace(g.Text), ";"))
		}
	}
}

func (w *writer) liteTable(t *catalog.Table) {
	// AUTOINCREMENT, and a descending key that is no rowid, are written at the column alone.
	inline := t.PrimaryKey()
	if inline != nil && (len(inline.Columns) != 1 || inline.Name != "") {
		inline = nil
	}
	var lines []string
	for _, c := range t.Columns {
		if c.Hidden {
			continue
		}
		s := w.quote(c.Name)
		if c.Declared != "" {
			s += " " + c.Declared
		}
		if inline != nil && strings.EqualFold(inline.Columns[0], c.Name) {
			s += " PRIMARY KEY"
			if inline.Using == "desc" {
				s += " DESC"
			}
			s += conflict(inline)
			if c.Identity != "" {
				s += " AUTOINCREMENT"
			}
			if c.NotNull && !t.Strict && !t.WithoutRowID && !strings.EqualFold(c.Declared, "INTEGER") {
				s += " NOT NULL"
			}
		} else if c.NotNull {
			s += " NOT NULL"
		}
		if c.Default != "" {
			s += " DEFAULT " + liteValue(c.Default)
		}
		if c.Collation != "" {
			s += " COLLATE " + w.quote(c.Collation)
		}
		if c.Generated != "" {
			s += " GENERATED ALWAYS AS " + bracketed(c.Generated) + map[bool]string{true: " STORED", false: " VIRTUAL"}[c.Stored]
		}
		lines = append(lines, s)
	}
	for _, k := range t.Constraints {
		if k == inline {
			continue
		}
		s := w.constraintName(k)
		switch k.Kind {
		case ir.PrimaryKey, ir.Unique:
			s += keyWords[k.Kind] + " (" + w.liteKey(k) + ")" + conflict(k)
		case ir.Check:
			s += "CHECK " + bracketed(k.Expr) + conflict(k)
		case ir.ForeignKey:
			s += w.foreignKey(k) + timing(k)
		}
		lines = append(lines, s)
	}
	var tail []string
	if t.Strict {
		tail = append(tail, "STRICT")
	}
	if t.WithoutRowID {
		tail = append(tail, "WITHOUT ROWID")
	}
	s := fmt.Sprintf("CREATE TABLE %s %s %s", w.quote(t.Name), body(lines), strings.Join(tail, ", "))
	w.statement("%s", strings.TrimSpace(s))
}

// literalValue is what DEFAULT takes without brackets.
var literalValue = regexp.MustCompile(`^([+-]?[0-9.][0-9.eExXa-fA-F_]*|[xX]?'([^']|'')*'|"[^"]*"|[A-Za-z_]+)$`)

func liteValue(expr string) string {
	if literalValue.MatchString(expr) {
		return expr
	}
	return bracketed(expr)
}

// liteKey are a key's columns with the collations written to them.
func (w *writer) liteKey(k *catalog.Constraint) string {
	if k.Collations == nil {
		return w.names(k.Columns)
	}
	parts := make([]string, len(k.Columns))
	for i, c := range k.Columns {
		parts[i] = w.quote(c)
		if k.Collations[i] != "" {
			parts[i] += " COLLATE " + w.quote(k.Collations[i])
		}
	}
	return strings.Join(parts, ", ")
}

func conflict(k *catalog.Constraint) string {
	if k.OnConflict == "" {
		return ""
	}
	return " ON CONFLICT " + k.OnConflict
}

func (w *writer) liteIndexes(t *catalog.Table) {
	for _, x := range t.Indexes {
		parts := make([]string, len(x.Parts))
		for i, p := range x.Parts {
			part := w.quote(p.Column)
			if p.Column == "" {
				part = p.Expr
			}
			if p.Collation != "" {
				part += " COLLATE " + w.quote(p.Collation)
			}
			if p.Desc {
				part += " DESC"
			}
			parts[i] = part
		}
		s := "CREATE INDEX "
		if x.Unique {
			s = "CREATE UNIQUE INDEX "
		}
		s += fmt.Sprintf("%s ON %s (%s)", w.quote(x.Name), w.quote(t.Name), strings.Join(parts, ", "))
		if x.Where != "" {
			s += " WHERE " + x.Where
		}
		w.statement("%s", s)
	}
}
