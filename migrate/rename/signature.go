package rename

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

// spelling writes definitions with other names in the place of those that they have.
type spelling struct {
	column   func(string) string
	relation func(schema, table string) string
	// refers writes a column of another table.
	refers func(schema, table, column string) string
}

// plainly writes the names as they are, in small letters where case does not count.
func plainly(s *catalog.Snapshot) spelling {
	n := newNames(s, nil)
	return n.spelling("", "")
}

// spelling writes the definitions of a table's things as they are in the new schema.
func (n *names) spelling(schema, table string) spelling {
	return spelling{
		column: func(c string) string { return n.fold(n.of(ColumnKind, schema, table, c)) },
		relation: func(s, t string) string {
			if s == "" {
				s = n.fallback
			}
			return n.fold(s) + "." + n.fold(n.of(TableKind, s, "", t))
		},
		refers: func(s, t, c string) string {
			return n.fold(n.of(ColumnKind, s, n.of(TableKind, s, "", t), c))
		},
	}
}

// text writes an expression: identifiers are replaced and have no quotes.
func (s spelling) text(expression string) string {
	return name.ReplaceAllStringFunc(expression, func(word string) string { return s.column(strings.Trim(word, "\"`")) })
}

func (s spelling) columns(list []string) string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = s.column(c)
	}
	return strings.Join(out, ",")
}

func options(m map[string]string) (out string) {
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out += k + "=" + m[k] + ";"
	}
	return out
}

// index is all of an index but its name.
func (s spelling) index(x *catalog.Index) string {
	var b strings.Builder
	fmt.Fprintf(&b, "index %t %s %t %t %t where %s include %s with %s on ", x.Unique, x.Method, x.NullsNotDistinct, x.Invisible, x.Alone, s.text(x.Where), s.columns(x.Include), options(x.Options))
	for _, p := range x.Parts {
		column := ""
		if p.Column != "" {
			column = s.column(p.Column)
		}
		fmt.Fprintf(&b, "(%s|%s|%d|%t|%s|%s|%s)", column, s.text(p.Expr), p.Length, p.Desc, p.Nulls, p.Collation, p.OpClass)
	}
	return b.String()
}

// constraint is all of a constraint but its name.
func (s spelling) constraint(c *catalog.Constraint) string {
	out := fmt.Sprintf("constraint %d (%s) %v check %s %t %t %t %t %t include %s conflict %s using %s", c.Kind, s.columns(c.Columns), c.Collations, s.text(c.Expr),
		c.Deferrable, c.InitiallyDeferred, c.NotValid, c.NoInherit, c.NullsNotDistinct, s.columns(c.Include), c.OnConflict, c.Using)
	if c.Kind == ir.ForeignKey {
		out += " references " + s.target(c) + fmt.Sprintf(" %s %s %s", c.OnDelete, c.OnUpdate, c.Match)
	}
	return out
}

// target is what a foreign key refers to.
func (s spelling) target(c *catalog.Constraint) string {
	var columns []string
	for _, r := range c.RefColumns {
		columns = append(columns, s.refers(c.RefSchema, c.RefTable, r))
	}
	return s.relation(c.RefSchema, c.RefTable) + "(" + strings.Join(columns, ",") + ")"
}

// roles are the definitions in which a table's changed columns stand, for each of them, with marks in their places.
func (s spelling) roles(t *catalog.Table, changed map[string]bool) map[string][]string {
	out := map[string][]string{}
	add := func(write func(spelling) string) {
		for c := range changed {
			named := false
			marked := s
			marked.column = func(x string) string {
				switch x = s.column(x); {
				case x == c:
					named = true
					return "<this>"
				case changed[x]:
					return "<other>"
				default:
					return x
				}
			}
			if role := write(marked); named {
				out[c] = append(out[c], role)
			}
		}
	}
	for _, c := range t.Constraints {
		add(func(s spelling) string { return s.constraint(c) })
	}
	for _, x := range t.Indexes {
		add(func(s spelling) string { return s.index(x) })
	}
	return out
}
