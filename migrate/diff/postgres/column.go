package postgres

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
	"github.com/covetsql/covetsql/migrate/plan"
)

// column is a column of a table but for its default.
type column struct {
	t *catalog.Table
	c *catalog.Column
	// sequence is that of an identity.
	sequence *catalog.Sequence
	parents  []id // the columns of parents that it is
}

func columnID(t *catalog.Table, name string) id {
	return id{Kind: "column", Schema: t.Schema, Table: t.Name, Name: name}
}

func listColumn(s *catalog.Snapshot, t *catalog.Table, c *catalog.Column, sequences map[id]*catalog.Sequence, add func(object)) {
	o := &column{t: t, c: c, sequence: sequences[columnID(t, c.Name)]}
	if c.Postgres.Inherited {
		for _, p := range t.Postgres.Parents {
			if parent := s.Table(p.Schema, p.Name); parent != nil && parent.Column(c.Name, false) != nil {
				o.parents = append(o.parents, columnID(parent, c.Name))
			}
		}
	}
	add(o)
	addComment(add, o.id(), c.Comment, func(d *differ) string { return "COLUMN " + d.name(t.Schema, t.Name) + "." + d.quote(c.Name) })
	if c.Default != "" && c.Generated == "" {
		add(&columnDefault{o})
	}
}

func (o *column) id() id { return columnID(o.t, o.c.Name) }

func (o *column) owners() []id { return []id{tableID(o.t)} }

func (o *column) needs(making bool) []id {
	if making {
		return o.parents
	}
	return nil
}

// goesAlong: a column that a child has of its parents alone goes with theirs.
func (o *column) goesAlong() []id {
	if o.c.Postgres.Local {
		return nil
	}
	return o.parents
}

func (o *column) claims() []string {
	if o.sequence != nil {
		return []string{"relation " + o.t.Schema + "." + o.sequence.Name}
	}
	return nil
}

// survives: a child's column stays when the parent's goes if the child leaves the parent, and when the parent's changes, which changes it. A column of
// a row type stays when a column of those rows goes.
func (o *column) survives(d *differ, y id) bool {
	if y.Kind == "column" && y.Table != o.t.Name && !slices.Contains(o.parents, y) && d.dropped(y) && o.c.Type.Kind == types.Composite {
		return true
	}
	return slices.Contains(o.parents, y) && (!d.dropped(y) || !d.goesWithParent(o.t, y))
}

// goesWithParent tells whether a part of a child goes when the same part of its parent goes.
func (d *differ) goesWithParent(t *catalog.Table, y id) bool {
	return d.kept(t, id{Kind: "table", Schema: y.Schema, Name: y.Table})
}

func (o *column) goesWith(d *differ, y id) bool { return d.goesWithParent(o.t, y) }

func (o *column) apart() int { return 8 }

// fromParent tells whether the column comes by itself because a parent gets it.
func (o *column) fromParent(d *differ) bool {
	if o.c.Postgres.Local {
		return false
	}
	return slices.ContainsFunc(o.parents, func(p id) bool {
		parent := id{Kind: "table", Schema: p.Schema, Name: p.Table}
		if d.created(tableID(o.t)) {
			return o.t.PartitionOf == "" // by INHERITS
		}
		return d.comesFrom(o.t, parent) && d.created(p)
	})
}

func (o *column) inline(d *differ) string {
	if o.t.Postgres.OfType != "" {
		name, options, _ := strings.Cut(strings.TrimPrefix(o.definition(d, true), d.quote(o.c.Name)), " "+o.c.Postgres.Type)
		if name+options == "" {
			return " "
		}
		return d.quote(o.c.Name) + " WITH OPTIONS" + name + options
	}
	if o.t.PartitionOf == "" && !o.c.Postgres.Local && d.created(tableID(o.t)) {
		return " "
	}
	return o.definition(d, true)
}

// definition is the column as CREATE TABLE and ADD COLUMN take it.
func (o *column) definition(d *differ, notNull bool) string {
	c, p := o.c, o.c.Postgres
	var b strings.Builder
	b.WriteString(d.quote(c.Name) + " " + p.Type)
	if len(p.ForeignOptions) > 0 {
		b.WriteString(" OPTIONS (" + strings.Join(p.ForeignOptions, ", ") + ")")
	}
	if p.Compression != "" {
		b.WriteString(" COMPRESSION " + p.Compression)
	}
	if p.Collation != "" {
		b.WriteString(" COLLATE " + p.Collation)
	}
	if notNull && p.NotNull {
		if p.NotNullName != "" && p.NotNullName != o.t.Name+"_"+c.Name+"_not_null" {
			b.WriteString(" CONSTRAINT " + d.quote(p.NotNullName))
		}
		b.WriteString(" NOT NULL")
	}
	for _, m := range d.merged[o.id()] {
		if def, ok := m.(*columnDefault); ok {
			b.WriteString(" DEFAULT " + def.o.c.Default)
		}
	}
	switch {
	case c.Generated != "":
		b.WriteString(" GENERATED ALWAYS AS (" + c.Generated + ")")
		if c.Stored {
			b.WriteString(" STORED")
		}
	case c.Identity != "" && !o.identityOfWhole():
		b.WriteString(" GENERATED " + strings.ToUpper(c.Identity) + " AS IDENTITY" + o.identityOptions(d))
	}
	return b.String()
}

// identityOfWhole tells whether a partition's identity is its whole's and comes when it is attached: since version 17.
func (o *column) identityOfWhole() bool {
	return o.t.PartitionOf != "" && !o.c.Postgres.Local && o.sequence == nil
}

func (o *column) identityOptions(d *differ) string {
	if o.sequence == nil {
		return ""
	}
	var list []string
	if o.sequence.Name != o.t.Name+"_"+o.c.Name+"_seq" {
		list = append(list, "SEQUENCE NAME "+d.name(o.t.Schema, o.sequence.Name))
	}
	list = append(list, sequenceOptions(o.sequence)...)
	if len(list) == 0 {
		return ""
	}
	return " (" + strings.Join(list, " ") + ")"
}

// only begins a statement about the column that does not reach the tables that inherit it.
func (o *column) only(d *differ) string {
	if o.t.Postgres.Server != "" {
		return d.alterTable(o.t) + "ALTER COLUMN " + d.quote(o.c.Name) + " "
	}
	word := ""
	if o.t.HasChildren || o.t.Partition != "" {
		word = "ONLY "
	}
	return "ALTER TABLE " + word + d.name(o.t.Schema, o.t.Name) + " ALTER COLUMN " + d.quote(o.c.Name) + " "
}

// settings are the statements for what neither CREATE TABLE nor ADD COLUMN can say.
func (o *column) settings(d *differ) []plan.Step {
	p, x := o.c.Postgres, o.id()
	var out []plan.Step
	if p.Storage != "" {
		out = append(out, step(x, o.only(d)+"SET STORAGE "+p.Storage))
	}
	if p.Statistics >= 0 {
		out = append(out, step(x, o.only(d)+fmt.Sprintf("SET STATISTICS %d", p.Statistics)))
	}
	if len(p.Options) > 0 {
		out = append(out, step(x, o.only(d)+"SET ("+strings.Join(p.Options, ", ")+")"))
	}
	if o.sequence != nil && o.sequence.Unlogged != o.t.Postgres.Unlogged {
		out = append(out, step(x, "ALTER SEQUENCE "+d.name(o.t.Schema, o.sequence.Name)+" SET "+map[bool]string{true: "UNLOGGED", false: "LOGGED"}[o.sequence.Unlogged]))
	}
	if !p.Local && p.Inherited && o.fromParent(d) { // it came with its parent's properties
		for _, y := range o.parents {
			parent := d.to.Table(y.Schema, y.Table).Column(y.Name, false)
			if parent.Default != "" && o.c.Default == "" {
				out = append(out, step(x, o.only(d)+"DROP DEFAULT"))
			}
			if !parent.Postgres.NotNull && p.NotNull {
				if o.c.Default == "" && parent.Default == "" && d.mayHaveRows(o.t) {
					if answer := d.answerNew(o); answer != "" {
						out = append(out, o.fill(d, answer)...)
					}
				}
				out = append(out, step(x, o.only(d)+"SET NOT NULL"))
			}
			break
		}
	}
	return out
}

func (o *column) create(d *differ) []plan.Step {
	x := o.id()
	if o.parked(d) {
		return d.entries[x].from.(*column).alter(d, o, true)
	}
	if o.fromParent(d) {
		out := o.settings(d)
		for _, m := range d.merged[x] {
			if def, ok := m.(*columnDefault); ok {
				out = append(def.create(d), out...)
			}
		}
		return out
	}
	add := d.alterTable(o.t) + "ADD COLUMN "
	hasValue := o.c.Identity != "" || o.c.Generated != "" || slices.ContainsFunc(d.merged[x], func(m object) bool { _, ok := m.(*columnDefault); return ok })
	out := steps(x, add+o.definition(d, true))
	if o.demandsValue() && !hasValue && d.mayHaveRows(o.t) && o.t.Postgres.Server == "" {
		answer := d.answerNew(o)
		switch {
		case answer == "":
		case constant(answer):
			out = steps(x, add+o.definition(d, true)+" DEFAULT "+answer, d.alterTable(o.t)+"ALTER COLUMN "+d.quote(o.c.Name)+" DROP DEFAULT")
		default:
			out = steps(x, add+o.definition(d, false))
			out = append(out, o.fill(d, answer)...)
			if o.c.Postgres.NotNull {
				out = append(out, o.setNotNull(d)...)
			}
		}
	}
	if o.sameInKey(d) {
		text := "what is " + d.name(o.t.Schema, o.t.Name) + "." + d.quote(o.c.Name) + " for the rows that are there? It is a key, and its default is the same for all of them"
		if answer := d.answer(o, text); answer != "" && !constant(answer) {
			out = steps(x, strings.Replace(add+o.definition(d, false), " DEFAULT "+o.c.Default, "", 1))
			out = append(out, o.fill(d, answer)...)
			for _, m := range d.merged[x] {
				out = append(out, m.create(d)...)
			}
			if o.c.Postgres.NotNull {
				out = append(out, o.setNotNull(d)...)
			}
		}
	}
	return append(out, o.settings(d)...)
}

// sameInKey tells whether all rows that are there would get the same value in a new column that is a key alone.
func (o *column) sameInKey(d *differ) bool {
	return constant(o.c.Default) && o.c.Generated == "" && d.mayHaveRows(o.t) && len(d.merged[o.id()]) > 0 && slices.ContainsFunc(o.t.Constraints, func(k *catalog.Constraint) bool {
		return (k.Kind == ir.PrimaryKey || k.Kind == ir.Unique) && len(k.Columns) == 1 && k.Columns[0] == o.c.Name
	})
}

// setNotNull sets NOT NULL; online by a check that is validated while others write.
func (o *column) setNotNull(d *differ) []plan.Step {
	x := o.id()
	set := d.alterTable(o.t) + "ALTER COLUMN " + d.quote(o.c.Name) + " SET NOT NULL"
	if !d.online(o.t) || o.t.Postgres.Server != "" {
		return steps(x, set)
	}
	check := freeName(o.t, o.c.Name+"_not_null")
	out := steps(x,
		d.alterTable(o.t)+"ADD CONSTRAINT "+d.quote(check)+" CHECK ("+d.quote(o.c.Name)+" IS NOT NULL) NOT VALID",
		d.alterTable(o.t)+"VALIDATE CONSTRAINT "+d.quote(check),
		set,
		d.alterTable(o.t)+"DROP CONSTRAINT "+d.quote(check))
	out[0].Why = "a validated check spares SET NOT NULL the reading of all rows under its lock"
	out[1].Alone = true // in the transaction of the first it would read them under that one's lock
	return out
}

// freeName is a name that no constraint of the table has.
func freeName(t *catalog.Table, base string) string {
	if len(base) > 55 {
		base = base[:55]
	}
	name := base
	for i := 1; slices.ContainsFunc(t.Constraints, func(k *catalog.Constraint) bool { return k.Name == name }); i++ {
		name = fmt.Sprintf("%s%d", base, i)
	}
	return name
}

// parked tells whether the column's values wait as texts while what its type rests on is made anew.
func (o *column) parked(d *differ) bool {
	e := d.entries[o.id()]
	return e != nil && e.spread && e.from != nil && e.to != nil && !d.dropped(tableID(o.t)) && e.from.(*column).c.Generated == "" && e.to.(*column).c.Generated == ""
}

// withParent tells whether a parent's column is parked too, which takes this one along.
func (o *column) withParent(d *differ) bool {
	return slices.ContainsFunc(o.parents, func(y id) bool {
		p, ok := d.old.byID[y].(*column)
		return ok && d.goesWithParent(o.t, y) && p.parked(d)
	})
}

func (o *column) drop(d *differ) []plan.Step {
	if o.parked(d) {
		if o.withParent(d) {
			return nil
		}
		name := d.quote(o.c.Name)
		s := step(o.id(), d.alterTable(o.t)+"ALTER COLUMN "+name+" TYPE text"+map[bool]string{true: "[]"}[strings.HasSuffix(o.c.Postgres.Type, "[]")])
		if strings.HasSuffix(o.c.Postgres.Type, "[]") {
			s.SQL += " USING " + name + "::text[]"
		} else {
			s.SQL += " USING " + name + "::text"
		}
		s.Why = "the values wait as texts while their type is made anew"
		return []plan.Step{s}
	}
	s := step(o.id(), d.alterTable(o.t)+"DROP COLUMN "+d.quote(o.c.Name))
	if o.c.Generated == "" {
		s.Losses = []plan.Loss{{Object: plan.Object(o.id()), What: "the values of the column", Rows: true}}
	}
	return []plan.Step{s}
}

func (o *column) compare(d *differ, to object) change {
	n := to.(*column)
	a, b := o.c, n.c
	p, q := a.Postgres, b.Postgres
	if a.Generated != b.Generated && b.Generated != "" || a.Generated != "" && b.Generated != "" && a.Stored != b.Stored {
		return change{replace: true}
	}
	if a.Generated != "" && b.Generated == "" && !a.Stored {
		return change{replace: true}
	}
	if p.Inherited && q.Inherited && p.Local != q.Local || !p.Inherited && q.Inherited && !q.Local && n.t.PartitionOf == "" {
		d.unmanaged(o.id(), localText)
	}
	retyped := p.Type != q.Type || p.Collation != q.Collation || d.setAside(o)
	same := *q
	same.Type, same.Collation, same.Inherited, same.Local, same.NotNullName = p.Type, p.Collation, p.Inherited, p.Local, p.NotNullName
	sequenceSame := a.Identity == "" || b.Identity == "" || o.sequence == nil || n.sequence == nil ||
		o.sequence.Definition == n.sequence.Definition && o.sequence.Name == n.sequence.Name
	if !retyped && equalColumns(p, &same) && a.Generated == b.Generated && a.Identity == b.Identity && sequenceSame {
		return change{}
	}
	ch := change{alter: func() []plan.Step { return o.alter(d, n, retyped) }}
	if retyped {
		assigned := assignable(p.Type, q.Type) && !d.setAside(o)
		ch.disturbs = func(x id) bool {
			switch x.Kind {
			case "default":
				return !assigned
			case "column", "view", "materialized view", "rule", "policy", "trigger", "publication", "function", "procedure":
				return x != n.id()
			case "constraint":
				k, ok := d.entries[x].from.(*constraint)
				return ok && (!assigned || !comparable(p.Type, q.Type)) && len(k.k.RefColumns) > 0
			case "index":
				return !assigned && d.setAside(o)
			}
			return false
		}
	}
	return ch
}

func equalColumns(p, q *catalog.PostgresColumn) bool {
	return p.Storage == q.Storage && p.Compression == q.Compression && p.Statistics == q.Statistics && p.NotNull == q.NotNull &&
		slices.Equal(sorted(p.Options), sorted(q.Options)) && slices.Equal(sorted(p.ForeignOptions), sorted(q.ForeignOptions))
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }

// setAside tells whether the column's type is made anew while the column stays.
func (d *differ) setAside(o *column) bool { return o.parked(d) || d.onAside(o.id()) }

// alter changes the column in place.
func (o *column) alter(d *differ, n *column, retyped bool) []plan.Step {
	a, b := o.c, n.c
	p, q := a.Postgres, b.Postgres
	x := n.id()
	var out []plan.Step
	add := func(sql ...string) { out = append(out, steps(x, sql...)...) }
	only := n.only(d)
	fromParent := o.withParent(d) || slices.ContainsFunc(n.parents, func(y id) bool {
		return q.Inherited && d.comesFrom(n.t, id{Kind: "table", Schema: y.Schema, Name: y.Table}) && d.altered(y)
	})
	if a.Identity != "" && b.Identity == "" {
		add(only + "DROP IDENTITY")
	}
	if a.Generated != "" && b.Generated == "" {
		add(only + "DROP EXPRESSION")
	}
	if retyped && !fromParent {
		out = append(out, o.retype(d, n)...)
	}
	if p.Compression != q.Compression {
		add(only + "SET COMPRESSION " + or(q.Compression, "DEFAULT"))
	}
	if p.Storage != q.Storage || retyped && q.Storage != "" {
		storage := q.Storage
		if storage == "" {
			storage = defaultStorage(b)
		}
		add(only + "SET STORAGE " + storage)
	}
	if p.Statistics != q.Statistics || retyped && q.Statistics >= 0 {
		add(only + fmt.Sprintf("SET STATISTICS %d", q.Statistics))
	}
	set, reset := optionChanges(pairs(p.Options), pairs(q.Options))
	if len(set) > 0 {
		var list []string
		for _, k := range slices.Sorted(maps.Keys(set)) {
			list = append(list, k+" = "+set[k])
		}
		add(only + "SET (" + strings.Join(list, ", ") + ")")
	}
	if len(reset) > 0 {
		add(only + "RESET (" + strings.Join(reset, ", ") + ")")
	}
	if list := foreignOptions(p.ForeignOptions, q.ForeignOptions); list != "" {
		add(only + "OPTIONS (" + list + ")")
	}
	switch {
	case !p.NotNull && q.NotNull:
		parentSets := slices.ContainsFunc(n.parents, func(y id) bool {
			parent := d.to.Table(y.Schema, y.Table).Column(y.Name, false)
			return parent.Postgres.NotNull && d.comesFrom(n.t, id{Kind: "table", Schema: y.Schema, Name: y.Table})
		})
		if parentSets {
			break
		}
		if d.mayHaveRows(n.t) && n.t.Postgres.Server == "" && !o.checkedNotNull(d) {
			if expr := d.answerOld(n); expr != "" {
				out = append(out, n.fill(d, expr)...)
			}
		}
		out = append(out, n.setNotNull(d)...)
	case p.NotNull && !q.NotNull:
		// The parent's statement goes on to its partitions, and theirs alone is refused before it.
		if slices.ContainsFunc(n.parents, func(y id) bool {
			was, is := d.from.Table(y.Schema, y.Table), d.to.Table(y.Schema, y.Table)
			if was == nil || is == nil || !d.comesFrom(n.t, id{Kind: "table", Schema: y.Schema, Name: y.Table}) {
				return false
			}
			old, now := was.Column(y.Name, false), is.Column(y.Name, false)
			return old != nil && now != nil && old.Postgres.NotNull && !now.Postgres.NotNull
		}) {
			break
		}
		add(d.alterTable(n.t) + "ALTER COLUMN " + d.quote(b.Name) + " DROP NOT NULL")
	case p.NotNull && q.NotNull && fromParent && slices.ContainsFunc(n.parents, func(y id) bool {
		return !d.to.Table(y.Schema, y.Table).Column(y.Name, false).Postgres.NotNull
	}):
		add(d.alterTable(n.t) + "ALTER COLUMN " + d.quote(b.Name) + " SET NOT NULL")
	}
	switch {
	case a.Identity == "" && b.Identity != "" && !n.identityOfWhole():
		add(only + "ADD GENERATED " + strings.ToUpper(b.Identity) + " AS IDENTITY" + n.identityOptions(d))
		if d.mayHaveRows(n.t) {
			out = append(out, n.advance(d, n.sequence)...)
		}
	case a.Identity != "" && b.Identity != "":
		if a.Identity != b.Identity {
			add(only + "SET GENERATED " + strings.ToUpper(b.Identity))
		}
		if o.sequence != nil && n.sequence != nil {
			if o.sequence.Name != n.sequence.Name {
				add("ALTER SEQUENCE " + d.name(o.t.Schema, o.sequence.Name) + " RENAME TO " + d.quote(n.sequence.Name))
			}
			if o.sequence.Definition != n.sequence.Definition {
				out = append(out, d.alterSequence(x, o.sequence, n.sequence)...)
			}
		}
	}
	return out
}

// pairs reads a list of a=b.
func pairs(list []string) map[string]string {
	m := map[string]string{}
	for _, s := range list {
		k, v, _ := strings.Cut(s, "=")
		m[k] = v
	}
	return m
}

// checkedNotNull tells whether a validated check says that the column has no NULL.
func (o *column) checkedNotNull(d *differ) bool {
	return slices.ContainsFunc(o.t.Constraints, func(k *catalog.Constraint) bool {
		return !k.NotValid && (k.Expr == "("+d.quote(o.c.Name)+" IS NOT NULL)" || k.Expr == "("+o.c.Name+" IS NOT NULL)")
	})
}

// advance sets a new sequence behind the values that are there.
func (o *column) advance(d *differ, q *catalog.Sequence) []plan.Step {
	if q == nil {
		return nil
	}
	aggregate := "max"
	if strings.HasPrefix(q.Options["increment"], "-") {
		aggregate = "min"
	}
	name := d.quote(o.c.Name)
	s := step(o.id(), "SELECT setval("+literal(d.name(o.t.Schema, q.Name))+", "+aggregate+"("+name+")) FROM "+d.name(o.t.Schema, o.t.Name)+" HAVING "+aggregate+"("+name+") IS NOT NULL")
	s.Why = "the sequence goes on behind the values that are there"
	return []plan.Step{s}
}
