package postgres

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/migrate/plan"
)

// columnDefault is the default of a column.
type columnDefault struct{ o *column }

func (f *columnDefault) id() id {
	x := f.o.id()
	x.Kind = "default"
	return x
}

func (f *columnDefault) owners() []id { return []id{f.o.id()} }

func (f *columnDefault) inline(d *differ) string {
	if f.o.t.PartitionOf == "" && !f.o.c.Postgres.Local && d.created(tableID(f.o.t)) {
		return "" // the column comes from a parent, with the parent's
	}
	return f.o.c.Default
}

func (f *columnDefault) apart() int { return 2 }

func (f *columnDefault) compare(d *differ, to object) change {
	n := to.(*columnDefault)
	if f.o.c.Default == n.o.c.Default {
		return change{}
	}
	return change{alter: func() []plan.Step { return n.create(d) }}
}

func (f *columnDefault) create(d *differ) []plan.Step {
	if f.o.fromParent(d) && slices.ContainsFunc(f.o.parents, func(y id) bool { return d.to.Table(y.Schema, y.Table).Column(y.Name, false).Default == f.o.c.Default }) {
		return nil // the parent's came with the column
	}
	out := steps(f.id(), f.o.only(d)+"SET DEFAULT "+f.o.c.Default)
	// A new sequence goes on behind the values of a column that has some.
	if !d.created(f.o.id()) && d.mayHaveRows(f.o.t) && !f.o.c.Postgres.Inherited && strings.HasPrefix(f.o.c.Default, "nextval(") {
		for _, y := range d.new.depends[f.id()] {
			if e := d.entries[y]; y.Kind == "sequence" && d.created(y) {
				out = append(out, f.o.advance(d, e.to.(*sequence).q)...)
			}
		}
	}
	return out
}

func (f *columnDefault) drop(d *differ) []plan.Step { return steps(f.id(), f.o.only(d)+"DROP DEFAULT") }
