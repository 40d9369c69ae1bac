package inspect

import (
	"strings"
	"testing"
)

func TestAQuerysEffectsAreSaidInWords(t *testing.T) {
	one, five := int64(1), int64(5)
	column := []Column{{Name: "a", Type: "int8"}}
	for want, q := range map[string]Query{
		"read, reads a b, 0 or more rows":                {Kind: "read", Reads: []string{"a", "b"}, Columns: column, Deterministic: true},
		"read, exactly 1 row":                            {Kind: "read", Columns: column, Rows: Rows{Min: 1, Max: &one}, Deterministic: true},
		"read, 0 to 5 rows":                              {Kind: "read", Columns: column, Rows: Rows{Max: &five}, Deterministic: true},
		"write, reads a, writes b":                       {Kind: "write", Reads: []string{"a"}, Writes: []string{"b"}, Deterministic: true},
		"read, reads a, 1 or more rows, takes row locks": {Kind: "read", Reads: []string{"a"}, Columns: column, Rows: Rows{Min: 1}, Locks: true, Deterministic: true},
		"utility, not deterministic":                     {Kind: "utility"},
	} {
		if got := strings.Join(q.effects(), ", "); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestColumnsAreAlignedByCharacters(t *testing.T) {
	l := Listing{Packages: []Package{{Name: "db", Engine: "mysql", Queries: []Query{{
		Name: "Q", Command: "many", File: "q.sql", Line: 3, Kind: "read", Deterministic: true,
		Columns: []Column{
			{Name: "größe", Type: "int", GoType: "int32"},
			{Name: "a", Type: "varchar", Nullable: true, GoType: "sql.NullString", Reason: "nullable column a"},
		},
		Params: []Param{{Type: "bigint", Slice: true, GoType: "[]int64"}},
	}}}}}
	var b strings.Builder
	if err := l.text(&b); err != nil {
		t.Fatal(err)
	}
	want := `package db (mysql), 1 query

Q :many  q.sql:3
  read, 0 or more rows
  columns  größe  int             not null  int32
           a      varchar         nullable  sql.NullString  nullable column a
  params   $1     list of bigint  not null  []int64
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
