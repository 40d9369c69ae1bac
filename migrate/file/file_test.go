package file

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/covetsql/covetsql/compiler/token"
)

func folder(files map[string]string) fs.FS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

func open(t *testing.T, d token.Dialect, files map[string]string) *Folder {
	t.Helper()
	f, err := Open(folder(files), Options{Dialect: d})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func sqls(s Side) (out []string) {
	for _, st := range s.Statements {
		out = append(out, st.SQL)
	}
	return out
}

// Each form is found out, and its sides, names, versions and words are read.
func TestForms(t *testing.T) {
	for _, c := range []struct {
		form     Form
		files    map[string]string
		versions []string
		up, down []string // of the first
		none     bool
	}{
		{Own, map[string]string{SumFile: "", "20260102030405_a.up.sql": "CREATE TABLE a (x int);\nSELECT 1", "20260102030405_a.down.sql": "DROP TABLE a;"},
			[]string{"20260102030405"}, []string{"CREATE TABLE a (x int)", "SELECT 1"}, []string{"DROP TABLE a"}, false},
		{Goose, map[string]string{"00002_b.sql": "-- +goose Up\nSELECT 2;", "00010_c.go": "package m", "00001_a.sql": "-- +goose NO TRANSACTION\n-- +goose Up\n-- +goose StatementBegin\nDO $$ x; $$;\nSELECT 3;\n-- +goose StatementEnd\nSELECT 4;\n-- +goose Down\nDROP TABLE a;"},
			[]string{"1", "2", "10"}, []string{"DO $$ x; $$;\nSELECT 3", "SELECT 4"}, []string{"DROP TABLE a"}, true},
		{GolangMigrate, map[string]string{"000001_a.up.sql": "BEGIN;\nSELECT 1;\nSELECT 2;\nCOMMIT;", "000001_a.down.sql": "DROP TABLE a", "10_c.up.sql": "", "9_b.up.sql": ""},
			[]string{"1", "9", "10"}, []string{"SELECT 1", "SELECT 2"}, []string{"DROP TABLE a"}, false},
		{Dbmate, map[string]string{"20260101000000_a.sql": "-- migrate:up transaction:false\nSELECT 1;\n-- migrate:down\nSELECT 2;\n"},
			[]string{"20260101000000"}, []string{"SELECT 1"}, []string{"SELECT 2"}, true},
		{SQLMigrate, map[string]string{"1-a.sql": "-- +migrate Up notransaction\nSELECT 1;\n-- +migrate Down\nSELECT 2;\n", "10-b.sql": "-- +migrate Up\n", "2-c.sql": "-- +migrate Up\n"},
			[]string{"1-a.sql", "2-c.sql", "10-b.sql"}, []string{"SELECT 1"}, []string{"SELECT 2"}, true},
		{Tern, map[string]string{"001_a.sql": "SELECT 1;\n---- create above / drop below ----\nSELECT 2;", "002_b.sql": "SELECT 3;"},
			[]string{"1", "2"}, []string{"SELECT 1"}, []string{"SELECT 2"}, false},
		{Atlas, map[string]string{"atlas.sum": "h1:x\n", "1_a.sql": "-- atlas:txmode none\n\nSELECT 1;", "2_b.sql": "-- atlas:txtar\n\n-- migration.sql --\nSELECT 2;\n-- down.sql --\nSELECT 3;\n"},
			[]string{"1", "2"}, []string{"SELECT 1"}, nil, true},
		{Flyway, map[string]string{"V1__a.sql": "SELECT 1;", "U1__a.sql": "SELECT 2;", "V1_10__c.sql": "", "V1.9__b.sql": "", "R__views.sql": "SELECT 9", "V1__a.sql.conf": "executeInTransaction=false"},
			[]string{"1", "1.9", "1.10"}, []string{"SELECT 1"}, []string{"SELECT 2"}, true},
	} {
		t.Run(string(c.form), func(t *testing.T) {
			f := open(t, token.PostgreSQL, c.files)
			var versions []string
			for _, m := range f.Migrations {
				versions = append(versions, m.Version)
			}
			m := f.Migrations[0]
			if f.Form != c.form || !reflect.DeepEqual(versions, c.versions) || !reflect.DeepEqual(sqls(m.Up), c.up) || !reflect.DeepEqual(sqls(m.Down), c.down) || (m.Up.Transaction == None) != c.none {
				t.Errorf("form %s, versions %q, up %q, down %q, transaction %d", f.Form, versions, sqls(m.Up), sqls(m.Down), m.Up.Transaction)
			}
			for _, s := range append(m.Up.Statements, m.Down.Statements...) {
				file := c.files[s.Span.File.Path]
				if got := file[s.Span.Start:s.Span.End]; got != s.SQL {
					t.Errorf("the span of %q is %q", s.SQL, got)
				}
			}
		})
	}
}

func TestWhatIsWrongIsToldWithItsPlace(t *testing.T) {
	own := func(text string) map[string]string {
		return map[string]string{SumFile: "", "1_a.up.sql": text}
	}
	for _, c := range []struct {
		name  string
		d     token.Dialect
		files map[string]string
		want  string
	}{
		{"template", token.PostgreSQL, map[string]string{"001_a.sql": "SELECT 1;\n{{ template \"x\" . }}\n---- create above / drop below ----\n"}, "001_a.sql:2: the file is a template"},
		{"environment", token.PostgreSQL, map[string]string{"001_a.sql": "-- +goose Up\n-- +goose ENVSUB ON\nSELECT ${X};"}, "001_a.sql:2: the file asks for environment variables"},
		{"flyway", token.PostgreSQL, map[string]string{"V1__a.sql": "SELECT '${x}';"}, "V1__a.sql:1: the file has the placeholder ${x}"},
		{"psql", token.PostgreSQL, own("SELECT 1;\n\\connect x\n"), `1_a.up.sql:2: the line \connect is a command of psql`},
		{"copy", token.PostgreSQL, own("COPY t (a) FROM stdin;\n1\n\\.\n"), "1_a.up.sql:2: the file holds rows of COPY"},
		{"unclosed", token.PostgreSQL, own("SELECT 1;\nSELECT 'x"), "1_a.up.sql:2:"},
		{"open transaction", token.PostgreSQL, own("SELECT 1;\nBEGIN;\nSELECT 2;"), "1_a.up.sql:2: the transaction that begins here is never ended"},
		{"rollback", token.PostgreSQL, own("BEGIN;\nROLLBACK;"), "1_a.up.sql:2: the file rolls back"},
		{"directive", token.PostgreSQL, own("-- covet:lock_timout 3s\nSELECT 1"), "did you mean covet:lock_timeout?"},
		{"directive of a schema file", token.PostgreSQL, own("-- covet:rename_from a\nSELECT 1"), "did you mean covet:renamed_from?"},
		{"directive that is like none", token.PostgreSQL, own("-- covet:whatever\nSELECT 1"), "unknown directive covet:whatever; there are transaction, lock_timeout"},
		{"directive of a blank", token.PostgreSQL, own("-- covet: batch\nSELECT 1"), "no word stands behind covet:"},
		{"directive in capitals", token.PostgreSQL, own("-- COVET:Batch\nSELECT 1"), "did you mean covet:batch?"},
		{"directive in another comment", token.MySQL, own("SELECT 1;\n# covet:bath\nSELECT 1"), "1_a.up.sql:2: unknown directive covet:bath; did you mean covet:batch?"},
		{"vet's directive", token.PostgreSQL, own("-- covetsql:transaction none\nSELECT 1"), "did you mean covet:transaction?"},
		{"late directive", token.PostgreSQL, own("SELECT 1;\n-- covet:transaction none\nSELECT 1"), "1_a.up.sql:2: covet:transaction says something of the whole file"},
		{"value", token.PostgreSQL, own("-- covet:lock_timeout soon\nSELECT 1"), `covet:lock_timeout is "soon"`},
		{"nothing below", token.PostgreSQL, own("SELECT 1;\n-- covet:check\n"), "no statement stands below covet:check"},
		{"endless", token.PostgreSQL, own("-- covet:transaction none\n-- covet:batch\nUPDATE t SET a = 1"), "changes rows for ever"},
		{"name", token.PostgreSQL, map[string]string{SumFile: "", "a.sql": ""}, "a.sql: the name is not that of a migration"},
		{"typo", token.PostgreSQL, map[string]string{"1_a.up.sql": "", "2_b.upp.sql": ""}, "2_b.upp.sql: the name is not that of a migration"},
		{"twice", token.PostgreSQL, map[string]string{"1_a.up.sql": "", "01_b.up.sql": ""}, "version 1 is that of"},
		{"no up", token.PostgreSQL, map[string]string{"1_a.down.sql": ""}, "1_a.down.sql: there is no file that goes up"},
		{"two forms", token.PostgreSQL, map[string]string{"1_a.sql": "-- +goose Up", "2_b.sql": "-- migrate:up"}, "migrations of several forms"},
		{"no form", token.PostgreSQL, map[string]string{"1_a.sql": "SELECT 1"}, "no file of the folder says"},
		{"no form but a list", token.PostgreSQL, map[string]string{"atlas.sum": "", "1_a.up.sql": "", "1_b.up.sql": ""}, "version 1 is that of"}, // golang-migrate's files beside Atlas's list
		{"gap", token.PostgreSQL, map[string]string{"tern.conf": "", "001_a.sql": "", "003_a.sql": ""}, "003_a.sql: tern's migrations are numbered"},
		{"nested", token.PostgreSQL, map[string]string{"1_a.sql": "-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n"}, "1_a.sql:2: StatementBegin is never closed"},
		{"no section", token.PostgreSQL, map[string]string{"1_a.sql": "-- +goose Up", "2_b.sql": "SELECT 1"}, "2_b.sql: the file has no line -- +goose Up"},
		{"merge", token.PostgreSQL, map[string]string{SumFile: "<<<<<<< HEAD\n", "1_a.up.sql": ""}, "covet.sum:1: two branches"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := Open(folder(c.files), Options{Dialect: c.d})
			if err == nil {
				err = f.Problem()
			}
			var e *Error
			if err == nil || !errors.As(err, &e) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

func TestDirectives(t *testing.T) {
	f := open(t, token.SQLite, map[string]string{SumFile: "", "1_a.up.sql": `-- why
-- covet:transaction none
-- covet:lock_timeout 1500ms
-- covet:foreign_keys off
-- covet:renamed_from x
CREATE TABLE a (x int);
-- covet:batch
UPDATE a SET x = 1 WHERE x IS NULL;
-- covet:check
SELECT 1 WHERE 0;
SELECT '-- covet:batch';
`})
	up := f.Migrations[0].Up
	if up.Transaction != None || up.LockTimeout != 1500*time.Millisecond || !up.ForeignKeysOff || !up.Statements[1].Batch || !up.Statements[2].Check || up.Statements[3].Batch {
		t.Errorf("%+v", up)
	}
}

// What stands above both sides was passed over in forms with sections.
func TestDirectivesAboveTheSectionsAreOfBoth(t *testing.T) {
	for _, text := range []string{"-- covet:lock_timeout 3s\n-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;", "-- covet:lock_timeout 3s\n-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;",
		"-- covet:lock_timeout 3s\n-- +migrate Up\nSELECT 1;\n-- +migrate Down\nSELECT 2;", "-- atlas:txtar\n-- covet:lock_timeout 3s\n\n-- migration.sql --\nSELECT 1;\n-- down.sql --\nSELECT 2;"} {
		m := open(t, token.PostgreSQL, map[string]string{"1_a.sql": text}).Migrations[0]
		if m.Up.LockTimeout != 3*time.Second || m.Down.LockTimeout != 3*time.Second || len(m.Up.Statements) != 1 {
			t.Errorf("%q: %+v", text, m)
		}
	}
}

// Within a transaction SQLite passes over PRAGMA foreign_keys, and rows that refer to a rebuilt table were deleted.
func TestPragmaForeignKeysMeansWhatItsAuthorMeant(t *testing.T) {
	f := open(t, token.SQLite, map[string]string{"1_a.sql": "-- migrate:up\nPRAGMA foreign_keys = OFF;\nDROP TABLE a;\nPRAGMA foreign_keys=ON;\n"})
	up := f.Migrations[0].Up
	if !up.ForeignKeysOff || len(up.Statements) != 1 {
		t.Errorf("%+v", up)
	}
}

func TestTransactionsOfTheFileAreGroups(t *testing.T) {
	f := open(t, token.PostgreSQL, map[string]string{"1_a.up.sql": "BEGIN;\nSELECT 1;\nSELECT 2;\nCOMMIT;\nSELECT 3;\nSTART TRANSACTION; SELECT 4; END;"})
	up := f.Migrations[0].Up
	var groups []int
	for _, s := range up.Statements {
		groups = append(groups, s.Group)
	}
	if up.Transaction != Grouped || !reflect.DeepEqual(groups, []int{1, 1, 0, 2}) {
		t.Errorf("%d %v", up.Transaction, groups)
	}
}

func TestBodiesAndDelimitersAreOneStatement(t *testing.T) {
	for _, c := range []struct {
		d    token.Dialect
		text string
		n    int
	}{
		{token.SQLite, "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET x = 1; DELETE FROM b; END;\nSELECT 1;", 2},
		{token.MySQL, "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END//\nDELIMITER ;\nSELECT 3;", 2},
		{token.PostgreSQL, "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $f$ BEGIN RETURN 1; END; $f$;\nSELECT 1;", 2},
		{token.PostgreSQL, "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 1", 2},
	} {
		f := open(t, c.d, map[string]string{SumFile: "", "1_a.up.sql": c.text})
		if got := f.Migrations[0].Up.Statements; len(got) != c.n {
			t.Errorf("%q: %+v", c.text, got)
		}
	}
}

func TestAtlasSumIsAtlass(t *testing.T) {
	// The checksums of the tool's own example folder.
	files := map[string]string{"1_initial.up.sql": "CREATE TABLE tbl (a INT);", "2_second.sql": "SELECT 1;\r\n"}
	f, err := Open(folder(files), Options{Form: Atlas})
	if err != nil {
		t.Fatal(err)
	}
	name, text, _ := f.Hash()
	files[name] = text
	again := open(t, token.PostgreSQL, files)
	if err := again.Verify(); err != nil {
		t.Error(err)
	}
	files["1_initial.up.sql"] += " "
	if err := open(t, token.PostgreSQL, files).Verify(); err == nil || !strings.Contains(err.Error(), "1_initial.up.sql: the file does not agree") {
		t.Error(err)
	}
}

// A new migration in each form is read back as it was meant, and is the newest.
func TestNewIsReadBack(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	body := "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN\nRETURN 1;\nEND; $$"
	seeds := map[Form]map[string]string{
		Own: {}, GolangMigrate: {"000009_x.up.sql": ""}, Goose: {"00009_x.sql": "-- +goose Up\n"}, Dbmate: {"20260101000000_x.sql": "-- migrate:up\n"},
		SQLMigrate: {"20260101000000-x.sql": "-- +migrate Up\n"}, Tern: {"001_x.sql": "---- create above / drop below ----\n"}, Atlas: {"atlas.sum": "h1:", "20260101000000_x.sql": ""},
		Flyway: {"V7__x.sql": ""},
	}
	versions := map[Form]string{Own: "20261123120000", GolangMigrate: "10", Goose: "10", Dbmate: "20261123120000", SQLMigrate: "20261123120000-add_users.sql", Tern: "2", Atlas: "20261123120000", Flyway: "8"}
	for form, files := range seeds {
		for _, none := range []bool{false, true} {
			t.Run(string(form), func(t *testing.T) {
				dir := t.TempDir()
				for name, text := range files {
					if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				disk, err := OpenDisk(dir)
				if err != nil {
					t.Fatal(err)
				}
				defer disk.Close()
				f, err := Open(disk.FS(), Options{})
				if err != nil {
					t.Fatal(err)
				}
				_, out, err := f.New(Content{Name: "Add users", Up: []string{"CREATE TABLE u (a int)", "-- covet:check\nSELECT 1 WHERE false", body}, Down: []string{"DROP FUNCTION f()", "DROP TABLE u"},
					NoTransaction: none, Directives: []string{"covet:lock_timeout 3s"}, Seal: true}, now)
				if err != nil {
					t.Fatal(err)
				}
				if err := disk.Write(out); err != nil {
					t.Fatal(err)
				}
				if err := disk.Write(out[:1]); err == nil {
					t.Error("a file was written over")
				}
				again, err := Open(disk.FS(), Options{})
				if err != nil {
					t.Fatal(err)
				}
				if err := again.Verify(); err != nil {
					t.Error(err)
				}
				m := again.Migrations[len(again.Migrations)-1]
				if again.Form != form || m.Version != versions[form] || !reflect.DeepEqual(sqls(m.Up), []string{"CREATE TABLE u (a int)", "SELECT 1 WHERE false", body}) ||
					!reflect.DeepEqual(sqls(m.Down), []string{"DROP FUNCTION f()", "DROP TABLE u"}) || (m.Up.Transaction == None) != none || m.Up.LockTimeout != 3*time.Second || !m.Up.Statements[1].Check {
					t.Errorf("%s: %+v\n%+v", again.Form, m, out)
				}
			})
		}
	}
}

func TestListedFilesMayNotChange(t *testing.T) {
	files := map[string]string{SumFile: "", "1_a.up.sql": "SELECT 1;\n", "1_a.down.sql": ""}
	_, text, _ := open(t, token.PostgreSQL, files).Hash()
	files[SumFile] = text
	files["1_a.up.sql"] = "SELECT 1;\r\n" // how a checkout on Windows writes it
	files["2_b.up.sql"] = "-- being written"
	if err := open(t, token.PostgreSQL, files).Verify(); err != nil {
		t.Error(err)
	}
	files["1_a.up.sql"] = "SELECT 2;\n"
	if err := open(t, token.PostgreSQL, files).Verify(); err == nil || !strings.Contains(err.Error(), "was changed after it was listed") {
		t.Error(err)
	}
	delete(files, "1_a.down.sql")
	files["1_a.up.sql"] = "SELECT 1;\n"
	if err := open(t, token.PostgreSQL, files).Verify(); err == nil || !strings.Contains(err.Error(), "is gone") {
		t.Error(err)
	}
}

func TestLinksOutOfTheFolderAreNotFollowed(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "m")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(top, "secret"), []byte("SELECT 'secret'"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"../secret", filepath.Join(top, "secret")} {
		link := filepath.Join(dir, "1_a.up.sql")
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
		disk, err := OpenDisk(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Open(disk.FS(), Options{}); err == nil {
			t.Errorf("%s was followed", target)
		}
		if _, err := Open(os.DirFS(dir), Options{}); err == nil {
			t.Errorf("%s was followed", target)
		}
		if err := disk.Write([]Written{{Name: "../x", Text: ""}}); err == nil {
			t.Error("wrote out of the folder")
		}
		disk.Close()
		os.Remove(link)
	}
	// A folder that is mounted (Kubernetes) has links within itself.
	if err := os.Mkdir(filepath.Join(dir, "..data"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "..data", "1_a.up.sql"), []byte("SELECT 1"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("..data/1_a.up.sql", filepath.Join(dir, "1_a.up.sql")); err != nil {
		t.Fatal(err)
	}
	disk, err := OpenDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer disk.Close()
	if f, err := Open(disk.FS(), Options{}); err != nil || len(f.Migrations) != 1 {
		t.Error(err)
	}
}
