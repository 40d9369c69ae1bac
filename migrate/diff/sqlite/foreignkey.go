package sqlite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/migrate/diff/sqlite/definition"
	"github.com/covetsql/covetsql/migrate/plan"
)

// refers tells whether t has a foreign key to the table of that folded name.
func refers(t *definition.Table, name string) bool {
	return slices.ContainsFunc(t.Constraints, func(k *definition.Constraint) bool {
		return k.Kind == definition.ForeignKey && definition.Fold(k.RefTable) == name
	})
}

// foreignKeysOff: DROP TABLE deletes the rows first where foreign keys are on, and that takes or refuses the rows that refer to them, and
// fails where the table itself refers to one that is not there.
func (d *differ) foreignKeysOff() {
	d.plan.ForeignKeysOff = len(d.rebuilds) > 0
	order := d.childrenFirst(d.dropTables)
	gone := map[string]bool{}
	for _, dropped := range order {
		for name, r := range d.old.tables.by {
			if name != dropped && !gone[name] && refers(r.table, dropped) {
				d.plan.ForeignKeysOff = true
			}
		}
		for _, k := range d.old.tables.by[dropped].table.Constraints {
			if k.Kind == definition.ForeignKey && !d.old.refersToKey(k) {
				d.plan.ForeignKeysOff = true
			}
		}
		gone[dropped] = true
	}
}

const violations = "covet_violations"

// keepViolations notes the rows that break a foreign key already, so that those alone count that the plan makes.
func (d *differ) keepViolations() {
	if !d.plan.ForeignKeysOff {
		return
	}
	checked := d.checked(d.old)
	where := "0"
	if len(checked) > 0 {
		where = "s.type = 'table' AND s.name IN (" + strings.Join(checked, ", ") + ")"
	}
	if len(d.checked(d.new)) == 0 {
		return
	}
	d.step(plan.Step{
		SQL: fmt.Sprintf(`CREATE TEMP TABLE %s AS
SELECT k."table" AS child, k.rowid AS row, k.parent AS parent, count(*) AS many
FROM sqlite_master AS s, pragma_foreign_key_check(s.name) AS k
WHERE %s
GROUP BY 1, 2, 3`, violations, where),
		About: plan.Object{Kind: "table", Name: violations},
		Why:   "rows that break a foreign key before the change are not the change's fault",
	})
}

// checkViolations looks for rows that break a foreign key and did not before.
func (d *differ) checkViolations() {
	if !d.plan.ForeignKeysOff {
		return
	}
	checked := d.checked(d.new)
	if len(checked) == 0 {
		return
	}
	about := plan.Object{Kind: "table", Name: violations}
	d.step(plan.Step{
		SQL: fmt.Sprintf(`SELECT k."table" AS child, k.rowid AS row, k.parent AS parent
FROM sqlite_master AS s, pragma_foreign_key_check(s.name) AS k
WHERE s.type = 'table' AND s.name IN (%s)
GROUP BY 1, 2, 3
HAVING count(*) > coalesce((SELECT v.many FROM temp.%s AS v WHERE v.child = k."table" AND v.row IS k.rowid AND v.parent = k.parent), 0)`,
			strings.Join(checked, ", "), violations),
		About: about, Check: "rows refer to rows that are not there",
	})
	d.step(plan.Step{SQL: "DROP TABLE temp." + violations, About: about})
}

// checked are the tables, as strings of SQL, whose foreign keys the plan may break and SQLite can check: it refuses to look at a
// table of which one foreign key refers to no key.
func (d *differ) checked(s *schema) (out []string) {
	changed := map[string]bool{}
	for _, r := range d.rebuilds {
		changed[definition.Fold(r.old.name)] = true
	}
	for _, names := range [][]string{d.dropTables, d.createTables} {
		for _, name := range names {
			changed[name] = true
		}
	}
	for _, name := range s.tables.order {
		r := s.tables.by[name]
		concerned, whole := false, true
		for _, k := range r.table.Constraints {
			if k.Kind == definition.ForeignKey {
				concerned = concerned || changed[name] || changed[definition.Fold(k.RefTable)]
				whole = whole && s.refersToKey(k)
			}
		}
		if concerned && whole {
			out = append(out, "'"+strings.ReplaceAll(r.name, "'", "''")+"'")
		}
	}
	return out
}

// refersToKey tells whether a foreign key's target is a key, as SQLite wants it.
func (s *schema) refersToKey(k *definition.Constraint) bool {
	parent := s.tables.by[definition.Fold(k.RefTable)]
	if parent == nil {
		return false
	}
	columns := k.RefColumns
	if len(columns) == 0 {
		key := parent.table.Key()
		return key != nil && len(key.Columns) == len(k.Columns)
	}
	wanted := slices.Sorted(slices.Values(columns))
	same := func(key []string) bool { return slices.Equal(wanted, slices.Sorted(slices.Values(key))) }
	for _, c := range parent.table.Constraints {
		if (c.Kind == definition.PrimaryKey || c.Kind == definition.Unique) && !c.Collated && same(c.Columns) {
			return true
		}
	}
	for _, x := range s.indexes.by {
		if x.Unique && !x.Partial && definition.Fold(x.Table) == definition.Fold(parent.name) && same(x.Columns) {
			return true
		}
	}
	return false
}
