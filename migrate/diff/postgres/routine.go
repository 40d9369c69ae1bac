package postgres

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
)

// routine is a function, a procedure or an aggregate.
type routine struct {
	f *catalog.Function
	// names are the objects that the text of its body names.
	names []id
}

func listRoutines(s *catalog.Snapshot, add func(object)) {
	m := mentionable(s)
	for _, sc := range s.Schemas {
		for _, f := range sc.Functions {
			if f.Signature == "" {
				continue
			}
			o := &routine{f: f}
			if f.Kind != catalog.Aggregate && (f.Language == "sql" || f.Language == "plpgsql") {
				o.names = m.in(f.Body, o.id())
			}
			add(o)
		}
	}
}

func (o *routine) kind() string {
	switch o.f.Kind {
	case catalog.Aggregate, catalog.OrderedSet:
		return "aggregate"
	case catalog.Procedure:
		return "procedure"
	}
	return "function"
}

func (o *routine) id() id           { return id{Kind: o.kind(), Schema: o.f.Schema, Name: o.f.Signature} }
func (o *routine) owners() []id     { return nil }
func (o *routine) claims() []string { return []string{"routine " + o.f.Schema + "." + o.f.Signature} }

// wishes are what the text of the body names. The server looks for it only when it checks a body, or when it runs.
func (o *routine) wishes() []id { return o.names }

func (o *routine) compare(d *differ, to object) change {
	n := to.(*routine)
	switch {
	case o.f.Definition == n.f.Definition:
		return change{}
	case !o.replaceableBy(n):
		return change{replace: true}
	}
	return altering(n.create(d))
}

// replaceableBy tells whether CREATE OR REPLACE turns o into n: what it returns and how its arguments are called stays, and no default goes.
func (o *routine) replaceableBy(n *routine) bool {
	if o.kind() == "aggregate" || o.f.Result != n.f.Result || len(o.f.Columns) != len(n.f.Columns) || len(o.f.Args) != len(n.f.Args) {
		return false
	}
	for i, c := range o.f.Columns {
		if m := n.f.Columns[i]; m.Name != c.Name || m.Type.String() != c.Type.String() {
			return false
		}
	}
	for i, a := range o.f.Args {
		b := n.f.Args[i]
		if a.Mode != b.Mode || a.Name != "" && a.Name != b.Name || a.HasDefault && !b.HasDefault {
			return false
		}
	}
	return true
}

func (o *routine) create(d *differ) []plan.Step {
	if !d.checkedInVain(o.id()) {
		return steps(o.id(), o.f.Definition)
	}
	out := steps(o.id(), "SET check_function_bodies = off", o.f.Definition, "RESET check_function_bodies")
	out[0].Why = "the bodies of routines that name one another can't be checked before all are there"
	return out
}

// checkedInVain tells whether the body names routines that name this one in turn.
func (d *differ) checkedInVain(x id) bool {
	seen := map[id]bool{}
	var reaches func(y id) bool
	reaches = func(y id) bool {
		o, ok := d.new.byID[y].(*routine)
		if !ok || seen[y] {
			return false
		}
		seen[y] = true
		return slices.ContainsFunc(o.names, func(z id) bool { return z == x || reaches(z) })
	}
	return reaches(x)
}

func (o *routine) drop(d *differ) []plan.Step {
	name, arguments, _ := strings.Cut(o.f.Signature, "(")
	if arguments == ")" && o.kind() == "aggregate" {
		arguments = "*)"
	}
	return steps(o.id(), "DROP "+strings.ToUpper(o.kind())+" "+d.name(o.f.Schema, name)+"("+arguments)
}

// mentions finds the objects of a schema by the words of a text.
type mentions struct {
	named   map[string][]id
	columns map[id][]id
}

func mentionable(s *catalog.Snapshot) mentions {
	m := mentions{map[string][]id{}, map[id][]id{}}
	add := func(name string, x id) { m.named[name] = append(m.named[name], x) }
	for _, sc := range s.Schemas {
		for _, t := range sc.Tables {
			switch t.Kind {
			case catalog.BaseTable:
				add(t.Name, tableID(t))
				for _, c := range t.Columns {
					m.columns[tableID(t)] = append(m.columns[tableID(t)], columnID(t, c.Name))
				}
			default:
				add(t.Name, (&view{t}).id())
			}
		}
		for _, f := range sc.Functions {
			if f.Signature != "" {
				add(f.Name, (&routine{f: f}).id())
			}
		}
		for _, t := range sc.Types {
			add(t.Name, id{Kind: "type", Schema: t.Schema, Name: t.Name})
			add(t.Name, id{Kind: "domain", Schema: t.Schema, Name: t.Name})
		}
		for _, q := range sc.Sequences {
			add(q.Name, id{Kind: "sequence", Schema: sc.Name, Name: q.Name})
		}
	}
	return m
}

// in lists the objects that a text names but for itself; of tables their columns that it names too.
func (m mentions) in(text string, self id) []id {
	words := map[string]bool{}
	for _, w := range strings.FieldsFunc(text, func(r rune) bool {
		return r < 0x80 && r != '_' && r != '$' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) {
		words[w], words[strings.ToLower(w)] = true, true
	}
	var out []id
	for w := range words {
		for _, x := range m.named[w] {
			if x == self {
				continue
			}
			out = append(out, x)
			for _, c := range m.columns[x] {
				if words[c.Name] {
					out = append(out, c)
				}
			}
		}
	}
	slices.SortFunc(out, compareIDs)
	return slices.Compact(out)
}
