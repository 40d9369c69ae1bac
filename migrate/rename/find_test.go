package rename_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/migrate/plan"
	"github.com/covetsql/covetsql/migrate/rename"
)

// findCases are schemas before and after, with the renames that are there to be found; the certain ones have a mark.
var findCases = []struct {
	name     string
	engines  []string
	from, to string
	want     []string
	refused  []rename.Rename
}{
	{"a column", []string{"postgresql", "mysql", "mariadb", "sqlite"},
		"CREATE TABLE users (id int PRIMARY KEY, name varchar(20) NOT NULL, mail_address varchar(99) NOT NULL, born date);",
		"CREATE TABLE users (id int PRIMARY KEY, name varchar(20) NOT NULL, email_address varchar(99) NOT NULL, born date);",
		[]string{"column users.mail_address to email_address"}, nil},
	{"a table with a column of it, and what has its name", []string{"postgresql"},
		"CREATE TABLE people (id serial PRIMARY KEY, mail text NOT NULL UNIQUE, born date, height int CHECK (height > 0)); CREATE TABLE posts (id int PRIMARY KEY, author int REFERENCES people (id));",
		"CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE, born date, height int CHECK (height > 0)); CREATE TABLE posts (id int PRIMARY KEY, author int REFERENCES users (id));",
		[]string{"table people to users", "column users.mail to email", "constraint users.people_height_check to users_height_check", "constraint users.people_mail_key to users_email_key", "constraint users.people_pkey to users_pkey", "sequence people_id_seq to users_id_seq"}, nil},
	{"a table that others refer to", []string{"mysql", "mariadb", "sqlite"},
		"CREATE TABLE people (id int PRIMARY KEY, height int, born date); CREATE TABLE posts (id int PRIMARY KEY, author int, CONSTRAINT f FOREIGN KEY (author) REFERENCES people (id));",
		"CREATE TABLE persons (id int PRIMARY KEY, height int, born date); CREATE TABLE posts (id int PRIMARY KEY, author int, CONSTRAINT f FOREIGN KEY (author) REFERENCES persons (id));",
		[]string{"table people to persons"}, nil},
	{"two tables that refer to each other", []string{"mysql", "sqlite"},
		"CREATE TABLE accounts (id int PRIMARY KEY, height int, born date); CREATE TABLE orders (id int PRIMARY KEY, total int, account int, CONSTRAINT f FOREIGN KEY (account) REFERENCES accounts (id)); CREATE TABLE notes (id int PRIMARY KEY, note text, about int, CONSTRAINT g FOREIGN KEY (about) REFERENCES orders (id));",
		"CREATE TABLE users (id int PRIMARY KEY, height int, born date); CREATE TABLE purchases (id int PRIMARY KEY, total int, account int, CONSTRAINT f FOREIGN KEY (account) REFERENCES users (id)); CREATE TABLE notes (id int PRIMARY KEY, note text, about int, CONSTRAINT g FOREIGN KEY (about) REFERENCES purchases (id));",
		[]string{"table accounts to users", "table orders to purchases"}, nil},
	{"a table that is another", []string{"postgresql", "mysql", "sqlite"},
		"CREATE TABLE a (id int PRIMARY KEY, x int); CREATE TABLE invoices (id int PRIMARY KEY, total int, due date);",
		"CREATE TABLE a (id int PRIMARY KEY, x int); CREATE TABLE logins (id int PRIMARY KEY, secret varchar(20), agent varchar(20));", nil, nil},
	{"types without a cast", []string{"postgresql", "mysql"},
		"CREATE TABLE t (id int, started date);", "CREATE TABLE t (id int, starter int);", nil, nil},
	{"a computed column", []string{"postgresql", "mysql", "sqlite"},
		"CREATE TABLE t (id int, total int);", "CREATE TABLE t (id int, totals int GENERATED ALWAYS AS (id + 1) STORED);", nil, nil},
	{"a key to another table that stays", []string{"postgresql", "sqlite"},
		"CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY); CREATE TABLE t (id int, a_id int REFERENCES a (id));",
		"CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY); CREATE TABLE t (id int, b_id int REFERENCES b (id));", nil, nil},
	{"columns side by side", []string{"postgresql", "mysql", "sqlite"},
		"CREATE TABLE t (id int, first varchar(9), last varchar(9), born date);", "CREATE TABLE t (id int, first_name varchar(9), last_name varchar(9), born date);",
		[]string{"column t.first to first_name", "column t.last to last_name"}, nil},
	{"an index", []string{"postgresql", "mysql", "mariadb"},
		"CREATE TABLE t (id int, a int); CREATE INDEX i ON t (a, id);", "CREATE TABLE t (id int, a int); CREATE INDEX t_a_id ON t (a, id);",
		[]string{"!index t.i to t_a_id"}, nil},
	{"an index over other columns", []string{"postgresql", "mysql", "mariadb"},
		"CREATE TABLE t (id int, a int); CREATE INDEX i ON t (a, id);", "CREATE TABLE t (id int, a int); CREATE INDEX t_a_id ON t (id, a);", nil, nil},
	{"values of an enum", []string{"postgresql"},
		"CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy'); CREATE TABLE t (m mood);", "CREATE TYPE mood AS ENUM ('sad', 'fine', 'happy'); CREATE TABLE t (m mood);",
		[]string{"enum value mood.ok to fine"}, nil},
	{"an enum and its column", []string{"postgresql"},
		"CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy'); CREATE TABLE t (id int, m mood);", "CREATE TYPE feeling AS ENUM ('sad', 'ok', 'happy'); CREATE TABLE t (id int, m feeling);",
		[]string{"type mood to feeling"}, nil},
	{"what somebody said no to", []string{"postgresql", "sqlite"},
		"CREATE TABLE t (id int, mail text);", "CREATE TABLE t (id int, email text);", nil, []rename.Rename{{Kind: rename.ColumnKind, Table: "t", Old: "mail", New: "email"}}},
	{"a view", []string{"postgresql"},
		"CREATE TABLE t (id int); CREATE VIEW v AS SELECT id FROM t; CREATE VIEW w AS SELECT id + 1 AS x FROM t;", "CREATE TABLE t (id int); CREATE VIEW v2 AS SELECT id FROM t; CREATE VIEW w2 AS SELECT id + 2 AS x FROM t;",
		[]string{"!view v to v2"}, nil},
}

func TestFind(t *testing.T) {
	for _, c := range findCases {
		for _, server := range c.engines {
			t.Run(c.name+"/"+server, func(t *testing.T) {
				s := scratch(t, server)
				from, to := snapshot(t, database(t, s, c.from)), snapshot(t, database(t, s, c.to))
				found, err := rename.Find(from, to, rename.Options{Refused: c.refused})
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, x := range found.Candidates {
					x.Schema = ""
					mark := ""
					if x.Certain {
						mark = "!"
					}
					got = append(got, mark+x.Rename.String())
					t.Logf("%s%s %.2f %v, needs %v", mark, x.Rename, x.P, x.Evidence, x.Needs)
				}
				slices.Sort(got)
				want := slices.Sorted(slices.Values(c.want))
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("got  %q\nwant %q", got, want)
				}
			})
		}
	}
}

// TestDecideEndsWithTheSchema: with every question answered by yes the renames alone make the new schema of the old one.
func TestDecideEndsWithTheSchema(t *testing.T) {
	for _, c := range findCases {
		if len(c.want) == 0 || c.refused != nil {
			continue
		}
		for _, server := range c.engines {
			if server == "sqlite" || c.name == "a view" {
				continue // which writes names of its own into its texts, and a view that is another
			}
			t.Run(c.name+"/"+server, func(t *testing.T) {
				s := scratch(t, server)
				old := database(t, s, c.from)
				from, to := snapshot(t, old), snapshot(t, database(t, s, c.to))
				d, err := rename.Decide(from, to, rename.Options{}, func(c rename.Candidate) (bool, error) {
					t.Log("asked:", c.Rename)
					return true, nil
				})
				if err != nil {
					t.Fatal(err)
				}
				up, _, err := rename.Statements(from, d.Accepted, s.Dialect.Quote)
				if err != nil {
					t.Fatal(err)
				}
				if err := old.Apply(context.Background(), plan.Plan{Steps: up}); err != nil {
					t.Fatal(err)
				}
				if got, want := outline(snapshot(t, old)), outline(to); got != want {
					t.Errorf("the renames %v give\n%s\nnot\n%s", d.Accepted, got, want)
				}
			})
		}
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name, from, to string
		manifest       string
		want           string // the renames, the hints, the errors
	}{
		{"to be run", "CREATE TABLE t (id int, mail text);", "CREATE TABLE t (id int,\n email text -- covet:renamed_from mail\n);", "", "run column main.t.mail to email"},
		{"run before", "CREATE TABLE t (id int, email text);", "CREATE TABLE t (id int,\n email text -- covet:renamed_from mail\n);", "", "done email"},
		{"nothing of the kind", "CREATE TABLE t (id int, post text);", "CREATE TABLE t (id int,\n email text -- covet:renamed_from mail\n);", "", "error schema.sql:2: column main.t.email is said to have been mail, and the schema before has neither"},
		{"a misspelling", "CREATE TABLE t (id int, e_mail text);", "CREATE TABLE t (id int,\n email text -- covet:renamed_from e_mial\n);", "", "error schema.sql:2: column main.t.email is said to have been e_mial, and the schema before has neither; did you mean e_mail?"},
		{"both in the new schema", "CREATE TABLE t (id int, mail text);", "CREATE TABLE t (id int, mail text,\n email text -- covet:renamed_from mail\n);", "", "error schema.sql:2: column main.t.email is said to have been mail, and the schema has both; drop the one, or take the directive out"},
		{"both in the old schema", "CREATE TABLE t (mail text, email text);", "CREATE TABLE t (email text -- covet:renamed_from mail\n);", "", "error schema.sql:1: column main.t.email is said to have been mail, and the schema before has both; drop email in a migration of its own first"},
		{"a column of a renamed table", "CREATE TABLE people (mail text);", "-- covet:renamed_from people\nCREATE TABLE users (email text -- covet:renamed_from mail\n);", "", "run table main.people to users, run column main.users.mail to email"},
		{"a table that is new", "CREATE TABLE a (x int);", "CREATE TABLE a (x int); CREATE TABLE users (\n email text -- covet:renamed_from mail\n);", "", "done email"},
		{"an empty schema", "", "-- covet:renamed_from people\nCREATE TABLE users (email text -- covet:renamed_from mail\n);", "", "done users, done email"},
		{"a chain", "CREATE TABLE t (a int, b int);", "CREATE TABLE t (b int, -- covet:renamed_from a\n c int -- covet:renamed_from b\n);", "", "run column main.t.a to b, run column main.t.b to c"},
		{"a chain that was run", "CREATE TABLE t (b int, c int);", "CREATE TABLE t (b int, -- covet:renamed_from a\n c int -- covet:renamed_from b\n);", "", "done b, done c"},
		{"a swap that the types tell", "CREATE TABLE t (a int, b text);", "CREATE TABLE t (b int, -- covet:renamed_from a\n a text -- covet:renamed_from b\n);", "", "run column main.t.a to b, run column main.t.b to a"},
		{"a swap that was run, as the types tell", "CREATE TABLE t (b int, a text);", "CREATE TABLE t (b int, -- covet:renamed_from a\n a text -- covet:renamed_from b\n);", "", "done b, done a"},
		{"a swap that nothing tells", "CREATE TABLE t (a int, b int);", "CREATE TABLE t (b int, -- covet:renamed_from a\n a int -- covet:renamed_from b\n);", "", "error schema.sql:2: column main.t.a and others change names among themselves, and nothing tells whether that was done before; take the directives out and say it once: covetsql migrate rename main.t.b a"},
		{"a swap by the manifest", "CREATE TABLE t (a int, b int);", "CREATE TABLE t (b int, a int);", "column t.a b\ncolumn t.b a\n", "run column main.t.a to b, run column main.t.b to a"},
		{"twice", "CREATE TABLE t (mail int);", "CREATE TABLE t (email int -- covet:renamed_from mail\n);", "column t.mail email\n", "run column main.t.mail to email"},
		{"two for one", "CREATE TABLE t (a int, b int);", "CREATE TABLE t (c int -- covet:renamed_from a\n);", "column t.b c\n", "run column main.t.a to c, error covetsql.renames:1: main.t.c is said to have been a and b; leave one"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := scratch(t, "sqlite")
			from, to := snapshot(t, database(t, s, c.from)), snapshot(t, database(t, s, c.to))
			directives, problems := rename.Directives(source.NewFile("schema.sql", c.to), s.Dialect.Lex())
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			more, err := rename.ReadManifest(source.NewFile(rename.ManifestName, c.manifest))
			if err != nil {
				t.Fatal(err)
			}
			told, problems := rename.Check(from, to, append(directives, more...))
			var got []string
			for _, r := range told.Renames {
				got = append(got, "run "+r.String())
			}
			for _, d := range told.Done {
				got = append(got, "done "+d.New)
			}
			for _, p := range problems {
				got = append(got, "error "+p.Error())
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), c.want)
			}
		})
	}
}

func TestDropsAndBackfillsAreFound(t *testing.T) {
	text := "-- covet:drop table Old\nCREATE TABLE t (\n id int,\n -- covet:drop mail\n n int NOT NULL -- covet:backfill 1 + 1\n);"
	s := scratch(t, "sqlite")
	to := snapshot(t, database(t, s, text))
	directives, problems := rename.Directives(source.NewFile("schema.sql", text), s.Dialect.Lex())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	told, problems := rename.Check(to, to, directives)
	if len(problems) > 0 || len(told.Renames) > 0 {
		t.Fatal(problems, told)
	}
	for o, want := range map[plan.Object]bool{
		{Kind: "table", Name: "old"}: true, {Kind: "table", Schema: "main", Name: "Old"}: true, {Kind: "column", Table: "t", Name: "mail"}: true,
		{Kind: "column", Table: "t", Name: "id"}: false, {Kind: "table", Name: "t"}: false, {Kind: "column", Table: "old", Name: "x"}: false,
	} {
		if told.Drops.Allow(to, o) != want {
			t.Errorf("%s: %t", o, !want)
		}
	}
	if got := told.Backfills.Of(to)("", "t", "n", "0"); got != "1 + 1" {
		t.Errorf("backfill of t.n is %q", got)
	}
	if got := told.Backfills.Of(to)("", "t", "id", "0"); got != "" {
		t.Errorf("backfill of t.id is %q", got)
	}
}

func TestManifestsAreWrittenAsTheyAreRead(t *testing.T) {
	list := []rename.Rename{
		{Kind: "column", Schema: "app", Table: "users", Old: "mail", New: "email"}, {Kind: "table", Old: "people", New: "users"},
		{Kind: "enum value", Table: "mood", Old: "it's \"ok\"", New: "fine, so"}, {Kind: "materialized view", Old: "a b", New: "c.d"},
	}
	read, err := rename.ReadManifest(source.NewFile("covetsql.renames", rename.Manifest(list)))
	if err != nil {
		t.Fatal(err)
	}
	var got []rename.Rename
	for _, d := range read {
		got = append(got, d.Rename)
	}
	if !slices.Equal(got, list) {
		t.Errorf("%q becomes %q", list, got)
	}
	for words, want := range map[string]string{"users.mail email": "column users.mail to email", "people users": "table people to users", "index t.a b": "index t.a to b", "enum value mood.ok fine": "enum value mood.ok to fine"} {
		if r, err := rename.ParseRename(strings.Fields(words)); err != nil || r.String() != want {
			t.Errorf("%s is %v, %v", words, r, err)
		}
	}
	for _, words := range []string{"a", "", "a.b.c.d e", "index a b", "a b c"} {
		if r, err := rename.ParseRename(strings.Fields(words)); err == nil {
			t.Errorf("%s is %v", words, r)
		}
	}
}
