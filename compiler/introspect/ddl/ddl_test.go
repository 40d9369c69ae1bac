package ddl_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
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
		if strings.Contains(d, `default: "'NOW()'"`) {
			continue // the server keeps the moment at which it read the string
		}
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

// run executes a schema a statement at a time, as a client does, on one connection. It
// returns what the server refuses.
func run(t *testing.T, d dialect.Dialect, server *testkit.Server, db, schema string) error {
	t.Helper()
	conn, err := server.Open(t, db).Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if server.Engine == "sqlite" { // a test database need not survive a power cut
		if _, err := conn.ExecContext(context.Background(), "PRAGMA synchronous = OFF"); err != nil {
			t.Fatal(err)
		}
	}
	statements, _ := token.Split(source.UpSide(source.NewFile("schema.sql", schema)), d.Lex(), token.Schema)
	for _, s := range statements {
		if _, err := conn.ExecContext(context.Background(), s.Span.Text()); err != nil {
			return fmt.Errorf("%s: %w", s.Span.Text(), err)
		}
	}
	return nil
}

// holds is the property: a database built from a schema and the schema's file give equal
// catalogs; so does the DDL written from the database, and a database built from that. refused
// is called where the server does not take the schema.
func holds(t *testing.T, e engine, name, schema string, refused func(error)) {
	t.Helper()
	server := e.server(t)
	read := func(db string) *catalog.Snapshot {
		s, err := e.read(context.Background(), server.URI(db))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	db := server.NewDatabase(t)
	if err := run(t, e.dialect, server, db, schema); err != nil {
		refused(err)
		return
	}
	live := read(db)
	same(t, "the file and the database", fromFile(t, e.dialect, name, schema), live)
	written := ddl.Write(live, e.dialect.Quote)
	if dir := os.Getenv("COVETSQL_DDL_OUT"); dir != "" {
		_ = os.WriteFile(filepath.Join(dir, name), []byte(written), 0o666)
	}
	same(t, "the database and its DDL", live, fromFile(t, e.dialect, "written.sql", written))
	again := server.NewDatabase(t)
	if err := run(t, e.dialect, server, again, written); err != nil {
		t.Errorf("the written DDL is refused: %v", err)
		return
	}
	same(t, "the database and one built from its DDL", live, read(again))
}

func TestADatabaseItsFileAndItsDDLAreOneSchema(t *testing.T) {
	for name, e := range engines {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("testdata", strings.Replace(name, "mariadb", "mysql", 1)+".sql")
			schema, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			holds(t, e, name+".sql", string(schema), func(err error) { t.Error(err) })
		})
	}
}

// The schemas of real projects hold the property too. What a file says that the server refuses
// leaves the project out, with the server's words.
func TestRealSchemasAreTheirDatabasesSchemas(t *testing.T) {
	dir := os.Getenv("COVETSQL_ACCEPTANCE")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "acceptance")
	}
	projects, _ := filepath.Glob(filepath.Join(dir, "corpus", "*", "tree"))
	if len(projects) == 0 {
		t.Skip("the acceptance data is not beside the repository; set COVETSQL_ACCEPTANCE to its folder")
	}
	names := map[catalog.Engine]string{catalog.PostgreSQL: "postgres", catalog.MySQL: "mysql", catalog.SQLite: "sqlite"}
	for _, project := range projects {
		_ = filepath.WalkDir(project, func(path string, e os.DirEntry, err error) error {
			switch e.Name() {
			case "sqlc.yaml", "sqlc.yml", "sqlc.json":
			default:
				return err
			}
			cfg, _ := config.Load(path)
			seen := map[string]bool{}
			for _, p := range cfg.Packages {
				key := string(p.Engine) + strings.Join(p.Schema, " ")
				if seen[key] {
					continue
				}
				seen[key] = true
				paths, _ := source.Expand(cfg.Dir, p.Schema, true)
				var text strings.Builder
				for _, file := range paths {
					f, err := source.Read(filepath.Join(cfg.Dir, file), file)
					if err != nil {
						t.Fatal(err)
					}
					text.WriteString(source.UpSide(f).Text + "\n;\n")
				}
				name := filepath.Base(filepath.Dir(project)) + "/" + filepath.Base(filepath.Dir(path)) + "/" + p.Name
				t.Run(name, func(t *testing.T) {
					holds(t, engines[names[p.Engine]], strings.ReplaceAll(name, "/", "_")+".sql", text.String(), func(err error) {
						t.Skipf("the server refuses the project's schema: %.300s", err)
					})
				})
			}
			return nil
		})
	}
}
