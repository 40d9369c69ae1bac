package sqlite

import (
	"strings"
	"sync"

	"github.com/covetsql/covetsql/compiler/catalog"
)

// SchemaRules are SQLite's rules for building a catalog.
func (engine) SchemaRules() catalog.Rules {
	return catalog.Rules{
		VirtualTable:    VirtualTableColumns,
		KeyIsNotNull:    KeyIsNotNull,
		ImplicitSchemas: true, // ATTACH makes schemas that no DDL creates
		IndexMethod:     "btree",
	}
}

// KeyIsNotNull tells whether being in the primary key makes a column NOT NULL. Against the
// standard that holds in SQLite only for the column that is the rowid, and for the keys of
// WITHOUT ROWID and of STRICT tables; see https://www.sqlite.org/lang_createtable.html.
func KeyIsNotNull(t *catalog.Table, key *catalog.Constraint, c *catalog.Column) bool {
	return t.WithoutRowID || t.Strict || IsRowID(t, key, c)
}

// IsRowID tells whether c, the column of a primary key, is another name of the rowid: the
// key is that column alone and its declared type is exactly INTEGER. INTEGER PRIMARY KEY
// DESC, written at the column, is the one exception (lowering marks it by Using "desc").
func IsRowID(t *catalog.Table, key *catalog.Constraint, c *catalog.Column) bool {
	return !t.WithoutRowID && key != nil && len(key.Columns) == 1 && strings.EqualFold(key.Columns[0], c.Name) &&
		strings.EqualFold(dequote(strings.TrimSpace(c.Declared)), "INTEGER") && key.Using != keyDesc
}

// keyDesc marks the key of INTEGER PRIMARY KEY DESC.
const keyDesc = "desc"

// NewSnapshot is an empty database: main and temp. The tables that the engine itself has
// are found by name and not listed.
func (engine) NewSnapshot() *catalog.Snapshot {
	s := &catalog.Snapshot{
		Engine: catalog.SQLite, DefaultSchema: "main",
		Implicit: []string{"temp"}, SearchPath: []string{"main"},
	}
	s.Add("main", nil, nil, nil).Load = mainTables.load
	s.Add("temp", nil, nil, nil).Load = tempTables.load
	return s
}

// systemTables are tables that exist without a CREATE; each is made once.
type systemTables struct {
	specs  map[string]string
	schema string
	made   sync.Map // folded name -> *catalog.Table
}

const masterColumns = "type TEXT!, name TEXT!, tbl_name TEXT!, rootpage INTEGER, sql TEXT"

var (
	mainTables = &systemTables{schema: "main", specs: map[string]string{
		"sqlite_master":   masterColumns,
		"sqlite_schema":   masterColumns,
		"sqlite_sequence": "name any, seq any",
		"sqlite_stat1":    "tbl any, idx any, stat any",
		"sqlite_stat4":    "tbl any, idx any, neq any, nlt any, ndlt any, sample any",
	}}
	tempTables = &systemTables{schema: "temp", specs: map[string]string{
		"sqlite_temp_master": masterColumns,
		"sqlite_temp_schema": masterColumns,
	}}
)

func (s *systemTables) load(folded string) *catalog.Table {
	if t, ok := s.made.Load(folded); ok {
		return t.(*catalog.Table)
	}
	spec, ok := s.specs[folded]
	if !ok {
		return nil
	}
	t := &catalog.Table{Name: folded, Columns: catalogColumns(columnsOf(spec))}
	for _, c := range t.Columns {
		c.Table = t
	}
	t.Schema = s.schema
	first, _ := s.made.LoadOrStore(folded, t)
	return first.(*catalog.Table)
}
