// Package sqlite plans what turns one SQLite schema into another: with ALTER TABLE where SQLite can do a change in place, else by
// making the table anew and moving its rows, as https://sqlite.org/lang_altertable.html tells, with what that page leaves to its
// reader. It compares the texts that databases keep, so both snapshots have to be read from one; it runs nothing.
package sqlite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/diff/sqlite/definition"
	"github.com/covetsql/covetsql/migrate/plan"
)

// Diff plans the way from one schema to the other. The order of a table's columns is no difference, nor is how a definition is
// written: case, quotes, blanks, comments, and whether a constraint stands at its column or behind the columns.
func Diff(from, to *catalog.Snapshot, o plan.Options) (plan.Plan, error) {
	if o.Quote == nil {
		o.Quote = quote
	}
	old, err := read(from)
	if err != nil {
		return plan.Plan{}, fmt.Errorf("the schema that is: %w", err)
	}
	wanted, err := read(to)
	if err != nil {
		return plan.Plan{}, fmt.Errorf("the schema that is wanted: %w", err)
	}
	d := &differ{Options: o, old: old, new: wanted, touched: map[string]bool{}}
	if err := d.supported(); err != nil {
		return plan.Plan{}, err
	}
	d.compare()
	d.dependents()
	d.order()
	return d.plan, nil
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// differ gathers what changes, by folded names, then writes it down in an order in which it can run.
type differ struct {
	plan.Options
	old, new *schema
	plan     plan.Plan

	dropTables, dropViews, dropVirtuals, dropIndexes, dropTriggers           []string
	createTables, createViews, createVirtuals, createIndexes, createTriggers []string
	alters                                                                   []alter
	rebuilds                                                                 []rebuild
	// touched are the relations that are dropped or changed.
	touched map[string]bool
	broken  *string // what brokenObject found
}

// alter is a change that ALTER TABLE can do.
type alter struct {
	old, new    *relation
	drops, adds []*definition.Column
}

// rebuild is a change that needs the table made anew.
type rebuild struct {
	old, new *relation
	why      string
}

// gates are the versions that brought what a definition says, whatever the plan does.
var gates = []struct {
	version int
	what    string
	has     func(t *definition.Table) bool
}{
	{3037000, "STRICT", func(t *definition.Table) bool { return t.Strict }},
	{3031000, "generated columns", func(t *definition.Table) bool {
		return slices.ContainsFunc(t.Columns, func(c *definition.Column) bool { return c.Generated != "" })
	}},
}

func (d *differ) supported() error {
	for _, name := range d.new.tables.order {
		for _, g := range gates {
			if d.Version != 0 && d.Version < g.version && g.has(d.new.tables.by[name].table) {
				return fmt.Errorf("table %s: %s came with SQLite %d.%d.%d, the database's is %d.%d.%d", d.new.tables.by[name].name, g.what,
					g.version/1000000, g.version/1000%1000, g.version%1000, d.Version/1000000, d.Version/1000%1000, d.Version%1000)
			}
		}
	}
	return nil
}

func (d *differ) compare() {
	for _, name := range d.old.tables.order {
		old, wanted := d.old.tables.by[name], d.new.tables.by[name]
		switch {
		case wanted == nil:
			d.dropTables = append(d.dropTables, name)
			d.touched[name] = true
		case old.canonical != wanted.canonical:
			d.table(old, wanted)
		}
	}
	for _, name := range d.new.tables.order {
		if d.old.tables.by[name] == nil {
			d.createTables = append(d.createTables, name)
		}
	}
	d.dropVirtuals, d.createVirtuals = differing(d.old.virtuals, d.new.virtuals, func(r *relation) string { return r.canonical })
	d.dropViews, d.createViews = differing(d.old.views, d.new.views, func(r *relation) string { return r.canonical })
	d.dropIndexes, d.createIndexes = differing(d.old.indexes, d.new.indexes, func(x *index) string { return x.Canonical })
	d.dropTriggers, d.createTriggers = differing(d.old.triggers, d.new.triggers, func(t *trigger) string { return t.canonical })
	for _, name := range d.dropVirtuals {
		d.touched[name] = true
	}
	for _, name := range d.dropViews {
		d.touched[name] = true
	}
}

// differing are the names that one list alone has, or that say something else in the other.
func differing[T any](old, wanted list[T], canonical func(T) string) (drop, create []string) {
	for _, name := range old.order {
		if w, ok := wanted.by[name]; !ok || canonical(w) != canonical(old.by[name]) {
			drop = append(drop, name)
		}
	}
	for _, name := range wanted.order {
		if o, ok := old.by[name]; !ok || canonical(o) != canonical(wanted.by[name]) {
			create = append(create, name)
		}
	}
	return drop, create
}

// table decides how a table changes.
func (d *differ) table(old, wanted *relation) {
	drops, adds, why := d.inPlace(old, wanted)
	name := definition.Fold(old.name)
	if why != "" {
		d.rebuilds = append(d.rebuilds, rebuild{old, wanted, why})
		d.touched[name] = true
		return
	}
	d.alters = append(d.alters, alter{old, wanted, drops, adds})
	if len(drops) > 0 {
		d.touched[name] = true
	}
}

// dependents adds the views and triggers that have to go while what they mention is changed, and come again: SQLite drops a table's
// triggers with it, and looks into all views and triggers when it renames or drops a column.
func (d *differ) dependents() {
	changes := len(d.rebuilds) > 0 || slices.ContainsFunc(d.alters, func(a alter) bool { return len(a.drops) > 0 })
	if changes {
		d.dependentViews()
	}
	gone := map[string]bool{} // relations whose triggers go with them
	for _, names := range [][]string{d.dropTables, d.dropVirtuals, d.dropViews} {
		for _, name := range names {
			gone[name] = true
		}
	}
	again := func(name string) {
		if !slices.Contains(d.dropTriggers, name) {
			d.dropTriggers = append(d.dropTriggers, name)
		}
		if _, stays := d.new.triggers.by[name]; stays && !slices.Contains(d.createTriggers, name) {
			d.createTriggers = append(d.createTriggers, name)
		}
	}
	for _, name := range d.old.triggers.order {
		t := d.old.triggers.by[name]
		if gone[t.on] || changes && d.mentionsTouched(t.mentions) {
			again(name)
		}
	}
	d.dropTriggers = slices.DeleteFunc(d.dropTriggers, func(name string) bool { return gone[d.old.triggers.by[name].on] })
	sortLike(d.createTriggers, d.new.triggers.order)
	rebuilt := map[string]bool{}
	for _, r := range d.rebuilds {
		rebuilt[definition.Fold(r.old.name)] = true
	}
	for _, name := range d.old.indexes.order { // indexes go with their tables, too
		if x := d.old.indexes.by[name]; rebuilt[definition.Fold(x.Table)] {
			if w, stays := d.new.indexes.by[name]; stays && w.Canonical == x.Canonical {
				d.createIndexes = append(d.createIndexes, name)
			}
		}
	}
	d.dropIndexes = slices.DeleteFunc(d.dropIndexes, func(name string) bool { return gone[definition.Fold(d.old.indexes.by[name].Table)] })
	sortLike(d.createIndexes, d.new.indexes.order)
}

// dependentViews adds the views that mention what is touched, and the views over those.
func (d *differ) dependentViews() {
	dropped := map[string]bool{}
	for _, name := range d.dropViews {
		dropped[name] = true
	}
	for more := true; more; {
		more = false
		for _, name := range d.old.views.order {
			if !dropped[name] && d.mentionsTouched(d.old.views.by[name].mentions) {
				dropped[name], d.touched[name], more = true, true, true
				d.dropViews = append(d.dropViews, name)
				d.createViews = append(d.createViews, name) // else it would be dropped already
			}
		}
	}
	sortLike(d.createViews, d.new.views.order)
}

func (d *differ) mentionsTouched(words map[string]bool) bool {
	for word := range words {
		if d.touched[word] {
			return true
		}
	}
	return false
}

func sortLike(names, order []string) {
	if len(names) < 2 {
		return
	}
	at := make(map[string]int, len(order))
	for i, name := range order {
		at[name] = i
	}
	slices.SortFunc(names, func(a, b string) int { return at[a] - at[b] })
}

// order writes the steps. What hangs on something goes before it, and comes behind it.
func (d *differ) order() {
	d.foreignKeysOff()
	d.keepViolations()
	for _, name := range d.dropTriggers {
		d.drop("trigger", d.old.triggers.by[name].name, "", d.again(name, d.createTriggers))
	}
	for i := len(d.dropViews) - 1; i >= 0; i-- {
		name := d.dropViews[i]
		d.drop("view", d.old.views.by[name].name, "", d.again(name, d.createViews))
	}
	for _, name := range d.dropIndexes {
		x := d.old.indexes.by[name]
		d.drop("index", x.Name, x.Table, "")
	}
	for _, name := range d.dropVirtuals {
		d.dropVirtual(d.old.virtuals.by[name], d.new.virtuals.by[name])
	}
	for _, name := range d.childrenFirst(d.dropTables) {
		d.dropTable(d.old.tables.by[name])
	}
	for _, name := range d.createTables {
		d.create("table", d.new.tables.by[name].name, d.new.tables.by[name].text)
	}
	for _, a := range d.alters {
		d.alter(a)
	}
	d.rebuildAll()
	for _, name := range d.createVirtuals {
		d.createVirtual(d.new.virtuals.by[name], d.old.virtuals.by[name])
	}
	for _, name := range d.createIndexes {
		x := d.new.indexes.by[name]
		d.step(plan.Step{SQL: x.text, About: plan.Object{Kind: "index", Table: x.Table, Name: x.Name}})
	}
	for _, name := range d.createViews {
		d.create("view", d.new.views.by[name].name, d.new.views.by[name].text)
	}
	for _, name := range d.createTriggers {
		d.create("trigger", d.new.triggers.by[name].name, d.new.triggers.by[name].text)
	}
	d.checkViolations()
}

// again says why something is dropped that is to stay.
func (d *differ) again(name string, create []string) string {
	if slices.Contains(create, name) {
		return "it is made again below"
	}
	return ""
}

func (d *differ) step(s plan.Step) { d.plan.Steps = append(d.plan.Steps, s) }

func (d *differ) create(kind, name, text string) {
	d.step(plan.Step{SQL: text, About: plan.Object{Kind: kind, Name: name}})
}

func (d *differ) drop(kind, name, table, why string) {
	object := plan.Object{Kind: kind, Table: table, Name: name}
	s := plan.Step{SQL: "DROP " + strings.ToUpper(kind) + " " + d.Quote(name), About: object, Why: why}
	if why == "" {
		s.Losses = []plan.Loss{{Object: object, What: "the definition of the " + kind}}
	}
	d.step(s)
}

// dropTable drops a table with its rows.
func (d *differ) dropTable(r *relation) {
	object := plan.Object{Kind: "table", Name: r.name}
	d.step(plan.Step{SQL: "DROP TABLE " + d.Quote(r.name), About: object, Losses: []plan.Loss{{Object: object, What: "the rows of the table", Rows: true}}})
}

// childrenFirst orders tables that are dropped so that none is dropped before those that refer to it, where that can be.
func (d *differ) childrenFirst(names []string) (out []string) {
	left := slices.Clone(names)
	slices.Reverse(left)
	for len(left) > 0 {
		at := slices.IndexFunc(left, func(name string) bool {
			return !slices.ContainsFunc(left, func(other string) bool {
				return other != name && refers(d.old.tables.by[other].table, name)
			})
		})
		if at < 0 { // they refer to each other
			at = 0
		}
		out = append(out, left[at])
		left = slices.Delete(left, at, at+1)
	}
	return out
}
