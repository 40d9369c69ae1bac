package postgres

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
)

// rebuild is the change of a table that no ALTER makes, as its partition key: it is dropped and made again, and its rows are carried over.
func (d *differ) rebuild() change { return change{replace: true} }

// spreadToPartitions has the partitions of a table that is made again made again too: the rows of all go into the new ones.
func (d *differ) spreadToPartitions() {
	var spread func(parent id)
	spread = func(parent id) {
		for _, sc := range d.from.Schemas {
			for _, t := range sc.Tables {
				if t.PartitionOf == "" || t.Postgres.Parents[0] != parent {
					continue
				}
				e := d.entries[tableID(t)]
				if e.to != nil && e.to.(*table).t.PartitionOf == "" {
					continue // it leaves with its rows
				}
				e.change.replace = e.to != nil
				spread(tableID(t))
			}
		}
	}
	for _, x := range d.ids {
		if e := d.entries[x]; x.Kind == "table" && e.from != nil && e.to != nil && e.change.replace {
			spread(x)
		}
	}
}

// spreadToWholes has the index or the key of a partitioned table made again where one of a partition's goes: that is a part of it and can't go alone.
func (d *differ) spreadToWholes() {
	for changed := true; changed; {
		changed = false
		for _, x := range d.ids {
			e := d.entries[x]
			f, ok := e.from.(follower)
			if !ok || !e.dropped() || x.Kind != "index" && x.Kind != "constraint" || d.dropped(id{Kind: "table", Schema: x.Schema, Name: x.Table}) {
				continue
			}
			if k, ok := e.from.(*constraint); ok && !k.isKey() {
				continue
			}
			for _, y := range f.goesAlong() {
				if w := d.entries[y]; w != nil && w.from != nil && !w.dropped() && f.goesWith(d, y) {
					w.change.replace, changed = true, true
				}
			}
		}
	}
}

// rows are the rows of a table, which are set aside while it is made again.
type rows struct {
	t        *catalog.Table
	children []id // the inheritances of its partitions
}

func rowsID(t *catalog.Table) id { return id{Kind: "rows", Schema: t.Schema, Name: t.Name} }

func (o *rows) id() id       { return rowsID(o.t) }
func (o *rows) owners() []id { return nil }

// needs: they are read before partitions go, and written when all partitions are there.
func (o *rows) needs(bool) []id { return append([]id{tableID(o.t)}, o.children...) }

func (o *rows) survives(_ *differ, y id) bool { return y != tableID(o.t) }

func (o *rows) compare(*differ, object) change { return change{} }

// carried tells whether the plan carries rows over: not those of partitions, which go with the whole.
func (o *rows) carried(d *differ) bool {
	x := tableID(o.t)
	if !d.dropped(x) || !d.created(x) || o.t.Postgres.Server != "" || d.o.Empty != nil && d.o.Empty(o.t.Schema, o.t.Name) {
		return false
	}
	old := d.entries[x].from.(*table).t
	return old.PartitionOf == "" || !(d.dropped(old.Postgres.Parents[0]) && d.created(old.Postgres.Parents[0]))
}

func (o *rows) aside(d *differ) string {
	name := o.t.Name
	if len(name) > 50 {
		name = name[:50]
	}
	return d.name(o.t.Schema, name+"_rows")
}

func (o *rows) drop(d *differ) []plan.Step {
	if !o.carried(d) {
		return nil
	}
	sql := "CREATE TABLE " + o.aside(d) + " AS SELECT * FROM " + d.name(o.t.Schema, o.t.Name)
	var leave []string
	for _, x := range partitionsOf(d.from, tableID(o.t)) {
		if e := d.entries[x]; e != nil && e.to != nil && !e.dropped() {
			leave = append(leave, literal(d.name(x.Schema, x.Name))+"::regclass")
		}
	}
	if len(leave) > 0 {
		sql += " WHERE tableoid NOT IN (" + strings.Join(leave, ", ") + ")"
	}
	var out []plan.Step
	for _, c := range o.t.Columns { // while expressions for single rows can name the table
		e := d.entries[columnID(o.t, c.Name)]
		if e == nil || e.to == nil || c.Postgres.NotNull || c.Generated != "" {
			continue
		}
		if n := e.to.(*column); n.c.Postgres.NotNull && n.c.Generated == "" && !e.from.(*column).checkedNotNull(d) {
			n = n.as(c)
			if answer := d.answerOld(n); answer != "" {
				out = append(out, n.fill(d, answer)...)
			}
		}
	}
	s := step(o.id(), sql)
	s.Losses = o.losses(d)
	s.Why = "the table is made anew, which no ALTER TABLE does; its rows are set aside"
	return append(out, s)
}

// losses are the columns that the new table does not have.
func (o *rows) losses(d *differ) []plan.Loss {
	var out []plan.Loss
	for _, c := range o.t.Columns {
		x := columnID(o.t, c.Name)
		if e := d.entries[x]; e != nil && e.to == nil && c.Generated == "" {
			out = append(out, plan.Loss{Object: plan.Object(x), What: "the values of the column", Rows: true})
		}
	}
	return out
}

// as is the column with the type that an older one has.
func (o *column) as(old *catalog.Column) *column {
	c, p := *o.c, *o.c.Postgres
	c.Type, p.Type, c.Postgres = old.Type, old.Postgres.Type, &p
	out := *o
	out.c = &c
	return &out
}

func (o *rows) create(d *differ) []plan.Step {
	if !o.carried(d) {
		return nil
	}
	old := d.entries[tableID(o.t)].from.(*table).t
	var names, values []string
	var after []plan.Step
	var losses []plan.Loss
	for _, c := range o.t.Columns {
		was := old.Column(c.Name, false)
		if c.Generated != "" {
			continue
		}
		name := d.quote(c.Name)
		if was == nil {
			if n := d.entries[columnID(o.t, c.Name)].to.(*column); n.demandsValue() && c.Default == "" && c.Identity == "" {
				if answer := d.answerNew(n); answer != "" {
					names, values = append(names, name), append(values, strings.ReplaceAll(answer, d.rowNumber(o.t), "row_number() OVER ()"))
				}
			}
			continue
		}
		expr, known := cast(name, was.Postgres.Type, c.Postgres.Type)
		if n := d.entries[columnID(o.t, c.Name)].to.(*column); !known {
			expr = d.conversion(n, was.Postgres.Type, c.Postgres.Type, expr)
		}
		names, values = append(names, name), append(values, or(expr, name))
		if what := lossy(was.Postgres.Type, c.Postgres.Type); what != "" {
			losses = append(losses, plan.Loss{Object: plan.Object(columnID(o.t, c.Name)), What: what, Rows: true})
		}
		if e := d.entries[columnID(o.t, c.Name)]; c.Identity != "" && e != nil {
			n := e.to.(*column)
			after = append(after, n.advance(d, n.sequence)...)
		}
	}
	insert := "INSERT INTO " + d.name(o.t.Schema, o.t.Name) + " SELECT" // rows that keep no value
	if len(names) > 0 {
		insert = "INSERT INTO " + d.name(o.t.Schema, o.t.Name) + " (" + strings.Join(names, ", ") + ") OVERRIDING SYSTEM VALUE SELECT " + strings.Join(values, ", ")
	}
	out := steps(o.id(), insert+" FROM "+o.aside(d))
	out[0].Losses = losses
	out = append(out, after...)
	return append(out, step(o.id(), "DROP TABLE "+o.aside(d)))
}

// listRows lists the rows of tables. Foreign keys and triggers come behind them.
func listRows(s *catalog.Snapshot, add func(object)) {
	children := map[id][]id{}
	for _, sc := range s.Schemas {
		for _, t := range sc.Tables {
			if t.PartitionOf != "" && len(t.Postgres.Parents) > 0 {
				children[t.Postgres.Parents[0]] = append(children[t.Postgres.Parents[0]], inheritanceID(t, t.Postgres.Parents[0]))
			}
		}
	}
	for _, sc := range s.Schemas {
		for _, t := range sc.Tables {
			if t.Kind == catalog.BaseTable {
				add(&rows{t, children[tableID(t)]})
			}
		}
	}
}

// afterRows has what checks or follows rows made behind them.
func (s *side) afterRows() {
	for _, o := range s.objects {
		x := o.id()
		switch o := o.(type) {
		case *constraint:
			if len(o.k.RefColumns) > 0 {
				s.link(x, rowsID(o.t))
				s.link(x, id{Kind: "rows", Schema: o.k.RefSchema, Name: o.k.RefTable})
			}
		default:
			if x.Kind == "trigger" {
				s.link(x, id{Kind: "rows", Schema: x.Schema, Name: x.Table})
			}
		}
	}
}
