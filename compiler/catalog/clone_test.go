package catalog_test

import (
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/dialect/mysql"
	"github.com/covetsql/covetsql/compiler/dialect/postgres"
	"github.com/covetsql/covetsql/compiler/dialect/sqlite"
	"github.com/covetsql/covetsql/compiler/introspect/ddl"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

// TestCloneStaysAsItWas holds that DDL over a clone does not reach the snapshot that it is of.
func TestCloneStaysAsItWas(t *testing.T) {
	for _, d := range []dialect.Dialect{postgres.New(), mysql.New(), sqlite.New()} {
		before, _ := ddl.Read(source.NewFile("schema.sql", "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE INDEX t_a ON t (a);"), d)
		text := ddl.Write(before, d.Quote)
		c := catalog.Clone(before)
		if diff := catalog.Equal(before, c); len(diff) > 0 {
			t.Errorf("%s: the clone differs: %v", d.Engine(), diff)
		}
		rules := d.SchemaRules()
		rules.Type = d.Type
		b := catalog.NewBuilder(c, rules)
		split, _ := token.Split(source.NewFile("change.sql", "ALTER TABLE t RENAME COLUMN a TO b; ALTER TABLE t ADD COLUMN c int; ALTER TABLE t RENAME TO u; CREATE TABLE t (x int);"), d.Lex(), token.Schema)
		for _, s := range split {
			tree, _ := d.Parse(s)
			b.Apply(tree)
		}
		if now := ddl.Write(before, d.Quote); now != text {
			t.Errorf("%s: the snapshot became\n%s", d.Engine(), now)
		}
	}
}
