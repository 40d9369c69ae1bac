package draft_test

import (
	"testing"

	"github.com/covetsql/covetsql/compiler/dialect/mysql"
	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/migrate/draft"
	"github.com/covetsql/covetsql/migrate/proof"
	"github.com/covetsql/covetsql/migrate/rename"
)

// TestMySQLViewsAndTriggersOfRenamedColumnsComeBack: the server keeps both as they were written, so that the way back makes them after it
// gave the columns their old names.
func TestMySQLViewsAndTriggersOfRenamedColumnsComeBack(t *testing.T) {
	for name, server := range map[string]*testkit.Server{"mysql": testkit.MySQL(t), "mariadb": testkit.MariaDB(t)} {
		t.Run(name, func(t *testing.T) {
			s := proof.Scratch{Dialect: mysql.New(), Server: server.URI("")}
			schema := func(column string) draft.Files {
				statements, err := s.Split(column+".sql", `CREATE TABLE users (id int PRIMARY KEY, `+column+` varchar(100));
CREATE VIEW v AS SELECT id, `+column+` FROM users;
CREATE VIEW w AS SELECT `+column+` FROM v;
CREATE TRIGGER lower_it BEFORE INSERT ON users FOR EACH ROW SET NEW.`+column+` = lower(NEW.`+column+`);
`)
				if err != nil {
					t.Fatal(err)
				}
				return draft.Files{Name: column, Statements: statements}
			}
			r, err := rename.ParseRename([]string{"users.email", "mail"})
			if err != nil {
				t.Fatal(err)
			}
			d, err := draft.Make(t.Context(), draft.Request{Scratch: s, From: schema("email"), To: schema("mail"),
				Answers: draft.Answers{Directives: []rename.Directive{{Word: "renamed_from", Rename: r}}}})
			if err != nil {
				t.Fatal(err)
			}
			if !d.Ready() || len(d.Unmanaged) > 0 {
				t.Errorf("open %v, refused %v, unmanaged %v, report %v", d.Open, d.Refused, d.Unmanaged, d.Report)
			}
		})
	}
}
