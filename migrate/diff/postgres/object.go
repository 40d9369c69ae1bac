package postgres

import (
	"slices"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
)

type id = catalog.ObjectID

// object is one thing of a schema that is compared, made, changed and dropped by itself. Each kind has a file of its own and is listed
// in kinds.
type object interface {
	// id is the same in both schemas, and as Snapshot.Depends has it.
	id() id
	// owners are the objects whose drop drops this one without a word.
	owners() []id
	// compare tells what turns this object into the one of the same id in the wanted schema.
	compare(d *differ, to object) change
	create(d *differ) []plan.Step
	drop(d *differ) []plan.Step
}

// change is what turns an object into another of its id. The zero change is none.
type change struct {
	// replace: the object is dropped and made again, and all that rests on it.
	replace bool
	// alter gives the statements that change it in place. It is asked when all is decided: created and dropped are final.
	alter func() []plan.Step
	// disturbs tells which dependents can't be there while alter runs: they are dropped before and made again after. Nil: none.
	disturbs func(dependent id) bool
	// finish gives statements that run when all that rests on the object was changed: a type that was set aside is dropped.
	finish func() []plan.Step
}

// altering is a change in place by statements that are known.
func altering(list []plan.Step) change {
	if len(list) == 0 {
		return change{}
	}
	return change{alter: func() []plan.Step { return list }}
}

// part is an object that can be written into the statement that makes its first owner.
type part interface {
	object
	// inline is the clause, "" where the object has to be made by itself. It is asked before the order is known.
	inline(d *differ) string
	// apart orders the parts by how gladly they are made by themselves where two owners need each other.
	apart() int
}

// claimer is an object that takes names which no other object may have at the same time.
type claimer interface{ claims() []string }

// needer is an object that needs more than the server says: to be there before it is made, or to go after it.
type needer interface{ needs(making bool) []id }

// wisher is an object that had better be made and changed after others, which it can do without.
type wisher interface{ wishes() []id }

// follower is an object that goes without a word with others than its owners, which it does not need to be made.
type follower interface {
	goesAlong() []id
	// goesWith tells whether it really does, in this plan.
	goesWith(d *differ, y id) bool
}

// survivor is an object that may stay though what it rests on is dropped or changed, because its own change takes care of it.
type survivor interface{ survives(d *differ, y id) bool }

// kinds list the objects of a snapshot. All of a kind have a rank, which orders what nothing else orders.
var kinds = []func(s *catalog.Snapshot, add func(object)){
	listSchemas, listCollations, listTypes, listTables, listSequences, listIndexes, listRows, listViews, listRoutines, listTriggers, listOthers,
}

// ranks order kinds where nothing else does: first made, last dropped.
var ranks = func() map[string]int {
	m := map[string]int{}
	for i, k := range []string{
		"schema", "extension", "foreign data wrapper", "server", "user mapping", "language", "collation", "type", "domain", "sequence", "function", "procedure",
		"aggregate", "operator", "operator family", "operator class", "cast", "transform", "conversion",
		"text search parser", "text search template", "text search dictionary", "text search configuration",
		"table", "column", "default", "sequence owner", "inheritance", "rows", "constraint", "index", "statistics",
		"view", "materialized view", "rule", "trigger", "policy", "event trigger", "publication",
	} {
		m[k] = i + 1
	}
	return m
}()

func rank(x id) int {
	if r := ranks[x.Kind]; r > 0 {
		return r
	}
	return 100 // comments, rights
}

// side is one of the two schemas as objects.
type side struct {
	objects []object
	byID    map[id]object
	// depends are the objects that each rests on; dependents those that rest on it.
	depends, dependents map[id][]id
}

func (s *side) list(snapshot *catalog.Snapshot, making bool) {
	s.byID = map[id]object{}
	for _, list := range kinds {
		list(snapshot, func(o object) {
			x := o.id()
			if s.byID[x] == nil {
				s.byID[x] = o
				s.objects = append(s.objects, o)
			}
		})
	}
	s.depends, s.dependents = map[id][]id{}, map[id][]id{}
	s.connect(snapshot.Depends)
	for _, o := range s.objects {
		if n, ok := o.(needer); ok {
			for _, y := range n.needs(making) {
				s.link(o.id(), y)
			}
		}
		for _, y := range o.owners() {
			s.link(o.id(), y)
		}
		if f, ok := o.(follower); ok && !making {
			for _, y := range f.goesAlong() {
				s.link(o.id(), y)
			}
		}
	}
	s.overRows()
	if making {
		s.afterPartitions()
		s.afterRows()
		s.beforeValues()
	}
	// What rests on a child's column rests on the parent's, whose changes reach it.
	for _, o := range s.objects {
		if c, ok := o.(*column); ok {
			for _, p := range c.parents {
				s.reach(c.id(), p)
			}
		}
	}
}

// beforeValues has the sequences of defaults made before the columns that take a value of them for rows that have none.
func (s *side) beforeValues() {
	for _, o := range s.objects {
		f, ok := o.(*columnDefault)
		if !ok || !f.o.c.Postgres.NotNull {
			continue
		}
		for _, y := range s.depends[f.id()] {
			if y.Kind == "sequence" {
				s.link(f.o.id(), y)
			}
		}
	}
}

// afterPartitions has the indexes of partitioned tables that lack some of the partitions' made when those were attached.
func (s *side) afterPartitions() {
	for _, o := range s.objects {
		if h, ok := o.(*inheritance); ok && h.parent != nil && h.child.PartitionOf != "" {
			for _, x := range h.parent.Postgres.Indexes {
				if indexAlone(h.parent, x.Name) {
					s.link(indexID(h.parent, x.Name), h.id())
					s.link(constraintID(h.parent, x.Name), h.id())
				}
			}
		}
	}
}

// overRows has columns of a table's row type rest on all columns of the table: none changes its type while such values are there.
func (s *side) overRows() {
	for _, o := range s.objects {
		c, ok := o.(*column)
		if !ok {
			continue
		}
		for _, y := range slices.Clone(s.depends[c.id()]) {
			if t, ok := s.byID[y].(*table); ok && t.t != c.t {
				for _, of := range t.t.Columns {
					s.link(c.id(), columnID(t.t, of.Name))
				}
			}
		}
	}
}

func (s *side) reach(child, parent id) {
	for _, x := range slices.Clone(s.dependents[child]) {
		if x.Kind != "default" && x.Table != child.Table {
			s.link(x, parent)
		}
	}
	if p, ok := s.byID[parent].(*column); ok {
		for _, up := range p.parents {
			s.reach(child, up)
		}
	}
}

func (s *side) link(x, y id) {
	if x == y || s.byID[x] == nil || s.byID[y] == nil || slices.Contains(s.depends[x], y) {
		return
	}
	s.depends[x] = append(s.depends[x], y)
	s.dependents[y] = append(s.dependents[y], x)
}

// unlink forgets that x rests on y.
func (s *side) unlink(x, y id) {
	s.depends[x] = slices.DeleteFunc(s.depends[x], func(z id) bool { return z == y })
	s.dependents[y] = slices.DeleteFunc(s.dependents[y], func(z id) bool { return z == x })
}

// connect takes the server's dependencies. What rests on something that is no object here rests on all that this rests on.
func (s *side) connect(list []catalog.Dependency) {
	raw := map[id][]id{}
	for _, dep := range list {
		x, y := dep.Object, dep.On
		if x.Kind == "sequence" && y.Kind == "column" && dep.Automatic {
			x.Kind = "sequence owner"
		}
		if dep.Automatic && x.Table != y.Table && (x.Kind == "index" || x.Kind == "constraint") && (y.Kind == "index" || y.Kind == "constraint") {
			continue // of a partition's: it is made first, and then found by its whole's; see owners
		}
		raw[x] = append(raw[x], y)
	}
	var expand func(x, y id, seen map[id]bool)
	expand = func(x, y id, seen map[id]bool) {
		if s.byID[y] != nil {
			s.link(x, y)
			return
		}
		for _, z := range raw[y] {
			if !seen[z] {
				if seen == nil {
					seen = map[id]bool{}
				}
				seen[z] = true
				expand(x, z, seen)
			}
		}
	}
	for x, ys := range raw {
		if s.byID[x] != nil {
			for _, y := range ys {
				expand(x, y, nil)
			}
		}
	}
}
