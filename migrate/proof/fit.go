package proof

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	return of == nil || f.distinct(ctx, t, of) && f.routed(ctx, t, of)
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

// routed tells whether the wanted partitions of a table take its rows, and so the bound of one that becomes a partition: they are put into a temporary
// table with such partitions. Only PostgreSQL's are tried.
func (f *filler) routed(ctx context.Context, t, of *catalog.Table) bool {
	whole, parts := of, partsOf(f.wanted, of)
	if of.PartitionOf != "" {
		if whole = parentOf(f.wanted, of); whole != nil {
			parts = []*catalog.Table{of}
		}
	}
	if f.s.Engine != catalog.PostgreSQL || whole == nil || whole.Partition == "" {
		return true
	}
	var columns, values []string
	for _, c := range whole.Columns {
		if !names(whole.Partition, c.Name) && !slices.ContainsFunc(parts, func(p *catalog.Table) bool { return names(p.Partition, c.Name) }) {
			continue
		}
		if t.Column(c.Name, false) == nil {
			return true
		}
		name := f.d.Dialect.Quote(c.Name)
		columns, values = append(columns, name+" "+c.Postgres.Type), append(values, name)
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
			split(part, partsOf(f.wanted, p))
		}
	}
	split("covet_whole", parts)
	if f.d.Run(ctx, "SAVEPOINT covetsql_route") != nil {
		return true
	}
	defer f.d.Run(ctx, "ROLLBACK TO SAVEPOINT covetsql_route") //nolint:errcheck // the transaction's end would show it
	for _, s := range statements {
		if f.d.Run(ctx, s) != nil {
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

// prune takes back what the foreign keys of the wanted schema refuse, until they hold: the reference where it may be NULL, else the row.
func (f *filler) prune(ctx context.Context) {
	if f.wanted == nil {
		return
	}
	for range 10 {
		changed := false
		for _, sc := range f.wanted.Schemas {
			for _, of := range sc.Tables {
				t := f.s.Table(of.Schema, of.Name)
				for _, k := range of.Constraints {
					if t != nil && k.Kind == ir.ForeignKey && !k.NotValid && of.PartitionOf == "" {
						changed = f.release(ctx, t, of, k) || changed
					}
				}
			}
		}
		if !changed {
			return
		}
	}
}

// release takes back the rows of a table whose reference leads nowhere, and tells whether there were any.
func (f *filler) release(ctx context.Context, t, of *catalog.Table, k *catalog.Constraint) bool {
	schema := k.RefSchema
	if schema == "" {
		schema = t.Schema
	}
	to := f.s.Table(schema, k.RefTable)
	if to == nil || len(k.RefColumns) != len(k.Columns) {
		return false
	}
	var given, same, null []string
	free := true
	for i, name := range k.Columns {
		a, b := t.Column(name, f.s.Caseless()), to.Column(k.RefColumns[i], f.s.Caseless())
		if a == nil || b == nil {
			return false
		}
		now := of.Column(name, f.s.Caseless())
		free = free && !a.NotNull && now != nil && !now.NotNull
		column := f.d.Dialect.Quote(a.Name)
		outer, inner := f.name(t)+"."+column, "covet_to."+f.d.Dialect.Quote(b.Name)
		if f.s.Engine == catalog.PostgreSQL { // a type changes perhaps, so that they can be compared
			outer, inner = outer+"::text", inner+"::text"
		}
		given, same, null = append(given, column+" IS NOT NULL"), append(same, inner+" = "+outer), append(null, column+" = NULL")
	}
	where := " WHERE " + strings.Join(given, " AND ") + " AND NOT EXISTS (SELECT 1 FROM " + f.name(to) + " AS covet_to WHERE " + strings.Join(same, " AND ") + ")"
	if free {
		if n, fits := f.alter(ctx, t, "UPDATE "+f.name(t)+" SET "+strings.Join(null, ", ")+where); fits {
			return n > 0
		}
	}
	n, _ := f.alter(ctx, t, "DELETE FROM "+f.name(t)+where)
	return n > 0
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
