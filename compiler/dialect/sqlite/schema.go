package sqlite

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
)

// SchemaRules is what building a catalog from SQLite's DDL needs to know.
func (*Dialect) SchemaRules() catalog.Rules {
	return catalog.Rules{
		ImplicitSchemas: true,
		IndexMethod:     "btree",
		VirtualTable:    VirtualTableColumns,
		KeyIsNotNull:    keyIsNotNull,
	}
}

// keyIsNotNull: only the rowid's alias and the keys of WITHOUT ROWID and STRICT tables
// refuse NULL; other primary keys accept it, by an old bug that SQLite keeps
// (lang_createtable.html, section 3.5; stricttables.html, section 2).
func keyIsNotNull(t *catalog.Table, key *catalog.Constraint, c *catalog.Column) bool {
	return t.WithoutRowID || t.Strict || len(key.Columns) == 1 && strings.EqualFold(c.Declared, "INTEGER")
}
