package compiler

import (
	"strings"
	"testing"

	"github.com/covetsql/covetsql/compiler/diag"
)

const pagesSchema = `CREATE TABLE authors (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE books (id integer PRIMARY KEY, author_id integer NOT NULL REFERENCES authors (id), title text NOT NULL, price integer, isbn text NOT NULL UNIQUE, weight real NOT NULL);
CREATE TABLE parents (id integer PRIMARY KEY);
CREATE TABLE children (name text) INHERITS (parents);
`

// Three texts come of a query: the first page, one behind a cursor, one before a cursor.
func TestPagesOfAQuery(t *testing.T) {
	for _, c := range []struct{ name, engine, query, want string }{
		{"a condition", "postgresql", "-- paginate: title, id\nSELECT id, title FROM books WHERE author_id = @author OR price > @most", `SELECT id, title FROM books WHERE (author_id = $1 OR price > $2)
ORDER BY title, id
LIMIT $3
;
SELECT id, title FROM books WHERE (author_id = $1 OR price > $2)
  AND (title, id) > ($3, $4)
ORDER BY title, id
LIMIT $5
;
SELECT id, title FROM books WHERE (author_id = $1 OR price > $2)
  AND (title, id) < ($3, $4)
ORDER BY title DESC, id DESC
LIMIT $5`},
		{"no condition", "sqlite", "-- paginate: title desc, id desc\nSELECT * FROM books", `SELECT id, author_id, title, price, isbn, weight FROM books
ORDER BY books.title DESC, books.id DESC
LIMIT ?1
;
SELECT id, author_id, title, price, isbn, weight FROM books
WHERE (books.title, books.id) < (?1, ?2)
ORDER BY books.title DESC, books.id DESC
LIMIT ?3
;
SELECT id, author_id, title, price, isbn, weight FROM books
WHERE (books.title, books.id) > (?1, ?2)
ORDER BY books.title, books.id
LIMIT ?3`},
		{"two directions", "postgresql", "-- paginate: title desc, id\nSELECT b.id, b.title FROM books b JOIN authors a ON a.id = b.author_id WHERE a.name = $1", `SELECT b.id, b.title FROM books b JOIN authors a ON a.id = b.author_id WHERE (a.name = $1)
ORDER BY b.title DESC, b.id
LIMIT $2
;
SELECT b.id, b.title FROM books b JOIN authors a ON a.id = b.author_id WHERE (a.name = $1)
  AND b.title <= $2 AND (b.title < $2 OR b.title = $2 AND b.id > $3)
ORDER BY b.title DESC, b.id
LIMIT $4
;
SELECT b.id, b.title FROM books b JOIN authors a ON a.id = b.author_id WHERE (a.name = $1)
  AND b.title >= $2 AND (b.title > $2 OR b.title = $2 AND b.id < $3)
ORDER BY b.title, b.id DESC
LIMIT $4`},
		{"rows are not compared", "mysql", "-- paginate: title, author_id, id\nSELECT id, title, author_id FROM books WHERE price > ?", `SELECT id, title, author_id FROM books WHERE (price > ?)
ORDER BY title, author_id, id
LIMIT ?
;
SELECT id, title, author_id FROM books WHERE (price > ?)
  AND title >= ? AND (title > ? OR title = ? AND (author_id > ? OR author_id = ? AND id > ?))
ORDER BY title, author_id, id
LIMIT ?
;
SELECT id, title, author_id FROM books WHERE (price > ?)
  AND title <= ? AND (title < ? OR title = ? AND (author_id < ? OR author_id = ? AND id < ?))
ORDER BY title DESC, author_id DESC, id DESC
LIMIT ?`},
		{"one key", "mysql", "-- paginate: id\nSELECT id, title FROM books", `SELECT id, title FROM books
ORDER BY id
LIMIT ?
;
SELECT id, title FROM books
WHERE id > ?
ORDER BY id
LIMIT ?
;
SELECT id, title FROM books
WHERE id < ?
ORDER BY id DESC
LIMIT ?`},
		{"groups", "postgresql", "-- paginate: n desc, author_id\nSELECT author_id, count(*) AS n FROM books GROUP BY author_id", `SELECT author_id, n FROM (
SELECT author_id, count(*) AS n FROM books GROUP BY author_id
) AS page
ORDER BY n DESC, author_id
LIMIT $1
;
SELECT author_id, n FROM (
SELECT author_id, count(*) AS n FROM books GROUP BY author_id
) AS page
WHERE n <= $1 AND (n < $1 OR n = $1 AND author_id > $2)
ORDER BY n DESC, author_id
LIMIT $3
;
SELECT author_id, n FROM (
SELECT author_id, count(*) AS n FROM books GROUP BY author_id
) AS page
WHERE n >= $1 AND (n > $1 OR n = $1 AND author_id < $2)
ORDER BY n, author_id DESC
LIMIT $3`},
		{"a union", "sqlite", "-- paginate: id\nSELECT id FROM books UNION SELECT id FROM authors", `SELECT id FROM (
SELECT id FROM books UNION SELECT id FROM authors
) AS page
ORDER BY id
LIMIT ?1
;
SELECT id FROM (
SELECT id FROM books UNION SELECT id FROM authors
) AS page
WHERE id > ?1
ORDER BY id
LIMIT ?2
;
SELECT id FROM (
SELECT id FROM books UNION SELECT id FROM authors
) AS page
WHERE id < ?1
ORDER BY id DESC
LIMIT ?2`},
		{"an alias that hides a column", "postgresql", "-- paginate: x, id\nSELECT b.id, title AS x, author_id AS title FROM books b", `SELECT id, x, title FROM (
SELECT b.id, title AS x, author_id AS title FROM books b
) AS page
ORDER BY x, id
LIMIT $1
;
SELECT id, x, title FROM (
SELECT b.id, title AS x, author_id AS title FROM books b
) AS page
WHERE (x, id) > ($1, $2)
ORDER BY x, id
LIMIT $3
;
SELECT id, x, title FROM (
SELECT b.id, title AS x, author_id AS title FROM books b
) AS page
WHERE (x, id) < ($1, $2)
ORDER BY x DESC, id DESC
LIMIT $3`},
		{"fragments", "postgresql", "-- paginate: title, id\nSELECT sqlc.fragment(f) FROM books;\n-- fragment: f\nid, title", `SELECT id, title FROM books
ORDER BY title, id
LIMIT $1
;
SELECT id, title FROM books
WHERE (title, id) > ($1, $2)
ORDER BY title, id
LIMIT $3
;
SELECT id, title FROM books
WHERE (title, id) < ($1, $2)
ORDER BY title DESC, id DESC
LIMIT $3`},
		{"a CTE", "sqlite", "-- paginate: id desc\nWITH c AS (SELECT id FROM books WHERE price > ?) SELECT c.id FROM c WHERE c.id > ?", `WITH c AS (SELECT id FROM books WHERE price > ?1) SELECT c.id FROM c WHERE (c.id > ?2)
ORDER BY c.id DESC
LIMIT ?3
;
WITH c AS (SELECT id FROM books WHERE price > ?1) SELECT c.id FROM c WHERE (c.id > ?2)
  AND c.id < ?3
ORDER BY c.id DESC
LIMIT ?4
;
WITH c AS (SELECT id FROM books WHERE price > ?1) SELECT c.id FROM c WHERE (c.id > ?2)
  AND c.id > ?3
ORDER BY c.id
LIMIT ?4`},
		{"optional parts", "postgresql", "-- paginate: title, id\nSELECT id, title FROM books WHERE TRUE\n AND author_id = @author -- :if author\n AND price <= @most -- :if most\n", `SELECT id, title FROM books WHERE ( TRUE
 AND author_id = $1
 AND price <= $2
)
ORDER BY title, id
LIMIT $3
;
SELECT id, title FROM books WHERE ( TRUE
 AND author_id = $1
)
  AND (title, id) > ($2, $3)
ORDER BY title, id
LIMIT $4
;
SELECT id, title FROM books WHERE ( TRUE
 AND author_id = $1
 AND price <= $2
)
  AND (title, id) < ($3, $4)
ORDER BY title DESC, id DESC
LIMIT $5`},
	} {
		t.Run(c.name, func(t *testing.T) {
			schema := pagesSchema
			if c.engine != "postgresql" {
				schema, _, _ = strings.Cut(schema, "CREATE TABLE parents")
				schema = strings.ReplaceAll(strings.ReplaceAll(schema, "text", "varchar(50)"), "real", "float")
			}
			q := compiledQuery(t, c.engine, schema, "-- name: Books :many\n"+c.query+";\n")
			texts := q.Variants.Texts
			if len(texts) == 12 { // two conditions of its own
				texts = []string{texts[3], texts[5], texts[11]}
			}
			if got := strings.Join(texts, "\n;\n"); got != c.want {
				t.Errorf("sent\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// What can not be read page by page is refused, with what to do.
func TestMistakesOfPages(t *testing.T) {
	for _, c := range []struct{ name, query, says string }{
		{"not :many", "-- name: B :one\n-- paginate: id\nSELECT id FROM books", "only a :many"},
		{"no column", "-- name: B :many\n-- paginate: titel, id\nSELECT id, title FROM books", "did you mean title?"},
		{"not selected", "-- name: B :many\n-- paginate: title, id\nSELECT id FROM books", "select what they are sorted by"},
		{"not unique", "-- name: B :many\n-- paginate: title\nSELECT id, title FROM books", "add id"},
		{"not unique in a join", "-- name: B :many\n-- paginate: title, id\nSELECT b.id, b.title, a.id AS author_id FROM books b, authors a", "add author_id"},
		{"NULL", "-- name: B :many\n-- paginate: price, id\nSELECT id, price FROM books", "price may be NULL"},
		{"NULL of a join", "-- name: B :many\n-- paginate: name, id\nSELECT b.id, a.name FROM books b LEFT JOIN authors a ON a.id = b.price", "name may be NULL"},
		{"floating point", "-- name: B :many\n-- paginate: weight, id\nSELECT id, weight FROM books", "paged through by weight"},
		{"an order", "-- name: B :many\n-- paginate: id\nSELECT id FROM books ORDER BY id", "no ORDER BY"},
		{"a limit", "-- name: B :many\n-- paginate: id\nSELECT id FROM books LIMIT 3", "no LIMIT"},
		{"an offset", "-- name: B :many\n-- paginate: id\nSELECT id FROM books OFFSET 3", "no OFFSET"},
		{"a lock", "-- name: B :many\n-- paginate: id\nSELECT id FROM books FOR UPDATE", "no FOR"},
		{"a chosen order", "-- name: B :many\n-- paginate: id\nSELECT id FROM books\nORDER BY id, title -- :order sort\n", "can not be chosen"},
		{"twice", "-- name: B :many\n-- paginate: id, ID\nSELECT id FROM books", "named twice"},
		{"no name", "-- name: B :many\n-- paginate: id,\nSELECT id FROM books", "no column to sort by"},
		{"a word too many", "-- name: B :many\n-- paginate: id descending\nSELECT id FROM books", "no column to sort by"},
		{"two of a name", "-- name: B :many\n-- paginate: id\nSELECT b.id, a.id FROM books b JOIN authors a ON a.id = b.author_id", "two columns"},
		{"a parameter of the page's name", "-- name: B :many\n-- paginate: id\nSELECT id FROM books WHERE id > @after", "give it another"},
		{"embed in groups", "-- name: B :many\n-- paginate: n, k\nSELECT b.id AS k, sqlc.embed(b), count(*) AS n FROM books b GROUP BY b.id", "sqlc.embed"},
		{"a nest", "-- name: B :many\n-- paginate: a.id, b.id\n-- nest: b as Books\nSELECT a.*, b.* FROM authors a JOIN books b ON b.author_id = a.id", "nest"},
		{"two lines", "-- name: B :many\n-- paginate: id\n-- paginate: id desc\nSELECT id FROM books", "twice"},
		{"a flag of the page's name", "-- name: B :many\n-- paginate: id\nSELECT id FROM books WHERE TRUE\nAND id > 1 -- :if before\n", "give it another"},
		{"a set in the list", "-- name: B :many\n-- paginate: id\nSELECT id, generate_series(1, 2) AS n FROM books", "two rows may have the same id"},
		{"a function of rows", "-- name: B :many\n-- paginate: n\nSELECT n FROM generate_series(1, 2) n", "n"},
		{"a child table", "-- name: B :many\n-- paginate: id\nSELECT id FROM parents", "two rows may have the same id"},
		{"a volatile key", "-- name: B :many\n-- paginate: r, id\nSELECT id, (random() * 10)::integer AS r FROM books", "r is computed"},
		{"the time", "-- name: B :many\n-- paginate: age, id\nSELECT id, now() AS age FROM books", "age is computed"},
		{"UNION ALL", "-- name: B :many\n-- paginate: id\nSELECT id FROM books UNION ALL SELECT id FROM authors", "two rows"},
		{"VALUES", "-- name: B :many\n-- paginate: id\nVALUES (1)", "only a SELECT"},
		{"a key of an optional join", "-- name: B :many\n-- paginate: id\nSELECT b.id FROM books b\nJOIN authors a ON TRUE -- :if all\n", "two rows"},
		{"a delete in WITH", "-- name: B :many\n-- paginate: id\nWITH d AS (DELETE FROM books RETURNING id) SELECT id FROM d GROUP BY id", "can not write"},
		{"any of several rows", "-- name: B :many\n-- paginate: id\nSELECT DISTINCT ON (author_id) id, author_id FROM books", "choose the rows in a subquery"},
		{"an update", "-- name: B :many\n-- paginate: id\nUPDATE books SET price = 1 RETURNING id", "only a SELECT"},
	} {
		t.Run(c.name, func(t *testing.T) {
			diags := compileText(t, "postgresql", pagesSchema, c.query+";\n")
			if len(diags) != 1 || diags[0].Code != diag.Paginate {
				t.Fatalf("got %v, want one %s", diags, diag.Paginate.ID)
			}
			if all := diags[0].Message + "\n" + strings.Join(diags[0].Help, "\n"); !strings.Contains(all, c.says) {
				t.Errorf("%q does not say %q", all, c.says)
			}
		})
	}
}

// What DISTINCT ON is about, or decided by it, is the same in any of the rows.
func TestPagesOfDistinctOn(t *testing.T) {
	for _, query := range []string{
		"-- paginate: author_id\nSELECT DISTINCT ON (author_id) id, author_id FROM books",
		"-- paginate: author_id\nSELECT DISTINCT ON (2) id, author_id FROM books",
		"-- paginate: n, author_id\nSELECT DISTINCT ON (author_id) b.id, author_id, a.name AS n FROM books b JOIN authors a ON a.id = b.author_id",
		"-- paginate: id\nSELECT id FROM (SELECT DISTINCT ON (author_id) id, author_id FROM books ORDER BY author_id, title, id) x",
	} {
		compiledQuery(t, "postgresql", pagesSchema, "-- name: B :many\n"+query+";\n")
	}
}

// MySQL sorts a long text by its first bytes, and shows fewer digits of a quotient than it compares.
func TestMySQLsMistakesOfPages(t *testing.T) {
	const schema = "CREATE TABLE books (id bigint PRIMARY KEY, title varchar(500) NOT NULL, body text NOT NULL, name varchar(255) NOT NULL," +
		" price decimal(10,2) NOT NULL, mood enum('b', 'a') NOT NULL, seen tinyint(1) NOT NULL, weight float NOT NULL);\n"
	for _, c := range []struct{ query, says string }{
		{"-- paginate: title, id\nSELECT id, title FROM books", "more than 255"},
		{"-- paginate: body, id\nSELECT id, body FROM books", "by body"},
		{"-- paginate: n, id\nSELECT id, coalesce(name, '') AS n FROM books", "more than 255"},
		{"-- paginate: third, id\nSELECT id, price / 3 AS third FROM books", "by third"},
		{"-- paginate: mood, id\nSELECT id, mood FROM books", "by mood"},
		{"-- paginate: seen, id\nSELECT id, seen FROM books", "by seen"},
		{"-- paginate: weight, id\nSELECT id, weight FROM books", "by weight"},
	} {
		diags := compileText(t, "mysql", schema, "-- name: B :many\n"+c.query+";\n")
		if len(diags) != 1 || diags[0].Code != diag.Paginate || !strings.Contains(diags[0].Message, c.says) {
			t.Errorf("%s: %v", c.query, diags)
		}
	}
	q := compiledQuery(t, "mysql", schema, "-- name: B :many\n-- paginate: price, name, id\nSELECT * FROM books;\n")
	if !strings.Contains(q.Variants.Texts[1], "price >= CAST(? AS DECIMAL(10,2))") {
		t.Error(q.Variants.Texts[1])
	}
}
