package rename

import (
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/types"
	"github.com/covetsql/covetsql/migrate/plan"
)

// Told is what the directives come to between two schemas.
type Told struct {
	// Renames are to be run.
	Renames []Rename
	// Done are the directives whose rename the old schema has already: they do nothing any more and may be taken out.
	Done      []Directive
	Drops     Drops
	Backfills Backfills
}

// Drops are the drops that were allowed by name.
type Drops []Directive

// Allow tells whether a directive names the object, which is dropped.
func (d Drops) Allow(s *catalog.Snapshot, o plan.Object) bool {
	n := newNames(s, nil)
	return slices.ContainsFunc(d, func(x Directive) bool {
		return n.place(x.Kind, x.Schema, x.Table, x.Old) == n.place(o.Kind, o.Schema, o.Table, o.Name)
	})
}

// Backfills are what columns are filled with.
type Backfills []Directive

// Of is the expression for a column, "" where none was given. It fits plan.Options.Backfill once the snapshot is bound.
func (b Backfills) Of(s *catalog.Snapshot) func(schema, table, column, suggested string) string {
	n := newNames(s, nil)
	return func(schema, table, column, _ string) string {
		for _, x := range b {
			if n.place(ColumnKind, x.Schema, x.Table, x.New) == n.place(ColumnKind, schema, table, column) {
				return x.Expression
			}
		}
		return ""
	}
}

// Check holds directives against the two schemas. A rename is to be run where the old schema has the old name and the new schema has the
// new one, done where the old schema has the new name already, and an error else; so is a swap of two things that may have been run
// before, for nothing tells. The errors are *Error.
func Check(from, to *catalog.Snapshot, directives []Directive) (Told, []error) {
	c := &checker{from: from, to: to, n: newNames(from, nil), old: objects(from), new: objects(to)}
	var out Told
	for _, d := range directives {
		switch d.Word {
		case "drop":
			out.Drops = append(out.Drops, d)
		case "backfill":
			out.Backfills = append(out.Backfills, d)
		default:
			c.add(d)
		}
	}
	// What holds others first, for a column is looked for in its table's old name.
	for _, kind := range order {
		for i := range c.all {
			if c.all[i].Kind == kind {
				c.judge(i)
			}
		}
	}
	for i, d := range c.all {
		switch c.state[i] {
		case run:
			out.Renames = append(out.Renames, d.Rename)
		case done:
			out.Done = append(out.Done, d)
		}
	}
	return out, c.problems
}

type state int

const (
	unjudged state = iota
	judging
	run
	done
	wrong
)

type checker struct {
	from, to *catalog.Snapshot
	n        *names
	old, new map[place]bool
	all      []Directive
	state    []state
	problems []error
}

func (c *checker) problem(d Directive, do, text string, args ...any) {
	c.problems = append(c.problems, &Error{d.Span, fmt.Sprintf(text, args...), do})
}

func (c *checker) add(d Directive) {
	if d.Schema == "" {
		d.Schema = c.from.DefaultSchema
	}
	// A view and a table, a domain and a type are looked for under one kind.
	at := len(c.all)
	c.all = append(c.all, d)
	c.state = append(c.state, unjudged)
	for i, x := range c.all[:at] {
		if c.state[i] == wrong || c.key(x, "") != c.key(d, "") {
			continue
		}
		switch {
		case c.n.fold(x.Old) == c.n.fold(d.Old) && c.n.fold(x.New) == c.n.fold(d.New):
			c.state[at] = wrong // said twice, by the file and by the manifest: once is enough
			c.all[i].Once = x.Once && d.Once
		case c.n.fold(x.New) == c.n.fold(d.New):
			c.problem(d, "leave one", "%s is said to have been %s and %s", d.path(d.New), x.Old, d.Old)
			c.state[at] = wrong
		case c.n.fold(x.Old) == c.n.fold(d.Old):
			c.problem(d, "leave one", "%s is said to be %s and %s", d.path(d.Old), x.New, d.New)
			c.state[at] = wrong
		}
	}
}

func (c *checker) key(d Directive, name string) place {
	return c.n.place(d.Kind, d.Schema, d.Table, name)
}

// oldTable is what the old schema calls the table or type that a thing belongs to.
func (c *checker) oldTable(d Directive) string {
	for i, x := range c.all {
		if c.state[i] == run && (x.Kind == TableKind || x.Kind == TypeKind || x.Kind == MaterializedKind) && c.n.fold(x.Schema) == c.n.fold(d.Schema) && c.n.fold(x.New) == c.n.fold(d.Table) {
			return x.Old
		}
	}
	return d.Table
}

// other is the directive of the thing that has a name in one of the schemas.
func (c *checker) other(i int, has func(Directive) bool) int {
	for k, x := range c.all {
		if k != i && c.state[k] != wrong && c.key(x, "") == c.key(c.all[i], "") && has(x) {
			return k
		}
	}
	return -1
}

func (c *checker) judge(i int) state {
	switch c.state[i] {
	case unjudged:
	case judging:
		return judging // a ring
	default:
		return c.state[i]
	}
	c.state[i] = judging
	c.state[i] = c.judged(i)
	return c.state[i]
}

func (c *checker) judged(i int) state {
	d := c.all[i]
	table := c.oldTable(d)
	inOld := func(name string) bool { return c.old[c.n.place(d.Kind, d.Schema, table, name)] }
	inNew := func(name string) bool { return c.new[c.n.place(d.Kind, d.Schema, d.Table, name)] }
	what := d.Kind + " " + d.path(d.New)
	if c.n.fold(d.Old) == c.n.fold(d.New) {
		c.problem(d, "take the directive out", "%s has its old name", what)
		return wrong
	}
	if !inNew(d.New) {
		c.problem(d, "write the new name as the schema has it", "the schema has no %s", what)
		return wrong
	}
	if inner(d.Kind) {
		holder := TableKind
		if d.Kind == ValueKind {
			holder = TypeKind
		}
		if !c.old[c.n.place(holder, d.Schema, "", table)] {
			return done // its table is new, so nothing in it was called anything
		}
	}
	follower := c.other(i, func(x Directive) bool { return c.n.fold(x.Old) == c.n.fold(d.New) }) // takes the new name away from who has it
	leader := c.other(i, func(x Directive) bool { return c.n.fold(x.New) == c.n.fold(d.Old) })   // gives the old name to another
	switch {
	case !inOld(d.Old) && inOld(d.New):
		return done
	case !inOld(d.Old):
		if len(c.old) == 0 {
			return done // a schema that has nothing yet
		}
		near := ""
		if list := c.near(d, table); list != "" {
			near = "did you mean " + list + "?"
		}
		c.problem(d, near, "%s is said to have been %s, and the schema before has neither", what, d.Old)
		return wrong
	case inNew(d.Old) && leader < 0:
		c.problem(d, "drop the one, or take the directive out", "%s is said to have been %s, and the schema has both", what, d.Old)
		return wrong
	case inOld(d.New) && follower < 0:
		if leader >= 0 && c.judge(leader) == done {
			return done
		}
		c.problem(d, "drop "+d.New+" in a migration of its own first", "%s is said to have been %s, and the schema before has both", what, d.Old)
		return wrong
	case inOld(d.New):
		switch c.judge(follower) {
		case done:
			return done
		case wrong:
			return wrong
		case judging:
			return c.ring(i)
		}
	}
	return run
}

// ring judges things that change their names among themselves. Once that was run the schema looks as before, but for what the things are.
func (c *checker) ring(i int) state {
	d := c.all[i]
	if d.Once {
		return run
	}
	if d.Kind == ColumnKind {
		table := c.oldTable(d)
		old, new := c.column(c.from, d.Schema, table, d.Old), c.column(c.to, d.Schema, d.Table, d.New)
		stays := c.column(c.from, d.Schema, table, d.New)
		if old != nil && new != nil && stays != nil {
			moved, same := old.Type == new.Type && old.NotNull == new.NotNull, stays.Type == new.Type && stays.NotNull == new.NotNull
			switch {
			case moved && !same:
				return run
			case same && !moved:
				return done
			}
		}
	}
	c.problem(d, fmt.Sprintf("take the directives out and say it once: covetsql migrate rename %s %s", d.path(d.Old), d.New),
		"%s and others change names among themselves, and nothing tells whether that was done before", d.Kind+" "+d.path(d.New))
	return wrong
}

func (c *checker) column(s *catalog.Snapshot, schema, table, name string) *catalog.Column {
	if t := s.Table(schema, table); t != nil {
		return t.Column(name, s.Caseless())
	}
	return nil
}

// near lists names that an old one may be a misspelling of.
func (c *checker) near(d Directive, table string) string {
	want := c.n.place(d.Kind, d.Schema, table, "")
	best, like := "", 0.6
	for p := range c.old {
		name := p.name
		if p.name = ""; p == want {
			if x := alike(name, d.Old); x > like || x == like && name < best {
				best, like = name, x
			}
		}
	}
	return best
}

// objects are all things of a schema that can be renamed.
func objects(s *catalog.Snapshot) map[place]bool {
	n := newNames(s, nil)
	out := map[place]bool{}
	for _, sc := range s.Schemas {
		if slices.Contains(s.Implicit, sc.Name) {
			continue
		}
		for _, t := range sc.Tables {
			out[n.place(kindOf[t.Kind], sc.Name, "", t.Name)] = true
			for _, c := range t.Columns {
				if !c.Hidden {
					out[n.place(ColumnKind, sc.Name, t.Name, c.Name)] = true
				}
			}
			for _, x := range t.Indexes {
				out[n.place(IndexKind, sc.Name, t.Name, x.Name)] = true
			}
			for _, k := range t.Constraints {
				if k.Name != "" {
					out[n.place(ConstraintKind, sc.Name, t.Name, k.Name)] = true
					out[n.place(IndexKind, sc.Name, t.Name, k.Name)] = true // MySQL's unique keys
				}
			}
		}
		for _, d := range sc.Types {
			if d.Extension != "" {
				continue
			}
			out[n.place(TypeKind, sc.Name, "", d.Name)] = true
			if d.Kind == types.Enum {
				for _, v := range d.Values {
					out[n.place(ValueKind, sc.Name, d.Name, v)] = true
				}
			}
		}
		for _, q := range sc.Sequences {
			out[n.place(SequenceKind, sc.Name, "", q.Name)] = true
		}
	}
	return out
}

// Hint says for people that a directive does nothing any more.
func (d Directive) Hint() string {
	return strings.TrimSpace("covet:renamed_from " + d.Old + " beside " + d.Kind + " " + d.path(d.New) + " was obeyed before; it may be taken out")
}
