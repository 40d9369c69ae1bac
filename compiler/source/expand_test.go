package source

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// folder makes a folder with the named empty files.
func folder(t *testing.T, names ...string) string {
	dir := filepath.Join(t.TempDir(), "a[b]c") // a name that is a pattern itself
	for _, n := range names {
		path := filepath.Join(dir, n)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("SELECT 1;"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestExpandListsWhatTheConfigurationMeans(t *testing.T) {
	files := []string{
		"schema.sql", "notes.txt", ".hidden.sql",
		"queries/b.sql", "queries/a.sql", "queries/deep/c.sql", "queries/.x.sql", "queries/readme.md",
		"user/queries.sql", "label/queries.sql", "user/contact/queries.sql",
		"migrate/1_a.up.sql", "migrate/1_a.down.sql", "migrate/10_c.up.sql", "migrate/2_b.up.sql",
		"flyway/V1__a.sql", "flyway/V10__c.sql", "flyway/V2_1__b.sql", "flyway/V2__b.sql", "flyway/U2__b.sql", "flyway/R__views.sql",
		"mixed/10_x.sql", "mixed/2_x.sql", "mixed/base.sql",
		"empty/readme.md",
	}
	dir := folder(t, files...)
	for _, c := range []struct {
		patterns []string
		schema   bool
		want     string
		err      string
	}{
		{patterns: []string{"schema.sql"}, want: "schema.sql"},
		{patterns: []string{"./schema.sql"}, want: "schema.sql"},
		{patterns: []string{"queries"}, want: "queries/a.sql queries/b.sql"},
		{patterns: []string{"queries/"}, want: "queries/a.sql queries/b.sql"},
		{patterns: []string{"queries", "schema.sql"}, want: "queries/a.sql queries/b.sql schema.sql"},
		{patterns: []string{"queries/*.sql"}, want: "queries/a.sql queries/b.sql"},
		{patterns: []string{"queries/**"}, want: "queries/a.sql queries/b.sql queries/deep/c.sql"},
		{patterns: []string{"*/queries.sql", "*/*/queries.sql"}, want: "label/queries.sql user/queries.sql user/contact/queries.sql"},
		{patterns: []string{"../a[b]c/schema.sql"}, want: "schema.sql"},
		{patterns: []string{"migrate"}, schema: true, want: "migrate/1_a.up.sql migrate/2_b.up.sql migrate/10_c.up.sql"},
		{patterns: []string{"migrate"}, want: "migrate/10_c.up.sql migrate/1_a.up.sql migrate/2_b.up.sql"},
		{patterns: []string{"flyway"}, schema: true, want: "flyway/V1__a.sql flyway/V2__b.sql flyway/V2_1__b.sql flyway/V10__c.sql flyway/R__views.sql"},
		{patterns: []string{"mixed"}, schema: true, want: "mixed/10_x.sql mixed/2_x.sql mixed/base.sql"},
		{patterns: []string{"nowhere/*.sql", "schema.sql"}, want: "schema.sql", err: "nowhere/*.sql: matches no file"},
		{patterns: []string{"nowhere"}, err: "nowhere: no such file or folder"},
		{patterns: []string{"empty"}, err: "empty: no .sql file there"},
		{patterns: []string{"empty"}, schema: true},
		{patterns: []string{"a[.sql"}, err: "a[.sql: not a valid pattern"},
	} {
		got, errs := Expand(dir, c.patterns, c.schema)
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.patterns, strings.Join(got, " "), c.want)
		}
		if err := errors.Join(errs...); (err == nil) != (c.err == "") || (err != nil && !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%q: error %v, want %q", c.patterns, err, c.err)
		}
	}
	if got, errs := Expand("elsewhere", []string{filepath.Join(dir, "queries")}, false); len(errs) > 0 || got[0] != filepath.Join(dir, "queries", "a.sql") {
		t.Errorf("an absolute pattern gave %q, %v", got, errs)
	}
}

func TestReadSaysWhyAFileCanNotBeRead(t *testing.T) {
	dir := folder(t, "a.sql")
	for path, want := range map[string]string{
		"b.sql": "x.sql: no such file or folder",
		".":     "x.sql: is a folder where a file is meant",
	} {
		_, err := Read(filepath.Join(dir, path), "x.sql")
		var u *UnreadableError
		if !errors.As(err, &u) || err.Error() != want {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	if _, err := Read(filepath.Join(dir, "b.sql"), "x.sql"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the cause is lost: %v", err)
	}
	if os.Getuid() != 0 {
		secret := filepath.Join(dir, "a.sql")
		if err := os.Chmod(secret, 0); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(secret, "a.sql"); err == nil || err.Error() != "a.sql: no permission to read it" {
			t.Errorf("an unreadable file gave %v", err)
		}
	}
}

func TestUpSideBlanksWhatUndoesAMigration(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain":       {"CREATE TABLE a (i int);\n", "CREATE TABLE a (i int);\n"},
		"goose":       {"-- +goose Up\nA;\n-- +goose StatementBegin\nB;\n-- +goose StatementEnd\n-- +goose Down\nDROP;\nC;\n", "-- +goose Up\nA;\n-- +goose StatementBegin\nB;\n-- +goose StatementEnd\n"},
		"goose down":  {"-- +goose down\r\nDROP é;\r\n", ""},
		"twice":       {"-- +migrate Up\nA;\n-- +migrate Down\nB;\n-- +migrate Up\nC;", "-- +migrate Up\nA;\n-- +migrate Up\nC;"},
		"dbmate":      {"-- migrate:up transaction:false\nA;\n\n-- migrate:down transaction:false\nB;\n", "-- migrate:up transaction:false\nA;\n"},
		"tern":        {"A;\n---- create above / drop below ----\nB;", "A;\n"},
		"atlas":       {"-- atlas:txtar\n\n-- checks.sql --\nB;\n-- migration.sql --\nA;\n-- down.sql --\nC;\n", "A;\n"},
		"not a mark":  {"SELECT '-- +goose Down';\nA;", "SELECT '-- +goose Down';\nA;"},
		"only quoted": {"-- see +goose Down\nA;", "-- see +goose Down\nA;"},
	} {
		up := UpSide(NewFile("x.sql", c.in))
		if len(up.Text) != len(c.in) || strings.Count(up.Text, "\n") != strings.Count(c.in, "\n") {
			t.Errorf("%s: offsets changed: %q", name, up.Text)
		}
		var kept []string
		for _, line := range strings.SplitAfter(up.Text, "\n") {
			if strings.TrimSpace(line) != "" {
				kept = append(kept, line)
			}
		}
		var want []string
		for _, line := range strings.SplitAfter(c.want, "\n") {
			if strings.TrimSpace(line) != "" {
				want = append(want, line)
			}
		}
		if !slices.Equal(kept, want) {
			t.Errorf("%s:\n got %q\nwant %q", name, kept, want)
		}
	}
	plain := NewFile("x.sql", "A;")
	if UpSide(plain) != plain {
		t.Error("a file without marks was copied")
	}
}
