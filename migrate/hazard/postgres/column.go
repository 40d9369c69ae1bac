package postgres

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
)

func (a *alteration) addColumn(x *ir.AlterAction, inherited bool) {
	d := x.Def
	if a.t.Column(d.Name.Name, false) != nil && !a.gone[d.Name.Name] {
		if !x.IfNotExists && !inherited {
			a.refuse("column " + d.Name.Name + " of " + a.t.Name + " exists already")
		}
		return
	}
	var typ types.Type
	serial := false
	if d.Type != nil {
		typ = a.typed(*d.Type)
		if rules := a.d.SchemaRules(); rules.Serial != nil && len(d.Type.Name.Parts) == 1 {
			if of, ok := rules.Serial(d.Type.Name.Last()); ok {
				typ, serial = of, true
			}
		}
	}
	name, q := a.t.Name+"."+d.Name.Name, a.d.Quote
	var fill ir.Expr
	rewrite := ""
	notNull, filled := serial, serial
	if serial {
		rewrite = "each row gets a number"
	}
	for i := range d.Constraints {
		switch k := &d.Constraints[i]; k.Kind {
		case ir.DefaultValue:
			fill, filled = k.X, !isNull(k.X)
			if a.volatile(k.X) {
				rewrite = "the default has another value for each row"
			}
		case ir.NotNull:
			notNull = true
		case ir.Identity:
			rewrite, notNull, filled = "each row gets a number", true, true
		case ir.Generated:
			if k.Stored {
				rewrite, filled = "the value of each row is computed", true
			}
		}
	}
	_ = fill
	if a.constrained(typ) && rewrite == "" {
		rewrite = "the domain " + typ.Name + " has constraints, so each row is looked at"
		if dom := a.Schema.Type(typ.Schema, typ.Name); dom != nil && dom.NotNull && !filled && dom.Default == "" {
			a.FailsOnRows = "any row: the domain " + typ.Name + " takes no NULL and there is no default"
		}
	}
	if rewrite != "" && stored(a.t) {
		a.rewrite = true
		a.warn(diag.TableRewritten, "all rows of "+a.t.Name+" are written anew and all its indexes built, while nobody reads or writes it: "+rewrite,
			"ALTER TABLE "+q(a.t.Name)+" ADD COLUMN "+q(d.Name.Name)+" without that, so that it is NULL;",
			"ALTER TABLE … ALTER COLUMN … SET DEFAULT …, for new rows;",
			"UPDATE in batches, each a transaction; then NOT NULL by a CHECK that is added NOT VALID and validated")
	}
	if notNull && !filled {
		a.verify = true
		a.FailsOnRows = "any row: it would have NULL in " + name
		a.warn(diag.FailsOnRows, name+" is NOT NULL without a default, which fails where "+a.t.Name+" has a row",
			"give it a DEFAULT, which costs nothing when it is a constant; or add it NULL, fill it in batches, then SET NOT NULL")
	}
	for i := range d.Constraints {
		a.columnConstraint(d, &d.Constraints[i], filled, inherited)
	}
	if typ.Name == "json" && typ.Schema == "" && !inherited {
		a.Warn(effect.Danger{Code: diag.JSONNotComparable, Text: name + " is json: SELECT DISTINCT, GROUP BY and = over it fail", Safe: []string{"jsonb"}})
	}
}

func isNull(x ir.Expr) bool {
	for {
		c, ok := x.(*ir.Cast)
		if !ok {
			break
		}
		x = c.X
	}
	l, ok := x.(*ir.Literal)
	return ok && l.Kind == ir.Null
}

// columnConstraint is a constraint that stands in the definition of a new column.
func (a *alteration) columnConstraint(d *ir.ColumnDef, k *ir.Constraint, filled, inherited bool) {
	name := a.t.Name + "." + d.Name.Name
	switch k.Kind {
	case ir.Unique, ir.PrimaryKey:
		if inherited && a.t.PartitionOf == "" { // keys are not inherited
			return
		}
		if k.Kind == ir.PrimaryKey {
			if pk := a.t.PrimaryKey(); pk != nil && !a.dropped[pk.Name] {
				a.refuse("the table " + a.t.Name + " has a primary key already")
				return
			}
			if !filled {
				a.verify = true
				a.FailsOnRows = "any row: it would have NULL in " + name
			}
		}
		a.build(a.keyName(k, []string{d.Name.Name}))
		a.warn(diag.IndexBlocks, "an index of "+name+" is built while nobody reads or writes "+a.t.Name,
			"add the column; CREATE UNIQUE INDEX CONCURRENTLY; ALTER TABLE … ADD CONSTRAINT … UNIQUE USING INDEX …")
	case ir.Check:
		if !k.NotValid {
			a.verify = true
			a.warn(diag.TableScanned, "all rows of "+a.t.Name+" are read for the CHECK of the new column "+d.Name.Name+", even where it is NULL in all of them",
				"add the column; ALTER TABLE … ADD CONSTRAINT … CHECK (…) NOT VALID; then VALIDATE CONSTRAINT in a transaction of its own")
		}
	case ir.ForeignKey:
		a.newForeignKey(k, []string{d.Name.Name}, k.NotValid || !filled)
	}
}

// keyName is the name of a new constraint.
func (a *alteration) keyName(k *ir.Constraint, columns []string) string {
	if k.Name != nil {
		return k.Name.Name
	}
	rules := a.d.SchemaRules()
	return rules.ConstraintName(a.t, &catalog.Constraint{Kind: k.Kind, Columns: columns}, func(name string) bool { return a.taken(name) })
}

// taken tells whether the schema of the table has a relation or a constraint of that name.
func (a *alteration) taken(name string) bool {
	if a.dropped[name] {
		return false
	}
	sc := a.Schema.Schema(a.t.Schema)
	if sc == nil {
		return false
	}
	for _, t := range sc.Tables {
		if t.Name == name || slices.Contains(indexNames(t), name) {
			return true
		}
	}
	return constraint(a.t, name) != nil || slices.Contains(a.made, name)
}

func (a *alteration) build(index string) {
	if !slices.Contains(a.made, index) {
		a.made = append(a.made, index)
	}
}

var inParens = regexp.MustCompile(`^[^(]*\((\d+)`)

// precision is the number in brackets of a type of time as a text spells it, -1 where there is none.
func precision(t types.Type, text string) int {
	if m := inParens.FindStringSubmatch(text); m != nil && text != "" {
		n, _ := strconv.Atoi(m[1])
		return n
	}
	if t.Length > 0 {
		return int(t.Length)
	}
	return -1
}

// fromParent tells whether a column is one of a table from which this one inherits.
func (a *alteration) fromParent(c *catalog.Column) bool {
	if a.t.PartitionOf != "" {
		return true
	}
	return c.Postgres != nil && c.Postgres.Inherited && slices.ContainsFunc(a.tables(), func(p *catalog.Table) bool {
		return slices.Contains(a.t.Inherits, p.Name) && p.Column(c.Name, false) != nil
	})
}

func (a *alteration) changeType(x *ir.AlterAction, inherited bool) {
	c := a.column(x.Column.Name)
	if c == nil || x.Def == nil || x.Def.Type == nil {
		return
	}
	if !inherited && a.fromParent(c) {
		a.refuse("the column " + c.Name + " of " + a.t.Name + " is inherited: it is changed in the table from which it is")
		return
	}
	to := a.typed(*x.Def.Type)
	name := a.t.Name + "." + c.Name
	if !to.Known() {
		a.missing("type", x.Def.Type.Raw)
		return
	}
	a.typeUsers(c)
	how := a.conversion(c, x, to)
	switch how {
	case refused:
		a.refuse("values of " + c.Type.String() + " in " + name + " do not become " + to.String() + " by themselves: USING has to say how")
		return
	case rewriting:
		a.rewrite = a.rewrite || stored(a.t)
		if zoned(c.Type, to) && a.TimeZone == "" && x.X == nil {
			break
		}
		a.warn(diag.TableRewritten, "all rows of "+a.t.Name+" are written anew and all its indexes built, while nobody reads or writes it: "+name+" is "+spell(c)+" and becomes "+x.Def.Type.Raw,
			narrower(c, x, to)...)
		if lossy(c.Type, to) || to.Name == "bit" {
			a.FailsOnRows = "rows of which the value does not fit " + x.Def.Type.Raw
		}
	}
	if zoned(c.Type, to) && a.TimeZone == "" && !inherited {
		a.warn(diag.TimeZoneDecides, "the times of "+name+" are converted by the session's time zone: with UTC nothing is written, with another one all rows are",
			"SET timezone = 'UTC' in the migration where the stored times are UTC; or say it: USING "+a.d.Quote(c.Name)+" AT TIME ZONE '…'")
	}
	a.dependents(c, x, to, how)
}

// conversion is what is done to the rows.
type conversion uint8

const (
	keeping conversion = iota
	rewriting
	refused
)

// conversion follows ATColumnChangeRequiresRewrite: rows stay where the new value is the old one byte for byte.
func (a *alteration) conversion(c *catalog.Column, x *ir.AlterAction, to types.Type) conversion {
	from := c.Type
	if x.X != nil && !a.plainOf(x.X, c.Name, to) {
		return rewriting
	}
	if a.constrained(to) && !from.Same(to) {
		return rewriting
	}
	base := func(t types.Type) types.Type {
		for range 16 {
			d := a.Schema.Type(t.Schema, t.Name)
			if d == nil || d.Kind != types.Domain || t.IsArray() {
				return t
			}
			t = d.Base
		}
		return t
	}
	f, t := base(from), base(to)
	if zoned(f, t) {
		if x.X == nil && !a.utc() {
			return rewriting
		}
		if shrinks(f, c.Definition, t, x.Def.Type.Raw) {
			return rewriting
		}
		return keeping
	}
	if !a.d.Relabels(a.Schema, f, t) {
		if x.X == nil && !a.d.Semantics(a.Schema).Assignable(f, t) {
			return refused
		}
		return rewriting
	}
	if shrinks(f, c.Definition, t, x.Def.Type.Raw) {
		return rewriting
	}
	return keeping
}

// utc tells whether the session's time zone makes timestamp and timestamptz one thing.
func (a *alteration) utc() bool {
	switch strings.ToUpper(strings.Trim(a.TimeZone, "'\"")) {
	case "UTC", "GMT", "ETC/UTC", "ETC/GMT", "ZULU", "UCT", "ETC/UCT", "UNIVERSAL", "GREENWICH":
		return true
	}
	return false
}

func zoned(f, t types.Type) bool {
	return f.Schema == "" && t.Schema == "" && !f.IsArray() && !t.IsArray() &&
		(f.Name == "timestamp" && t.Name == "timestamptz" || f.Name == "timestamptz" && t.Name == "timestamp")
}

// shrinks tells whether the length coercion of the new type is more than a relabelling. The server knows that for the types
// whose length functions have a planner support function (varchar, varbit, numeric and times); of the others any other length
// rewrites.
func shrinks(f types.Type, oldText string, t types.Type, newText string) bool {
	if t.IsArray() {
		return t.Length != 0 && (f.Length != t.Length || f.Scale != t.Scale || f.Name != t.Name)
	}
	switch t.Name {
	case "varchar", "varbit":
		return t.Length != 0 && (f.Length == 0 || f.Name != t.Name && f.Name != "varchar" || t.Length < f.Length)
	case "numeric":
		if t.Length == 0 {
			return false
		}
		return f.Length == 0 || f.Scale != t.Scale || t.Length < f.Length
	case "timestamp", "timestamptz", "time", "timetz":
		to := precision(t, newText)
		if to < 0 || to >= 6 {
			return false
		}
		from := precision(f, oldText)
		return from < 0 || to < from
	case "interval":
		if !strings.ContainsAny(newText, "( ") {
			return false
		}
		return !strings.EqualFold(oldText, newText)
	case "bpchar", "bit":
		return t.Length != 0 && (f.Name != t.Name || f.Length != t.Length)
	}
	return t.Length != 0 && f.Length != t.Length
}

func spell(c *catalog.Column) string {
	s := c.Type.String()
	if c.Type.Length > 0 {
		s += "(" + strconv.Itoa(int(c.Type.Length))
		if c.Type.Scale != 0 {
			s += "," + strconv.Itoa(int(c.Type.Scale))
		}
		s += ")"
	}
	return s
}

// narrower is the safe way of a change of type.
func narrower(c *catalog.Column, x *ir.AlterAction, to types.Type) []string {
	if (to.Name == "varchar" || to.Name == "bpchar") && (c.Type.Name == "text" || c.Type.Name == "varchar") {
		return []string{"a limit is a check as well: ADD CONSTRAINT … CHECK (length(" + c.Name + ") <= " + strconv.Itoa(int(to.Length)) + ") NOT VALID, then VALIDATE CONSTRAINT"}
	}
	return []string{"add a column of the new type; let a trigger or the application write both; fill it in batches; let readers move; then drop the old one and rename"}
}

// sizes order the numbers by what they hold.
var sizes = map[string]int{"int2": 1, "int4": 2, "int8": 3, "float4": 4, "numeric": 5}

func lossy(from, to types.Type) bool {
	f, ok := sizes[from.Name]
	t, ok2 := sizes[to.Name]
	if ok && ok2 {
		return t < f || to.Name == "numeric" && to.Length > 0
	}
	return from.Name != to.Name || to.Length > 0 && (from.Length == 0 || to.Length < from.Length)
}

// typeUsers refuses a change that the server refuses, because something else has the column's type in it.
func (a *alteration) typeUsers(c *catalog.Column) {
	if views := a.readers(a.t, c.Name); len(views) > 0 {
		a.refuse("the view " + views[0] + " uses the column " + a.t.Name + "." + c.Name + ": drop it before and make it again behind")
	}
	for _, g := range a.t.Columns {
		if g != c && g.Generated != "" && a.names(g.Generated, c.Name) {
			a.refuse("the generated column " + a.t.Name + "." + g.Name + " uses the column " + c.Name)
		}
	}
	if name, ok := a.held("policy", a.t, c.Name); ok {
		a.refuse("the policy " + name + " of " + a.t.Name + " uses the column " + c.Name)
	}
	for _, p := range a.t.Policies {
		if a.names(p.Using, c.Name) || a.names(p.Check, c.Name) {
			a.refuse("the policy " + p.Name + " of " + a.t.Name + " uses the column " + c.Name)
		}
	}
	sc := a.Schema.Schema(a.t.Schema)
	for _, g := range sc.Triggers {
		if g.Table == a.t.Name && triggerUses(g, c.Name) {
			a.refuse("the trigger " + g.Name + " of " + a.t.Name + " is defined over the column " + c.Name)
		}
	}
}

var triggerHead = regexp.MustCompile(`(?is)^(.*?)\bexecute\s+(function|procedure)\b`)

// triggerUses tells whether a trigger names a column in UPDATE OF or WHEN.
func triggerUses(g *catalog.Trigger, column string) bool {
	text := g.Definition
	if text == "" {
		text = g.Text
	}
	m := triggerHead.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	head := m[1]
	if i := regexp.MustCompile(`(?i)\bof\b`).FindStringIndex(head); i != nil {
		if j := regexp.MustCompile(`(?i)\bon\b`).FindStringIndex(head[i[1]:]); j != nil && word(head[i[1]:i[1]+j[0]], column) {
			return true
		}
	}
	if i := regexp.MustCompile(`(?i)\bwhen\b`).FindStringIndex(head); i != nil {
		return word(head[i[1]:], column)
	}
	return false
}

func word(text, name string) bool {
	return regexp.MustCompile(`(^|[^A-Za-z0-9_$])` + regexp.QuoteMeta(name) + `($|[^A-Za-z0-9_$])`).MatchString(text)
}

// families are types whose indexes sort by one operator class.
var families = map[string]string{"varchar": "text", "cidr": "inet", "varbit": "varbit", "bit": "bit"}

func family(t types.Type) string {
	if f := families[t.Name]; f != "" && t.Schema == "" {
		return f
	}
	return t.Schema + "." + t.Name
}

// dependents are indexes and constraints over the column: they are made again, unless the server proves that they stay as they are.
func (a *alteration) dependents(c *catalog.Column, x *ir.AlterAction, to types.Type, how conversion) {
	sem := a.d.Semantics(a.Schema)
	same := family(sem.Base(c.Type)) == family(sem.Base(to)) || simple(family(sem.Base(c.Type))) == simple(family(sem.Base(to)))
	collated := x.Def.Collate != nil && x.Def.Collate.Last() != c.Collation || x.Def.Collate == nil && c.Collation != "" && c.Collation != "default" && sem.Collatable(to)
	again := func(name string) {
		if !a.dropped[name] {
			a.rebuilt = append(a.rebuilt, name)
		}
	}
	for _, i := range a.t.Indexes {
		uses := slices.ContainsFunc(i.Parts, func(p catalog.IndexPart) bool { return p.Column == c.Name })
		inside := slices.ContainsFunc(i.Parts, func(p catalog.IndexPart) bool { return p.Column == "" && a.names(p.Expr, c.Name) }) || a.names(i.Where, c.Name)
		switch {
		case inside, uses && (i.Where != "" || slices.ContainsFunc(i.Parts, func(p catalog.IndexPart) bool { return p.Column == "" })):
			again(i.Name)
		case uses && (!same || collated):
			again(i.Name)
		}
	}
	for _, k := range a.t.Constraints {
		if a.dropped[k.Name] {
			continue
		}
		switch {
		case (k.Kind == ir.PrimaryKey || k.Kind == ir.Unique) && slices.Contains(k.Columns, c.Name) && (!same || collated):
			again(k.Name)
		case k.Kind == ir.Exclude && (slices.Contains(k.Columns, c.Name) || word(k.Expr, c.Name)):
			again(k.Name)
		case k.Kind == ir.Check && mentionsCheck(a, k, c.Name):
			if !k.NotValid {
				a.verify = true
			}
		case k.Kind == ir.ForeignKey && slices.Contains(k.Columns, c.Name):
			if u := a.target(k); u != nil {
				a.Lock(effect.Of(u), effect.AccessExclusive)
				if !same && !k.NotValid {
					a.Do(effect.ValidateKey, effect.Of(a.t), k.Name)
				}
			}
		}
	}
	for _, r := range a.referencing(a.t) {
		if slices.Contains(r.key.RefColumns, c.Name) {
			a.Lock(effect.Of(r.table), effect.AccessExclusive)
			if !same && !r.key.NotValid {
				a.Do(effect.ValidateKey, effect.Of(r.table), r.key.Name)
			}
		}
	}
	if how == keeping && len(a.rebuilt) > 0 && stored(a.t) {
		a.warn(diag.IndexBlocks, "the indexes "+strings.Join(a.rebuilt, ", ")+" of "+a.t.Name+" are built anew, while nobody reads or writes it",
			"drop those indexes CONCURRENTLY before, and make them CONCURRENTLY behind, where queries can do without them for that time")
	}
}

func mentionsCheck(a *alteration, k *catalog.Constraint, column string) bool {
	x := a.condition(k)
	return x != nil && mentions(x, column)
}

// simple is a family without the schema of an extension.
func simple(f string) string { return strings.TrimPrefix(f, ".") }
