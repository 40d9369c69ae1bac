package proof

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

// fits tells whether the wanted schema takes the rows of a table, as far as the old one can be asked: by its CHECKs, its keys and its partitions. It
// runs within the transaction that wrote the last of them.
func (f *filler) fits(ctx context.Context, t *catalog.Table) bool {
	for _, of := range f.conditioned(t) {
		for _, k := range of.Constraints {
			if k.Kind == ir.Check && k.Expr != "" && !k.NotValid && f.violated(ctx, of, k.Expr) {
				return false
			}
		}
	}
	of := f.wantedTable(t)
	return of == nil || f.distinct(ctx, t, of) && f.counted(ctx, t, of) && f.converted(ctx, t, of) && f.routed(ctx, t, of)
}

// counted tells whether the sequences of identities that PostgreSQL's table gets have a number for each row.
func (f *filler) counted(ctx context.Context, t, of *catalog.Table) bool {
	for _, c := range of.Columns {
		if f.s.Engine != catalog.PostgreSQL || c.Identity == "" || t.Column(c.Name, false) != nil {
			continue
		}
		for _, sc := range f.wanted.Schemas {
			for _, q := range sc.Sequences {
				if sc.Name != of.Schema || !slices.Contains([]string{of.Name + "." + c.Name, of.Schema + "." + of.Name + "." + c.Name}, q.OwnedBy) {
					continue
				}
				number := func(name string, or int) int {
					if n, err := strconv.Atoi(q.Options[name]); err == nil {
						return n
					}
					return or
				}
				step := number("increment", 1)
				left := (number("maxvalue", 1<<40)-number("start", 1))/max(step, 1) + 1
				if step < 0 {
					left = (number("start", -1)-number("minvalue", -1<<40))/-step + 1
				}
				if f.found(ctx, fmt.Sprintf("SELECT 1 FROM %s HAVING count(*) > %d", f.name(t), left)) {
					return false
				}
			}
		}
	}
	return true
}

// converted tells whether PostgreSQL turns the values of a table into the types that its columns get, where it can do so at all: by a cast, or by
// their text.
func (f *filler) converted(ctx context.Context, t, of *catalog.Table) bool {
	for _, c := range t.Columns {
		is := of.Column(c.Name, false)
		if f.s.Engine != catalog.PostgreSQL || is == nil || is.Postgres.Type == c.Postgres.Type || c.Generated+is.Generated != "" {
			continue
		}
		for _, cast := range []string{"::", "::text::"} {
			err := f.tried(ctx, "SELECT count(("+f.d.Dialect.Quote(c.Name)+")"+cast+is.Postgres.Type+") FROM "+f.name(t))
			var refused *pgconn.PgError
			switch {
			case errors.As(err, &refused) && refused.Code == "42846": // there is no such cast
				continue
			case refused != nil && (strings.HasPrefix(refused.Code, "22") || strings.HasPrefix(refused.Code, "23")) && !timed(c, is):
				return false
			}
			break
		}
	}
	return true
}

// timed tells whether one of two columns is a time and the other a number, which are turned into one another by functions.
func timed(a, b *catalog.Column) bool {
	is := func(c *catalog.Column, form string) bool {
		v := values[catalog.PostgreSQL][strings.ToLower(c.Type.Name)]
		return v == "%" && form == "%" || form != "%" && strings.HasPrefix(v, form)
	}
	return is(a, "%") && is(b, "'2020") || is(b, "%") && is(a, "'2020")
}

// tried runs a statement and undoes it, and what it did.
func (f *filler) tried(ctx context.Context, statement string) error {
	if err := f.d.Run(ctx, "SAVEPOINT covetsql_try"); err != nil {
		return err
	}
	_, err := f.d.conn.ExecContext(ctx, statement)
	f.d.Run(ctx, "ROLLBACK TO SAVEPOINT covetsql_try") //nolint:errcheck // the transaction's end would show it
	return err
}

// distinct tells whether rows are told apart by the keys of the wanted table. A column that it gets with a constant default has the same value in all.
func (f *filler) distinct(ctx context.Context, t, of *catalog.Table) bool {
	for _, key := range uniques(of) {
		var there []string
		told := false
		for _, name := range key {
			if c := t.Column(name, f.s.Caseless()); c != nil {
				there = append(there, f.d.Dialect.Quote(c.Name))
			} else if c := of.Column(name, f.s.Caseless()); c == nil || c.Default == "" || c.Identity != "" || strings.Contains(c.Default, "(") {
				told = true // by a value that is made for each row, or by NULLs
			}
		}
		if told {
			continue
		}
		query := "SELECT count(*) FROM " + f.name(t)
		if len(there) > 0 {
			query += " WHERE " + strings.Join(there, " IS NOT NULL AND ") + " IS NOT NULL GROUP BY " + strings.Join(there, ", ")
		}
		if f.found(ctx, query+" HAVING count(*) > 1") {
			return false
		}
	}
	return true
}

// uniques are the keys of a table and its unique indexes over columns of all rows.
func uniques(t *catalog.Table) [][]string {
	var out [][]string
	for _, k := range t.Constraints {
		if k.Kind == ir.PrimaryKey || k.Kind == ir.Unique {
			out = append(out, k.Columns)
		}
	}
	for _, x := range t.Indexes {
		var columns []string
		for _, p := range x.Parts {
			columns = append(columns, p.Column)
		}
		if x.Unique && x.Where == "" && !x.Alone {
			out = append(out, columns)
		}
	}
	return slices.DeleteFunc(out, func(key []string) bool { return slices.Contains(key, "") })
}

// found tells whether a query gives a row; one that the engine refuses gives none. It is asked within a savepoint, for on PostgreSQL a refused
// query ends the transaction.
func (f *filler) found(ctx context.Context, query string) bool {
	if f.d.Run(ctx, "SAVEPOINT covetsql_question") != nil {
		return false
	}
	found := false
	rows, err := f.d.conn.QueryContext(ctx, query)
	if err == nil {
		found = rows.Next()
		err = errors.Join(rows.Err(), rows.Close())
	}
	if err != nil {
		f.d.Run(ctx, "ROLLBACK TO SAVEPOINT covetsql_question") //nolint:errcheck // what can't be asked is not known
		return false
	}
	return found
}

// routed tells whether the wanted partitions of a table take its rows, and so the bound of one that becomes a partition; and whether its own take them
// when they come back without the values of the columns that went.
func (f *filler) routed(ctx context.Context, t, of *catalog.Table) bool {
	if f.s.Engine != catalog.PostgreSQL {
		return true
	}
	if t.Partition != "" && t.Partition != of.Partition && !f.takes(ctx, t, f.s, t, partsOf(f.s, t), of) {
		return false
	}
	whole, parts := of, partsOf(f.wanted, of)
	if of.PartitionOf != "" {
		if whole = parentOf(f.wanted, of); whole != nil {
			parts = []*catalog.Table{of}
		}
	}
	return whole == nil || whole.Partition == "" || f.takes(ctx, t, f.wanted, whole, parts, t)
}

// takes tells whether partitions of a schema take the rows of a table, of which the values of columns are left that another has too: they are put into
// a temporary table with such partitions.
func (f *filler) takes(ctx context.Context, t *catalog.Table, s *catalog.Snapshot, whole *catalog.Table, parts []*catalog.Table, left *catalog.Table) bool {
	var columns, values []string
	for _, c := range whole.Columns {
		if !names(whole.Partition, c.Name) && !slices.ContainsFunc(parts, func(p *catalog.Table) bool { return names(p.Partition, c.Name) }) {
			continue
		}
		name := f.d.Dialect.Quote(c.Name)
		value := name
		if left.Column(c.Name, false) == nil { // what the question for it is answered by is not known
			if value = "NULL"; c.Default != "" {
				value = c.Default
			}
		}
		columns, values = append(columns, name+" "+c.Postgres.Type), append(values, value)
	}
	statements := []string{"CREATE TEMP TABLE covet_whole (" + strings.Join(columns, ", ") + ") PARTITION BY " + whole.Partition}
	count := 0
	var split func(name string, parts []*catalog.Table)
	split = func(name string, parts []*catalog.Table) {
		for _, p := range parts {
			count++
			part := fmt.Sprintf("covet_part_%d", count)
			statement := "CREATE TEMP TABLE " + part + " PARTITION OF " + name + " " + p.Bound
			if p.Partition != "" {
				statement += " PARTITION BY " + p.Partition
			}
			statements = append(statements, statement)
			split(part, partsOf(s, p))
		}
	}
	split("covet_whole", parts)
	if f.d.Run(ctx, "SAVEPOINT covetsql_route") != nil {
		return true
	}
	defer f.d.Run(ctx, "ROLLBACK TO SAVEPOINT covetsql_route") //nolint:errcheck // the transaction's end would show it
	for _, statement := range statements {
		if f.d.Run(ctx, statement) != nil {
			return true // a type, say, that only the wanted schema has
		}
	}
	_, err := f.d.conn.ExecContext(ctx, "INSERT INTO covet_whole SELECT "+strings.Join(values, ", ")+" FROM "+f.name(t))
	var refused *pgconn.PgError
	return !errors.As(err, &refused) || refused.Code != "23514" // no partition takes it
}

// parentOf is the table that a table of PostgreSQL is a partition of, nil for what is none.
func parentOf(s *catalog.Snapshot, t *catalog.Table) *catalog.Table {
	if t.PartitionOf == "" || t.Postgres == nil || len(t.Postgres.Parents) == 0 {
		return nil
	}
	return s.Table(t.Postgres.Parents[0].Schema, t.Postgres.Parents[0].Name)
}

// partsOf are the partitions of a table of PostgreSQL.
func partsOf(s *catalog.Snapshot, whole *catalog.Table) []*catalog.Table {
	var out []*catalog.Table
	for _, sc := range s.Schemas {
		for _, t := range sc.Tables {
			if parentOf(s, t) == whole {
				out = append(out, t)
			}
		}
	}
	return out
}

// prune takes back what the foreign keys of the wanted schema refuse, and those of the old one on the way back, until they hold: the reference where it
// may be NULL, else the row.
func (f *filler) prune(ctx context.Context) {
	if f.wanted == nil {
		return
	}
	for range 10 {
		changed := false
		for _, way := range [][2]*catalog.Snapshot{{f.s, f.wanted}, {f.wanted, f.s}} {
			for _, sc := range way[1].Schemas {
				for _, of := range sc.Tables {
					for _, k := range of.Constraints {
						if k.Kind == ir.ForeignKey && !k.NotValid && way[0].Table(of.Schema, of.Name) != nil {
							changed = f.release(ctx, way[0], of, k) || changed
						}
					}
				}
			}
		}
		if !changed {
			return
		}
	}
}

// release takes back the rows of a table whose reference leads nowhere when it gets a foreign key, and tells whether there were any. before is the
// schema that does not have the key yet: rows have the columns that are in it and in the old one.
func (f *filler) release(ctx context.Context, before *catalog.Snapshot, of *catalog.Table, k *catalog.Constraint) bool {
	schema := k.RefSchema
	if schema == "" {
		schema = of.Schema
	}
	there := func(schema, name string) (here, then *catalog.Table) {
		if here, then = f.s.Table(schema, name), before.Table(schema, name); here == nil || then == nil {
			return nil, nil
		}
		return here, then
	}
	t, then := there(of.Schema, of.Name)
	to, toThen := there(schema, k.RefTable)
	if t == nil {
		return false
	}
	if len(k.RefColumns) != len(k.Columns) {
		return false
	}
	var given, same, null []string
	free, led := true, to != nil
	for i, name := range k.Columns {
		a, now := t.Column(name, f.s.Caseless()), of.Column(name, f.s.Caseless())
		if then.Column(name, f.s.Caseless()) == nil {
			a = nil
		}
		var b *catalog.Column
		if to != nil && toThen.Column(k.RefColumns[i], f.s.Caseless()) != nil {
			b = to.Column(k.RefColumns[i], f.s.Caseless())
		}
		if now == nil {
			return false
		}
		if a == nil { // rows get a value that may be no row's there, or NULL
			if !now.NotNull && now.Default == "" || now.Generated != "" || len(k.Columns) == 1 && now.Default == "" && to != nil && f.some(ctx, to) {
				return false
			}
			led, free = false, false
			continue
		}
		free = free && !a.NotNull && !now.NotNull
		column := f.d.Dialect.Quote(a.Name)
		given, null = append(given, column+" IS NOT NULL"), append(null, column+" = NULL")
		if b == nil {
			led = false
			continue
		}
		outer, inner := f.name(t)+"."+column, "covet_to."+f.d.Dialect.Quote(b.Name)
		if f.s.Engine == catalog.PostgreSQL { // a type changes perhaps, so that they can be compared
			outer, inner = outer+"::text", inner+"::text"
		}
		same = append(same, inner+" = "+outer)
	}
	if len(given) == 0 {
		given = []string{"1 = 1"}
	}
	where := " WHERE " + strings.Join(given, " AND ")
	if led {
		where += " AND NOT EXISTS (SELECT 1 FROM " + f.name(to) + " AS covet_to WHERE " + strings.Join(same, " AND ") + ")"
	}
	if free {
		if n, fits := f.alter(ctx, t, "UPDATE "+f.name(t)+" SET "+strings.Join(null, ", ")+where); fits {
			return n > 0
		}
	}
	n, _ := f.alter(ctx, t, "DELETE FROM "+f.name(t)+where)
	return n > 0
}

// some tells whether rows stand in a table.
func (f *filler) some(ctx context.Context, t *catalog.Table) bool {
	var n int
	err := f.d.conn.QueryRowContext(ctx, "SELECT count(*) FROM "+f.name(t)).Scan(&n)
	return err == nil && n > 0
}

// alter runs a statement over rows, and takes it back where the rows do not fit then.
func (f *filler) alter(ctx context.Context, t *catalog.Table, statement string) (n int64, fits bool) {
	if f.d.Run(ctx, "BEGIN") != nil {
		return 0, false
	}
	r, err := f.d.conn.ExecContext(ctx, statement)
	if err == nil {
		n, err = r.RowsAffected()
	}
	if err != nil || n > 0 && !f.fits(ctx, t) {
		f.d.Run(ctx, "ROLLBACK") //nolint:errcheck // as it was
		return 0, false
	}
	return n, f.d.Run(ctx, "COMMIT") == nil
}
