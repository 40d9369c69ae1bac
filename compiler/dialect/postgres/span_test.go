package postgres

import (
	"testing"

	"github.com/covetsql/covetsql/compiler/ir"
)

// The text under an expression is used as it is (defaults, checks, star expansion), so it
// is the whole expression, without brackets that are not its own.
func TestSpansAreTheWholeExpression(t *testing.T) {
	for _, c := range []struct {
		sql  string
		want []string // of every select item's expression
	}{
		{"SELECT a, (b), ((c + 1)), (d) + 1", []string{"a", "b", "c + 1", "(d) + 1"}},
		{"SELECT f( a ) , count(*) FILTER (WHERE (x)) OVER (PARTITION BY (y)), s.g()", []string{"f( a )", "count(*) FILTER (WHERE (x)) OVER (PARTITION BY (y))", "s.g()"}},
		{"SELECT CASE WHEN (a) THEN (b) END, CASE a WHEN 1 THEN CASE WHEN x THEN y END END || z", []string{"CASE WHEN (a) THEN (b) END", "CASE a WHEN 1 THEN CASE WHEN x THEN y END END || z"}},
		{"SELECT (a + b)::text::int, CAST((a) AS int), INTERVAL '1' DAY, date '2020-01-01'", []string{"(a + b)::text::int", "CAST((a) AS int)", "INTERVAL '1' DAY", "date '2020-01-01'"}},
		{"SELECT (SELECT 1), ((SELECT 2)) + 1, EXISTS (SELECT 1), (ARRAY(SELECT 1))[1]", []string{"(SELECT 1)", "((SELECT 2)) + 1", "EXISTS (SELECT 1)", "(ARRAY(SELECT 1))[1]"}},
		{"SELECT (a) IS NOT NULL, NOT (a), a IN (1, (2)), (a, b) IN (SELECT 1, 2), a = ANY (ARRAY[1])", []string{"(a) IS NOT NULL", "NOT (a)", "a IN (1, (2))", "(a, b) IN (SELECT 1, 2)", "a = ANY (ARRAY[1])"}},
		{"SELECT (a).b.c, (a)[1][2:3], ((t)).*, a.b[1]", []string{"(a).b.c", "(a)[1][2:3]", "((t)).*", "a.b[1]"}},
		{"SELECT (a AND b) OR (c), a BETWEEN (1) AND (2), (a) LIKE (b) ESCAPE ('!')", []string{"(a AND b) OR (c)", "a BETWEEN (1) AND (2)", "(a) LIKE (b) ESCAPE ('!')"}},
		{"SELECT -(1), - a, a -1, a COLLATE \"C\" || b, x AT TIME ZONE ('UTC')", []string{"-(1)", "- a", "a -1", "a COLLATE \"C\" || b", "x AT TIME ZONE ('UTC')"}},
	} {
		stmt, diags, _ := parseOne(t, c.sql)
		if stmt == nil {
			t.Errorf("%s: %v", c.sql, diags)
			continue
		}
		items := stmt.(*ir.Select).Items
		for i, it := range items {
			if i < len(c.want) && it.X.Span().Text() != c.want[i] {
				t.Errorf("%s: item %d is %q, want %q", c.sql, i, it.X.Span().Text(), c.want[i])
			}
		}
		if len(items) != len(c.want) {
			t.Errorf("%s: %d items, want %d", c.sql, len(items), len(c.want))
		}
	}
}

func TestSpansOfParts(t *testing.T) {
	sql := `CREATE TABLE t (a numeric(10, 2)[] NOT NULL DEFAULT (1 + 2) CHECK ((a) > 0) REFERENCES u (x) DEFERRABLE, CONSTRAINT k UNIQUE (a))`
	stmt, diags, _ := parseOne(t, sql)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	c := stmt.(*ir.CreateTable)
	col := c.Columns[0]
	for got, want := range map[string]string{
		col.Span().Text():                   "a numeric(10, 2)[] NOT NULL DEFAULT (1 + 2) CHECK ((a) > 0) REFERENCES u (x) DEFERRABLE",
		col.Name.Span().Text():              "a",
		col.Type.Span().Text():              "numeric(10, 2)[]",
		col.Constraints[0].Span().Text():    "NOT NULL",
		col.Constraints[1].Span().Text():    "DEFAULT (1 + 2)",
		col.Constraints[1].X.Span().Text():  "1 + 2",
		col.Constraints[2].Span().Text():    "CHECK ((a) > 0)",
		col.Constraints[2].X.Span().Text():  "(a) > 0",
		col.Constraints[3].Span().Text():    "REFERENCES u (x) DEFERRABLE",
		c.Constraints[0].Span().Text():      "CONSTRAINT k UNIQUE (a)",
		c.Constraints[0].Name.Span().Text(): "k",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestSpansOfQueriesAndTables(t *testing.T) {
	sql := `SELECT a AS "B" FROM (x AS y JOIN LATERAL (SELECT 1) AS z (q) ON (TRUE)) JOIN f(1) WITH ORDINALITY AS g (h, i) USING (id) FOR UPDATE OF y SKIP LOCKED`
	stmt, diags, _ := parseOne(t, sql)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	q := stmt.(*ir.Select)
	j := q.From[0].(*ir.Join)
	inner := j.L.(*ir.Join)
	for got, want := range map[string]string{
		q.Items[0].Span().Text():                       `a AS "B"`,
		j.Span().Text():                                `(x AS y JOIN LATERAL (SELECT 1) AS z (q) ON (TRUE)) JOIN f(1) WITH ORDINALITY AS g (h, i) USING (id)`,
		inner.Span().Text():                            `x AS y JOIN LATERAL (SELECT 1) AS z (q) ON (TRUE)`,
		inner.L.Span().Text():                          `x AS y`,
		inner.R.Span().Text():                          `LATERAL (SELECT 1) AS z (q)`,
		inner.R.(*ir.Derived).Query.Span().Text():      `SELECT 1`,
		j.R.Span().Text():                              `f(1) WITH ORDINALITY AS g (h, i)`,
		j.R.(*ir.TableFunc).Alias.Span().Text():        `AS g (h, i)`,
		q.Locking[0].Span().Text():                     `FOR UPDATE OF y SKIP LOCKED`,
		j.Using[0].Span().Text():                       `id`,
		inner.On.Span().Text():                         `TRUE`,
		inner.L.(*ir.TableRef).Name.Span().Text():      `x`,
		inner.R.(*ir.Derived).Alias.Name.Span().Text(): `z`,
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
