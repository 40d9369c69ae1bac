package access

import (
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
)

// Written is the set of tables that queries of the package write; none tells that no query reads or writes any table, so that
// the schema is judged alone.
func Written(p *rule.Package) (tables map[*catalog.Table]bool, none bool) {
	names := map[string]bool{}
	none = true
	for _, q := range Queries(p) {
		none = none && len(q.Query.Reads) == 0 && len(q.Query.Writes) == 0
		for _, name := range q.Query.Writes {
			names[name] = true
		}
	}
	tables = map[*catalog.Table]bool{}
	for _, s := range p.Catalog.Schemas {
		for _, t := range s.Tables {
			name := t.Name
			if t.Schema != "" && t.Schema != p.Catalog.DefaultSchema {
				name = t.Schema + "." + name
			}
			if names[name] {
				tables[t] = true
			}
		}
	}
	return tables, none
}

// Unindexed tells of a schema of several tables with primary keys of which none has an index beside its keys: a sketch that queries are typed
// against, as its indexes are elsewhere or it is an example.
func Unindexed(p *rule.Package) bool {
	return rule.Shared(p, unindexedKey{}, func() bool {
		tables := 0
		for _, s := range p.Catalog.Schemas {
			for _, t := range s.Tables {
				if !Stored(t) || t.PrimaryKey() == nil {
					continue
				}
				tables++
				for _, x := range Paths(p, t) {
					if x.Index != nil && !x.Implied {
						return false
					}
				}
			}
		}
		return tables > 1
	})
}

type unindexedKey struct{}
