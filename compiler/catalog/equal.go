package catalog

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// Equal lists how two schemas of one engine differ, one line a difference, a's side first;
// it is empty where they are the same schema. What a server does not keep does not count: the
// order of objects, the spelling of expressions (see Same), a view's text, names that were
// left to the engine, and the members of extensions, which the extension's name stands for.
func Equal(a, b *Snapshot) []string {
	c := &comparison{a: a, b: b}
	c.set("extensions", noted(a.Extensions), noted(b.Extensions))
	for _, e := range noted(a.Extensions) {
		c.differ("schema of extension "+e, or(a.ExtensionSchemas[e], a.DefaultSchema), or(b.ExtensionSchemas[e], b.DefaultSchema))
	}
	schemas := union(a.Schemas, b.Schemas, func(s *Schema) string { return a.fold(s.Name) })
	for _, name := range schemas {
		x, y := a.Schema(name), b.Schema(name)
		if x == nil {
			x = &Schema{Name: name}
		}
		if y == nil {
			y = &Schema{Name: name}
		}
		if (x.empty() || y.empty()) && (a.Schema(name) == nil || b.Schema(name) == nil) && !(x.empty() && y.empty()) {
			c.differ("schema "+name, a.Schema(name) != nil, b.Schema(name) != nil)
		}
		c.schema(x, y)
	}
	return c.out
}

// noted leaves out what every database has.
func noted(extensions []string) []string {
	return slices.DeleteFunc(slices.Clone(extensions), func(e string) bool { return e == "plpgsql" })
}

func (sc *Schema) empty() bool {
	return len(sc.Tables)+len(sc.Types)+len(sc.Functions)+len(sc.Sequences)+len(sc.Triggers) == 0
}

type comparison struct {
	a, b *Snapshot
	out  []string
}

// differ notes a difference between two values that are printed as they are.
func (c *comparison) differ(what string, a, b any) {
	if a != b {
		c.out = append(c.out, fmt.Sprintf("%s: %v and %v", what, show(a), show(b)))
	}
}

func show(v any) any {
	if s, ok := v.(string); ok {
		return fmt.Sprintf("%q", s)
	}
	return v
}

func (c *comparison) set(what string, a, b []string) {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	c.differ(what, strings.Join(a, ", "), strings.Join(b, ", "))
}

func (c *comparison) list(what string, a, b []string) {
	c.differ(what, strings.Join(a, ", "), strings.Join(b, ", "))
}

// expr compares two expressions by what they mean, as far as Same knows.
func (c *comparison) expr(what, a, b string) {
	if !c.same(a, b) {
		c.differ(what, a, b)
	}
}

func (c *comparison) same(a, b string) bool {
	return a == b || Same(a, b, c.a.DefaultSchema)
}

func union[T any](a, b []T, name func(T) string) []string {
	seen := map[string]bool{}
	var out []string
	for _, list := range [2][]T{a, b} {
		for _, v := range list {
			if n := name(v); !seen[n] {
				seen[n] = true
				out = append(out, n)
			}
		}
	}
	return out
}

// pairs calls f for the objects of one name on both sides and notes those that one side lacks.
func pairs[T any](c *comparison, kind string, a, b []T, name func(T) string, f func(what string, x, y T)) {
	of := func(list []T, n string) (T, bool) {
		for _, v := range list {
			if name(v) == n {
				return v, true
			}
		}
		var none T
		return none, false
	}
	for _, n := range union(a, b, name) {
		x, inA := of(a, n)
		y, inB := of(b, n)
		what := kind + " " + n
		if !inA || !inB {
			c.out = append(c.out, what+map[bool]string{true: " is in the first only", false: " is in the second only"}[inA])
			continue
		}
		f(what, x, y)
	}
}

func own[T any](list []T, extension func(T) string) []T {
	return slices.DeleteFunc(slices.Clone(list), func(v T) bool { return extension(v) != "" })
}

func (c *comparison) schema(a, b *Schema) {
	fold := c.a.fold
	c.differ("comment on schema "+a.Name, a.Comment, b.Comment)
	pairs(c, "table", a.Tables, b.Tables, func(t *Table) string { return a.Name + "." + fold(t.Name) }, c.table)
	typeName := func(d *TypeDef) string { return a.Name + "." + d.Name }
	extension := func(d *TypeDef) string { return d.Extension }
	pairs(c, "type", own(a.Types, extension), own(b.Types, extension), typeName, c.typeDef)
	functionExtension := func(f *Function) string { return f.Extension }
	pairs(c, "function", own(a.Functions, functionExtension), own(b.Functions, functionExtension), func(f *Function) string {
		in := make([]string, 0, len(f.Args))
		for _, t := range f.inputs() {
			in = append(in, t.String())
		}
		return a.Name + "." + fold(f.Name) + "(" + strings.Join(in, ", ") + ")"
	}, c.function)
	pairs(c, "sequence", a.Sequences, b.Sequences, func(q *Sequence) string { return a.Name + "." + q.Name }, c.sequence)
	pairs(c, "trigger", a.Triggers, b.Triggers, func(g *Trigger) string { return a.Name + "." + fold(g.Table) + "." + fold(g.Name) }, c.trigger)
}

func (c *comparison) table(what string, a, b *Table) {
	c.differ(what+": kind", a.Kind, b.Kind)
	c.differ(what+": comment", a.Comment, b.Comment)
	c.differ(what+": STRICT", a.Strict, b.Strict)
	c.differ(what+": WITHOUT ROWID", a.WithoutRowID, b.WithoutRowID)
	c.differ(what+": module", strings.ToLower(a.Module), strings.ToLower(b.Module))
	c.list(what+": module arguments", a.ModuleArgs, b.ModuleArgs)
	c.expr(what+": PARTITION BY", a.Partition, b.Partition)
	c.differ(what+": PARTITION OF", a.PartitionOf, b.PartitionOf)
	c.expr(what+": bound", a.Bound, b.Bound)
	c.list(what+": INHERITS", a.Inherits, b.Inherits)
	c.differ(what+": child tables", a.HasChildren, b.HasChildren)
	c.differ(what+": row level security", a.RowSecurity, b.RowSecurity)
	if a.Kind == BaseTable {
		c.options(what, a.Options, b.Options)
	}
	var order [2][]string
	for i, t := range [2]*Table{a, b} {
		for _, col := range t.Columns {
			order[i] = append(order[i], col.Name)
		}
	}
	c.list(what+": columns", order[0], order[1])
	for _, x := range a.Columns {
		if y := b.Column(x.Name, c.a.Caseless()); y != nil {
			c.column(what+", column "+x.Name, x, y, a.Kind == View || a.Kind == MaterializedView)
		}
	}
	c.constraints(what, a, b)
	indexName := func(x *Index) string { return c.a.fold(x.Name) }
	x, y := a.Indexes, b.Indexes
	if c.a.Engine == MySQL {
		x, y = a.ownIndexes(b), b.ownIndexes(a)
	}
	pairs(c, what+", index", x, y, indexName, c.index)
}

// ownIndexes leaves out those that the server made for a foreign key and that the other side
// does not list.
func (t *Table) ownIndexes(other *Table) []*Index {
	return slices.DeleteFunc(slices.Clone(t.Indexes), func(x *Index) bool {
		if slices.ContainsFunc(other.Indexes, func(o *Index) bool { return strings.EqualFold(o.Name, x.Name) }) {
			return false
		}
		var columns []string
		for _, p := range x.Parts {
			columns = append(columns, strings.ToLower(p.Column))
		}
		return slices.ContainsFunc(t.Constraints, func(k *Constraint) bool {
			return k.Kind == ir.ForeignKey && slices.EqualFunc(columns, k.Columns, strings.EqualFold)
		})
	})
}

// options compares table and index options that a schema's file can set.
func (c *comparison) options(what string, a, b map[string]string) {
	keys := slices.Sorted(maps.Keys(a))
	for k := range b {
		if _, ok := a[k]; !ok {
			keys = append(keys, k)
		}
	}
	for _, k := range keys {
		if volatileOptions[k] || c.a.Engine == MySQL && (a[k] == "" || b[k] == "") {
			continue // a server writes out what a file leaves to it
		}
		c.differ(what+": option "+k, strings.ToLower(a[k]), strings.ToLower(b[k]))
	}
}

// volatileOptions change by use, or name what every table has.
var volatileOptions = map[string]bool{"auto_increment": true, "tablespace": true, "using": true, "oids": true}

func (c *comparison) column(what string, a, b *Column, view bool) {
	if !a.Type.Same(b.Type) || a.Type.Length != b.Type.Length || a.Type.Scale != b.Type.Scale {
		// Of a view, a server tells no modifiers; MySQL other widths each release; SQLite no types.
		if !view || !a.Type.Same(b.Type) && c.a.Engine == PostgreSQL {
			c.differ(what+": type", describe(a.Type), describe(b.Type))
		}
	}
	c.list(what+": values", a.EnumValues, b.EnumValues)
	c.differ(what+": comment", a.Comment, b.Comment)
	if view { // whether NULL can be is told by the query, not by the server
		return
	}
	c.differ(what+": NOT NULL", a.NotNull, b.NotNull)
	c.expr(what+": default", given(a.Default), given(b.Default))
	c.expr(what+": generated", a.Generated, b.Generated)
	if a.Generated != "" {
		c.differ(what+": stored", a.Stored, b.Stored)
	}
	c.differ(what+": identity", a.Identity, b.Identity)
	c.expr(what+": ON UPDATE", a.OnUpdate, b.OnUpdate)
	if c.a.Engine != MySQL || a.Collation != "" && b.Collation != "" {
		c.differ(what+": collation", strings.ToLower(a.Collation), strings.ToLower(b.Collation))
	}
	if a.Charset != "" && b.Charset != "" {
		c.differ(what+": charset", strings.ToLower(a.Charset), strings.ToLower(b.Charset))
	}
	c.differ(what+": invisible", a.Invisible, b.Invisible)
	c.differ(what+": hidden", a.Hidden, b.Hidden)
	if c.a.Engine == SQLite {
		c.differ(what+": declared", strings.ToLower(a.Declared), strings.ToLower(b.Declared))
	}
}

// given is a default that was given: DEFAULT NULL is none.
func given(value string) string {
	if strings.EqualFold(value, "NULL") {
		return ""
	}
	return value
}

func describe(t types.Type) string {
	s := t.Qualified()
	if t.Length != 0 {
		s += fmt.Sprintf("(%d,%d)", t.Length, t.Scale)
	}
	return s
}

// constraints pairs by name, and where a name was left to the engine on one side, or is
// inherited from a partitioned table, by what the constraint says.
func (c *comparison) constraints(what string, a, b *Table) {
	rest := slices.Clone(b.Constraints)
	take := func(ok func(k *Constraint) bool) *Constraint {
		i := slices.IndexFunc(rest, ok)
		if i < 0 {
			return nil
		}
		k := rest[i]
		rest = slices.Delete(rest, i, i+1)
		return k
	}
	var unpaired []*Constraint
	for _, k := range a.Constraints {
		if m := take(func(o *Constraint) bool {
			return o.Kind == k.Kind && k.Name != "" && c.a.fold(o.Name) == c.a.fold(k.Name)
		}); m != nil {
			for _, d := range c.constraintDiffs(k, m) {
				c.out = append(c.out, what+", constraint "+k.Name+": "+d)
			}
			continue
		}
		unpaired = append(unpaired, k)
	}
	for _, k := range unpaired {
		if take(func(o *Constraint) bool {
			free := k.Name == "" || o.Name == "" || a.PartitionOf != "" || k.Kind == ir.PrimaryKey && c.a.Engine == MySQL ||
				c.a.Engine == MySQL && automatic.MatchString(k.Name) && automatic.MatchString(o.Name)
			return free && len(c.constraintDiffs(k, o)) == 0
		}) == nil {
			c.out = append(c.out, fmt.Sprintf("%s: constraint %s %v is in the first only", what, k.Name, c.say(k)))
		}
	}
	for _, k := range rest {
		c.out = append(c.out, fmt.Sprintf("%s: constraint %s %v is in the second only", what, k.Name, c.say(k)))
	}
}

// automatic are the names that MySQL and MariaDB give checks.
var automatic = regexp.MustCompile(`(_chk_|^CONSTRAINT_)[0-9]+$`)

func (c *comparison) say(k *Constraint) string {
	return fmt.Sprintf("%s(%s) %s", constraintWords[k.Kind], strings.Join(k.Columns, ", "), k.Expr)
}

var constraintWords = map[ir.ConstraintKind]string{
	ir.PrimaryKey: "PRIMARY KEY", ir.Unique: "UNIQUE", ir.Check: "CHECK", ir.ForeignKey: "FOREIGN KEY", ir.Exclude: "EXCLUDE",
}

func (c *comparison) constraintDiffs(a, b *Constraint) []string {
	d := &comparison{a: c.a, b: c.b}
	d.differ("kind", constraintWords[a.Kind], constraintWords[b.Kind])
	if a.Kind == ir.Check || a.Kind == ir.Exclude {
		d.expr("expression", a.Expr, b.Expr)
	} else {
		d.list("columns", a.Columns, b.Columns)
	}
	d.differ("referenced schema", c.a.fold(or(a.RefSchema, c.a.DefaultSchema)), c.a.fold(or(b.RefSchema, c.b.DefaultSchema)))
	d.differ("referenced table", c.a.fold(a.RefTable), c.a.fold(b.RefTable))
	d.list("collations", a.Collations, b.Collations)
	d.list("referenced columns", c.a.referenced(a), c.b.referenced(b))
	d.differ("ON DELETE", action(c.a, a.OnDelete), action(c.a, b.OnDelete))
	d.differ("ON UPDATE", action(c.a, a.OnUpdate), action(c.a, b.OnUpdate))
	d.differ("MATCH", strings.TrimPrefix(a.Match, "SIMPLE"), strings.TrimPrefix(b.Match, "SIMPLE"))
	d.differ("DEFERRABLE", a.Deferrable, b.Deferrable)
	d.differ("INITIALLY DEFERRED", a.InitiallyDeferred, b.InitiallyDeferred)
	d.differ("NOT VALID", a.NotValid, b.NotValid)
	d.differ("NO INHERIT", a.NoInherit, b.NoInherit)
	d.differ("NULLS NOT DISTINCT", a.NullsNotDistinct, b.NullsNotDistinct)
	d.differ("ON CONFLICT", strings.ToUpper(a.OnConflict), strings.ToUpper(b.OnConflict))
	d.list("INCLUDE", a.Include, b.Include)
	return d.out
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// action is a foreign key's action; the default is NO ACTION, which MySQL calls RESTRICT too.
func action(s *Snapshot, a string) string {
	if a == "NO ACTION" || a == "RESTRICT" && s.Engine == MySQL {
		return ""
	}
	return a
}

// referenced are a foreign key's target columns, the target's primary key where none are named.
func (s *Snapshot) referenced(k *Constraint) []string {
	if k.Kind != ir.ForeignKey || len(k.RefColumns) > 0 {
		return k.RefColumns
	}
	if t := s.Table(k.RefSchema, k.RefTable); t != nil {
		if pk := t.PrimaryKey(); pk != nil {
			return pk.Columns
		}
	}
	return nil
}

func (c *comparison) index(what string, a, b *Index) {
	c.differ(what+": unique", a.Unique, b.Unique)
	c.differ(what+": method", strings.ToLower(a.Method), strings.ToLower(b.Method))
	c.differ(what+": keys", len(a.Parts), len(b.Parts))
	for i := range min(len(a.Parts), len(b.Parts)) {
		x, y := a.Parts[i], b.Parts[i]
		part := fmt.Sprintf("%s, key %d", what, i+1)
		c.differ(part+": column", c.a.fold(x.Column), c.a.fold(y.Column))
		c.expr(part+": expression", x.Expr, y.Expr)
		c.differ(part+": length", x.Length, y.Length)
		c.differ(part+": DESC", x.Desc, y.Desc)
		c.differ(part+": NULLS", nullsOrder(x), nullsOrder(y))
		c.differ(part+": collation", x.Collation, y.Collation)
		c.differ(part+": operator class", x.OpClass, y.OpClass)
	}
	c.list(what+": INCLUDE", a.Include, b.Include)
	c.expr(what+": WHERE", a.Where, b.Where)
	c.differ(what+": NULLS NOT DISTINCT", a.NullsNotDistinct, b.NullsNotDistinct)
	c.differ(what+": invisible", a.Invisible, b.Invisible)
	c.differ(what+": comment", a.Comment, b.Comment)
	if c.a.Engine == PostgreSQL {
		c.options(what, a.Options, b.Options)
	}
}

// nullsOrder is empty for the order that the direction has by itself.
func nullsOrder(p IndexPart) string {
	if p.Desc && p.Nulls == "FIRST" || !p.Desc && p.Nulls == "LAST" {
		return ""
	}
	return p.Nulls
}

func (c *comparison) typeDef(what string, a, b *TypeDef) {
	c.differ(what+": kind", a.Kind, b.Kind)
	c.list(what+": values", a.Values, b.Values)
	c.differ(what+": base", describe(a.Base), describe(b.Base))
	c.differ(what+": NOT NULL", a.NotNull, b.NotNull)
	c.expr(what+": default", a.Default, b.Default)
	pairs(c, what+", check", a.Checks, b.Checks, func(k *Constraint) string { return k.Name }, func(what string, x, y *Constraint) {
		c.expr(what, x.Expr, y.Expr)
	})
	c.columns(what, a.Columns, b.Columns)
	c.differ(what+": subtype", describe(a.Subtype), describe(b.Subtype))
	c.differ(what+": multirange", a.Multirange, b.Multirange)
	c.differ(what+": comment", a.Comment, b.Comment)
}

// columns compares the columns of a composite or of a function's result.
func (c *comparison) columns(what string, a, b []*Column) {
	c.differ(what+": columns", len(a), len(b))
	for i := range min(len(a), len(b)) {
		column := fmt.Sprintf("%s, column %d", what, i+1)
		c.differ(column+": name", a[i].Name, b[i].Name)
		c.differ(column+": type", a[i].Type.Qualified(), b[i].Type.Qualified())
		c.differ(column+": comment", a[i].Comment, b[i].Comment)
	}
}

func (c *comparison) function(what string, a, b *Function) {
	c.differ(what+": kind", a.Kind, b.Kind)
	if len(a.Args) != len(b.Args) {
		c.differ(what+": arguments", len(a.Args), len(b.Args))
	}
	for i := range min(len(a.Args), len(b.Args)) {
		x, y := a.Args[i], b.Args[i]
		arg := fmt.Sprintf("%s, argument %d", what, i+1)
		c.differ(arg+": name", x.Name, y.Name)
		c.differ(arg+": mode", x.Mode, y.Mode)
		c.differ(arg+": has default", x.HasDefault, y.HasDefault)
		c.expr(arg+": default", x.Default, y.Default)
		c.differ(arg+": type", x.Type.Qualified(), y.Type.Qualified())
	}
	c.differ(what+": comment", a.Comment, b.Comment)
	if a.Kind == Aggregate { // a file names the state's type, a server the final result's
		return
	}
	c.differ(what+": returns", a.Returns.Qualified(), b.Returns.Qualified())
	c.differ(what+": returns a set", a.ReturnsSet, b.ReturnsSet)
	c.columns(what, a.Columns, b.Columns)
	c.differ(what+": strict", a.Strict, b.Strict)
	c.differ(what+": volatility", or(a.Volatility, "volatile"), or(b.Volatility, "volatile"))
	c.differ(what+": language", strings.ToLower(a.Language), strings.ToLower(b.Language))
	if squeeze(a.Body) != squeeze(b.Body) {
		c.expr(what+": body", a.Body, b.Body)
	}
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

func (c *comparison) sequence(what string, a, b *Sequence) {
	c.differ(what+": type", a.Type.String(), b.Type.String())
	c.differ(what+": owned by", a.OwnedBy, b.OwnedBy)
	c.differ(what+": comment", a.Comment, b.Comment)
	c.options(what, sequenceOptions(a), sequenceOptions(b))
}

// sequenceOptions leaves out what a sequence has by itself.
func sequenceOptions(q *Sequence) map[string]string {
	usual := map[string]string{"increment": "1", "minvalue": "1", "cache": "1", "cycle": "false", "start": "1", "maxvalue": maxOf[q.Type.Name]}
	if strings.HasPrefix(q.Options["increment"], "-") {
		usual["maxvalue"], usual["start"], usual["minvalue"] = "-1", "-1", minOf[q.Type.Name]
	}
	if v := q.Options["minvalue"]; v != "" && usual["increment"] == "1" {
		usual["start"] = v
	}
	out := map[string]string{}
	for k, v := range q.Options {
		if k != "sequence_name" && k != "as" && k != "restart" && v != "" && usual[k] != v {
			out[k] = v
		}
	}
	return out
}

var maxOf = map[string]string{"int2": "32767", "int4": "2147483647", "int8": "9223372036854775807"}
var minOf = map[string]string{"int2": "-32768", "int4": "-2147483648", "int8": "-9223372036854775808"}

func (c *comparison) trigger(what string, a, b *Trigger) {
	c.differ(what+": timing", a.Timing, b.Timing)
	c.set(what+": events", a.Events, b.Events)
	c.differ(what+": comment", a.Comment, b.Comment)
	c.expr(what, a.Text, b.Text)
}
