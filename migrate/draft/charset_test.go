package draft_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect/mysql"
	introspect "github.com/covetsql/covetsql/compiler/introspect/mysql"
	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/migrate/draft"
	"github.com/covetsql/covetsql/migrate/plan"
	"github.com/covetsql/covetsql/migrate/proof"
)

func files(t *testing.T, s proof.Scratch, name, text string) draft.Files {
	t.Helper()
	statements, err := s.Split(name, text)
	if err != nil {
		t.Fatal(err)
	}
	return draft.Files{Name: name, Statements: statements}
}

// TestTheDatabasesCharacterSetIsTheTargets: files that name no character set are compared in that of the database that they are
// for, whatever the scratch server has, and what is planned for it names none.
func TestTheDatabasesCharacterSetIsTheTargets(t *testing.T) {
	const old = `CREATE TABLE users (id int PRIMARY KEY, name varchar(100), bio text, kind enum('a','b'));
CREATE TABLE told (name varchar(10)) DEFAULT CHARSET=utf8mb3;
CREATE VIEW v AS SELECT concat(name, 'x') AS x FROM users;
CREATE FUNCTION f(x varchar(10)) RETURNS varchar(10) DETERMINISTIC RETURN concat(x, 'y');
CREATE TRIGGER g BEFORE INSERT ON users FOR EACH ROW SET NEW.name = lower(NEW.name);
`
	for name, server := range map[string]*testkit.Server{"mysql": testkit.MySQL(t), "mariadb": testkit.MariaDB(t)} {
		for _, charset := range []string{"CHARACTER SET latin1", "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "CHARACTER SET utf8mb4"} {
			t.Run(name+"/"+charset, func(t *testing.T) {
				s := proof.Scratch{Dialect: mysql.New(), Server: server.URI("")}
				database := server.NewDatabase(t)
				server.Exec(t, database, "ALTER DATABASE "+charset)
				for _, one := range files(t, s, "old.sql", old).Statements {
					server.Exec(t, database, one.Text)
				}
				target := draft.Live{Name: "the database", Read: func(ctx context.Context) (*catalog.Snapshot, error) {
					return introspect.Read(ctx, server.URI(database), s.Dialect)
				}}
				made := func(from, to draft.Schema) *draft.Draft {
					t.Helper()
					d, err := draft.Make(t.Context(), draft.Request{Scratch: s, From: from, To: to, Answers: draft.Answers{Drop: func(plan.Loss) bool { return true }}})
					if err != nil {
						t.Fatal(err)
					}
					return d
				}
				same := files(t, s, "same.sql", old)
				for way, d := range map[string]*draft.Draft{"to the files": made(target, same), "to the database": made(same, target)} {
					if !d.InSync() {
						t.Errorf("%s: %v unmanaged %v", way, statements(d.Up), d.Unmanaged)
					}
				}
				d := made(target, files(t, s, "new.sql", old+`CREATE TABLE posts (id int PRIMARY KEY, title varchar(100));
CREATE TABLE loud (name varchar(100)) DEFAULT CHARSET=utf8mb4;
ALTER TABLE users ADD COLUMN mail varchar(100);
`))
				if !d.Ready() {
					t.Fatalf("%v", d.Report)
				}
				for _, sql := range statements(d.Up) {
					if strings.Contains(sql, "ALTER DATABASE") || strings.Contains(sql, "CHARSET") != strings.Contains(sql, "loud") {
						t.Errorf("planned: %s", sql)
					}
					server.Exec(t, database, sql)
				}
				var different int
				query := `SELECT count(*) FROM information_schema.tables t JOIN information_schema.schemata d ON d.schema_name = t.table_schema
					WHERE t.table_schema = ? AND t.table_name IN ('posts', 'users') AND t.table_collation <> d.default_collation_name`
				if err := server.Open(t, database).QueryRow(query, database).Scan(&different); err != nil || different != 0 {
					t.Errorf("%d tables have another collation than the database: %v", different, err)
				}
				if d := made(target, files(t, s, "told.sql", "CREATE DATABASE x DEFAULT CHARACTER SET = ascii;\nUSE x;\n"+old)); len(d.Up.Steps) == 0 || !strings.HasPrefix(d.Up.Steps[0].SQL, "ALTER DATABASE DEFAULT CHARACTER SET ascii") {
					t.Errorf("files that name another one: %v", statements(d.Up))
				}
			})
		}
	}
}

// TestTheScratchServersCharacterSetIsNotWritten: without a database to compare with a migration names the character sets that the files name.
func TestTheScratchServersCharacterSetIsNotWritten(t *testing.T) {
	for name, server := range map[string]*testkit.Server{"mysql": testkit.MySQL(t), "mariadb": testkit.MariaDB(t)} {
		t.Run(name, func(t *testing.T) {
			s := proof.Scratch{Dialect: mysql.New(), Server: server.URI("")}
			d, err := draft.Make(t.Context(), draft.Request{Scratch: s, From: files(t, s, "empty.sql", ""), To: files(t, s, "new.sql", `
CREATE TABLE silent (a varchar(10), b text);
CREATE TABLE IF NOT EXISTS `+"`also silent`"+` (a varchar(10));
CREATE TABLE told (a varchar(10)) CHARSET utf8mb4;
CREATE TABLE told_by_a_column (a varchar(10) CHARACTER SET utf8mb4);
CREATE TABLE told_later (a varchar(10));
ALTER TABLE told_later CONVERT TO CHARACTER SET utf8mb4;
CREATE TABLE told_as_another LIKE told;
`)})
			if err != nil {
				t.Fatal(err)
			}
			if !d.Ready() || len(d.Unmanaged) > 0 {
				t.Errorf("%v %v", d.Report, d.Unmanaged)
			}
			for _, sql := range statements(d.Up) {
				if strings.Contains(sql, "CHARSET") == strings.Contains(sql, "silent") {
					t.Error(sql)
				}
			}
		})
	}
}

func statements(p plan.Plan) (out []string) {
	for _, s := range p.Steps {
		out = append(out, fmt.Sprint(s.SQL))
	}
	return out
}
