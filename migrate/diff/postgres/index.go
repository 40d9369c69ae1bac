package postgres

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
)

// index is an index that no constraint has, of a table or of a materialized view.
type index struct {
	t *catalog.Table
	x *catalog.PostgresIndex
	// parts are, of an index of a partitioned table, those of its partitions.
	parts []id
}

func indexID(t *catalog.Table, name string) id {
	return id{Kind: "index", Schema: t.Schema, Table: t.Name, Name: name}
}

func listIndexes(s *catalog.Snapshot, add func(object)) {
	parts := map[id][]id{}
	for _, sc := range s.Schemas {
		for _, t := range sc.Tables {
			if t.Postgres == nil {
				continue
			}
			for _, x := range t.Postgres.Indexes {
				switch {
				case x.Parent.Name == "":
				case x.Constraint != "":
					parts[x.Parent] = append(parts[x.Parent], constraintID(t, x.Constraint))
				default:
					parts[x.Parent] = append(parts[x.Parent], indexID(t, x.Name))
				}
			}
		}
	}
	for _, sc := range s.Schemas {
		for _, t := range sc.Tables {
			if t.Postgres == nil {
				continue
			}
			for _, x := range t.Postgres.Indexes {
				if x.Constraint != "" {
					if x.Comment != "" {
						addComment(add, id{Kind: "index", Schema: t.Schema, Table: t.Name, Name: x.Name}, x.Comment, func(d *differ) string { return "INDEX " + d.name(t.Schema, x.Name) })
					}
					continue
				}
				o := &index{t, x, parts[indexID(t, x.Name)]}
				add(o)
				addComment(add, o.id(), x.Comment, func(d *differ) string { return "INDEX " + d.name(t.Schema, x.Name) })
			}
		}
	}
}

func (o *index) id() id           { return indexID(o.t, o.x.Name) }
func (o *index) owners() []id     { return []id{tableID(o.t)} }
func (o *index) claims() []string { return []string{"relation " + o.t.Schema + "." + o.x.Name} }

// goesAlong: the index of a partition goes with that of its whole.
func (o *index) goesAlong() []id {
	if o.x.Parent.Name == "" {
		return nil
	}
	return []id{o.x.Parent}
}

func (o *index) goesWith(d *differ, y id) bool { return d.goesWithParent(o.t, y) }

func (o *index) survives(d *differ, y id) bool {
	return y == o.x.Parent && !d.goesWithParent(o.t, y)
}

// needs: the index of a partitioned table is made after those of its partitions, which it then finds.
func (o *index) needs(making bool) []id {
	if making {
		return append(later(o.t, o.x.Name), o.parts...)
	}
	return nil
}

// later are what an index of a partition has to come after because another one of the same definition is to be the part of the whole's: the server
// takes the first that fits. Nil where there is none.
func later(t *catalog.Table, name string) []id {
	i := slices.IndexFunc(t.Postgres.Indexes, func(x *catalog.PostgresIndex) bool { return x.Name == name })
	if t.PartitionOf == "" || i < 0 || t.Postgres.Indexes[i].Parent.Name != "" {
		return nil
	}
	x := t.Postgres.Indexes[i]
	var out []id
	for _, y := range t.Postgres.Indexes {
		if y.Parent.Name == "" || y.Definition != x.Definition || y.Unique != x.Unique {
			continue
		}
		key := y.Parent
		key.Kind = "constraint"
		out = append(out, y.Parent, key, inheritanceID(t, id{Kind: "table", Schema: y.Parent.Schema, Name: y.Parent.Table}))
	}
	return out
}

// begin is the statement that makes the index, up to its definition.
func (o *index) begin(d *differ, name, concurrently string) string {
	sql := "CREATE "
	if o.x.Unique {
		sql += "UNIQUE "
	}
	sql += "INDEX " + concurrently + d.quote(name) + " ON "
	if o.t.Partition != "" && !o.x.Valid {
		sql += "ONLY "
	}
	return sql + d.name(o.t.Schema, o.t.Name) + " "
}

func (o *index) create(d *differ) []plan.Step {
	x := o.id()
	s := step(x, o.begin(d, o.x.Name, "")+o.x.Definition)
	if d.online(o.t) && o.t.Partition == "" {
		s.SQL, s.Alone = o.begin(d, o.x.Name, "CONCURRENTLY ")+o.x.Definition, true
		s.Why = "built while others write"
	}
	out := append([]plan.Step{s}, o.statistics(d, nil)...)
	if o.t.Partition != "" && !o.x.Valid {
		out = append(out, d.attachParts(x, o.x.Name, o.parts)...)
	}
	return append(out, d.attachToWhole(x, o.t, o.x.Name, o.x.Parent)...)
}

// attachParts makes the indexes of partitions parts of that of the whole, which was made without looking for them.
func (d *differ) attachParts(x id, name string, parts []id) []plan.Step {
	var out []plan.Step
	for _, p := range parts {
		out = append(out, step(x, "ALTER INDEX "+d.name(x.Schema, name)+" ATTACH PARTITION "+d.name(p.Schema, p.Name)))
	}
	return out
}

// attachToWhole makes a new index of a partition a part of that of the whole where that was there before.
func (d *differ) attachToWhole(x id, t *catalog.Table, name string, whole id) []plan.Step {
	if whole.Name == "" || !d.goesWithParent(t, whole) {
		return nil
	}
	if e := d.entries[whole]; e == nil || e.created() {
		return nil
	}
	return steps(x, "ALTER INDEX "+d.name(whole.Schema, whole.Name)+" ATTACH PARTITION "+d.name(t.Schema, name))
}

// statistics sets the targets of the index's expressions.
func (o *index) statistics(d *differ, old []string) []plan.Step {
	before, after := map[string]string{}, map[string]string{}
	for m, list := range map[*map[string]string][]string{&before: old, &after: o.x.Statistics} {
		for _, s := range list {
			k, v, _ := strings.Cut(s, " ")
			(*m)[k] = v
		}
	}
	var out []plan.Step
	for _, k := range sortedKeys(before, after) {
		if v := or(after[k], "-1"); v != or(before[k], "-1") {
			out = append(out, step(o.id(), "ALTER INDEX "+d.name(o.t.Schema, o.x.Name)+" ALTER COLUMN "+k+" SET STATISTICS "+v))
		}
	}
	return out
}

func (o *index) drop(d *differ) []plan.Step {
	s := step(o.id(), "DROP INDEX "+d.name(o.t.Schema, o.x.Name))
	if slices.ContainsFunc(o.parts, func(p id) bool { return p.Kind == "constraint" }) {
		s.SQL += " CASCADE" // the only way to the keys of partitions that are parts of it
	}
	if d.online(o.t) && !d.dropped(tableID(o.t)) && o.t.Partition == "" && o.x.Parent.Name == "" {
		s.SQL, s.Alone = "DROP INDEX CONCURRENTLY "+d.name(o.t.Schema, o.x.Name), true
	}
	return []plan.Step{s}
}

func (o *index) compare(d *differ, to object) change {
	n := to.(*index)
	a, b := o.x, n.x
	x := o.id()
	if a.Definition != b.Definition || a.Unique != b.Unique || a.Valid && !b.Valid || !a.Valid && b.Valid && o.t.Partition == "" {
		if d.onlineReplaces(o, n) {
			return change{alter: func() []plan.Step { return o.replaceOnline(d, n) }}
		}
		return change{replace: true}
	}
	if d.takesPart(n) {
		return change{replace: true}
	}
	if e := d.entries[a.Parent]; a.Parent.Name != "" && a.Parent != b.Parent && (e == nil || e.to == nil) {
		return change{replace: true} // the server drops it with the one that it is a part of
	}
	statistics := n.statistics(d, a.Statistics)
	if a.Parent == b.Parent {
		return altering(statistics)
	}
	return change{alter: func() []plan.Step {
		out := statistics
		if p := b.Parent; p.Name != "" && !d.created(inheritanceID(n.t, id{Kind: "table", Schema: p.Schema, Name: p.Table})) {
			if e := d.entries[p]; e != nil && !e.created() {
				out = append(out, step(x, "ALTER INDEX "+d.name(p.Schema, p.Name)+" ATTACH PARTITION "+d.name(n.t.Schema, b.Name)))
			}
		}
		return out
	}}
}

// takesPart tells whether the index would become a part of a whole's when its table is attached, though another one is to be it.
func (d *differ) takesPart(o *index) bool {
	return slices.ContainsFunc(later(o.t, o.x.Name), func(y id) bool {
		e := d.entries[y]
		return y.Kind == "inheritance" && e != nil && e.from == nil
	})
}

// onlineReplaces tells whether a new index can be built beside the old one.
func (d *differ) onlineReplaces(o, n *index) bool {
	if !d.o.Online || o.t.Partition != "" || o.x.Parent.Name != "" || n.x.Parent.Name != "" || (d.o.Empty != nil && d.o.Empty(o.t.Schema, o.t.Name)) {
		return false
	}
	for _, t := range []*catalog.Table{o.t, n.t} {
		if t.Postgres.ReplicaIndex == o.x.Name || t.Postgres.ClusterOn == o.x.Name {
			return false
		}
	}
	// A foreign key needs the one that is there.
	return n.x.Comment == "" && o.x.Valid && !slices.ContainsFunc(d.old.dependents[o.id()], func(x id) bool { return x.Kind == "constraint" })
}

func (o *index) replaceOnline(d *differ, n *index) []plan.Step {
	x := o.id()
	name := n.x.Name
	if len(name) > 58 {
		name = name[:58]
	}
	name += "_new"
	build := step(x, n.begin(d, name, "CONCURRENTLY ")+n.x.Definition)
	build.Alone, build.Why = true, "the new index is built before the old one goes, while others write"
	old := step(x, "DROP INDEX CONCURRENTLY "+d.name(o.t.Schema, o.x.Name))
	old.Alone = true
	out := []plan.Step{build, old, step(x, "ALTER INDEX "+d.name(n.t.Schema, name)+" RENAME TO "+d.quote(n.x.Name))}
	return append(out, n.statistics(d, nil)...)
}
