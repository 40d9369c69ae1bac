package rename

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
)

// The kinds of things that are renamed, in the words of plan.Object.
const (
	TableKind        = "table"
	ColumnKind       = "column"
	IndexKind        = "index"
	ConstraintKind   = "constraint"
	TypeKind         = "type"
	DomainKind       = "domain"
	ValueKind        = "enum value"
	SequenceKind     = "sequence"
	ViewKind         = "view"
	MaterializedKind = "materialized view"
)

// Rename is a thing that gets another name.
type Rename struct {
	Kind, Schema string
	// Table is what the thing belongs to, by its new name: the table of a column, an index or a constraint, the type of an enum value; ""
	// of others.
	Table    string
	Old, New string
}

// String says the rename for people.
func (r Rename) String() string {
	return r.Kind + " " + r.path(r.Old) + " to " + r.New
}

func (r Rename) path(name string) string {
	out := name
	for _, before := range []string{r.Table, r.Schema} {
		if before != "" {
			out = before + "." + out
		}
	}
	return out
}

// inner tells whether things of a kind belong to a table or a type.
func inner(kind string) bool {
	return kind == ColumnKind || kind == IndexKind || kind == ConstraintKind || kind == ValueKind
}

// kindOf is the word for a relation.
var kindOf = map[catalog.TableKind]string{
	catalog.BaseTable: TableKind, catalog.VirtualTable: TableKind, catalog.View: ViewKind, catalog.MaterializedView: MaterializedKind,
}

// place is a thing's address in a map: kind "" stands for any relation or type.
type place struct{ kind, schema, table, name string }

// names are what things of an old schema are called in the new one.
type names struct {
	caseless bool
	fallback string // the default schema
	to       map[place]string
}

func newNames(s *catalog.Snapshot, list []Rename) *names {
	n := &names{caseless: s.Caseless(), fallback: s.DefaultSchema, to: map[place]string{}}
	for _, r := range list {
		n.add(r)
	}
	return n
}

func (n *names) clone(more ...Rename) *names {
	out := &names{n.caseless, n.fallback, make(map[place]string, len(n.to))}
	for k, v := range n.to {
		out.to[k] = v
	}
	for _, r := range more {
		out.add(r)
	}
	return out
}

func (n *names) add(r Rename) { n.to[n.place(r.Kind, r.Schema, r.Table, r.Old)] = r.New }

// place folds; views and tables, types and domains are one.
func (n *names) place(kind, schema, table, name string) place {
	switch kind {
	case ViewKind, MaterializedKind:
		kind = TableKind
	case DomainKind:
		kind = TypeKind
	}
	if schema == "" {
		schema = n.fallback
	}
	return place{kind, n.fold(schema), n.fold(table), n.fold(name)}
}

func (n *names) fold(name string) string {
	if n.caseless {
		return strings.ToLower(name)
	}
	return name
}

// of is the new name of a thing, its old one where it has no other. Table is the new name of its table.
func (n *names) of(kind, schema, table, name string) string {
	if new, ok := n.to[n.place(kind, schema, table, name)]; ok {
		return new
	}
	return name
}

// pair are two objects that are one, of the old and of the new schema.
type pair[T any] struct{ old, new T }

// match finds the objects that both lists have, and those that one alone has. The name of an old one is its new one.
func match[T any](old, new []T, oldName, newName func(T) string) (both []pair[T], lost, gained []T) {
	at := make(map[string]int, len(new))
	for i, x := range new {
		at[newName(x)] = i
	}
	taken := make([]bool, len(new))
	for _, x := range old {
		if i, ok := at[oldName(x)]; ok && !taken[i] {
			taken[i] = true
			both = append(both, pair[T]{x, new[i]})
		} else {
			lost = append(lost, x)
		}
	}
	for i, x := range new {
		if !taken[i] {
			gained = append(gained, x)
		}
	}
	return both, lost, gained
}

// has tells whether a list has a rename, compared as the engine compares names.
func (n *names) has(list []Rename, r Rename) bool {
	key := n.place(r.Kind, r.Schema, r.Table, r.Old)
	return slices.ContainsFunc(list, func(x Rename) bool {
		return n.place(x.Kind, x.Schema, x.Table, x.Old) == key && n.fold(x.New) == n.fold(r.New)
	})
}
