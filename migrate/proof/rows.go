package proof

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/types"
)

// Rows are the rows of a schema's tables as texts, by the table's name.
type Rows map[string]Table

// Table is the rows of one table. Values are in the order of Columns.
type Table struct {
	Columns []Column
	Values  [][]sql.NullString
	// Key is by what PostgreSQL's partitioned tables are partitioned; the rows are its partitions'. Wholes are, of a
	// partition, the tables that it is a part of.
	Key    string
	Wholes []string
}

// Column is a column whose values were read.
type Column struct {
	Name      string
	Type      types.Type
	Generated bool
	NotNull   bool
}

// Rows reads all rows of the base tables of a schema. What can't be read as text by the engine's driver is an error.
func (d *Database) Rows(ctx context.Context, s *catalog.Snapshot) (Rows, error) {
	out := Rows{}
	for _, sc := range s.Schemas {
		for _, t := range sc.Tables {
			if t.Kind != catalog.BaseTable {
				continue
			}
			rows, err := d.rows(ctx, s, t)
			if err != nil {
				return nil, fmt.Errorf("reading %s.%s: %w", t.Schema, t.Name, err)
			}
			if s.Engine == catalog.PostgreSQL {
				rows.Key = t.Partition
				for p := t; p != nil && p.PartitionOf != "" && len(p.Postgres.Parents) > 0; {
					whole := p.Postgres.Parents[0]
					rows.Wholes = append(rows.Wholes, whole.Schema+"."+whole.Name)
					p = s.Table(whole.Schema, whole.Name)
				}
			}
			out[t.Schema+"."+t.Name] = rows
		}
	}
	return out, nil
}

func (d *Database) rows(ctx context.Context, s *catalog.Snapshot, t *catalog.Table) (Table, error) {
	var out Table
	var list []string
	for _, c := range t.Columns {
		if c.Hidden {
			continue
		}
		out.Columns = append(out.Columns, Column{c.Name, c.Type, c.Generated != "", c.NotNull})
		list = append(list, fmt.Sprintf(asText[s.Engine], d.Dialect.Quote(c.Name)))
	}
	if len(list) == 0 {
		list = []string{"'row'"}
		out.Columns = []Column{{}}
	}
	name := d.Dialect.Quote(t.Name)
	if t.Schema != "" && t.Schema != s.DefaultSchema {
		name = d.Dialect.Quote(t.Schema) + "." + name
	}
	var mode []any
	if s.Engine == catalog.PostgreSQL {
		name = "ONLY " + name               // the rows of a partitioned table are its partitions'
		mode = []any{pgx.QueryExecModeExec} // a statement that was prepared before the plan ran may give other types now
	}
	rows, err := d.conn.QueryContext(ctx, "SELECT "+strings.Join(list, ", ")+" FROM "+name, mode...)
	if err != nil {
		return out, said(err)
	}
	defer rows.Close()
	for rows.Next() {
		values := make([]sql.NullString, len(list))
		into := make([]any, len(list))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return out, err
		}
		out.Values = append(out.Values, values)
	}
	return out, said(rows.Err())
}

// asText writes a column as a text that two equal values share.
var asText = map[catalog.Engine]string{
	catalog.PostgreSQL: "(%s)::text",
	catalog.MySQL:      "HEX(CONCAT(%s))", // geometry and bits are bytes
	catalog.SQLite:     "CASE WHEN %[1]s IS NOT NULL THEN quote(%[1]s) END",
}

// Lost tells what of some rows is gone in others, a line a loss: tables that both schemas have must have as many rows, and the
// columns that both have, with the type that they had, the same values. Generated columns follow from the others. Where a table is
// partitioned in another way than before its rows are compared with those of all its partitions as one.
func (r Rows) Lost(now Rows) []string {
	var out []string
	together := r.rekeyed(now)
	for _, name := range slices.Sorted(maps.Keys(r)) {
		before := r[name]
		after, ok := now[name]
		switch group := together[name]; {
		case !ok, group != nil && group[0] != name:
		case group != nil:
			out = append(out, lost(name, r.union(group), now.union(group))...)
		default:
			out = append(out, lost(name, before, after)...)
		}
	}
	return out
}

// rekeyed are the tables that are partitioned in another way than they were, each with all its partitions of before and of now: by name the
// group that a table is in. The first of a group is in both.
func (r Rows) rekeyed(now Rows) map[string][]string {
	out := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(r)) {
		after, ok := now[name]
		if !ok || r[name].Key == after.Key {
			continue
		}
		group := []string{name}
		for _, rows := range []Rows{r, now} {
			for part, t := range rows {
				if slices.Contains(t.Wholes, name) {
					group = append(group, part)
				}
			}
		}
		for _, member := range slices.Clone(group) { // a partition of two such tables makes them one
			group = append(group, out[member]...)
		}
		slices.Sort(group[1:])
		group = slices.Compact(group)
		if i := slices.Index(group[1:], name); i >= 0 {
			group = slices.Delete(group, i+1, i+2)
		}
		for _, member := range group {
			out[member] = group
		}
	}
	return out
}

// union is the rows of some tables by the columns of the first.
func (r Rows) union(names []string) Table {
	out := r[names[0]]
	out.Values = slices.Clone(out.Values)
	for _, name := range names[1:] {
		t := r[name]
		for _, row := range t.Values {
			values := make([]sql.NullString, len(out.Columns))
			for i, c := range out.Columns {
				if j := slices.IndexFunc(t.Columns, func(x Column) bool { return x.Name == c.Name }); j >= 0 {
					values[i] = row[j]
				}
			}
			out.Values = append(out.Values, values)
		}
	}
	return out
}

// lost tells what of a table's rows is gone.
func lost(name string, before, after Table) (out []string) {
	if len(before.Values) != len(after.Values) {
		return []string{fmt.Sprintf("%s had %d rows and has %d", name, len(before.Values), len(after.Values))}
	}
	var a, b []int
	var kept []string
	for i, c := range before.Columns {
		j := slices.IndexFunc(after.Columns, func(x Column) bool { return x.Name == c.Name && x.Type == c.Type })
		switch {
		case j < 0 || c.Generated || after.Columns[j].Generated:
		case after.Columns[j].NotNull && !c.NotNull: // what was NULL was given a value, which is no loss
			if gone := missing(before, i, after, j); len(gone) > 0 {
				out = append(out, fmt.Sprintf("%s lost values of %s: %s", name, c.Name, strings.Join(gone, ", ")))
			}
		default:
			a, b, kept = append(a, i), append(b, j), append(kept, c.Name)
		}
	}
	if x, y := tuples(before, a), tuples(after, b); !slices.Equal(x, y) {
		out = append(out, fmt.Sprintf("%s has other values of %s: %s became %s", name, strings.Join(kept, ", "), strings.Join(x, " "), strings.Join(y, " ")))
	}
	return out
}

// tuples are the values of some columns, a text a row, sorted.
func tuples(t Table, columns []int) []string {
	out := make([]string, len(t.Values))
	for i, row := range t.Values {
		parts := make([]string, len(columns))
		for j, c := range columns {
			parts[j] = "NULL"
			if row[c].Valid {
				parts[j] = row[c].String
			}
		}
		out[i] = "(" + strings.Join(parts, ",") + ")"
	}
	slices.Sort(out)
	return out
}

// missing are the values of a column that another has not, or not as often.
func missing(before Table, i int, after Table, j int) (out []string) {
	count := map[string]int{}
	for _, row := range after.Values {
		count[row[j].String]++
	}
	for _, row := range before.Values {
		if !row[i].Valid {
			continue
		}
		if count[row[i].String]--; count[row[i].String] < 0 {
			out = append(out, row[i].String)
		}
	}
	return out
}
