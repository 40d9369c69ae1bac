package rename

import (
	"fmt"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
)

func TestDirectivesStandBesideWhatTheyAreAbout(t *testing.T) {
	for _, c := range []struct {
		name string
		d    token.Dialect
		text string
		want []string
	}{
		{"behind a column", token.PostgreSQL, "CREATE TABLE users (\n  id int, -- covet:renamed_from uid\n  Email text -- covet:renamed_from mail\n);", []string{"column users.uid to id", "column users.mail to email"}},
		{"above a column", token.PostgreSQL, "CREATE TABLE app.users (\n  id int,\n  -- covet:renamed_from mail\n  email text\n);", []string{"column app.users.mail to email"}},
		{"above a column with the comma in front", token.SQLite, "CREATE TABLE users (\n  id int\n  -- covet:renamed_from mail\n  , email text\n  , [my name] text -- covet:renamed_from [name]\n);", []string{"column users.mail to email", "column users.name to my name"}},
		{"within a column of many lines", token.PostgreSQL, "CREATE TABLE users (\n  email text\n    -- covet:renamed_from mail\n    NOT NULL\n    DEFAULT ('a,b'), -- covet:backfill lower('X')\n  b int);", []string{"column users.mail to email", "backfill users.email lower('X')"}},
		{"a table", token.PostgreSQL, "-- covet:renamed_from people\nCREATE TABLE IF NOT EXISTS users (\n  id int\n);\nCREATE TABLE b ( -- covet:renamed_from a\n id int);", []string{"table people to users", "table a to b"}},
		{"behind a table's end", token.PostgreSQL, "CREATE TABLE b (\n id int\n); -- covet:renamed_from a", []string{"table a to b"}},
		{"an index, a constraint", token.PostgreSQL, "CREATE UNIQUE INDEX CONCURRENTLY i ON app.users (a); -- covet:renamed_from j\nCREATE TABLE t (\n a int,\n b int\n   CONSTRAINT positive CHECK (b > 0), -- covet:renamed_from above\n CONSTRAINT k UNIQUE (a, b) -- covet:renamed_from l\n);", []string{"index app.users.j to i", "constraint t.above to positive", "constraint t.l to k"}},
		{"MySQL's keys", token.MySQL, "CREATE TABLE `t` (\n a int,\n `key` int, -- covet:renamed_from k\n UNIQUE KEY `i` (a), # covet:renamed_from j\n KEY l (a) /* covet:renamed_from m */\n) ENGINE=InnoDB;", []string{"column t.k to key", "index t.j to i", "index t.m to l"}},
		{"an enum and its values", token.PostgreSQL, "-- covet:renamed_from feeling\nCREATE TYPE mood AS ENUM (\n  'sad', -- covet:renamed_from down\n  'it''s ok', -- covet:renamed_from 'o''k'\n  'glad');", []string{"type feeling to mood", "enum value mood.down to sad", "enum value mood.o'k to it's ok"}},
		{"domains, sequences, views", token.PostgreSQL, "CREATE DOMAIN email AS text; -- covet:renamed_from mail\n-- covet:renamed_from s\nCREATE SEQUENCE s2;\n-- covet:renamed_from v\nCREATE OR REPLACE VIEW v2 AS SELECT 1;\n-- covet:renamed_from m\nCREATE MATERIALIZED VIEW m2 AS SELECT 1;", []string{"domain mail to email", "sequence s to s2", "view v to v2", "materialized view m to m2"}},
		{"what was added later", token.PostgreSQL, "ALTER TABLE users ADD COLUMN IF NOT EXISTS email text; -- covet:renamed_from mail\nALTER TABLE users\n  ADD a int, -- covet:renamed_from b\n  ADD CONSTRAINT c CHECK (a > 0); -- covet:renamed_from d\nALTER TYPE mood ADD VALUE 'ok'; -- covet:renamed_from fine", []string{"column users.mail to email", "column users.b to a", "constraint users.d to c", "enum value mood.fine to ok"}},
		{"drops", token.PostgreSQL, "-- covet:drop table app.old\nCREATE TABLE users (\n  id int\n  -- covet:drop mail\n);\n-- covet:drop column users.name\n-- covet:drop materialized view v\n", []string{"drop table app.old", "drop column users.mail", "drop column users.name", "drop materialized view v"}},
		{"text in strings and bodies", token.PostgreSQL, "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT '-- covet:renamed_from x' $$;\nCREATE TABLE t (a text DEFAULT '-- covet:renamed_from y');", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			found, problems := Directives(source.NewFile("schema.sql", c.text), c.d)
			for _, p := range problems {
				t.Error(p)
			}
			var got []string
			for _, d := range found {
				switch d.Word {
				case "drop":
					got = append(got, "drop "+d.Kind+" "+d.path(d.Old))
				case "backfill":
					got = append(got, "backfill "+d.path(d.New)+" "+d.Expression)
				default:
					got = append(got, d.Rename.String())
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestDirectivesThatSayNothingAreErrors(t *testing.T) {
	for text, want := range map[string]string{
		"CREATE TABLE t (a int, b int); -- covet:renamed_from x":                                    "both stand on the line",
		"-- covet:renamed_from x\nINSERT INTO t VALUES (1);\nCREATE TABLE t (a int);":               "stands beside nothing",
		"CREATE TABLE t (\n a int -- covet:renamed_from\n);":                                        "write the old name",
		"CREATE TABLE t (\n a int -- covet:renamed_from b c\n);":                                    "is not one name",
		"-- covet:backfill 1\nCREATE TABLE t (a int);":                                              "a column is filled",
		"-- covet:rename_from x\nCREATE TABLE t (a int);":                                           "schema.sql:1: unknown directive covet:rename_from; did you mean covet:renamed_from?",
		"CREATE TABLE t (a int); /* covet:Drop column b */":                                         "did you mean covet:drop?",
		"-- covetsql:backfil 3\n":                                                                   "did you mean covet:backfill?",
		"-- covet:drop users.email\n":                                                               "does not say what is dropped",
		"CREATE TABLE t (\n PRIMARY KEY (a) -- covet:renamed_from x\n);\n-- covet:renamed_from z\n": "stands beside nothing",
	} {
		_, problems := Directives(source.NewFile("schema.sql", text), token.PostgreSQL)
		if len(problems) == 0 || !strings.Contains(problems[len(problems)-1].Error(), want) {
			t.Errorf("%s\ngives %v, want %s", text, problems, want)
		}
	}
}
