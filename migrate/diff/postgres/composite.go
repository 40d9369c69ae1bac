package postgres

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
)

type composite struct{ userType }

func attribute(d *differ, c *catalog.Column) string { return d.quote(c.Name) + " " + c.Definition }

func (o *composite) create(d *differ) []plan.Step {
	var list []string
	for _, c := range o.t.Columns {
		list = append(list, attribute(d, c))
	}
	return steps(o.id(), "CREATE TYPE "+d.name(o.t.Schema, o.t.Name)+" AS ("+strings.Join(list, ", ")+")")
}

func (o *composite) drop(d *differ) []plan.Step {
	return steps(o.id(), "DROP TYPE "+d.name(o.t.Schema, o.t.Name))
}

func (o *composite) compare(d *differ, to object) change {
	n, ok := to.(*composite)
	if !ok {
		return change{replace: true}
	}
	var kept, wanted, actions []string
	retyped := false
	old, new := map[string]*catalog.Column{}, map[string]*catalog.Column{}
	for _, c := range n.t.Columns {
		new[c.Name] = c
		wanted = append(wanted, c.Name)
	}
	for _, c := range o.t.Columns {
		old[c.Name] = c
		if new[c.Name] == nil {
			actions = append(actions, "DROP ATTRIBUTE "+d.quote(c.Name))
			continue
		}
		kept = append(kept, c.Name)
		if c.Definition != new[c.Name].Definition {
			definition := new[c.Name].Definition
			actions, retyped = append(actions, "ALTER ATTRIBUTE "+d.quote(c.Name)+" SET DATA TYPE "+definition), true
		}
	}
	for _, c := range n.t.Columns {
		if old[c.Name] == nil {
			actions = append(actions, "ADD ATTRIBUTE "+attribute(d, c))
			kept = append(kept, c.Name)
		}
	}
	aside := d.onAside(o.id())
	if len(actions) == 0 && slices.Equal(kept, wanted) && !aside {
		return change{}
	}
	// A value whose attributes stay in their places is carried over as a text.
	moved := !slices.Equal(kept, wanted) || len(o.t.Columns) != len(n.t.Columns)
	stored := slices.ContainsFunc(d.old.dependents[o.id()], func(x id) bool { return x.Kind == "column" || x.Kind == "type" || x.Kind == "domain" })
	const why = "columns hold values of the type, and the server does not change their attributes: the type is made anew"
	switch {
	case !stored && (aside || !slices.Equal(kept, wanted)):
		return change{replace: true}
	case stored && moved && (aside || retyped || !slices.Equal(kept, wanted)):
		if !o.held(d) {
			d.unmanaged(o.id(), "more than single columns hold values of it, whose attributes the server does not move; add a column of a new type and carry the values over")
			return change{}
		}
		return d.anew(o, n, o.t, "TYPE", why)
	case stored && (aside || retyped):
		return d.anew(o, n, o.t, "TYPE", why)
	}
	s := step(o.id(), "ALTER TYPE "+d.name(o.t.Schema, o.t.Name)+" "+strings.Join(actions, ", "))
	if stored {
		s.Losses = o.losses(n)
	}
	ch := altering([]plan.Step{s})
	if retyped || slices.ContainsFunc(actions, func(a string) bool { return strings.HasPrefix(a, "DROP") }) {
		ch.disturbs = func(x id) bool {
			switch x.Kind {
			case "view", "materialized view", "rule", "function", "procedure":
				return true
			}
			return false
		}
	}
	return ch
}

// losses are the attributes whose values go.
func (o *composite) losses(n *composite) []plan.Loss {
	var out []plan.Loss
	for _, c := range o.t.Columns {
		if !slices.ContainsFunc(n.t.Columns, func(x *catalog.Column) bool { return x.Name == c.Name }) {
			out = append(out, plan.Loss{Object: plan.Object(o.id()), What: "the values of the attribute " + c.Name, Rows: true})
		}
	}
	return out
}

// held tells whether all values of the type stand in columns alone, which a change of the column's type can take apart: in no arrays, no other types,
// and no columns that have to wait as texts.
func (o *composite) held(d *differ) bool {
	for _, x := range d.old.dependents[o.id()] {
		switch x.Kind {
		case "type", "domain":
			return false
		case "column":
			c, ok := d.old.byID[x].(*column)
			if !ok || c.c.Type.IsArray() || c.c.Type.Name != o.t.Name || c.c.Generated != "" || strings.Contains(c.t.Partition, c.c.Name) {
				return false
			}
		}
	}
	return true
}

// regrouped is the value of a column whose composite type is made anew with its attributes in other places, or with others; "" where a text does.
// The losses are the attributes that are not in the new type.
func (o *column) regrouped(d *differ) (expr string, losses []plan.Loss) {
	for _, y := range d.old.depends[o.id()] {
		e := d.entries[y]
		if e == nil || !e.altered() || e.change.finish == nil {
			continue
		}
		was, ok := e.from.(*composite)
		if !ok || o.c.Type.IsArray() || o.c.Type.Name != was.t.Name || o.c.Type.Schema != was.t.Schema {
			continue
		}
		is := e.to.(*composite)
		if slices.EqualFunc(was.t.Columns, is.t.Columns, func(a, b *catalog.Column) bool { return a.Name == b.Name }) {
			continue
		}
		column := d.quote(o.c.Name)
		var list []string
		for _, c := range is.t.Columns {
			i := slices.IndexFunc(was.t.Columns, func(x *catalog.Column) bool { return x.Name == c.Name })
			switch value := "(" + column + ")." + d.quote(c.Name); {
			case i < 0:
				list = append(list, "NULL")
			case was.t.Columns[i].Definition == c.Definition:
				list = append(list, value)
			default:
				list = append(list, value+"::text") // the type's own input reads it
			}
		}
		return "CASE WHEN " + column + " IS DISTINCT FROM NULL THEN ROW(" + strings.Join(list, ", ") + ")::text::" + d.name(is.t.Schema, is.t.Name) + " END", was.losses(is)
	}
	return "", nil
}
