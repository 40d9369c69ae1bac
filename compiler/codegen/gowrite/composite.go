package gowrite

import (
	"slices"
	"strconv"
	"strings"

	"github.com/covetsql/covetsql/compiler/codegen/gotype"
	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/source"
)

// A composite type is a struct that reads and writes PostgreSQL's text of it, so that every driver takes it. pgx, which
// may have been told of the type (RegisterTypes), reads and writes it field by field in binary.

// compositeType is the struct of a composite type.
type compositeType struct {
	name, sql string
	of        *surface.Composite
	fields    []field
	types     []string // what pgx calls the fields' types; "" where it may not know them
}

// compositeMethods are the methods that such a struct has, so that no field is called like one.
var compositeMethods = words("Scan Value IsNull Index ScanNull ScanIndex")

// hasComposites tells whether the target has structs for composite types.
func (g *generator) hasComposites() bool {
	return g.strict && g.engine == "postgresql" && (g.target == gotype.PGX5 || g.target == gotype.SQL)
}

// planComposites names the structs of composite types, then finds the types of their fields, which may be others.
func (g *generator) planComposites() {
	if !g.hasComposites() {
		return
	}
	taken := map[string]bool{}
	for _, e := range g.enums {
		taken[e.name], taken["Null"+e.name] = true, true
	}
	for _, t := range g.pkg.Tables {
		schema := t.Schema
		if g.isDefault(schema) {
			schema = ""
		}
		taken[g.names.Model(schema, t.Name)] = true
	}
	for _, c := range g.pkg.Composites {
		sql := c.Name
		if !g.isDefault(c.Schema) {
			sql = c.Schema + "_" + c.Name
		}
		name := g.names.Exported(sql)
		if taken[name] {
			name += "Composite"
		}
		g.structs = append(g.structs, &compositeType{name: name, sql: g.typeKey(c.Schema, c.Name), of: c})
	}
	for _, t := range g.structs {
		used := map[string]int{}
		for i := range t.of.Columns {
			c := &t.of.Columns[i]
			f := field{name: g.fieldName(c.Name), dbName: c.Name, typ: g.goType(c), column: c}
			if compositeMethods[f.name] {
				f.name += "_"
			}
			if n := used[f.name]; n > 0 {
				f.name += "_" + strconv.Itoa(n+1)
			}
			used[f.name]++
			f.tags = g.tags(c, c.Name)
			t.fields = append(t.fields, f)
			t.types = append(t.types, g.builtIn(c))
		}
	}
	slices.SortStableFunc(g.structs, func(a, b *compositeType) int { return strings.Compare(a.name, b.name) })
}

// builtIn is what pgx calls the type of a column that it knows by itself.
func (g *generator) builtIn(c *surface.Column) string {
	name := strings.TrimPrefix(c.Type, "pg_catalog.")
	if _, ok := gotype.Postgres(c.Type, gotype.PGX5, true, false, true); !ok {
		return ""
	}
	if c.Dims > 0 {
		name = "_" + name
	}
	return name
}

// compositeOf is the struct of a composite type by its key; nil where there is none.
func (g *generator) compositeOf(key string) *compositeType {
	for _, t := range g.structs {
		if t.sql == key {
			return t
		}
	}
	return nil
}

// writtenComposites are those that the package has.
func (g *generator) writtenComposites() []*compositeType {
	var out []*compositeType
	for _, t := range g.structs {
		if g.emitted(t.name) {
			out = append(out, t)
		}
	}
	return out
}

func (g *generator) writeComposites(f *goFile) {
	list := g.writtenComposites()
	for _, t := range list {
		g.writeComposite(f, t)
	}
	if len(list) == 0 {
		g.writeRegister(f)
		return
	}
	g.writeRegister(f)
	if g.target == gotype.PGX5 {
		g.writeCompositesPGX(f)
	} else {
		g.writeCompositesSQL(f)
	}
	writeSplit(f)
}

func (g *generator) writeComposite(f *goFile, t *compositeType) {
	f.p()
	if t.of.Comment != "" {
		f.doc(comment(t.of.Comment))
	} else {
		f.p("// ", t.name, " is the composite type ", t.sql, ".")
	}
	g.writeStruct(f, t.name, t.fields)
	targets := make([]string, len(t.fields))
	values := make([]string, len(t.fields))
	for i := range t.fields {
		fl := &t.fields[i]
		targets[i] = "&v." + fl.name
		values[i] = g.wrap(f, "v."+fl.name, fl.typ, fl.column)
		if nested := g.compositeOf(strings.TrimPrefix(fl.column.Type, g.pkg.DefaultSchema+".")); nested != nil && fl.column.Dims == 0 && g.target == gotype.SQL {
			targets[i] = "optional[" + nested.name + ", *" + nested.name + "]{" + targets[i] + "}"
		} else {
			targets[i] = g.wrap(f, targets[i], fl.typ, fl.column)
		}
	}
	names := ""
	if g.target == gotype.PGX5 {
		quoted := make([]string, len(t.types))
		for i, n := range t.types {
			quoted[i] = strconv.Quote(n)
		}
		names = "[]string{" + strings.Join(quoted, ", ") + "}, "
	}
	f.p()
	f.p("// Scan reads PostgreSQL's text of the type.")
	f.p("func (v *", t.name, ") Scan(src interface{}) error {")
	f.p("\treturn scanComposite(src, ", names, "[]interface{}{", strings.Join(targets, ", "), "})")
	f.p("}")
	f.p()
	f.p("// Value is PostgreSQL's text of the type.")
	f.p("func (v ", t.name, ") Value() (", f.id("database/sql/driver", "Value"), ", error) {")
	f.p("\treturn compositeText(", names, "[]interface{}{", strings.Join(values, ", "), "})")
	f.p("}")
	if g.target != gotype.PGX5 {
		return
	}
	f.p()
	f.p("func (v ", t.name, ") IsNull() bool { return false }")
	f.p()
	byIndex := func(head string, of []string) {
		f.p(head, "(i int) interface{} {")
		f.p("\tswitch i {")
		for i, x := range of {
			f.p("\tcase ", strconv.Itoa(i), ":")
			f.p("\t\treturn ", x)
		}
		f.p("\t}")
		f.p("\treturn nil")
		f.p("}")
	}
	byIndex("func (v "+t.name+") Index", values)
	f.p()
	f.p("func (v *", t.name, ") ScanNull() error { return ", f.id("errors", "New"), "(", strconv.Quote("NULL is no "+t.sql), ") }")
	f.p()
	byIndex("func (v *"+t.name+") ScanIndex", targets)
}

// registered are the schema's own types that pgx has to be told of for arrays of them and for binary COPY.
func (g *generator) registered() []string {
	if !g.hasComposites() || g.target != gotype.PGX5 {
		return nil
	}
	needed := len(g.structs) > 0
	own := func(c *surface.Column) {
		key := strings.TrimPrefix(c.Type, g.pkg.DefaultSchema+".")
		needed = needed || c.Dims > 0 && (g.enumByType[key] != "" || g.composites[key])
	}
	for _, t := range g.pkg.Tables {
		for i := range t.Columns {
			own(&t.Columns[i])
		}
	}
	if !needed {
		return nil
	}
	var out []string
	add := func(r surface.Relation) {
		name, array := r.Name, "_"+r.Name
		if !g.isDefault(r.Schema) {
			name, array = r.Schema+"."+name, r.Schema+"."+array
		}
		out = append(out, name, array)
	}
	for _, e := range g.pkg.Enums {
		add(e.Relation)
	}
	for _, c := range g.pkg.Composites {
		add(c.Relation)
	}
	slices.Sort(out)
	return out
}

// writeRegister writes what tells a connection of pgx of the schema's types.
func (g *generator) writeRegister(f *goFile) {
	names := g.registered()
	if names == nil {
		return
	}
	pgx, _ := g.pgx()
	f.p()
	f.p("// RegisterTypes tells a connection of the schema's own types, which arrays of them and :copyfrom need. With a pool it")
	f.p("// is what AfterConnect calls.")
	f.p("func RegisterTypes(ctx ", f.id(pathContext, "Context"), ", conn *", f.id(pgx, "Conn"), ") error {")
	f.p("\ttypes, err := conn.LoadTypes(ctx, []string{")
	for _, n := range names {
		f.p("\t\t", strconv.Quote(n), ",")
	}
	f.p("\t})")
	f.p("\tif err != nil {")
	f.p("\t\treturn err")
	f.p("\t}")
	f.p("\tconn.TypeMap().RegisterTypes(types)")
	f.p("\treturn nil")
	f.p("}")
}

func (g *generator) declareComposites(declare func(name, what, subject string, at source.Span)) {
	list := g.writtenComposites()
	for _, t := range list {
		declare(t.name, "composite type ", t.sql, t.of.Span)
	}
	names := []string{"splitComposite", "scanComposite", "compositeText", "joinComposite"}
	switch {
	case len(list) == 0:
		names = nil
	case g.target == gotype.PGX5:
		names = append(names, "textMaps")
	default:
		names = append(names, "optional", "scanText", "textOf")
	}
	for _, n := range names {
		declare(n, "what reads and writes composite types", "", source.Span{})
	}
	if g.registered() != nil {
		declare("RegisterTypes", "the function that registers types", "", source.Span{})
	}
}
