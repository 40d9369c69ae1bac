package rename

import (
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/migrate/plan"
)

// order is the order of kinds: what holds others comes first, for Rename.Table is a new name.
var order = []string{TableKind, ViewKind, MaterializedKind, TypeKind, DomainKind, SequenceKind, ColumnKind, ValueKind, ConstraintKind, IndexKind}

// Statements are the steps that give things of the schema from their new names, up, and those that take the new names back, down. A chain
// (a to b where b goes to c) is run from its end; a ring (a and b change names) goes over a name that nothing has. The error names a
// rename that the engine has no statement for, and what to do.
func Statements(from *catalog.Snapshot, accepted []Rename, quote func(name string) string) (up, down []plan.Step, err error) {
	w := writer{from, newNames(from, accepted), quote, map[*catalog.Table]map[string]string{}}
	moves := w.sequence(accepted)
	for _, m := range moves {
		steps, err := w.steps(m)
		if err != nil {
			return nil, nil, err
		}
		up = append(up, steps...)
	}
	slices.Reverse(moves)
	for _, m := range moves {
		m.Old, m.New = m.New, m.Old
		steps, err := w.steps(m)
		if err != nil {
			return nil, nil, err
		}
		down = append(down, steps...)
	}
	return up, down, nil
}

type writer struct {
	from  *catalog.Snapshot
	names *names
	quote func(string) string
	// now are the names of columns on the way, by those that they have in the old schema.
	now map[*catalog.Table]map[string]string
}

// sequence orders renames so that no name is taken when a thing gets it.
func (w writer) sequence(accepted []Rename) []Rename {
	var out []Rename
	for _, kind := range order {
		groups := map[place][]Rename{}
		var keys []place
		for _, r := range accepted {
			if r.Kind != kind {
				continue
			}
			key := w.names.place(kind, r.Schema, r.Table, "")
			if groups[key] == nil {
				keys = append(keys, key)
			}
			groups[key] = append(groups[key], r)
		}
		for _, key := range keys {
			out = append(out, w.chain(groups[key])...)
		}
	}
	return out
}

// chain orders renames of one group.
func (w writer) chain(group []Rename) (out []Rename) {
	group = slices.Clone(group)
	for len(group) > 0 {
		free := slices.IndexFunc(group, func(r Rename) bool {
			return !slices.ContainsFunc(group, func(x Rename) bool { return x != r && w.names.fold(x.Old) == w.names.fold(r.New) })
		})
		if free >= 0 {
			out = append(out, group[free])
			group = slices.Delete(group, free, free+1)
			continue
		}
		// Each of the rest waits for another: a ring. One steps aside.
		aside := group[0]
		hold := w.free(aside)
		out = append(out, Rename{aside.Kind, aside.Schema, aside.Table, aside.Old, hold})
		group[0].Old = hold
	}
	return out
}

// free is a name that nothing of the schema has, nor will have.
func (w writer) free(r Rename) string {
	used := map[string]bool{}
	use := func(name string) { used[strings.ToLower(name)] = true }
	for _, name := range w.names.to {
		use(name)
	}
	for _, s := range w.from.Schemas {
		for _, t := range s.Tables {
			use(t.Name)
			for _, c := range t.Columns {
				use(c.Name)
			}
			for _, c := range t.Constraints {
				use(c.Name)
			}
			for _, x := range t.Indexes {
				use(x.Name)
			}
		}
		for _, d := range s.Types {
			use(d.Name)
			for _, v := range d.Values {
				use(v)
			}
		}
		for _, q := range s.Sequences {
			use(q.Name)
		}
	}
	for i := 1; ; i++ {
		if name := fmt.Sprintf("covet_renamed_%d", i); !used[name] {
			use(name)
			w.names.to[place{kind: "hold", name: name}] = name // the next ring takes another
			return name
		}
	}
}

// qualified writes a name with its schema, unless that is the default one.
func (w writer) qualified(schema, name string) string {
	if schema == "" || schema == w.from.DefaultSchema {
		return w.quote(name)
	}
	return w.quote(schema) + "." + w.quote(name)
}

// altered are the words before RENAME TO, by kind, in PostgreSQL.
var altered = map[string]string{
	TableKind: "ALTER TABLE", ViewKind: "ALTER VIEW", MaterializedKind: "ALTER MATERIALIZED VIEW", TypeKind: "ALTER TYPE", DomainKind: "ALTER DOMAIN",
	SequenceKind: "ALTER SEQUENCE", IndexKind: "ALTER INDEX",
}

// steps write one rename.
func (w writer) steps(r Rename) ([]plan.Step, error) {
	step := func(sql string) []plan.Step {
		return []plan.Step{{SQL: sql, About: plan.Object{Kind: r.Kind, Schema: r.Schema, Table: r.Table, Name: r.Old}}}
	}
	old, new := w.quote(r.Old), w.quote(r.New)
	table := w.qualified(r.Schema, r.Table)
	switch w.from.Engine {
	case catalog.PostgreSQL:
		switch r.Kind {
		case ColumnKind:
			return step("ALTER TABLE " + table + " RENAME COLUMN " + old + " TO " + new), nil
		case ConstraintKind:
			return step("ALTER TABLE " + table + " RENAME CONSTRAINT " + old + " TO " + new), nil
		case ValueKind:
			return step("ALTER TYPE " + table + " RENAME VALUE " + literal(r.Old) + " TO " + literal(r.New)), nil
		}
		if words := altered[r.Kind]; words != "" {
			return step(words + " " + w.qualified(r.Schema, r.Old) + " RENAME TO " + new), nil
		}
	case catalog.MySQL:
		switch r.Kind {
		case TableKind, ViewKind:
			return step("RENAME TABLE " + old + " TO " + new), nil
		case ColumnKind:
			return w.mysqlColumn(r, step)
		case IndexKind:
			return step("ALTER TABLE " + table + " RENAME INDEX " + old + " TO " + new), nil
		case ConstraintKind:
			return nil, nil // there is no statement: the diff drops it and adds it, which loses nothing
		case ValueKind:
			return nil, fmt.Errorf("%s has no statement that renames the value of an ENUM: add %s to the column's values, update the rows, then take %s away", w.flavor(), literal(r.New), literal(r.Old))
		}
	case catalog.SQLite:
		switch r.Kind {
		case TableKind:
			return step("ALTER TABLE " + w.qualified(r.Schema, r.Old) + " RENAME TO " + new), nil
		case ColumnKind:
			return step("ALTER TABLE " + table + " RENAME COLUMN " + old + " TO " + new), nil
		case IndexKind, ConstraintKind, ViewKind:
			return nil, nil // as above
		}
	}
	return nil, fmt.Errorf("%s has no statement that renames a %s (%s)", w.flavor(), r.Kind, r)
}

func (w writer) flavor() string {
	switch {
	case w.from.Flavor == "mariadb":
		return "MariaDB"
	case w.from.Engine == catalog.MySQL:
		return "MySQL"
	case w.from.Engine == catalog.SQLite:
		return "SQLite"
	}
	return "PostgreSQL"
}

// mysqlColumn renames a column. MySQL refuses where a CHECK names it, so that is taken off and put on again, in the same statement; what a
// generated column or a functional index is computed of can't be renamed at all.
func (w writer) mysqlColumn(r Rename, step func(string) []plan.Step) ([]plan.Step, error) {
	sql := "ALTER TABLE " + w.qualified(r.Schema, r.Table) + " "
	rename := "RENAME COLUMN " + w.quote(r.Old) + " TO " + w.quote(r.New)
	t := w.table(r)
	if t == nil || w.from.Flavor == "mariadb" {
		return step(sql + rename), nil
	}
	origin, now := w.move(t, r)
	for _, c := range t.Columns {
		if mentions(c.Generated, origin) {
			return nil, fmt.Errorf("MySQL can't rename %s.%s: the generated column %s is computed of it; drop that column first and add it again after the rename, in a migration of your own", r.Table, origin, c.Name)
		}
	}
	for _, x := range t.Indexes {
		for _, p := range x.Parts {
			if mentions(p.Expr, origin) {
				return nil, fmt.Errorf("MySQL can't rename %s.%s: the index %s is over an expression with it; drop the index first and make it again after the rename, in a migration of your own", r.Table, origin, x.Name)
			}
		}
	}
	before, after := "", ""
	for _, c := range t.Constraints {
		if c.Kind == ir.Check && mentions(c.Expr, origin) {
			expression := name.ReplaceAllStringFunc(c.Expr, func(word string) string {
				bare := strings.Trim(word, "`")
				if new, ok := now[w.names.fold(bare)]; ok {
					return w.quote(new)
				}
				return word
			})
			before += "DROP CHECK " + w.quote(c.Name) + ", "
			after += ", ADD CONSTRAINT " + w.quote(c.Name) + " CHECK (" + expression + ")"
		}
	}
	steps := step(sql + before + rename + after)
	if before != "" {
		steps[0].Why = "MySQL renames no column that a CHECK names"
	}
	return steps, nil
}

// move notes a rename and gives the name that the column has in the old schema, with what all columns are called after it.
func (w writer) move(t *catalog.Table, r Rename) (origin string, now map[string]string) {
	if w.now[t] == nil {
		w.now[t] = map[string]string{}
		for _, c := range t.Columns {
			w.now[t][w.names.fold(c.Name)] = c.Name
		}
	}
	now = w.now[t]
	for o, current := range now {
		if w.names.fold(current) == w.names.fold(r.Old) {
			origin = o
		}
	}
	now[origin] = r.New
	return origin, now
}

// table is the table of a rename in the old schema.
func (w writer) table(r Rename) *catalog.Table {
	for _, s := range w.from.Schemas {
		for _, t := range s.Tables {
			if w.names.fold(w.names.of(TableKind, s.Name, "", t.Name)) == w.names.fold(r.Table) {
				return t
			}
		}
	}
	return nil
}

func mentions(expression, column string) bool {
	return slices.ContainsFunc(name.FindAllString(expression, -1), func(word string) bool {
		return strings.EqualFold(strings.Trim(word, "\"`"), column)
	})
}

func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
