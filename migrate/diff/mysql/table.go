package mysql

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/migrate/plan"
)

// change is a clause of ALTER TABLE.
type change struct {
	sql    string
	about  plan.Object
	losses []plan.Loss
	cost   cost
	why    string
	// column is the one that is added, changed or dropped; virtual: it is computed when it is read, and comes or goes.
	column  string
	virtual bool
}

// table changes a table into another of its name.
func (d *differ) table(a, b *shown) {
	a = d.fill(a, b)
	var early, changes []change
	about := func(kind, name string) plan.Object { return plan.Object{Kind: kind, Table: b.name, Name: name} }

	remade := d.remade(a, b)
	keys, keyDrops := d.keys(a, b, remade)

	for _, c := range a.checks {
		n := b.check(c.name)
		switch {
		case n == nil && d.moved[strings.ToLower(c.name)]:
			d.add(dropForeign, plan.Step{SQL: "ALTER TABLE " + quote(a.name) + " DROP " + d.checkWord() + " " + quote(c.name), About: about("check", c.name), Why: "another table takes its name"})
		case n == nil || n.def != c.def || n.name != c.name:
			early = append(early, change{sql: "DROP " + d.checkWord() + " " + quote(c.name), about: about("check", c.name), cost: metadata})
		}
	}
	early = append(early, keyDrops...)
	for _, c := range a.columns {
		if b.column(c.name) == nil || remade[strings.ToLower(c.name)] {
			ch := change{sql: "DROP COLUMN " + quote(c.name), about: about("column", c.name), cost: d.dropCost(a, c), column: c.name, virtual: c.generated != "" && !c.stored}
			if b.column(c.name) == nil || c.generated == "" {
				ch.losses = []plan.Loss{{Object: ch.about, What: "the values of the column", Rows: c.generated == "" && !d.empty(a.name)}}
			}
			early = append(early, ch)
		}
	}
	changes = append(changes, d.columns(a, b, remade)...)
	changes = append(changes, keys...)
	for _, c := range b.checks {
		o := a.check(c.name)
		switch {
		case o == nil || o.def != c.def || o.name != c.name:
			ch := change{sql: "ADD CONSTRAINT " + quote(c.name) + " " + c.full(), about: about("check", c.name), cost: copying, why: "the server checks the rows of a new check only when it copies the table"}
			if !c.enforced && !d.mariadb {
				ch.cost, ch.why = metadata, ""
			}
			changes = append(changes, ch)
		case o.enforced != c.enforced:
			ch := change{sql: "ALTER CHECK " + quote(c.name) + map[bool]string{true: " ENFORCED", false: " NOT ENFORCED"}[c.enforced], about: about("check", c.name), cost: metadata}
			if c.enforced {
				ch.cost, ch.why = copying, "the server checks the rows of a check only when it copies the table"
			}
			changes = append(changes, ch)
		}
	}
	for _, p := range a.periods {
		if !slices.Contains(b.periods, p) {
			early = append(early, change{sql: "DROP " + periodName(p), about: about("period", periodName(p)), cost: copying})
		}
	}
	for _, p := range b.periods {
		if !slices.Contains(a.periods, p) {
			changes = append(changes, change{sql: "ADD " + p, about: about("period", periodName(p)), cost: copying})
		}
	}
	d.versioning(a, b)
	changes = append(changes, d.options(a, b)...)
	rest, later := d.partition(a, b)
	if len(early)+len(changes) > 0 || rest != "" {
		d.alter(a, b, append(early, changes...), rest)
	}
	d.dropDefaults(alter, a, b)
	if d.versioned(a, b) {
		d.add(alter, plan.Step{SQL: "ALTER TABLE " + quote(b.name) + " ADD SYSTEM VERSIONING", About: plan.Object{Kind: "table", Name: b.name}})
	}
	for _, s := range later {
		d.add(partitions, s)
	}
}

// versioned tells whether a table gets old versions of its rows, or gets them anew with another engine.
func (d *differ) versioned(a, b *shown) bool {
	const word = "WITH SYSTEM VERSIONING"
	return b.has(word) && (!a.has(word) || a.option("ENGINE") != b.option("ENGINE"))
}

// versioning takes a table its old versions, before anything else is changed.
func (d *differ) versioning(a, b *shown) {
	const word = "WITH SYSTEM VERSIONING"
	if !a.has(word) || b.has(word) && a.option("ENGINE") == b.option("ENGINE") {
		return
	}
	about := plan.Object{Kind: "table", Name: b.name}
	d.add(alter, plan.Step{SQL: "ALTER TABLE " + quote(b.name) + " DROP SYSTEM VERSIONING", About: about, Losses: []plan.Loss{{Object: about, What: "the old versions of the rows", Rows: !d.empty(a.name)}}})
}

// alterTable are the words before the name of a table that is changed. Of a table with old versions of its rows the server wants to be
// told that these are changed too.
func alterTable(t *shown) string {
	if t.has("WITH SYSTEM VERSIONING") {
		return "SET STATEMENT system_versioning_alter_history = KEEP FOR ALTER TABLE "
	}
	return "ALTER TABLE "
}

func periodName(p string) string {
	name, _, _ := strings.Cut(p, "(")
	return strings.TrimSpace(name)
}

// checkWord is how a check is called where it is dropped.
func (d *differ) checkWord() string {
	if d.mariadb {
		return "CONSTRAINT"
	}
	return "CHECK"
}

// alter adds the statements of a table's changes. rest is what follows the changes: partitions.
func (d *differ) alter(a, b *shown, changes []change, rest string) {
	for _, g := range d.groups(a, b, changes, rest) {
		s := plan.Step{About: plan.Object{Kind: "table", Name: b.name}, Why: g.why}
		if len(g.changes) == 1 && rest == "" {
			s.About = g.changes[0].about
		}
		var parts []string
		for _, c := range g.changes {
			parts = append(parts, c.sql)
			s.Losses = append(s.Losses, c.losses...)
			if c.why != "" && s.Why == "" && d.o.Online {
				s.Why = c.why
			}
		}
		parts = append(parts, g.clauses...)
		sep := " "
		if len(parts) > 1 {
			sep = "\n  "
		}
		s.SQL = alterTable(a) + quote(b.name)
		if len(parts) > 0 {
			s.SQL += sep + strings.Join(parts, ",\n  ")
		}
		if g.rest != "" {
			s.SQL += "\n" + g.rest
		}
		d.add(alter, s)
	}
}

// remade are the columns that MODIFY can't change into what they become: a generated column is computed when it is read or stored,
// and the server does not turn the one into the other.
func (d *differ) remade(a, b *shown) map[string]bool {
	out := map[string]bool{}
	for _, x := range a.columns {
		y := b.column(x.name)
		if y == nil {
			continue
		}
		xv, yv := x.generated != "" && !x.stored, y.generated != "" && !y.stored
		xs, ys := x.generated != "" && x.stored, y.generated != "" && y.stored
		if xv != yv || d.mariadb && (xs != ys || xs && x.generated != y.generated) || x.row != y.row || uncastable(x.typ) != uncastable(y.typ) && (!stringy(x.typ) && !stringy(y.typ)) {
			out[strings.ToLower(x.name)] = true
		}
	}
	return out
}

// uncastable names what the values of a type are that the server casts to texts alone, "" where it casts them to others too.
func uncastable(t typ) string {
	switch t.name {
	case "uuid", "inet4", "inet6", "vector":
		return t.name
	case "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geomcollection", "geometrycollection":
		return "geometry"
	}
	return ""
}

func stringy(t typ) bool {
	return t.text() && t.name != "enum" && t.name != "set" || strings.HasSuffix(t.name, "binary") || strings.HasSuffix(t.name, "blob")
}

// columns are the changes that add, change and place columns, from left to right.
func (d *differ) columns(a, b *shown, remade map[string]bool) []change {
	var out []change
	stay := d.order(a, b, remade)
	last := -1 // the last column that stays where it is
	for i, c := range b.columns {
		if stay[strings.ToLower(c.name)] {
			last = i
		}
	}
	tableChanged := a.option("DEFAULT CHARSET") != b.option("DEFAULT CHARSET") || a.option("COLLATE") != b.option("COLLATE")
	for i, c := range b.columns {
		about := plan.Object{Kind: "column", Table: b.name, Name: c.name}
		place := ""
		switch {
		case i == 0:
			place = " FIRST"
		default:
			place = " AFTER " + quote(b.columns[i-1].name)
		}
		old := a.column(c.name)
		if old == nil || remade[strings.ToLower(c.name)] {
			end := i > last
			if end {
				for _, rest := range b.columns[i:] { // all that follow are new too
					if o := a.column(rest.name); o != nil && !remade[strings.ToLower(rest.name)] {
						end = false
					}
				}
			}
			if end {
				place = ""
			}
			out = append(out, change{sql: "ADD COLUMN " + quote(c.name) + " " + c.declared(d.mariadb) + place, about: about, cost: d.addCost(b, c, place != ""), why: addWhy(c), column: c.name, virtual: c.generated != "" && !c.stored})
			continue
		}
		moved := !stay[strings.ToLower(c.name)]
		same := old.def == c.def && old.name == c.name
		if same && tableChanged && c.typ.text() {
			same = compared(a, old) == compared(b, c)
		}
		if same && !moved {
			continue
		}
		if !moved {
			place = ""
		}
		ch := change{sql: "MODIFY COLUMN " + quote(c.name) + " " + c.declared(d.mariadb) + place, about: about, column: c.name}
		if old.name != c.name {
			ch.sql = "CHANGE COLUMN " + quote(old.name) + " " + quote(c.name) + " " + c.declared(d.mariadb) + place
		}
		ch.cost, ch.why = d.modifyCost(a, b, old, c, moved)
		if what := lost(a, b, old, c); what != "" && !d.empty(a.name) {
			ch.losses = []plan.Loss{{Object: about, What: what, Rows: true}}
		}
		out = append(out, ch)
	}
	return out
}

// order tells which columns stay where they are: the most that are in the same order before and after.
func (d *differ) order(a, b *shown, remade map[string]bool) map[string]bool {
	at := map[string]int{}
	for i, c := range b.columns {
		at[strings.ToLower(c.name)] = i
	}
	var names []string
	for _, c := range a.columns {
		n := strings.ToLower(c.name)
		if _, ok := at[n]; ok && !remade[n] {
			names = append(names, n)
		}
	}
	best, before := make([]int, len(names)), make([]int, len(names))
	end := -1
	for i := range names {
		best[i], before[i] = 1, -1
		for j := range i {
			if at[names[j]] < at[names[i]] && best[j]+1 > best[i] {
				best[i], before[i] = best[j]+1, j
			}
		}
		if end < 0 || best[i] > best[end] {
			end = i
		}
	}
	stay := map[string]bool{}
	for ; end >= 0; end = before[end] {
		stay[names[end]] = true
	}
	return stay
}

// keys are the changes that make and change keys, and those that drop some.
func (d *differ) keys(a, b *shown, remade map[string]bool) (adds, drops []change) {
	about := func(k *key) plan.Object {
		if k.name == "" {
			return plan.Object{Kind: "primary key", Table: b.name}
		}
		return plan.Object{Kind: "index", Table: b.name, Name: k.name}
	}
	drop := func(k *key) {
		sql := "DROP KEY " + quote(k.name)
		if k.name == "" {
			sql = "DROP PRIMARY KEY"
		}
		drops = append(drops, change{sql: sql, about: about(k), cost: d.dropKeyCost(a, b, k)})
	}
	add := func(k *key) {
		cost, why := d.addKeyCost(a, b, k)
		adds = append(adds, change{sql: "ADD " + k.full(d.mariadb), about: about(k), cost: cost, why: why})
	}
	var gone, made []*key
	for _, k := range a.keys {
		if b.key(k.name) == nil {
			gone = append(gone, k)
		}
	}
	for _, k := range b.keys {
		if a.key(k.name) == nil {
			made = append(made, k)
		}
	}
	overRemade := func(k *key) bool {
		for name := range remade {
			if k.mentions(name) {
				return true
			}
		}
		return false
	}
	renamed := map[*key]bool{}
	if !d.mariadb || d.o.Version == 0 || d.o.Version >= 100502 {
		for _, x := range gone {
			for _, y := range made {
				if !renamed[x] && !renamed[y] && x.same(y) && x.name != "" && y.name != "" && !overRemade(x) && !d.silently(a, b, x, y.name) {
					renamed[x], renamed[y] = true, true
					adds = append(adds, change{sql: "RENAME KEY " + quote(x.name) + " TO " + quote(y.name), about: about(y), cost: metadata})
				}
			}
		}
	}
	for _, k := range gone {
		switch {
		case renamed[k]:
		case k.kind == "SPATIAL KEY":
			d.dropEarly(a, k, about(k))
		default:
			drop(k)
		}
	}
	for _, k := range b.keys {
		old := a.key(k.name)
		switch {
		case renamed[k]:
		case old == nil:
			add(k)
		case !old.same(k) && old.def() == k.def() && old.name == k.name && !overRemade(k):
			sql := "ALTER INDEX " + quote(k.name)
			if d.mariadb {
				sql += map[bool]string{true: " IGNORED", false: " NOT IGNORED"}[k.hidden]
			} else {
				sql += map[bool]string{true: " INVISIBLE", false: " VISIBLE"}[k.hidden]
			}
			adds = append(adds, change{sql: sql, about: about(k), cost: metadata})
		case k.kind == "SPATIAL KEY" && slices.ContainsFunc(k.columns(), func(n string) bool {
			x, y := a.column(n), b.column(n)
			return x != nil && y != nil && a.srid(x) != b.srid(y)
		}):
			d.dropEarly(a, old, about(old))
			add(k)
		case !old.same(k) || overRemade(k) || d.silently(a, b, old, k.name):
			drop(old)
			add(k)
		case old.name != k.name:
			adds = append(adds, change{sql: "RENAME KEY " + quote(old.name) + " TO " + quote(k.name), about: about(k), cost: metadata})
		}
	}
	return adds, drops
}

// dropEarly drops a spatial index before the column under it gets another reference system, which the server refuses in one statement.
func (d *differ) dropEarly(a *shown, k *key, about plan.Object) {
	d.add(fill, plan.Step{SQL: "ALTER TABLE " + quote(a.name) + " DROP KEY " + quote(k.name), About: about})
}

// silently tells whether the server would drop the old key without a word, or give it another name: it makes an index for a foreign
// key that has none, and forgets it when another one comes that the foreign key can use, or with the next foreign key over
// the columns. Which ones it made itself it does not tell; their names do. name is the key's new one.
func (d *differ) silently(a, b *shown, old *key, name string) bool {
	if old.kind != "KEY" || old.rest != "" {
		return false
	}
	columns := old.columns()
	if len(columns) != len(old.parts) || !slices.ContainsFunc(append(slices.Clone(a.foreign), b.foreign...), func(f *foreign) bool {
		return strings.EqualFold(old.name, f.name) || len(f.columns) > 0 && strings.HasPrefix(strings.ToLower(old.name), strings.ToLower(f.columns[0]))
	}) {
		return false
	}
	for _, f := range b.foreign {
		if d.added[f] && slices.EqualFunc(columns, f.columns, strings.EqualFold) && !strings.EqualFold(f.name, name) {
			return true
		}
	}
	for _, n := range b.keys {
		o := a.key(n.name)
		if n.supports(columns) && !strings.EqualFold(n.name, name) && (o == nil || !o.same(n)) {
			return true
		}
	}
	return false
}
