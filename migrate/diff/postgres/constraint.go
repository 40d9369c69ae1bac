package postgres

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/migrate/plan"
)

// constraint is a constraint of a table, but for NOT NULL.
type constraint struct {
	t *catalog.Table
	k *catalog.Constraint
	// parents are the constraints of parents that made it or that it was found to be a part of.
	parents []id
	// parts are, of a key of a partitioned table, those of its partitions.
	parts []id
	// targets are the partitions of the table that a foreign key is to.
	targets []id
	// under is, of a key, the index of the partitioned table that the key's is a part of though no key is over it there.
	under id
}

func constraintID(t *catalog.Table, name string) id {
	return id{Kind: "constraint", Schema: t.Schema, Table: t.Name, Name: name}
}

func listConstraint(s *catalog.Snapshot, t *catalog.Table, k *catalog.Constraint, keys map[id][]id, add func(object)) {
	o := &constraint{t: t, k: k, parts: keys[constraintID(t, k.Name)]}
	if target := s.Table(k.RefSchema, k.RefTable); len(k.RefColumns) > 0 && target != nil && target.Partition != "" {
		o.targets = partitionsOf(s, tableID(target))
	}
	for _, x := range t.Postgres.Indexes {
		if x.Constraint == k.Name && k.Postgres.Parent.Name == "" {
			o.under = x.Parent
		}
	}
	switch {
	case k.Postgres.Parent == constraintID(t, k.Postgres.Parent.Name):
		return // of a foreign key to a partitioned table, one for each partition of that
	case k.Postgres.Parent.Name != "":
		o.parents = []id{k.Postgres.Parent}
	case k.Postgres.Inherited:
		for _, p := range t.Postgres.Parents {
			if parent := s.Table(p.Schema, p.Name); parent != nil && slices.ContainsFunc(parent.Constraints, func(o *catalog.Constraint) bool { return o.Name == k.Name }) {
				o.parents = append(o.parents, constraintID(parent, k.Name))
			}
		}
	}
	add(o)
	addComment(add, o.id(), k.Postgres.Comment, func(d *differ) string {
		return "CONSTRAINT " + d.quote(k.Name) + " ON " + d.name(t.Schema, t.Name)
	})
}

func (o *constraint) id() id       { return constraintID(o.t, o.k.Name) }
func (o *constraint) owners() []id { return []id{tableID(o.t)} }

// isKey tells whether an index serves the constraint.
func (o *constraint) isKey() bool {
	return o.k.Kind == ir.PrimaryKey || o.k.Kind == ir.Unique || o.k.Kind == ir.Exclude
}

func (o *constraint) claims() []string {
	if o.isKey() {
		return []string{"relation " + o.t.Schema + "." + o.k.Name}
	}
	return nil
}

// inherits tells whether a parent alone has the constraint made.
func (o *constraint) inherits() bool { return o.k.Postgres.Inherited && !o.k.Postgres.Local }

func (o *constraint) goesAlong() []id {
	switch {
	case o.inherits():
		return o.parents
	case o.under.Name != "":
		return []id{o.under}
	}
	return nil
}

func (o *constraint) goesWith(d *differ, y id) bool {
	return d.goesWithParent(o.t, y) || d.along[o.id()]
}

// survives: what a child has of a parent stays when it leaves the parent.
func (o *constraint) survives(d *differ, y id) bool {
	return slices.Contains(o.parents, y) && !d.goesWithParent(o.t, y) || slices.Contains(o.targets, y)
}

// needs: the key of a partitioned table is made after those of its partitions, which it then finds. A foreign key to such a table goes before
// the partitions do.
func (o *constraint) needs(making bool) []id {
	if !making {
		return o.targets
	}
	out := append(later(o.t, o.k.Name), o.parts...)
	if !o.isKey() {
		out = append(out, o.parents...)
	}
	return out
}

// comesWithParent tells whether the constraint is made when the parent's is, or when the table is attached.
func (o *constraint) comesWithParent(d *differ) bool {
	if !o.inherits() || len(o.parents) == 0 || o.isKey() {
		return false
	}
	if o.k.Kind == ir.ForeignKey {
		return true
	}
	return slices.ContainsFunc(o.parents, func(p id) bool {
		parent := id{Kind: "table", Schema: p.Schema, Name: p.Table}
		if d.created(tableID(o.t)) {
			return o.t.PartitionOf == "" // by INHERITS
		}
		return d.comesFrom(o.t, parent)
	})
}

func (o *constraint) inline(d *differ) string {
	if o.comesWithParent(d) {
		return " "
	}
	if o.k.NotValid || o.isKey() && (o.alone() || later(o.t, o.k.Name) != nil) {
		return ""
	}
	return "CONSTRAINT " + d.quote(o.k.Name) + " " + o.definition(d)
}

// apart: foreign keys are gladly made later, keys are not.
func (o *constraint) apart() int {
	switch o.k.Kind {
	case ir.ForeignKey:
		return 1
	case ir.Check:
		return 3
	}
	return 5
}

// definition is the constraint behind its name.
func (o *constraint) definition(d *differ) string {
	text, p := o.k.Postgres.Definition, o.k.Postgres
	if o.k.Kind == ir.Exclude || len(p.Options) == 0 && p.Tablespace == "" {
		return text // an exclusion has them
	}
	rest := ""
	if i := strings.LastIndex(text, " DEFERRABLE"); i > 0 && o.k.Deferrable {
		text, rest = text[:i], text[i:]
	}
	if len(p.Options) > 0 {
		text += " WITH (" + settingsText(pairs(p.Options)) + ")"
	}
	if p.Tablespace != "" {
		text += " USING INDEX TABLESPACE " + d.quote(p.Tablespace)
	}
	return text + rest
}

func (o *constraint) create(d *differ) []plan.Step {
	if o.comesWithParent(d) {
		return o.validate(d)
	}
	x := o.id()
	add := d.alterTable(o.t) + "ADD CONSTRAINT " + d.quote(o.k.Name) + " "
	whole := steps(x, add+o.definition(d))
	if o.isKey() {
		if o.alone() {
			whole = steps(x, "ALTER TABLE ONLY "+d.name(o.t.Schema, o.t.Name)+" ADD CONSTRAINT "+d.quote(o.k.Name)+" "+o.definition(d))
			return append(whole, d.attachParts(x, o.k.Name, o.parts)...)
		}
		if attach := d.attachToWhole(x, o.t, o.k.Name, o.k.Postgres.Parent); attach != nil {
			return append(whole, attach...)
		}
	}
	if !d.online(o.t) || o.k.NotValid {
		return whole
	}
	switch o.k.Kind {
	case ir.Check, ir.ForeignKey:
		if o.k.Kind == ir.ForeignKey && o.t.Partition != "" {
			return whole // refused there
		}
		out := steps(x, add+o.definition(d)+" NOT VALID", d.alterTable(o.t)+"VALIDATE CONSTRAINT "+d.quote(o.k.Name))
		out[0].Why = "rows that are there are checked by the next statement, while others write"
		out[1].Alone = true // in the transaction of the first it would keep its lock for as long
		return out
	case ir.PrimaryKey, ir.Unique:
		if o.t.Partition != "" {
			return whole // it finds those of the partitions
		}
		return o.createOnline(d, add)
	}
	return whole
}

// validate checks the rows of a child where its parent's constraint, which came without a check, leaves that.
func (o *constraint) validate(d *differ) []plan.Step {
	if o.k.Kind != ir.Check || o.k.NotValid || !slices.ContainsFunc(o.parents, func(p id) bool {
		parent, ok := d.new.byID[p].(*constraint)
		return ok && parent.k.NotValid
	}) {
		return nil
	}
	out := steps(o.id(), d.alterTable(o.t)+"VALIDATE CONSTRAINT "+d.quote(o.k.Name))
	out[0].Alone = d.online(o.t)
	return out
}

// alone tells whether the constraint is a key of a partitioned table that a partition lacks.
func (o *constraint) alone() bool {
	return o.t.Partition != "" && slices.ContainsFunc(o.t.Postgres.Indexes, func(x *catalog.PostgresIndex) bool { return x.Constraint == o.k.Name && !x.Valid })
}

// createOnline builds the index of a key while others write, and makes it the constraint's.
func (o *constraint) createOnline(d *differ, add string) []plan.Step {
	i := slices.IndexFunc(o.t.Postgres.Indexes, func(x *catalog.PostgresIndex) bool { return x.Constraint == o.k.Name })
	if i < 0 {
		return steps(o.id(), add+o.definition(d))
	}
	x := o.t.Postgres.Indexes[i]
	build := step(o.id(), "CREATE UNIQUE INDEX CONCURRENTLY "+d.quote(x.Name)+" ON "+d.name(o.t.Schema, o.t.Name)+" "+x.Definition)
	build.Alone, build.Why = true, "the index is built while others write"
	word := map[ir.ConstraintKind]string{ir.PrimaryKey: "PRIMARY KEY", ir.Unique: "UNIQUE"}[o.k.Kind]
	sql := add + word + " USING INDEX " + d.quote(x.Name)
	if o.k.Deferrable {
		sql += " DEFERRABLE"
	}
	if o.k.InitiallyDeferred {
		sql += " INITIALLY DEFERRED"
	}
	return []plan.Step{build, step(o.id(), sql)}
}

func (o *constraint) drop(d *differ) []plan.Step {
	if o.inherits() && slices.ContainsFunc(o.parents, func(p id) bool { return o.goesWith(d, p) }) {
		return nil // with the parent's
	}
	return steps(o.id(), d.alterTable(o.t)+"DROP CONSTRAINT "+d.quote(o.k.Name))
}

// validity is the words at the end of a definition that say that rows were not checked.
const validity = " NOT VALID"

func (o *constraint) compare(d *differ, to object) change {
	n := to.(*constraint)
	a, b := o.k, n.k
	p, q := a.Postgres, b.Postgres
	options := slices.Equal(sorted(p.Options), sorted(q.Options)) && p.Tablespace == q.Tablespace
	if !o.isKey() && p.Inherited && q.Inherited && p.Local != q.Local || !p.Inherited && q.Inherited && !q.Local && n.t.PartitionOf == "" {
		d.unmanaged(o.id(), localText)
	}
	if p.Definition == q.Definition && options {
		return change{}
	}
	if o.inherits() && n.inherits() && !o.isKey() { // the parent's changes
		if a.NotValid {
			return altering(n.validate(d))
		}
		return change{}
	}
	x := o.id()
	plain := func(k *catalog.Constraint) string { return strings.TrimSuffix(k.Postgres.Definition, validity) }
	if plain(a) == plain(b) && a.NotValid && !b.NotValid {
		out := steps(x, d.alterTable(n.t)+"VALIDATE CONSTRAINT "+d.quote(b.Name))
		out[0].Alone = d.online(n.t)
		return altering(out)
	}
	undeferred := func(k *catalog.Constraint) string {
		return strings.NewReplacer(" DEFERRABLE", "", " INITIALLY DEFERRED", "").Replace(k.Postgres.Definition)
	}
	if a.Kind == ir.ForeignKey && b.Kind == ir.ForeignKey && undeferred(a) == undeferred(b) && options {
		sql := d.alterTable(n.t) + "ALTER CONSTRAINT " + d.quote(b.Name)
		switch {
		case b.InitiallyDeferred:
			sql += " DEFERRABLE INITIALLY DEFERRED"
		case b.Deferrable:
			sql += " DEFERRABLE INITIALLY IMMEDIATE"
		default:
			sql += " NOT DEFERRABLE"
		}
		return altering(steps(x, sql))
	}
	if p.Definition == q.Definition && o.isKey() {
		var out []string
		index := "ALTER INDEX " + d.name(n.t.Schema, b.Name) + " "
		set, reset := optionChanges(pairs(p.Options), pairs(q.Options))
		if len(set) > 0 {
			out = append(out, index+"SET ("+settingsText(set)+")")
		}
		if len(reset) > 0 {
			out = append(out, index+"RESET ("+strings.Join(reset, ", ")+")")
		}
		if p.Tablespace != q.Tablespace {
			out = append(out, index+"SET TABLESPACE "+d.quote(or(q.Tablespace, "pg_default")))
		}
		return altering(steps(x, out...))
	}
	if build := n.replaceOnline(d, o); build != nil {
		return altering(build)
	}
	return change{replace: true}
}

// replaceOnline builds the index of the new key beside the old one, and gives the key that one in a moment. Nil where that can't be.
func (o *constraint) replaceOnline(d *differ, old *constraint) []plan.Step {
	key := func(k *catalog.Constraint) bool { return k.Kind == ir.PrimaryKey || k.Kind == ir.Unique }
	t := o.t
	if !d.o.Online || d.o.Empty != nil && d.o.Empty(t.Schema, t.Name) || !key(o.k) || !key(old.k) || t.Partition != "" || len(o.parents)+len(old.parents) > 0 ||
		o.under.Name+old.under.Name+o.k.Postgres.Comment != "" || t.Postgres.ReplicaIndex == o.k.Name || t.Postgres.ClusterOn == o.k.Name || old.t.Postgres.ReplicaIndex == o.k.Name ||
		old.t.Postgres.ClusterOn == o.k.Name || slices.ContainsFunc(d.old.dependents[o.id()], func(x id) bool { return !strings.HasPrefix(x.Kind, "comment") }) {
		return nil
	}
	name := o.k.Name
	if len(name) > 58 {
		name = name[:58]
	}
	build := o.createOnline(d, "ADD CONSTRAINT "+d.quote(o.k.Name)+" ")
	if len(build) != 2 {
		return nil
	}
	index := d.quote(o.k.Name)
	build[0].SQL = strings.Replace(build[0].SQL, "CONCURRENTLY "+index, "CONCURRENTLY "+d.quote(name+"_new"), 1)
	build[1].SQL = d.alterTable(t) + "DROP CONSTRAINT " + index + ", " + strings.Replace(build[1].SQL, "USING INDEX "+index, "USING INDEX "+d.quote(name+"_new"), 1)
	build[1].Why = "the old key goes in the moment in which the new one comes"
	return build
}
