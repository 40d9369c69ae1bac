package gowrite

import (
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/codegen/surface"
)

func TestBulkInsertIsCutAtItsRow(t *testing.T) {
	params := func(n int) []surface.Param {
		out := make([]surface.Param, n)
		for i := range out {
			out[i].Number = i + 1
		}
		return out
	}
	for _, c := range []struct {
		engine, sql     string
		params          int
		head, row, tail string
		refused         string
	}{
		{"sqlite", "INSERT INTO t (a, b) VALUES (?1, f(?2, ')')) ON CONFLICT DO NOTHING", 2, "INSERT INTO t (a, b) VALUES ", "(?, f(?, ')'))", " ON CONFLICT DO NOTHING", ""},
		{"mysql", "INSERT INTO `values` (a) VALUE (?) ON DUPLICATE KEY UPDATE a = VALUES(a)", 1, "INSERT INTO `values` (a) VALUE ", "(?)", " ON DUPLICATE KEY UPDATE a = VALUES(a)", ""},
		{"sqlite", "WITH v(x) AS (VALUES (1)) INSERT INTO t VALUES (?, (SELECT x FROM v))", 1, "WITH v(x) AS (VALUES (1)) INSERT INTO t VALUES ", "(?, (SELECT x FROM v))", "", ""},
		{"sqlite", "INSERT INTO t VALUES (?1), (?2)", 2, "", "", "", "one row"},
		{"sqlite", "INSERT INTO t SELECT ?1", 1, "", "", "", "needs an INSERT with VALUES"},
		{"mysql", "INSERT INTO t VALUES (?) ON DUPLICATE KEY UPDATE a = ?", 2, "", "", "", "the same for all rows"},
		{"sqlite", "INSERT INTO t VALUES (1)", 0, "", "", "", "needs parameters"},
		{"postgresql", "INSERT INTO t VALUES ($1)", 1, "", "", "", "SQLite and MySQL"},
	} {
		b, why := planBulk(&surface.Query{SQL: c.sql, Params: params(c.params)}, c.engine)
		switch {
		case c.refused != "":
			if b != nil || !strings.Contains(why, c.refused) {
				t.Errorf("%s\n got %q\nwant %q", c.sql, why, c.refused)
			}
		case b == nil:
			t.Errorf("%s\nrefused: %s", c.sql, why)
		case b.head != c.head || b.row != c.row || b.tail != c.tail:
			t.Errorf("%s\n got %q %q %q\nwant %q %q %q", c.sql, b.head, b.row, b.tail, c.head, c.row, c.tail)
		}
	}
}

// A statement has no more parameters than the engine takes, and its drivers take fast.
func TestBulkInsertKeepsWithinTheParameterLimit(t *testing.T) {
	for _, c := range []struct{ columns, sqlite, mysql int }{
		{1, 64, 512}, {4, 64, 512}, {5, 8, 512}, {32, 8, 512}, {33, 1, 512}, {127, 1, 512}, {128, 1, 64}, {511, 1, 64}, {1024, 1, 8}, {9000, 1, 1},
	} {
		sql := "INSERT INTO t VALUES (?" + strings.Repeat(", ?", c.columns-1) + ")"
		for engine, want := range map[string]int{"sqlite": c.sqlite, "mysql": c.mysql} {
			q := &surface.Query{SQL: sql, Params: make([]surface.Param, c.columns)}
			for i := range c.columns {
				q.Placeholders = append(q.Placeholders, i)
			}
			b, why := planBulk(q, engine)
			if b == nil || b.sizes[0] != want {
				t.Errorf("%s, %d columns: %v %s, want %d rows", engine, c.columns, b, why, want)
			}
		}
	}
}
