package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/covetsql/covetsql/cmd/covetsql/internal/project"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/config"
	"github.com/covetsql/covetsql/compiler/dialect"
	introspectmysql "github.com/covetsql/covetsql/compiler/introspect/mysql"
	introspectpostgres "github.com/covetsql/covetsql/compiler/introspect/postgres"
	"github.com/covetsql/covetsql/internal/factory"
	"github.com/covetsql/covetsql/internal/iostreams"
	"github.com/covetsql/covetsql/internal/managed"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/history"
	"github.com/covetsql/covetsql/migrate/proof"
)

// target is what the verbs work on: a block of the configuration, its folder of migrations, its database.
type target struct {
	project.Options
	// Block chooses one of several blocks by its name or engine, Dir and Form overrule what the block says.
	Block, Dir, Form string
	// DatabaseEnv and DatabaseFile say where the URI of the database stands; "" takes the block's.
	DatabaseEnv, DatabaseFile string
	// DevURL is the URI of a server on which databases may be made; "" takes the block's, or the first of servers.
	DevURL string

	config *config.Config
	block  config.Package
	known  dialect.Dialect
}

func newTarget(io *iostreams.Streams) *target { return &target{Options: project.Options{IO: io}} }

// folderFlags are those of a verb that reads or writes migrations.
func (t *target) folderFlags() []cli.Flag {
	return []cli.Flag{
		t.FileFlag(),
		&cli.StringFlag{Name: "block", Usage: "the block of the configuration, by its name or engine, where there are several", Destination: &t.Block},
		&cli.StringFlag{Name: "dir", Usage: "the folder of migrations (default: migrations.dir of the block)", Destination: &t.Dir},
		&cli.StringFlag{Name: "form", Usage: "whose form the files have: " + strings.Join(config.MigrationForms, ", ") + " (default: found by the files)", Destination: &t.Form},
	}
}

// databaseFlags are those of a verb that needs the database. A URI holds a password, and what stands on a command line is seen by every
// user of the machine: so it is named, never given.
func (t *target) databaseFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "database-env", Usage: "the environment variable that holds the database's URI (default: database.uri of the block)", Destination: &t.DatabaseEnv},
		&cli.StringFlag{Name: "database-file", Usage: "a file that holds it", Destination: &t.DatabaseFile},
	}
}

// scratchFlags are those of a verb that tries something on a scratch database.
func (t *target) scratchFlags() []cli.Flag {
	return []cli.Flag{&cli.StringFlag{Name: "dev-url", EnvVars: []string{"COVETSQL_DEV_URL"}, Usage: "a server on which scratch databases may be made, its password as '${VARIABLE}' (default: migrations.scratch of the block, else servers)", Destination: &t.DevURL}}
}

// load finds the block.
func (t *target) load() error {
	c, list, err := t.Load()
	if err != nil {
		return err
	}
	if err := t.Finish(c, list); err != nil {
		return err
	}
	var found []config.Package
	var names []string
	for _, p := range c.Packages {
		if t.Block == "" || p.Name == t.Block || string(p.Engine) == t.Block {
			found = append(found, p)
		}
		names = append(names, strings.TrimSpace(p.Name+" "+string(p.Engine)))
	}
	if t.Block == "" && len(found) > 1 { // only one of them may speak of migrations
		var with []config.Package
		for _, p := range found {
			if p.Migrations != nil {
				with = append(with, p)
			}
		}
		if len(with) > 0 {
			found = with
		}
	}
	switch {
	case len(found) == 0:
		return factory.Usage("%s has no block %q; there are: %s", c.File.Path, t.Block, strings.Join(names, ", "))
	case len(found) > 1:
		return factory.Usage("%s has several blocks; choose one by --block (%s)", c.File.Path, strings.Join(names, ", "))
	}
	t.config, t.block = c, found[0]
	t.known = project.Dialect(t.block.Engine)
	if t.Form != "" {
		if err := factory.OneOf("form", t.Form, config.MigrationForms...); err != nil {
			return err
		}
	} else if m := t.block.Migrations; m != nil {
		t.Form = m.Form
	}
	return nil
}

// dir is the folder of migrations on disk.
func (t *target) dir() (string, error) {
	switch {
	case t.Dir != "":
		return t.Dir, nil
	case t.block.Migrations != nil:
		return filepath.Join(t.config.Dir, filepath.FromSlash(t.block.Migrations.Dir)), nil
	}
	return "", factory.Usage("where the migrations are is not said: write migrations: {dir: migrations} into the block, or give --dir")
}

// open opens the folder of migrations. make makes it where it is not there.
func (t *target) open(make bool) (*file.Disk, *file.Folder, error) {
	dir, err := t.dir()
	if err != nil {
		return nil, nil, err
	}
	if make {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, nil, fmt.Errorf("making the folder of migrations: %w", err)
		}
	}
	disk, err := file.OpenDisk(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("there is no folder %s; `covetsql migrate diff` or `covetsql migrate new NAME` makes it with the first migration", dir)
	}
	if err != nil {
		return nil, nil, err
	}
	folder, err := file.Open(disk.FS(), file.Options{Form: file.Form(t.Form), Dialect: t.known.Lex()})
	if err != nil {
		disk.Close()
		return nil, nil, err
	}
	return disk, folder, nil
}

// uri is where the database is. No error holds it.
func (t *target) uri() (string, error) {
	switch {
	case t.DatabaseEnv != "":
		uri, ok := os.LookupEnv(t.DatabaseEnv)
		if !ok || uri == "" {
			return "", fmt.Errorf("the environment variable %s is not set", t.DatabaseEnv)
		}
		return uri, nil
	case t.DatabaseFile != "":
		text, err := os.ReadFile(t.DatabaseFile)
		if err != nil {
			return "", fmt.Errorf("reading the database's URI: %w", err)
		}
		return strings.TrimSpace(string(text)), nil
	case t.block.Database != nil && t.block.Database.URI != "":
		return project.Expand(t.block.Database.URI)
	}
	return "", factory.Usage("which database is not said: write database: {uri: ${DATABASE_URL}} into the block, or give --database-env or --database-file")
}

// database opens the database.
func (t *target) database() (*sql.DB, error) {
	uri, err := t.uri()
	if err != nil {
		return nil, err
	}
	return opens[t.block.Engine](uri)
}

// opens are how the drivers are given a URI.
var opens = map[catalog.Engine]func(uri string) (*sql.DB, error){
	catalog.PostgreSQL: func(uri string) (*sql.DB, error) {
		if err := introspectpostgres.Check(uri); err != nil {
			return nil, err
		}
		return sql.Open("pgx", uri)
	},
	catalog.MySQL: func(uri string) (*sql.DB, error) {
		c, err := introspectmysql.Parse(uri)
		if err != nil {
			return nil, err
		}
		c.ParseTime = true
		return introspectmysql.Open(c)
	},
	catalog.SQLite: func(uri string) (*sql.DB, error) {
		for _, prefix := range []string{"sqlite3://", "sqlite://", "sqlite3:", "sqlite:", "file://", "file:"} {
			if rest, ok := strings.CutPrefix(uri, prefix); ok {
				uri = rest
				break
			}
		}
		path, query, _ := strings.Cut(uri, "?")
		if path == "" || path == ":memory:" {
			return nil, errors.New("an SQLite database is named by the path of its file")
		}
		if query != "" {
			query += "&"
		}
		u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: query + "_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)"}
		return sql.Open("sqlite", u.String())
	},
}

// runners are the engines by the names that the runner has for them.
var runners = map[catalog.Engine]history.Engine{
	catalog.PostgreSQL: history.PostgreSQL, catalog.MySQL: history.MySQL, catalog.SQLite: history.SQLite,
}

// scratch is where migrations are tried.
func (t *target) scratch() (proof.Scratch, error) {
	s := proof.Scratch{Dialect: t.known}
	if !managed.NeedsServer(t.block.Engine) {
		return s, nil
	}
	uri := t.DevURL
	if uri != "" && secret(uri) {
		return s, factory.Usage("--dev-url holds a password, which every user of the machine can see; give it as '${VARIABLE}', or set COVETSQL_DEV_URL")
	}
	if uri == "" && t.block.Migrations != nil {
		uri = t.block.Migrations.Scratch
	}
	for _, server := range t.config.Servers {
		if uri == "" && server.Engine == t.block.Engine {
			uri = server.URI
		}
	}
	if uri == "" {
		return s, factory.Usage("a migration is tried on a scratch database before it is written, and no server is known on which one may be made: " +
			"write migrations: {scratch: ${SCRATCH_URL}} into the block, or give --dev-url")
	}
	var err error
	s.Server, err = project.Expand(uri)
	return s, err
}

// secret tells whether a URI from the command line holds a password. One from the environment was not seen by anybody.
func secret(uri string) bool {
	if os.Getenv("COVETSQL_DEV_URL") == uri {
		return false
	}
	u, err := url.Parse(uri)
	if err != nil || u.User == nil {
		return strings.Contains(uri, "password=")
	}
	word, set := u.User.Password()
	return set && word != "" && !strings.HasPrefix(word, "${") && !strings.HasPrefix(word, "%7B") && !strings.Contains(word, "{")
}

// action runs a verb once the block was found.
func (t *target) action(f func(ctx context.Context, c *cli.Context) error) cli.ActionFunc {
	return func(c *cli.Context) error {
		if err := t.load(); err != nil {
			return err
		}
		return f(c.Context, c)
	}
}
