package postgres

import (
	"fmt"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/types"
	"github.com/covetsql/covetsql/migrate/plan"
)

// listTypes lists types so that each stands behind those it rests on: whether one is made anew is known when those over it are compared.
func listTypes(s *catalog.Snapshot, add func(object)) {
	all, under, listed := map[id]*catalog.TypeDef{}, map[id][]id{}, map[id]bool{}
	for _, dep := range s.Depends {
		if dep.Object.Kind == "type" || dep.Object.Kind == "domain" {
			under[dep.Object] = append(under[dep.Object], dep.On)
		}
	}
	idOf := func(t *catalog.TypeDef) id {
		if t.Kind == types.Domain {
			return (&domain{userType{t}}).id()
		}
		return userType{t}.id()
	}
	for _, sc := range s.Schemas {
		for _, t := range sc.Types {
			all[idOf(t)] = t
		}
	}
	var list func(t *catalog.TypeDef)
	list = func(t *catalog.TypeDef) {
		x := idOf(t)
		if listed[x] {
			return
		}
		listed[x] = true
		for _, y := range under[x] {
			if below := all[y]; below != nil {
				list(below)
			}
		}
		listType(t, add)
	}
	for _, sc := range s.Schemas {
		for _, t := range sc.Types {
			list(t)
		}
	}
}

func listType(t *catalog.TypeDef, add func(object)) {
	base := userType{t}
	switch {
	case t.Kind == types.Enum:
		add(&enum{base})
	case t.Kind == types.Range && !t.Multirange:
		add(&rangeType{base})
	case t.Kind == types.Composite:
		add(&composite{base})
	case t.Kind == types.Domain:
		add(&domain{base})
		for _, k := range t.Checks {
			add(&domainCheck{t, k})
		}
	}
}

// userType is what all types have.
type userType struct{ t *catalog.TypeDef }

func (o userType) id() id           { return id{Kind: "type", Schema: o.t.Schema, Name: o.t.Name} }
func (o userType) owners() []id     { return nil }
func (o userType) claims() []string { return []string{"type " + o.t.Schema + "." + o.t.Name} }

// anew makes a type anew under its name: the old one is set aside, columns are turned into the new one, then the old one goes.
// What can't be turned is dropped before and made again.
func (d *differ) anew(o, n object, t *catalog.TypeDef, word, why string) change {
	x, aside := o.id(), d.asideName(t)
	return change{
		alter: func() []plan.Step {
			s := step(x, "ALTER "+word+" "+d.name(t.Schema, t.Name)+" RENAME TO "+d.quote(aside))
			s.Why = why
			return append([]plan.Step{s}, n.create(d)...)
		},
		disturbs: func(dependent id) bool {
			e := d.entries[dependent]
			if e == nil || e.from == nil {
				return true
			}
			switch c := e.from.(type) {
			case *column:
				return c.c.Generated != "" || c.t.Partition != "" && strings.Contains(c.t.Partition, c.c.Name)
			case *domain, *composite, *rangeType:
				return !e.altered() || e.change.finish == nil
			}
			return true
		},
		finish: func() []plan.Step { return steps(x, "DROP "+word+" "+d.name(t.Schema, aside)) },
	}
}

// asideName is a name that no type has in either schema.
func (d *differ) asideName(t *catalog.TypeDef) string {
	base := t.Name
	if len(base) > 55 {
		base = base[:55]
	}
	name := base + "_old"
	taken := func(s *catalog.Snapshot) bool { return s.Type(t.Schema, name) != nil || s.Table(t.Schema, name) != nil }
	for i := 1; taken(d.from) || taken(d.to); i++ {
		name = fmt.Sprintf("%s_old%d", base, i)
	}
	return name
}

// onAside tells whether the object rests on a type that is set aside.
func (d *differ) onAside(x id) bool {
	return slices.ContainsFunc(d.old.depends[x], func(y id) bool {
		e := d.entries[y]
		return e != nil && (y.Kind == "type" || y.Kind == "domain" || y.Kind == "collation") && e.altered() && e.change.finish != nil
	})
}

type enum struct{ userType }

func (o *enum) create(d *differ) []plan.Step {
	var list []string
	for _, v := range o.t.Values {
		list = append(list, literal(v))
	}
	return steps(o.id(), "CREATE TYPE "+d.name(o.t.Schema, o.t.Name)+" AS ENUM ("+strings.Join(list, ", ")+")")
}

func (o *enum) drop(d *differ) []plan.Step {
	return steps(o.id(), "DROP TYPE "+d.name(o.t.Schema, o.t.Name))
}

func (o *enum) compare(d *differ, to object) change {
	n, ok := to.(*enum)
	if !ok {
		return change{replace: true}
	}
	a, b := o.t.Values, n.t.Values
	if slices.Equal(a, b) {
		return change{}
	}
	if subsequence(a, b) {
		return change{alter: func() []plan.Step { return o.add(d, b) }}
	}
	var gone []string
	for _, v := range a {
		if !slices.Contains(b, v) {
			gone = append(gone, literal(v))
		}
	}
	why := "the server can't move values of an enum: the type is made anew"
	if len(gone) > 0 {
		why = "the server can't take values from an enum: the type is made anew, which rows with " + strings.Join(gone, ", ") + " refuse"
	}
	return d.anew(o, n, o.t, "TYPE", why)
}

// subsequence tells whether all of a stand in b in their order.
func subsequence(a, b []string) bool {
	i := 0
	for _, v := range b {
		if i < len(a) && a[i] == v {
			i++
		}
	}
	return i == len(a)
}

// add adds the values of the wanted list that are not there, each behind the one before it. A value that was added can't be used before the
// transaction is committed: where something of the plan may use it, it is added alone.
func (o *enum) add(d *differ, wanted []string) []plan.Step {
	var out []plan.Step
	at := "ALTER TYPE " + d.name(o.t.Schema, o.t.Name) + " ADD VALUE "
	alone := d.usedByPlan(o.id())
	for i, v := range wanted {
		if slices.Contains(o.t.Values, v) {
			continue
		}
		where := ""
		switch {
		case i > 0 && i == len(wanted)-1 && slices.Contains(o.t.Values, wanted[i-1]) && o.t.Values[len(o.t.Values)-1] == wanted[i-1]:
		case i > 0:
			where = " AFTER " + literal(wanted[i-1])
		case len(o.t.Values) > 0:
			where = " BEFORE " + literal(o.t.Values[0])
		}
		s := step(o.id(), at+literal(v)+where)
		if alone {
			s.Alone, s.Why = true, "a new value can be used when it was committed"
		}
		out = append(out, s)
	}
	return out
}

// usedByPlan tells whether the plan makes or changes something over the type, or a routine, whose text may name a value.
func (d *differ) usedByPlan(x id) bool {
	var over func(y id, depth int) bool
	over = func(y id, depth int) bool {
		return slices.ContainsFunc(d.new.dependents[y], func(z id) bool {
			return d.created(z) || d.altered(z) || depth < 3 && over(z, depth+1)
		})
	}
	if over(x, 0) {
		return true
	}
	return slices.ContainsFunc(d.ids, func(y id) bool {
		return (y.Kind == "function" || y.Kind == "procedure") && (d.created(y) || d.altered(y))
	})
}

type rangeType struct{ userType }

func (o *rangeType) create(d *differ) []plan.Step {
	return steps(o.id(), "CREATE TYPE "+d.name(o.t.Schema, o.t.Name)+" AS RANGE ("+o.t.Definition+")")
}

func (o *rangeType) drop(d *differ) []plan.Step {
	return steps(o.id(), "DROP TYPE "+d.name(o.t.Schema, o.t.Name))
}

func (o *rangeType) compare(d *differ, to object) change {
	n, ok := to.(*rangeType)
	if !ok {
		return change{replace: true}
	}
	if o.t.Definition == n.t.Definition && !d.onAside(o.id()) {
		return change{}
	}
	ch := d.anew(o, n, o.t, "TYPE", "a range type can't be changed: it is made anew")
	alter := ch.alter
	ch.alter = func() []plan.Step { return slices.Insert(alter(), 1, o.free(d)...) }
	return ch
}

// free gives the names of what came with the range free: its constructors, its multirange and the constructors of that.
func (o *rangeType) free(d *differ) []plan.Step {
	aside, subtype := d.asideName(o.t), setting(o.t.Definition, "SUBTYPE")
	function := func(name, arguments, to string) string {
		return "ALTER FUNCTION " + name + "(" + arguments + ") RENAME TO " + d.quote(to)
	}
	name, old := d.name(o.t.Schema, o.t.Name), d.name(o.t.Schema, aside)
	list := []string{function(name, subtype+", "+subtype, aside), function(name, subtype+", "+subtype+", text", aside)}
	if m := setting(o.t.Definition, "MULTIRANGE_TYPE_NAME"); m != "" {
		to := aside + "_multirange"
		list = append(list, "ALTER TYPE "+m+" RENAME TO "+d.quote(to), function(m, "", to), function(m, old, to), function(m, "VARIADIC "+old+"[]", to))
	}
	return steps(o.id(), list...)
}

// setting is a parameter of a range's definition.
func setting(definition, name string) string {
	for _, s := range strings.Split(definition, ", ") {
		if value, ok := strings.CutPrefix(s, name+" = "); ok {
			return value
		}
	}
	return ""
}

// domain is a domain but for its checks.
type domain struct{ userType }

func (o *domain) id() id { return id{Kind: "domain", Schema: o.t.Schema, Name: o.t.Name} }

func (o *domain) create(d *differ) []plan.Step {
	sql := "CREATE DOMAIN " + d.name(o.t.Schema, o.t.Name) + " AS " + o.t.Definition
	if o.t.Default != "" {
		sql += " DEFAULT " + o.t.Default
	}
	if o.t.NotNull {
		sql += " NOT NULL"
	}
	for _, m := range d.merged[o.id()] {
		if p, ok := m.(part); ok {
			sql += " " + p.inline(d)
		}
	}
	return steps(o.id(), sql)
}

func (o *domain) drop(d *differ) []plan.Step {
	return steps(o.id(), "DROP DOMAIN "+d.name(o.t.Schema, o.t.Name))
}

func (o *domain) compare(d *differ, to object) change {
	n := to.(*domain)
	if o.t.Definition != n.t.Definition || d.onAside(o.id()) {
		return d.anew(o, n, o.t, "DOMAIN", "a domain's type can't be changed: it is made anew")
	}
	alter := "ALTER DOMAIN " + d.name(o.t.Schema, o.t.Name) + " "
	var list []string
	switch {
	case o.t.Default == n.t.Default:
	case n.t.Default == "":
		list = append(list, alter+"DROP DEFAULT")
	default:
		list = append(list, alter+"SET DEFAULT "+n.t.Default)
	}
	switch {
	case o.t.NotNull && !n.t.NotNull:
		list = append(list, alter+"DROP NOT NULL")
	case !o.t.NotNull && n.t.NotNull:
		list = append(list, alter+"SET NOT NULL")
	}
	return altering(steps(o.id(), list...))
}

// domainCheck is a CHECK of a domain.
type domainCheck struct {
	t *catalog.TypeDef
	k *catalog.Constraint
}

func (o *domainCheck) id() id {
	return id{Kind: "domain constraint", Schema: o.t.Schema, Table: o.t.Name, Name: o.k.Name}
}

func (o *domainCheck) owners() []id {
	return []id{{Kind: "domain", Schema: o.t.Schema, Name: o.t.Name}}
}

func (o *domainCheck) text(d *differ) string {
	return "CONSTRAINT " + d.quote(o.k.Name) + " CHECK (" + o.k.Expr + ")"
}

// inline is "" where the check is not valid, which only ALTER DOMAIN can say.
func (o *domainCheck) inline(d *differ) string {
	if o.k.NotValid {
		return ""
	}
	return o.text(d)
}

func (o *domainCheck) apart() int { return 1 }

func (o *domainCheck) alter(d *differ) string {
	return "ALTER DOMAIN " + d.name(o.t.Schema, o.t.Name) + " "
}

func (o *domainCheck) create(d *differ) []plan.Step {
	sql := o.alter(d) + "ADD " + o.text(d)
	switch {
	case o.k.NotValid:
		return steps(o.id(), sql+" NOT VALID")
	case d.o.Online && !d.created(o.owners()[0]):
		out := steps(o.id(), sql+" NOT VALID", o.alter(d)+"VALIDATE CONSTRAINT "+d.quote(o.k.Name))
		out[0].Why = "rows are read while others write"
		out[1].Alone = true
		return out
	}
	return steps(o.id(), sql)
}

func (o *domainCheck) drop(d *differ) []plan.Step {
	return steps(o.id(), o.alter(d)+"DROP CONSTRAINT "+d.quote(o.k.Name))
}

func (o *domainCheck) compare(d *differ, to object) change {
	n := to.(*domainCheck)
	switch {
	case o.k.Expr != n.k.Expr || !o.k.NotValid && n.k.NotValid:
		return change{replace: true}
	case o.k.NotValid && !n.k.NotValid:
		out := steps(o.id(), o.alter(d)+"VALIDATE CONSTRAINT "+d.quote(o.k.Name))
		out[0].Alone = d.o.Online
		return altering(out)
	}
	return change{}
}
