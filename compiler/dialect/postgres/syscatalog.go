package postgres

import (
	"strings"
	"sync"

	"github.com/covetsql/covetsql/compiler/catalog"
)

// newSnapshot is an empty database: public, and the system's schemas, whose relations are
// read when they are asked for.
func newSnapshot() *catalog.Snapshot {
	s := &catalog.Snapshot{
		Engine: catalog.PostgreSQL, DefaultSchema: "public",
		SearchPath: []string{"public"}, Implicit: []string{"pg_catalog"},
	}
	for _, name := range []string{"pg_catalog", "information_schema"} {
		s.Add(name, nil, nil, nil).Load = func(relation string) *catalog.Table { return systemRelation(name, relation) }
	}
	s.Add("public", nil, nil, nil)
	return s
}

// viewExtensions are extensions whose views applications query. They are usually created by
// hand, outside of the schema's files, and their views' names are their own; so the views
// are known without CREATE EXTENSION.
var viewExtensions = []string{"pg_stat_statements", "pg_buffercache", "postgis"}

// systemNames are the names of the relations that an unqualified name may mean before the search path is asked.
var systemNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	add := func(l *library, schema string) {
		for qualified := range l.relations {
			if name, ok := strings.CutPrefix(qualified, schema+"."); ok {
				names[name] = true
			}
		}
	}
	add(builtIn(), "pg_catalog")
	for _, e := range viewExtensions {
		add(extensionLibrary(e), "public")
	}
	return names
})

func systemRelation(schema, name string) *catalog.Table {
	if schema == "pg_catalog" && !systemNames()[name] {
		return nil // as almost always
	}
	if t := builtIn().relation(schema, schema+"."+name); t != nil || schema != "pg_catalog" {
		return t
	}
	for _, e := range viewExtensions {
		if !strings.HasPrefix(name, "pg_") && e != "postgis" {
			continue
		}
		if t := extensionLibrary(e).relation("public", "public."+name); t != nil {
			return t
		}
	}
	return nil
}

func (l *library) relation(schema, qualified string) *catalog.Table {
	if t, ok := l.parsedRelations.Load(qualified); ok {
		return t.(*catalog.Table)
	}
	var t *catalog.Table
	for _, line := range l.relations.lines(qualified) {
		f := strings.Fields(line)
		t = &catalog.Table{Schema: schema, Name: strings.TrimPrefix(f[0], schema+"."), Kind: catalog.BaseTable}
		if f[1] == "view" {
			t.Kind = catalog.View
		}
		for _, column := range f[2:] {
			name, typeName, _ := strings.Cut(column, ":")
			typeName, notNull := strings.CutSuffix(typeName, "!")
			t.Columns = append(t.Columns, &catalog.Column{Name: name, Type: dataType(typeName), NotNull: notNull || nulls().columns[qualified+"."+name], Table: t})
		}
	}
	found, _ := l.parsedRelations.LoadOrStore(qualified, t)
	return found.(*catalog.Table)
}
