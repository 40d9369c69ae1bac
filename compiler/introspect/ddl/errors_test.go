package ddl_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	dialectmysql "github.com/covetsql/covetsql/compiler/dialect/mysql"
	dialectsqlite "github.com/covetsql/covetsql/compiler/dialect/sqlite"
	"github.com/covetsql/covetsql/compiler/introspect/mysql"
	"github.com/covetsql/covetsql/compiler/introspect/postgres"
	"github.com/covetsql/covetsql/compiler/introspect/sqlite"
)

// What goes wrong is said with the place and without the password, in whatever form it stood
// in the URI.
func TestErrorsTellTheServerAndNotThePassword(t *testing.T) {
	dir := t.TempDir()
	garbage := filepath.Join(dir, "garbage.db")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	pg := func(ctx context.Context, uri string) error { _, err := postgres.Read(ctx, uri); return err }
	my := func(ctx context.Context, uri string) error {
		_, err := mysql.Read(ctx, uri, dialectmysql.New())
		return err
	}
	lite := func(ctx context.Context, uri string) error {
		_, err := sqlite.Read(ctx, uri, dialectsqlite.New())
		return err
	}
	for _, c := range []struct {
		read func(context.Context, string) error
		uri  string
		want string
	}{
		{pg, "postgres://u:hunter2@127.0.0.1:1/db", "127.0.0.1, port 1"},
		{pg, "host=127.0.0.1 port=1 user=u password=hunter2 dbname=db", "127.0.0.1, port 1"},
		{pg, "postgres://u:hunter2@127.0.0.1:x/db", "can not be understood"},
		{pg, "postgres://u:hunter2%zz@h/db", "can not be understood"},
		{my, "mysql://u:hunter2@127.0.0.1:1/db", "127.0.0.1:1"},
		{my, "u:hunter2@tcp(127.0.0.1:1)/db", "127.0.0.1:1"},
		{my, "mysql://u:hunter2@127.0.0.1:x/db", "can not be understood"},
		{my, "mysql://u:hunter2@127.0.0.1:1/", "names no database"},
		{my, "u:hunter2@@@", "can not be understood"},
		{lite, filepath.Join(dir, "absent.db"), "no database file"},
		{lite, "sqlite://" + dir, "a folder"},
		{lite, garbage, "garbage.db"},
		{lite, ":memory:", "path of its file"},
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		err := c.read(ctx, c.uri)
		cancel()
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v, want %q", c.uri, err, c.want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "absent.db")); err == nil {
		t.Error("looking for a database made its file")
	}
}
