package proof

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

// rowsPerTable is how many rows a table is given: enough for keys to be told apart and for one of them to have NULLs.
const rowsPerTable = 3

// Seed puts rows into the tables of a schema, parents before children, so that a migration has something to lose. Values are
// made by type and row number; where a condition refuses them, words and numbers of the table's own conditions are tried. It
// returns the tables that took no row, which the proof then says nothing about.
func (d *Database) Seed(ctx context.Context, s *catalog.Snapshot) (bare []string) {
	for _, t := range parentsFirst(s) {
		if !d.seed(ctx, s, t) {
			bare = append(bare, t.Schema+"."+t.Name)
		}
	}
	return bare
}

// seed tells whether at least one row stands in the table.
func (d *Database) seed(ctx context.Context, s *catalog.Snapshot, t *catalog.Table) bool {
	words := literals(s, t)
	any := false
	for row := 1; row <= rowsPerTable; row++ {
		for _, attempt := range attempts(t, words, row) {
			if d.Run(ctx, d.insert(s, t, attempt, row)) == nil {
				any = true
				break
			}
		}
	}
	return any
}

// attempt is one way to fill a row.
type attempt struct {
	word  string // is written where it fits a text or a number; "" for values made by type
	least bool   // only the columns that must be given
}

func attempts(t *catalog.Table, words []string, row int) []attempt {
	out := []attempt{{"", row == rowsPerTable}}
	for i := range words {
		out = append(out, attempt{words[(i+row-1)%len(words)], false}, attempt{words[(i+row-1)%len(words)], true})
	}
	return append(out, attempt{"", true}, attempt{"", false})
}

// insert writes a row. Columns that the engine fills alone are left out.
func (d *Database) insert(s *catalog.Snapshot, t *catalog.Table, a attempt, row int) string {
	var columns, values []string
	for _, c := range t.Columns {
		if c.Generated != "" || c.Identity == "always" || c.Hidden {
			continue
		}
		if a.least && !c.NotNull && !keyed(t, c.Name) {
			continue
		}
		v := value(s, c, row)
		if a.word != "" {
			if w, ok := worded(s, c, a.word); ok && !keyed(t, c.Name) {
				v = w
			}
		}
		columns, values = append(columns, d.Dialect.Quote(c.Name)), append(values, v)
	}
	name := d.Dialect.Quote(t.Name)
	if t.Schema != "" && t.Schema != s.DefaultSchema {
		name = d.Dialect.Quote(t.Schema) + "." + name
	}
	if len(columns) == 0 {
		if s.Engine == catalog.MySQL {
			return "INSERT INTO " + name + " () VALUES ()"
		}
		return "INSERT INTO " + name + " DEFAULT VALUES"
	}
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", name, strings.Join(columns, ", "), strings.Join(values, ", "))
}

// keyed tells whether a column refers to another table or is a key alone: its value is then the row's number.
func keyed(t *catalog.Table, column string) bool {
	for _, k := range t.Constraints {
		if (k.Kind == ir.ForeignKey || k.Kind == ir.PrimaryKey && len(k.Columns) == 1) && slices.Contains(k.Columns, column) {
			return true
		}
	}
	return false
}

var literal = regexp.MustCompile(`'((?:[^']|'')*)'|\b[0-9]+(?:\.[0-9]+)?\b`)

// literals are the words and numbers that stand in the conditions on a table's rows: CHECKs of the table and of its domains, the bounds of
// its partitions.
func literals(s *catalog.Snapshot, t *catalog.Table) []string {
	var texts []string
	for _, k := range t.Constraints {
		texts = append(texts, k.Expr)
	}
	for _, sc := range s.Schemas {
		for _, p := range sc.Tables {
			if p.PartitionOf != "" && strings.HasSuffix(p.PartitionOf, t.Name) {
				texts = append(texts, p.Bound)
			}
		}
		for _, d := range sc.Types {
			for _, k := range d.Checks {
				texts = append(texts, k.Expr)
			}
		}
	}
	var out []string
	for _, m := range literal.FindAllString(strings.Join(texts, "\n"), -1) {
		if m = strings.ReplaceAll(strings.Trim(m, "'"), "''", "'"); !slices.Contains(out, m) && len(out) < 20 {
			out = append(out, m)
		}
	}
	return out
}

// parentsFirst are the tables that take rows themselves, those that foreign keys refer to before those that refer; in a
// circle any order.
func parentsFirst(s *catalog.Snapshot) []*catalog.Table {
	var out []*catalog.Table
	seen := map[*catalog.Table]bool{}
	var visit func(t *catalog.Table)
	visit = func(t *catalog.Table) {
		if t == nil || seen[t] {
			return
		}
		seen[t] = true
		for _, k := range t.Constraints {
			if k.Kind == ir.ForeignKey {
				schema := k.RefSchema
				if schema == "" {
					schema = t.Schema
				}
				visit(s.Table(schema, k.RefTable))
			}
		}
		if t.Kind == catalog.BaseTable && t.PartitionOf == "" {
			out = append(out, t)
		}
	}
	for _, sc := range s.Schemas {
		for _, t := range sc.Tables {
			visit(t)
		}
	}
	return out
}
