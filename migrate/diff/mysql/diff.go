// Package mysql plans how one schema of MySQL or MariaDB is turned into another. Both were read from a server, whose own
// statements (SHOW CREATE) are what it compares and emits: what it can't read it tells as an error, so that no difference is
// passed over. It connects to nothing.
package mysql

import (
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
)

// Diff plans the statements that turn from into to. MySQL commits with each statement of DDL, so that each is a step of its own and
// a plan that stops halfway stays halfway.
func Diff(from, to *catalog.Snapshot, o plan.Options) (plan.Plan, error) {
	d := &differ{from: from.Schema(""), to: to.Schema(""), o: o, mariadb: to.Flavor == "mariadb", others: [2][]*catalog.Object{from.Others, to.Others}}
	if d.from == nil {
		d.from = &catalog.Schema{}
	}
	if d.to == nil {
		d.to = &catalog.Schema{}
	}
	for i, sc := range [2]*catalog.Schema{d.from, d.to} {
		d.tables[i] = map[string]*shown{}
		for _, t := range sc.Tables {
			if t.Kind == catalog.View {
				continue
			}
			if t.Definition == "" {
				return plan.Plan{}, fmt.Errorf("table %s has no text of a server: schemas are compared as a server tells them", t.Name)
			}
			s, err := parse(t.Definition)
			if err != nil {
				return plan.Plan{}, err
			}
			s.name = t.Name
			d.tables[i][t.Name] = s
		}
	}
	d.database()
	d.allTables()
	d.sequences()
	d.code()
	for _, steps := range d.phases {
		d.plan.Steps = append(d.plan.Steps, steps...)
	}
	return d.plan, nil
}

type differ struct {
	from, to *catalog.Schema
	others   [2][]*catalog.Object
	o        plan.Options
	mariadb  bool
	tables   [2]map[string]*shown // of from and to, by name
	plan     plan.Plan
	phases   [phases][]plan.Step
	// moved are the checks that another table takes over: their names are free only once they are dropped.
	moved map[string]bool
	// added are the foreign keys that are added to tables that are there.
	added map[*foreign]bool
}

// The phases in which the steps run.
const (
	first        = iota // the database's own defaults
	dropCode            // triggers, events, views and routines that go
	dropForeign         // before what they rest on changes
	dropTables          // before others take their names, and those of their constraints
	makeSequence        // before the defaults that use them
	fill                // values for columns that become NOT NULL
	alter
	makeTables
	partitions
	makeForeign // when all they rest on is there
	dropSequence
	makeCode
	phases
)

func (d *differ) add(phase int, s plan.Step) { d.phases[phase] = append(d.phases[phase], s) }

func (d *differ) unmanaged(about plan.Object, why string) {
	d.plan.Unmanaged = append(d.plan.Unmanaged, plan.Unmanaged{Object: about, Why: why})
}

// database sets the database's defaults. They bear on objects that name none of their own.
func (d *differ) database() {
	a, b := plainText(d.from.Definition), plainText(d.to.Definition)
	if a == b || a == "" || b == "" {
		return
	}
	if strings.Contains(a, "COMMENT ") && !strings.Contains(b, "COMMENT ") {
		b += " COMMENT ''"
	}
	if strings.Contains(a, "ENCRYPTION=") && !strings.Contains(b, "ENCRYPTION=") {
		b += " DEFAULT ENCRYPTION='N'"
	}
	d.add(first, plan.Step{SQL: "ALTER DATABASE " + b, About: plan.Object{Kind: "database"}, Why: "tables that are there keep their own character set"})
}

// allTables plans tables with their foreign keys.
func (d *differ) allTables() {
	a, b := d.tables[0], d.tables[1]
	dropped := map[string]bool{}
	d.moved, d.added = map[string]bool{}, map[*foreign]bool{}
	for _, t := range d.from.Tables {
		old := a[t.Name]
		if old == nil {
			continue
		}
		if b[t.Name] == nil {
			dropped[t.Name] = true
			continue
		}
		for _, c := range old.checks {
			if b[t.Name].check(c.name) == nil && d.elsewhere(t.Name, c.name) {
				d.moved[strings.ToLower(c.name)] = true
			}
		}
	}
	d.dropTables(dropped)
	var made []*shown
	for _, t := range d.to.Tables {
		switch x := b[t.Name]; {
		case x == nil:
		case a[t.Name] == nil:
			made = append(made, x)
		default:
			d.foreignKeys(a[t.Name], x)
			d.table(a[t.Name], x)
		}
	}
	d.makeTables(made)
}

// elsewhere tells whether a table of another name has a check of this name in the new schema. Names of checks are those of the whole
// database in MySQL.
func (d *differ) elsewhere(table, check string) bool {
	if d.mariadb {
		return false
	}
	for name, t := range d.tables[1] {
		if name != table && t.check(check) != nil {
			return true
		}
	}
	return false
}

// dropTables drops tables, those that refer to others first; foreign keys in a circle are dropped before.
func (d *differ) dropTables(dropped map[string]bool) {
	done, open := map[string]bool{}, map[string]bool{}
	type reference struct{ table, key string }
	refer := map[string][]reference{} // to a table
	for _, t := range d.from.Tables {
		if other := d.tables[0][t.Name]; other != nil && dropped[t.Name] {
			for _, f := range other.foreign {
				if f.schema == "" && f.table != t.Name {
					refer[f.table] = append(refer[f.table], reference{t.Name, f.name})
				}
			}
		}
	}
	var order []string
	var visit func(name string)
	visit = func(name string) {
		done[name], open[name] = true, true
		for _, r := range refer[name] { // whoever refers to it goes first
			if open[r.table] {
				d.add(dropForeign, plan.Step{SQL: "ALTER TABLE " + quote(r.table) + " DROP FOREIGN KEY " + quote(r.key),
					About: plan.Object{Kind: "foreign key", Table: r.table, Name: r.key}, Why: "tables that refer to one another can't be dropped one by one"})
			} else if !done[r.table] {
				visit(r.table)
			}
		}
		open[name] = false
		order = append(order, name)
	}
	for _, t := range d.from.Tables {
		if dropped[t.Name] && !done[t.Name] {
			visit(t.Name)
		}
	}
	for _, name := range order {
		about := plan.Object{Kind: "table", Name: name}
		d.add(dropTables, plan.Step{SQL: "DROP TABLE " + quote(name), About: about, Losses: []plan.Loss{{Object: about, What: "the rows of the table", Rows: !d.empty(name)}}})
	}
}

func (d *differ) empty(table string) bool { return d.o.Empty != nil && d.o.Empty("", table) }

// makeTables makes tables, those that others refer to first. A foreign key to a table that isn't there yet is added later.
func (d *differ) makeTables(made []*shown) {
	byName := map[string]*shown{}
	for _, t := range made {
		byName[t.name] = t
	}
	done, open := map[string]bool{}, map[string]bool{}
	var visit func(t *shown)
	visit = func(t *shown) {
		open[t.name] = true
		for _, f := range t.foreign {
			if o := byName[f.table]; f.schema == "" && o != nil && o != t && !open[o.name] && !done[o.name] {
				visit(o)
			}
		}
		open[t.name] = false
		ready := func(f *foreign) bool {
			return f.schema != "" || f.table == t.name || done[f.table] || byName[f.table] == nil && d.tables[0][f.table] != nil
		}
		d.add(makeTables, plan.Step{SQL: t.create(d.mariadb, d.o.Inherits != nil && d.o.Inherits("", t.name), ready), About: plan.Object{Kind: "table", Name: t.name}})
		d.dropDefaults(makeTables, nil, t)
		for _, f := range t.foreign {
			if !ready(f) {
				d.addForeign(t.name, f)
			}
		}
		done[t.name] = true
	}
	for _, t := range made {
		if !done[t.name] {
			visit(t)
		}
	}
}

// dropDefaults takes DEFAULT NULL off columns that must be given a value and may be given NULL. a is nil for a new table.
func (d *differ) dropDefaults(phase int, a, b *shown) {
	for _, c := range b.columns {
		if !c.noDefault(d.mariadb) {
			continue
		}
		if a != nil {
			if old := a.column(c.name); old != nil && old.def == c.def && slices.Equal(a.options, b.options) {
				continue
			}
		}
		d.add(phase, plan.Step{SQL: "ALTER TABLE " + quote(b.name) + " ALTER COLUMN " + quote(c.name) + " DROP DEFAULT",
			About: plan.Object{Kind: "column", Table: b.name, Name: c.name}, Why: "a column that may be NULL and has no default is made in two statements"})
	}
}

func (d *differ) addForeign(table string, f *foreign) {
	d.add(makeForeign, plan.Step{SQL: "ALTER TABLE " + quote(table) + " ADD CONSTRAINT " + quote(f.name) + " " + f.def + d.told(copying),
		About: plan.Object{Kind: "foreign key", Table: table, Name: f.name}, Why: d.copies("the server checks the rows only when it copies the table")})
}

// foreignKeys drops and adds the foreign keys of a table that stays.
func (d *differ) foreignKeys(a, b *shown) {
	for _, f := range a.foreign {
		g := b.foreignKey(f.name)
		if g != nil && g.name == f.name && g.def == f.def && !d.touched(a, f) {
			continue
		}
		why := ""
		if g != nil && g.def == f.def {
			why = "the columns that it compares change"
		}
		d.add(dropForeign, plan.Step{SQL: "ALTER TABLE " + quote(a.name) + " DROP FOREIGN KEY " + quote(f.name), About: plan.Object{Kind: "foreign key", Table: a.name, Name: f.name}, Why: why})
		if g != nil {
			d.added[g] = true
			d.addForeign(b.name, g)
		}
	}
	for _, g := range b.foreign {
		if a.foreignKey(g.name) == nil {
			d.added[g] = true
			d.addForeign(b.name, g)
		}
	}
}

// touched tells whether the columns of a foreign key change in a way that the server refuses while the key is there.
func (d *differ) touched(t *shown, f *foreign) bool {
	changed := func(table string, columns []string) bool {
		a, b := d.tables[0][table], d.tables[1][table]
		if a == nil || b == nil {
			return a != nil
		}
		for _, name := range columns {
			x, y := a.column(name), b.column(name)
			if x == nil || y == nil || x.name != y.name || compared(a, x) != compared(b, y) || x.generated != y.generated || x.stored != y.stored ||
				x.notNull != y.notNull {
				return true
			}
		}
		return a.option("ENGINE") != b.option("ENGINE") || (a.partition == "") != (b.partition == "")
	}
	return changed(t.name, f.columns) || f.schema == "" && changed(f.table, f.refers)
}

// compared is what a foreign key compares of a column: type, character set and collation.
func compared(t *shown, c *column) string {
	set, collation := c.collated(t)
	return c.typ.String() + " " + set + " " + collation
}
