package draft_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/dialect/mysql"
	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/migrate/draft"
	"github.com/covetsql/covetsql/migrate/plan"
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

// TestNoWriteFailsWhileMySQLRenamesWhatTriggersUse: with a trigger that names a column that is not there any more, nothing can be written. Between any two
// statements of the migration, there and back, rows are written that name no renamed column.
func TestNoWriteFailsWhileMySQLRenamesWhatTriggersUse(t *testing.T) {
	writes := []string{"INSERT INTO people (id) VALUES (%d)", "UPDATE people SET age = age + 1", "DELETE FROM people WHERE id < 3"}
	for name, server := range map[string]*testkit.Server{"mysql": testkit.MySQL(t), "mariadb": testkit.MariaDB(t)} {
		t.Run(name, func(t *testing.T) {
			s := proof.Scratch{Dialect: mysql.New(), Server: server.URI("")}
			schema := func(column, log, more string) draft.Files {
				return files(t, s, column+".sql", `CREATE TABLE people (id int PRIMARY KEY, age int NOT NULL DEFAULT 0, `+column+` varchar(100) DEFAULT 'A'`+more+`);
CREATE TABLE `+log+` (id int AUTO_INCREMENT PRIMARY KEY, word varchar(100), made int);
CREATE VIEW v AS SELECT id, `+column+` FROM people;
CREATE TRIGGER a BEFORE INSERT ON people FOR EACH ROW SET NEW.`+column+` = lower(NEW.`+column+`);
CREATE TRIGGER b AFTER INSERT ON people FOR EACH ROW INSERT INTO `+log+` (word) VALUES (NEW.`+column+`);
CREATE TRIGGER c BEFORE UPDATE ON people FOR EACH ROW SET NEW.`+column+` = upper(NEW.`+column+`);
SET SESSION sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT';
CREATE TRIGGER d AFTER DELETE ON people FOR EACH ROW INSERT INTO "`+log+`" ("word") VALUES (OLD."`+column+`" || '!');
SET SESSION sql_mode = DEFAULT;
`)
			}
			from, to := schema("email", "log", ""), schema("mail", "words", ", born date NOT NULL DEFAULT '2000-01-01'")
			var directives []rename.Directive
			for _, words := range [][]string{{"people.email", "mail"}, {"log", "words"}} {
				r, err := rename.ParseRename(words)
				if err != nil {
					t.Fatal(err)
				}
				directives = append(directives, rename.Directive{Word: "renamed_from", Rename: r})
			}
			d, err := draft.Make(t.Context(), draft.Request{Scratch: s, From: from, To: to, Answers: draft.Answers{Directives: directives, Drop: func(plan.Loss) bool { return true }}})
			if err != nil {
				t.Fatal(err)
			}
			if !d.Ready() || len(d.Unmanaged) > 0 {
				t.Fatalf("open %v, refused %v, questions %v, unmanaged %v, report %v", d.Open, d.Refused, d.Questions, d.Unmanaged, d.Report)
			}
			live, err := from.Build(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			defer live.Close()
			n := 0
			for _, step := range append(d.Up.Steps, d.Down.Steps...) {
				for _, w := range writes {
					if n++; strings.Contains(w, "%d") {
						w = fmt.Sprintf(w, n)
					}
					if err := live.Run(t.Context(), w); err != nil {
						t.Errorf("before %s\n%s: %v", step.SQL, w, err)
					}
				}
				if err := live.Run(t.Context(), step.SQL); err != nil {
					t.Fatalf("%s: %v", step.SQL, err)
				}
			}
		})
	}
}
