package sqlite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

// versions are those from which SQLite takes a form (changes.html).
var versions = map[string]int{
	"WITHOUT ROWID":     3008002,
	"RENAME COLUMN":     3025000,
	"generated columns": 3031000,
	"DROP COLUMN":       3035000,
	"STRICT":            3037000,
}

// since refuses a form that the engine does not know yet. Of one whose version nobody knows it is taken that it knows all.
func (s *statement) since(form string) {
	if v := versions[form]; s.Version != 0 && s.Version < v && s.Refused == "" {
		s.Refused = fmt.Sprintf("SQLite knows %s from %d.%d on, and this is %d.%d.%d", form, v/1000000, v/1000%1000, s.Version/1000000, s.Version/1000%1000, s.Version%1000)
	}
}

// needs are the forms of a CREATE TABLE.
func (s *statement) needs(n *ir.CreateTable) {
	if n.Strict {
		s.since("STRICT")
	}
	if n.WithoutRowID {
		s.since("WITHOUT ROWID")
	}
	for _, c := range n.Columns {
		if slices.ContainsFunc(c.Constraints, func(k ir.Constraint) bool { return k.Kind == ir.Generated }) {
			s.since("generated columns")
		}
	}
}

// uses tells whether a trigger names a column of its own table as OLD's or NEW's. UPDATE OF a column that is gone is passed over by the engine.
func uses(g *catalog.Trigger, column string) bool {
	words := strings.FieldsFunc(strings.ToLower(g.Text), func(r rune) bool { return strings.ContainsRune(" \t\r\n(),;=<>+-*/|\"`[]", r) })
	column = strings.ToLower(column)
	return slices.ContainsFunc(words, func(w string) bool { return w == "old."+column || w == "new."+column })
}
