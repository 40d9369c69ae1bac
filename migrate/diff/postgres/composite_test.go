package postgres_test

import (
	"strings"
	"testing"

	"github.com/covetsql/covetsql/internal/testkit"
)

// TestValuesOfCompositesAreKept changes types whose values columns hold: a composite's attributes move, and a table's row type changes.
func TestValuesOfCompositesAreKept(t *testing.T) {
	s := testkit.PostgreSQL(t)
	for _, c := range []struct{ name, from, rows, to, want string }{
		{"attributes move", "CREATE TYPE p AS (a int, b text, c date); CREATE TABLE t (i int, x p);",
			`INSERT INTO t VALUES (1, (1, 'a "quoted", (word', '2020-01-02')), (2, NULL), (3, (NULL, NULL, NULL)), (4, (2, '', NULL));`,
			"CREATE TYPE p AS (b text, a bigint, d text); CREATE TABLE t (i int, x p);",
			`("a ""quoted"", (word",1,)|NULL|(,,)|("",2,)`},
		{"a row type", "CREATE TABLE a (x int, z text); CREATE TABLE t (i int, x a);",
			`INSERT INTO t VALUES (1, (1, 'a, b')), (2, NULL);`,
			"CREATE TABLE a (x bigint, z text); CREATE TABLE t (i int, x a);", `(1,"a, b")|NULL`},
	} {
		t.Run(c.name, func(t *testing.T) {
			is := open(t, s, c.from+c.rows)
			turn(t, is, read(t, is), read(t, open(t, s, c.to)), true)
			rows, err := is.Query(t.Context(), "SELECT coalesce(x::text, 'NULL') FROM t ORDER BY i")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for rows.Next() {
				var v string
				if err := rows.Scan(&v); err != nil {
					t.Fatal(err)
				}
				got = append(got, v)
			}
			if got := strings.Join(got, "|"); got != c.want || rows.Err() != nil {
				t.Errorf("there is %s %v, it shall be %s", got, rows.Err(), c.want)
			}
		})
	}
}
