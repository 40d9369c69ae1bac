package catalog

import (
	"maps"
	"slices"
)

// Clone is a copy of s that a Builder may take over, so that DDL can be tried against a schema that others still read. What no
// DDL changes in place (trees, the engines' system schemas) is shared.
func Clone(s *Snapshot) *Snapshot {
	c := *s
	c.SearchPath, c.Extensions = slices.Clone(s.SearchPath), slices.Clone(s.Extensions)
	c.Rights, c.Others, c.Depends = slices.Clone(s.Rights), slices.Clone(s.Others), slices.Clone(s.Depends)
	c.Schemas, c.byName = nil, map[string]*Schema{}
	for _, sc := range s.Schemas {
		if !slices.Contains(s.Implicit, sc.Name) { // which no DDL changes
			sc = cloneSchema(&c, sc)
		}
		c.Schemas = append(c.Schemas, sc)
		c.byName[c.fold(sc.Name)] = sc
	}
	return &c
}

func cloneSchema(s *Snapshot, old *Schema) *Schema {
	sc := *old
	sc.tables, sc.types = map[string]*Table{}, map[string]*TypeDef{}
	sc.Tables = nil
	for _, t := range old.Tables {
		t = cloneTable(t)
		sc.Tables = append(sc.Tables, t)
		sc.tables[s.fold(t.Name)] = t
	}
	sc.Types = each(old.Types)
	for _, d := range sc.Types {
		d.Values, d.Checks, d.Columns = slices.Clone(d.Values), each(d.Checks), each(d.Columns)
		sc.types[s.fold(d.Name)] = d
	}
	sc.Functions, sc.Sequences, sc.Triggers = each(old.Functions), each(old.Sequences), each(old.Triggers)
	return &sc
}

func cloneTable(old *Table) *Table {
	t := *old
	t.Columns = each(old.Columns)
	for _, c := range t.Columns {
		c.Table = &t
	}
	t.Constraints, t.Indexes, t.Policies = each(old.Constraints), each(old.Indexes), each(old.Policies)
	for _, k := range t.Constraints {
		k.Columns, k.RefColumns, k.Include = slices.Clone(k.Columns), slices.Clone(k.RefColumns), slices.Clone(k.Include)
	}
	for _, x := range t.Indexes {
		x.Parts, x.Include = slices.Clone(x.Parts), slices.Clone(x.Include)
	}
	t.Inherits = slices.Clone(old.Inherits)
	t.Options = maps.Clone(old.Options)
	return &t
}

// each copies what the pointers of a list point to.
func each[T any](list []*T) []*T {
	out := make([]*T, len(list))
	for i, v := range list {
		c := *v
		out[i] = &c
	}
	return out
}
