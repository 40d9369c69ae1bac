package hazard_test

import (
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/hazard"
)

// All pairs of RENAME TABLE are renamed, in their order, so that two tables can change names.
func TestAllPairsOfRenameTableAreRenamed(t *testing.T) {
	s, diags := compiler.ReadSchema(source.NewFile("schema.sql", "CREATE TABLE a (one int); CREATE TABLE b (two int); RENAME TABLE a TO c, b TO a, c TO b;"), catalog.MySQL)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	if s.Table("", "a").Columns[0].Name != "two" || s.Table("", "b").Columns[0].Name != "one" {
		t.Error("the tables did not change names")
	}
}

// What migrations of one run know of tables goes with the tables' names.
func TestARunKnowsTablesByTheirNewNames(t *testing.T) {
	for _, c := range []struct {
		name, engine, first, second string
		loud                        bool
	}{
		{"an empty table under its new name", "postgresql", "ALTER TABLE empty RENAME TO x;", "ALTER TABLE x ALTER COLUMN n TYPE bigint;", false},
		{"a full table under an empty one's name", "postgresql", "ALTER TABLE empty RENAME TO x; ALTER TABLE full_one RENAME TO empty;", "ALTER TABLE empty ALTER COLUMN n TYPE bigint;", true},
		{"a table in another schema", "postgresql", "CREATE SCHEMA s; ALTER TABLE empty SET SCHEMA s;", "ALTER TABLE s.empty ALTER COLUMN n TYPE bigint;", false},
		{"a table that got rows", "postgresql", "INSERT INTO empty SELECT n FROM full_one;", "ALTER TABLE empty ALTER COLUMN n TYPE bigint;", true},
		{"a table that a block may have filled", "postgresql", "DO $$ BEGIN INSERT INTO empty VALUES (1); END $$;", "ALTER TABLE empty ALTER COLUMN n TYPE bigint;", true},
		{"a table of the run", "postgresql", "CREATE TABLE y (n int);", "ALTER TABLE y ALTER COLUMN n TYPE bigint;", false},
		{"names that change places", "mysql", "RENAME TABLE empty TO c, full_one TO empty, c TO full_one;", "ALTER TABLE full_one MODIFY n bigint;", false},
		{"names that changed places", "mysql", "RENAME TABLE empty TO c, full_one TO empty, c TO full_one;", "ALTER TABLE empty MODIFY n bigint;", true},
		{"a renaming ALTER", "mysql", "ALTER TABLE empty RENAME TO c;", "ALTER TABLE c MODIFY n bigint;", false},
	} {
		engine := catalog.Engine(c.engine)
		s, diags := compiler.ReadSchema(source.NewFile("schema.sql", "CREATE TABLE empty (n int); CREATE TABLE full_one (n int);"), engine)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		empty := func(_, table string) bool { return table == "empty" }
		run := hazard.Run([]file.Side{side(t, engine, c.first), side(t, engine, c.second)}, s, hazard.Options{Empty: empty, LockTimeout: true})
		if loud := len(run[1].Found) > 0; loud != c.loud {
			t.Errorf("%s: %v", c.name, run[1].Found)
		}
		if strings.Contains(c.name, "block") != run[0].Statements[0].Unknown {
			t.Errorf("%s: %+v", c.name, run[0].Statements[0].Effect)
		}
	}
}
