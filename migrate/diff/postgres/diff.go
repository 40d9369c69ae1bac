// Package postgres plans what turns one schema of PostgreSQL into another. Both are introspected: their texts are the server's own. It knows
// the order in which objects can be dropped, changed and made, from what the server says that each rests on, and the statements for each kind;
// it runs nothing.
package postgres

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
)

// Diff plans the statements that turn from into to. They are meant for a session whose search path is public, as both
// snapshots were read. Two equal schemas give an empty plan.
func Diff(from, to *catalog.Snapshot, o plan.Options) (plan.Plan, error) {
	d := &differ{from: from, to: to, o: o, entries: map[id]*entry{}}
	d.old.list(from, false)
	d.new.list(to, true)
	d.pair()
	d.spreadToPartitions()
	d.spreadToWholes()
	d.spreadToUnchecked()
	d.spread()
	d.suspendDefaults()
	d.freePartitions()
	nodes, err := d.order()
	if err != nil {
		return plan.Plan{}, err
	}
	for _, n := range nodes {
		d.plan.Steps = append(d.plan.Steps, n.run(d)...)
	}
	return d.plan, nil
}

// differ is one comparison of two schemas.
type differ struct {
	from, to *catalog.Snapshot
	o        plan.Options
	old, new side
	// entries has all objects of both sides; ids are they in order.
	entries map[id]*entry
	ids     []id
	// merged are the objects that the statement which makes another makes with it.
	merged map[id][]object
	// along are the foreign keys of partitions that go with their whole's though the partition leaves: they go before it.
	along map[id]bool
	plan  plan.Plan
}

// entry is an object in both schemas, and what becomes of it.
type entry struct {
	id       id
	from, to object // nil where it is not
	change   change
	// spread: the object is made again for the sake of another one.
	spread bool
}

// dropped tells whether the object of the old schema goes, for good or to be made again.
func (e *entry) dropped() bool { return e.from != nil && (e.to == nil || e.change.replace) }

// created tells whether the plan makes the object.
func (e *entry) created() bool { return e.to != nil && (e.from == nil || e.change.replace) }

// altered tells whether the object stays and is changed in place.
func (e *entry) altered() bool {
	return e.from != nil && e.to != nil && !e.change.replace && e.change.alter != nil
}

// dropped tells whether the plan drops an object, for good or to make it again.
func (d *differ) dropped(x id) bool { e := d.entries[x]; return e != nil && e.dropped() }

// created tells whether the plan makes an object.
func (d *differ) created(x id) bool { e := d.entries[x]; return e != nil && e.created() }

// altered tells whether the plan changes an object in place.
func (d *differ) altered(x id) bool { e := d.entries[x]; return e != nil && e.altered() }

// pair lists the objects of both sides and compares those that are in both.
func (d *differ) pair() {
	for _, o := range d.old.objects {
		d.entries[o.id()] = &entry{id: o.id(), from: o}
		d.ids = append(d.ids, o.id())
	}
	for _, o := range d.new.objects {
		e := d.entries[o.id()]
		if e == nil {
			e = &entry{id: o.id()}
			d.entries[o.id()] = e
			d.ids = append(d.ids, o.id())
		}
		e.to = o
	}
	for _, x := range d.ids {
		if e := d.entries[x]; e.from != nil && e.to != nil {
			e.change = e.from.compare(d, e.to)
		}
	}
}

// spread finds the objects that have to be dropped and made again because what they rest on is, or can't be changed while
// they are there.
func (d *differ) spread() {
	queue := make([]id, 0, len(d.ids))
	for _, x := range d.ids {
		if e := d.entries[x]; e.dropped() || e.altered() && e.change.disturbs != nil {
			queue = append(queue, x)
		}
	}
	for len(queue) > 0 {
		y := d.entries[queue[0]]
		queue = queue[1:]
		for _, x := range d.old.dependents[y.id] {
			e := d.entries[x]
			if e == nil || e.from == nil || e.to == nil || e.change.replace {
				continue
			}
			if s, ok := e.from.(survivor); ok && s.survives(d, y.id) {
				continue
			}
			if y.to == nil && e.altered() && !y.change.replace {
				continue // its change ends the dependency, before the other goes
			}
			if y.dropped() || y.change.disturbs != nil && y.change.disturbs(x) {
				e.change.replace, e.spread = true, true
				queue = append(queue, x)
			}
		}
	}
}

func (d *differ) unmanaged(x id, why string) {
	d.plan.Unmanaged = append(d.plan.Unmanaged, plan.Unmanaged{Object: plan.Object(x), Why: why})
}

// step is one statement about an object.
func step(x id, sql string) plan.Step { return plan.Step{SQL: sql, About: plan.Object(x)} }

// steps are statements about an object.
func steps(x id, sql ...string) []plan.Step {
	var out []plan.Step
	for _, s := range sql {
		if s != "" {
			out = append(out, step(x, s))
		}
	}
	return out
}
