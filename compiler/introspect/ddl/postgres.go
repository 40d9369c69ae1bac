package ddl

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

func (w *writer) postgres() {
	// Functions may name what comes after them.
	w.statement("SET check_function_bodies = false")
	var schemas []*catalog.Schema
	for _, sc := range w.s.Schemas {
		if sc.Load == nil {
			schemas = append(schemas, sc)
		}
	}
	for _, sc := range schemas {
		if sc.Name != w.s.DefaultSchema {
			w.statement("CREATE SCHEMA %s", w.quote(sc.Name))
		}
		w.comment("SCHEMA", w.quote(sc.Name), sc.Comment)
	}
	for _, e := range w.s.Extensions {
		if e == "plpgsql" {
			continue
		}
		in := ""
		if schema := w.s.ExtensionSchemas[e]; schema != "" && schema != "pg_catalog" {
			in = " SCHEMA " + w.quote(schema)
		}
		w.statement("CREATE EXTENSION IF NOT EXISTS %s%s", w.quote(e), in)
	}
	w.pgTypes(schemas)
	for _, sc := range schemas {
		for _, q := range sc.Sequences {
			if !w.implied(q) {
				w.pgSequence(q)
			}
		}
	}
	w.pgFunctions(schemas, false)
	for _, t := range parentsFirst(schemas) {
		w.pgTable(t)
	}
	for _, sc := range schemas {
		for _, q := range sc.Sequences {
			if q.OwnedBy != "" && !w.implied(q) {
				table, column, _ := strings.Cut(q.OwnedBy, ".")
				w.statement("ALTER SEQUENCE %s OWNED BY %s.%s", w.name(sc.Name, q.Name), w.name(sc.Name, table), w.quote(column))
			}
			w.comment("SEQUENCE", w.name(sc.Name, q.Name), q.Comment)
		}
	}
	w.pgFunctions(schemas, true)
	for _, sc := range schemas {
		for _, t := range sc.Tables {
			if isView(t) {
				w.pgView(t)
			}
		}
	}
	for _, sc := range schemas {
		for _, t := range sc.Tables {
			w.pgIndexes(t)
		}
	}
	for _, sc := range schemas {
		for _, t := range sc.Tables {
			for _, k := range t.Constraints {
				if k.Kind == ir.ForeignKey && !inherited(w.s, t, k) {
					w.statement("ALTER TABLE %s ADD %s", w.name(t.Schema, t.Name), w.pgConstraint(k))
				}
			}
		}
		for _, g := range sc.Triggers {
			w.statement("%s", strings.TrimSuffix(strings.TrimSpace(g.Text), ";"))
			w.comment("TRIGGER", w.quote(g.Name)+" ON "+w.name(g.Schema, g.Table), g.Comment)
		}
	}
}

func (w *writer) comment(kind, name, comment string) {
	if comment != "" {
		w.statement("COMMENT ON %s %s IS %s", kind, name, text(comment))
	}
}

// sqlNames are the built-in types whose pg_type name is not how SQL names them.
var sqlNames = map[string]string{
	"int2": "smallint", "int4": "integer", "int8": "bigint", "float4": "real", "float8": "double precision", "bool": "boolean",
	"char": `"char"`, "bpchar": "character", "varchar": "character varying", "varbit": "bit varying",
	"timestamp": "timestamp", "timestamptz": "timestamp with time zone", "time": "time", "timetz": "time with time zone",
}

// pgType spells a type with its modifiers.
func (w *writer) pgType(t types.Type) string {
	name, tail := "", ""
	if t.Schema != "" {
		name = w.name(t.Schema, t.Name)
	} else if s, ok := sqlNames[t.Name]; ok {
		name = s
	} else {
		name = w.quote(t.Name)
	}
	if head, zone, ok := strings.Cut(name, " with time zone"); ok && zone == "" {
		name, tail = head, " with time zone"
	}
	switch {
	case t.Name == "numeric" && t.Length != 0:
		name += fmt.Sprintf("(%d,%d)", t.Length, t.Scale)
	case t.Length != 0:
		name += fmt.Sprintf("(%d)", t.Length)
	case t.Name == "bpchar" && t.Schema == "":
		name = "bpchar" // character without a length is character(1)
	}
	return name + tail + strings.Repeat("[]", int(t.Dims))
}

// pgTypes writes the user's types, each after those it is made of.
func (w *writer) pgTypes(schemas []*catalog.Schema) {
	done := map[*catalog.TypeDef]bool{}
	var write func(d *catalog.TypeDef)
	need := func(t types.Type) {
		if d := w.s.Type(t.Schema, t.Name); d != nil && t.Schema != "" {
			write(d)
		}
	}
	write = func(d *catalog.TypeDef) {
		if done[d] || d.Extension != "" {
			return
		}
		done[d] = true
		need(d.Base)
		need(d.Subtype)
		for _, c := range d.Columns {
			need(c.Type)
		}
		w.pgTypeDef(d)
	}
	for _, sc := range schemas {
		for _, d := range sc.Types {
			write(d)
		}
	}
}

func (w *writer) pgTypeDef(d *catalog.TypeDef) {
	name, kind := w.name(d.Schema, d.Name), "TYPE"
	switch {
	case d.Kind == types.Enum:
		values := make([]string, len(d.Values))
		for i, v := range d.Values {
			values[i] = text(v)
		}
		w.statement("CREATE TYPE %s AS ENUM (%s)", name, strings.Join(values, ", "))
	case d.Kind == types.Domain:
		kind = "DOMAIN"
		s := "CREATE DOMAIN " + name + " AS " + w.pgType(d.Base)
		if d.Default != "" {
			s += " DEFAULT " + d.Default
		}
		if d.NotNull {
			s += " NOT NULL"
		}
		for _, k := range d.Checks {
			if !k.NotValid {
				s += "\n  " + w.constraintName(k) + "CHECK " + bracketed(k.Expr)
			}
		}
		w.statement("%s", s)
		for _, k := range d.Checks {
			if k.NotValid {
				w.statement("ALTER DOMAIN %s ADD %sCHECK %s NOT VALID", name, w.constraintName(k), bracketed(k.Expr))
			}
		}
	case d.Kind == types.Composite:
		lines := make([]string, len(d.Columns))
		for i, c := range d.Columns {
			lines[i] = w.quote(c.Name) + " " + w.pgType(c.Type)
		}
		w.statement("CREATE TYPE %s AS %s", name, body(lines))
		for _, c := range d.Columns {
			w.comment("COLUMN", name+"."+w.quote(c.Name), c.Comment)
		}
	case d.Kind == types.Range && d.Multirange: // comes with its range
	case d.Kind == types.Range:
		s := "SUBTYPE = " + w.pgType(d.Subtype)
		if m := w.multirange(d); m != "" {
			s += ", MULTIRANGE_TYPE_NAME = " + w.name(d.Schema, m)
		}
		w.statement("CREATE TYPE %s AS RANGE (%s)", name, s)
	default:
		w.statement("CREATE TYPE %s", name)
	}
	w.comment(kind, name, d.Comment)
}

// multirange is the name of a range's multirange where the server would choose another.
func (w *writer) multirange(d *catalog.TypeDef) string {
	usual := d.Name + "_multirange"
	if strings.Contains(d.Name, "range") {
		usual = strings.Replace(d.Name, "range", "multirange", 1)
	}
	var other string
	for _, o := range w.s.Schema(d.Schema).Types {
		if o.Multirange && o.Subtype.Same(d.Subtype) {
			if o.Name == usual {
				return ""
			}
			other = o.Name
		}
	}
	return other
}

// implied tells whether a column's identity makes the sequence.
func (w *writer) implied(q *catalog.Sequence) bool {
	table, column, ok := strings.Cut(q.OwnedBy, ".")
	if t := w.s.Table(q.Schema, table); ok && t != nil {
		c := t.Column(column, false)
		return c != nil && c.Identity != ""
	}
	return false
}

func (w *writer) pgSequence(q *catalog.Sequence) {
	s := "CREATE SEQUENCE " + w.name(q.Schema, q.Name)
	if q.Type.Known() && q.Type.Name != "int8" {
		s += " AS " + w.pgType(q.Type)
	}
	w.statement("%s", s+sequenceOptions(q))
}

func sequenceOptions(q *catalog.Sequence) string {
	s := ""
	for _, k := range []string{"increment", "minvalue", "maxvalue", "start", "cache"} {
		if v := q.Options[k]; v != "" {
			s += " " + strings.ToUpper(k) + " " + v
		}
	}
	if q.Options["cycle"] == "true" {
		s += " CYCLE"
	}
	return s
}

// parentsFirst orders tables so that a partition or child comes after its parent.
func parentsFirst(schemas []*catalog.Schema) []*catalog.Table {
	var all []*catalog.Table
	byName := map[string]*catalog.Table{}
	for _, sc := range schemas {
		for _, t := range sc.Tables {
			if !isView(t) {
				all = append(all, t)
				byName[t.Name] = t
			}
		}
	}
	done := map[*catalog.Table]bool{}
	var out []*catalog.Table
	var add func(t *catalog.Table)
	add = func(t *catalog.Table) {
		if t == nil || done[t] {
			return
		}
		done[t] = true
		add(byName[t.PartitionOf])
		for _, p := range t.Inherits {
			add(byName[p])
		}
		out = append(out, t)
	}
	for _, t := range all {
		add(t)
	}
	return out
}

func (w *writer) find(name string) *catalog.Table {
	for _, sc := range w.s.Schemas {
		if t := sc.Table(name); t != nil && sc.Load == nil {
			return t
		}
	}
	return nil
}

// parents are the tables that t has its columns from.
func (w *writer) parents(t *catalog.Table) []*catalog.Table {
	var out []*catalog.Table
	for _, name := range append(slices.Clone(t.Inherits), t.PartitionOf) {
		if p := w.find(name); name != "" && p != nil {
			out = append(out, p)
		}
	}
	return out
}

// inherited tells whether a constraint comes with the table's parent.
func inherited(s *catalog.Snapshot, t *catalog.Table, k *catalog.Constraint) bool {
	w := &writer{s: s}
	for _, p := range w.parents(t) {
		for _, o := range p.Constraints {
			if o.Kind != k.Kind || o.Kind != ir.Check && t.PartitionOf == "" || o.NoInherit {
				continue
			}
			if k.Kind == ir.Check {
				if o.Name == k.Name {
					return true
				}
			} else if slices.Equal(o.Columns, k.Columns) && o.RefTable == k.RefTable {
				return true
			}
		}
	}
	return false
}

func (w *writer) pgTable(t *catalog.Table) {
	name := w.name(t.Schema, t.Name)
	parents := w.parents(t)
	var lines, after []string
	for _, c := range t.Columns {
		var of *catalog.Column
		for _, p := range parents {
			if pc := p.Column(c.Name, false); pc != nil {
				of = pc
			}
		}
		if of == nil {
			lines = append(lines, w.pgColumn(c))
			continue
		}
		if c.NotNull && !of.NotNull {
			after = append(after, "ALTER COLUMN "+w.quote(c.Name)+" SET NOT NULL")
		}
		if !c.NotNull && of.NotNull { // up to PostgreSQL 17 a child may take back what it inherits
			after = append(after, "ALTER COLUMN "+w.quote(c.Name)+" DROP NOT NULL")
		}
		if c.Default != of.Default {
			if c.Default == "" {
				after = append(after, "ALTER COLUMN "+w.quote(c.Name)+" DROP DEFAULT")
			} else {
				after = append(after, "ALTER COLUMN "+w.quote(c.Name)+" SET DEFAULT "+c.Default)
			}
		}
	}
	for _, k := range t.Constraints {
		switch {
		case k.Kind == ir.ForeignKey || inherited(w.s, t, k):
		case k.NotValid:
			after = append(after, "ADD "+w.pgConstraint(k))
		default:
			lines = append(lines, w.pgConstraint(k))
		}
	}
	switch {
	case t.PartitionOf != "":
		s := "CREATE TABLE " + name + " PARTITION OF " + w.name(parentSchema(parents), t.PartitionOf)
		if len(lines) > 0 {
			s += " " + body(lines)
		}
		w.statement("%s", s+" "+t.Bound+w.pgTail(t))
	default:
		s := "CREATE TABLE " + name + " " + body(lines)
		if len(t.Inherits) > 0 {
			var of []string
			for _, p := range parents {
				of = append(of, w.name(p.Schema, p.Name))
			}
			s += " INHERITS (" + strings.Join(of, ", ") + ")"
		}
		w.statement("%s", s+w.pgTail(t))
	}
	for _, a := range after {
		w.statement("ALTER TABLE %s %s", name, a)
	}
	if t.RowSecurity {
		w.statement("ALTER TABLE %s ENABLE ROW LEVEL SECURITY", name)
	}
	w.comment("TABLE", name, t.Comment)
	for _, c := range t.Columns {
		w.comment("COLUMN", name+"."+w.quote(c.Name), c.Comment)
	}
}

func parentSchema(parents []*catalog.Table) string {
	if len(parents) == 0 {
		return ""
	}
	return parents[0].Schema
}

// pgTail is what follows a table's columns.
func (w *writer) pgTail(t *catalog.Table) string {
	s := ""
	if t.Partition != "" {
		s = " PARTITION BY " + t.Partition
	}
	return s + with(t.Options)
}

// with is WITH (options), those that are no options of that clause left out.
func with(options map[string]string) string {
	var list []string
	for _, k := range slices.Sorted(maps.Keys(options)) {
		if k == "tablespace" || k == "using" || k == "check_option" {
			continue
		}
		list = append(list, k+" = "+text(options[k]))
	}
	if len(list) == 0 {
		return ""
	}
	return " WITH (" + strings.Join(list, ", ") + ")"
}

func (w *writer) pgColumn(c *catalog.Column) string {
	s := w.quote(c.Name) + " " + w.pgType(c.Type)
	if c.Collation != "" {
		s += " COLLATE " + w.qualified(c.Collation)
	}
	switch {
	case c.Generated != "":
		s += " GENERATED ALWAYS AS " + bracketed(c.Generated) + " STORED"
	case c.Identity != "":
		s += " GENERATED " + strings.ToUpper(c.Identity) + " AS IDENTITY"
		if sc := w.s.Schema(c.Table.Schema); sc != nil {
			for _, q := range sc.Sequences {
				if q.OwnedBy == c.Table.Name+"."+c.Name {
					options := strings.TrimSpace(sequenceOptions(q))
					if q.Name != c.Table.Name+"_"+c.Name+"_seq" {
						options = strings.TrimSpace("SEQUENCE NAME " + w.name(sc.Name, q.Name) + " " + options)
					}
					if options != "" {
						s += " (" + options + ")"
					}
				}
			}
		}
	case c.Default != "":
		s += " DEFAULT " + c.Default
	}
	if c.NotNull {
		s += " NOT NULL"
	}
	return s
}

// qualified quotes a name of one or two parts, the parts of which have no dots.
func (w *writer) qualified(name string) string {
	parts := strings.Split(name, ".")
	for i, p := range parts {
		parts[i] = w.quote(p)
	}
	return strings.Join(parts, ".")
}

func (w *writer) pgConstraint(k *catalog.Constraint) string {
	s := w.constraintName(k)
	switch k.Kind {
	case ir.PrimaryKey, ir.Unique:
		s += keyWords[k.Kind]
		if k.NullsNotDistinct {
			s += " NULLS NOT DISTINCT"
		}
		s += " (" + w.names(k.Columns) + ")"
		if len(k.Include) > 0 {
			s += " INCLUDE (" + w.names(k.Include) + ")"
		}
	case ir.Check:
		s += "CHECK " + bracketed(k.Expr)
		if k.NoInherit {
			s += " NO INHERIT"
		}
	case ir.ForeignKey:
		s += w.foreignKey(k)
	case ir.Exclude:
		return s + k.Expr // as the server gives it, with all that follows
	}
	s += timing(k)
	if k.NotValid {
		s += " NOT VALID"
	}
	return s
}

func (w *writer) pgIndexes(t *catalog.Table) {
	for _, x := range t.Indexes {
		s := "CREATE "
		if x.Unique {
			s += "UNIQUE "
		}
		s += "INDEX " + w.quote(x.Name) + " ON " + w.name(t.Schema, t.Name)
		if x.Method != "" && x.Method != "btree" {
			s += " USING " + x.Method
		}
		parts := make([]string, len(x.Parts))
		for i, p := range x.Parts {
			part := w.quote(p.Column)
			if p.Column == "" {
				part = bracketed(p.Expr)
			}
			if p.Collation != "" {
				part += " COLLATE " + w.qualified(p.Collation)
			}
			if p.OpClass != "" {
				part += " " + w.qualified(p.OpClass)
			}
			if p.Desc {
				part += " DESC"
			}
			if p.Nulls != "" {
				part += " NULLS " + p.Nulls
			}
			parts[i] = part
		}
		s += " (" + strings.Join(parts, ", ") + ")"
		if len(x.Include) > 0 {
			s += " INCLUDE (" + w.names(x.Include) + ")"
		}
		if x.NullsNotDistinct {
			s += " NULLS NOT DISTINCT"
		}
		s += with(x.Options)
		if x.Where != "" {
			s += " WHERE " + x.Where
		}
		w.statement("%s", s)
		w.comment("INDEX", w.name(t.Schema, x.Name), x.Comment)
	}
}

func (w *writer) pgView(t *catalog.Table) {
	name, kind := w.name(t.Schema, t.Name), "VIEW"
	if t.Kind == catalog.MaterializedView {
		kind = "MATERIALIZED VIEW"
	}
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = c.Name
	}
	head := name
	if len(columns) > 0 {
		head += " (" + w.names(columns) + ")"
	}
	s := fmt.Sprintf("CREATE %s %s%s AS\n%s", kind, head, with(t.Options), strings.TrimRight(t.Text, " \n;"))
	if check := t.Options["check_option"]; check != "" {
		s += "\nWITH " + strings.ToUpper(check) + " CHECK OPTION"
	}
	w.statement("%s", s)
	w.comment(kind, name, t.Comment)
	for _, c := range t.Columns {
		w.comment("COLUMN", name+"."+w.quote(c.Name), c.Comment)
	}
}

// pgFunctions writes the functions that name no table's row type, or those that do.
func (w *writer) pgFunctions(schemas []*catalog.Schema, ofTables bool) {
	for _, sc := range schemas {
		for _, f := range sc.Functions {
			if f.Extension == "" && w.namesTable(f) == ofTables {
				w.pgFunction(f)
			}
		}
	}
}

func (w *writer) namesTable(f *catalog.Function) bool {
	all := []types.Type{f.Returns}
	for _, a := range f.Args {
		all = append(all, a.Type)
	}
	for _, c := range f.Columns {
		all = append(all, c.Type)
	}
	return slices.ContainsFunc(all, func(t types.Type) bool {
		return t.Kind == types.Composite && w.s.Type(t.Schema, t.Name) == nil
	})
}

func (w *writer) pgFunction(f *catalog.Function) {
	kind := map[catalog.FuncKind]string{catalog.Procedure: "PROCEDURE", catalog.Aggregate: "AGGREGATE"}[f.Kind]
	if kind == "" {
		kind = "FUNCTION"
	}
	var args, identity []string
	for _, a := range f.Args {
		var parts []string
		if a.Mode != "IN" && a.Mode != "" {
			parts = append(parts, a.Mode)
		}
		if a.Name != "" {
			parts = append(parts, w.quote(a.Name))
		}
		parts = append(parts, w.pgType(a.Type))
		identity = append(identity, strings.Join(parts, " "))
		if a.HasDefault {
			parts = append(parts, "DEFAULT "+a.Default)
		}
		args = append(args, strings.Join(parts, " "))
	}
	name := w.name(f.Schema, f.Name)
	defer func() { w.comment(kind, name+"("+strings.Join(identity, ", ")+")", f.Comment) }()
	if f.Kind == catalog.Aggregate {
		list := strings.Join(args, ", ")
		if list == "" {
			list = "*"
		}
		w.statement("CREATE AGGREGATE %s(%s) (stype = %s, %s)", name, list, w.pgType(f.Returns), quotedInit(f.Body))
		return
	}
	s := fmt.Sprintf("CREATE %s %s(%s)", kind, name, strings.Join(args, ", "))
	out := slices.ContainsFunc(f.Args, func(a catalog.FuncArg) bool { return a.Mode == "OUT" || a.Mode == "INOUT" })
	switch {
	case f.Kind == catalog.Procedure || out && !f.ReturnsSet:
	case len(f.Columns) > 0 && !out:
		columns := make([]string, len(f.Columns))
		for i, c := range f.Columns {
			columns[i] = w.quote(c.Name) + " " + w.pgType(c.Type)
		}
		s += "\n  RETURNS TABLE (" + strings.Join(columns, ", ") + ")"
	default:
		s += "\n  RETURNS "
		if f.ReturnsSet {
			s += "SETOF "
		}
		s += w.pgType(f.Returns)
	}
	s += "\n  LANGUAGE " + f.Language
	if f.Kind != catalog.Procedure {
		if f.Volatility != "" && f.Volatility != "volatile" {
			s += " " + strings.ToUpper(f.Volatility)
		}
		if f.Strict {
			s += " STRICT"
		}
	}
	if upper := strings.ToUpper(strings.TrimSpace(f.Body)); f.Language == "sql" && (strings.HasPrefix(upper, "BEGIN ATOMIC") || strings.HasPrefix(upper, "RETURN ")) {
		s += "\n" + strings.TrimSpace(f.Body)
	} else {
		s += "\n  AS " + dollars(f.Body)
	}
	w.statement("%s", s)
}

// quotedInit puts the initial value of an aggregate's definition in quotes.
func quotedInit(definition string) string {
	parts := strings.Split(definition, ", ")
	for i, p := range parts {
		if v, ok := strings.CutPrefix(p, "initcond = "); ok {
			parts[i] = "initcond = " + text(v)
		}
	}
	return strings.Join(parts, ", ")
}

// dollars quotes a body by a tag that it does not hold.
func dollars(body string) string {
	tag := "$$"
	for i := 0; strings.Contains(body, tag); i++ {
		tag = fmt.Sprintf("$body%d$", i)
	}
	return tag + body + tag
}
