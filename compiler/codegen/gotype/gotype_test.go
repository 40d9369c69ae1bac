package gotype

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/config"
)

func records(t *testing.T, name string) [][]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimRight(line, "\n"); line != "" && line[0] != '#' {
			out = append(out, strings.Split(line, "\t"))
		}
	}
	if len(out) < 20 {
		t.Fatalf("%s has %d records only", name, len(out))
	}
	return out
}

func TestPostgresTypesAreThoseRecordedFromSQLC(t *testing.T) {
	modes := []struct {
		target   Target
		pointers bool
	}{{SQL, false}, {PGX4, false}, {PGX4, true}, {PGX5, false}, {PGX5, true}}
	for _, r := range records(t, "postgres.txt") {
		name := r[0]
		if !strings.HasPrefix(name, "pg_") && strings.Contains(name, "_") {
			name = strings.ReplaceAll(name, "_", " ")
		}
		for i, m := range modes {
			for j, notNull := range []bool{true, false} {
				got, _ := Postgres(name, m.target, notNull, m.pointers, false)
				if want := r[1+2*i+j]; got != want {
					t.Errorf("%s target %d pointers %v not null %v: %s, want %s", name, m.target, m.pointers, notNull, got, want)
				}
			}
		}
	}
}

func TestMySQLTypesAreThoseRecordedFromSQLC(t *testing.T) {
	for _, r := range records(t, "mysql.txt") {
		length, err := strconv.Atoi(r[2])
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range []struct{ unsigned, notNull bool }{{false, true}, {false, false}, {true, true}, {true, false}} {
			want := r[3+i]
			if want == "-" {
				continue
			}
			if got, _ := MySQL(r[1], length, c.unsigned, c.notNull, false); got != want {
				t.Errorf("%s unsigned %v not null %v: %s, want %s", r[0], c.unsigned, c.notNull, got, want)
			}
		}
	}
}

func TestSQLiteTypesAreThoseRecordedFromSQLC(t *testing.T) {
	for _, r := range records(t, "sqlite.txt") {
		for i, c := range []struct{ notNull, pointers bool }{{true, false}, {false, false}, {false, true}} {
			if got, _ := SQLite(r[0], c.notNull, c.pointers, false); got != r[1+i] {
				t.Errorf("%s %+v: %s, want %s", r[0], c, got, r[1+i])
			}
		}
	}
}

func TestStrictLeavesNoDeclaredTypeOfSQLiteToAny(t *testing.T) {
	for declared, want := range map[string]string{
		"TEXTNULL": "sql.NullString", "int4": "sql.NullInt64", "varchar2(3)": "sql.NullString", "datetime(6)": "sql.NullTime",
		"real(3)": "sql.NullFloat64", "uint32": "sql.NullInt64", "": Any, "any": Any,
	} {
		if got, _ := SQLite(declared, false, false, true); got != want {
			t.Errorf("%q: %s, want %s", declared, got, want)
		}
	}
}

func TestImportsComeFromWhatATypeNames(t *testing.T) {
	for _, c := range []struct {
		text   string
		target Target
		want   string
	}{
		{"string", SQL, ""},
		{"sql.NullString", SQL, "database/sql"},
		{"[]uuid.NullUUID", SQL, "github.com/google/uuid"},
		{"pgtype.Range[pgtype.Date]", PGX5, "github.com/jackc/pgx/v5/pgtype"},
		{"pgtype.JSONB", PGX4, "github.com/jackc/pgtype"},
		{"map[string]json.RawMessage", SQL, "encoding/json"},
	} {
		var got []string
		for _, i := range ImportsOf(c.text, c.target) {
			got = append(got, i.Path)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %q, want %q", c.text, s, c.want)
		}
	}
}

func TestOverridesAreReadInEveryForm(t *testing.T) {
	for _, c := range []struct {
		in              config.GoType
		text, path, tag string
	}{
		{config.GoType{Spec: "int64"}, "int64", "", ""},
		{config.GoType{Spec: "[]byte"}, "[]byte", "", ""},
		{config.GoType{Spec: "time.Duration"}, "time.Duration", "time", ""},
		{config.GoType{Spec: "*encoding/json.RawMessage"}, "*json.RawMessage", "encoding/json", ""},
		{config.GoType{Spec: "github.com/google/uuid.UUID"}, "uuid.UUID", "github.com/google/uuid", ""},
		{config.GoType{Spec: "github.com/x/go-foo.Bar"}, "foo.Bar", "github.com/x/go-foo", ""},
		{config.GoType{Spec: "github.com/lomsa-dev/gonull.Nullable[uint64]"}, "gonull.Nullable[uint64]", "github.com/lomsa-dev/gonull", ""},
		// sqlc writes v2.ULID, which no package is called.
		{config.GoType{Spec: "github.com/oklog/ulid/v2.ULID"}, "ulid.ULID", "github.com/oklog/ulid/v2", "ulid"},
		{config.GoType{Import: "github.com/oklog/ulid/v2", Type: "ULID"}, "ulid.ULID", "github.com/oklog/ulid/v2", "ulid"},
		{config.GoType{Import: "gopkg.in/guregu/null.v4", Type: "Int", Pointer: true}, "*null_v4.Int", "gopkg.in/guregu/null.v4", "null_v4"},
		{config.GoType{Import: "example.com/db/types", Package: "dbt", Type: "MyNull", Slice: true}, "[]dbt.MyNull", "example.com/db/types", "dbt"},
		{config.GoType{Type: "time.Time", Pointer: true}, "*time.Time", "time", ""},
		{config.GoType{Type: "MyType"}, "MyType", "", ""},
	} {
		o, err := ParseOverride(config.Override{DBType: "text", GoType: c.in}, SQL)
		if err != nil {
			t.Errorf("%+v: %v", c.in, err)
			continue
		}
		path, alias := "", ""
		if len(o.Type.Imports) > 0 {
			path, alias = o.Type.Imports[0].Path, o.Type.Imports[0].Alias
		}
		if o.Type.Text != c.text || path != c.path || alias != c.tag || len(o.Type.Imports) > 1 {
			t.Errorf("%+v: %+v", c.in, o.Type)
		}
	}
}

func TestColumnPatternsMatchAsWrittenAndInTheDefaultSchema(t *testing.T) {
	for _, c := range []struct {
		pattern, schema, table, column string
		want                           bool
	}{
		{"ab.a1", "", "ab", "a1", true}, {"ab.a1", "public", "ab", "a1", true}, {"ab.a1", "foo", "ab", "a1", false},
		{"ab.A1", "", "ab", "a1", false}, {"ab.*", "", "ab", "x", true}, {"*.a1", "", "zz", "a1", true}, {"*.a1", "foo", "zz", "a1", false},
		{"ab.a?", "", "ab", "a2", true}, {"foo.ab.id", "foo", "ab", "id", true}, {"*.*.tt", "foo", "zz", "tt", true}, {"*.*.*.a1", "foo", "ab", "a1", true},
	} {
		o, err := ParseOverride(config.Override{Column: c.pattern, GoType: config.GoType{Spec: "int"}}, SQL)
		if err != nil {
			t.Fatal(err)
		}
		if got := o.MatchesColumn(c.schema, "public", c.table, c.column); got != c.want {
			t.Errorf("%s against %s.%s.%s: %v", c.pattern, c.schema, c.table, c.column, got)
		}
	}
}

func TestBadOverridesAreErrors(t *testing.T) {
	for _, o := range []config.Override{
		{GoType: config.GoType{Spec: "int"}},
		{Column: "id", GoType: config.GoType{Spec: "int"}},
		{Column: "a.b", DBType: "text", GoType: config.GoType{Spec: "int"}},
		{DBType: "text", GoType: config.GoType{Spec: "github.com/x/y"}},
		{DBType: "text", GoType: config.GoType{Package: "p", Type: "T"}},
		{DBType: "text", GoStructTag: "json"},
	} {
		if _, err := ParseOverride(o, SQL); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}
