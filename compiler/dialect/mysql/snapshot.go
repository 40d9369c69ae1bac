package mysql

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

//go:embed systables.txt
var systemText string

// systemTables are the lines of systables.txt by schema and table, both in lower case.
var systemTables = sync.OnceValue(func() map[string]map[string]string {
	m := map[string]map[string]string{}
	for _, line := range strings.Split(systemText, "\n") {
		name, cols, ok := strings.Cut(line, ":")
		if !ok || line[0] == '#' {
			continue
		}
		schema, table, _ := strings.Cut(strings.ToLower(strings.TrimSpace(name)), ".")
		if m[schema] == nil {
			m[schema] = map[string]string{}
		}
		m[schema][table] = strings.TrimSpace(cols)
	}
	return m
})

// systemSchemas are the schemas whose tables are made when they are asked for.
var systemSchemas = []string{"information_schema", "mysql", "performance_schema", "sys"}

// NewSnapshot is an empty database: the schema that has no name, for a file does not say
// which database it is for, and the system schemas.
func (d *Dialect) NewSnapshot() *catalog.Snapshot {
	s := &catalog.Snapshot{Engine: catalog.MySQL, SearchPath: []string{""}}
	s.Add("", nil, nil, nil)
	for _, name := range systemSchemas {
		s.Add(name, nil, nil, nil).Load = loader(name)
	}
	return s
}

var (
	loadedMu sync.Mutex
	loaded   = map[string]*catalog.Table{}
)

// loader finds the tables of a system schema.
func loader(schema string) func(string) *catalog.Table {
	return func(table string) *catalog.Table {
		cols, ok := systemTables()[schema][table]
		if !ok {
			return nil
		}
		loadedMu.Lock()
		defer loadedMu.Unlock()
		key := schema + "." + table
		if t := loaded[key]; t != nil {
			return t
		}
		t := systemTable(schema, table, cols)
		loaded[key] = t
		return t
	}
}

// systemTable reads the columns of a line: name, type, and ! where it is never NULL.
func systemTable(schema, table, cols string) *catalog.Table {
	t := &catalog.Table{Schema: schema, Name: table, Kind: catalog.View}
	if schema == "information_schema" {
		t.Name = strings.ToUpper(table)
	}
	for _, f := range strings.Split(cols, ", ") {
		c := &catalog.Column{Table: t}
		f, c.NotNull = strings.CutSuffix(f, "!")
		name, typ, _ := strings.Cut(f, " ")
		c.Name, c.Declared = name, typ
		base, unsigned := strings.CutSuffix(typ, " unsigned")
		c.Type = (*Dialect)(nil).Type(ir.TypeName{Name: ir.Name{Parts: []ir.Ident{{Name: base}}}, Unsigned: unsigned}, nil)
		if c.Type == (types.Type{}) {
			panic("systables.txt: no type " + typ)
		}
		t.Columns = append(t.Columns, c)
	}
	return t
}
