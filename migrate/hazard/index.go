package hazard

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
)

// tables are the user's tables of a snapshot.
func tables(s *catalog.Snapshot) (out []*catalog.Table) {
	for _, sc := range s.Schemas {
		if !slices.Contains(s.Implicit, sc.Name) && sc.Name != "information_schema" {
			out = append(out, sc.Tables...)
		}
	}
	return out
}

// access is an index or a key, as queries see it.
type access struct {
	name    string
	columns []string
	unique  bool
	// plain: a btree over columns and all rows, that others can be held against.
	plain bool
	index *catalog.Index
}

func accesses(t *catalog.Table) (out []access) {
	for _, k := range t.Constraints {
		if k.Kind == ir.PrimaryKey || k.Kind == ir.Unique {
			out = append(out, access{name: k.Name, columns: k.Columns, unique: true, plain: !slices.Contains(k.Columns, "")})
		}
	}
	for _, x := range t.Indexes {
		a := access{name: x.Name, unique: x.Unique, index: x, plain: x.Where == "" && x.WhereExpr == nil && (x.Method == "" || strings.EqualFold(x.Method, "btree"))}
		for _, p := range x.Parts {
			a.columns = append(a.columns, p.Column)
			a.plain = a.plain && p.Column != "" && !p.Desc && p.OpClass == "" && p.Length == 0 && p.Collation == ""
		}
		out = append(out, a)
	}
	return out
}

func prefix(short, long []string) bool {
	return len(short) <= len(long) && slices.EqualFunc(short, long[:len(short)], strings.EqualFold)
}

// maker is the statement that made an index or a constraint of a table: the last one that names it, or that is about the table.
func (l *lint) maker(t *catalog.Table, name string) *Statement {
	var about *Statement
	for i := range l.statements {
		s := &l.statements[i]
		switch n := s.Tree.(type) {
		case *ir.CreateTable:
			if n.Name.Last() == t.Name {
				about = s
			}
		case *ir.CreateIndex:
			if n.Name.Name == name && n.Table.Last() == t.Name {
				return s
			}
			if n.Table.Last() == t.Name && n.Name.Name == "" {
				about = s
			}
		case *ir.AlterTable:
			if n.Name.Last() != t.Name {
				continue
			}
			for j := range n.Actions {
				switch a := &n.Actions[j]; {
				case a.Constraint != nil && a.Constraint.Name != nil && a.Constraint.Name.Name == name, a.Index != nil && a.Index.Name.Name == name:
					return s
				case a.Constraint != nil, a.Index != nil, a.Def != nil:
					about = s
				}
			}
		}
	}
	return about
}

// old is the table as it was before the migration, nil where it was not.
func (l *lint) old(t *catalog.Table) *catalog.Table { return l.before.Table(t.Schema, t.Name) }

// keys reports foreign keys of the migration that no index serves. MySQL makes one by itself.
func (l *lint) keys() {
	if l.engine == catalog.MySQL {
		return
	}
	for _, t := range tables(l.after) {
		old := l.old(t)
		for _, k := range t.Constraints {
			if k.Kind != ir.ForeignKey || old != nil && slices.ContainsFunc(old.Constraints, func(o *catalog.Constraint) bool {
				return o.Kind == ir.ForeignKey && slices.Equal(o.Columns, k.Columns) && o.RefTable == k.RefTable
			}) {
				continue
			}
			if t.PartitionOf != "" || served(t, k.Columns) {
				continue
			}
			s := l.maker(t, k.Name)
			if s == nil || s.Refused != "" {
				continue
			}
			columns := strings.Join(k.Columns, ", ")
			l.report(diag.KeyUnindexed, s.At, []string{"CREATE INDEX over (" + columns + ") of " + t.Name},
				"no index of %s begins with %s: each DELETE and each change of a key in %s reads all of %s", t.Name, columns, k.RefTable, t.Name)
		}
	}
}

// served tells whether an index begins with the columns, in any order.
func served(t *catalog.Table, columns []string) bool {
	return slices.ContainsFunc(accesses(t), func(a access) bool {
		if a.index != nil && (a.index.Where != "" || a.index.WhereExpr != nil) || len(a.columns) < len(columns) {
			return false
		}
		for _, c := range columns {
			if !slices.ContainsFunc(a.columns[:len(columns)], func(n string) bool { return strings.EqualFold(n, c) }) {
				return false
			}
		}
		return true
	})
}

// indexes reports indexes of the migration that do what another one does.
func (l *lint) indexes() {
	for _, t := range tables(l.after) {
		old := l.old(t)
		all := accesses(t)
		var before []access
		if old != nil {
			before = accesses(old)
		}
		for i, a := range all {
			isNew := !slices.ContainsFunc(before, func(o access) bool { return o.name == a.name && slices.Equal(o.columns, a.columns) })
			if !isNew || !a.plain || a.index == nil {
				continue
			}
			for j, b := range all {
				if i == j || !b.plain || !prefix(a.columns, b.columns) {
					continue
				}
				same := len(a.columns) == len(b.columns)
				if a.unique && !(same && b.unique) || same && a.unique == b.unique && j > i || same && a.index != nil && b.index != nil && len(a.index.Include) > len(b.index.Include) {
					continue
				}
				s := l.maker(t, a.name)
				if s == nil || s.Refused != "" {
					break
				}
				l.report(diag.IndexRepeated, s.At, []string{"leave it out: it costs work with each change of a row, and space"},
					"the index %s of %s finds nothing that %s does not find: it is over %s, and that over %s", a.name, t.Name, b.name, strings.Join(a.columns, ", "), strings.Join(b.columns, ", "))
				break
			}
		}
	}
}

// dropsUsedIndex reports an index that goes while compiled queries find rows by it.
func (l *lint) dropsUsedIndex(s *Statement) {
	if len(l.Queries) == 0 {
		return
	}
	for _, name := range droppedIndexes(s.Tree) {
		for _, t := range tables(l.before) {
			i := slices.IndexFunc(t.Indexes, func(x *catalog.Index) bool { return strings.EqualFold(x.Name, name) })
			if i < 0 || len(t.Indexes[i].Parts) == 0 || s.quiet(effect.Of(t)) {
				continue
			}
			first := t.Indexes[i].Parts[0].Column
			if first == "" || l.servedAfter(t, first) {
				continue
			}
			var users []string
			for _, q := range l.Queries {
				if finds(q, t, first) {
					users = append(users, q.Name)
				}
			}
			if len(users) > 0 {
				l.report(diag.IndexStillUsed, s.At, []string{"look at idx_scan of pg_stat_user_indexes, or make it INVISIBLE for a week (MySQL), before it goes"},
					"%s looks for rows of %s by %s, and no other index begins with that", strings.Join(users, ", "), t.Name, first)
			}
		}
	}
}

// servedAfter tells whether the schema behind the migration has another index that begins with a column.
func (l *lint) servedAfter(t *catalog.Table, column string) bool {
	now := l.after.Table(t.Schema, t.Name)
	return now != nil && served(now, []string{column})
}

func droppedIndexes(tree ir.Statement) (out []string) {
	switch n := tree.(type) {
	case *ir.Drop:
		if n.Kind == ir.ObjIndex {
			for _, name := range n.Names {
				out = append(out, name.Last())
			}
		}
	case *ir.AlterTable:
		for i := range n.Actions {
			if n.Actions[i].Kind == ir.DropIndex {
				out = append(out, n.Actions[i].Column.Name)
			}
		}
	}
	return out
}

// finds tells whether a query compares a column of a table in a condition.
func finds(q *facts.Query, t *catalog.Table, column string) (found bool) {
	if q.Tree == nil || !slices.ContainsFunc(slices.Concat(q.Reads, q.Writes), func(name string) bool {
		return strings.EqualFold(name, t.Name) || strings.EqualFold(name, t.Schema+"."+t.Name)
	}) {
		return false
	}
	names := func(x ir.Expr) bool {
		c, ok := x.(*ir.ColumnRef)
		return ok && strings.EqualFold(c.Parts[len(c.Parts)-1].Name, column)
	}
	ir.Walk(q.Tree, func(n ir.Node) bool {
		switch x := n.(type) {
		case *ir.Binary:
			switch x.Op {
			case "=", "<", "<=", ">", ">=", "@>", "<@":
				found = found || names(x.L) || names(x.R)
			}
		case *ir.In:
			found = found || names(x.X)
		case *ir.Between:
			found = found || names(x.X)
		case *ir.Quantified:
			found = found || names(x.X)
		case *ir.OrderItem:
			found = found || names(x.X)
		}
		return !found
	})
	return found
}
