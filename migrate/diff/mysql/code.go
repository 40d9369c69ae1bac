package mysql

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
)

// code is an object that is a statement as a whole: a view, a routine, a trigger, an event.
type code struct {
	kind, table, name string
	def, mode         string
	drop              string
}

func (c code) about() plan.Object { return plan.Object{Kind: c.kind, Table: c.table, Name: c.name} }

// make gives the statement with what makes it work under the sql_mode that it had.
func (d *differ) make(phase int, c code, sql, why string) {
	if c.mode != "" {
		d.add(phase, plan.Step{SQL: "SET SESSION sql_mode = '" + strings.ReplaceAll(c.mode, "'", "''") + "'", About: plan.Object{Kind: "session"}, Why: c.about().String() + " was made under this sql_mode and keeps it"})
	}
	d.add(phase, plan.Step{SQL: sql, About: c.about(), Why: why})
	if c.mode != "" {
		d.add(phase, plan.Step{SQL: "SET SESSION sql_mode = DEFAULT", About: plan.Object{Kind: "session"}})
	}
}

// code plans views, routines, triggers, events and what else is a statement as a whole.
func (d *differ) code() {
	d.replace(d.routines(d.from), d.routines(d.to))
	d.otherObjects()
	d.replace(views(d.from), views(d.to))
	d.triggers()
}

// replace drops what goes and makes what comes. MySQL has no CREATE OR REPLACE but for views.
func (d *differ) replace(a, b []code) {
	for _, x := range a {
		if find(b, x) == nil {
			d.add(dropCode, plan.Step{SQL: x.drop, About: x.about(), Losses: []plan.Loss{{Object: x.about(), What: "the definition of the " + x.kind}}})
		}
	}
	for _, y := range b {
		x := find(a, y)
		switch {
		case x == nil:
			d.make(makeCode, y, y.def, "")
		case x.def == y.def && x.mode == y.mode:
		case y.kind == "view" || d.mariadb:
			d.make(makeCode, y, strings.Replace(y.def, "CREATE ", "CREATE OR REPLACE ", 1), "")
		default:
			why := "MySQL can't replace a " + y.kind + ": for a moment there is none"
			if y.kind == "function" || y.kind == "procedure" {
				why += ", and rights that were given on it are lost"
			}
			d.add(makeCode, plan.Step{SQL: x.drop, About: x.about(), Why: why})
			d.make(makeCode, y, y.def, "")
		}
	}
}

func find(list []code, c code) *code {
	for i := range list {
		if list[i].kind == c.kind && list[i].name == c.name {
			return &list[i]
		}
	}
	return nil
}

func (d *differ) routines(sc *catalog.Schema) []code {
	var out []code
	for _, f := range sc.Functions {
		kind := "function"
		if f.Kind == catalog.Procedure {
			kind = "procedure"
		}
		out = append(out, code{kind: kind, name: f.Name, def: f.Definition, mode: f.SQLMode, drop: "DROP " + strings.ToUpper(kind) + " " + quote(f.Name)})
	}
	return out
}

// views are in an order in which each comes after those it reads.
func views(sc *catalog.Schema) []code {
	var list []*catalog.Table
	for _, t := range sc.Tables {
		if t.Kind == catalog.View {
			list = append(list, t)
		}
	}
	var out []code
	done, byName := map[string]bool{}, map[string]*catalog.Table{}
	for _, t := range list {
		byName[t.Name] = t
	}
	var visit func(t *catalog.Table)
	visit = func(t *catalog.Table) {
		done[t.Name] = true
		for _, name := range namesIn(t.Definition) {
			if o := byName[name]; o != nil && !done[name] {
				visit(o)
			}
		}
		out = append(out, code{kind: "view", name: t.Name, def: t.Definition, drop: "DROP VIEW " + quote(t.Name)})
	}
	for _, t := range list {
		if !done[t.Name] {
			visit(t)
		}
	}
	return out
}

// namesIn are the names in backquotes of a server's statement, in its order; those within texts are none.
func namesIn(statement string) []string {
	var out []string
	for i := 0; i < len(statement); i++ {
		q := statement[i]
		if q != '`' && q != '\'' {
			continue
		}
		start := i + 1
		for i = start; i < len(statement); i++ {
			if q == '\'' && statement[i] == '\\' {
				i++
			} else if statement[i] == q {
				if i+1 == len(statement) || statement[i+1] != q {
					break
				}
				i++
			}
		}
		if q == '`' && i <= len(statement) {
			out = append(out, strings.ReplaceAll(statement[start:min(i, len(statement))], "``", "`"))
		}
	}
	return out
}

// otherObjects plans events, packages and libraries, and tells what there is no statement for.
func (d *differ) otherObjects() {
	var lists [2][]code
	for i, others := range d.others {
		for _, o := range others {
			if o.Kind != "grant" && o.Definition != "" {
				lists[i] = append(lists[i], code{kind: o.Kind, table: o.Table, name: o.Name, def: o.Definition, mode: o.SQLMode, drop: o.Drop})
			}
		}
	}
	for i := range lists { // a package stands before its body
		slices.SortStableFunc(lists[i], func(x, y code) int { return strings.Compare(x.kind, y.kind) })
	}
	d.replace(lists[0], lists[1])
	is := func(o *catalog.Object) func(*catalog.Object) bool {
		return func(p *catalog.Object) bool {
			return p.Kind == o.Kind && p.Table == o.Table && p.Name == o.Name && p.Definition == o.Definition
		}
	}
	for i, others := range d.others {
		for _, o := range others {
			if (o.Kind == "grant" || o.Definition == "") && !slices.ContainsFunc(d.others[1-i], is(o)) {
				why := "it is in the new schema only, and covetsql does not plan it"
				if i == 0 {
					why = "it is not in the new schema, and covetsql does not remove it"
				}
				if o.Kind == "grant" {
					why += ": rights are given where the accounts are; by hand: " + map[bool]string{true: o.Drop, false: o.Definition}[i == 0]
				}
				d.unmanaged(plan.Object{Kind: o.Kind, Table: o.Table, Name: o.Name}, why)
			}
		}
	}
}

// triggers plans the triggers. Those of one event of a table run in the order in which they were made, so that those behind the
// first that changes are made anew.
func (d *differ) triggers() {
	type event struct{ table, timing, event string }
	group := func(sc *catalog.Schema) (map[event][]*catalog.Trigger, []event) {
		m := map[event][]*catalog.Trigger{}
		var order []event
		for _, g := range sc.Triggers {
			e := event{g.Table, g.Timing, strings.Join(g.Events, ",")}
			if m[e] == nil {
				order = append(order, e)
			}
			m[e] = append(m[e], g)
		}
		return m, order
	}
	a, before := group(d.from)
	b, after := group(d.to)
	about := func(g *catalog.Trigger) plan.Object {
		return plan.Object{Kind: "trigger", Table: g.Table, Name: g.Name}
	}
	common := func(e event) int {
		n := 0
		for n < len(a[e]) && n < len(b[e]) && a[e][n].Name == b[e][n].Name && a[e][n].Definition == b[e][n].Definition && a[e][n].SQLMode == b[e][n].SQLMode {
			n++
		}
		return n
	}
	stays := map[string]bool{}
	for _, g := range d.to.Triggers {
		stays[g.Name] = true
	}
	for _, e := range before {
		for _, g := range a[e][common(e):] {
			if d.tables[0][g.Table] != nil && d.tables[1][g.Table] == nil {
				if stays[g.Name] { // the name is free once its table is dropped
					continue
				}
				continue
			}
			s := plan.Step{SQL: "DROP TRIGGER " + quote(g.Name), About: about(g)}
			if !stays[g.Name] {
				s.Losses = []plan.Loss{{Object: about(g), What: "the definition of the trigger"}}
			} else {
				s.Why = "it is made anew; rows that are written until then pass without it"
			}
			d.add(dropCode, s)
		}
	}
	for _, e := range after {
		for _, g := range b[e][common(e):] {
			d.make(makeCode, code{kind: "trigger", table: g.Table, name: g.Name, mode: g.SQLMode}, g.Definition, "")
		}
	}
}

// sequences are MariaDB's. Where they stand is kept.
func (d *differ) sequences() {
	find := func(list []*catalog.Sequence, name string) *catalog.Sequence {
		for _, q := range list {
			if q.Name == name {
				return q
			}
		}
		return nil
	}
	engine := func(def string) (options, engine string) {
		i := strings.LastIndex(def, " ENGINE=")
		if i < 0 {
			return def, ""
		}
		return def[:i], strings.TrimSpace(def[i+1:])
	}
	for _, q := range d.from.Sequences {
		if find(d.to.Sequences, q.Name) == nil {
			about := plan.Object{Kind: "sequence", Name: q.Name}
			d.add(dropSequence, plan.Step{SQL: "DROP SEQUENCE " + quote(q.Name), About: about, Losses: []plan.Loss{{Object: about, What: "where the sequence stands", Rows: true}}})
		}
	}
	for _, q := range d.to.Sequences {
		old := find(d.from.Sequences, q.Name)
		about := plan.Object{Kind: "sequence", Name: q.Name}
		if old == nil {
			d.add(makeSequence, plan.Step{SQL: q.Definition, About: about})
			continue
		}
		a, x := engine(old.Definition)
		b, y := engine(q.Definition)
		if a != b {
			s := plan.Step{SQL: strings.Replace(b, "CREATE SEQUENCE", "ALTER SEQUENCE", 1), About: about}
			if strings.Contains(a, "increment by -") != strings.Contains(b, "increment by -") {
				s.SQL += " restart"
				s.Why = "a sequence that runs the other way begins anew"
				s.Losses = []plan.Loss{{Object: about, What: "where the sequence stands", Rows: true}}
			}
			d.add(makeSequence, s)
		}
		if x != y {
			d.add(makeSequence, plan.Step{SQL: "ALTER TABLE " + quote(q.Name) + " " + y, About: about})
		}
	}
}
