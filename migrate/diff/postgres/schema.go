package postgres

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/migrate/plan"
)

type schema struct{ name string }

func listSchemas(s *catalog.Snapshot, add func(object)) {
	for _, sc := range s.Schemas {
		add(&schema{sc.Name})
	}
	for _, name := range s.Extensions {
		x := &extension{name: name, schema: s.DefaultSchema, version: s.ExtensionVersions[name]}
		if sc, ok := s.ExtensionSchemas[name]; ok {
			x.schema = sc
		}
		add(x)
	}
}

func (o *schema) id() id                         { return id{Kind: "schema", Name: o.name} }
func (o *schema) owners() []id                   { return nil }
func (o *schema) compare(*differ, object) change { return change{} }
func (o *schema) create(d *differ) []plan.Step {
	return steps(o.id(), "CREATE SCHEMA "+d.quote(o.name))
}
func (o *schema) drop(d *differ) []plan.Step { return steps(o.id(), "DROP SCHEMA "+d.quote(o.name)) }

// extension is an extension. A version of "" is the one that the server takes by itself.
type extension struct{ name, schema, version string }

func (o *extension) id() id       { return id{Kind: "extension", Name: o.name} }
func (o *extension) owners() []id { return nil }

func (o *extension) needs(bool) []id { return []id{{Kind: "schema", Name: o.schema}} }

// survives: an extension moves out of a schema before it goes.
func (o *extension) survives(d *differ, y id) bool {
	to, ok := d.new.byID[o.id()].(*extension)
	return ok && y.Kind == "schema" && to.schema != y.Name
}

func (o *extension) compare(d *differ, to object) change {
	n := to.(*extension)
	var out []plan.Step
	alter := "ALTER EXTENSION " + d.quote(o.name) + " "
	if o.schema != n.schema {
		out = append(out, step(o.id(), alter+"SET SCHEMA "+d.quote(n.schema)))
	}
	if o.version != n.version {
		sql := alter + "UPDATE"
		if n.version != "" {
			sql += " TO " + literal(n.version)
		}
		out = append(out, step(o.id(), sql))
	}
	return altering(out)
}

func (o *extension) create(d *differ) []plan.Step {
	sql := "CREATE EXTENSION " + d.quote(o.name)
	if o.schema != d.to.DefaultSchema {
		sql += " SCHEMA " + d.quote(o.schema)
	}
	if o.version != "" {
		sql += " VERSION " + literal(o.version)
	}
	return steps(o.id(), sql)
}

func (o *extension) drop(d *differ) []plan.Step {
	return steps(o.id(), "DROP EXTENSION "+d.quote(o.name))
}
