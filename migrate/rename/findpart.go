package rename

import (
	"cmp"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

// named is a thing with a name and what it is but for that. Two with one definition are one thing: to rename loses nothing.
type named struct {
	kind, name, definition string
	columns                []string
}

// parts finds indexes and constraints that have other names and are the same for the rest.
func (f *finder) parts() {
	if f.from.Engine == catalog.SQLite {
		return // it renames none; a dropped index and a new one lose nothing
	}
	var found []Candidate
	for _, p := range f.both {
		old := f.partsOf(p.old, f.guessed.spelling(p.new.Schema, p.new.Name))
		new := f.partsOf(p.new, plainly(f.to))
		if len(old) == 0 || len(new) == 0 {
			continue
		}
		_, lost, gained := match(old, new,
			func(x named) string {
				return x.kind + " " + f.told.fold(f.told.of(x.kind, p.new.Schema, p.new.Name, x.name))
			},
			func(x named) string { return x.kind + " " + f.told.fold(x.name) })
		for _, r := range twins(lost, gained) {
			c := Candidate{
				Rename: Rename{r.old.kind, p.new.Schema, p.new.Name, r.old.name, r.new.name}, P: 1,
				Needs: f.needs(TableKind, p.new.Schema, p.new.Name), Evidence: []string{"they differ in their names alone"},
			}
			for _, column := range r.new.columns {
				if change, ok := f.columnRename(p.new, column); ok {
					c.Needs = append(c.Needs, change)
				}
			}
			c.Certain = len(c.Needs) == 0
			if !f.refused(c.Rename) {
				found = append(found, c)
			}
		}
	}
	f.propose(found...)
}

// columnRename is the candidate that gave a column its name.
func (f *finder) columnRename(t *catalog.Table, column string) (Rename, bool) {
	for _, c := range f.out {
		if c.Kind == ColumnKind && c.Schema == t.Schema && c.Table == t.Name && f.told.fold(c.New) == f.told.fold(column) {
			return c.Rename, true
		}
	}
	return Rename{}, false
}

// partsOf are the indexes and constraints of a table that the engine can rename.
func (f *finder) partsOf(t *catalog.Table, spell spelling) []named {
	var out []named
	for _, x := range t.Indexes {
		n := named{kind: IndexKind, name: x.Name, definition: spell.index(x), columns: x.Include}
		for _, p := range x.Parts {
			n.columns = append(n.columns, p.Column)
		}
		out = append(out, n)
	}
	for _, c := range t.Constraints {
		kind := ConstraintKind
		if f.from.Engine == catalog.MySQL {
			// What MySQL can rename of a constraint is the index of a unique one.
			if kind = IndexKind; c.Kind != ir.Unique {
				continue
			}
		}
		if c.Name != "" {
			out = append(out, named{kind, c.Name, spell.constraint(c), c.Columns})
		}
	}
	for i := range out {
		for k, c := range out[i].columns {
			if c != "" {
				out[i].columns = slices.Clone(out[i].columns)
				out[i].columns[k] = spell.column(c)
			}
		}
	}
	return out
}

// twins pairs things of one definition, the most alike names first.
func twins(lost, gained []named) (out []pair[named]) {
	type option struct {
		o, n int
		like float64
	}
	byDefinition := map[string][]int{}
	for j, n := range gained {
		key := n.kind + " " + n.definition
		byDefinition[key] = append(byDefinition[key], j)
	}
	var options []option
	for i, o := range lost {
		for _, j := range byDefinition[o.kind+" "+o.definition] {
			options = append(options, option{i, j, alike(o.name, gained[j].name)})
		}
	}
	slices.SortStableFunc(options, func(a, b option) int { return cmp.Compare(b.like, a.like) })
	usedOld, usedNew := map[int]bool{}, map[int]bool{}
	for _, x := range options {
		if !usedOld[x.o] && !usedNew[x.n] {
			usedOld[x.o], usedNew[x.n] = true, true
			out = append(out, pair[named]{lost[x.o], gained[x.n]})
		}
	}
	return out
}

// sequences finds those that count for the same column, and others that are alike.
func (f *finder) sequences() {
	f.schemas(func(old, new *catalog.Schema) {
		_, lost, gained := match(old.Sequences, new.Sequences,
			func(s *catalog.Sequence) string { return f.told.fold(f.told.of(SequenceKind, s.Schema, "", s.Name)) },
			func(s *catalog.Sequence) string { return f.told.fold(s.Name) })
		rename := func(o, n *catalog.Sequence) Rename { return Rename{SequenceKind, n.Schema, "", o.Name, n.Name} }
		var found []Candidate
		var freeLost, freeGained []*catalog.Sequence
		for _, o := range lost {
			if o.OwnedBy == "" {
				freeLost = append(freeLost, o)
				continue
			}
			owner, needs := f.owner(o)
			for _, n := range gained {
				if f.told.fold(n.OwnedBy) == owner && !f.refused(rename(o, n)) {
					found = append(found, Candidate{Rename: rename(o, n), P: 1, Certain: len(needs) == 0, Needs: needs, Evidence: []string{"they count for the same column"}})
				}
			}
		}
		for _, n := range gained {
			if n.OwnedBy == "" {
				freeGained = append(freeGained, n)
			}
		}
		f.propose(found...)
		assigned(f, freeLost, freeGained, rename, func(o, n *catalog.Sequence) float64 {
			odds := -2 + 3*alike(o.Name, n.Name)
			if o.Type == n.Type && options(o.Options) == options(n.Options) {
				odds++
			}
			return odds
		}, func(o, n *catalog.Sequence) []string { return []string{"both are sequences that no column owns"} })
	})
}

// owner is the column that a sequence counts for, as the new schema calls it, and the candidates that say so.
func (f *finder) owner(s *catalog.Sequence) (column string, needs []Rename) {
	dot := strings.LastIndexByte(s.OwnedBy, '.')
	if dot < 0 {
		return f.told.fold(s.OwnedBy), nil
	}
	table, name := s.OwnedBy[:dot], s.OwnedBy[dot+1:]
	schema := s.Schema
	if i := strings.LastIndexByte(table, '.'); i >= 0 {
		schema, table = table[:i], table[i+1:]
	}
	newTable := f.guessed.of(TableKind, schema, "", table)
	needs = f.needs(TableKind, schema, newTable)
	newName := f.guessed.of(ColumnKind, schema, newTable, name)
	for _, c := range f.out {
		if c.Kind == ColumnKind && c.Schema == schema && c.Table == newTable && c.New == newName {
			needs = append(needs, c.Rename)
		}
	}
	out := newTable + "." + newName
	if strings.Count(s.OwnedBy, ".") > 1 {
		out = schema + "." + out
	}
	return f.told.fold(out), needs
}

// views finds those whose queries are the same. Of SQLite none: it renames no view.
func (f *finder) views() {
	if f.from.Engine == catalog.SQLite {
		return
	}
	f.schemas(func(old, new *catalog.Schema) {
		of := func(s *catalog.Schema) (out []named) {
			for _, t := range s.Tables {
				if (t.Kind == catalog.View || t.Kind == catalog.MaterializedView) && t.Text != "" {
					out = append(out, named{kind: kindOf[t.Kind], name: t.Name, definition: t.Text})
				}
			}
			return out
		}
		_, lost, gained := match(of(old), of(new),
			func(v named) string { return f.told.fold(f.told.of(TableKind, old.Name, "", v.name)) },
			func(v named) string { return f.told.fold(v.name) })
		var found []Candidate
		for _, p := range twins(lost, gained) {
			r := Rename{p.old.kind, new.Name, "", p.old.name, p.new.name}
			if !f.refused(r) {
				found = append(found, Candidate{Rename: r, P: 1, Certain: true, Evidence: []string{"their queries are the same"}})
			}
		}
		f.propose(found...)
	})
}
