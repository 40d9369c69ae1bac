package postgres

import (
	"slices"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/migrate/plan"
)

// inheritance is that a table inherits from another or is a partition of it.
type inheritance struct {
	child, parent *catalog.Table // parent is nil where the snapshot does not have it
	of            id
}

func inheritanceID(child *catalog.Table, parent id) id {
	return id{Kind: "inheritance", Schema: child.Schema, Table: child.Name, Name: parent.Schema + "." + parent.Name}
}

func (o *inheritance) id() id       { return inheritanceID(o.child, o.of) }
func (o *inheritance) owners() []id { return []id{tableID(o.child)} }

// needs are what the child must have before it is attached, and what it has by itself when it was detached. The indexes of both sides come
// first: the server finds those that are the same.
func (o *inheritance) needs(making bool) []id {
	var out []id
	for _, t := range []*catalog.Table{o.child, o.parent} {
		if t == nil {
			continue
		}
		for _, c := range t.Columns {
			out = append(out, columnID(t, c.Name), id{Kind: "default", Schema: t.Schema, Table: t.Name, Name: c.Name})
		}
		for _, k := range t.Constraints {
			cloned := t == o.child && k.Postgres.Parent.Name != "" && k.Postgres.Parent.Table == o.of.Name && len(k.RefColumns) > 0
			if t == o.child && making && later(t, k.Name) != nil || t == o.parent && making && indexAlone(t, k.Name) {
				continue
			}
			if !making || !cloned && !(t == o.parent && len(k.RefColumns) > 0) { // foreign keys come with it, or reach it later
				out = append(out, constraintID(t, k.Name))
			}
		}
		for _, x := range t.Postgres.Indexes {
			if x.Constraint == "" && !(t == o.parent && making && indexAlone(t, x.Name)) && !(t == o.child && making && later(t, x.Name) != nil) && (t == o.child || o.child.PartitionOf != "") {
				out = append(out, indexID(t, x.Name))
			}
		}
	}
	return append(out, o.of)
}

// indexAlone tells whether an index of a partitioned table lacks some of its partitions': a partition that is attached when it is there would give it its
// own.
func indexAlone(t *catalog.Table, name string) bool {
	return t.Partition != "" && slices.ContainsFunc(t.Postgres.Indexes, func(x *catalog.PostgresIndex) bool { return x.Name == name && !x.Valid })
}

// survives: what a child has of its own changes while it is attached.
func (o *inheritance) survives(_ *differ, y id) bool { return y.Kind != "table" }

func (o *inheritance) inline(d *differ) string {
	if o.child.PartitionOf != "" {
		return ""
	}
	return " " // within INHERITS
}

func (o *inheritance) apart() int { return 9 }

func (o *inheritance) compare(d *differ, to object) change {
	a, b := o.child, to.(*inheritance).child
	return change{replace: a.Bound != b.Bound || (a.PartitionOf != "") != (b.PartitionOf != "")}
}

func (o *inheritance) create(d *differ) []plan.Step {
	parent := d.name(o.of.Schema, o.of.Name)
	child := d.name(o.child.Schema, o.child.Name)
	if o.child.PartitionOf == "" {
		return steps(o.id(), d.alterTable(o.child)+"INHERIT "+parent)
	}
	return steps(o.id(), "ALTER TABLE "+parent+" ATTACH PARTITION "+child+" "+o.child.Bound)
}

func (o *inheritance) drop(d *differ) []plan.Step {
	parent := d.name(o.of.Schema, o.of.Name)
	child := d.name(o.child.Schema, o.child.Name)
	if o.child.PartitionOf == "" {
		return steps(o.id(), d.alterTable(o.child)+"NO INHERIT "+parent)
	}
	s := step(o.id(), "ALTER TABLE "+parent+" DETACH PARTITION "+child)
	// A table that stays would get a check of its former bound by the concurrent form.
	if d.o.Online && d.dropped(tableID(o.child)) && !d.dropped(o.of) && !o.hasDefaultPartition(d) && d.o.Version >= 140000 && d.mayHaveRows(o.child) {
		s.SQL, s.Alone = s.SQL+" CONCURRENTLY", true
	}
	return []plan.Step{s}
}

// hasDefaultPartition tells whether the whole has a default partition, which DETACH CONCURRENTLY refuses.
func (o *inheritance) hasDefaultPartition(d *differ) bool {
	for _, sc := range d.from.Schemas {
		for _, t := range sc.Tables {
			if t.PartitionOf != "" && t.Bound == "DEFAULT" && len(t.Postgres.Parents) > 0 && t.Postgres.Parents[0] == o.of {
				return true
			}
		}
	}
	return false
}

// kept tells whether a child is its parent's before and after, all the time.
func (d *differ) kept(child *catalog.Table, parent id) bool {
	e := d.entries[inheritanceID(child, parent)]
	return e != nil && e.from != nil && e.to != nil && !e.change.replace
}

// comesFrom tells whether what a parent of the table gets or loses the table gets or loses too.
func (d *differ) comesFrom(t *catalog.Table, parent id) bool { return d.kept(t, parent) }

// partitionsOf are all partitions of a table, and theirs.
func partitionsOf(s *catalog.Snapshot, whole id) []id {
	var out []id
	for _, sc := range s.Schemas {
		for _, t := range sc.Tables {
			if t.PartitionOf != "" && len(t.Postgres.Parents) > 0 && t.Postgres.Parents[0] == whole {
				out = append(append(out, tableID(t)), partitionsOf(s, tableID(t))...)
			}
		}
	}
	return out
}

// leavesFirst tells whether a partition that goes has to be detached before: while a foreign key is to the whole, it can't be dropped.
func (o *inheritance) leavesFirst(d *differ) bool {
	if o.child.PartitionOf == "" || d.dropped(o.of) || o.parent == nil {
		return false
	}
	for _, k := range o.parent.Constraints {
		if slices.ContainsFunc(d.old.dependents[constraintID(o.parent, k.Name)], func(x id) bool {
			f, ok := d.old.byID[x].(*constraint)
			return ok && len(f.k.RefColumns) > 0
		}) {
			return true
		}
	}
	return false
}

// spreadToUnchecked has the CHECK of a parent made again where one of a child's is to be NOT VALID and is valid: only its addition leaves rows unchecked.
func (d *differ) spreadToUnchecked() {
	for _, x := range d.ids {
		e := d.entries[x]
		o, _ := e.from.(*constraint)
		n, _ := e.to.(*constraint)
		if o == nil || n == nil || o.k.Kind != ir.Check || !o.k.Postgres.Inherited || !n.k.Postgres.Inherited || o.k.NotValid || !n.k.NotValid {
			continue
		}
		// It is the first of them that is added, and all follow.
		for top := []*constraint{o}; len(top) > 0; top = top[1:] {
			for _, y := range top[0].parents {
				p := d.entries[y]
				if p == nil || p.from == nil || p.to == nil || !d.goesWithParent(top[0].t, y) {
					continue // the parent's comes or goes by itself
				}
				if up := p.from.(*constraint); up.inherits() {
					top = append(top, up)
				} else if !o.inherits() || !p.to.(*constraint).k.NotValid {
					e.change = change{}
					d.unmanaged(x, "rows of a child that were checked can't be taken for unchecked: drop the CHECK of the parent and add it again by hand")
				} else if !p.dropped() {
					p.change.replace, p.spread = true, true
				}
			}
		}
	}
}

// freePartitions has the foreign keys that the plan drops dropped before partitions leave: one to a partitioned table holds a partition whose rows it
// needs, and one of a partitioned table takes those of its partitions along while they are there.
func (d *differ) freePartitions() {
	d.along = map[id]bool{}
	parts := map[id][]*constraint{}
	for _, o := range d.old.objects {
		if k, ok := o.(*constraint); ok && k.k.Kind == ir.ForeignKey && k.inherits() {
			for _, y := range k.parents {
				parts[y] = append(parts[y], k)
			}
		}
	}
	leaves := func(t *catalog.Table) id {
		if len(t.Postgres.Parents) == 0 {
			return id{}
		}
		return inheritanceID(t, t.Postgres.Parents[0])
	}
	for _, x := range d.ids {
		k, ok := d.entries[x].from.(*constraint)
		if !ok || k.k.Kind != ir.ForeignKey || !d.dropped(x) || k.inherits() {
			continue
		}
		for _, y := range k.targets {
			if t := d.from.Table(y.Schema, y.Name); t != nil && d.dropped(leaves(t)) {
				d.old.unlink(leaves(t), x)
				d.old.link(x, leaves(t))
			}
		}
		if slices.ContainsFunc(parts[x], func(part *constraint) bool { return !d.dropped(part.id()) }) {
			continue // it stays with a partition that left before
		}
		for _, part := range parts[x] {
			if leave := leaves(part.t); d.dropped(leave) {
				d.along[part.id()] = true
				d.old.unlink(leave, x)
				d.old.unlink(leave, part.id())
				d.old.link(x, leave)
			}
		}
	}
}

// localText tells why a child's column or check does not become its parent's alone, or its own too.
const localText = "whether a child has it of its parents alone or by itself too can't be changed: make the child anew, or declare it the same way"
