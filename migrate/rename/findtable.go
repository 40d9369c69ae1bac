package rename

import (
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
)

// tables finds the tables with other names. It goes over them twice: foreign keys between renamed tables are seen to be the same when the
// tables that they refer to are known.
func (f *finder) tables() {
	rare := f.rarity()
	before, names := len(f.out), f.guessed
	for range 2 {
		seen := f.guessed
		f.out, f.guessed = f.out[:before:before], names.clone()
		f.schemas(func(old, new *catalog.Schema) {
			own := func(s *catalog.Schema) []*catalog.Table {
				return slices.DeleteFunc(slices.Clone(s.Tables), func(t *catalog.Table) bool { return t.Kind != catalog.BaseTable || t.Temp })
			}
			_, lost, gained := match(own(old), own(new),
				func(t *catalog.Table) string { return f.told.fold(f.told.of(TableKind, t.Schema, "", t.Name)) },
				func(t *catalog.Table) string { return f.told.fold(t.Name) })
			if len(lost) == 0 || len(gained) == 0 {
				return
			}
			outlines := map[*catalog.Table]*outline{}
			for _, t := range lost {
				outlines[t] = f.outline(f.from, t, seen)
			}
			for _, t := range gained {
				outlines[t] = f.outline(f.to, t, nil)
			}
			incoming(f.from, outlines, seen)
			incoming(f.to, outlines, nil)
			at := len(f.out)
			assigned(f, lost, gained, tableRename, func(o, n *catalog.Table) float64 {
				return compareTables(outlines[o], outlines[n], rare).odds(len(lost) == 1 && len(gained) == 1)
			}, func(o, n *catalog.Table) []string { return compareTables(outlines[o], outlines[n], rare).evidence() })
			for i := range f.out[at:] {
				f.out[at+i].Certain = f.tableProved(f.out[at+i], lost, gained)
			}
		})
	}
}

func tableRename(o, n *catalog.Table) Rename {
	return Rename{kindOf[o.Kind], n.Schema, "", o.Name, n.Name}
}

// outline is a table as far as it is compared.
type outline struct {
	name    string
	columns []string // "name type"
	shapes  []string // the columns' names alone
	key     string
	out, in []string // foreign keys: from its columns, and to it
}

func (f *finder) outline(s *catalog.Snapshot, t *catalog.Table, n *names) *outline {
	spell := plainly(s)
	if n != nil {
		spell = n.spelling(t.Schema, n.of(TableKind, t.Schema, "", t.Name))
	}
	out := &outline{name: t.Name}
	for _, c := range t.Columns {
		if !c.Hidden {
			out.columns = append(out.columns, spell.column(c.Name)+" "+family(f.typeText(s, c)))
			out.shapes = append(out.shapes, spell.column(c.Name))
		}
	}
	for _, c := range t.Constraints {
		switch c.Kind {
		case ir.PrimaryKey:
			out.key = spell.columns(c.Columns)
		case ir.ForeignKey:
			out.out = append(out.out, spell.columns(c.Columns)+" "+spell.target(c))
		}
	}
	return out
}

// incoming adds the foreign keys to tables.
func incoming(s *catalog.Snapshot, outlines map[*catalog.Table]*outline, n *names) {
	if n == nil {
		n = newNames(s, nil)
	}
	for _, sc := range s.Schemas {
		for _, t := range sc.Tables {
			for _, c := range t.Constraints {
				if c.Kind != ir.ForeignKey {
					continue
				}
				if target := outlines[s.Table(c.RefSchema, c.RefTable)]; target != nil {
					spell := n.spelling(t.Schema, n.of(TableKind, t.Schema, "", t.Name))
					// The column that refers to a renamed table is often renamed with it, so the table alone counts.
					target.in = append(target.in, spell.relation(t.Schema, t.Name))
				}
			}
		}
	}
}

// rarity is how much a column says of its table: id and created_at, which many tables have, say little.
func (f *finder) rarity() func(column string) float64 {
	count := map[string]float64{}
	for _, s := range []*catalog.Snapshot{f.from, f.to} {
		for _, sc := range s.Schemas {
			for _, t := range sc.Tables {
				for _, c := range t.Columns {
					count[f.told.fold(c.Name)]++
				}
			}
		}
	}
	return func(column string) float64 {
		name, _, _ := strings.Cut(column, " ")
		// A column that only the two tables have counts whole.
		return 2 / max(2, count[name])
	}
}

// tableLikeness is how two tables compare.
type tableLikeness struct {
	columns float64 // the share of columns that both have, the rare ones more
	weight  float64 // how much the columns say at all, from 0 to 1
	shapes  float64 // the same by names alone
	name    float64
	key     bool
	out, in float64 // shares of foreign keys; -1 where there are none
	of, all int     // how many columns both have
}

func compareTables(o, n *outline, rare func(string) float64) tableLikeness {
	l := tableLikeness{name: alike(o.name, n.name), key: o.key != "" && o.key == n.key, out: -1, in: -1}
	var both, all, bothNames, allNames float64
	for _, c := range o.columns {
		all += rare(c)
		l.all++
		if slices.Contains(n.columns, c) {
			both += rare(c)
			l.of++
		}
	}
	for _, c := range n.columns {
		if !slices.Contains(o.columns, c) {
			all += rare(c)
			l.all++
		}
	}
	for _, c := range o.shapes {
		allNames += rare(c)
		if slices.Contains(n.shapes, c) {
			bothNames += rare(c)
		}
	}
	for _, c := range n.shapes {
		if !slices.Contains(o.shapes, c) {
			allNames += rare(c)
		}
	}
	if all > 0 {
		l.columns, l.shapes = both/all, bothNames/allNames
	}
	l.weight = min(1, both/1.5)
	if len(o.out)+len(n.out) > 0 {
		l.out, _ = overlap(o.out, n.out)
	}
	if len(o.in)+len(n.in) > 0 {
		l.in, _ = overlap(o.in, n.in)
	}
	return l
}

// odds weigh the likeness. The weights are set by hand: there are too few histories of renamed tables to learn from.
func (l tableLikeness) odds(alone bool) float64 {
	odds := -4 + 3.5*l.columns + 1.5*l.columns*l.weight + 0.5*l.shapes + 3*l.name + 0.3*truth(l.key) + 0.5*truth(alone)
	if l.out >= 0 {
		odds += 1.2 * (l.out - 0.4)
	}
	if l.in >= 0 {
		odds += 2 * (l.in - 0.4)
	}
	if l.shapes == 0 {
		odds -= 4
	}
	return odds
}

func (l tableLikeness) evidence() []string {
	out := []string{fmt.Sprintf("%d of %d columns are the same", l.of, l.all)}
	if l.in > 0 {
		out = append(out, "the same tables refer to them")
	}
	if l.out > 0 {
		out = append(out, "they refer to the same tables")
	}
	if l.name >= 0.5 {
		out = append(out, "their names are alike")
	}
	return out
}

// tableProved tells whether queries prove that a table was renamed: its columns are the same, each is used at the very places where the new
// one's is, and of no other table that came is that true.
func (f *finder) tableProved(c Candidate, lost, gained []*catalog.Table) bool {
	if f.o.OldSites == nil || f.o.NewSites == nil {
		return false
	}
	proved := false
	for _, o := range lost {
		for _, n := range gained {
			if o.Name != c.Old && n.Name != c.New {
				continue
			}
			if same, used := f.sameUse(o, n); same && used {
				if o.Name != c.Old || n.Name != c.New {
					return false
				}
				proved = true
			}
		}
	}
	return proved
}

// sameUse tells whether two tables have the same columns, used at the same places, and whether they are used at all.
func (f *finder) sameUse(o, n *catalog.Table) (same, used bool) {
	if len(o.Columns) != len(n.Columns) {
		return false, false
	}
	for _, c := range o.Columns {
		d := n.Column(c.Name, f.from.Caseless())
		if d == nil || f.typeText(f.from, c) != f.typeText(f.to, d) || c.NotNull != d.NotNull || c.Default != d.Default || c.Generated != d.Generated {
			return false, used
		}
		old, new := f.o.OldSites[SiteKey(f.from, o.Schema, o.Name, c.Name)], f.o.NewSites[SiteKey(f.to, n.Schema, n.Name, d.Name)]
		if !sameSet(old, new) {
			return false, used
		}
		used = used || len(old) > 0
	}
	return true, used
}
