package hazard_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect/mysql"
	introspect "github.com/covetsql/covetsql/compiler/introspect/mysql"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/migrate/hazard/ask"
	"github.com/covetsql/covetsql/migrate/hazard/effect"
	hazardmysql "github.com/covetsql/covetsql/migrate/hazard/mysql"
)

// TestMySQLClasses asks MySQL and MariaDB of each ALTER TABLE of testdata/alters.txt: the best class that they take is the one that is
// announced. A line may name the server that it is about.
func TestMySQLClasses(t *testing.T) {
	schema, err := os.ReadFile(filepath.Join("testdata", "mysql.sql"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join("testdata", "alters.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for name, start := range map[string]func(testing.TB) *testkit.Server{"mysql": testkit.MySQL, "mariadb": testkit.MariaDB} {
		t.Run(name, func(t *testing.T) {
			server := start(t)
			db := server.NewDatabase(t)
			server.Exec(t, db, string(schema))
			ctx := context.Background()
			s, err := introspect.Read(ctx, server.URI(db), mysql.New())
			if err != nil {
				t.Fatal(err)
			}
			conn, err := server.Open(t, db).Conn(ctx)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			asked, agree := 0, 0
			for line := range strings.Lines(string(text)) {
				line = strings.TrimSpace(line)
				if only, rest, ok := strings.Cut(line, ": "); ok && (only == "mysql" || only == "mariadb") {
					if only != name {
						continue
					}
					line = rest
				}
				if line == "" {
					continue
				}
				st, e := effectOf(t, line, s)
				got, err := ask.MySQL(ctx, conn, st, e.tree, mysql.New().Quote)
				if err != nil {
					t.Fatalf("%s: %v", line, err)
				}
				asked++
				switch {
				case got.Class == effect.Unclassed:
					t.Errorf("%s: the server refuses it: %s", line, got.Refused)
				case got.Class != e.Class:
					t.Errorf("%s: announced %s, the server does it by %s (%s)", line, e.Class, got.Class, got.Reason)
				default:
					agree++
				}
			}
			t.Logf("%d of %d statements agree with %s %s", agree, asked, name, server.Version)
		})
	}
}

type altered struct {
	effect.Effect
	tree *ir.AlterTable
}

func effectOf(t testing.TB, line string, s *catalog.Snapshot) (*token.Statement, altered) {
	t.Helper()
	split, _ := token.Split(source.NewFile("alter.sql", line), token.MySQL, token.Schema)
	if len(split) != 1 {
		t.Fatalf("%s is no statement", line)
	}
	tree, diags := mysql.New().Parse(split[0])
	if tree == nil {
		t.Fatalf("%s: %v", line, diags)
	}
	e := hazardmysql.Of(effect.Scene{Schema: s, Statement: split[0], Tree: tree})
	return split[0], altered{e, tree.(*ir.AlterTable)}
}
