package postgres

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
)

// table is a table with what it has but for its columns, constraints and indexes: partitioned, foreign, a partition.
type table struct{ t *catalog.Table }

func listTables(s *catalog.Snapshot, add func(object)) {
	sequences := identitySequences(s)
	keys := map[id][]id{} // of keys of partitioned tables, those of the partitions
	for _, sc := range s.Schemas {
		for _, t := range sc.Tables {
			for _, k := range t.Constraints {
				if k.Postgres != nil && k.Postgres.Parent.Name != "" && len(k.RefColumns) == 0 {
					keys[k.Postgres.Parent] = append(keys[k.Postgres.Parent], constraintID(t, k.Name))
				}
			}
		}
	}
	for _, sc := range s.Schemas {
		for _, t := range sc.Tables {
			if t.Kind != catalog.BaseTable {
				continue
			}
			x := tableID(t)
			add(&table{t})
			addComment(add, x, t.Comment, func(d *differ) string { return foreignWord(t) + "TABLE " + d.name(t.Schema, t.Name) })
			for _, parent := range t.Postgres.Parents {
				add(&inheritance{t, s.Table(parent.Schema, parent.Name), parent})
			}
			for _, c := range t.Columns {
				listColumn(s, t, c, sequences, add)
			}
			for _, k := range t.Constraints {
				listConstraint(s, t, k, keys, add)
			}
			for _, m := range marks(t) {
				add(m)
			}
		}
	}
}

func tableID(t *catalog.Table) id {
	x := id{Kind: "table", Schema: t.Schema, Name: t.Name}
	if t.Kind != catalog.BaseTable {
		x.Kind = "materialized view"
	}
	return x
}

func foreignWord(t *catalog.Table) string {
	if t.Postgres.Server != "" {
		return "FOREIGN "
	}
	return ""
}

func (o *table) id() id       { return tableID(o.t) }
func (o *table) owners() []id { return nil }
func (o *table) claims() []string {
	return []string{"relation " + o.t.Schema + "." + o.t.Name, "type " + o.t.Schema + "." + o.t.Name}
}

// alterTable begins a statement over a table; one over its parents' columns does not reach the children.
func (d *differ) alterTable(t *catalog.Table) string {
	return "ALTER " + foreignWord(t) + "TABLE " + d.name(t.Schema, t.Name) + " "
}

func (o *table) create(d *differ) []plan.Step {
	t, p := o.t, o.t.Postgres
	x := o.id()
	var b strings.Builder
	b.WriteString("CREATE ")
	if p.Unlogged {
		b.WriteString("UNLOGGED ")
	}
	b.WriteString(foreignWord(t) + "TABLE " + d.name(t.Schema, t.Name))
	if p.OfType != "" {
		b.WriteString(" OF " + p.OfType)
	}
	var lines []string
	var extra []plan.Step
	for _, m := range d.merged[x] {
		if line := strings.TrimSpace(m.(part).inline(d)); line != "" {
			lines = append(lines, line)
		}
		if c, ok := m.(*column); ok {
			extra = append(extra, c.settings(d)...)
		}
	}
	switch {
	case len(lines) > 0:
		b.WriteString(" (\n    " + strings.Join(lines, ",\n    ") + "\n)")
	case p.OfType == "":
		b.WriteString(" ()")
	}
	if t.PartitionOf == "" && len(p.Parents) > 0 {
		var parents []string
		for _, q := range p.Parents {
			if !d.mergedInto(x, inheritanceID(t, q)) {
				continue
			}
			parents = append(parents, d.name(q.Schema, q.Name))
		}
		if len(parents) > 0 {
			b.WriteString(" INHERITS (" + strings.Join(parents, ", ") + ")")
		}
	}
	if t.Partition != "" {
		b.WriteString(" PARTITION BY " + t.Partition)
	}
	if p.Server != "" {
		b.WriteString(" SERVER " + d.quote(p.Server))
		if len(p.Options) > 0 {
			b.WriteString(" OPTIONS (" + strings.Join(p.Options, ", ") + ")")
		}
	}
	if p.AccessMethod != "" {
		b.WriteString(" USING " + d.quote(p.AccessMethod))
	}
	if len(t.Options) > 0 {
		b.WriteString(" WITH (" + settingsText(t.Options) + ")")
	}
	if p.Tablespace != "" {
		b.WriteString(" TABLESPACE " + d.quote(p.Tablespace))
	}
	out := append(steps(x, b.String()), extra...)
	if t.RowSecurity {
		out = append(out, step(x, d.alterTable(t)+"ENABLE ROW LEVEL SECURITY"))
	}
	if p.ForceRowSecurity {
		out = append(out, step(x, d.alterTable(t)+"FORCE ROW LEVEL SECURITY"))
	}
	return out
}

// mergedInto tells whether the statement that makes y makes x with it.
func (d *differ) mergedInto(y, x id) bool {
	return slices.ContainsFunc(d.merged[y], func(o object) bool { return o.id() == x })
}

// settingsText writes storage parameters: a = 'b', "toast".c = 'd'.
func settingsText(m map[string]string) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, k+" = "+literal(m[k]))
	}
	return strings.Join(out, ", ")
}

func (o *table) drop(d *differ) []plan.Step {
	s := step(o.id(), "DROP "+foreignWord(o.t)+"TABLE "+d.name(o.t.Schema, o.t.Name))
	if o.t.Postgres.Server == "" && !d.created(o.id()) {
		s.Losses = []plan.Loss{{Object: plan.Object(o.id()), What: "the rows of the table", Rows: true}}
	}
	return []plan.Step{s}
}

func (o *table) compare(d *differ, to object) change {
	a, b := o.t, to.(*table).t
	p, q := a.Postgres, b.Postgres
	if a.Partition != b.Partition || keyRetyped(a, b) || (p.Server != "") != (q.Server != "") || p.Server != q.Server {
		return d.rebuild()
	}
	x := o.id()
	alter := d.alterTable(b)
	var out []plan.Step
	add := func(why, sql string) {
		s := step(x, alter+sql)
		s.Why = why
		out = append(out, s)
	}
	if p.Unlogged != q.Unlogged {
		add("the table is written anew", "SET "+map[bool]string{true: "UNLOGGED", false: "LOGGED"}[q.Unlogged])
	}
	if p.AccessMethod != q.AccessMethod {
		if a.Partition != "" && d.o.Version > 0 && d.o.Version < 170000 {
			return d.rebuild()
		}
		add("the table is written anew", "SET ACCESS METHOD "+d.quote(or(q.AccessMethod, "heap")))
	}
	if p.Tablespace != q.Tablespace {
		add("the table is written anew", "SET TABLESPACE "+d.quote(or(q.Tablespace, "pg_default")))
	}
	if p.OfType != q.OfType {
		if q.OfType == "" {
			add("", "NOT OF")
		} else {
			add("", "OF "+q.OfType)
		}
	}
	set, reset := optionChanges(a.Options, b.Options)
	if len(set) > 0 {
		add("", "SET ("+settingsText(set)+")")
	}
	if len(reset) > 0 {
		add("", "RESET ("+strings.Join(reset, ", ")+")")
	}
	if list := foreignOptions(p.Options, q.Options); list != "" {
		add("", "OPTIONS ("+list+")")
	}
	if a.RowSecurity != b.RowSecurity {
		add("", map[bool]string{true: "ENABLE", false: "DISABLE"}[b.RowSecurity]+" ROW LEVEL SECURITY")
	}
	if p.ForceRowSecurity != q.ForceRowSecurity {
		add("", map[bool]string{true: "FORCE", false: "NO FORCE"}[q.ForceRowSecurity]+" ROW LEVEL SECURITY")
	}
	return altering(out)
}

// keyRetyped tells whether a column of the partition key has another type, which no ALTER gives it.
func keyRetyped(a, b *catalog.Table) bool {
	if a.Partition == "" {
		return false
	}
	return slices.ContainsFunc(a.Columns, func(c *catalog.Column) bool {
		n := b.Column(c.Name, false)
		return n != nil && (n.Postgres.Type != c.Postgres.Type || n.Postgres.Collation != c.Postgres.Collation) &&
			regexp.MustCompile(`(^|[^\w])"?`+regexp.QuoteMeta(strings.ReplaceAll(c.Name, `"`, `""`))+`"?($|[^\w])`).MatchString(a.Partition)
	})
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// optionChanges are the options to set and those to reset.
func optionChanges(a, b map[string]string) (set map[string]string, reset []string) {
	set = map[string]string{}
	for k, v := range b {
		if w, ok := a[k]; !ok || v != w {
			set[k] = v
		}
	}
	for _, k := range slices.Sorted(maps.Keys(a)) {
		if _, ok := b[k]; !ok {
			reset = append(reset, k)
		}
	}
	return set, reset
}

// foreignOptions are the changes of a list of options a 'b', as ALTER … OPTIONS takes them.
func foreignOptions(a, b []string) string {
	key := func(s string) string { k, _, _ := strings.Cut(s, " "); return k }
	var out []string
	for _, s := range b {
		i := slices.IndexFunc(a, func(o string) bool { return key(o) == key(s) })
		switch {
		case i < 0:
			out = append(out, "ADD "+s)
		case a[i] != s:
			out = append(out, "SET "+s)
		}
	}
	for _, s := range a {
		if !slices.ContainsFunc(b, func(o string) bool { return key(o) == key(s) }) {
			out = append(out, "DROP "+key(s))
		}
	}
	return strings.Join(out, ", ")
}

// mayHaveRows tells whether a table that stays may hold rows.
func (d *differ) mayHaveRows(t *catalog.Table) bool {
	return !d.created(tableID(t)) && (d.o.Empty == nil || !d.o.Empty(t.Schema, t.Name))
}

// online tells whether a table is changed by the forms that hold strong locks for moments only.
func (d *differ) online(t *catalog.Table) bool { return d.o.Online && d.mayHaveRows(t) }
