package postgres

import (
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
	"github.com/covetsql/covetsql/migrate/plan"
)

// alteration collects what the actions of one ALTER TABLE want of a table. The server goes over the rows once for all of them.
type alteration struct {
	*statement
	t       *catalog.Table
	rewrite bool
	verify  bool
	// rebuilt are indexes that are made anew though the rows stay; made are new ones.
	rebuilt, made []string
	// dropped are constraints and indexes that the statement drops.
	dropped map[string]bool
	// gone are columns that it drops, before it adds any.
	gone map[string]bool
	// added are the columns that the statement adds.
	added map[string]*ir.ColumnDef
	// passed are columns of which a check proves that they have no NULL.
	passed []string
}

func (s *statement) alterTable(n *ir.AlterTable) {
	switch n.Kind {
	case ir.ObjIndex:
		s.alterIndex(n)
		return
	case ir.ObjSequence:
		return
	case ir.ObjType:
		s.alterComposite(n)
		return
	}
	t := s.Schema.Table(n.Name.Schema(), n.Name.Last())
	if t == nil {
		if !n.IfExists {
			if owner, _, _ := s.indexOf(n.Name); owner == nil && !s.sequence(n.Name) {
				s.missing("relation", n.Name.String())
			}
		}
		return
	}
	s.about = effect.Of(t)
	if n.Only && len(s.children(t)) > 0 && slices.ContainsFunc(n.Actions, func(a ir.AlterAction) bool { return a.Kind == ir.AddColumn }) {
		s.refuse("a column of " + t.Name + " is added to the tables that inherit from it too")
	}
	if t.PartitionOf != "" && slices.ContainsFunc(n.Actions, func(a ir.AlterAction) bool { return a.Kind == ir.AddColumn }) {
		s.refuse(t.Name + " is a partition, which has the columns of the whole: add it to that")
	}
	if n.Only && slices.ContainsFunc(n.Actions, func(a ir.AlterAction) bool { return a.Kind == ir.DropColumn }) {
		for _, c := range s.children(t) { // the column is theirs from now on
			s.Lock(effect.Of(c), effect.AccessExclusive)
		}
	}
	all := []*catalog.Table{t}
	if !n.Only && reaches(n.Actions) {
		all = append(all, s.children(t)...)
	}
	for i, u := range all {
		a := &alteration{statement: s, t: u, dropped: map[string]bool{}, gone: map[string]bool{}, added: map[string]*ir.ColumnDef{}}
		for k := range n.Actions {
			if n.Actions[k].Kind == ir.DropConstraint {
				a.drops(n.Actions[k].Column.Name)
			}
			if n.Actions[k].Kind == ir.DropColumn {
				a.gone[n.Actions[k].Column.Name] = true
			}
			if d := n.Actions[k].Def; n.Actions[k].Kind == ir.AddColumn && d != nil {
				a.added[d.Name.Name] = d
			}
		}
		for k := range n.Actions {
			s.about = effect.Of(u)
			a.action(&n.Actions[k], i > 0)
		}
		a.finish()
	}
	s.about = effect.Of(t)
}

func (s *statement) sequence(n ir.Name) bool {
	for _, sc := range s.Schema.Schemas {
		for _, q := range sc.Sequences {
			if q.Name == n.Last() && (n.Schema() == "" || n.Schema() == sc.Name) {
				return true
			}
		}
	}
	return false
}

// reaches tells whether actions are done to the tables that inherit too.
func reaches(actions []ir.AlterAction) bool {
	for i := range actions {
		switch a := &actions[i]; a.Kind {
		case ir.AttachPartition, ir.DetachPartition, ir.Inherit, ir.NoInherit, ir.SetOption, ir.AddIdentity, ir.DropIdentity:
		case ir.AddConstraint:
			switch a.Constraint.Kind {
			case ir.PrimaryKey, ir.Unique, ir.Exclude: // addKey goes to partitions itself
				continue
			}
			if a.Constraint.NoInherit {
				continue
			}
			return true
		case ir.OtherAction:
			if strings.HasPrefix(a.Verb, "ALTER COLUMN") {
				return true
			}
			if strings.Contains(a.Verb, "TRIGGER") {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// drops notes a constraint that goes, with its index and, of a primary key, what is proved by it.
func (a *alteration) drops(name string) { a.dropped[name] = true }

// finish announces the one pass over the rows.
func (a *alteration) finish() {
	t := effect.Of(a.t)
	if !stored(a.t) {
		return
	}
	switch {
	case a.rewrite:
		a.Do(effect.Rewrite, t, "")
		for _, name := range a.indexes(a.t) {
			if !a.dropped[name] {
				a.Do(effect.BuildIndex, t, name)
			}
		}
	case a.verify:
		a.Do(effect.Verify, t, "")
	}
	for _, name := range slices.Concat(a.rebuilt, a.made) {
		a.Do(effect.BuildIndex, t, name)
	}
	for _, column := range a.passed {
		a.Do(effect.Proved, t, column)
	}
}

func (a *alteration) lock(m effect.Mode) { a.Lock(effect.Of(a.t), m) }

// column finds a column, and refuses the statement where there is none.
func (a *alteration) column(name string) *catalog.Column {
	c := a.t.Column(name, false)
	if c == nil && a.added[name] == nil {
		a.refuse("column " + name + " of " + a.t.Name + " does not exist")
	}
	return c
}

// action is one action; inherited ones reach a table from a parent.
func (a *alteration) action(x *ir.AlterAction, inherited bool) {
	mode := effect.AccessExclusive
	switch x.Kind {
	case ir.AddColumn:
		a.lock(mode)
		a.addColumn(x, inherited)
	case ir.DropColumn:
		a.lock(mode)
		a.dropColumn(x, inherited)
	case ir.AlterType:
		a.lock(mode)
		a.changeType(x, inherited)
	case ir.SetDefault, ir.DropDefault, ir.DropExpression, ir.DropIdentity, ir.AddIdentity, ir.DropNotNull:
		a.lock(mode)
		a.columnProperty(x, inherited)
	case ir.SetNotNull:
		a.lock(mode)
		a.setNotNull(x)
	case ir.AddConstraint:
		a.addConstraint(x.Constraint, inherited)
	case ir.DropConstraint:
		a.lock(mode)
		a.dropConstraint(x, inherited)
	case ir.ValidateConstraint:
		a.validate(x)
	case ir.AttachPartition:
		a.attach(x)
	case ir.DetachPartition:
		a.detach(x)
	case ir.Inherit:
		a.lock(mode)
		a.inherit(x)
	case ir.NoInherit:
		a.lock(mode)
		if x.Table != nil {
			a.lockName(*x.Table, effect.AccessShare)
			a.about = effect.Of(a.t)
		}
	case ir.SetOption:
		a.setOption(x)
	case ir.OtherAction:
		a.other(x)
	default:
		a.lock(mode)
	}
}

// columnProperty changes the catalog alone.
func (a *alteration) columnProperty(x *ir.AlterAction, inherited bool) {
	c := a.column(x.Column.Name)
	if c == nil {
		return
	}
	name := a.t.Name + "." + c.Name
	switch x.Kind {
	case ir.AddIdentity:
		switch {
		case !c.NotNull:
			a.refuse("column " + name + " must be NOT NULL before it becomes an identity")
		case c.Identity != "":
			a.refuse("column " + name + " is an identity already")
		case c.Default != "":
			a.refuse("column " + name + " has a default already")
		}
	case ir.DropIdentity:
		if c.Identity == "" && !x.IfExists {
			a.refuse("column " + name + " is no identity")
		}
	case ir.DropExpression:
		if c.Generated == "" && !x.IfExists {
			a.refuse("column " + name + " is not generated")
		}
		a.Final = "the expression of " + name + " can't be given back to the column: that takes a new column"
	case ir.SetDefault, ir.DropDefault:
		if c.Generated != "" {
			a.refuse("column " + name + " is generated")
		}
		if c.Identity != "" {
			a.refuse("column " + name + " is an identity")
		}
	case ir.DropNotNull:
		if pk := a.t.PrimaryKey(); pk != nil && slices.Contains(pk.Columns, c.Name) && !a.dropped[pk.Name] {
			a.refuse("column " + name + " is in the primary key")
		}
		if c.Identity != "" {
			a.refuse("column " + name + " is an identity")
		}
		if c.NotNull && !inherited {
			a.Warn(effect.Danger{Code: diag.ColumnNowNull, Text: name + " may be NULL from now on: queries that run now read it into what takes no NULL",
				Safe: []string{"deploy code that reads NULL first, then this migration, then what writes NULL"}})
		}
	}
}

func (a *alteration) setNotNull(x *ir.AlterAction) {
	if d := a.added[x.Column.Name]; d != nil && a.t.Column(x.Column.Name, false) == nil {
		a.verify = true
		return
	}
	c := a.column(x.Column.Name)
	if c == nil || (c.NotNull && !c.NotNullByDomain) {
		return
	}
	if a.provesNotNull(a.t, c.Name, a.dropped) {
		a.passed = append(a.passed, c.Name)
		return
	}
	a.verify = true
	a.FailsOnRows = "rows in which " + a.t.Name + "." + c.Name + " is NULL"
	q := a.d.Quote
	name, check := q(a.t.Name), q(a.t.Name+"_"+c.Name+"_not_null")
	a.warn(diag.TableScanned, "all rows of "+a.t.Name+" are read while nobody reads or writes it, to see that "+c.Name+" is never NULL",
		"ALTER TABLE "+name+" ADD CONSTRAINT "+check+" CHECK ("+q(c.Name)+" IS NOT NULL) NOT VALID;",
		"in a transaction of its own: ALTER TABLE "+name+" VALIDATE CONSTRAINT "+check+";",
		"ALTER TABLE "+name+" ALTER COLUMN "+q(c.Name)+" SET NOT NULL; ALTER TABLE "+name+" DROP CONSTRAINT "+check+"; -- reads nothing: the check proves it")
}

func (a *alteration) setOption(x *ir.AlterAction) {
	for _, o := range x.Options {
		switch o.Key {
		case "tablespace":
			a.lock(effect.AccessExclusive)
			now := a.t.Options["tablespace"]
			if a.t.Postgres != nil {
				now = a.t.Postgres.Tablespace
			}
			if stored(a.t) && o.Value != now && (now != "" || o.Value != "pg_default") {
				a.Do(effect.Copy, effect.Of(a.t), o.Value)
				a.warn(diag.TableRewritten, "all of "+a.t.Name+" is copied to the tablespace "+o.Value+", and nobody reads or writes it meanwhile",
					"move it with pg_repack, or at a quiet hour")
			}
			return
		case "user_catalog_table":
			a.lock(effect.AccessExclusive)
		}
	}
	if a.t.Kind == catalog.View {
		a.lock(effect.AccessExclusive)
	}
	a.lock(effect.ShareUpdateExclusive)
}

// weak are the actions that take no strong lock; the manual's list is on the page of ALTER TABLE.
var weak = map[string]effect.Mode{
	"SET STATISTICS": effect.ShareUpdateExclusive, "CLUSTER ON": effect.ShareUpdateExclusive, "SET WITHOUT": effect.ShareUpdateExclusive,
	"RESET": effect.ShareUpdateExclusive,
}

func (a *alteration) other(x *ir.AlterAction) {
	verb := strings.TrimPrefix(x.Verb, "ALTER COLUMN ")
	onColumn := verb != x.Verb
	mode := effect.AccessExclusive
	switch {
	case onColumn && (a.has("SET", "(") || a.has("RESET", "(")):
		mode = effect.ShareUpdateExclusive
	case !onColumn && strings.HasPrefix(verb, "RESET"):
		mode = effect.ShareUpdateExclusive
	case strings.HasPrefix(verb, "CLUSTER"), strings.HasPrefix(verb, "SET STATISTICS"):
		mode = effect.ShareUpdateExclusive
	case strings.HasPrefix(verb, "SET WITHOUT"):
		if !a.has("SET", "WITHOUT", "OIDS") {
			mode = effect.ShareUpdateExclusive
		}
	case a.has("DISABLE", "TRIGGER") || a.has("ENABLE", "TRIGGER") || a.has("ENABLE", "REPLICA", "TRIGGER") || a.has("ENABLE", "ALWAYS", "TRIGGER"):
		mode = effect.ShareRowExclusive
	case a.has("SET", "ACCESS", "METHOD", "HEAP"): // what tables are by themselves
	case verb == "SET UNLOGGED", verb == "SET LOGGED", strings.HasPrefix(verb, "SET ACCESS"):
		if stored(a.t) && a.persists(verb) {
			a.rewrite = true
			a.warn(diag.TableRewritten, "all rows of "+a.t.Name+" are written anew, and nobody reads or writes it meanwhile", "move the rows in batches to a new table, and exchange the names")
			if verb == "SET UNLOGGED" {
				a.warn(diag.DataLost, a.t.Name+" is emptied when the server crashes, and standbys do not have it")
			}
		}
	}
	a.lock(mode)
}

// persists tells whether SET LOGGED and SET UNLOGGED change something.
func (a *alteration) persists(verb string) bool {
	unlogged := a.t.Postgres != nil && a.t.Postgres.Unlogged
	return !(verb == "SET UNLOGGED" && unlogged || verb == "SET LOGGED" && !unlogged)
}

func (a *alteration) dropColumn(x *ir.AlterAction, inherited bool) {
	c := a.t.Column(x.Column.Name, false)
	if c == nil {
		if !x.IfExists && !inherited {
			a.column(x.Column.Name)
		}
		return
	}
	for _, k := range a.t.Constraints {
		if slices.Contains(k.Columns, c.Name) {
			a.dropKey(k, x.Cascade)
		}
	}
	if views := a.readers(a.t, c.Name); len(views) > 0 && !x.Cascade {
		a.refuse("the view " + views[0] + " needs the column " + a.t.Name + "." + c.Name)
	}
	if !x.Cascade {
		for _, g := range a.t.Columns {
			if g != c && g.Generated != "" && a.names(g.Generated, c.Name) {
				a.refuse("the generated column " + g.Name + " needs the column " + c.Name)
			}
		}
		if name, ok := a.held("policy", a.t, c.Name); ok {
			a.refuse("the policy " + name + " of " + a.t.Name + " needs the column " + c.Name)
		}
		if slices.ContainsFunc(a.t.Policies, func(p *catalog.Policy) bool { return a.names(p.Using, c.Name) || a.names(p.Check, c.Name) }) {
			a.refuse("a policy of " + a.t.Name + " needs the column " + c.Name)
		}
	}
	if inherited || c.Generated != "" { // what is computed can be computed again
		return
	}
	a.Losses = append(a.Losses, plan.Loss{Object: plan.Object{Kind: "column", Schema: a.t.Schema, Table: a.t.Name, Name: c.Name}, What: "the values of the column", Rows: true})
	a.warn(diag.DataLost, "the values of "+a.t.Name+"."+c.Name+" are gone, and can't be had back but from a backup",
		"deploy code that does not name the column first; drop it one release later")
}

// names tells whether the text of an expression names a column.
func (s *statement) names(text, column string) bool {
	if text == "" {
		return false
	}
	x := s.parse("(" + strings.TrimSuffix(strings.TrimPrefix(text, "("), ")") + ")")
	if x == nil {
		x = s.parse(text)
	}
	if x == nil {
		return strings.Contains(text, column)
	}
	return mentions(x, column)
}

// dropKey locks what a constraint that goes holds together.
func (a *alteration) dropKey(k *catalog.Constraint, cascade bool) {
	switch k.Kind {
	case ir.ForeignKey:
		if u := a.target(k); u != nil {
			a.Lock(effect.Of(u), effect.AccessExclusive)
			if u != a.t {
				a.Warn(effect.Danger{Code: diag.OtherTableLocked, Table: effect.Of(u), Text: "to drop the foreign key " + k.Name + " nobody may read or write " + u.Name + " either",
					Safe: []string{"SET lock_timeout, and a transaction of its own that tries again: the work takes a moment once the lock is there"}})
			}
		}
	case ir.PrimaryKey, ir.Unique:
		for _, r := range a.referencing(a.t) {
			if !slices.Equal(r.key.RefColumns, k.Columns) {
				continue
			}
			if !cascade {
				a.refuse("the foreign key " + r.key.Name + " of " + r.table.Name + " needs " + k.Name)
			}
			a.Lock(effect.Of(r.table), effect.AccessExclusive)
		}
	}
}

func (a *alteration) dropConstraint(x *ir.AlterAction, inherited bool) {
	k := constraint(a.t, x.Column.Name)
	if k == nil {
		if !x.IfExists && !inherited {
			a.refuse("constraint " + x.Column.Name + " of " + a.t.Name + " does not exist")
		}
		return
	}
	a.dropKey(k, x.Cascade)
}

func (a *alteration) inherit(x *ir.AlterAction) {
	if x.Table == nil {
		return
	}
	parent := a.Schema.Table(x.Table.Schema(), x.Table.Last())
	if parent == nil {
		a.missing("relation", x.Table.String())
		return
	}
	a.Lock(effect.Of(parent), effect.ShareUpdateExclusive)
	if slices.Contains(a.t.Inherits, parent.Name) {
		a.refuse(a.t.Name + " inherits from " + parent.Name + " already")
	}
	for _, c := range parent.Columns {
		switch own := a.t.Column(c.Name, false); {
		case own == nil:
			a.refuse("the child table " + a.t.Name + " has no column " + c.Name)
		case !own.Type.Same(c.Type) || own.Type.Length != c.Type.Length || own.Type.Scale != c.Type.Scale:
			a.refuse("the child table " + a.t.Name + " has another type for the column " + c.Name)
		case c.NotNull && !own.NotNull:
			a.refuse("the column " + c.Name + " of the child table " + a.t.Name + " must be NOT NULL")
		}
	}
}

// alterComposite is ALTER TYPE over the attributes of a composite type.
func (s *statement) alterComposite(n *ir.AlterTable) {
	d := s.Schema.Type(n.Name.Schema(), n.Name.Last())
	if d == nil {
		s.missing("type", n.Name.String())
		return
	}
	for i := range n.Actions {
		if n.Actions[i].Kind != ir.AlterType {
			continue
		}
		if used := s.usingType(d); len(used) > 0 {
			s.refuse("a column of " + used[0].Name + " is of the type " + d.Name)
		}
	}
}
