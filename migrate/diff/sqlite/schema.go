package sqlite

import (
	"fmt"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/diff/sqlite/definition"
)

// schema is a snapshot by the texts that the database keeps.
type schema struct {
	tables, views, virtuals list[*relation]
	indexes                 list[*index]
	triggers                list[*trigger]
	// names are the folded names of relations and columns, by which a name in double quotes is told from a string.
	names map[string]bool
}

// list are objects by their folded names, in the database's order.
type list[T any] struct {
	order []string
	by    map[string]T
}

func (l *list[T]) add(name string, object T) {
	if l.by == nil {
		l.by = map[string]T{}
	}
	l.order = append(l.order, name)
	l.by[name] = object
}

// relation is a table, a view or a virtual table. Of another than a table, table is nil.
type relation struct {
	schema, name, text string
	table              *definition.Table
	canonical          string
	mentions           map[string]bool
	// columns are those of a view that can be used, and those of a virtual table that * gives.
	columns   []string
	module    string
	arguments []string
}

type index struct {
	definition.Index
	text string
}

type trigger struct {
	name, text string
	on         string // folded
	canonical  string
	mentions   map[string]bool
}

func read(s *catalog.Snapshot) (*schema, error) {
	out := &schema{names: map[string]bool{}}
	main := s.Schema("main")
	if main == nil {
		return out, nil
	}
	for _, t := range main.Tables {
		out.names[definition.Fold(t.Name)] = true
		for _, c := range t.Columns {
			out.names[definition.Fold(c.Name)] = true
		}
	}
	known := func(folded string) bool { return out.names[folded] }
	for _, t := range main.Tables {
		if t.Temp {
			continue
		}
		if t.Definition == "" {
			return nil, fmt.Errorf("the snapshot has no definition of %s: it was not read from a database", t.Name)
		}
		r := &relation{schema: main.Name, name: t.Name, text: definition.Statement(t.Definition)}
		for _, c := range t.Columns {
			if t.Kind != catalog.BaseTable && !c.Hidden {
				r.columns = append(r.columns, c.Name)
			}
		}
		switch folded := definition.Fold(t.Name); t.Kind {
		case catalog.VirtualTable:
			r.canonical = definition.Canonical(t.Definition, known)
			r.module, r.arguments = definition.Fold(t.Module), t.ModuleArgs
			out.virtuals.add(folded, r)
		case catalog.BaseTable:
			var err error
			if r.table, err = definition.ReadTable(r.text); err != nil {
				return nil, err
			}
			r.canonical = r.table.Canonical()
			out.tables.add(folded, r)
			for _, x := range t.Indexes {
				if x.Definition == "" {
					return nil, fmt.Errorf("the snapshot has no definition of index %s: it was not read from a database", x.Name)
				}
				out.indexes.add(definition.Fold(x.Name), &index{definition.ReadIndex(x.Definition, r.table.Has), definition.Statement(x.Definition)})
			}
		default:
			r.canonical = definition.Canonical(t.Definition, known)
			r.mentions = definition.Words(t.Definition)
			out.views.add(folded, r)
		}
	}
	for _, t := range main.Triggers {
		if t.Definition == "" {
			return nil, fmt.Errorf("the snapshot has no definition of trigger %s: it was not read from a database", t.Name)
		}
		out.triggers.add(definition.Fold(t.Name), &trigger{
			name: t.Name, text: definition.Statement(t.Definition), on: definition.Fold(t.Table),
			canonical: definition.Canonical(t.Definition, known), mentions: definition.Words(t.Definition),
		})
	}
	return out, nil
}
