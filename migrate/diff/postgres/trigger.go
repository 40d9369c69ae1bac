package postgres

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
)

// trigger is a trigger but for its state.
type trigger struct {
	g *catalog.Trigger
	// on is the table or the view.
	on id
}

func listTriggers(s *catalog.Snapshot, add func(object)) {
	for _, sc := range s.Schemas {
		for _, g := range sc.Triggers {
			o := &trigger{g, id{Kind: "table", Schema: g.Schema, Name: g.Table}}
			if t := s.Table(g.Schema, g.Table); t != nil && t.Kind == catalog.View {
				o.on.Kind = "view"
			}
			add(o)
		}
	}
}

func (o *trigger) id() id {
	return id{Kind: "trigger", Schema: o.g.Schema, Table: o.g.Table, Name: o.g.Name}
}

func (o *trigger) owners() []id { return []id{o.on} }

func (o *trigger) compare(_ *differ, to object) change {
	return change{replace: o.g.Definition != to.(*trigger).g.Definition}
}

func (o *trigger) create(*differ) []plan.Step { return steps(o.id(), o.g.Definition) }

func (o *trigger) drop(d *differ) []plan.Step {
	return steps(o.id(), "DROP TRIGGER "+d.quote(o.g.Name)+" ON "+d.name(o.g.Schema, o.g.Table))
}
