package ddl_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	dialectmysql "github.com/covetsql/covetsql/compiler/dialect/mysql"
	dialectpostgres "github.com/covetsql/covetsql/compiler/dialect/postgres"
	dialectsqlite "github.com/covetsql/covetsql/compiler/dialect/sqlite"
	"github.com/covetsql/covetsql/compiler/introspect/ddl"
	"github.com/covetsql/covetsql/compiler/introspect/mysql"
	"github.com/covetsql/covetsql/compiler/introspect/postgres"
	"github.com/covetsql/covetsql/compiler/introspect/sqlite"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/internal/testkit"
)

// fromFile reads DDL as the compiler does.
func fromFile(t *testing.T, d dialect.Dialect, name, text string) *catalog.Snapshot {
	t.Helper()
	rules := d.SchemaRules()
	rules.Type, rules.Extension = d.Type, d.Extension
	rules.Columns = func(q ir.Query, columns []ir.Ident, in *catalog.Snapshot) ([]*catalog.Column, diag.List) {
		return sem.QueryColumns(q, columns, in, d)
	}
	statements, diags := token.Split(source.UpSide(source.NewFile(name, text)), d.Lex(), token.Schema)
	b := catalog.NewBuilder(d.NewSnapshot(), rules)
	for _, s := range statements {
		tree, ds := d.Parse(s)
		diags.Add(ds...)
		if tree != nil {
			b.Apply(tree)
		}
	}
	s, ds := b.Snapshot()
	diags.Add(ds...)
	for _, d := range diags {
		if d.Severity == diag.Error {
			t.Errorf("%s: %v", name, d)
		}
	}
	return s
}

func same(t *testing.T, what string, a, b *catalog.Snapshot) {
	t.Helper()
	for _, d := range catalog.Equal(a, b) {
		t.Errorf("%s: %s", what, d)
	}
}

// engine is one engine's way through the property below.
type engine struct {
	dialect dialect.Dialect
	server  func(testing.TB) *testkit.Server
	read    func(ctx context.Context, uri string) (*catalog.Snapshot, error)
}

var engines = map[string]engine{
	"postgres": {dialectpostgres.New(), testkit.PostgreSQL, postgres.Read},
	"mysql":    {dialectmysql.New(), testkit.MySQL, readMySQL},
	"mariadb":  {dialectmysql.New(), testkit.MariaDB, readMySQL},
	"sqlite": {dialectsqlite.New(), testkit.SQLite, func(ctx context.Context, uri string) (*catalog.Snapshot, error) {
		return sqlite.Read(ctx, uri, dialectsqlite.New())
	}},
}

func readMySQL(ctx context.Context, uri string) (*catalog.Snapshot, error) {
	return mysql.Read(ctx, uri, dialectmysql.New())
}

// delimiters takes off what only the mysql client understands.
func delimiters(text string) string {
	return strings.ReplaceAll(regexp.MustCompile("(?m)^DELIMITER.*\n").ReplaceAllString(text, ""), ";;\n", ";\n")
}

// holds is the property: a database built from a schema and the schema's file give equal
// catalogs; so does the DDL written from the database, and a database built from that.
func holds(t *testing.T, e engine, name, schema string) {
	t.Helper()
	server := e.server(t)
	build := func(schema string) *catalog.Snapshot {
		db := server.NewDatabase(t)
		server.Exec(t, db, delimiters(schema))
		s, err := e.read(context.Background(), server.URI(db))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	live := build(schema)
	same(t, "the file and the database", fromFile(t, e.dialect, name, schema), live)
	written := ddl.Write(live, e.dialect.Quote)
	if dir := os.Getenv("COVETSQL_DDL_OUT"); dir != "" {
		_ = os.WriteFile(filepath.Join(dir, strings.ReplaceAll(name, "/", "_")), []byte(written), 0o666)
	}
	same(t, "the database and its DDL", live, fromFile(t, e.dialect, "written.sql", written))
	same(t, "the database and one built from its DDL", live, build(written))
}

func TestADatabaseItsFileAndItsDDLAreOneSchema(t *testing.T) {
	for name, e := range engines {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("testdata", strings.Replace(name, "mariadb", "mysql", 1)+".sql")
			schema, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			holds(t, e, name+".sql", string(schema))
		})
	}
}
