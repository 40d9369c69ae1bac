package compat

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/covetsql/covetsql/compiler/codegen/surface"
)

//go:embed data/system.txt
var systemText string

// systemTables are the tables of PostgreSQL's own schemas that sqlc knows. Queries are bound
// against those of the dialect; these are for who wants a list of them all.
var systemTables = sync.OnceValue(func() []*surface.Table {
	var out []*surface.Table
	schema := ""
	for line := range strings.Lines(systemText) {
		line = strings.TrimRight(line, "\n")
		if line[0] == '#' {
			continue
		}
		if name, ok := strings.CutPrefix(line, "@"); ok {
			schema = name
			continue
		}
		line = strings.Replace(line, "\t*", "\ttableoid oid!\tcmax cid!\txmax xid!\tcmin cid!\txmin xid!\tctid tid!", 1)
		cells := strings.Split(line, "\t")
		t := &surface.Table{Relation: surface.Relation{Schema: schema, Name: cells[0]}}
		t.Written = &t.Relation
		for _, cell := range cells[1:] {
			name, typ, _ := strings.Cut(cell, " ")
			typ, notNull := strings.CutSuffix(typ, "!")
			t.Columns = append(t.Columns, surface.Column{Name: name, Type: typ, NotNull: notNull, Length: systemLength(typ), Table: t.Written})
		}
		out = append(out, t)
	}
	return out
})

// sizes are the bytes of the types that have always as many; a column of a system table has
// them as its length.
var sizes = map[string]int{
	"bool": 1, "char": 1, "int2": 2, "int4": 4, "int8": 8, "float4": 4, "float8": 8, "interval": 16, "timestamptz": 8, "time_stamp": 8,
	"oid": 4, "regproc": 4, "regtype": 4, "cid": 4, "xid": 4, "tid": 6, "pg_lsn": 8, "name": 64, "sql_identifier": 64, "cardinal_number": 4,
}

func systemLength(typ string) int {
	if n, ok := sizes[typ]; ok {
		return n
	}
	return -1
}
