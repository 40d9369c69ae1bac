package rename

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// Options are what is known beside the two schemas.
type Options struct {
	// Accepted are the renames that were decided on: by directives, by answers, by certainty. Refused are those that somebody said no to.
	Accepted, Refused []Rename
	// OldSites and NewSites are where compiled queries use columns, by SiteKey: those of the last build and those of this one. Nil: not
	// known.
	OldSites, NewSites map[string][]string
}

// Result is what Find found.
type Result struct {
	// Candidates are the renames that may have been meant and were neither accepted nor refused, tables and types first, then what is in
	// them, the likeliest first. Each old name and each new one is in at most one.
	Candidates []Candidate
}

// Find looks for renames between two introspected schemas of one engine. Tables come first, by their columns, keys, foreign keys and
// names; then columns within tables that both have or that a candidate makes one; then types and the values of enums; then what may be
// renamed without a loss whatever was meant: indexes, constraints, owned sequences and views that differ in their names alone.
func Find(from, to *catalog.Snapshot, o Options) (Result, error) {
	if from.Engine != to.Engine {
		return Result{}, fmt.Errorf("schemas of %s and %s can't be compared", from.Engine, to.Engine)
	}
	f := &finder{from: from, to: to, o: o, told: newNames(from, o.Accepted)}
	f.guessed = f.told.clone()
	f.types()
	f.tables()
	f.columns()
	f.parts()
	f.sequences()
	f.views()
	return Result{f.out}, nil
}

// finder holds one search.
type finder struct {
	from, to *catalog.Snapshot
	o        Options
	// told are the names as accepted, guessed those and the candidates'.
	told, guessed *names
	// pending are the candidates of tables and types, by the new place.
	pending map[place]Rename
	both    []pair[*catalog.Table]
	out     []Candidate
}

// propose adds candidates and holds them for meant in what follows.
func (f *finder) propose(list ...Candidate) {
	slices.SortStableFunc(list, func(a, b Candidate) int { return cmp.Compare(b.P, a.P) })
	for _, c := range list {
		f.guessed.add(c.Rename)
		f.out = append(f.out, c)
		if !inner(c.Kind) {
			if f.pending == nil {
				f.pending = map[place]Rename{}
			}
			f.pending[f.told.place(c.Kind, c.Schema, "", c.New)] = c.Rename
		}
	}
}

func (f *finder) refused(r Rename) bool { return f.told.has(f.o.Refused, r) }

// needs are the candidates that have to be accepted before a thing of this table can be renamed.
func (f *finder) needs(kind, schema, table string) []Rename {
	if r, ok := f.pending[f.told.place(kind, schema, "", table)]; ok {
		return []Rename{r}
	}
	return nil
}

// schemas calls do with the schemas that both have.
func (f *finder) schemas(do func(old, new *catalog.Schema)) {
	for _, old := range f.from.Schemas {
		if new := f.to.Schema(old.Name); new != nil && !slices.Contains(f.from.Implicit, old.Name) {
			do(old, new)
		}
	}
}

// columns finds the columns that were renamed within a table.
func (f *finder) columns() {
	f.both = nil
	f.schemas(func(old, new *catalog.Schema) {
		both, _, _ := match(old.Tables, new.Tables,
			func(t *catalog.Table) string {
				return f.told.fold(f.guessed.of(TableKind, t.Schema, "", t.Name))
			},
			func(t *catalog.Table) string { return f.told.fold(t.Name) })
		for _, p := range both {
			if p.old.Kind == p.new.Kind {
				f.both = append(f.both, p)
			}
		}
	})
	type change struct {
		pair[*catalog.Table]
		Table
	}
	var changes []change
	count := map[[2]string]int{}
	for _, p := range f.both {
		if p.old.Kind != catalog.BaseTable {
			continue
		}
		t := f.changed(p)
		if len(t.Dropped) == 0 || len(t.Added) == 0 {
			continue
		}
		changes = append(changes, change{p, t})
		for _, o := range t.Dropped {
			for _, n := range t.Added {
				count[[2]string{o.Name, n.Name}]++
			}
		}
	}
	var found []Candidate
	for _, p := range changes {
		for _, o := range p.Dropped {
			for _, n := range p.Added {
				if both := [2]string{o.Name, n.Name}; count[both] > 1 {
					p.Elsewhere = append(p.Elsewhere, both)
				}
			}
		}
		for _, c := range Columns(p.Table) {
			c.Schema, c.Needs = p.new.Schema, f.needs(TableKind, p.new.Schema, p.new.Name)
			c.Certain = c.Certain && c.Needs == nil
			found = append(found, c)
		}
	}
	f.propose(found...)
}

// changed are the columns that a table lost and gained.
func (f *finder) changed(p pair[*catalog.Table]) Table {
	visible := func(list []*catalog.Column) []*catalog.Column {
		return slices.DeleteFunc(slices.Clone(list), func(c *catalog.Column) bool { return c.Hidden })
	}
	old, new := visible(p.old.Columns), visible(p.new.Columns)
	both, lost, gained := match(old, new,
		func(c *catalog.Column) string {
			return f.told.fold(f.told.of(ColumnKind, p.new.Schema, p.new.Name, c.Name))
		},
		func(c *catalog.Column) string { return f.told.fold(c.Name) })
	t := Table{Name: p.new.Name, PlacesKnown: true}
	if len(lost) == 0 || len(gained) == 0 {
		return t
	}
	keptOld, keptNew := map[*catalog.Column]string{}, map[*catalog.Column]string{}
	for _, c := range both {
		t.Kept = append(t.Kept, c.new.Name)
		keptOld[c.old], keptNew[c.new] = c.new.Name, c.new.Name
	}
	t.RolesKnown = true
	t.SitesKnown = f.o.OldSites != nil && f.o.NewSites != nil
	t.Dropped = f.described(f.from, p.old, lost, old, keptOld, f.guessed.spelling(p.new.Schema, p.new.Name), f.o.OldSites)
	t.Added = f.described(f.to, p.new, gained, new, keptNew, plainly(f.to), f.o.NewSites)
	for _, r := range f.o.Refused {
		if r.Kind == ColumnKind && f.told.place(TableKind, r.Schema, "", r.Table) == f.told.place(TableKind, p.new.Schema, "", p.new.Name) {
			t.Refused = append(t.Refused, [2]string{r.Old, r.New})
		}
	}
	return t
}

// described says what is known of some columns of a table.
func (f *finder) described(s *catalog.Snapshot, t *catalog.Table, list, all []*catalog.Column, kept map[*catalog.Column]string, spell spelling, sites map[string][]string) []Column {
	changed := map[string]bool{}
	for _, c := range list {
		changed[spell.column(c.Name)] = true
	}
	roles := spell.roles(t, changed)
	key := t.PrimaryKey()
	var out []Column
	for _, c := range list {
		d := Column{
			Name: c.Name, Type: f.typeText(s, c), NotNull: c.NotNull, Default: c.Default, Generated: spell.text(c.Generated), Identity: c.Identity,
			Collation: c.Collation, Comment: c.Comment, Roles: roles[spell.column(c.Name)], Sites: sites[SiteKey(s, t.Schema, t.Name, c.Name)],
		}
		if strings.HasPrefix(strings.ToLower(c.Default), "nextval(") {
			d.Numbered, d.Default = true, "nextval"
		}
		d.Key = key != nil && slices.ContainsFunc(key.Columns, func(k string) bool { return f.told.fold(k) == f.told.fold(c.Name) })
		for _, k := range t.Constraints {
			if k.Kind == ir.ForeignKey && len(k.Columns) == 1 && f.told.fold(k.Columns[0]) == f.told.fold(c.Name) {
				d.Refers = spell.relation(k.RefSchema, k.RefTable)
				d.RefersKept = f.from.Table(k.RefSchema, k.RefTable) != nil && f.to.Table(k.RefSchema, k.RefTable) != nil
			}
		}
		d.Before, d.After = places(all, c, kept)
		out = append(out, d)
	}
	return out
}

// places name the nearest columns before and behind that both schemas have, and how many stand between: so columns that were renamed
// side by side have places of their own.
func places(all []*catalog.Column, c *catalog.Column, kept map[*catalog.Column]string) (before, after string) {
	at := slices.Index(all, c)
	look := func(step int) string {
		for i := at + step; i >= 0 && i < len(all); i += step {
			if name, ok := kept[all[i]]; ok {
				return fmt.Sprintf("%s %d", name, i-at)
			}
		}
		return ""
	}
	return look(-1), look(+1)
}

// typeText writes a column's type; a user's type by its new name.
func (f *finder) typeText(s *catalog.Snapshot, c *catalog.Column) string {
	t := c.Type
	if t.Schema != "" && s == f.from {
		t.Name = f.guessed.of(TypeKind, t.Schema, "", t.Name)
	}
	if t.Schema == s.DefaultSchema {
		t.Schema = ""
	}
	if c.Declared != "" && s.Engine != catalog.PostgreSQL {
		return strings.ToLower(c.Declared)
	}
	out := t.Qualified()
	modifiers := ""
	switch {
	case t.Scale != 0:
		modifiers = fmt.Sprintf("(%d,%d)", t.Length, t.Scale)
	case t.Length != 0:
		modifiers = fmt.Sprintf("(%d)", t.Length)
	}
	if bare, ok := strings.CutSuffix(out, "[]"); ok {
		return bare + modifiers + "[]"
	}
	if len(c.EnumValues) > 0 {
		modifiers = "('" + strings.Join(c.EnumValues, "','") + "')"
	}
	return out + modifiers
}

// alike is how much two names of things that belong to no table are alike.
func alike(a, b string) float64 { return compare(a, b, "").anything }

// assigned are the renames of things that belong to no table, by the odds of each pair, but for those that were refused.
func assigned[T any](f *finder, lost, gained []T, rename func(o, n T) Rename, odds func(o, n T) float64, evidence func(o, n T) []string) {
	if len(lost) == 0 || len(gained) == 0 {
		return
	}
	table := make([][]float64, len(lost))
	for i, o := range lost {
		table[i] = make([]float64, len(gained))
		for j, n := range gained {
			table[i][j] = -impossible
			if !f.refused(rename(o, n)) {
				table[i][j] = odds(o, n)
			}
		}
	}
	var found []Candidate
	for i, j := range best(table, leastOdds) {
		if j >= 0 {
			found = append(found, Candidate{Rename: rename(lost[i], gained[j]), P: likelihood(table[i][j]), Evidence: evidence(lost[i], gained[j])})
		}
	}
	f.propose(found...)
}

// types finds types with other names, and values of enums.
func (f *finder) types() {
	f.schemas(func(old, new *catalog.Schema) {
		own := func(list []*catalog.TypeDef) []*catalog.TypeDef {
			return slices.DeleteFunc(slices.Clone(list), func(d *catalog.TypeDef) bool { return d.Extension != "" || d.Multirange })
		}
		both, lost, gained := match(own(old.Types), own(new.Types),
			func(d *catalog.TypeDef) string {
				return f.told.fold(f.told.of(TypeKind, d.Schema, "", d.Name))
			},
			func(d *catalog.TypeDef) string { return f.told.fold(d.Name) })
		rename := func(o, n *catalog.TypeDef) Rename {
			kind := TypeKind
			if o.Kind == types.Domain {
				kind = DomainKind
			}
			return Rename{kind, n.Schema, "", o.Name, n.Name}
		}
		before := len(f.out)
		assigned(f, lost, gained, rename, typeOdds, func(o, n *catalog.TypeDef) []string {
			if typeShare(o, n) == 1 {
				return []string{"their definitions are the same"}
			}
			return []string{fmt.Sprintf("%.0f %% of their values or parts are the same", 100*typeShare(o, n))}
		})
		for _, c := range f.out[before:] {
			for _, o := range lost {
				for _, n := range gained {
					if o.Name == c.Old && n.Name == c.New {
						both = append(both, pair[*catalog.TypeDef]{o, n})
					}
				}
			}
		}
		for _, p := range both {
			if p.old.Kind == types.Enum && p.new.Kind == types.Enum {
				f.values(p.new, p.old.Values, p.new.Values)
			}
		}
	})
}

func typeOdds(o, n *catalog.TypeDef) float64 {
	if o.Kind != n.Kind {
		return -impossible
	}
	share := typeShare(o, n)
	if share == 0 {
		return -impossible
	}
	return -3.5 + 4*share + 3*alike(o.Name, n.Name)
}

// typeShare is how much of two types' definitions is the same.
func typeShare(o, n *catalog.TypeDef) float64 {
	parts := func(d *catalog.TypeDef) []string {
		out := slices.Clone(d.Values)
		for _, c := range d.Columns {
			out = append(out, c.Name+" "+c.Type.Qualified())
		}
		if d.Base.Known() {
			out = append(out, "base "+d.Base.Qualified())
			for _, c := range d.Checks {
				out = append(out, c.Expr)
			}
		}
		if d.Subtype.Known() {
			out = append(out, "of "+d.Subtype.Qualified())
		}
		return out
	}
	a, b := parts(o), parts(n)
	if len(a)+len(b) == 0 {
		return 0
	}
	common, _ := overlap(a, b)
	return common
}

// values finds the values of an enum that have another text now: between the same neighbours, or spelled alike.
func (f *finder) values(d *catalog.TypeDef, old, new []string) {
	is := func(v string) string {
		if to, ok := f.told.to[f.told.place(ValueKind, d.Schema, d.Name, v)]; ok {
			return to
		}
		return v
	}
	both, lost, gained := match(old, new, is, func(v string) string { return v })
	if len(lost) == 0 || len(gained) == 0 {
		return
	}
	keptOld, keptNew := map[string]string{}, map[string]string{}
	for _, p := range both {
		keptOld[p.old], keptNew[p.new] = p.new, p.new
	}
	place := func(all []string, v string, kept map[string]string) string {
		at := slices.Index(all, v)
		look := func(step int) string {
			for i := at + step; i >= 0 && i < len(all); i += step {
				if name, ok := kept[all[i]]; ok {
					return fmt.Sprintf("%q %d", name, i-at)
				}
			}
			return fmt.Sprint("end ", step)
		}
		return look(-1) + look(+1)
	}
	same := func(o, n string) bool { return place(old, o, keptOld) == place(new, n, keptNew) }
	rename := func(o, n string) Rename { return Rename{ValueKind, d.Schema, d.Name, o, n} }
	at := len(f.out)
	assigned(f, lost, gained, rename, func(o, n string) float64 {
		odds := -2 + 3*alike(o, n) + 2.5*truth(same(o, n))
		if len(lost) == len(gained) {
			odds++
		}
		return odds
	}, func(o, n string) (out []string) {
		if same(o, n) {
			out = append(out, "they stand between the same values")
		}
		if alike(o, n) >= 0.5 {
			out = append(out, "they are spelled alike")
		}
		return out
	})
	for i := range f.out[at:] {
		f.out[at+i].Needs = f.needs(TypeKind, d.Schema, d.Name)
	}
}

// SiteKey names a column in Options.OldSites and NewSites.
func SiteKey(s *catalog.Snapshot, schema, table, column string) string {
	out := table + "." + column
	if schema != "" && schema != s.DefaultSchema {
		out = schema + "." + out
	}
	if s.Caseless() {
		out = strings.ToLower(out)
	}
	return out
}
