package rename

import (
	"fmt"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/migrate/plan"
)

func schemaOf(t *testing.T, sql string) *catalog.Snapshot {
	t.Helper()
	s, list := compiler.ReadSchema(source.NewFile("schema.sql", sql), catalog.PostgreSQL)
	if s == nil || len(list) > 0 {
		t.Fatal(list)
	}
	return s
}

const before = `CREATE SCHEMA app;
CREATE TYPE mood AS ENUM ('sad', 'so so', 'glad');
CREATE TABLE users (id bigint PRIMARY KEY, email text, "Odd name" text);
CREATE TABLE app.users (id bigint, nick text);
CREATE INDEX users_email ON users (email);
CREATE VIEW v AS SELECT 1 AS one;
CREATE SEQUENCE counter;
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';`

// --drop knew tables and columns only, and a name that nothing has was passed over.
func TestWhatIsNamedIsDroppedOrAnError(t *testing.T) {
	from, to := schemaOf(t, before), schemaOf(t, "CREATE TABLE users (id bigint PRIMARY KEY);")
	up := plan.Plan{Steps: []plan.Step{
		{SQL: "DROP POLICY p ON users", About: plan.Object{Kind: "policy", Schema: "public", Table: "users", Name: "p"}},
		{SQL: "ALTER TABLE users DROP COLUMN email", Losses: []plan.Loss{{Object: plan.Object{Kind: "column", Schema: "public", Table: "users", Name: "email"}, Rows: true}}},
	}}
	for text, want := range map[string]string{
		"users.email": "", "public.users.email": "", "column users.email": "", "app.users": "", "table app.users": "", "app.users.nick": "",
		`users."Odd name"`: "", "index users.users_email": "", "users_email": "", "enum value mood.sad": "", "mood.sad": "", "enum value mood.so so": "",
		"view v": "", "v": "", "sequence counter": "", "function f(integer)": "", "f": "", "type mood": "", "schema app": "", "policy users.p": "", "users.p": "",
		"nosuch":         "--drop nosuch: the old schema has nothing of that name",
		"users.emial":    "--drop users.emial: the old schema has nothing of that name; did you mean users.email?",
		"users.id":       "the new schema has the column users.id still; take it out of the schema files",
		"users":          "still",
		"email":          "nothing of that name",
		"view users":     "still",
		"index users.id": "nothing of that name",
	} {
		n, ok := ParseNamed(text)
		if !ok {
			t.Errorf("%s is no name", text)
			continue
		}
		got := fmt.Sprint(Judge(from, to, []Named{n}, up))
		if want == "" && got != "[]" || !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %q", text, got, want)
		}
	}
	for _, text := range []string{"", "a.b.c.d", "drop table users", "users."} {
		if _, ok := ParseNamed(text); ok {
			t.Errorf("%q is a name", text)
		}
	}
}

// `migrate rename nosuch.x y` was taken, and the next diff was wrong.
func TestARenameOfWhatNobodyHasIsAnError(t *testing.T) {
	from := schemaOf(t, before)
	told := []Directive{{Word: "renamed_from", Rename: Rename{Kind: TableKind, Old: "users", New: "people"}}}
	for text, want := range map[string]string{
		"users.email mail": "", "people.email mail": "", "app.users.nick name": "", "users people": "", "index users.users_email i": "", "view v w": "", "type mood feeling": "",
		"enum value mood.sad low": "",
		"nosuch.x y":              "the old schema has no table nosuch",
		"user.email mail":         "the old schema has no table user; did you mean users?",
		"users.emial mail":        "the old schema has no column users.emial; did you mean email?",
		"app.users.email mail":    "the old schema has no column app.users.email; there are id, nick",
		"usrs people":             "the old schema has no table usrs; did you mean users?",
		"enum value mood.sd low":  "did you mean sad?",
		"enum value moood.sad a":  "the old schema has no type moood; did you mean mood?",
	} {
		r, err := ParseRename(strings.Fields(text))
		if err != nil {
			t.Error(err)
			continue
		}
		err = Missing(from, told, r)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestARenameThatIsNotedAgainTakesThePlaceOfTheOld(t *testing.T) {
	parse := func(text string) Rename {
		r, err := ParseRename(strings.Fields(text))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	noted := []Directive{{Rename: parse("t.a b")}}
	for _, c := range []struct {
		text   string
		exists bool
		want   string
		ok     bool
	}{
		{"t.a c", true, "[column t.a to c]", true},
		{"t.b c", false, "[column t.a to c]", true},
		{"t.b a", false, "[]", true},
		{"t.b a", true, "[column t.a to b column t.b to a]", true}, // they change their names
		{"t.x y", true, "[column t.a to b column t.x to y]", true},
		{"t.x y", false, "", false},
	} {
		all, _, ok := Note(noted, parse(c.text), c.exists)
		if ok != c.ok || ok && fmt.Sprint(all) != c.want {
			t.Errorf("%s: %v %v", c.text, all, ok)
		}
	}
}
