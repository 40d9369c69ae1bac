package proof

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// rowsPerTable is how many rows a table is given: enough for keys to be told apart and for one of them to have NULLs.
const rowsPerTable = 3

// Seed puts rows into the tables of a schema, parents before children, so that a migration has something to lose. Values are
// made by type and row number; where a condition refuses them, words and numbers of the conditions are tried. Rows fit the schema that is
// wanted too, as far as that says what fits: a text that becomes an enum holds words of the enum. It
// returns the tables that took no row, which the proof then says nothing about.
func (d *Database) Seed(ctx context.Context, s, wanted *catalog.Snapshot) (bare []string) {
	f := filler{d: d, s: s, wanted: wanted}
	f.keys()
	f.bounded()
	all := parentsFirst(s, wanted)
	left := slices.Clone(all)
	for range 2 { // tables that refer to each other in a circle take rows when the others have some
		left = slices.DeleteFunc(left, func(t *catalog.Table) bool { return f.fill(ctx, t) })
	}
	f.prune(ctx)
	for _, t := range all {
		if !f.some(ctx, t) {
			bare = append(bare, t.Schema+"."+t.Name)
		}
	}
	return bare
}

// filler puts rows into tables.
type filler struct {
	d         *Database
	s, wanted *catalog.Snapshot
	// keyed are the columns that foreign keys of either schema refer from or to, and those that are a key alone: they have the row's
	// number for a value, so that rows find one another. loose are those that refer to a table which only one of the schemas has.
	keyed, loose map[place]bool
	// routes are the values by which rows find a partition; a keyed column takes them in the order of the rows.
	routes map[place][]string
}

// place is a column.
type place struct{ schema, table, column string }

// keys finds the keyed and the loose columns.
func (f *filler) keys() {
	f.keyed, f.loose = map[place]bool{}, map[place]bool{}
	for _, s := range []*catalog.Snapshot{f.s, f.wanted} {
		if s == nil {
			continue
		}
		for _, sc := range s.Schemas {
			for _, t := range sc.Tables {
				for _, k := range t.Constraints {
					f.key(t, k)
				}
			}
		}
	}
}

func (f *filler) key(t *catalog.Table, k *catalog.Constraint) {
	if k.Kind != ir.ForeignKey && (k.Kind != ir.PrimaryKey || len(k.Columns) != 1) {
		return
	}
	to := k.RefSchema
	if to == "" {
		to = t.Schema
	}
	for _, c := range k.Columns {
		f.keyed[place{t.Schema, t.Name, c}] = true
		if k.Kind == ir.ForeignKey && (f.s.Table(to, k.RefTable) == nil || f.wanted != nil && f.wanted.Table(to, k.RefTable) == nil) {
			f.loose[place{t.Schema, t.Name, c}] = true
		}
	}
	for _, c := range k.RefColumns {
		f.keyed[place{to, k.RefTable, c}] = true
	}
}

// fill tells whether at least one row stands in the table.
func (f *filler) fill(ctx context.Context, t *catalog.Table) bool {
	words, most := map[string][]string{}, 0
	for _, c := range t.Columns {
		words[c.Name] = f.words(t, c)
		most = max(most, len(words[c.Name]))
	}
	any := false
	for row := 1; row <= rowsPerTable; row++ {
		for _, a := range attempts(most, row) {
			a.words = words
			if f.insertFitting(ctx, t, a, row) {
				any = true
				break
			}
		}
	}
	return any
}

// insertFitting inserts a row that both schemas take; one that the wanted schema would refuse is taken back.
func (f *filler) insertFitting(ctx context.Context, t *catalog.Table, a attempt, row int) bool {
	if f.d.Run(ctx, "BEGIN") != nil {
		return false
	}
	if f.d.Run(ctx, f.insert(t, a, row)) != nil || !f.fits(ctx, t) {
		f.d.Run(ctx, "ROLLBACK") //nolint:errcheck // the transaction failed before, or is given up
		return false
	}
	return f.d.Run(ctx, "COMMIT") == nil
}

// conditioned are the tables of the wanted schema that a row of a table may stand in: itself and its partitions.
func (f *filler) conditioned(t *catalog.Table) []*catalog.Table {
	var out []*catalog.Table
	if of := f.wantedTable(t); of != nil {
		out = append(out, of)
	}
	if f.wanted == nil {
		return out
	}
	for _, sc := range f.wanted.Schemas {
		for _, p := range sc.Tables {
			if w := whole(f.wanted, p); w != nil && w.Name == t.Name && w.Schema == t.Schema {
				out = append(out, p)
			}
		}
	}
	return out
}

// violated tells whether rows are there for which a condition is false. One that can't be asked of the old table, for it names what that has not, is
// taken to hold.
func (f *filler) violated(ctx context.Context, t *catalog.Table, condition string) bool {
	return f.found(ctx, "SELECT 1 FROM "+f.name(t)+" WHERE NOT ("+condition+")")
}

func (f *filler) name(t *catalog.Table) string {
	name := f.d.Dialect.Quote(t.Name)
	if t.Schema != "" && t.Schema != f.s.DefaultSchema {
		name = f.d.Dialect.Quote(t.Schema) + "." + name
	}
	return name
}

// attempt is one way to fill a row.
type attempt struct {
	words map[string][]string
	word  int  // which of a column's words is written; -1 for values made by type
	least bool // only the columns that must be given
	// spread makes numbers rise (1) or fall (-1) from column to column, for conditions that compare two.
	spread int
}

// attempts are the ways to fill a row. One row of a table has NULLs where it can.
func attempts(words, row int) []attempt {
	out := []attempt{{word: row - 1, least: row == rowsPerTable}}
	for i := range words {
		out = append(out, attempt{word: i + row, least: false}, attempt{word: i + row, least: true})
	}
	return append(out, attempt{word: -1, least: true}, attempt{word: -1}, attempt{word: -1, spread: 1}, attempt{word: -1, spread: -1})
}

// insert writes a row. Columns that the engine fills alone are left out.
func (f *filler) insert(t *catalog.Table, a attempt, row int) string {
	var columns, values []string
	for i, c := range t.Columns {
		if c.Generated != "" || c.Identity == "always" || c.Hidden {
			continue
		}
		at := place{t.Schema, t.Name, c.Name}
		if a.least && !c.NotNull && !f.keyed[at] && !f.retyped(t, c) && len(a.words[c.Name]) == 0 {
			continue
		}
		if f.loose[at] && !c.NotNull {
			continue // the rows that it would refer to come or go with their table
		}
		v := value(f.s, f.common(t, c), row)
		if v == strconv.Itoa(row) && a.spread != 0 && !f.keyed[at] {
			place := i + 1
			if a.spread < 0 {
				place = len(t.Columns) - i
			}
			v = strconv.Itoa(row + 10*place)
		}
		if list := f.routes[at]; len(list) > 0 && f.keyed[at] {
			if w, ok := worded(f.s, c, list[(row-1)%len(list)]); ok {
				v = w
			}
		}
		if list := a.words[c.Name]; a.word >= 0 && len(list) > 0 && !f.keyed[at] {
			if w, ok := worded(f.s, c, list[a.word%len(list)]); ok {
				v = w
			}
		}
		columns, values = append(columns, f.d.Dialect.Quote(c.Name)), append(values, v)
	}
	name := f.name(t)
	if len(columns) == 0 {
		if f.s.Engine == catalog.MySQL {
			return "INSERT INTO " + name + " () VALUES ()"
		}
		return "INSERT INTO " + name + " DEFAULT VALUES"
	}
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", name, strings.Join(columns, ", "), strings.Join(values, ", "))
}

// wantedTable is a table as the wanted schema has it, nil where it has none.
func (f *filler) wantedTable(t *catalog.Table) *catalog.Table {
	if f.wanted == nil {
		return nil
	}
	return f.wanted.Table(t.Schema, t.Name)
}

// retyped tells whether a column gets another type: then its rows have values that fit both, and no default that may not.
func (f *filler) retyped(t *catalog.Table, c *catalog.Column) bool {
	of := f.wantedTable(t)
	if of == nil {
		return false
	}
	is := of.Column(c.Name, f.s.Caseless())
	return is != nil && is.Type != c.Type
}

var literal = regexp.MustCompile(`'((?:[^']|'')*)'|\b[0-9]+(?:\.[0-9]+)?\b`)

// common is a column with those values of its enum that the wanted one has too, where there are any.
func (f *filler) common(t *catalog.Table, c *catalog.Column) *catalog.Column {
	of := f.wantedTable(t)
	old := members(f.s, c, base(f.s, c.Type))
	if of == nil || len(old) == 0 {
		return c
	}
	is := of.Column(c.Name, f.s.Caseless())
	if is == nil {
		return c
	}
	now := members(f.wanted, is, base(f.wanted, is.Type))
	both := slices.DeleteFunc(slices.Clone(old), func(v string) bool { return !slices.Contains(now, v) })
	if len(both) == 0 {
		return c
	}
	out := *c
	out.EnumValues = both
	return &out
}

// words are the words and numbers that a column may have to be one of, in either schema: those of CHECKs that name it, of its domain's, of the bounds of
// partitions where it is in the key, and the values of the enum that it becomes.
func (f *filler) words(t *catalog.Table, c *catalog.Column) []string {
	var texts, out []string
	for _, s := range []*catalog.Snapshot{f.wanted, f.s} {
		if s == nil {
			continue
		}
		of := s.Table(t.Schema, t.Name)
		if of == nil {
			continue
		}
		for _, k := range of.Constraints {
			if k.Kind == ir.Check && names(k.Expr, c.Name) {
				texts = append(texts, k.Expr)
			}
		}
		if names(of.Partition, c.Name) {
			texts = append(texts, bounds(s, of)...)
		}
		if parent := whole(s, of); parent != nil && names(parent.Partition, c.Name) {
			texts = append(texts, of.Bound)
		}
		is := of.Column(c.Name, s.Caseless())
		if is == nil {
			continue
		}
		out = append(out, members(s, is, base(s, is.Type))...)
		if is.Type.Kind == types.Domain {
			if d := s.Type(is.Type.Schema, is.Type.Name); d != nil {
				for _, k := range d.Checks {
					texts = append(texts, k.Expr)
				}
			}
		}
	}
	for _, m := range bound.FindAllStringSubmatch(strings.Join(texts, "\n"), -1) {
		n, err := strconv.Atoi(m[2])
		if step := map[string]int{">": 1, "<": -1}[m[1]]; err == nil && len(out) < 20 {
			for row := range rowsPerTable { // as many values as rows, all on the right side
				out = append(out, strconv.Itoa(n+step*(row+1)))
			}
		}
	}
	for _, m := range literal.FindAllString(strings.Join(texts, "\n"), -1) {
		if m = strings.ReplaceAll(strings.Trim(m, "'"), "''", "'"); !slices.Contains(out, m) && len(out) < 20 {
			out = append(out, m)
		}
	}
	if of := f.wantedTable(t); of != nil { // what is too long for the wanted type is no value
		if is := of.Column(c.Name, f.s.Caseless()); is != nil && is.Type.Length > 0 {
			out = slices.DeleteFunc(out, func(w string) bool { return len(w) > int(is.Type.Length) })
		}
	}
	return out
}

// bound is a comparison with a number.
var bound = regexp.MustCompile(`([<>])=?\s*\(?([0-9]+)\b`)

// names tells whether an expression names a column.
func names(expression, column string) bool {
	return slices.Contains(word.FindAllString(expression, -1), column)
}

var word = regexp.MustCompile(`[\p{L}_][\p{L}\p{N}_$]*`)

// bounds are those of a table's partitions.
func bounds(s *catalog.Snapshot, of *catalog.Table) []string {
	var out []string
	for _, sc := range s.Schemas {
		for _, t := range sc.Tables {
			if t.PartitionOf != "" && strings.HasSuffix(t.PartitionOf, of.Name) {
				out = append(out, t.Bound)
			}
		}
	}
	return out
}

// whole is the table that a partition is of, nil for what is none.
func whole(s *catalog.Snapshot, of *catalog.Table) *catalog.Table {
	if of.PartitionOf == "" {
		return nil
	}
	for _, sc := range s.Schemas {
		for _, t := range sc.Tables {
			if t.Partition != "" && (of.PartitionOf == t.Name || of.PartitionOf == t.Schema+"."+t.Name) {
				return t
			}
		}
	}
	return nil
}

// parentsFirst are the tables that take rows themselves, those that foreign keys refer to before those that refer; in a
// circle any order.
func parentsFirst(s, wanted *catalog.Snapshot) []*catalog.Table {
	var out []*catalog.Table
	seen := map[*catalog.Table]bool{}
	var visit func(t *catalog.Table)
	visit = func(t *catalog.Table) {
		if t == nil || seen[t] {
			return
		}
		seen[t] = true
		keys := t.Constraints
		if wanted != nil {
			if of := wanted.Table(t.Schema, t.Name); of != nil {
				keys = slices.Concat(keys, of.Constraints)
			}
		}
		for _, k := range keys {
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
