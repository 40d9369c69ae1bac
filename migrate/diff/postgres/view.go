package postgres

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
)

// view is a view or a materialized view but for its indexes.
type view struct{ t *catalog.Table }

func listViews(s *catalog.Snapshot, add func(object)) {
	for _, sc := range s.Schemas {
		for _, t := range sc.Tables {
			if t.Kind == catalog.View || t.Kind == catalog.MaterializedView {
				add(&view{t})
			}
		}
	}
}

func (o *view) materialized() bool { return o.t.Kind == catalog.MaterializedView }

// words are how statements call it.
func (o *view) words() string {
	if o.materialized() {
		return "MATERIALIZED VIEW"
	}
	return "VIEW"
}

func (o *view) id() id {
	x := id{Kind: "view", Schema: o.t.Schema, Name: o.t.Name}
	if o.materialized() {
		x.Kind = "materialized view"
	}
	return x
}

func (o *view) owners() []id { return nil }

func (o *view) claims() []string {
	return []string{"relation " + o.t.Schema + "." + o.t.Name, "type " + o.t.Schema + "." + o.t.Name}
}

// survives: a view that is replaced by another query goes on without what the old one read.
func (o *view) survives(d *differ, y id) bool {
	e := d.entries[o.id()]
	return e.altered() && !o.materialized() && !slices.Contains(d.new.depends[o.id()], y) && e.to.(*view).t.Text != o.t.Text
}

func (o *view) compare(d *differ, to object) change {
	n := to.(*view)
	set, reset := optionChanges(o.t.Options, n.t.Options)
	var defaults []plan.Step
	for _, c := range n.t.Columns {
		if was := o.t.Column(c.Name, false); was != nil && was.Default != c.Default || was == nil && c.Default != "" {
			defaults = append(defaults, n.setDefault(d, c))
		}
	}
	switch {
	case o.t.Text == n.t.Text && len(set)+len(reset) == 0:
		return altering(defaults)
	case o.t.Text == n.t.Text && o.materialized():
		var list []string
		alter := "ALTER MATERIALIZED VIEW " + d.name(o.t.Schema, o.t.Name) + " "
		if len(set) > 0 {
			list = append(list, alter+"SET ("+settingsText(set)+")")
		}
		if len(reset) > 0 {
			list = append(list, alter+"RESET ("+strings.Join(reset, ", ")+")")
		}
		return altering(steps(o.id(), list...))
	case o.materialized() || !o.extendedBy(n):
		return change{replace: true}
	}
	return altering(append(steps(o.id(), n.statement(d, "CREATE OR REPLACE ")), defaults...))
}

// extendedBy tells whether the columns of n are those of o and perhaps more: CREATE OR REPLACE VIEW takes nothing else.
func (o *view) extendedBy(n *view) bool {
	if len(n.t.Columns) < len(o.t.Columns) {
		return false
	}
	for i, c := range o.t.Columns {
		if m := n.t.Columns[i]; m.Name != c.Name || m.Definition != c.Definition {
			return false
		}
	}
	return true
}

func (o *view) statement(d *differ, create string) string {
	sql := create + o.words() + " " + d.name(o.t.Schema, o.t.Name)
	if len(o.t.Options) > 0 {
		sql += " WITH (" + settingsText(o.t.Options) + ")"
	}
	return sql + " AS\n" + o.t.Text
}

func (o *view) create(d *differ) []plan.Step {
	sql := o.statement(d, "CREATE ")
	if o.materialized() && o.t.Unpopulated {
		// One that was filled and is made again is filled again.
		if old, ok := d.old.byID[o.id()].(*view); !ok || old.t.Unpopulated {
			sql += "\nWITH NO DATA"
		}
	}
	out := steps(o.id(), sql)
	for _, c := range o.t.Columns {
		if c.Default != "" {
			out = append(out, o.setDefault(d, c))
		}
	}
	return out
}

func (o *view) setDefault(d *differ, c *catalog.Column) plan.Step {
	sql := "ALTER VIEW " + d.name(o.t.Schema, o.t.Name) + " ALTER COLUMN " + d.quote(c.Name)
	if c.Default == "" {
		return step(o.id(), sql+" DROP DEFAULT")
	}
	return step(o.id(), sql+" SET DEFAULT "+c.Default)
}

func (o *view) drop(d *differ) []plan.Step {
	return steps(o.id(), "DROP "+o.words()+" "+d.name(o.t.Schema, o.t.Name))
}
