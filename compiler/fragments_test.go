package compiler

import (
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/diag"
)

// What is sent is the query with the fragments' text; an expression has parentheses where an operator stands beside it.
func TestFragmentsArePutIn(t *testing.T) {
	for _, c := range []struct{ name, fragment, query, want string }{
		{"a list", "b.id,\n b.title -- its name", "SELECT sqlc.fragment(f) FROM books b", "SELECT b.id,\n b.title FROM books b"},
		{"a list among others", "b.id, b.title", "SELECT b.price, sqlc.fragment(F), b.author_id FROM books b", "SELECT b.price, b.id, b.title, b.author_id FROM books b"},
		{"a condition alone", "price > 1 OR title = ''", "SELECT id FROM books WHERE sqlc.fragment(f) ORDER BY id", "SELECT id FROM books WHERE price > 1 OR title = '' ORDER BY id"},
		{"a condition before AND", "price > 1 OR title = ''", "SELECT id FROM books WHERE sqlc.fragment(f) AND id > 1", "SELECT id FROM books WHERE (price > 1 OR title = '') AND id > 1"},
		{"a condition behind AND", "price > 1 OR title = ''", "SELECT id FROM books WHERE id > 1 AND sqlc.fragment(f)", "SELECT id FROM books WHERE id > 1 AND (price > 1 OR title = '')"},
		{"a condition behind NOT", "price > 1 OR title = ''", "SELECT id FROM books WHERE NOT sqlc.fragment(f)", "SELECT id FROM books WHERE NOT (price > 1 OR title = '')"},
		{"a condition before NOT IN", "id + 1", "SELECT id FROM books WHERE sqlc.fragment(f) NOT IN (1, 2)", "SELECT id FROM books WHERE (id + 1) NOT IN (1, 2)"},
		{"a sum", "price + 1", "SELECT id, sqlc.fragment(f) * 2 AS p FROM books", "SELECT id, (price + 1) * 2 AS p FROM books"},
		{"a sum behind a star", "price + 1", "SELECT id, 2 * sqlc.fragment(f) AS p FROM books", "SELECT id, 2 * (price + 1) AS p FROM books"},
		{"a sum that is cast", "price + 1", "SELECT sqlc.fragment(f)::text AS p FROM books", "SELECT (price + 1)::text AS p FROM books"},
		{"DISTINCT FROM", "price = 1 OR id = 1", "SELECT id FROM books WHERE true IS DISTINCT FROM sqlc.fragment(f)", "SELECT id FROM books WHERE true IS DISTINCT FROM (price = 1 OR id = 1)"},
		{"a call", "coalesce(price, 0)", "SELECT id FROM books WHERE sqlc.fragment(f) > 1", "SELECT id FROM books WHERE coalesce(price, 0) > 1"},
		{"a column", "b.price", "SELECT id FROM books b WHERE sqlc.fragment(f) > 1", "SELECT id FROM books b WHERE b.price > 1"},
		{"a CASE", "CASE WHEN price > 1 THEN 1 ELSE 2 END", "SELECT id FROM books b WHERE sqlc.fragment(f) > 1", "SELECT id FROM books b WHERE CASE WHEN price > 1 THEN 1 ELSE 2 END > 1"},
		{"what is in parentheses", "(1, 2)", "SELECT id FROM books b WHERE id IN sqlc.fragment(f)", "SELECT id FROM books b WHERE id IN (1, 2)"},
		{"a joined FROM", "books b JOIN authors a ON a.id = b.author_id", "SELECT b.id FROM sqlc.fragment(f) WHERE a.id = 1", "SELECT b.id FROM books b JOIN authors a ON a.id = b.author_id WHERE a.id = 1"},
		{"a join", "JOIN authors a ON a.id = b.author_id", "SELECT b.id FROM books b sqlc.fragment(f) WHERE a.id = 1", "SELECT b.id FROM books b JOIN authors a ON a.id = b.author_id WHERE a.id = 1"},
		{"behind a star", "FROM books b", "SELECT b.* sqlc.fragment(f)", `SELECT b.id, b.author_id, b.title, b.price FROM books b`},
		{"a star", "b.*", "SELECT sqlc.fragment(f) FROM books b", `SELECT b.id, b.author_id, b.title, b.price FROM books b`},
		{"stars of two tables by one text", "b.*", "SELECT sqlc.fragment(f), (SELECT count(*) FROM (SELECT sqlc.fragment(f) FROM authors b) x) AS n FROM books b",
			`SELECT b.id, b.author_id, b.title, b.price, (SELECT count(*) FROM (SELECT b.id, b.name FROM authors b) x) AS n FROM books b`},
		{"a CTE", "cheap AS (SELECT id FROM books WHERE price < 3)", "WITH sqlc.fragment(f) SELECT id FROM cheap", "WITH cheap AS (SELECT id FROM books WHERE price < 3) SELECT id FROM cheap"},
		{"CTEs", "a AS (SELECT 1), c AS (SELECT id FROM books WHERE price < 3)", "WITH sqlc.fragment(f) SELECT id FROM c", "WITH a AS (SELECT 1), c AS (SELECT id FROM books WHERE price < 3) SELECT id FROM c"},
		{"an order", "title DESC, id", "SELECT id FROM books ORDER BY sqlc.fragment(f)", "SELECT id FROM books ORDER BY title DESC, id"},
		{"a query", "SELECT id FROM books", "SELECT id FROM (sqlc.fragment(f)) x", "SELECT id FROM (SELECT id FROM books) x"},
		{"the whole query", "SELECT id FROM books", "sqlc.fragment(f)", "SELECT id FROM books"},
		{"parameters", "price < @most AND title = @title", "SELECT id FROM books WHERE id > @id AND NOT sqlc.fragment(f) AND author_id <> @most", "SELECT id FROM books WHERE id > $1 AND NOT (price < $2 AND title = $3) AND author_id <> $2"},
		{"a semicolon in a string", "';'", "SELECT id FROM books WHERE title = sqlc.fragment(f)", "SELECT id FROM books WHERE title = ';'"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := "-- name: Books :many\n" + c.query + ";\n"
			def := "-- A piece.\n-- fragment: f\n" + c.fragment
			for _, all := range []string{text + "\n" + def + ";\n", text + def + "\n", def + "\n\n" + text} {
				q := compiledQuery(t, "postgresql", booksSchema, all)
				if q.SQL != c.want {
					t.Errorf("sent\n%s\nwant\n%s", q.SQL, c.want)
				}
				if len(q.Comments) > 0 {
					t.Errorf("documentation %q", q.Comments)
				}
			}
		})
	}
}

// Fragments use others, and have optional parts.
func TestFragmentsOfFragments(t *testing.T) {
	q := compiledQuery(t, "sqlite", booksSchema, `-- fragment: visible
b.price > 0 OR sqlc.fragment(old);

-- name: Books :many
SELECT b.id FROM books b WHERE sqlc.fragment(visible) AND b.id > 1;

-- fragment: old
b.id < 10 AND b.id > 3
`)
	if want := "SELECT b.id FROM books b WHERE (b.price > 0 OR (b.id < 10 AND b.id > 3)) AND b.id > 1"; q.SQL != want {
		t.Errorf("sent %s", q.SQL)
	}
	q = compiledQuery(t, "postgresql", booksSchema, `-- name: Books :many
SELECT b.id FROM books b
WHERE sqlc.fragment(found) -- :if found
ORDER BY b.id;

-- fragment: found
b.id > 1
AND b.price > 0;
`)
	_ = q
	q = compiledQuery(t, "postgresql", booksSchema, `-- name: Books :many
SELECT b.id FROM books b WHERE sqlc.fragment(found) AND b.id > 7;

-- fragment: found
TRUE
AND b.price <= @most -- :if most
AND b.title = @title -- :if title
;
`)
	if len(q.Variants.Texts) != 4 || q.Variants.Texts[2] != "SELECT b.id FROM books b WHERE (\nTRUE\nAND b.title = $1\n) AND b.id > 7" {
		t.Errorf("variants %q", q.Variants.Texts)
	}
}

// What is wrong is said in the fragment's own line, or in the line that uses it.
func TestMistakesOfFragments(t *testing.T) {
	const use = "-- name: Books :many\nSELECT id FROM books WHERE sqlc.fragment(f);\n"
	for _, c := range []struct {
		name, text string
		code       *diag.Code
		line       int
		says       string
	}{
		{"an unknown name", "-- name: Books :many\nSELECT sqlc.fragment(card) FROM books;\n-- fragment: cards\nid;\n-- name: B :many\nSELECT sqlc.fragment(cards) FROM books;", diag.FragmentInvalid, 2, "did you mean cards?"},
		{"no name", use + "-- fragment: f\nid>1;\n-- fragment: \nid", diag.FragmentInvalid, 5, "one name"},
		{"two names", use + "-- fragment: f\nid>1;\n-- fragment: a b\nid", diag.FragmentInvalid, 5, "one name"},
		{"no text", use + "-- fragment: f\n;\n", diag.FragmentInvalid, 3, "has no text"},
		{"twice", use + "-- fragment: f\nid>1;\n-- fragment: F\nid", diag.FragmentInvalid, 5, "two fragments"},
		{"unused", use + "-- fragment: f\nid>1;\n-- fragment: g\nid", diag.FragmentUnused, 5, "used by no query"},
		{"a cycle", use + "-- fragment: f\nid>1 OR sqlc.fragment(g);\n-- fragment: g\nid > 2 OR sqlc.fragment(f)", diag.FragmentInvalid, 6, "uses itself"},
		{"unknown in a fragment", use + "-- fragment: f\nid>1 OR sqlc.fragment(g);\n", diag.FragmentInvalid, 4, "no fragment g"},
		{"an unknown column", use + "-- fragment: f\nid>1\nOR prize > 1;\n", diag.UnknownColumn, 5, "used here"},
		{"a syntax error", use + "-- fragment: f\nid>1\nOR OR id > 1;\n", diag.SyntaxError, 5, "used here"},
		{"begins with AND", use + "-- fragment: f\nAND id>1", diag.FragmentInvalid, 3, "begins with AND"},
		{"ends with AND", use + "-- fragment: f\nid>1 AND", diag.FragmentInvalid, 3, "ends with AND"},
		{"ends with an operator", use + "-- fragment: f\nid >", diag.FragmentInvalid, 3, "ends with >"},
		{"not closed", use + "-- fragment: f\n(id > 1", diag.FragmentInvalid, 3, "does not close"},
		{"closes too much", use + "-- fragment: f\nid > 1) OR (true", diag.FragmentInvalid, 3, "closes what it does not open"},
		{"a list behind an operator", "-- name: Books :many\nSELECT 1 + sqlc.fragment(f) FROM books;\n-- fragment: f\nid, price", diag.FragmentInvalid, 2, "can not stand behind +"},
		{"a list with an alias", "-- name: Books :many\nSELECT sqlc.fragment(f) AS x FROM books;\n-- fragment: f\nid, price", diag.FragmentInvalid, 2, "can not stand before AS"},
		{"a clause before AND", "-- name: Books :many\nSELECT id FROM books sqlc.fragment(f) AND id > 2;\n-- fragment: f\nWHERE id > 1 OR id < 0", diag.FragmentInvalid, 2, "can not stand before AND"},
		{"a union beside a union", "-- name: Books :many\nSELECT id FROM books EXCEPT sqlc.fragment(f);\n-- fragment: f\nSELECT id FROM books UNION SELECT id FROM authors", diag.FragmentInvalid, 2, "beside another query"},
		{"joins behind a join", "-- name: Books :many\nSELECT b.id FROM books x CROSS JOIN sqlc.fragment(f);\n-- fragment: f\nbooks b LEFT JOIN authors a ON TRUE", diag.FragmentInvalid, 2, "can not stand behind JOIN"},
		{"parts in a part's line", "-- name: Books :many\nSELECT id FROM books WHERE TRUE\nAND sqlc.fragment(f) -- :if x\n;\n-- fragment: f\nid > 1 -- :if y\n AND id > 2", diag.FragmentInvalid, 3, "optional parts of its own"},
		{"not a name", "-- name: Books :many\nSELECT sqlc.fragment(1 + 1) FROM books;\n-- fragment: f\nid", diag.MacroInvalid, 2, "takes the name"},
		{"a string is not closed", use + "-- fragment: f\nid > 'x\n;\n", diag.UnterminatedTok, 4, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			diags := compileText(t, "postgresql", booksSchema, c.text)
			var found diag.List
			for _, d := range diags {
				if d.Code != diag.FragmentUnused || c.code == diag.FragmentUnused {
					found.Add(d)
				}
			}
			if len(found) != 1 || found[0].Code != c.code {
				t.Fatalf("got %v, want one %s", diags, c.code.ID)
			}
			d := found[0]
			if got := d.Span.Position().Line; got != c.line {
				t.Errorf("line %d, want %d: %v", got, c.line, d)
			}
			all := d.Message + "\n" + d.Inline + "\n" + strings.Join(d.Help, "\n")
			for _, l := range d.Labels {
				all += "\n" + l.Text
			}
			if !strings.Contains(all, c.says) {
				t.Errorf("%q does not say %q", all, c.says)
			}
		})
	}
}

// Under an sqlc.yaml there are no fragments; sqlc has none.
func TestFragmentsAreNotReadUnderSqlcYaml(t *testing.T) {
	diags := compileWith(t, "sqlc.yaml", "", "postgresql", booksSchema, "-- fragment: f\n-- name: A :many\nSELECT id FROM books;\n-- name: B :many\nSELECT sqlc.fragment(f) FROM books;")
	if len(diags) != 1 || diags[0].Code != diag.MacroInvalid {
		t.Errorf("got %v", diags)
	}
}
