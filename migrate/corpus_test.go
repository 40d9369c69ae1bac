package migrate_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	dialectmysql "github.com/covetsql/covetsql/compiler/dialect/mysql"
	dialectsqlite "github.com/covetsql/covetsql/compiler/dialect/sqlite"
	"github.com/covetsql/covetsql/compiler/introspect/mysql"
	"github.com/covetsql/covetsql/compiler/introspect/postgres"
	"github.com/covetsql/covetsql/compiler/introspect/sqlite"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/migrate"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/history"
)

var corpusEngines = map[catalog.Engine]struct {
	engine migrate.Engine
	server func(testing.TB) *testkit.Server
	read   func(ctx context.Context, uri string) (*catalog.Snapshot, error)
}{
	catalog.PostgreSQL: {migrate.PostgreSQL, testkit.PostgreSQL, postgres.Read},
	catalog.MySQL: {migrate.MySQL, testkit.MySQL, func(ctx context.Context, uri string) (*catalog.Snapshot, error) {
		return mysql.Read(ctx, uri, dialectmysql.New())
	}},
	catalog.SQLite: {migrate.SQLite, testkit.SQLite, func(ctx context.Context, uri string) (*catalog.Snapshot, error) {
		return sqlite.Read(ctx, uri, dialectsqlite.New())
	}},
}

// mariaDB are projects whose migrations MySQL itself refuses: names that it reserves, keys on text without a length.
var mariaDB = map[string]bool{"azalea": true, "ncps": true}

// The migrations of real projects apply, and what the server then has is what the compiler reads from the folder.
func TestRealFoldersApplyAndAgreeWithTheCompiler(t *testing.T) {
	dir := os.Getenv("COVETSQL_ACCEPTANCE")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "acceptance")
	}
	configs, _ := filepath.Glob(filepath.Join(dir, "corpus", "*"))
	if len(configs) == 0 {
		t.Skip("the acceptance data is not beside the repository; set COVETSQL_ACCEPTANCE to its folder")
	}
	seen := map[string]bool{}
	for _, project := range configs {
		_ = filepath.WalkDir(project, func(path string, e os.DirEntry, err error) error {
			switch filepath.Base(path) {
			case "sqlc.yaml", "sqlc.yml", "sqlc.json":
			default:
				return err
			}
			cfg, _ := config.Load(path)
			for _, p := range cfg.Packages {
				for _, schema := range p.Schema {
					folder := filepath.Join(cfg.Dir, schema)
					info, err := os.Stat(folder)
					if err == nil && !info.IsDir() {
						folder = filepath.Dir(folder) // the files of a folder may be listed one by one
					}
					if err != nil || seen[folder] {
						continue
					}
					seen[folder] = true
					f, err := file.Open(os.DirFS(folder), file.Options{Dialect: map[catalog.Engine]token.Dialect{catalog.PostgreSQL: token.PostgreSQL, catalog.MySQL: token.MySQL, catalog.SQLite: token.SQLite}[p.Engine]})
					if err != nil {
						if !strings.Contains(err.Error(), "no file of the folder says") { // files of a schema, no migrations
							t.Error(folder, err)
						}
						continue
					}
					if len(f.Migrations) == 0 {
						continue
					}
					t.Run(filepath.Base(project)+"/"+string(p.Engine), func(t *testing.T) { realFolder(t, filepath.Base(project), folder, p.Engine) })
				}
			}
			return nil
		})
	}
}

func realFolder(t *testing.T, project, folder string, engine catalog.Engine) {
	e := corpusEngines[engine]
	s := e.server(t)
	if engine == catalog.MySQL && mariaDB[project] {
		s = testkit.MariaDB(t)
	}
	name := s.NewDatabase(t)
	db := s.Open(t, name)
	disk, err := file.OpenDisk(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer disk.Close()
	ctx := context.Background()
	r := migrate.Runner{DB: db, Engine: e.engine, FS: disk.FS()}
	st, err := r.Status(ctx)
	if err != nil {
		t.Fatal(err)
	}
	report, err := r.Apply(ctx, migrate.ApplyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %d migrations", st.Form, len(report.Steps))
	// A second look finds nothing to do.
	if report, err = r.Apply(ctx, migrate.ApplyOptions{}); err != nil || len(report.Steps) != 0 {
		t.Errorf("%+v %v", report, err)
	}
	for _, table := range history.Tables() {
		if _, err := db.Exec("DROP TABLE IF EXISTS " + e.engine.Quote(table)); err != nil {
			t.Fatal(err)
		}
	}
	live, err := e.read(ctx, s.URI(name))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	paths, errs := source.Expand(folder, []string{"."}, true)
	for _, err := range errs {
		t.Fatal(err)
	}
	for _, p := range paths {
		f, err := source.Read(filepath.Join(folder, p), p)
		if err != nil {
			t.Fatal(err)
		}
		text.WriteString(source.UpSide(f).Text + "\n;\n")
	}
	compiled, diags := compiler.ReadSchema(source.NewFile("schema.sql", text.String()), engine)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, d := range catalog.Equal(compiled, live) {
		if mariaDB[project] && strings.HasSuffix(d, "length: 0 and 768") {
			continue // MariaDB cuts a key on text by itself
		}
		// A dump that is a migration may hold the tool's own table.
		if !slices.ContainsFunc(history.Tables(), func(table string) bool { return strings.Contains(d, table) }) {
			t.Error(d)
		}
	}
}
